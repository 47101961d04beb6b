package match

import (
	"cmp"
	"slices"

	"github.com/maillage/maillage/internal/projection"
)

// closeGroup is the most members of a group in which all know each other.
const closeGroup = 40

// tied is another actor and how strong the tie to it is.
type tied struct {
	actor    int32
	strength int64
}

// ties returns those whom an actor knows from groups, in the order of their
// numbers.
func ties(work *projection.Work, g *projection.Graph, actor int32) ([]tied, error) {
	with := map[int32]int64{}
	for _, p := range g.Meetings.Of(actor) {
		members := g.Members.Of(p)
		if len(members) < 2 || len(members) > closeGroup {
			continue
		}
		if err := work.Look(len(members)); err != nil {
			return nil, err
		}
		s := strength(g, p)
		for _, b := range members {
			if b != actor {
				with[b] += s
			}
		}
	}
	out := make([]tied, 0, len(with))
	for b, s := range with {
		out = append(out, tied{b, s})
	}
	slices.SortFunc(out, func(a, b tied) int { return cmp.Compare(a.actor, b.actor) })
	return out, work.Look(len(out))
}

// closeness is what a tie counts for, from 0 to 1: a half for the tie of those
// who are in a running project of eleven.
func closeness(strength int64) float64 {
	s := float64(strength) / projection.Fresh
	return rounded(s / (s + .1))
}

// together returns the reasons that lie in what two actors have shared: projects
// and synergies, and bodies.
func together(g *projection.Graph, a, b int32) (out []projection.Reason) {
	var met, bodies []int32
	var work, seat int64
	x, y := g.Meetings.Of(a), g.Meetings.Of(b)
	for len(x) > 0 && len(y) > 0 {
		switch p := x[0]; {
		case p < y[0]:
			x = x[1:]
		case p > y[0]:
			y = y[1:]
		default:
			x, y = x[1:], y[1:]
			if g.Members.Degree(p) > closeGroup {
				continue
			}
			if g.Body(p) {
				bodies, seat = append(bodies, p), seat+strength(g, p)
			} else {
				met, work = append(met, p), work+strength(g, p)
			}
		}
	}
	shared := func(code string, list []int32, s int64) {
		if len(list) == 0 {
			return
		}
		slices.SortFunc(list, func(p, q int32) int { return cmp.Or(cmp.Compare(strength(g, q), strength(g, p)), cmp.Compare(p, q)) })
		r := reason(code, closeness(s))
		r.Count, r.Evidence = len(list), groups(g, list)
		out = append(out, r)
	}
	shared(WorkedTogether, met, work)
	shared(SameCouncil, bodies, seat)
	return out
}

// strength is how strong a tie a group of several makes.
func strength(g *projection.Graph, group int32) int64 {
	return g.Strength(group, g.Members.Degree(group))
}
