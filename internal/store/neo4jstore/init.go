package neo4jstore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

const (
	// buildTimeout bounds the building of indexes over a graph that is there.
	buildTimeout = time.Hour
	// fillBatch is how many nodes of an older model are brought up to date in
	// one transaction.
	fillBatch = 5000
)

// Init makes constraints and indexes that are missing, waits until they serve,
// and notes which model the database holds. It brings nodes of an older model
// up to date and refuses a model that is not extended by this one.
func (s *Store) Init(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	meta, err := s.meta(ctx)
	if err != nil {
		return err
	}
	if err := s.define(ctx); err != nil {
		return err
	}
	if meta.hash == s.catalog.Hash {
		return nil
	}
	if meta.model != "" {
		if err := s.fill(ctx, meta.model); err != nil {
			return err
		}
	}
	return s.transact(ctx, func(ctx context.Context, tx neo4j.ExplicitTransaction) (bool, error) {
		_, err := one(ctx, tx, fmt.Sprintf("MERGE (m:%s {name: $p1}) SET m.format = $p2, m.catalog = $p3, m.model = $p4, m.revision = coalesce(m.revision, 0)", metaLabel),
			metaName, FormatVersion, s.catalog.Hash, s.catalog.String())
		return true, err
	})
}

// meta is what a database says of itself; all of it is empty before Init.
type meta struct {
	format      int64
	hash, model string
}

// meta reads what the database holds and refuses what this program cannot
// serve.
func (s *Store) meta(ctx context.Context) (m meta, err error) {
	value, err := s.query(ctx, store.Statement{
		Text: fmt.Sprintf("OPTIONAL MATCH (m:%s {name: $p1}) RETURN [m.format, m.catalog, m.model] AS a", metaLabel),
		Args: []any{metaName},
	})
	if err != nil {
		return m, err
	}
	if l, ok := value.([]any); ok && len(l) == 3 {
		m.format, _ = l[0].(int64)
		m.hash, _ = l[1].(string)
		m.model, _ = l[2].(string)
	}
	switch {
	case m.format != 0 && m.format != FormatVersion:
		return m, fmt.Errorf("the database has format %d and this program knows format %d: use a newer maillage, or export it there and import it here", m.format, FormatVersion)
	case m.hash != s.catalog.Hash && m.model != "":
		if gone := catalog.Missing(m.model, s.catalog.String()); gone != "" {
			return m, fmt.Errorf("the database holds a model that this program does not extend (%s): export it with the program that made it, then import it here", gone)
		}
	}
	return m, nil
}

// define makes the constraints and indexes that the database lacks.
func (s *Store) define(ctx context.Context) error {
	value, err := s.query(ctx, store.Statement{Text: "SHOW INDEXES YIELD name, state RETURN [collect(name), count(CASE WHEN state <> 'ONLINE' THEN 1 END)] AS a"})
	if err != nil {
		return err
	}
	have, building := map[string]bool{}, false
	if l, ok := value.([]any); ok && len(l) == 2 {
		names, _ := l[0].([]any)
		for _, n := range names {
			name, _ := n.(string)
			have[name] = true
		}
		building = l[1] != int64(0)
	}
	if err := s.dropSearchIndexes(ctx, have); err != nil {
		return err
	}
	for _, defs := range [][]definition{constraints(s.catalog), indexes(s.catalog)} {
		defs = slices.DeleteFunc(defs, func(d definition) bool { return have[d.name] })
		if len(defs) == 0 {
			continue
		}
		building = true
		err := s.transact(ctx, func(ctx context.Context, tx neo4j.ExplicitTransaction) (bool, error) {
			for _, d := range defs {
				if _, err := one(ctx, tx, d.text); err != nil {
					return false, fmt.Errorf("%s: %w", d.name, err)
				}
			}
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	if !building {
		return nil
	}
	return s.try(ctx, neo4j.AccessModeRead, func(ctx context.Context, session neo4j.SessionWithContext) error {
		result, err := session.Run(ctx, "CALL db.awaitIndexes($p1)", parameters([]any{int64(buildTimeout.Seconds())}), remaining(ctx))
		if err != nil {
			return err
		}
		_, err = result.Consume(ctx)
		return err
	})
}

// dropSearchIndexes drops full-text indexes of older models.
func (s *Store) dropSearchIndexes(ctx context.Context, have map[string]bool) error {
	current, _ := searchIndex(s.catalog)
	for name := range have {
		if !strings.HasPrefix(name, searchIndexes) || name == current.name {
			continue
		}
		err := s.transact(ctx, func(ctx context.Context, tx neo4j.ExplicitTransaction) (bool, error) {
			_, err := one(ctx, tx, "DROP INDEX "+quote(name)+" IF EXISTS")
			return true, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fill brings what an older model has made up to date: sort keys of absent
// values, counts of relationships that were not counted, and what is searched.
func (s *Store) fill(ctx context.Context, old string) error {
	had := words(old)
	isNew := func(in, name string) bool {
		ws, there := had[in]
		return there && !slices.ContainsFunc(ws, func(w string) bool { return strings.HasPrefix(w, name+":") })
	}
	keys := func(in, pattern string, props []*catalog.Property) error {
		for _, p := range props {
			if p.Index && isNew(in, p.Name) {
				if err := s.fillBatches(ctx, pattern, store.ColumnName(p, plan.Key), "$p2", sortableValue(store.Greatest(p.Kind))); err != nil {
					return err
				}
			}
		}
		return nil
	}
	beside := func(in string, pattern func(string) string, props []*catalog.Property) error {
		for _, p := range props {
			if p.Point() && isNew(in, store.ColumnName(p, plan.X)) {
				if err := s.amend(ctx, pattern, p, "", axesOf(p)); err != nil {
					return err
				}
			}
			for _, f := range p.Comparable() {
				if len(f.Enum) > 0 && isNew(in, besideName(p, f)) {
					if err := s.amend(ctx, pattern, p, `"`+f.Name+`":`, comparedOf(p)); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}
	for _, t := range s.catalog.Types {
		in, of := "type "+t.Name, func(more string) string { return "(x:" + quote(t.Name) + more + ")" }
		pattern := of("")
		if err := beside(in, of, t.Properties); err != nil {
			return err
		}
		if err := keys(in, pattern, t.Properties); err != nil {
			return err
		}
		for _, f := range t.Fields {
			if isNew(in, f.Name) {
				if err := s.fillBatches(ctx, pattern, f.Degree(), countOf(f), store.Current); err != nil {
					return err
				}
			}
		}
	}
	if err := s.indexAll(ctx); err != nil {
		return err
	}
	for _, r := range s.catalog.Relationships {
		in, of := "relationship "+r.Name, func(more string) string { return "()-[x:" + quote(r.Name) + more + "]->()" }
		if err := keys(in, of(""), r.Properties); err != nil {
			return err
		}
		if err := beside(in, of, r.Properties); err != nil {
			return err
		}
	}
	return nil
}

// countOf writes how many relationships of a field the node x has by default.
func countOf(f *catalog.RelationshipField) string {
	text := "COUNT { MATCH " + pattern(f, "x", "e", "m:"+quote(f.Target.Name))
	if st := f.Relationship.Status; st != nil {
		text += fmt.Sprintf(" WHERE coalesce(e.%s, $p2) = $p2", quote(st.Name))
	}
	return text + " }"
}

// fillBatches sets a property where it is absent, some at a time.
func (s *Store) fillBatches(ctx context.Context, pattern, property, expr string, arg any) error {
	text := fmt.Sprintf("MATCH %s WHERE x.%s IS NULL WITH x LIMIT $p1 SET x.%[2]s = %s RETURN count(*)", pattern, quote(property), expr)
	for filled := int64(fillBatch); filled == fillBatch; {
		err := s.transact(ctx, func(ctx context.Context, tx neo4j.ExplicitTransaction) (bool, error) {
			values, err := one(ctx, tx, text, fillBatch, arg)
			if len(values) == 1 {
				filled, _ = values[0].(int64)
			}
			return true, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// amend fills what is kept beside a property that holds JSON, where that has a
// text in it. The pattern is of the nodes or relationships, with what tells one
// from the others.
func (s *Store) amend(ctx context.Context, pattern func(string) string, p *catalog.Property, having string, beside func(kg.JSON) (map[string]any, error)) error {
	value, err := s.query(ctx, store.Statement{
		Text: fmt.Sprintf("MATCH %s WHERE x.%s CONTAINS $p1 RETURN collect([x.id, x.%[2]s]) AS a", pattern(""), quote(p.Name)), Args: []any{having},
	})
	if err != nil {
		return err
	}
	found, _ := value.([]any)
	for batch := range slices.Chunk(found, fillBatch) {
		rows := make([]any, 0, len(batch))
		for _, v := range batch {
			pair, _ := v.([]any)
			text, _ := pair[1].(string)
			props, err := beside(kg.JSON(text))
			if err != nil {
				return err
			}
			rows = append(rows, []any{pair[0], props})
		}
		err := s.transact(ctx, func(ctx context.Context, tx neo4j.ExplicitTransaction) (bool, error) {
			_, err := one(ctx, tx, fmt.Sprintf("UNWIND $p1 AS r MATCH %s SET x += r[1]", pattern(" {id: r[0]}")), rows)
			return true, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// axesOf returns what is kept beside a point.
func axesOf(p *catalog.Property) func(kg.JSON) (map[string]any, error) {
	return func(text kg.JSON) (map[string]any, error) {
		out := map[string]any{}
		for _, c := range store.Columns(p) {
			if c.Part >= plan.X {
				out[c.Name] = c.Value(text)
			}
		}
		return out, nil
	}
}

// comparedOf returns what is kept beside stored objects.
func comparedOf(p *catalog.Property) func(kg.JSON) (map[string]any, error) {
	return func(text kg.JSON) (map[string]any, error) {
		out := map[string]any{}
		err := encodeBeside(out, p, text)
		return out, err
	}
}

// words returns what each type and relationship of a model has, by kind and
// name: "name:String@index" and the like.
func words(model string) map[string][]string {
	out := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(model), "\n") {
		ws := strings.Fields(line)
		out[ws[0]+" "+ws[1]] = ws[2:]
	}
	return out
}
