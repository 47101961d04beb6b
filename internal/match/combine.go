package match

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/maillage/maillage/internal/projection"
)

// set is the actors that take the places.
type set struct {
	actors []int32 // in the order of the places
	sorted []int32 // by number
	score  float64
}

// newSet returns a set of some actors, which may change afterwards.
func newSet(actors []int32, score float64) set {
	return set{slices.Clone(actors), slices.Sorted(slices.Values(actors)), score}
}

// compareSets orders sets: the better first, among equals by their actors.
func compareSets(a, b set) int {
	return cmp.Or(cmp.Compare(b.score, a.score), slices.Compare(a.sorted, b.sorted), slices.Compare(a.actors, b.actors))
}

// differ returns how many actors of a set another one of the same size lacks.
func differ(a, b set) int {
	n := 0
	for _, actor := range a.sorted {
		if _, common := slices.BinarySearch(b.sorted, actor); !common {
			n++
		}
	}
	return n
}

// choose returns the best of some sets, the better first, and puts them all in
// that order. Each differs by two actors from each other; where these are too
// few, by one.
func choose(work *projection.Work, sets []set, first int) (chosen []set, err error) {
	slices.SortFunc(sets, func(a, b set) int {
		if work.Look(1) != nil {
			return 0 // nobody waits for the order, and any other ends it sooner
		}
		return compareSets(a, b)
	})
	for least := 2; least > 0; least-- {
		for _, s := range sets {
			if len(chosen) == first {
				break
			}
			if err := work.Look(1 + len(chosen)); err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(chosen, func(c set) bool { return differ(s, c) < least }) {
				chosen = append(chosen, s)
			}
		}
	}
	slices.SortFunc(chosen, compareSets)
	return chosen, nil
}

// exact returns all combinations.
func (p *problem) exact() (sets []set, err error) {
	var actors []int32
	var extend func(score float64) error
	extend = func(score float64) error {
		at := len(actors)
		if at == len(p.places) {
			if len(p.countries(actors)) >= p.o.MinCountries {
				sets = append(sets, newSet(actors, score))
			}
			return nil
		}
		for _, a := range p.places[at].candidates {
			if err := p.work.Look(1); err != nil {
				return err
			}
			if slices.Contains(actors, a) {
				continue
			}
			more := p.gain(at, a, actors)
			actors = append(actors, a)
			if err := extend(score + more); err != nil {
				return err
			}
			actors = actors[:at]
		}
		return nil
	}
	err = extend(p.base())
	return sets, err
}

// shortlist keeps of the candidates for each place those worth trying.
func (p *problem) shortlist() error {
	long := map[int][]int32{} // by need
	short := map[int][]int32{}
	all := map[int32]bool{}
	for at, pl := range p.places {
		if long[pl.need] != nil {
			continue
		}
		long[pl.need] = pl.candidates
		best, abroad := list{most: listed}, map[uint16]*list{}
		for _, a := range pl.candidates {
			if err := p.work.Look(1 + p.g.Meetings.Degree(a)); err != nil {
				return err
			}
			score := p.gain(at, a, nil)
			best.offer(a, score)
			// The best of each country are enough to be of as many as can be.
			if c := p.g.Country[a]; c != 0 && p.o.MinCountries > 1 {
				if abroad[c] == nil {
					abroad[c] = &list{most: 1}
				}
				abroad[c].offer(a, score)
			}
		}
		for _, of := range abroad {
			if c := p.g.Country[of.items[0].actor]; !slices.ContainsFunc(best.items, func(i item) bool { return p.g.Country[i.actor] == c }) {
				best.most++
				best.offer(of.items[0].actor, of.items[0].score)
			}
		}
		short[pl.need] = best.actors()
		for _, a := range short[pl.need] {
			all[a] = true
		}
	}
	// Whoever is tied to those may make a better set than who fits alone.
	tie := map[int32]int64{}
	for a := range all {
		known, err := ties(p.work, p.g, a)
		if err != nil {
			return err
		}
		for _, t := range known {
			tie[t.actor] = max(tie[t.actor], t.strength)
		}
	}
	for i, pl := range p.places {
		more := list{most: listed}
		for _, a := range long[pl.need] {
			if err := p.work.Look(1); err != nil {
				return err
			}
			if tie[a] > 0 && !slices.Contains(short[pl.need], a) {
				more.offer(a, p.gain(i, a, nil)+closeness(tie[a]))
			}
		}
		p.places[i].candidates = append(slices.Clone(short[pl.need]), more.actors()...)
	}
	return nil
}

// list is the best of the actors that were offered, the best first.
type list struct {
	most  int
	items []item
}

type item struct {
	actor int32
	score float64
}

func (l *list) offer(actor int32, score float64) {
	i := item{actor, score}
	at, _ := slices.BinarySearchFunc(l.items, i, func(a, b item) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.actor, b.actor))
	})
	if at < l.most {
		l.items = slices.Insert(l.items, at, i)
		l.items = l.items[:min(len(l.items), l.most)]
	}
}

func (l *list) actors() (out []int32) {
	for _, i := range l.items {
		out = append(out, i.actor)
	}
	return out
}

// beam keeps the best beginnings from place to place, and returns all that they
// become in the end.
func (p *problem) beam(width int) ([]set, error) {
	beginnings := []set{newSet(nil, p.base())}
	reached := map[string]int{}
	for at, pl := range p.places {
		type extension struct {
			of, with int32
			score    float64
		}
		var all []extension
		for i, s := range beginnings {
			for _, a := range pl.candidates {
				if err := p.work.Look(1); err != nil {
					return nil, err
				}
				if slices.Contains(s.actors, a) {
					continue
				}
				if p.o.MinCountries > 1 {
					have := p.countries(append(s.actors[:at:at], a))
					key := fmt.Sprint(have)
					n, known := reached[key]
					if !known {
						n = p.reach(have, p.places[at+1:])
						reached[key] = n
					}
					if n < p.o.MinCountries {
						continue
					}
				}
				all = append(all, extension{int32(i), a, s.score + p.gain(at, a, s.actors)})
			}
		}
		clear(reached)
		slices.SortFunc(all, func(a, b extension) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.of, b.of), cmp.Compare(a.with, b.with))
		})
		var next []set
		seen := map[string]bool{}
		for _, e := range all {
			s := newSet(append(beginnings[e.of].actors[:at:at], e.with), e.score)
			if key := fmt.Sprint(s.sorted); !seen[key] {
				seen[key] = true
				if next = append(next, s); len(next) == width && at < len(p.places)-1 {
					break
				}
			}
		}
		beginnings = next
	}
	return beginnings, nil
}

// base is what the anchors are worth.
func (p *problem) base() (score float64) {
	for i, a := range p.o.Anchors {
		score += sum(p.reasons(p.taken[i], a))
		for _, b := range p.o.Anchors[:i] {
			score += p.tie(a, b)
		}
	}
	return score
}

// gain is what an actor on a place adds to anchors and others. Weights are
// multiples of 2^-20, so that it does not matter in which order they are added.
func (p *problem) gain(at int, actor int32, others []int32) float64 {
	need := p.places[at].need
	key := [2]int32{int32(need), actor}
	alone, known := p.fits[key]
	if !known {
		alone = sum(p.reasons(need, actor))
		for _, a := range p.o.Anchors {
			alone += p.tie(a, actor)
		}
		p.fits[key] = alone
	}
	for _, b := range others {
		alone += p.tie(b, actor)
	}
	return alone
}

// shared is how strongly two actors are tied by what they have worked on and by
// the bodies to which they belong.
type shared struct{ work, seat int64 }

// tie is what two actors have shared, as in together.
func (p *problem) tie(a, b int32) float64 {
	with, known := p.rows[a]
	if !known {
		with = map[int32]shared{}
		for _, group := range p.g.Meetings.Of(a) {
			members := p.g.Members.Of(group)
			if len(members) < 2 || len(members) > closeGroup {
				continue
			}
			if p.work.Look(len(members)) != nil {
				break
			}
			s := strength(p.g, group)
			for _, m := range members {
				t := with[m]
				if p.g.Body(group) {
					t.seat += s
				} else {
					t.work += s
				}
				with[m] = t
			}
		}
		p.rows[a] = with
	}
	t := with[b]
	return closeness(t.work) + closeness(t.seat)
}

// reasons returns why an actor fits a need, and the call.
func (p *problem) reasons(need int, actor int32) []projection.Reason {
	if need < 0 || p.needs[need] == nil {
		if p.call == nil {
			return nil
		}
		return p.call.reasons(actor)
	}
	out := p.needs[need].reasons(actor)
	if p.call != nil && p.call.holds(p.g.ActorSectors.Of(actor)) {
		r := reason(OpenCall, .5)
		r.Count, r.Evidence = 1, []string{p.g.Calls.ID(*p.o.Call)}
		out = append(out, r)
	}
	return out
}

// explain returns a set with its reasons.
func (p *problem) explain(s set) Consortium {
	var c Consortium
	for i, a := range p.o.Anchors {
		c.Members = append(c.Members, Member{Actor: a, Anchor: true, Need: p.taken[i], Reasons: weightiest(p.reasons(p.taken[i], a))})
	}
	for i, a := range s.actors {
		c.Members = append(c.Members, Member{Actor: a, Need: p.places[i].need, Reasons: weightiest(p.reasons(p.places[i].need, a))})
	}
	// By need, those that complete the number last.
	slices.SortStableFunc(c.Members[len(p.o.Anchors):], func(a, b Member) int {
		return cmp.Or(cmp.Compare(uint(a.Need), uint(b.Need)), cmp.Compare(a.Actor, b.Actor))
	})
	for _, m := range c.Members {
		c.Score += sum(m.Reasons)
	}
	for i, a := range c.Members {
		for j, b := range c.Members[:i] {
			if shared := together(p.g, b.Actor, a.Actor); shared != nil {
				c.Pairs = append(c.Pairs, Pair{int32(j), int32(i), weightiest(shared)})
				c.Score += sum(shared)
			}
		}
	}
	for _, n := range p.countries(s.actors) {
		c.Countries = append(c.Countries, p.g.Countries[n])
	}
	return c
}
