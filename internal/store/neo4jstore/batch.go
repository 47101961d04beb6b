package neo4jstore

import (
	"fmt"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// batch merges changes into what the database holds of them. It is filled with
// that in two steps, because which relationships a change means depends on the
// nodes that its ends name.
type batch struct {
	catalog *catalog.Catalog
	changes []kg.Change
	invalid *store.Invalid

	ids   map[string]string                  // of nodes met so far, by id and former id; absent ones are not in it
	nodes map[string]*state[kg.Node]         // by id
	rels  map[string]*state[kg.Relationship] // by id
	ends  []*kg.Relationship                 // by change: the relationship between present ids; nil when it cannot be
	order struct{ nodes, rels []string }     // ids in the order in which they were first met

	aliases map[string]string // new former ids, and whose they are
	degrees map[*catalog.RelationshipField]map[string]int
	log     struct{ nodes, rels []string } // ids of what has changed
	done    kg.Applied
}

// state is a node or relationship as the batch has it so far.
type state[T any] struct {
	stored *T // as the database has it; nil when it is new
	now    *T
	dirty  bool
}

func newBatch(c *catalog.Catalog, changes []kg.Change) *batch {
	b := &batch{
		catalog: c, changes: changes, invalid: &store.Invalid{},
		ids: map[string]string{}, nodes: map[string]*state[kg.Node]{}, rels: map[string]*state[kg.Relationship]{},
		ends: make([]*kg.Relationship, len(changes)), aliases: map[string]string{},
		degrees: map[*catalog.RelationshipField]map[string]int{},
	}
	for i, ch := range changes {
		if err := store.Check(c, ch); err != nil {
			b.invalid.Add(i, "%s", err)
		}
	}
	return b
}

func (b *batch) valid(i int) bool { return b.invalid.Reasons[i] == "" }

// named returns the ids that changes name, by type: those of nodes to merge,
// and all.
func (b *batch) named() (merged, all map[*catalog.Type][]string) {
	merged, all = map[*catalog.Type][]string{}, map[*catalog.Type][]string{}
	seen, met := map[string]bool{}, map[string]bool{}
	add := func(to map[*catalog.Type][]string, seen map[string]bool, id string) {
		if !seen[id] {
			seen[id] = true
			t := b.catalog.TypeOfID(id)
			to[t] = append(to[t], id)
		}
	}
	for i, ch := range b.changes {
		switch {
		case !b.valid(i):
		case ch.Node != nil:
			add(merged, met, ch.Node.ID)
			add(all, seen, ch.Node.ID)
			for _, id := range ch.Node.FormerIDs {
				add(all, seen, id)
			}
		default:
			add(all, seen, ch.Relationship.From)
			add(all, seen, ch.Relationship.To)
		}
	}
	return merged, all
}

// mergeNodes merges the nodes and finds the ends of the relationships, in the
// order of the changes: a relationship sees the nodes before it.
func (b *batch) mergeNodes() {
	for i, ch := range b.changes {
		if !b.valid(i) {
			continue
		}
		var bad error
		if ch.Node != nil {
			bad = b.mergeNode(ch.Node)
		} else {
			b.ends[i], bad = b.resolve(ch.Relationship)
		}
		if bad != nil {
			b.invalid.Add(i, "%s", bad)
		}
	}
}

func (b *batch) mergeNode(n *kg.Node) error {
	t := b.catalog.Type(n.Type)
	id, there := b.ids[n.ID]
	if !there {
		merged, _ := store.MergeNode(nil, n)
		if err := store.Complete(t, merged); err != nil {
			return err
		}
		b.ids[n.ID] = n.ID
		b.nodes[n.ID] = &state[kg.Node]{now: merged, dirty: true}
		b.order.nodes = append(b.order.nodes, n.ID)
		b.log.nodes = append(b.log.nodes, n.ID)
		b.done.Created++
		return b.formerIDs(merged)
	}
	st := b.nodes[id]
	merged, changed := store.MergeNode(st.now, n)
	if !changed {
		b.done.Unchanged++
		return nil
	}
	if err := b.formerIDs(merged); err != nil {
		return err
	}
	if !st.dirty {
		b.order.nodes = append(b.order.nodes, id)
	}
	st.now, st.dirty = merged, true
	b.log.nodes = append(b.log.nodes, id)
	b.done.Updated++
	return nil
}

// formerIDs makes a node answer to its former ids.
func (b *batch) formerIDs(n *kg.Node) error {
	for _, former := range n.FormerIDs {
		switch id, there := b.ids[former]; {
		case there && id != n.ID:
			return fmt.Errorf("former id %q is the id of another node", former)
		case !there:
			b.ids[former] = n.ID
			b.aliases[former] = n.ID
		}
	}
	return nil
}

// resolve returns a relationship between the present ids of its ends.
func (b *batch) resolve(r *kg.Relationship) (*kg.Relationship, error) {
	out := *r
	for _, end := range []*string{&out.From, &out.To} {
		id, there := b.ids[*end]
		if !there {
			return nil, fmt.Errorf("%s: there is no node %q", r.Type, *end)
		}
		*end = id
	}
	t := b.catalog.Relationship(r.Type)
	merged, _ := store.MergeRelationship(nil, &out)
	if err := store.CompleteRelationship(t, merged); err != nil {
		return nil, err
	}
	if id := t.ID(merged); len(sortable(id)) > maxIndexed {
		return nil, fmt.Errorf("%s: the values that tell its relationships apart are longer than %d bytes", r.Type, maxIndexed)
	}
	return merged, nil
}

// maxIndexed is the greatest length of an indexed text in bytes; the database
// takes a little more.
const maxIndexed = 7500

// wanted returns the ids of relationships that may be there already, by type:
// none of a node that is new.
func (b *batch) wanted() map[*catalog.Relationship][]string {
	out, seen := map[*catalog.Relationship][]string{}, map[string]bool{}
	isNew := func(id string) bool { st := b.nodes[id]; return st != nil && st.stored == nil }
	for _, r := range b.ends {
		if r == nil || isNew(r.From) || isNew(r.To) {
			continue
		}
		t := b.catalog.Relationship(r.Type)
		if id := t.ID(r); !seen[id] {
			seen[id] = true
			out[t] = append(out[t], id)
		}
	}
	return out
}

// mergeRelationships merges the relationships and counts what nodes see of
// them.
func (b *batch) mergeRelationships() {
	for _, r := range b.ends {
		if r != nil {
			b.mergeRelationship(r)
		}
	}
}

func (b *batch) mergeRelationship(r *kg.Relationship) {
	t := b.catalog.Relationship(r.Type)
	id := t.ID(r)
	st := b.rels[id]
	if st == nil {
		st = &state[kg.Relationship]{}
		b.rels[id] = st
	}
	merged, changed := store.MergeRelationship(st.now, r)
	if !changed {
		b.done.Unchanged++
		return
	}
	before := 0
	if st.now == nil {
		b.done.Created++
	} else {
		b.done.Updated++
		before = shown(t, st.now)
	}
	if !st.dirty {
		b.order.rels = append(b.order.rels, id)
	}
	st.now, st.dirty = merged, true
	b.log.rels = append(b.log.rels, id)
	if delta := shown(t, merged) - before; delta != 0 {
		b.count(t, r, delta)
	}
}

// shown returns what a relationship adds to the degrees of its ends.
func shown(t *catalog.Relationship, r *kg.Relationship) int {
	if store.Visible(t, r.Properties) {
		return 1
	}
	return 0
}

// count notes that fields see one relationship more or less.
func (b *batch) count(t *catalog.Relationship, r *kg.Relationship, delta int) {
	for _, f := range b.catalog.Fields(t, b.catalog.TypeOfID(r.From), b.catalog.TypeOfID(r.To)) {
		if b.degrees[f] == nil {
			b.degrees[f] = map[string]int{}
		}
		id := r.From
		if f.Direction == catalog.In {
			id = r.To
		}
		b.degrees[f][id] += delta
	}
}
