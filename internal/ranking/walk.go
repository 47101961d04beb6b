package ranking

import (
	"context"
	"math"
)

// What one step of a walk looks at is bounded, so that the largest hub costs no
// more than others: those who carry least are left out first.
const (
	stepItems  = 20_000 // groups of actors, and then members of groups
	stepGroups = 1_000  // groups of one actor
)

// mass is how likely three walks are at a node. Each steps to a group, chosen by
// how many members it has, evenly, or by how fresh it is, and on to any of its
// members, evenly.
type mass [3]float32

func (m mass) none() bool     { return m == mass{} }
func (m mass) total() float32 { return m[0] + m[1] + m[2] }

// level is where walks are after some steps.
type level struct {
	at    []mass  // by node
	list  []int32 // nodes that were reached, in the order of being reached
	order []int32 // the heaviest of them
}

func newLevel(n int) level { return level{at: make([]mass, n)} }

func (l *level) clear() {
	for _, i := range l.list {
		l.at[i] = mass{}
	}
	l.list = l.list[:0]
}

func (l *level) add(i int32, m mass) {
	if m.none() {
		return
	}
	if l.at[i].none() {
		l.list = append(l.list, i)
	}
	for v := range m {
		l.at[i][v] += m[v]
	}
}

// heaviest returns what is at a level; where a step would look at more than
// stepItems, without what carries least, to a sixteenth. degree says what a node
// costs.
func (l *level) heaviest(degree func(int32) int) []int32 {
	items := 0
	for _, i := range l.list {
		items += degree(i)
	}
	if items <= stepItems {
		return l.list
	}
	// The first bits of a positive number are its exponent and its sixteenths.
	bucket := func(i int32) uint32 { return math.Float32bits(l.at[i].total()) >> 19 }
	var cost [1 << 12]int
	for _, i := range l.list {
		cost[bucket(i)] += degree(i)
	}
	cut, left := uint32(len(cost)-1), stepItems
	for ; cut > 0 && cost[cut] <= left; cut-- {
		left -= cost[cut]
	}
	l.order = l.order[:0]
	for _, i := range l.list {
		switch b := bucket(i); {
		case b > cut:
			l.order = append(l.order, i)
		case b == cut && degree(i) <= left:
			left -= degree(i)
			l.order = append(l.order, i)
		}
	}
	return l.order
}

// walker holds where walks from one actor are after each step. It is used again
// for other actors.
type walker struct {
	steps  [4]level // the first is the actor itself
	inside level    // groups within a step
}

func newWalker(actors, groups int) *walker {
	w := &walker{inside: newLevel(groups)}
	for i := range w.steps {
		w.steps[i] = newLevel(actors)
	}
	return w
}

func (w *walker) clear() {
	w.inside.clear()
	for i := range w.steps {
		w.steps[i].clear()
	}
}

// walk goes from an actor to those that share a group with it, to those that
// share one with these, and once more. A cancelled walk is left as it is.
func (w *walker) walk(ctx context.Context, x *index, from int32) error {
	w.steps[0].add(from, mass{1, 1, 1})
	for i := range len(w.steps) - 1 {
		if err := w.step(ctx, x, &w.steps[i], &w.steps[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) step(ctx context.Context, x *index, from, to *level) error {
	g := x.g
	groups := func(a int32) int { return min(stepGroups, g.Meetings.Degree(a)) }
	members := func(p int32) int { return g.Members.Degree(p) }
	for i, a := range from.heaviest(groups) {
		if i&255 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		m := from.at[a]
		for v := range m {
			if total := x.outgoing[a][v]; total > 0 {
				m[v] /= total
			} else {
				m[v] = 0
			}
		}
		for _, p := range x.spread(a) {
			if s := x.through[p]; s[1] > 0 {
				w.inside.add(p, mass{m[0] * s[0], m[1] * s[1], m[2] * s[2]})
			}
		}
	}
	for i, p := range w.inside.heaviest(members) {
		if i&255 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		m := w.inside.at[p]
		each := 1 / float32(members(p))
		for v := range m {
			m[v] *= each
		}
		for _, b := range g.Members.Of(p) {
			to.add(b, m)
		}
	}
	w.inside.clear()
	return nil
}

// spread returns the groups of an actor; of a hub as many as a step looks at,
// the last by number.
func (x *index) spread(a int32) []int32 {
	all := x.g.Meetings.Of(a)
	return all[max(0, len(all)-stepGroups):]
}

// ranks returns what PageRank from the actor, which goes back to it with
// probability .15 before each step, gives another by the steps from the second
// on.
func (w *walker) ranks(b int32) (out [3]float64) {
	left := .15 * .85 * .85
	for _, l := range w.steps[2:] {
		for v := range out {
			out[v] += left * float64(l.at[b][v])
		}
		left *= .85
	}
	return out
}
