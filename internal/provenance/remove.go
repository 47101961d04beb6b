package provenance

import (
	"context"
	"maps"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// Removal is what becomes of a graph when a source is taken away.
type Removal struct {
	Nodes, Relationships int // that go, apart from relationships that go with their nodes
	Restored             int // nodes and relationships that stay, without what only it stated
	changes              []kg.Change
}

// Remove finds what taking a source away changes. Of its records nothing stays,
// and values that they overrode are shown again. A node or relationship goes when
// no other record and no edit speaks of it; a node stays, bare, as long as a
// relationship that stays needs it. Claims that only this source makes go with it,
// and so does the source, unless another one describes it. Nothing is changed
// before Apply.
func Remove(ctx context.Context, c *catalog.Catalog, s store.Store, source string) (*Removal, error) {
	r := &remover{
		catalog: c, source: source,
		orphans: map[string]kg.Change{}, restored: map[string]kg.Change{}, mine: map[string]bool{}, others: map[string]bool{},
	}
	if err := s.Scan(ctx, r.look); err != nil {
		return nil, err
	}
	return r.removal(), nil
}

// Apply takes the source away. It is interrupted without harm: doing it again
// goes on.
func (r *Removal) Apply(ctx context.Context, s store.Store) (kg.Applied, error) {
	return apply(ctx, s, r.changes)
}

type remover struct {
	catalog *catalog.Catalog
	source  string

	orphans      map[string]kg.Change // nodes of which nothing else speaks, as they are without it
	restored     map[string]kg.Change // other nodes of which it speaks, without what it says
	rels         []kg.Change          // relationships that change
	gone         int                  // how many of these go
	mine, others map[string]bool      // claims that it makes, and that others make
	stay         [][2]string          // ends of relationships that stay at orphans
}

// look takes what a scan yields: nodes before relationships.
func (r *remover) look(ch kg.Change) error {
	left, stated, supported := store.Without(r.catalog, ch, r.source)
	if n := ch.Node; n != nil {
		switch {
		case stated && supported:
			r.restored[n.ID] = left
		case stated, n.ID == r.source && len(n.Records) == 0:
			r.orphans[n.ID] = left
		}
		return nil
	}
	rel := ch.Relationship
	if rel.Type == from {
		if rel.To == r.source {
			r.mine[rel.From] = true
		} else {
			r.others[rel.From] = true
		}
	}
	if stated && !supported {
		r.gone++
		r.rels = append(r.rels, kg.Change{Action: kg.Delete, Relationship: rel})
		return nil
	}
	if stated {
		r.rels = append(r.rels, left)
	}
	if r.orphan(rel.From) || r.orphan(rel.To) {
		r.stay = append(r.stay, [2]string{rel.From, rel.To})
	}
	return nil
}

func (r *remover) orphan(id string) bool { return r.orphans[id].Node != nil }

// leaves reports whether a node goes whatever leads to it: the source, or a claim
// that only the source makes.
func (r *remover) leaves(id string) bool {
	return id == r.source && r.orphan(id) || r.mine[id] && !r.others[id]
}

// removal puts the changes into an order that may be interrupted: the source
// itself comes last.
func (r *remover) removal() *Removal {
	for _, ends := range r.stay {
		if r.leaves(ends[0]) || r.leaves(ends[1]) {
			continue
		}
		for _, id := range ends {
			if r.orphan(id) {
				r.restored[id] = r.orphans[id]
				delete(r.orphans, id)
			}
		}
	}
	out := &Removal{Relationships: r.gone, Restored: len(r.rels) - r.gone, changes: r.rels}
	for _, id := range slices.Sorted(maps.Keys(r.restored)) {
		if !r.leaves(id) {
			out.Restored++
			out.changes = append(out.changes, r.restored[id])
		}
	}
	leave := slices.Collect(maps.Keys(r.orphans))
	for id := range r.mine {
		if r.leaves(id) && !r.orphan(id) {
			leave = append(leave, id)
		}
	}
	slices.Sort(leave)
	if i := slices.Index(leave, r.source); i >= 0 {
		leave = append(slices.Delete(leave, i, i+1), r.source)
	}
	for _, id := range leave {
		out.changes = append(out.changes, kg.Change{Action: kg.Delete, Node: &kg.Node{ID: id}})
	}
	out.Nodes = len(leave)
	return out
}
