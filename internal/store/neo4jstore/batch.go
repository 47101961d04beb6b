package neo4jstore

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// batch makes changes of what the database holds. It is filled with that in two
// steps, because which relationships a change means depends on the nodes that
// its ends name.
type batch struct {
	catalog *catalog.Catalog
	changes []kg.Change
	merger  store.Merger // with the ranks before the write
	invalid *store.Invalid

	ids     map[string]string                  // of nodes met so far, by id and former id; absent ones are not in it
	nodes   map[string]*state[kg.Node]         // by id
	rels    map[string]*state[kg.Relationship] // by id
	related map[string]map[string]bool         // ids of rels, by the ids of their ends
	ends    []*kg.Relationship                 // by change: the relationship between present ids; nil when there is none
	gone    []*kg.Node                         // by change: the node that it deletes, if any
	order   struct{ nodes, rels []string }     // ids in the order in which they were first changed

	degrees map[*catalog.RelationshipField]map[string]int
	log     struct{ nodes, rels []string } // ids of what has changed
	done    kg.Applied
}

// state is a node or relationship as the batch has it so far.
type state[T any] struct {
	stored *T // as the database has it; nil when it is new
	now    *T // nil when it is deleted
	dirty  bool
	reborn bool // whether it has been deleted and made again
}

func newBatch(c *catalog.Catalog, changes []kg.Change) *batch {
	b := &batch{
		catalog: c, changes: changes, merger: store.Merger{Catalog: c}, invalid: &store.Invalid{},
		ids: map[string]string{}, nodes: map[string]*state[kg.Node]{}, rels: map[string]*state[kg.Relationship]{}, related: map[string]map[string]bool{},
		ends: make([]*kg.Relationship, len(changes)), gone: make([]*kg.Node, len(changes)),
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

// names are ids by type, each once.
type names map[*catalog.Type][]string

// named returns the ids that changes name: those of nodes that they change, of
// nodes that they delete, and all.
func (b *batch) named() (changed, deleted, all names) {
	changed, deleted, all = names{}, names{}, names{}
	seen := map[*names]map[string]bool{&changed: {}, &deleted: {}, &all: {}}
	add := func(to *names, id string) {
		if !seen[to][id] {
			seen[to][id] = true
			t := b.catalog.TypeOfID(id)
			(*to)[t] = append((*to)[t], id)
		}
	}
	for i, ch := range b.changes {
		switch {
		case !b.valid(i):
		case ch.Node != nil:
			add(&changed, ch.Node.ID)
			add(&all, ch.Node.ID)
			if ch.Action == kg.Delete {
				add(&deleted, ch.Node.ID)
				continue
			}
			for _, id := range ch.Node.FormerIDs {
				add(&all, id)
			}
			for _, id := range store.Named(b.catalog.Type(ch.Node.Type), ch.Node.Properties) {
				if b.catalog.TypeOfID(id) != nil {
					add(&all, id)
				}
			}
		default:
			add(&all, ch.Relationship.From)
			add(&all, ch.Relationship.To)
		}
	}
	return changed, deleted, all
}

// changeNodes changes the nodes and finds the ends of the relationships, in the
// order of the changes: a relationship sees the nodes before it.
func (b *batch) changeNodes() {
	for i, ch := range b.changes {
		if !b.valid(i) {
			continue
		}
		var bad error
		switch {
		case ch.Node != nil && ch.Action == kg.Delete:
			b.gone[i] = b.deleteNode(ch.Node.ID)
		case ch.Node != nil:
			bad = b.putNode(ch)
		default:
			b.ends[i], bad = b.resolve(ch)
		}
		if bad != nil {
			b.invalid.Add(i, "%s", bad)
		}
	}
}

func (b *batch) putNode(ch kg.Change) error {
	n := ch.Node
	t := b.catalog.Type(n.Type)
	id, there := b.ids[n.ID]
	if !there {
		id = n.ID
	}
	st := b.nodes[id]
	if st == nil {
		st = &state[kg.Node]{}
		b.nodes[id] = st
	}
	named, err := store.Present(t, n, func(id string) (string, error) { return cmp.Or(b.ids[id], id), nil })
	if err != nil {
		return err
	}
	ch.Node = named
	after, changed := b.merger.Node(st.now, ch)
	if !changed {
		b.done.Unchanged++
		return nil
	}
	if !there || ch.Action == kg.Replace {
		if err := store.Complete(t, after); err != nil {
			return err
		}
	}
	if there {
		for _, former := range newer(st.now, after) {
			delete(b.ids, former)
		}
	} else {
		b.ids[id] = id
	}
	err = b.formerIDs(after)
	if err != nil && there {
		return err
	}
	if there {
		b.done.Updated++
	} else {
		b.done.Created++
		st.reborn = st.dirty
	}
	b.setNode(id, st, after)
	return err
}

// deleteNode deletes a node and returns it; nil when there is none.
func (b *batch) deleteNode(id string) *kg.Node {
	if b.ids[id] != id {
		b.done.Unchanged++
		return nil
	}
	st := b.nodes[id]
	n := st.now
	for _, id := range append(n.FormerIDs, id) {
		delete(b.ids, id)
	}
	b.done.Deleted++
	b.setNode(id, st, nil)
	return n
}

func (b *batch) setNode(id string, st *state[kg.Node], after *kg.Node) {
	if !st.dirty {
		b.order.nodes = append(b.order.nodes, id)
	}
	st.now, st.dirty = after, true
	b.log.nodes = append(b.log.nodes, id)
}

// formerIDs makes a node answer to its former ids.
func (b *batch) formerIDs(n *kg.Node) error {
	for _, former := range n.FormerIDs {
		if id, there := b.ids[former]; there && id != n.ID {
			return fmt.Errorf("former id %q is the id of another node", former)
		}
		b.ids[former] = n.ID
	}
	return nil
}

// resolve returns the relationship of a change between the present ids of its
// ends; nil when it is to be deleted and has none.
func (b *batch) resolve(ch kg.Change) (*kg.Relationship, error) {
	out := *ch.Relationship
	for _, end := range []*string{&out.From, &out.To} {
		id, there := b.ids[*end]
		if !there && ch.Action == kg.Delete {
			b.done.Unchanged++
			return nil, nil
		}
		if !there {
			return nil, fmt.Errorf("%s: there is no node %q", out.Type, *end)
		}
		*end = id
	}
	if ch.Action == kg.Delete {
		return &out, nil
	}
	t := b.catalog.Relationship(out.Type)
	if err := store.CompleteRelationship(t, &out); err != nil {
		return nil, err
	}
	if id := t.ID(&out); len(sortable(id)) > maxIndexed {
		return nil, fmt.Errorf("%s: the values that tell its relationships apart are longer than %d bytes", out.Type, maxIndexed)
	}
	return &out, nil
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
		if id := t.ID(r); !seen[id] && b.rels[id] == nil {
			seen[id] = true
			out[t] = append(out[t], id)
		}
	}
	return out
}

// found notes a relationship that the database holds.
func (b *batch) found(id string, r *kg.Relationship) {
	b.rel(id, r).stored = r
	b.rels[id].now = r
}

// rel returns the state of a relationship, and makes it when it is new.
func (b *batch) rel(id string, r *kg.Relationship) *state[kg.Relationship] {
	st := b.rels[id]
	if st == nil {
		st = &state[kg.Relationship]{}
		b.rels[id] = st
		for _, end := range []string{r.From, r.To} {
			if b.related[end] == nil {
				b.related[end] = map[string]bool{}
			}
			b.related[end][id] = true
		}
	}
	return st
}

// changeRelationships changes the relationships and counts what nodes see of
// them. A node that is deleted takes those that it has at that point with it.
func (b *batch) changeRelationships() {
	for i, ch := range b.changes {
		if n := b.gone[i]; n != nil {
			b.detach(n)
		}
		if r := b.ends[i]; r != nil {
			ch.Relationship = r
			b.changeRelationship(ch)
		}
	}
}

// detach deletes the relationships of a node. What it counts begins anew,
// should it be made again.
func (b *batch) detach(n *kg.Node) {
	for _, id := range slices.Sorted(maps.Keys(b.related[n.ID])) {
		if st := b.rels[id]; st.now != nil {
			b.setRelationship(id, st, nil)
		}
	}
	for _, f := range b.catalog.Type(n.Type).Fields {
		delete(b.degrees[f], n.ID)
	}
}

func (b *batch) changeRelationship(ch kg.Change) {
	id := b.catalog.Relationship(ch.Relationship.Type).ID(ch.Relationship)
	st := b.rel(id, ch.Relationship)
	var after *kg.Relationship
	changed := st.now != nil
	if ch.Action != kg.Delete {
		after, changed = b.merger.Relationship(st.now, ch)
	}
	if !changed {
		b.done.Unchanged++
		return
	}
	b.setRelationship(id, st, after)
}

func (b *batch) setRelationship(id string, st *state[kg.Relationship], after *kg.Relationship) {
	which := cmp.Or(after, st.now)
	t := b.catalog.Relationship(which.Type)
	switch {
	case st.now == nil:
		b.done.Created++
	case after == nil:
		b.done.Deleted++
	default:
		b.done.Updated++
	}
	delta := shown(t, after) - shown(t, st.now)
	if !st.dirty {
		b.order.rels = append(b.order.rels, id)
	}
	st.now, st.dirty = after, true
	b.log.rels = append(b.log.rels, id)
	if delta != 0 {
		b.count(t, which, delta)
	}
}

// shown returns what a relationship adds to the degrees of its ends.
func shown(t *catalog.Relationship, r *kg.Relationship) int {
	if r != nil && store.Visible(t, r.Properties) {
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
