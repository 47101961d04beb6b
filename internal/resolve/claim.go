package resolve

import (
	"maps"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// The type of claims, and the property that names what one is about: a node, or
// a relationship between two.
const (
	claimType       = "Claim"
	subjectProperty = "subject"
)

// namedBy returns the ids of the nodes that a claim is about; none of other
// nodes.
func namedBy(claim *kg.Node) (ids []string) {
	if claim.Type != claimType {
		return nil
	}
	_, _ = store.Rename(textOf(claim, subjectProperty), func(id string) (string, error) {
		ids = append(ids, id)
		return id, nil
	})
	return ids
}

// renamed returns the subject of a claim with one id in place of another.
func renamed(claim *kg.Node, from, to string) string {
	out, _ := store.Rename(textOf(claim, subjectProperty), func(id string) (string, error) {
		if id == from {
			return to, nil
		}
		return id, nil
	})
	return out
}

// about returns a claim that is about something else.
func about(claim *kg.Node, subject string) kg.Change {
	out := *claim
	out.Properties = maps.Clone(claim.Properties)
	out.Properties[subjectProperty] = subject
	return kg.Change{Action: kg.Replace, Node: &out}
}
