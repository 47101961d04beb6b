package resolve

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// Resolver merges organisations in a store, and undoes that. Nothing else
// should write to the store meanwhile: what is written between reading and
// merging is not looked at.
type Resolver struct {
	Store   store.Store
	Catalog *catalog.Catalog
	Now     func() time.Time
	Except  []string // ids of organisations that are left as they are
	Again   bool     // whether merges that have been refused are proposed again
}

// Propose finds organisations that may be one.
func (r *Resolver) Propose(ctx context.Context) (*Findings, error) {
	return propose(ctx, r.Store, r.Except, r.Again)
}

// Apply merges what is proposed with at least a score, each in a transaction of
// its own, until nothing is left to merge. It returns what it has merged, also
// when it ends with an error.
func (r *Resolver) Apply(ctx context.Context, threshold int) (done []Proposal, err error) {
	for {
		found, err := r.Propose(ctx)
		if err != nil {
			return done, err
		}
		left, _ := found.Merges(threshold)
		if len(left) == 0 {
			return done, nil
		}
		for around := found.around; ; {
			var merged []Proposal
			merged, left, err = r.mergeSome(ctx, around, left)
			done = append(done, merged...)
			if err != nil {
				return done, err
			}
			if len(left) == 0 {
				break
			}
			if around, err = look(ctx, r.Store, left); err != nil {
				return done, err
			}
		}
	}
}

// look reads what stands around organisations that are to be merged.
func look(ctx context.Context, g Graph, merges []Proposal) (*surroundings, error) {
	wanted := map[string]bool{}
	for _, p := range merges {
		wanted[p.Into], wanted[p.Former] = true, true
	}
	around := newSurroundings(func(id string) bool { return wanted[id] })
	return around, g.Scan(ctx, around.add)
}

// mergeSome merges what one look at the graph allows: the first, and those that
// have nothing to do with what is merged before them.
func (r *Resolver) mergeSome(ctx context.Context, around *surroundings, merges []Proposal) (done, left []Proposal, err error) {
	touched := map[string]bool{}
	for _, p := range merges {
		if around.stale(touched, p.Into, p.Former) {
			left = append(left, p)
			continue
		}
		changes, err := r.merge(around, p)
		if err == nil {
			_, err = r.Store.Apply(ctx, changes)
		}
		if err != nil {
			return done, nil, err
		}
		touched[p.Into], touched[p.Former] = true, true
		done = append(done, p)
	}
	return done, left, nil
}

// stale reports whether nodes, some of their neighbours, or what claims name
// together with them, are touched.
func (s *surroundings) stale(touched map[string]bool, ids ...string) bool {
	for _, id := range ids {
		if touched[id] || slices.ContainsFunc(s.rels[id], func(r *kg.Relationship) bool { return touched[r.From] || touched[r.To] }) ||
			slices.ContainsFunc(s.naming[id], func(claim *kg.Node) bool {
				return slices.ContainsFunc(namedBy(claim), func(id string) bool { return touched[id] })
			}) {
			return true
		}
	}
	return false
}

// merge returns the changes that make one organisation part of another. What no
// record states of the former gives way to what is known of the one that lasts.
// That the two are kept apart does not outlast it.
func (r *Resolver) merge(around *surroundings, p Proposal) ([]kg.Change, error) {
	b := &before{into: around.nodes[p.Into], former: around.nodes[p.Former], moved: around.rels[p.Former], naming: around.naming[p.Former]}
	var changes []kg.Change
	for _, f := range around.refusals(p.Into, p.Former) {
		changes = append(changes, kg.Change{Action: kg.Delete, Node: f.record})
		b.moved = slices.DeleteFunc(slices.Clone(b.moved), func(rel *kg.Relationship) bool { return rel.From == f.record.ID })
	}
	there := map[string]*kg.Relationship{}
	for _, rel := range around.rels[p.Into] {
		there[r.Catalog.Relationship(rel.Type).ID(rel)] = rel
	}
	var moves []kg.Change
	for _, rel := range b.moved {
		to := moved(rel, p.Former, p.Into)
		met := there[r.Catalog.Relationship(rel.Type).ID(to)]
		if met == nil {
			moves = append(moves, kg.Change{Relationship: to})
			continue
		}
		b.met = append(b.met, met)
		to.Properties = yielding(to.Properties, to.Records, met.Properties)
		moves = append(moves, kg.Change{Relationship: to}, kg.Change{Relationship: met})
	}
	for _, claim := range b.naming {
		moves = append(moves, about(claim, renamed(claim, p.Former, p.Into)))
	}
	text, err := b.encode(r.Catalog)
	if err != nil {
		return nil, err
	}
	around.merges++
	record := resolution(p, text, around.merges, r.Now())
	changes = append(changes,
		kg.Change{Node: record},
		kg.Change{Action: kg.Delete, Node: b.former},
		kg.Change{Node: &kg.Node{
			Type: nodeType, ID: p.Into, FormerIDs: append(slices.Clone(b.former.FormerIDs), p.Former),
			Properties: yielding(b.former.Properties, b.former.Records, b.into.Properties), Records: b.former.Records,
		}},
		kg.Change{Node: b.into})
	changes = append(changes, moves...)
	return append(changes, kg.Change{Relationship: &kg.Relationship{Type: resolvedInto, From: record.ID, To: p.Into}}), nil
}

// yielding returns properties with what is known in place of what no record
// states.
func yielding(props kg.Properties, records []kg.Record, known kg.Properties) kg.Properties {
	out := maps.Clone(props)
	for name := range out {
		if v := known[name]; v != nil && !stated(records, name) {
			out[name] = v
		}
	}
	return out
}

// moved returns a relationship with one end in place of another.
func moved(rel *kg.Relationship, from, to string) *kg.Relationship {
	out := *rel
	if out.From == from {
		out.From = to
	}
	if out.To == from {
		out.To = to
	}
	return &out
}
