package ranking

import (
	"context"
	"math"
)

// What one step of a walk looks at is bounded, so that the largest hub costs no
// more than others: those who carry least are left out first.
const (
	stepItems  = 20_000 // groups of actors, and then members of groups
	stepGroups = 1_000  // groups of one actor, the last of them
)

// mass is how likely three walks are at a node. Each steps to a group, chosen by
// how many members it has, evenly, or by how fresh it is, and on to any of its
// members, evenly.
type mass [3]float32

func (m mass) none() bool     { return m == mass{} }
func (m mass) total() float32 { return m[0] + m[1] + m[2] }

// level is where walks are after some steps.
type level struct {
	at    []mass  // by place
	on    []mass  // by place: what each of its groups is given by its weight; of those that were walked on from
	list  []int32 // places that were reached, in the order of being reached
	costs []int32 // of each of them, while the heaviest are found
	order []int32 // the heaviest of them
}

func (l *level) clear() { l.at, l.on, l.list = l.at[:0], l.on[:0], l.list[:0] }

// of returns what is at a place; -1 is the place of what has not been met.
func (l *level) of(place int32) mass {
	if place < 0 || int(place) >= len(l.at) {
		return mass{}
	}
	return l.at[place]
}

// passed returns what the even walk gave each group of an actor on the way.
func (l *level) passed(place int32) float32 {
	if int(place) >= len(l.on) {
		return 0
	}
	return l.on[place][1]
}

func (l *level) add(place int32, m mass) {
	if m.none() {
		return
	}
	for int(place) >= len(l.at) {
		l.at = append(l.at, mass{})
	}
	at := &l.at[place]
	if at.none() {
		l.list = append(l.list, place)
	}
	for v := range m {
		at[v] += m[v]
	}
}

// heaviest returns the places of a level; where a step would look at more than
// stepItems, without those that carry least, to a sixteenth. Cost says how much is
// looked at for a place.
func (l *level) heaviest(cost func(place int32) int) []int32 {
	items := 0
	l.costs = l.costs[:0]
	for _, i := range l.list {
		c := cost(i)
		l.costs = append(l.costs, int32(c))
		items += c
	}
	if items <= stepItems {
		return l.list
	}
	// The first bits of a positive number are its exponent and its sixteenths.
	bucket := func(i int32) uint32 { return math.Float32bits(l.at[i].total()) >> 19 }
	var costs [1 << 12]int
	for j, i := range l.list {
		costs[bucket(i)] += int(l.costs[j])
	}
	cut, left := uint32(len(costs)-1), stepItems
	for ; cut > 0 && costs[cut] <= left; cut-- {
		left -= costs[cut]
	}
	l.order = l.order[:0]
	for j, i := range l.list {
		switch b, c := bucket(i), int(l.costs[j]); {
		case b > cut:
			l.order = append(l.order, i)
		case b == cut && c <= left:
			left -= c
			l.order = append(l.order, i)
		}
	}
	return l.order
}

// walker holds where walks from one actor are after each step. It is used again
// for other actors.
type walker struct {
	places places   // of actors
	steps  [4]level // the first is the actor itself
	groups places   // of groups within a step
	inside level
}

func newWalker() *walker { return &walker{places: newPlaces(), groups: newPlaces()} }

func (w *walker) clear() {
	w.places.clear()
	for i := range w.steps {
		w.steps[i].clear()
	}
	w.groups.clear()
	w.inside.clear()
}

// walk goes from an actor to those that share a group with it, to those that
// share one with these, and once more. A cancelled walk is left as it is.
func (w *walker) walk(ctx context.Context, x *index, from int32) error {
	w.steps[0].add(w.places.place(from), mass{1, 1, 1})
	for i := range len(w.steps) - 1 {
		if err := w.step(ctx, x, &w.steps[i], &w.steps[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) step(ctx context.Context, x *index, from, to *level) error {
	g := x.g
	groups := func(place int32) int { return min(stepGroups, g.Meetings.Degree(w.places.list[place])) }
	members := func(group int32) int { return int(x.meetings[w.groups.list[group]].members) }
	from.on = append(from.on, make([]mass, len(from.at))...)
	for i, place := range from.heaviest(groups) {
		if i&255 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		a := w.places.list[place]
		m, all := from.at[place], x.outgoing(a)
		for v := range m {
			if all[v] > 0 {
				m[v] /= all[v]
			} else {
				m[v] = 0
			}
		}
		from.on[place] = m
		for _, p := range x.spread(a) {
			if s := x.meetings[p].steps(); s[1] > 0 {
				w.inside.add(w.groups.place(p), mass{m[0] * s[0], m[1] * s[1], m[2] * s[2]})
			}
		}
	}
	for i, group := range w.inside.heaviest(members) {
		if i&255 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		m := w.inside.at[group]
		each := 1 / float32(members(group))
		for v := range m {
			m[v] *= each
		}
		for _, b := range g.Members.Of(w.groups.list[group]) {
			to.add(w.places.place(b), m)
		}
	}
	w.groups.clear()
	w.inside.clear()
	return nil
}

// spread returns the groups of an actor; of a hub as many as a step looks at,
// the last by number.
func (x *index) spread(a int32) []int32 {
	all := x.g.Meetings.Of(a)
	return all[max(0, len(all)-stepGroups):]
}

// outgoing returns the sum of the weights by which walks choose among the groups
// of an actor.
func (x *index) outgoing(a int32) (sum mass) {
	for _, p := range x.spread(a) {
		for v, w := range x.meetings[p].steps() {
			sum[v] += w
		}
	}
	return sum
}

// ranks returns what PageRank from the actor, which goes back to it with
// probability .15 before each step, gives another by the steps from the second
// on.
func ranks(steps ...mass) (out [3]float64) {
	left := .15 * .85 * .85
	for _, m := range steps {
		for v := range out {
			out[v] += left * float64(m[v])
		}
		left *= .85
	}
	return out
}
