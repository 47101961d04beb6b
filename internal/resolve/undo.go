package resolve

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// merged is a merge that holds: its record, and what stood before.
type merged struct {
	record *kg.Node
	*before
}

func sequence(record *kg.Node) int64 {
	n, _ := record.Properties["sequence"].(int64)
	return n
}

// Undo takes back merges, given the ids of their records or the former ids, each
// in a transaction of its own; without any, all merges and refusals, as if none
// had been decided. It returns the ids of the records of merges that it has taken
// back, also when it ends with an error.
//
// Organisation and relationships are again as they stood before the merge. What
// other sources have said of the organisation since stays with the one that
// lasted. A merge on which later ones build is taken back with them or not at
// all.
func (r *Resolver) Undo(ctx context.Context, ids ...string) (done []string, err error) {
	all, refusals, err := r.decisions(ctx)
	if err != nil {
		return nil, err
	}
	done, err = r.takeBack(ctx, all, ids, nil)
	if err == nil && len(ids) == 0 && len(refusals) > 0 {
		_, err = r.Store.Apply(ctx, refusals)
	}
	return done, err
}

// Refuse takes back the merges of some ids as Undo does, and records with each
// that the two are not one: they are not proposed again, nor merged by way of a
// third.
func (r *Resolver) Refuse(ctx context.Context, ids ...string) (done []string, err error) {
	all, _, err := r.decisions(ctx)
	if err != nil {
		return nil, err
	}
	return r.takeBack(ctx, all, ids, func(m merged) []kg.Change { return refuse(m, r.Now()) })
}

// takeBack takes back the merges that are named, and makes further changes with
// each.
func (r *Resolver) takeBack(ctx context.Context, all []merged, ids []string, further func(merged) []kg.Change) (done []string, err error) {
	left, err := pick(all, ids)
	for len(left) > 0 && err == nil {
		var undone []string
		undone, left, err = r.undoSome(ctx, left, further)
		done = append(done, undone...)
	}
	return done, err
}

// decisions returns the merges that hold, the latest first, and the changes that
// forget all refusals.
func (r *Resolver) decisions(ctx context.Context) (out []merged, forget []kg.Change, err error) {
	err = r.Store.Scan(ctx, func(ch kg.Change) error {
		if ch.Node == nil || ch.Node.Type > resolutionType {
			return errEnough
		}
		if ch.Node.Type == refusalType {
			forget = append(forget, kg.Change{Action: kg.Delete, Node: copyNode(ch.Node)})
		}
		if ch.Node.Type != resolutionType {
			return nil
		}
		record := copyNode(ch.Node)
		b, err := decodeBefore(r.Catalog, record)
		out = append(out, merged{record, b})
		return err
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	slices.SortFunc(out, func(a, b merged) int { return cmp.Compare(sequence(b.record), sequence(a.record)) })
	return out, forget, err
}

// pick returns the merges that are named, in their order; all when none is.
func pick(all []merged, ids []string) (out []merged, err error) {
	if len(ids) == 0 {
		return all, nil
	}
	named := func(m merged) bool { return slices.Contains(ids, m.record.ID) || slices.Contains(ids, m.former.ID) }
	for _, id := range ids {
		if !slices.ContainsFunc(all, func(m merged) bool { return id == m.record.ID || id == m.former.ID }) {
			return nil, kg.Errorf(kg.NotFound, "%q is no merge: give the id of one, as in resolution:org:siren:1, or a former id", id)
		}
	}
	for i, m := range all {
		if !named(m) {
			continue
		}
		for _, later := range all[:i] {
			if !named(later) && later.buildsOn(m.before) {
				return nil, kg.Errorf(kg.Conflict, "the merge of %s builds on that of %s: take both back", later.former.ID, m.former.ID)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// undoSome takes back the merges that one look at the graph allows, the first at
// least, and returns the others.
func (r *Resolver) undoSome(ctx context.Context, merges []merged, further func(merged) []kg.Change) (done []string, left []merged, err error) {
	around, err := r.lookBack(ctx, merges)
	if err != nil {
		return nil, nil, err
	}
	touched := map[string]bool{}
	for _, m := range merges {
		if around.stale(touched, m.into.ID, m.former.ID) {
			left = append(left, m)
		} else {
			if around.nodes[m.into.ID] == nil {
				return done, nil, kg.Errorf(kg.Conflict, "%s cannot be taken back: there is no %s any more", m.record.ID, m.into.ID)
			}
			changes := r.undo(around, m.record, m.before)
			if further != nil {
				changes = append(changes, further(m)...)
			}
			if _, err := r.Store.Apply(ctx, changes); err != nil {
				return done, nil, err
			}
			done = append(done, m.record.ID)
		}
		touched[m.into.ID], touched[m.former.ID] = true, true
	}
	return done, left, nil
}

// lookBack reads what stands around the organisations that lasted, and which of
// the nodes are there to which relationships have to lead again.
func (r *Resolver) lookBack(ctx context.Context, merges []merged) (*surroundings, error) {
	wanted, ends := map[string]bool{}, map[string]bool{}
	for _, m := range merges {
		wanted[m.into.ID], ends[m.former.ID] = true, true
		for _, claim := range m.naming {
			wanted[claim.ID] = true
		}
		for _, rel := range m.moved {
			ends[rel.From], ends[rel.To] = true, true
		}
	}
	around := newSurroundings(func(id string) bool { return wanted[id] })
	around.there = map[string]bool{}
	return around, r.Store.Scan(ctx, func(ch kg.Change) error {
		if n := ch.Node; n != nil {
			for _, id := range append(n.FormerIDs, n.ID) {
				if ends[id] {
					around.there[id] = true
				}
			}
		}
		return around.add(ch)
	})
}

// undo returns the changes that take back a merge. Relationships with what has
// been deleted since do not come back.
func (r *Resolver) undo(around *surroundings, record *kg.Node, b *before) []kg.Change {
	now := around.nodes[b.into.ID]
	into := *b.into
	into.FormerIDs = without(now.FormerIDs, append(slices.Clone(b.former.FormerIDs), b.former.ID))
	changes := []kg.Change{{Action: kg.Delete, Node: record}, {Action: kg.Replace, Node: &into}, {Node: b.former}}
	props, records := since(content{now.Properties, now.Records}, content{b.into.Properties, b.into.Records}, content{b.former.Properties, b.former.Records})
	if len(props)+len(records) > 0 {
		changes = append(changes, kg.Change{Node: &kg.Node{Type: nodeType, ID: now.ID, Properties: props, Records: records}})
	}
	for _, claim := range b.naming {
		// What has been said of something else since stays.
		if now := around.nodes[claim.ID]; now != nil && textOf(now, subjectProperty) == renamed(claim, b.former.ID, b.into.ID) {
			changes = append(changes, about(now, textOf(claim, subjectProperty)))
		}
	}
	there, met := byID(r.Catalog, around.rels[b.into.ID]), byID(r.Catalog, b.met)
	for _, rel := range b.moved {
		id := r.Catalog.Relationship(rel.Type).ID(moved(rel, b.former.ID, b.into.ID))
		if now := there[id]; now != nil {
			changes = append(changes, r.takeOut(now, met[id], rel)...)
		}
		if around.there[rel.From] && around.there[rel.To] {
			changes = append(changes, kg.Change{Relationship: rel})
		}
	}
	return changes
}

// takeOut returns what becomes of a relationship of the organisation that
// lasted when one of the former is taken out of it: what it was before, nothing
// when that is nil, and what has been said since.
func (r *Resolver) takeOut(now, was, out *kg.Relationship) (changes []kg.Change) {
	before := content{}
	if was == nil {
		changes = append(changes, kg.Change{Action: kg.Delete, Relationship: now})
	} else {
		before = content{was.Properties, was.Records}
		changes = append(changes, kg.Change{Action: kg.Replace, Relationship: was})
	}
	props, records := since(content{now.Properties, now.Records}, before, content{out.Properties, out.Records})
	if len(props)+len(records) == 0 {
		return changes
	}
	for _, p := range r.Catalog.Relationship(now.Type).Properties {
		if p.Required && now.Properties[p.Name] != nil {
			props[p.Name] = now.Properties[p.Name]
		}
	}
	return append(changes, kg.Change{Relationship: &kg.Relationship{Type: now.Type, From: now.From, To: now.To, Properties: props, Records: records}})
}

func byID(c *catalog.Catalog, rels []*kg.Relationship) map[string]*kg.Relationship {
	out := map[string]*kg.Relationship{}
	for _, rel := range rels {
		out[c.Relationship(rel.Type).ID(rel)] = rel
	}
	return out
}

// content is what is known of a node or relationship.
type content struct {
	props   kg.Properties
	records []kg.Record
}

// since returns what has been said since a merge: records that neither of the
// two had with what they state, and values that no record states.
func since(now, was, out content) (kg.Properties, []kg.Record) {
	records := slices.DeleteFunc(slices.Clone(now.records), func(r kg.Record) bool {
		return slices.ContainsFunc(slices.Concat(was.records, out.records), func(o kg.Record) bool { return o.Source == r.Source && o.Locator == r.Locator })
	})
	props := kg.Properties{}
	for name, v := range now.props {
		known := reflect.DeepEqual(v, was.props[name]) || reflect.DeepEqual(v, out.props[name])
		if stated(records, name) || !known && !stated(now.records, name) {
			props[name] = v
		}
	}
	return props, records
}

// without returns a list without some of its texts.
func without(list, gone []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(gone, s) })
}
