package match

import (
	"math"
	"slices"

	"github.com/maillage/maillage/internal/projection"
)

// exchanges finds the needs and offers of others that an actor's offers and
// needs meet: resources, or any other kind.
//
// Need and offer must stand today and be of the same kind. Of resources one
// class of material must be the other or hold it, and where both tell units
// these must measure the same. Of other kinds, a sector of one must be a sector
// of the other, or hold it.
func exchanges(work *projection.Work, g *projection.Graph, actor int32, kind string, o Options) ([]Opportunity, string, error) {
	var found []Opportunity
	declared := false
	for _, side := range []struct{ own, other *projection.Exchanges }{{&g.Needs, &g.Offers}, {&g.Offers, &g.Needs}} {
		for _, i := range side.own.ByActor.Of(actor) {
			if !side.own.Stands(i, o.Today) || (side.own.Kind[i] == projection.Resource) != (kind == Resource) {
				continue
			}
			declared = true
			m := matcher{g: g, own: side.own, i: i, class: parseClass(side.own.Class[i]), today: o.Today}
			for j := range int32(side.other.Len()) {
				if err := work.Look(1); err != nil {
					return nil, "", err
				}
				reasons := m.match(side.other, j)
				if reasons == nil {
					continue
				}
				for _, b := range side.other.Actors.Of(j) {
					if b == actor {
						continue
					}
					if err := work.Look(g.Meetings.Degree(actor) + g.Meetings.Degree(b)); err != nil {
						return nil, "", err
					}
					all := weightiest(slices.Concat(reasons, between(g, actor, b)))
					found = append(found, Opportunity{
						Kind: kind, Own: side.own.ID(i), With: side.other.ID(j), Other: b,
						Score: sum(all), Reasons: all,
					})
				}
			}
		}
	}
	if !declared {
		return nil, NothingDeclared, nil
	}
	return found, NothingMeets, nil
}

// matcher holds what is known of a need or an offer that others may meet.
type matcher struct {
	g     *projection.Graph
	own   *projection.Exchanges
	i     int32
	class class
	today projection.Day
}

// match returns why what another declares meets it, or nil when it does not:
//
//	RESOURCE_MATCH            1/(1+levels between the classes)
//	QUANTITY_OVERLAP          the lesser quantity by the greater
//	COMPLEMENTARY_NEED_OFFER  1
//	SAME_FIELD                1/(1+levels between the sectors)
//	STANDS_FOR, NO_END        a quarter, less where one expires within 180 days
func (m *matcher) match(other *projection.Exchanges, j int32) (out []projection.Reason) {
	if other.Kind[j] != m.own.Kind[m.i] || !other.Stands(j, m.today) {
		return nil
	}
	need, offer := m.own.ID(m.i), other.ID(j)
	if m.own == &m.g.Offers {
		need, offer = offer, need
	}
	both := []string{need, offer}
	if other.Kind[j] == projection.Resource {
		steps, ok := m.class.steps(parseClass(other.Class[j]))
		ratio, compatible := overlap(m.own.Amount[m.i], other.Amount[j])
		if !ok || !compatible {
			return nil
		}
		r := reason(ResourceMatch, 1/(1+float64(steps)))
		r.Text, r.Evidence = other.Class[j], both
		out = append(out, r)
		if ratio > 0 {
			r = reason(QuantityOverlap, ratio)
			r.Value, r.Evidence = ratio, both
			out = append(out, r)
		}
	} else {
		field, ok := m.sameField(other.Sectors.Of(j))
		if !ok {
			return nil
		}
		r := reason(ComplementaryNeedOffer, 1)
		r.Text, r.Evidence = other.Kind[j], both
		out = append(out, r, field)
	}
	const long = 180
	until := m.own.Until[m.i]
	if u := other.Until[j]; until == projection.NoDay || u != projection.NoDay && u < until {
		until = u
	}
	r := reason(NoEnd, .25)
	if until != projection.NoDay {
		days := int(until-m.today) + 1
		r = reason(StandsFor, .25*min(1, float64(days)/long))
		r.Count = days
	}
	r.Evidence = both
	return append(out, r)
}

// sameField returns the closest of the sectors of both.
func (m *matcher) sameField(sectors []int32) (projection.Reason, bool) {
	best, levels := [2]int32{-1, -1}, math.MaxInt
	for _, own := range m.own.Sectors.Of(m.i) {
		for _, s := range sectors {
			for _, ends := range [][2]int32{{s, own}, {own, s}} {
				if d, ok := above(m.g.Broader, ends[0], ends[1]); ok && d < levels {
					best, levels = [2]int32{own, s}, d
				}
			}
		}
	}
	if best[0] < 0 {
		return projection.Reason{}, false
	}
	r := reason(SameField, 1/(1+float64(levels)))
	for _, s := range best {
		if id := m.g.Sectors.ID(s); len(r.Evidence) == 0 || r.Evidence[0] != id {
			r.Evidence = append(r.Evidence, id)
		}
	}
	r.Count = 1
	return r, true
}

// between returns what two organisations have in common beside what they
// declare:
//
//	NEARBY           1/(2+km/25), a half at the same spot and a third 25 km away
//	SAME_COUNTRY     a tenth, where it is not known how near they are
//	WORKED_TOGETHER, SAME_COUNCIL  how close the tie is, by half
func between(g *projection.Graph, a, b int32) (out []projection.Reason) {
	if km := g.Position[a].Kilometres(g.Position[b]); !math.IsNaN(km) {
		r := reason(Nearby, 1/(2+km/25))
		r.Value = math.Round(km*10) / 10
		out = append(out, r)
	} else if c := g.Country[a]; c != 0 && c == g.Country[b] {
		r := reason(SameCountry, .1)
		r.Text = g.Countries[c]
		out = append(out, r)
	}
	for _, r := range together(g, a, b) {
		r.Weight = rounded(r.Weight / 2)
		out = append(out, r)
	}
	return out
}
