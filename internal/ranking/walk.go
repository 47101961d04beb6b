package ranking

import (
	"cmp"
	"context"
	"slices"
)

// What one step of a walk looks at is bounded, so that the largest hub costs no
// more than others: those who carry least are left out first.
const (
	stepItems  = 120_000 // groups of actors, and then members of groups
	stepGroups = 2_000   // groups of one actor
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
// stepItems, without what carries least. degree says what a node costs.
func (l *level) heaviest(degree func(int32) int) []int32 {
	items := 0
	for _, i := range l.list {
		items += degree(i)
	}
	if items <= stepItems {
		return l.list
	}
	l.order = append(l.order[:0], l.list...)
	slices.SortFunc(l.order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(l.at[j].total(), l.at[i].total()), cmp.Compare(i, j))
	})
	items = 0
	for k, i := range l.order {
		if items += degree(i); items > stepItems && k > 0 {
			return l.order[:k]
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
			if s := x.steps(p); s[1] > 0 {
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
