package store

import (
	"reflect"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// Merger says what nodes and relationships become. What is shown of one depends
// on what its records state and on the ranks of their sources, and not on the
// order in which they came; what was given without a record is shown before all.
type Merger struct {
	Catalog *catalog.Catalog
	Ranks   Ranks
}

// Node returns what a node is after a change that merges into it or replaces it,
// and whether that makes a difference. The node that is there may be nil. It
// changes neither.
func (m Merger) Node(old *kg.Node, ch kg.Change) (after *kg.Node, changed bool) {
	add := ch.Node
	out := &kg.Node{Type: add.Type, ID: add.ID}
	var from kg.Node // what stays
	if old != nil {
		out.Type, out.ID = old.Type, old.ID
		if ch.Action == kg.Merge {
			from = *old
		}
	}
	t := m.Catalog.Type(out.Type)
	ranks := m.Ranks
	if p := m.Catalog.Precedence; p != nil && t == p.Type {
		ranks = nil // they would depend on themselves
	}
	out.FormerIDs = union(from.FormerIDs, add.FormerIDs)
	out.Properties, out.Records = merge(t.Property, ranks, from.Properties, from.Records, add.Properties, add.Records)
	return out, old == nil || !equal(out.Properties, old.Properties) || !reflect.DeepEqual(out.Records, old.Records) || !slices.Equal(out.FormerIDs, old.FormerIDs)
}

// Relationship returns what a relationship is after a change, like Node.
func (m Merger) Relationship(old *kg.Relationship, ch kg.Change) (after *kg.Relationship, changed bool) {
	add := ch.Relationship
	out := &kg.Relationship{Type: add.Type, From: add.From, To: add.To}
	var from kg.Relationship
	if old != nil {
		out.Type, out.From, out.To = old.Type, old.From, old.To
		if ch.Action == kg.Merge {
			from = *old
		}
	}
	out.Properties, out.Records = merge(m.Catalog.Relationship(out.Type).Property, m.Ranks, from.Properties, from.Records, add.Properties, add.Records)
	return out, old == nil || !equal(out.Properties, old.Properties) || !reflect.DeepEqual(out.Records, old.Records)
}

// merge returns what is shown when more is stated, and the records with what of
// theirs is not.
func merge(property property, ranks Ranks, from kg.Properties, fromRecords []kg.Record, add kg.Properties, addRecords []kg.Record) (kg.Properties, []kg.Record) {
	if len(from) == 0 && len(fromRecords) == 0 && agree(addRecords) {
		return add, kg.MergeRecords(nil, addRecords)
	}
	s := stated(property, from, fromRecords)
	s.merge(stated(property, add, addRecords))
	props, records := s.shown(ranks)
	if property(catalog.Disagreements) == nil { // the model has no place for what is not shown
		for i := range records {
			records[i].Overridden = nil
		}
	}
	return props, records
}

// agree reports whether all records state all that is there.
func agree(records []kg.Record) bool {
	return !slices.ContainsFunc(records, func(r kg.Record) bool { return r.Properties != nil || len(r.Overridden) > 0 })
}

// Visible reports whether a relationship is shown unless more is asked for: it
// is what degrees count.
func Visible(r *catalog.Relationship, props kg.Properties) bool {
	if r.Status == nil {
		return true
	}
	status, there := props[r.Status.Name]
	return !there || status == Current
}

// Current is the status of relationships that are shown unless more is asked
// for; those without a status have it too.
const Current = plan.Current

func equal(a, b kg.Properties) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		w, ok := b[k]
		if !ok || !reflect.DeepEqual(v, w) {
			return false
		}
	}
	return true
}

func union(a, b []string) []string {
	if len(a)+len(b) == 0 {
		return nil
	}
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}
