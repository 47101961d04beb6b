package ranking

import (
	"cmp"
	"math"
	"slices"

	"github.com/maillage/maillage/internal/projection"
)

const (
	// evidence is how many ids a reason has at most.
	evidence = 5
	// shownItems is how many members of groups are looked at to count the partners
	// that a suggestion shares, see countShared.
	shownItems = 100_000
)

// explain returns a candidate with its reasons and what supports them.
func (q *query) explain(s *scored, m *Model) Suggestion {
	out := Suggestion{Actor: s.actor, Score: s.score, Strength: m.strength(s)}
	for _, c := range s.contributions[:s.count] {
		r := projection.Reason{Code: codes[c.code], Weight: c.weight, Value: math.NaN()}
		q.support(&r, s.actor)
		out.Reasons = append(out.Reasons, r)
	}
	return out
}

// support fills in the parameters and the evidence of a reason.
func (q *query) support(r *projection.Reason, b int32) {
	x, g := q.index, q.index.g
	switch r.Code {
	case SharedPartners:
		r.Count, _ = q.countShared(b, shownItems)
		r.Evidence = ids(&g.Actors, q.introducers(b))
	case SameField:
		r.Value, _ = x.fields.compare(q.actor, b)
		r.Evidence = ids(&g.Sectors, x.fields.common(q.actor, b))
	case SameCouncil:
		shared := q.sharedCouncils(b)
		r.Count = len(shared)
		r.Evidence = ids(&g.Groups, shared)
	case SameCountry:
		r.Text = g.Countries[g.Country[b]]
	case UsualCountry:
		r.Text, r.Value = g.Countries[g.Country[b]], q.countries[g.Country[b]]
	case Nearby:
		r.Value = q.kilometres(b)
		r.Evidence = ids(&g.Places, q.sharedPlaces(b))
	case UsualKind:
		r.Text, r.Value = g.Kinds[g.Kind[b]], q.kinds[g.Kind[b]]
	case SameKind:
		r.Text = g.Kinds[g.Kind[b]]
	case ActiveNow:
		r.Count = int(x.latest[b])
		r.Evidence = ids(&g.Groups, x.latestOf(b))
	case WellConnected, LesserKnown:
		r.Count = int(x.partners[b])
	case Experienced:
		r.Count = int(x.groups[b])
	}
}

func ids(t *projection.Table, numbers []int32) (out []string) {
	for _, i := range numbers[:min(len(numbers), evidence)] {
		out = append(out, t.ID(i))
	}
	return out
}

// introducers returns the partners that both have, first those over whom a walk
// most likely comes from one to the other.
func (q *query) introducers(b int32) []int32 {
	g := q.index.g
	likely := map[int32]float32{}
	groups := g.Meetings.Of(b)
	for i, looked := len(groups)-1, 0; i >= 0 && looked < shownItems; i-- {
		if !q.index.joint(groups[i]) {
			continue
		}
		members := g.Members.Of(groups[i])
		looked += len(members)
		for _, c := range members {
			if q.partner.has(c) && c != b {
				likely[c] += q.walker.steps[1].at[c][1] / q.index.outgoing[c][1] / float32(len(members))
			}
		}
	}
	return strongest(likely)
}

// strongest returns the numbers with the greatest values, the greatest first.
func strongest(values map[int32]float32) []int32 {
	out := make([]int32, 0, len(values))
	for i := range values {
		out = append(out, i)
	}
	slices.SortFunc(out, func(i, j int32) int { return cmp.Or(cmp.Compare(values[j], values[i]), cmp.Compare(i, j)) })
	return out[:min(len(out), evidence)]
}

// common returns the sectors in which both work, first those that say the most.
func (f *fields) common(a, b int32) []int32 {
	products := map[int32]float32{}
	i, iEnd := f.of(a)
	j, jEnd := f.of(b)
	for i < iEnd && j < jEnd {
		switch s, t := f.sector[i], f.sector[j]; {
		case s < t:
			i++
		case s > t:
			j++
		default:
			products[s] = f.weight[i] * f.weight[j]
			i++
			j++
		}
	}
	return strongest(products)
}

// latestOf returns the groups of an actor that are recent, the latest first.
func (x *index) latestOf(a int32) (out []int32) {
	for _, p := range x.g.Meetings.Of(a) {
		if age, ok := x.age(p); ok && age <= recent && x.close(p) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(p, q int32) int { return cmp.Or(cmp.Compare(x.g.From[q], x.g.From[p]), cmp.Compare(p, q)) })
	return out
}
