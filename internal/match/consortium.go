package match

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
)

// Need is what a consortium must have: as many organisations as Count says, of
// a kind, size and country, each of which may be any, that work in one of some
// sectors or beneath it.
type Need struct {
	Kind, Size, Country string  // "" is any
	Sectors             []int32 // none is any
	Count               int     // 0 is one
}

// ConsortiumOptions says what a consortium must have.
type ConsortiumOptions struct {
	Call         *int32  // the call that it is to answer
	Anchors      []int32 // who is in it in any case
	Needs        []Need
	MinCountries int // of how many countries its members are at least
	First        int // how many consortia
	Today        projection.Day
}

// MaxMembers is the most members of a consortium.
const MaxMembers = 10

// Consortium is a set of organisations that meets the needs. Its score is the
// sum of the weights of the reasons of its members, then of its pairs.
type Consortium struct {
	Members   []Member // anchors first, then by need
	Pairs     []Pair   // those of its members with something in common
	Countries []string // of its members, sorted
	Score     float64
}

// Member is an organisation in a consortium.
type Member struct {
	Actor   int32
	Anchor  bool
	Need    int // the need that it meets; -1 when it meets none and completes the number
	Reasons []projection.Reason
}

// Pair is two members with something in common.
type Pair struct {
	A, B    int32 // where they stand among the members
	Reasons []projection.Reason
}

// Consortia returns the best sets of organisations that meet the needs: the one
// with the greatest score, and of those that differ by two members from all before
// the best again. Where these are too few, others make up the number.
//
// Anchors meet as many needs as they can, each one. Where the needs ask for fewer
// members than the call or the countries do, places are added for any that fit
// the call. Members are ranked by how they fit what their need is about, else
// the call (as in field.reasons), with a half for those that fit the call
// besides; pairs by what they have shared (as in together).
//
// Few candidates are tried in every combination. Of many, those are tried that
// fit best, alone and with the anchors, that are tied to these, and the best of
// each country; a beam keeps the best beginnings from place to place. So the
// best may be missed, and equal questions have equal answers.
//
// What cannot be met is BAD_USER_INPUT and says why.
func Consortia(ctx context.Context, g *projection.Graph, o ConsortiumOptions) ([]Consortium, error) {
	p, err := newProblem(ctx, g, o)
	if err != nil {
		return nil, err
	}
	if err := p.gather(); err != nil {
		return nil, err
	}
	var sets []set
	if p.combinations() <= exactly {
		sets, err = p.exact()
	} else {
		if err = p.shortlist(); err == nil {
			sets, err = p.beam(width)
		}
	}
	if err == nil {
		err = p.work.Look(0)
	}
	if err != nil {
		return nil, err
	}
	if len(sets) == 0 {
		return nil, kg.Errorf(kg.BadUserInput, "needs: no set of organisations was found that meets all of them at once")
	}
	chosen, err := choose(p.work, sets, o.First)
	if err != nil {
		return nil, err
	}
	var out []Consortium
	for _, s := range chosen {
		out = append(out, p.explain(s))
	}
	return out, nil
}

const (
	// exactly is the most combinations that are all tried.
	exactly = 100_000
	// width is how many beginnings a beam keeps.
	width = 64
	// listed is how many candidates for a place are taken by how they fit alone,
	// and how many again by how they are tied to others.
	listed = 40
)

// place is a place in a consortium that no anchor takes.
type place struct {
	need       int     // -1 of a place that completes the number
	candidates []int32 // by number
}

// problem is what is asked, in the form in which it is solved.
type problem struct {
	work    *projection.Work
	g       *projection.Graph
	o       ConsortiumOptions
	call    *field   // what the call is about; nil when that is not known
	needs   []*field // by need: what it is about; nil when it may be anything
	taken   []int    // by anchor: the need that it meets, or -1
	places  []place  // those with the fewest candidates first
	fits    map[[2]int32]float64
	rows    map[int32]map[int32]shared
	anchors map[int32]bool
}

func newProblem(ctx context.Context, g *projection.Graph, o ConsortiumOptions) (*problem, error) {
	p := &problem{work: projection.NewWork(ctx), g: g, o: o, fits: map[[2]int32]float64{}, rows: map[int32]map[int32]shared{}, anchors: map[int32]bool{}}
	if o.First < 1 {
		return nil, kg.Errorf(kg.BadUserInput, "first: %d is less than one", o.First)
	}
	least := max(2, o.MinCountries)
	if o.Call != nil {
		id := g.Calls.ID(*o.Call)
		if to := g.Calls.To[*o.Call]; to != projection.NoDay && to < o.Today {
			return nil, kg.Errorf(kg.BadUserInput, "call: %s is closed; ask without it, or for one that is live", id)
		}
		if about := g.Calls.Sectors.Of(*o.Call); len(about) > 0 {
			p.call = newField(g, about)
		}
		least = max(least, int(g.Calls.Least[*o.Call]))
	}
	for i, a := range o.Anchors {
		if p.anchors[a] {
			return nil, kg.Errorf(kg.BadUserInput, "anchors[%d]: %s is named twice", i, g.Actors.ID(a))
		}
		p.anchors[a] = true
	}
	var open []int // the need of each place, before the anchors take theirs
	for i := range o.Needs {
		n := &o.Needs[i]
		for _, v := range []struct {
			name, value string
			known       []string
		}{{"kind", n.Kind, g.Kinds}, {"size", n.Size, g.Sizes}} {
			if !slices.Contains(v.known, v.value) {
				return nil, kg.Errorf(kg.BadUserInput, "needs[%d].%s: %s is none of %s", i, v.name, v.value, strings.Join(v.known[1:], ", "))
			}
		}
		if n.Count < 0 {
			return nil, kg.Errorf(kg.BadUserInput, "needs[%d].count: %d is less than one", i, n.Count)
		}
		var f *field
		if len(n.Sectors) > 0 {
			f = newField(g, n.Sectors)
		}
		p.needs = append(p.needs, f)
		for range max(1, n.Count) {
			if open = append(open, i); len(open) > MaxMembers {
				return nil, kg.Errorf(kg.BadUserInput, "needs: a consortium has at most %d members", MaxMembers)
			}
		}
	}
	open = p.seatAnchors(open)
	for len(o.Anchors)+len(open) < least {
		open = append(open, -1)
	}
	if n := len(o.Anchors) + len(open); n > MaxMembers {
		return nil, kg.Errorf(kg.BadUserInput, "needs: %d members are asked for, a consortium has at most %d", n, MaxMembers)
	}
	for _, need := range open {
		p.places = append(p.places, place{need: need})
	}
	return p, nil
}

// seatAnchors lets anchors meet as many of the needs as they can, and returns
// those that are left.
func (p *problem) seatAnchors(open []int) (left []int) {
	by := assign(len(open), len(p.o.Anchors), func(i, a int) bool { return p.meets(open[i], p.o.Anchors[a]) })
	p.taken = slices.Repeat([]int{-1}, len(p.o.Anchors))
	for i, a := range by {
		if a < 0 {
			left = append(left, open[i])
		} else {
			p.taken[a] = open[i]
		}
	}
	return left
}

// assign returns a largest matching of n and m things that may go together: for
// each of the n the one of the m with which it goes, or -1.
func assign(n, m int, may func(i, j int) bool) []int {
	of, with := slices.Repeat([]int{-1}, m), slices.Repeat([]int{-1}, n)
	var seen []bool
	var try func(i int) bool
	try = func(i int) bool {
		for j := range m {
			if seen[j] || !may(i, j) {
				continue
			}
			seen[j] = true
			if of[j] < 0 || try(of[j]) {
				of[j], with[i] = i, j
				return true
			}
		}
		return false
	}
	for i := range n {
		seen = make([]bool, m)
		try(i)
	}
	return with
}

// meets reports whether an actor meets a need.
func (p *problem) meets(need int, actor int32) bool {
	f := p.about(need)
	return p.is(need, actor) && (f == nil || f.holds(p.g.ActorSectors.Of(actor)))
}

// about returns in which field an actor works that meets a need, nil when in any;
// -1 is the need of a place that completes the number.
func (p *problem) about(need int) *field {
	if need < 0 {
		return p.call
	}
	return p.needs[need]
}

// is reports whether an actor is what a need asks for.
func (p *problem) is(need int, actor int32) bool {
	if need < 0 {
		return true
	}
	g, n := p.g, &p.o.Needs[need]
	return (n.Kind == "" || n.Kind == g.Kinds[g.Kind[actor]]) &&
		(n.Size == "" || n.Size == g.Sizes[g.Size[actor]]) &&
		(n.Country == "" || n.Country == g.Countries[g.Country[actor]])
}

// meeting returns who but the anchors meets a need, ascending.
func (p *problem) meeting(need int) (pool []int32, err error) {
	var works []bool // by actor: whether it works in the field
	f := p.about(need)
	if f != nil {
		works = make([]bool, p.g.Actors.Len())
		for s := range int32(p.g.Sectors.Len()) {
			if !f.holds([]int32{s}) {
				continue
			}
			for _, a := range p.g.SectorActors.Of(s) {
				works[a] = true
			}
			if err := p.work.Look(p.g.SectorActors.Degree(s)); err != nil {
				return nil, err
			}
		}
	}
	for a := range int32(p.g.Actors.Len()) {
		if err := p.work.Look(1); err != nil {
			return nil, err
		}
		if (f == nil || works[a]) && !p.anchors[a] && p.is(need, a) {
			pool = append(pool, a)
		}
	}
	return pool, nil
}

// gather finds the candidates for each place, and refuses what cannot be met.
func (p *problem) gather() error {
	pools := map[int][]int32{}
	for i, pl := range p.places {
		pool, known := pools[pl.need]
		if !known {
			var err error
			if pool, err = p.meeting(pl.need); err != nil {
				return err
			}
			pools[pl.need] = pool
		}
		p.places[i].candidates = pool
	}
	for _, pl := range p.places {
		if len(pl.candidates) == 0 {
			return kg.Errorf(kg.BadUserInput, "%s", p.nobody(pl.need))
		}
	}
	slices.SortStableFunc(p.places, func(a, b place) int {
		return cmp.Or(cmp.Compare(len(a.candidates), len(b.candidates)), cmp.Compare(a.need, b.need))
	})
	// Of more candidates than places there is always one left.
	few := p.places[:0:0]
	for _, pl := range p.places {
		if len(pl.candidates) < len(p.places) {
			few = append(few, pl)
		}
	}
	var all []int32
	for _, pl := range few {
		all = append(all, pl.candidates...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if with := assign(len(few), len(all), func(i, j int) bool { return slices.Contains(few[i].candidates, all[j]) }); slices.Contains(with, -1) {
		return kg.Errorf(kg.BadUserInput, "needs: only %d organisations meet %d of the places", len(all), len(few))
	}
	n := p.reach(p.countries(nil), p.places)
	if err := p.work.Look(0); err != nil {
		return err
	}
	if n < p.o.MinCountries {
		return kg.Errorf(kg.BadUserInput, "minCountries: those that meet the needs are of %d countries together, not of %d", n, p.o.MinCountries)
	}
	return nil
}

// nobody says that no organisation meets a need.
func (p *problem) nobody(need int) string {
	if need < 0 {
		return fmt.Sprintf("call: no organisation works in the sectors that %s is about", p.g.Calls.ID(*p.o.Call))
	}
	n := &p.o.Needs[need]
	var parts []string
	for _, part := range []string{n.Kind, n.Size, n.Country} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	for _, s := range n.Sectors {
		parts = append(parts, p.g.Sectors.ID(s))
	}
	return fmt.Sprintf("needs[%d]: no other organisation is %s", need, strings.Join(parts, ", "))
}

// combinations returns in how many ways the places can be taken, at most.
func (p *problem) combinations() int {
	n := 1
	for _, pl := range p.places {
		if n *= len(pl.candidates); n > exactly {
			break
		}
	}
	return n
}

// countries returns the known countries of the anchors and some others, sorted.
func (p *problem) countries(others []int32) (out []uint16) {
	for _, list := range [][]int32{p.o.Anchors, others} {
		for _, a := range list {
			if c := p.g.Country[a]; c != 0 {
				out = append(out, c)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// reach returns of how many countries a consortium can be that is already of
// some, when these places are still to be taken.
func (p *problem) reach(have []uint16, places []place) int {
	missing := p.o.MinCountries - len(have)
	if missing <= 0 {
		return p.o.MinCountries
	}
	offered := make([][]uint16, len(places))
	var all []uint16
	for i, pl := range places {
		for _, a := range pl.candidates {
			if p.work.Look(1) != nil {
				break
			}
			c := p.g.Country[a]
			if _, known := slices.BinarySearch(have, c); c == 0 || known || slices.Contains(offered[i], c) {
				continue
			}
			// Any of as many countries as there are places can be reached.
			if offered[i] = append(offered[i], c); len(offered[i]) >= len(places) {
				break
			}
		}
		all = append(all, offered[i]...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	n := len(have)
	for _, c := range assign(len(places), len(all), func(i, j int) bool { return slices.Contains(offered[i], all[j]) }) {
		if c >= 0 {
			n++
		}
	}
	return n
}
