package paths

import (
	"context"
	"math"
	"slices"
	"sync"

	"github.com/maillage/maillage/internal/projection"
)

// The search goes forward over beginnings of paths, the most promising first: how
// far the end still is from where one ends is known from distances that grow
// backward from the end, as far as needed, or else it is at least as far as these
// have grown. A beginning is only ever left when k paths are closer, so that
// nothing is missed; both sides grow by equal work. When that takes long, a
// breadth-first search from both ends tells how many steps there are at least to
// either, so that what cannot be part of a path is no longer looked at.

const (
	// patience is how much is looked at for one question: ties, and beginnings of
	// paths.
	patience = 20_000_000
	// hope is how much of it is looked at before the breadth-first search.
	hope = 2_000
	// scouting is how many memberships the breadth-first search looks at.
	scouting = 500_000
	// pause is how much work is done until the context is asked.
	pause = 1 << 14
	// burst is how much the distances grow before the beginnings are looked at
	// again.
	burst = 256
	never = math.MaxInt32
)

// side is an end of the paths.
type side int

const (
	start side = iota
	end
)

// search is one search. Actors are known by their place: the order in which the
// search came to know of them.
type search struct {
	ctx      context.Context
	g        *projection.Graph
	ties     projection.Ties
	first    int
	maxSteps int

	work   [2]int
	asked  int     // the work after which the context was last asked
	bounds []int32 // weights of the closest paths that are known, ascending
	scouts [2]scout
	rests  map[int32][]int32 // by stop that was extended: the groups on which its step rests, if only on groups

	*memory
}

// memory is what a search writes to. The next takes it over.
type memory struct {
	of       []int32 // by actor: its place, from 1; 0 when it has none
	places   []place
	strength []int64 // by place, while the ties of one are added up
	shared   []int32 // by place, likewise, and while barred counts
	barred   []int32 // by place, while a beginning is extended
	arena    []link  // of all places that were looked at
	labels   []label
	ahead    queue[beginning]
	behind   queue[distance]
	trail    []stop

	groups, others []int32 // buffers
}

var memories sync.Pool

// release gives the memory back.
func (s *search) release() {
	m := s.memory
	for _, p := range m.places {
		m.of[p.actor] = 0
	}
	m.places, m.strength, m.shared, m.barred = m.places[:0], m.strength[:0], m.shared[:0], m.barred[:0]
	m.arena, m.labels, m.trail = m.arena[:0], m.labels[:0], m.trail[:0]
	m.ahead, m.behind = queue[beginning]{items: m.ahead.items[:0]}, queue[distance]{items: m.behind.items[:0]}
	memories.Put(m)
}

// place is what is known of an actor. Numbers of others count from 1, 0 says
// that there is none.
type place struct {
	actor   int32
	steps   [2]int8 // from either end, 1 for the end itself; 0 when not known
	avoided bool
	penalty int32    // of passing through; 0 when not yet known
	links   [2]int32 // where its links stand in the arena; none yet when both are 0
	label   int32    // the last of its distances
}

// link is that an actor is tied to that of another place.
type link struct {
	to     int32
	weight int32
	ties   int32 // how many tie them
}

// label is how far the end is from an actor in at most some steps, with what it
// costs to pass through the actor. The labels of an actor go from few steps to
// many, and so from far to near.
type label struct {
	weight int32
	next   int32
	steps  int8
}

// distance is a label to be, of a place.
type distance struct {
	weight int32
	at     int32
	steps  int8
}

// stop is where a beginning of a path ends.
type stop struct {
	before int32 // in the trail
	at     int32 // the place
	weight int32 // up to there, without passing through
	ties   int32 // with the one before
	steps  int8
}

// beginning is one of a path, and what the whole path has at least.
type beginning struct {
	weight int32
	stop   int32
	steps  int8
}

func newSearch(ctx context.Context, g *projection.Graph, ties projection.Ties, from, to int32, o Options) *search {
	s := &search{ctx: ctx, g: g, ties: ties, first: o.First, maxSteps: o.MaxSteps, rests: map[int32][]int32{}}
	if s.memory, _ = memories.Get().(*memory); s.memory == nil || len(s.of) < g.Actors.Len() {
		s.memory = &memory{of: make([]int32, g.Actors.Len())}
	}
	s.place(from)
	s.place(to)
	for _, a := range o.Avoid {
		s.places[s.place(a)].avoided = true
	}
	s.ahead.less = s.before
	s.behind.less = func(a, b distance) bool {
		return a.weight < b.weight || a.weight == b.weight && (a.steps < b.steps || a.steps == b.steps && a.at < b.at)
	}
	return s
}

// place returns the place of an actor.
func (s *search) place(actor int32) int32 {
	if p := s.of[actor]; p > 0 {
		return p - 1
	}
	s.places = append(s.places, place{actor: actor})
	s.strength, s.shared, s.barred = append(s.strength, 0), append(s.shared, 0), append(s.barred, 0)
	s.of[actor] = int32(len(s.places))
	return int32(len(s.places)) - 1
}

// run returns the paths, and whether all has been looked at that could matter.
func (s *search) run() (found [][]int32, complete bool, err error) {
	s.trail = append(s.trail, stop{before: -1, at: int32(start)})
	s.ahead.push(beginning{steps: 1})
	s.behind.push(distance{at: int32(end)})
	for len(s.ahead.items) > 0 {
		if err := s.ask(); err != nil {
			return nil, false, err
		}
		switch work := s.work[start] + s.work[end]; {
		case work > patience:
			return found, false, nil
		case work > hope && s.scouts[start].frontier == nil:
			if apart, err := s.scout(); apart || err != nil {
				return found, true, err
			}
		}
		b := s.ahead.pop()
		at := s.trail[b.stop]
		if at.at == int32(end) {
			if found = append(found, s.actors(b.stop, new([MaxSteps + 1]int32))); len(found) == s.first {
				return found, true, nil
			}
			continue
		}
		now, exact := s.estimate(b.stop)
		switch {
		case now.weight == never:
		case now.weight != b.weight || now.steps != b.steps:
			s.ahead.push(now)
		case !exact && s.work[end] <= s.work[start]:
			s.ahead.push(b)
			s.grow()
		default:
			s.extend(b.stop)
		}
	}
	return found, true, nil
}

// ask asks the context now and then whether the search goes on.
func (s *search) ask() error {
	if work := s.work[start] + s.work[end]; work > s.asked+pause {
		s.asked = work
		return s.ctx.Err()
	}
	return nil
}

// before orders beginnings as the paths are ordered of which they could be: no
// path that begins with one comes before it.
func (s *search) before(a, b beginning) bool {
	if a.weight != b.weight {
		return a.weight < b.weight
	}
	if a.steps != b.steps {
		return a.steps < b.steps
	}
	var first, second [MaxSteps + 1]int32
	return slices.Compare(s.actors(a.stop, &first), s.actors(b.stop, &second)) < 0
}

// actors writes the actors of a beginning into a list.
func (s *search) actors(at int32, list *[MaxSteps + 1]int32) []int32 {
	out := list[:s.trail[at].steps+1]
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = s.places[s.trail[at].at].actor
		at = s.trail[at].before
	}
	return out
}

// estimate returns what a path has at least that begins with a beginning, and
// whether more cannot be known of it without extending it.
func (s *search) estimate(at int32) (b beginning, exact bool) {
	p := s.trail[at]
	rest := int8(s.maxSteps) - p.steps
	b = beginning{weight: never, stop: at, steps: p.steps + 1}
	switch p.at {
	case int32(start):
		return beginning{0, at, 1}, true
	case int32(end):
		return beginning{p.weight, at, p.steps}, true
	}
	for l := s.places[p.at].label; l > 0 && s.labels[l-1].steps <= rest; l = s.labels[l-1].next {
		b.weight, b.steps, exact = p.weight+s.labels[l-1].weight, p.steps+s.labels[l-1].steps, true
	}
	if !exact && len(s.behind.items) > 0 {
		b.weight = p.weight + max(s.behind.items[0].weight, s.penalty(p.at))
	}
	return b, exact
}

// extend makes all beginnings that are one step longer than one.
func (s *search) extend(at int32) {
	p := s.trail[at]
	passed := p.weight
	if p.at != int32(start) {
		passed += s.penalty(p.at)
	}
	links := s.links(p.at)
	s.work[start] += len(links)
	barred := s.bar(at)
	for _, l := range links {
		if l.ties == s.barred[l.to] {
			continue
		}
		next := stop{before: at, at: l.to, weight: passed + l.weight, ties: l.ties, steps: p.steps + 1}
		if l.to != int32(end) && int(next.steps)+s.least(l.to, end) > s.maxSteps || s.passed(at, l.to) {
			continue
		}
		s.trail = append(s.trail, next)
		b, _ := s.estimate(int32(len(s.trail) - 1))
		if b.weight > s.bound() {
			s.trail = s.trail[:len(s.trail)-1]
			continue
		}
		if l.to == int32(end) {
			s.known(b.weight)
		}
		s.ahead.push(b)
	}
	for _, q := range barred {
		s.barred[q] = 0
	}
}

// bar finds to whom a beginning must not be extended, because the step would rest
// on the same groups as an earlier one: of each place that is in all groups of such
// a step as well, it notes how many these are. It returns the places.
func (s *search) bar(at int32) (out []int32) {
	p := s.trail[at]
	if p.before < 0 {
		return nil
	}
	s.groups = s.ties.Groups(s.places[p.at].actor, s.groups[:0])
	s.others = s.ties.Groups(s.places[s.trail[p.before].at].actor, s.others[:0])
	if rest := s.tying(common(s.groups, s.others)); len(rest) == int(p.ties) {
		s.rests[at] = rest
	}
	for ; s.trail[at].before >= 0; at = s.trail[at].before {
		rest := s.rests[at]
		if len(rest) == 0 || len(common(rest, s.groups)) < len(rest) {
			continue
		}
		var counted []int32
		for _, group := range rest {
			for _, m := range s.membersOf(group) {
				q := s.place(m)
				if s.shared[q] == 0 {
					counted = append(counted, q)
				}
				s.shared[q]++
			}
		}
		for _, q := range counted {
			if int(s.shared[q]) == len(rest) && s.barred[q] < s.shared[q] {
				s.barred[q] = s.shared[q]
				out = append(out, q)
			}
			s.shared[q] = 0
		}
	}
	return out
}

// tying returns those of some groups that tie their members.
func (s *search) tying(groups []int32) []int32 {
	return slices.DeleteFunc(groups, func(group int32) bool { return s.membersOf(group) == nil })
}

// passed reports whether a beginning passes through a place.
func (s *search) passed(at, place int32) bool {
	for ; at >= 0; at = s.trail[at].before {
		if s.trail[at].at == place {
			return true
		}
	}
	return false
}

// bound returns the weight that further paths must not exceed.
func (s *search) bound() int32 {
	if len(s.bounds) < s.first {
		return never - 1
	}
	return s.bounds[s.first-1]
}

// known notes that there is a path of some weight.
func (s *search) known(weight int32) {
	i, _ := slices.BinarySearch(s.bounds, weight)
	s.bounds = slices.Insert(s.bounds, i, weight)
	s.bounds = s.bounds[:min(len(s.bounds), s.first)]
}

// grow lets the distances to the end grow by some work.
func (s *search) grow() {
	for until := s.work[end] + burst; len(s.behind.items) > 0 && s.work[end] < until; {
		d := s.behind.pop()
		s.work[end]++
		here := &s.places[d.at]
		if d.at != int32(end) {
			if here.label > 0 && s.labels[here.label-1].steps <= d.steps {
				continue
			}
			s.labels = append(s.labels, label{d.weight, here.label, d.steps})
			here.label = int32(len(s.labels))
		}
		if int(d.steps)+1 >= s.maxSteps {
			continue
		}
		links := s.links(d.at)
		s.work[end] += len(links)
		for _, l := range links {
			next := distance{weight: d.weight + l.weight, at: l.to, steps: d.steps + 1}
			if l.to == int32(start) || l.to == int32(end) || next.weight > s.bound() || int(next.steps)+s.least(l.to, start) > s.maxSteps {
				continue
			}
			there := s.places[l.to]
			if there.label > 0 && s.labels[there.label-1].steps <= next.steps {
				continue
			}
			if next.weight += s.penalty(l.to); next.weight <= s.bound() {
				s.behind.push(next)
			}
		}
	}
}

// links returns what an actor is tied to, but for what is avoided.
func (s *search) links(at int32) []link {
	if l := s.places[at].links; l[1] > 0 {
		return s.arena[l[0]:l[1]]
	}
	actor := s.places[at].actor
	from := len(s.arena)
	add := func(other int32, strength int64) {
		p := s.place(other)
		if p == at || s.places[p].avoided {
			return
		}
		if s.shared[p] == 0 {
			s.arena = append(s.arena, link{to: p})
		}
		s.shared[p]++
		s.strength[p] += strength
	}
	s.groups = s.ties.Groups(actor, s.groups[:0])
	for _, group := range s.groups {
		members := s.membersOf(group)
		if len(members) < 2 {
			continue
		}
		strength := s.g.Strength(group, len(members))
		for _, m := range members {
			add(m, strength)
		}
		s.work[start] += len(members) / 2
		s.work[end] += len(members) / 2
	}
	s.ties.Direct(actor, func(other int32, _ projection.DirectKind) { add(other, projection.Fresh) })
	made := s.arena[from:]
	for i := range made {
		p := made[i].to
		made[i].weight, made[i].ties = weight(s.strength[p]), s.shared[p]
		s.strength[p], s.shared[p] = 0, 0
	}
	s.places[at].links = [2]int32{int32(from), int32(len(s.arena))}
	return made
}

// membersOf returns the members of a group that ties them, or none.
func (s *search) membersOf(group int32) []int32 {
	if s.g.Members.Degree(group) > largest {
		return nil
	}
	members := s.ties.Members(group)
	if len(members) > largest {
		return nil
	}
	return members
}

// penalty returns what it costs to pass through a place.
func (s *search) penalty(at int32) int32 {
	p := &s.places[at]
	if p.penalty == 0 {
		p.penalty = penalty(s.g, p.actor)
	}
	return p.penalty
}

// least returns how many steps there are at least between an actor and an end.
func (s *search) least(at int32, to side) int {
	if steps := s.places[at].steps[to]; steps > 0 {
		return int(steps) - 1
	}
	if s.scouts[to].done {
		return s.maxSteps + 1
	}
	return s.scouts[to].layers + 1
}

// scout is a breadth-first search from an end.
type scout struct {
	frontier []int32 // places at the last whole layer
	layers   int     // whole ones
	done     bool    // whether there is nothing further
	groups   []uint64
}

// scout counts the steps from both ends, and reports whether they are further
// apart than allowed.
func (s *search) scout() (apart bool, err error) {
	for _, d := range []side{start, end} {
		s.places[d].steps[d] = 1
		s.scouts[d] = scout{frontier: []int32{int32(d)}, groups: make([]uint64, (s.g.Groups.Len()+63)/64)}
	}
	looked, met := 0, false
	for s.scouts[start].layers+s.scouts[end].layers < s.maxSteps && looked < scouting {
		d := start
		if s.scouts[end].cost(s) < s.scouts[start].cost(s) {
			d = end
		}
		met = s.layer(d, &looked) || met
		if s.scouts[d].done && !met {
			return true, nil
		}
		if s.scouts[d].done {
			break
		}
		if err := s.ctx.Err(); err != nil {
			return false, err
		}
	}
	return !met && s.scouts[start].layers+s.scouts[end].layers >= s.maxSteps, nil
}

// cost returns about how much the next layer costs.
func (c *scout) cost(s *search) (links int) {
	for _, p := range c.frontier {
		actor := s.places[p].actor
		links += s.g.Meetings.Degree(actor) + s.g.Direct.Degree(actor)
	}
	return links
}

// layer goes one step further from an end, unless it costs too much, and reports
// whether it has met what is known from the other.
func (s *search) layer(d side, looked *int) (met bool) {
	c := &s.scouts[d]
	var next []int32
	reach := func(other int32) {
		p := s.place(other)
		at := &s.places[p]
		if at.steps[d] > 0 || at.avoided {
			return
		}
		at.steps[d] = int8(c.layers + 2)
		met = met || at.steps[1-d] > 0
		next = append(next, p)
	}
	for _, p := range c.frontier {
		actor := s.places[p].actor
		s.groups = s.ties.Groups(actor, s.groups[:0])
		for _, group := range s.groups {
			if c.groups[group/64]&(1<<(group%64)) != 0 {
				continue
			}
			c.groups[group/64] |= 1 << (group % 64)
			members := s.membersOf(group)
			for _, m := range members {
				reach(m)
			}
			*looked += len(members)
		}
		s.ties.Direct(actor, func(other int32, _ projection.DirectKind) { reach(other) })
		if *looked > scouting {
			return met
		}
	}
	c.layers, c.frontier, c.done = c.layers+1, next, len(next) == 0
	return met
}
