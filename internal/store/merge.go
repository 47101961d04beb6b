package store

import (
	"reflect"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// MergeNode merges a node into the one that is there, which may be nil, and
// reports whether that makes a difference. It changes neither.
func MergeNode(old, add *kg.Node) (merged *kg.Node, changed bool) {
	if old == nil {
		out := *add
		out.Records = kg.MergeRecords(nil, add.Records)
		out.FormerIDs = union(nil, add.FormerIDs)
		return &out, true
	}
	out := &kg.Node{
		Type: old.Type, ID: old.ID,
		FormerIDs:  union(old.FormerIDs, add.FormerIDs),
		Properties: mergeProperties(old.Properties, add.Properties),
		Records:    kg.MergeRecords(old.Records, add.Records),
	}
	return out, !equal(out.Properties, old.Properties) || !reflect.DeepEqual(out.Records, old.Records) || !slices.Equal(out.FormerIDs, old.FormerIDs)
}

// MergeRelationship merges a relationship into the one that is there, which
// may be nil, and reports whether that makes a difference. It changes neither.
func MergeRelationship(old, add *kg.Relationship) (merged *kg.Relationship, changed bool) {
	if old == nil {
		out := *add
		out.Records = kg.MergeRecords(nil, add.Records)
		return &out, true
	}
	out := &kg.Relationship{
		Type: old.Type, From: old.From, To: old.To,
		Properties: mergeProperties(old.Properties, add.Properties),
		Records:    kg.MergeRecords(old.Records, add.Records),
	}
	return out, !equal(out.Properties, old.Properties) || !reflect.DeepEqual(out.Records, old.Records)
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
