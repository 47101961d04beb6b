package ranking

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// measured is a candidate of which all is known but what the partners in common
// say.
type measured struct {
	actor    int32
	features [featureCount]float64
}

// bound is the most that a measured candidate can score.
type bound struct {
	most float64
	at   int32 // in the candidates, which are in ascending order
}

// rank returns the best candidates by a model. Partners in common are counted of
// those alone that could still be among the best: first of those that can score
// the most, until nobody can reach the last of the best.
func (q *query) rank(ctx context.Context, m *Model, o Options) ([]scored, error) {
	q.measured, q.bounds, q.scored = q.measured[:0], q.bounds[:0], q.scored[:0]
	for i, b := range q.choose(o) {
		if i&63 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		f := q.measure(b)
		s := m.score(b, &f, o.LesserKnown)
		q.measured = append(q.measured, measured{b, f})
		q.bounds = append(q.bounds, bound{s.score + q.gain(m, &f), int32(i)})
	}
	slices.SortFunc(q.bounds, func(a, b bound) int { return cmp.Or(cmp.Compare(b.most, a.most), cmp.Compare(a.at, b.at)) })
	var best []float64 // scores, ascending
	for i, b := range q.bounds {
		if len(best) == o.Limit && (o.Limit == 0 || b.most < best[0]) {
			break
		}
		c := &q.measured[b.at]
		if i&63 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		q.compare(c.actor, &c.features)
		s := m.score(c.actor, &c.features, o.LesserKnown)
		q.scored = append(q.scored, s)
		at, _ := slices.BinarySearch(best, s.score)
		best = slices.Insert(best, at, s.score)
		best = best[max(0, len(best)-o.Limit):]
	}
	slices.SortFunc(q.scored, func(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.actor, b.actor)) })
	return q.scored[:min(len(q.scored), o.Limit)], nil
}

// gain returns what partners in common can add to a score at most, a little more
// than what could be lost in rounding.
func (q *query) gain(m *Model, f *[featureCount]float64) float64 {
	if f[viaPartners] == 0 {
		return 0
	}
	n := float64(len(q.partner.list))
	return m.steps[sharedPartners].gain(n) +
		m.steps[neighbourhood].gain(neighbours(n, q.self.partners, f[partners])) +
		m.steps[adamicAdar].gain(n/math.Ln2) + 1e-9
}
