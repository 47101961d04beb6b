package neo4jstore

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// readRanks reads the ranks of all sources.
func (b *batch) readRanks(ctx context.Context, tx neo4j.ExplicitTransaction) (store.Ranks, error) {
	p := b.catalog.Precedence
	if p == nil {
		return nil, nil
	}
	found, err := list(ctx, tx, fmt.Sprintf("MATCH (n:%s) WHERE n.%s IS NOT NULL OR n.%s IS NOT NULL RETURN collect([n.id, n.%[2]s, n.%[3]s])", quote(p.Type.Name), quote(p.Number.Name), quote(p.Date.Name)))
	if err != nil {
		return nil, err
	}
	out := store.Ranks{}
	for _, v := range found {
		values, ok := v.([]any)
		if !ok || len(values) != 3 {
			return nil, fmt.Errorf("a source is read as %T", v)
		}
		id, _ := values[0].(string)
		out[original(id)] = store.RankOf(values[1], values[2])
	}
	return out, nil
}

// ranks returns the ranks of all sources after the changes.
func (b *batch) ranks() store.Ranks {
	p := b.catalog.Precedence
	out := maps.Clone(b.merger.Ranks)
	for _, id := range b.order.nodes {
		if b.catalog.TypeOfID(id) != p.Type {
			continue
		}
		delete(out, id)
		n := b.nodes[id].now
		if n == nil {
			continue
		}
		if number, date := n.Properties[p.Number.Name], n.Properties[p.Date.Name]; number != nil || date != nil {
			out[id] = store.RankOf(number, date)
		}
	}
	return out
}

// rank shows anew what records disagree about, when the ranks of sources have
// changed.
func (b *batch) rank(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	if b.catalog.Precedence == nil {
		return nil
	}
	ranks := b.ranks()
	if maps.Equal(ranks, b.merger.Ranks) {
		return nil
	}
	b.merger.Ranks = ranks
	if err := b.readDisputed(ctx, tx); err != nil {
		return err
	}
	unchanged := b.done.Unchanged
	for _, id := range slices.Sorted(maps.Keys(b.nodes)) {
		if n := b.nodes[id].now; n != nil && disputed(n.Records) {
			if err := b.putNode(kg.Change{Node: n}); err != nil {
				return err
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b.rels)) {
		if r := b.rels[id].now; r != nil && disputed(r.Records) {
			b.changeRelationship(kg.Change{Relationship: r})
		}
	}
	b.done.Unchanged = unchanged
	return nil
}

func disputed(records []kg.Record) bool {
	return slices.ContainsFunc(records, func(r kg.Record) bool { return len(r.Overridden) > 0 })
}

// readDisputed reads what records disagree about, of all that the changes do not
// touch.
func (b *batch) readDisputed(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	nodes, err := list(ctx, tx, fmt.Sprintf("MATCH (n) WHERE n.%s IS NOT NULL RETURN collect(properties(n))", quote(catalog.Disagreements)))
	if err != nil {
		return err
	}
	for _, v := range nodes {
		stored, _ := v.(map[string]any)
		id, _ := stored["id"].(string)
		id = original(id)
		if b.nodes[id] != nil {
			continue
		}
		n, err := decodeNode(b.catalog.TypeOfID(id), stored)
		if err != nil {
			return err
		}
		b.nodes[id] = &state[kg.Node]{stored: n, now: n}
		for _, id := range append(n.FormerIDs, n.ID) {
			b.ids[id] = n.ID
		}
	}
	rels, err := list(ctx, tx, fmt.Sprintf("MATCH (a)-[e]->(b) WHERE e.%s IS NOT NULL RETURN collect([type(e), a.id, b.id, properties(e)])", quote(catalog.Disagreements)))
	if err != nil {
		return err
	}
	return b.foundAll(rels)
}
