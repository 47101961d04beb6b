package resolve

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/maillage/maillage/internal/kg"
)

// refusal records that two organisations are not one: somebody has taken their
// merge back. It leads to both, so that it follows them where they become part
// of a third.
type refusal struct {
	record *kg.Node
	of     []string // two ids; one where both have become one all the same
}

// decidedOn returns the day on which it was decided.
func (f *refusal) decidedOn() string {
	day, _, _ := strings.Cut(textOf(f.record, "decidedAt"), "T")
	return day
}

// refuse returns the changes that record that a merge is refused, after it has
// been taken back.
func refuse(m merged, at time.Time) []kg.Change {
	props := maps.Clone(m.record.Properties)
	for _, name := range []string{"former", "sequence", "before"} {
		delete(props, name)
	}
	props["decidedAt"] = stamp(at)
	record := &kg.Node{Type: refusalType, ID: refusalPrefix + m.former.ID + "+" + m.into.ID, Properties: props}
	changes := []kg.Change{{Node: record}}
	for _, id := range []string{m.former.ID, m.into.ID} {
		changes = append(changes, kg.Change{Relationship: &kg.Relationship{Type: keptApart, From: record.ID, To: id}})
	}
	return changes
}

// refusals returns the refusals between two organisations.
func (s *surroundings) refusals(a, b string) (out []*refusal) {
	for _, r := range s.rels[a] {
		if f := s.refused[r.From]; f != nil && r.Type == keptApart && slices.Contains(f.of, b) {
			out = append(out, f)
		}
	}
	return out
}
