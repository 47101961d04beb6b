package ranking

import (
	"context"
	"math"
	"slices"
)

// query is what is known of one actor while others are compared with it. It is
// used again.
type query struct {
	index     *index
	actor     int32
	walker    *walker
	councils  []int32   // the bodies of which it is a member
	kinds     []float64 // by kind, how much more often than by chance it meets it
	countries []float64
	partner   marks // those with whom it shares a group
	known     marks // those with whom it works, to whom it is related, and itself
	counted   marks
	chosen    marks
	scored    []scored
}

// sharedItems is how many members of groups are looked at for one candidate to
// count shared partners.
const sharedItems = 1_000

// marks is a set of actors that is emptied at once.
type marks struct {
	at    []uint32
	round uint32
}

func newMarks(n int) marks { return marks{at: make([]uint32, n), round: 1} }

func (m *marks) clear() {
	if m.round++; m.round == 0 {
		clear(m.at)
		m.round = 1
	}
}

func (m *marks) has(i int32) bool { return m.at[i] == m.round }

// add adds an actor and reports whether it is new.
func (m *marks) add(i int32) bool {
	was := m.at[i]
	m.at[i] = m.round
	return was != m.round
}

func newQuery(x *index) *query {
	n := x.g.Actors.Len()
	return &query{index: x, walker: newWalker(n, x.g.Groups.Len()), partner: newMarks(n), known: newMarks(n), counted: newMarks(n), chosen: newMarks(n)}
}

// begin learns what is known of an actor.
func (q *query) begin(ctx context.Context, actor int32) error {
	g := q.index.g
	q.walker.clear()
	for _, m := range []*marks{&q.partner, &q.known, &q.chosen} {
		m.clear()
	}
	q.actor, q.councils = actor, q.councils[:0]
	kinds, countries := make([]float64, len(g.Kinds)), make([]float64, len(g.Countries))
	q.known.add(actor)
	for _, p := range q.index.spread(actor) {
		body := g.Body(p)
		if body {
			q.councils = append(q.councils, p)
		}
		joint, near := q.index.joint(p), q.index.close(p)
		for _, b := range g.Members.Of(p) {
			if b == actor {
				continue
			}
			if !body {
				q.known.add(b)
			}
			if joint {
				q.partner.add(b)
			}
			if near {
				kinds[g.Kind[b]]++
				countries[g.Country[b]]++
			}
		}
	}
	for _, b := range g.Direct.Of(actor) {
		q.known.add(b)
	}
	q.kinds = lift(kinds, q.index.together, int(g.Kind[actor]))
	q.countries = lift(countries, q.index.abroad, int(g.Country[actor]))
	return q.walker.walk(ctx, q.index, actor)
}

// countShared returns how many partners an actor has in common with that of the
// query, and their sum by Adamic and Adar, in which the well connected count for
// less; of one that has met more than so many, those of its last groups.
func (q *query) countShared(b int32, most int) (n int, aa float64) {
	g := q.index.g
	q.counted.clear()
	looked := 0
	groups := g.Meetings.Of(b)
	for i := len(groups) - 1; i >= 0 && looked < most; i-- {
		if !q.index.joint(groups[i]) {
			continue
		}
		members := g.Members.Of(groups[i])
		looked += len(members)
		for _, c := range members {
			if q.partner.has(c) && c != b && q.counted.add(c) {
				n++
				aa += 1 / math.Log(float64(max(2, q.index.partners[c])))
			}
		}
	}
	return n, aa
}

// candidates are the most that one of the ways to find some may give.
const candidates = 150

// choose returns those to compare, in ascending order: the best by each walk, the
// most active in the country, the sectors, the places and everywhere, and the
// members of common bodies; of few that are allowed, all.
func (q *query) choose(o Options) []int32 {
	x, g := q.index, q.index.g
	var out []int32
	add := func(b int32) {
		if (o.Partners || !q.known.has(b)) && b != q.actor && o.allows(b) && q.chosen.add(b) {
			out = append(out, b)
		}
	}
	if o.Among != nil && len(o.Among) <= 4*candidates {
		for _, b := range o.Among {
			add(b)
		}
		return out
	}
	allowed := func(b int32) bool { return (o.Partners || !q.known.has(b)) && o.allows(b) }
	for _, l := range q.walker.steps[2:] {
		for v := range len(mass{}) {
			for _, b := range best(l.list, candidates, func(b int32) float32 { return l.at[b][v] }, allowed) {
				add(b)
			}
		}
	}
	lists := [][]int32{x.everywhere}
	if c := g.Country[q.actor]; c != 0 {
		lists = append(lists, x.inCountry[c])
	}
	for _, p := range g.ActorPlaces.Of(q.actor) {
		lists = append(lists, x.inPlace[p])
	}
	for _, p := range q.councils {
		members := g.Members.Of(p)
		lists = append(lists, members[:min(len(members), candidates)])
	}
	lists = append(lists, q.inSectors(allowed))
	for _, list := range lists {
		for _, b := range list {
			add(b)
		}
	}
	slices.Sort(out)
	return out
}

// inSectors returns those that are most present where the actor works.
func (q *query) inSectors(allowed func(int32) bool) []int32 {
	x := q.index
	q.counted.clear()
	var list []int32
	at, end := x.fields.of(q.actor)
	for ; at < end && len(list) < 20*candidates; at++ {
		for _, b := range x.inSector[x.fields.sector[at]] {
			if q.counted.add(b) {
				list = append(list, b)
			}
		}
	}
	return best(list, candidates, func(b int32) float32 {
		cosine, presence := x.fields.compare(q.actor, b)
		return float32(presence + 1e-6*cosine)
	}, allowed)
}

// best returns the n greatest by a value that is over 0, ties by number.
func best(list []int32, n int, value func(int32) float32, allowed func(int32) bool) []int32 {
	var t top
	for _, b := range list {
		if v := (valued{value(b), b}); t.wants(v, n) && allowed(b) {
			t.push(v, n)
		}
	}
	return t.actors()
}

// top is a heap of the greatest values seen, the least of them above.
type top []valued

// wants reports whether a value is over 0 and among the n greatest so far.
func (t top) wants(v valued, n int) bool {
	return v.value > 0 && (len(t) < n || t[0].less(v))
}

// push adds a value that is wanted.
func (t *top) push(v valued, n int) {
	h := *t
	if len(h) < n {
		h = append(h, v)
		for i := len(h) - 1; i > 0 && h[i].less(h[(i-1)/2]); i = (i - 1) / 2 {
			h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
		}
		*t = h
		return
	}
	h[0] = v
	for i := 0; ; {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < n; c++ {
			if h[c].less(h[least]) {
				least = c
			}
		}
		if least == i {
			return
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}

func (t top) actors() []int32 {
	out := make([]int32, len(t))
	for i, v := range t {
		out[i] = v.actor
	}
	return out
}

// valued is an actor with a value: a heap of them has the least above.
type valued struct {
	value float32
	actor int32
}

func (v valued) less(w valued) bool {
	return v.value < w.value || v.value == w.value && v.actor > w.actor
}
