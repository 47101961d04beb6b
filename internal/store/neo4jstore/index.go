package neo4jstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// searched returns what is stored of a node so that searches find it.
func searched(t *catalog.Type, n *kg.Node, relationships int64) map[string]any {
	prominence, tokens := store.Prominence(t, relationships), store.Tokens(t, n.Properties)
	return map[string]any{tokensProperty: tokensText(tokens, prominence), prominenceProperty: prominence, rankProperty: rankText(tokens, prominence, n.ID)}
}

// relationships writes how many relationships the node n of a type has.
func relationships(t *catalog.Type) string {
	counts := []string{"0"}
	for _, f := range t.Fields {
		counts = append(counts, "coalesce(n."+quote(f.Degree())+", 0)")
	}
	return strings.Join(counts, " + ")
}

// index brings what is searched up to date for nodes that were there: those that
// have changed, and those whose degrees have. New nodes are written with it.
func (b *batch) index(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	touched := map[*catalog.Type]map[string]*kg.Node{} // nil where only degrees have changed
	touch := func(t *catalog.Type, id string, n *kg.Node) {
		if touched[t] == nil {
			touched[t] = map[string]*kg.Node{}
		}
		touched[t][id] = n
	}
	for f, deltas := range b.degrees {
		for id, n := range deltas {
			if n != 0 {
				touch(f.Owner, id, nil)
			}
		}
	}
	for _, id := range b.order.nodes {
		if st := b.nodes[id]; st.stored != nil && st.now != nil {
			touch(b.catalog.Type(st.now.Type), id, st.now)
		}
	}
	for t, nodes := range touched {
		if t.Search == nil {
			continue
		}
		ids := make([]string, 0, len(nodes))
		for id := range nodes {
			ids = append(ids, sortable(id))
		}
		found, err := list(ctx, tx, fmt.Sprintf("UNWIND $p1 AS id MATCH (n:%s {id: id}) USING INDEX SEEK n:%[1]s(id) RETURN collect([n.id, n.%s, %s])",
			quote(t.Name), quote(prominenceProperty), relationships(t)), ids)
		if err != nil {
			return err
		}
		if err := indexNodes(ctx, tx, t, nodes, found); err != nil {
			return err
		}
	}
	return nil
}

// indexNodes writes what is searched of nodes, of which their id, prominence and
// number of relationships have been found.
func indexNodes(ctx context.Context, tx neo4j.ExplicitTransaction, t *catalog.Type, nodes map[string]*kg.Node, found []any) error {
	var changed, moved []any
	for _, v := range found {
		row, _ := v.([]any)
		id, _ := row[0].(string)
		was, _ := row[1].(int64)
		count, _ := row[2].(int64)
		if n := nodes[original(id)]; n != nil {
			changed = append(changed, []any{id, searched(t, n, count)})
		} else if is := store.Prominence(t, count); is != was {
			moved = append(moved, []any{id, is, " " + bucket(was) + " ", " " + bucket(is) + " ", place(is)})
		}
	}
	match := fmt.Sprintf("UNWIND $p1 AS r MATCH (n:%s {id: r[0]}) USING INDEX SEEK n:%[1]s(id) ", quote(t.Name))
	if len(changed) > 0 {
		if _, err := one(ctx, tx, match+"SET n += r[1]", changed); err != nil {
			return err
		}
	}
	if len(moved) > 0 {
		text := fmt.Sprintf("SET n.%s = r[1], n.%s = replace(n.%[2]s, r[2], r[3]), n.%s = r[4] + substring(n.%[3]s, %d)",
			quote(prominenceProperty), quote(tokensProperty), quote(rankProperty), placeLength)
		if _, err := one(ctx, tx, match+text, moved); err != nil {
			return err
		}
	}
	return nil
}

// indexAll indexes all nodes anew, some at a time.
func (s *Store) indexAll(ctx context.Context) error {
	for _, t := range s.catalog.Searched() {
		for last, more := "", true; more; {
			err := s.transact(ctx, func(ctx context.Context, tx neo4j.ExplicitTransaction) (bool, error) {
				found, err := list(ctx, tx, fmt.Sprintf("MATCH (n:%s) WHERE n.id > $p1 WITH n ORDER BY n.id LIMIT $p2 RETURN collect([n.id, n.%s, %s, properties(n)])",
					quote(t.Name), quote(prominenceProperty), relationships(t)), last, fillBatch)
				if more = len(found) == fillBatch; err != nil || len(found) == 0 {
					return false, err
				}
				nodes := map[string]*kg.Node{}
				for _, v := range found {
					row, _ := v.([]any)
					last, _ = row[0].(string)
					stored, _ := row[3].(map[string]any)
					n, err := decodeNode(t, stored)
					if err != nil {
						return false, err
					}
					nodes[n.ID] = n
				}
				return true, indexNodes(ctx, tx, t, nodes, found)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
