package ranking

import (
	"math"

	"github.com/maillage/maillage/internal/projection"
)

const (
	// evidence is how many ids a reason has at most.
	evidence = 5
	// shownItems is how many members of groups are looked at to count the partners
	// that a suggestion shares, see countShared.
	shownItems = 100_000
)

// explain returns the reasons for a candidate and what supports them.
func (q *query) explain(s *scored) []projection.Reason {
	out := make([]projection.Reason, s.count)
	for i, c := range s.contributions[:s.count] {
		out[i] = projection.Reason{Code: codes[c.code], Weight: c.weight, Value: math.NaN()}
		q.support(&out[i], s.actor)
	}
	return out
}

// support fills in the parameters and the evidence of a reason.
func (q *query) support(r *projection.Reason, b int32) {
	x, g, k := q.index, q.index.g, q.numbers(b)
	switch r.Code {
	case SharedPartners:
		var shared []int32
		r.Count, shared = q.introducers(b)
		r.Evidence = ids(&g.Actors, shared)
	case SameField:
		r.Value, _ = x.sectors.compare(&q.self.fields, &k.fields)
		r.Evidence = ids(&g.Sectors, commonSectors(&q.self.fields, &k.fields))
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
		r.Count = int(k.latest)
		r.Evidence = ids(&g.Groups, x.latestOf(b))
	case WellConnected, LesserKnown:
		r.Count = int(k.partners)
	case Experienced:
		r.Count = int(k.groups)
	}
}

func ids(t *projection.Table, numbers []int32) (out []string) {
	for _, i := range numbers[:min(len(numbers), evidence)] {
		out = append(out, t.ID(i))
	}
	return out
}

// introducers returns how many partners both have, and some of them: first those
// over whom a walk most likely comes from one to the other.
func (q *query) introducers(b int32) (count int, some []int32) {
	q.counted.clear()
	q.shared(b, shownItems, func(c int32, members int) {
		q.counted.add(c)
		*q.sum(c) += 1 / float32(members)
	})
	var t top
	for _, c := range q.counted.list {
		sum := q.sum(c)
		t.offer(valued{*sum * q.walker.steps[1].passed(q.walker.places.find(c)), c}, evidence)
		*sum = 0
	}
	return len(q.counted.list), t.sorted()
}

// commonSectors returns the sectors in which both work, first those that say the
// most.
func commonSectors(f, g *fields) []int32 {
	var t top
	f.common(g, func(a, b *field) { t.offer(valued{a.weight * b.weight, a.sector}, evidence) })
	return t.sorted()
}

// latestOf returns groups of an actor that are recent, the latest first.
func (x *index) latestOf(a int32) []int32 {
	var t top
	for _, p := range x.g.Meetings.Of(a) {
		if age, ok := x.age(p); ok && age <= recent && x.close(p) {
			t.offer(valued{-float32(age), p}, evidence)
		}
	}
	return t.sorted()
}
