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
	self      *numbers
	walker    *walker
	notes     *notes
	councils  []int32   // the bodies of which it is a member
	kinds     []float64 // by kind, how much more often than by chance it meets it
	countries []float64
	partner   marks // those with whom it shares a group
	met       marks // those with whom it works, to whom it is related, and itself
	counted   marks
	chosen    marks
	sums      []float32 // by place, see sum
	measured  []measured
	bounds    []bound
	scored    []scored
}

// sharedItems is how many members of groups are looked at for one candidate to
// count shared partners.
const sharedItems = 1_000

func newQuery(x *index) *query {
	n := x.g.Actors.Len()
	return &query{
		index: x, walker: newWalker(), notes: newNotes(x),
		partner: newMarks(n), met: newMarks(n), counted: newMarks(n), chosen: newMarks(n),
	}
}

// begin learns what is known of an actor.
func (q *query) begin(ctx context.Context, actor int32) error {
	g := q.index.g
	q.walker.clear()
	for _, m := range []*marks{&q.partner, &q.met, &q.chosen} {
		m.clear()
	}
	q.actor, q.self, q.councils = actor, q.index.of(actor, q.notes), q.councils[:0]
	kinds, countries := make([]float64, len(g.Kinds)), make([]float64, len(g.Countries))
	q.met.add(actor)
	for _, p := range q.index.spread(actor) {
		body := q.index.body(p)
		if body {
			q.councils = append(q.councils, p)
		}
		joint, near := q.index.joint(p), q.index.close(p)
		for _, b := range g.Members.Of(p) {
			if b == actor {
				continue
			}
			if !body {
				q.met.add(b)
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
		q.met.add(b)
	}
	q.kinds = q.index.kinds.lift(kinds, int(g.Kind[actor]))
	q.countries = q.index.country.lift(countries, int(g.Country[actor]))
	return q.walker.walk(ctx, q.index, actor)
}

// numbers returns what is known of another actor.
func (q *query) numbers(b int32) *numbers { return q.index.of(b, q.notes) }

// countShared returns how many partners an actor has in common with that of the
// query, and their sum by Adamic and Adar, in which the well connected count for
// less; of one that has met more than sharedItems, those of its last groups.
func (q *query) countShared(b int32) (n int, aa float64) {
	q.counted.clear()
	q.shared(b, sharedItems, func(c int32, _ int) {
		if q.counted.add(c) {
			n++
			aa += 1 / math.Log(float64(max(2, q.numbers(c).partners)))
		}
	})
	return n, aa
}

// shared tells of the partners in common with an actor, each as often as it is in
// a group with it, and of how many members such a group is. Of one that has met
// more than so many, it tells of the last groups.
func (q *query) shared(b int32, most int, yield func(c int32, members int)) {
	g := q.index.g
	groups := g.Meetings.Of(b)
	for i, looked := len(groups)-1, 0; i >= 0 && looked < most; i-- {
		if q.index.meetings[groups[i]].members == 0 {
			continue
		}
		members := g.Members.Of(groups[i])
		looked += len(members)
		for _, c := range members {
			if q.partner.has(c) && c != b {
				yield(c, len(members))
			}
		}
	}
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
		if (o.Partners || !q.met.has(b)) && b != q.actor && o.allows(b) && q.chosen.add(b) {
			out = append(out, b)
		}
	}
	if o.Among != nil && len(o.Among) <= 4*candidates {
		for _, b := range o.Among {
			add(b)
		}
		return out
	}
	allowed := func(b int32) bool { return (o.Partners || !q.met.has(b)) && o.allows(b) }
	for _, l := range q.walker.steps[2:] {
		for v := range len(mass{}) {
			var t top
			for _, place := range l.list {
				b := q.walker.places.list[place]
				if w := (valued{l.at[place][v], b}); w.value > 0 && t.wants(w, candidates) && allowed(b) {
					t.offer(w, candidates)
				}
			}
			for _, w := range t {
				add(w.of)
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

// inSectors returns those that are most present where the actor works, as far as
// they are among the most active of the sectors.
func (q *query) inSectors(allowed func(int32) bool) []int32 {
	// undated is what a sector counts in which nothing has a date.
	const undated = 1e-3
	x := q.index
	q.counted.clear()
	for _, f := range q.self.fields.in {
		each := float64(f.fresh+undated) * x.sectors.idf[f.sector]
		for _, b := range x.sectors.top[f.sector] {
			q.counted.add(b.of)
			*q.sum(b.of) += float32(each * float64(b.value+undated))
		}
	}
	var t top
	for _, b := range q.counted.list {
		if v := (valued{*q.sum(b), b}); v.value > 0 && t.wants(v, candidates) && allowed(b) {
			t.offer(v, candidates)
		}
		*q.sum(b) = 0
	}
	return t.all()
}

// sum returns what is added up of an actor. It is left as 0.
func (q *query) sum(b int32) *float32 {
	place := int(q.walker.places.place(b))
	for place >= len(q.sums) {
		q.sums = append(q.sums, 0)
	}
	return &q.sums[place]
}
