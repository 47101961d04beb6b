package neo4jstore

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"golang.org/x/sync/errgroup"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// settle is how long after its revision has been seen the changes of a
// transaction are looked at: the database shows what is committed bit by bit.
const settle = 30 * time.Millisecond

// Project reads an extract chunk by chunk: who has written meanwhile is told of by
// Follow, which reads again what changed after the revision. Keys are the
// database's own. Where that gives one to another node, the log names both.
func (s *Store) Project(ctx context.Context, x store.Extract, rows store.Rows) (revision int64, err error) {
	if revision, err = s.revision(ctx); err != nil {
		return 0, err
	}
	if err := pause(ctx, settle); err != nil {
		return 0, err
	}
	if err := s.projectNodes(ctx, x, rows.Node); err != nil {
		return 0, err
	}
	return revision, s.projectLinks(ctx, x, rows.Link)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// revisionText asks for the revision of the graph.
const revisionText = "OPTIONAL MATCH (m:" + metaLabel + " {name: $p1}) RETURN coalesce(m.revision, 0)"

func (s *Store) revision(ctx context.Context) (int64, error) {
	value, err := s.query(ctx, store.Statement{Text: revisionText, Args: []any{metaName}})
	revision, _ := value.(int64)
	return revision, err
}

func presentRevision(ctx context.Context, tx neo4j.ExplicitTransaction) (int64, error) {
	values, err := one(ctx, tx, revisionText, metaName)
	if err != nil || len(values) == 0 {
		return 0, err
	}
	revision, _ := values[0].(int64)
	return revision, nil
}

// values writes the columns of the node n behind others.
func values(c store.NodeColumns) string {
	var b strings.Builder
	for _, p := range c.Properties {
		b.WriteString(", n." + quote(p.Name))
	}
	return b.String()
}

// property returns a stored value as kg.Properties has it.
func property(p *catalog.Property, v any) (any, error) {
	switch v := v.(type) {
	case []any:
		return texts(v)
	case string:
		if p.Kind == catalog.Embed {
			return kg.JSON(v), nil
		}
	}
	return v, nil
}

// properties returns stored values as kg.Properties has them, in their place.
func properties(c store.NodeColumns, values []any) (_ []any, err error) {
	for i, p := range c.Properties {
		if values[i], err = property(p, values[i]); err != nil {
			return nil, fmt.Errorf("stored %s: %w", p.Name, err)
		}
	}
	return values, nil
}

// chunk is how many nodes one statement reads, and gives away as one record: a
// record for each takes five times as long.
const chunk = 10_000

// chunks reads all nodes of some types, of several types side by side and each in
// the order of ids, and calls take with what is read of each node, one at a time.
// A text begins with the nodes of a chunk, see chunkOf, and ends in a list of lists
// that begin with the stored id.
func (s *Store) chunks(ctx context.Context, texts []string, take func(i int, values []any) error) error {
	var taking sync.Mutex
	readers, ctx := errgroup.WithContext(ctx)
	readers.SetLimit(runtime.GOMAXPROCS(0))
	for i, text := range texts {
		readers.Go(func() error {
			for last, n := any(""), chunk; n == chunk; {
				value, err := s.query(ctx, store.Statement{Text: text, Args: []any{last, chunk, store.Current}})
				if err != nil {
					return err
				}
				nodes, _ := value.([]any)
				taking.Lock()
				for _, node := range nodes {
					values, _ := node.([]any)
					if err = take(i, values); err != nil {
						break
					}
					last = values[0]
				}
				taking.Unlock()
				if err != nil {
					return err
				}
				n = len(nodes)
			}
			return nil
		})
	}
	return readers.Wait()
}

// chunkOf writes the nodes n of a chunk: parameters are the last id of the one
// before, how many, and the status that is shown by default.
func chunkOf(t *catalog.Type) string {
	return fmt.Sprintf("MATCH (n:%s) USING INDEX n:%[1]s(id) WHERE n.id > $p1 WITH n ORDER BY n.id LIMIT $p2\n", quote(t.Name))
}

func (s *Store) projectNodes(ctx context.Context, x store.Extract, yield func(kind int, key int64, id string, values []any) error) error {
	var texts []string
	for _, c := range x.Nodes {
		texts = append(texts, chunkOf(c.Type)+fmt.Sprintf("RETURN collect([n.id, id(n)%s])", values(c)))
	}
	return s.chunks(ctx, texts, func(kind int, values []any) error {
		id, _ := values[0].(string)
		key, _ := values[1].(int64)
		props, err := properties(x.Nodes[kind], values[2:])
		if err != nil {
			return err
		}
		return yield(kind, key, original(id), props)
	})
}

// shownByDefault writes the condition that a relationship is shown by default, with
// the parameter that has the status which is.
func shownByDefault(r *catalog.Relationship, current string) string {
	if r.Status == nil {
		return ""
	}
	return fmt.Sprintf(" WHERE coalesce(e.%s, %s) = %[2]s", quote(r.Status.Name), current)
}

// projectLinks reads the nodes that relationships leave, with the ends of all that
// leave them.
func (s *Store) projectLinks(ctx context.Context, x store.Extract, yield func(kind int, from, to int64) error) error {
	var texts []string
	var kinds [][]int // of the relationships that leave nodes of each
	for _, c := range x.Nodes {
		text, list := chunkOf(c.Type)+"WITH n", "n.id, id(n)"
		var leave []int
		for k, r := range x.Links {
			if slices.Contains(x.Sources(k), c.Type) {
				text += fmt.Sprintf(", COLLECT { MATCH (n)-[e:%s]->(o)%s RETURN id(o) } AS l%d", quote(r.Name), shownByDefault(r, "$p3"), k)
				list += fmt.Sprintf(", l%d", k)
				leave = append(leave, k)
			}
		}
		if len(leave) > 0 {
			texts, kinds = append(texts, text+fmt.Sprintf("\nRETURN collect([%s])", list)), append(kinds, leave)
		}
	}
	return s.chunks(ctx, texts, func(i int, values []any) error {
		from, _ := values[1].(int64)
		for j, k := range kinds[i] {
			ends, _ := values[2+j].([]any)
			for _, end := range ends {
				to, _ := end.(int64)
				if err := yield(k, from, to); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Follow streams what has changed, and again what changes meanwhile, until
// nothing does: then what it has told last is of one revision.
func (s *Store) Follow(ctx context.Context, since int64, x store.Extract, changes store.Changes) (revision int64, err error) {
	if present, err := s.revision(ctx); err != nil || present == since {
		return since, err
	}
	revision = since
	err = s.streaming(ctx, func(ctx context.Context, tx neo4j.ExplicitTransaction, idle *time.Timer) error {
		log := store.Log{Revision: since}
		for {
			present, err := presentRevision(ctx, tx)
			if err != nil || present == log.Revision {
				revision = present
				return err
			}
			if err := pause(ctx, settle); err != nil {
				return err
			}
			if err := readLog(ctx, tx, present, &log); err != nil {
				return err
			}
			changed := x.Changed(s.catalog, log)
			for k, ids := range changed.Nodes {
				if err := followNodes(ctx, tx, k, x.Nodes[k], ids, changes.Node); err != nil {
					return err
				}
			}
			for k, pairs := range changed.Links {
				if err := s.followLinks(ctx, tx, k, x.Links[k], pairs, changes.Link); err != nil {
					return err
				}
			}
			idle.Reset(idleTimeout)
		}
	})
	return revision, err
}

// readLog adds the entries up to a revision, or fails with store.ErrGap.
func readLog(ctx context.Context, tx neo4j.ExplicitTransaction, present int64, log *store.Log) error {
	text := fmt.Sprintf("MATCH (c:%s) USING INDEX c:%[1]s(revision) WHERE $p1 < c.revision <= $p2 RETURN c.revision, c.nodes, c.relationships ORDER BY c.revision", changeLabel)
	err := stream(ctx, tx, text, parameters([]any{log.Revision, present}), func(values []any) error {
		var ids [2][]string
		for i := range ids {
			list, _ := values[i+1].([]any)
			var err error
			if ids[i], err = texts(list); err != nil {
				return err
			}
		}
		revision, _ := values[0].(int64)
		return log.Add(revision, ids[0], ids[1])
	})
	if err == nil && log.Revision != present {
		return store.ErrGap
	}
	return err
}

func followNodes(ctx context.Context, tx neo4j.ExplicitTransaction, kind int, c store.NodeColumns, ids []string, yield func(kind int, id string, there bool, values []any) error) error {
	if len(ids) == 0 {
		return nil
	}
	text := fmt.Sprintf("UNWIND $p1 AS id OPTIONAL MATCH (n:%s {id: id}) USING INDEX SEEK n:%[1]s(id) RETURN id, n IS NOT NULL%s", quote(c.Type.Name), values(c))
	return stream(ctx, tx, text, parameters([]any{sortables(ids)}), func(values []any) error {
		id, _ := values[0].(string)
		there, _ := values[1].(bool)
		props, err := properties(c, values[2:])
		if err != nil {
			return err
		}
		return yield(kind, original(id), there, props)
	})
}

func (s *Store) followLinks(ctx context.Context, tx neo4j.ExplicitTransaction, kind int, r *catalog.Relationship, pairs [][2]string, yield func(kind int, from, to string, there bool) error) error {
	byEnds := map[catalog.Ends][]any{}
	for _, p := range pairs {
		e := catalog.Ends{From: s.catalog.TypeOfID(p[0]), To: s.catalog.TypeOfID(p[1])}
		byEnds[e] = append(byEnds[e], sortables(p[:]))
	}
	for _, e := range r.Ends {
		if len(byEnds[e]) == 0 {
			continue
		}
		text := fmt.Sprintf(`UNWIND $pairs AS p
OPTIONAL MATCH (a:%s {id: p[0]}) USING INDEX SEEK a:%[1]s(id)
OPTIONAL MATCH (b:%s {id: p[1]}) USING INDEX SEEK b:%[2]s(id)
RETURN p, EXISTS { MATCH (a)-[e:%s]->(b)%s }`, quote(e.From.Name), quote(e.To.Name), quote(r.Name), shownByDefault(r, "$current"))
		err := stream(ctx, tx, text, map[string]any{"pairs": byEnds[e], "current": store.Current}, func(values []any) error {
			pair, _ := values[0].([]any)
			ids, err := texts(pair)
			if err != nil || len(ids) != 2 {
				return fmt.Errorf("ends of a relationship are read as %v", pair)
			}
			there, _ := values[1].(bool)
			return yield(kind, original(ids[0]), original(ids[1]), there)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Neighbours streams neighbours within one transaction, a statement for each
// frontier, and looks whether the graph has changed meanwhile.
func (s *Store) Neighbours(ctx context.Context, revision int64, frontiers []store.Frontier, yield func(frontier, node int, neighbour string) error) error {
	return s.streaming(ctx, func(ctx context.Context, tx neo4j.ExplicitTransaction, idle *time.Timer) error {
		if err := at(ctx, tx, revision); err != nil {
			return err
		}
		for i, f := range frontiers {
			idle.Reset(idleTimeout)
			if err := neighbours(ctx, tx, f, func(node int, neighbour string) error { return yield(i, node, neighbour) }); err != nil {
				return err
			}
		}
		if err := pause(ctx, settle); err != nil {
			return err
		}
		return at(ctx, tx, revision)
	})
}

// at fails with ErrMoved when the graph is of another revision.
func at(ctx context.Context, tx neo4j.ExplicitTransaction, revision int64) error {
	present, err := presentRevision(ctx, tx)
	if err == nil && present != revision {
		err = store.ErrMoved
	}
	return err
}

func neighbours(ctx context.Context, tx neo4j.ExplicitTransaction, f store.Frontier, yield func(node int, neighbour string) error) error {
	pattern := "(a)-[e:%s]->(b:%s)"
	if f.In {
		pattern = "(a)<-[e:%s]-(b:%s)"
	}
	nodes := make([]any, len(f.IDs))
	for i, id := range sortables(f.IDs) {
		nodes[i] = []any{i, id}
	}
	text := fmt.Sprintf("UNWIND $nodes AS n MATCH (a:%s {id: n[1]}) USING INDEX SEEK a:%[1]s(id) RETURN n[0], COLLECT { MATCH "+pattern+"%[4]s RETURN b.id }",
		quote(f.Of.Name), quote(f.Link.Name), quote(f.To.Name), shownByDefault(f.Link, "$current"))
	return stream(ctx, tx, text, map[string]any{"nodes": nodes, "current": store.Current}, func(values []any) error {
		node, _ := values[0].(int64)
		list, _ := values[1].([]any)
		ids, err := texts(list)
		for i := 0; i < len(ids) && err == nil; i++ {
			err = yield(int(node), original(ids[i]))
		}
		return err
	})
}
