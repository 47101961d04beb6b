package neo4jstore

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// settle is how long after its revision has been seen the changes of a
// transaction are looked at: the database shows what is committed bit by bit.
const settle = 30 * time.Millisecond

// Project streams an extract within one transaction. Keys are the database's
// own, which hold as long as that lasts.
func (s *Store) Project(ctx context.Context, x store.Extract, rows store.Rows) (revision int64, err error) {
	err = s.streaming(ctx, func(ctx context.Context, tx neo4j.ExplicitTransaction, idle *time.Timer) error {
		if revision, err = presentRevision(ctx, tx); err != nil {
			return err
		}
		if err := pause(ctx, settle); err != nil {
			return err
		}
		for k := range x.Nodes {
			if err := projectNodes(ctx, tx, idle, x.Nodes[k], func(key int64, id string, values []any) error { return rows.Node(k, key, id, values) }); err != nil {
				return err
			}
		}
		for k, r := range x.Links {
			for _, source := range x.Sources(k) {
				if err := projectLinks(ctx, tx, idle, r, source, func(from, to int64) error { return rows.Link(k, from, to) }); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return revision, err
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

func projectNodes(ctx context.Context, tx neo4j.ExplicitTransaction, idle *time.Timer, c store.NodeColumns, yield func(key int64, id string, values []any) error) error {
	text := fmt.Sprintf("MATCH (n:%s) RETURN id(n), n.id%s", quote(c.Type.Name), values(c))
	return stream(ctx, tx, text, nil, func(values []any) error {
		idle.Reset(idleTimeout)
		key, _ := values[0].(int64)
		id, _ := values[1].(string)
		props, err := properties(c, values[2:])
		if err != nil {
			return err
		}
		return yield(key, original(id), props)
	})
}

// shownByDefault writes the condition that a relationship is shown by default.
func shownByDefault(r *catalog.Relationship) string {
	if r.Status == nil {
		return ""
	}
	return fmt.Sprintf(" WHERE coalesce(e.%s, $current) = $current", quote(r.Status.Name))
}

// projectLinks streams the relationships that leave nodes of a type, as one
// record for each node: a record for each relationship takes twice as long.
func projectLinks(ctx context.Context, tx neo4j.ExplicitTransaction, idle *time.Timer, r *catalog.Relationship, from *catalog.Type, yield func(from, to int64) error) error {
	text := fmt.Sprintf("MATCH (a:%s) RETURN id(a), COLLECT { MATCH (a)-[e:%s]->(b)%s RETURN id(b) }", quote(from.Name), quote(r.Name), shownByDefault(r))
	return stream(ctx, tx, text, map[string]any{"current": store.Current}, func(values []any) error {
		idle.Reset(idleTimeout)
		a, _ := values[0].(int64)
		ends, _ := values[1].([]any)
		for _, end := range ends {
			b, _ := end.(int64)
			if err := yield(a, b); err != nil {
				return err
			}
		}
		return nil
	})
}

// Follow streams what has changed, and again what changes meanwhile, until
// nothing does: then what it has told last is of one revision.
func (s *Store) Follow(ctx context.Context, since int64, x store.Extract, changes store.Changes) (revision int64, err error) {
	value, err := s.query(ctx, store.Statement{Text: revisionText, Args: []any{metaName}})
	if err != nil || value == since {
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
RETURN p, EXISTS { MATCH (a)-[e:%s]->(b)%s }`, quote(e.From.Name), quote(e.To.Name), quote(r.Name), shownByDefault(r))
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
		quote(f.Of.Name), quote(f.Link.Name), quote(f.To.Name), shownByDefault(f.Link))
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
