package resolve

import (
	"maps"
	"slices"

	"github.com/maillage/maillage/internal/kg"
)

// copyNode returns a node that may be kept after a scan.
func copyNode(n *kg.Node) *kg.Node {
	out := *n
	out.FormerIDs, out.Properties, out.Records = slices.Clone(n.FormerIDs), maps.Clone(n.Properties), slices.Clone(n.Records)
	return &out
}

// copyRelationship returns a relationship that may be kept after a scan.
func copyRelationship(r *kg.Relationship) *kg.Relationship {
	out := *r
	out.Properties, out.Records = maps.Clone(r.Properties), slices.Clone(r.Records)
	return &out
}
