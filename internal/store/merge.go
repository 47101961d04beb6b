package store

import (
	"reflect"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// PutNode returns what a node is after a change that merges into it or replaces
// it, and whether that makes a difference. The node that is there may be nil.
// It changes neither.
func PutNode(old *kg.Node, ch kg.Change) (after *kg.Node, changed bool) {
	add := ch.Node
	out := &kg.Node{Type: add.Type, ID: add.ID}
	var from kg.Node // what stays
	if old != nil {
		out.Type, out.ID = old.Type, old.ID
		if ch.Action == kg.Merge {
			from = *old
		}
	}
	out.FormerIDs = union(from.FormerIDs, add.FormerIDs)
	out.Properties = mergeProperties(from.Properties, add.Properties)
	out.Records = kg.MergeRecords(from.Records, add.Records)
	return out, old == nil || !equal(out.Properties, old.Properties) || !reflect.DeepEqual(out.Records, old.Records) || !slices.Equal(out.FormerIDs, old.FormerIDs)
}

// PutRelationship returns what a relationship is after a change, like PutNode.
func PutRelationship(old *kg.Relationship, ch kg.Change) (after *kg.Relationship, changed bool) {
	add := ch.Relationship
	out := &kg.Relationship{Type: add.Type, From: add.From, To: add.To}
	var from kg.Relationship
	if old != nil {
		out.Type, out.From, out.To = old.Type, old.From, old.To
		if ch.Action == kg.Merge {
			from = *old
		}
	}
	out.Properties = mergeProperties(from.Properties, add.Properties)
	out.Records = kg.MergeRecords(from.Records, add.Records)
	return out, old == nil || !equal(out.Properties, old.Properties) || !reflect.DeepEqual(out.Records, old.Records)
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

func mergeProperties(old, add kg.Properties) kg.Properties {
	if len(old) == 0 {
		return add
	}
	out := make(kg.Properties, len(old)+len(add))
	for k, v := range old {
		out[k] = v
	}
	for k, v := range add {
		out[k] = v
	}
	return out
}

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
