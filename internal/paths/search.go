package paths

import (
	"context"
	"math"
	"slices"
	"sync"

	"github.com/maillage/maillage/internal/projection"
)

// The search goes forward over beginnings of paths, the most promising first, and
// lets distances grow backward from the end, by steps and the least first. Where
// both meet, a beginning goes on over those who have told how far the end is from
// them; whatever else it may lead to is at least a step further than the least of
// the distances that have not been told yet. When a beginning that has only this
// left comes first, either such a distance is told on or all links of the beginning
// are looked at: what leaves less to do. So hubs are rarely opened, although paths
// lead over them. A beginning is only ever left when k paths are closer, so that
// nothing is missed.

const (
	// patience is how much is looked at for one question: ties, and beginnings of
	// paths.
	patience = 20_000_000
	// usual is about how many are tied by a group.
	usual = 8
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
	work     *projection.Work // what has been looked at
	g        *projection.Graph
	ties     projection.Ties
	first    int
	maxSteps int

	left   [2][MaxSteps + 1]int // by end and steps from there: where the search can still go on
	bounds []int32              // weights of the closest paths that are known, ascending
	rests  map[int32][]int32    // by stop that came first: the groups on which its step rests, if only on groups

	*memory
}

// memory is what a search writes to. The next takes it over.
type memory struct {
	of       []int32 // by actor: its place, from 1; 0 when it has none
	places   []place
	strength []int64 // by place, while the ties of one are added up
	shared   []int32 // by place, likewise: how many there are
	arena    []link  // of all places whose links were looked at
	ways     []way
	trail    []stop
	ahead    queue[beginning]
	behind   [MaxSteps]queue[distance] // by steps: the distances that have not been told

	groups []int32 // buffers
	seats  []seat
}

var memories sync.Pool

// release gives the memory back.
func (s *search) release() {
	m := s.memory
	for _, p := range m.places {
		m.of[p.actor] = 0
	}
	m.places, m.strength, m.shared = m.places[:0], m.strength[:0], m.shared[:0]
	m.arena, m.ways, m.trail = m.arena[:0], m.ways[:0], m.trail[:0]
	m.ahead = queue[beginning]{items: m.ahead.items[:0]}
	for steps := range m.behind {
		m.behind[steps].items = m.behind[steps].items[:0]
	}
	memories.Put(m)
}

// place is what is known of an actor.
type place struct {
	actor   int32
	penalty int32               // of passing through; 0 when not known
	links   [2]int32            // where its links stand in the arena; both are 0 when they were not looked at
	away    [MaxSteps + 1]int32 // by steps: how far the end is at most, without passing through; never when not known
	ways    int32               // the last of its ways to the end, from 1; 0 for none
	told    int8                // the fewest steps in which others know that they reach the end over it; 0 for none
	avoided bool
}

// seat is that of an actor in a group that ties it this strongly.
type seat struct {
	strength     int64
	actor, place int32
}

// link is that an actor is tied to that of another place.
type link struct {
	to     int32
	weight int32
	ties   int32 // how many tie them
}

// way is that over a link of a place the end can be reached.
type way struct {
	link
	before int32 // of the same place, from 1; 0 for none
	steps  int8  // to the end, with that over the link
	until  int8  // from how many steps on an earlier way says the same
}

// distance is how far the end is at least from a place.
type distance struct {
	weight int32
	at     int32
}

// stop is where a beginning of a path ends.
type stop struct {
	before int32 // in the trail
	at     int32 // the place
	weight int32 // up to there, without passing through
	ties   int32 // with the one before
	ways   int32 // the last of the ways of its place when these were followed; -1 when they were not
	steps  int8
}

// beginning is one of a path, and what the whole path has at least.
type beginning struct {
	weight int32
	stop   int32
	steps  int8
}

func newSearch(ctx context.Context, g *projection.Graph, ties projection.Ties, from, to int32, o Options) *search {
	s := &search{work: projection.NewWork(ctx), g: g, ties: ties, first: o.First, maxSteps: o.MaxSteps, rests: map[int32][]int32{}}
	if s.memory, _ = memories.Get().(*memory); s.memory == nil || len(s.of) < g.Actors.Len() {
		s.memory = &memory{of: make([]int32, g.Actors.Len())}
	}
	s.place(from)
	s.place(to)
	for _, a := range o.Avoid {
		s.places[s.place(a)].avoided = true
	}
	s.ahead.less = s.before
	for steps := range s.behind {
		s.behind[steps].less = func(a, b distance) bool { return a.weight < b.weight || a.weight == b.weight && a.at < b.at }
	}
	return s
}

// place returns the place of an actor.
func (s *search) place(actor int32) int32 {
	if p := s.of[actor]; p > 0 {
		return p - 1
	}
	p := place{actor: actor}
	for steps := range p.away {
		p.away[steps] = never
	}
	s.places = append(s.places, p)
	s.strength, s.shared = append(s.strength, 0), append(s.shared, 0)
	s.of[actor] = int32(len(s.places))
	return int32(len(s.places)) - 1
}

// run returns the paths, and whether all has been looked at that could matter.
func (s *search) run() (found [][]int32, complete bool, err error) {
	s.trail = append(s.trail, stop{before: -1, at: int32(start), ways: -1})
	s.ahead.push(beginning{steps: 1})
	s.places[end].away[0] = 0
	s.behind[0].push(distance{at: int32(end)})
	s.left[start][0], s.left[end][0] = 1, 1
	for len(s.ahead.items) > 0 && s.work.Done <= patience {
		b := s.ahead.pop()
		at := s.trail[b.stop]
		if at.at == int32(end) {
			if found = append(found, s.actors(b.stop, new([MaxSteps + 1]int32))); len(found) == s.first {
				return found, true, nil
			}
			continue
		}
		s.penalty(at.at) // of those that do not come first it is not asked
		now := s.estimate(b.stop)
		err = s.work.Look(1)
		switch {
		case err != nil:
		case at.ways >= 0 && at.ways < s.places[at.at].ways:
			err = s.follow(b.stop)
			s.ahead.push(b)
		case now.weight == never:
			s.left[start][at.steps]--
		case now != b:
			s.ahead.push(now)
		case at.ways < 0 && s.repeats(b.stop):
			s.left[start][at.steps]--
		case at.ways < 0:
			err = s.follow(b.stop)
			s.ahead.push(b)
		case s.growing(at):
			err = s.grow(s.maxSteps - int(at.steps))
			s.ahead.push(b)
		default:
			err = s.extend(b.stop)
		}
		if err != nil {
			return nil, false, err
		}
	}
	return found, len(s.ahead.items) == 0, nil
}

// before orders beginnings as the paths are ordered of which they could be: no
// path that begins with one comes before it. Of those that are equal paths come last.
func (s *search) before(a, b beginning) bool {
	if a.weight != b.weight {
		return a.weight < b.weight
	}
	if a.steps != b.steps {
		return a.steps < b.steps
	}
	whole, other := s.trail[a.stop].at == int32(end), s.trail[b.stop].at == int32(end)
	if !whole || !other {
		return other || !whole && a.stop < b.stop
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

// estimate returns what a path has at least that begins with a beginning and goes
// on as has not been followed.
func (s *search) estimate(at int32) beginning {
	p := s.trail[at]
	if p.at == int32(end) {
		return beginning{p.weight, at, p.steps}
	}
	here, rest := &s.places[p.at], s.maxSteps-int(p.steps)
	b := beginning{never, at, p.steps + 1}
	if least, _ := s.frontier(rest); least < never {
		b.weight = least + 1
	}
	if p.ways < 0 {
		for steps := 1; steps <= rest; steps++ {
			if w := here.away[steps]; w < b.weight {
				b.weight, b.steps = w, p.steps+int8(steps)
			}
		}
	}
	if b.weight < never {
		b.weight += p.weight + here.penalty
	}
	return b
}

// frontier returns the least of the distances in fewer steps that have not been
// told, and in how many it is; never when there is none.
func (s *search) frontier(below int) (least int32, steps int) {
	least = never
	for i := range below {
		if q := s.behind[i].items; len(q) > 0 && q[0].weight < least {
			least, steps = q[0].weight, i
		}
	}
	return least, steps
}

// follow makes all beginnings that are one step longer than one and on a way to the
// end, but for those that were made before.
func (s *search) follow(at int32) (err error) {
	p := s.trail[at]
	ways, rest := s.places[p.at].ways, int8(s.maxSteps)-p.steps
	s.trail[at].ways = ways
	for i := ways; i > max(p.ways, 0); i = s.ways[i-1].before {
		if w := s.ways[i-1]; w.steps <= rest && rest < w.until {
			s.step(at, w.link)
		}
		err = s.work.Look(1)
	}
	return err
}

// extend makes all other beginnings that are one step longer than one.
func (s *search) extend(at int32) error {
	p := s.trail[at]
	s.left[start][p.steps]--
	// Who is met only in the group on which a step rests already is not looked at.
	var met []int32
	for i := at; s.trail[i].before >= 0; i = s.trail[i].before {
		if rest := s.rests[i]; len(rest) == 1 && s.ties.Belongs(s.places[p.at].actor, rest[0]) {
			met = append(met, rest[0])
		}
	}
	links, err := s.links(p.at, met)
	for _, l := range links {
		if err := s.work.Look(1); err != nil {
			return err
		}
		if told := s.places[l.to].told; told == 0 || int(p.steps+told) > s.maxSteps {
			s.step(at, l)
		}
	}
	return err
}

// step makes the beginning that is longer than one by a link, unless k paths are
// closer.
func (s *search) step(at int32, l link) {
	if s.passed(at, l.to) {
		return
	}
	p := s.trail[at]
	s.trail = append(s.trail, stop{
		before: at, at: l.to, weight: p.weight + s.places[p.at].penalty + l.weight, ties: l.ties, ways: -1, steps: p.steps + 1,
	})
	b := s.estimate(int32(len(s.trail) - 1))
	if b.weight > s.bound() || l.to == int32(end) && s.repeats(b.stop) {
		s.trail = s.trail[:len(s.trail)-1]
		return
	}
	if l.to == int32(end) {
		s.known(b.weight)
	} else {
		s.left[start][p.steps+1]++
	}
	s.ahead.push(b)
}

// repeats reports whether the last step of a beginning rests on the same groups
// alone as an earlier one.
func (s *search) repeats(at int32) bool {
	p := s.trail[at]
	if p.before < 0 {
		return false
	}
	rest := s.tying(s.ties.Shared(s.places[s.trail[p.before].at].actor, s.places[p.at].actor, nil))
	if len(rest) < int(p.ties) {
		return false
	}
	for i := p.before; s.trail[i].before >= 0; i = s.trail[i].before {
		if slices.Equal(s.rests[i], rest) {
			return true
		}
	}
	s.rests[at] = rest
	return false
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

// growing reports whether a distance is told before all links of a beginning are
// looked at: when there are fewer of those that could matter to it than beginnings
// of as many steps. What costs much waits until as much has been done elsewhere.
func (s *search) growing(p stop) bool {
	rest := s.maxSteps - int(p.steps)
	left := 0
	for steps := range rest {
		left += s.left[end][steps]
	}
	_, steps := s.frontier(rest)
	d := s.behind[steps].items[0]
	if d.weight < s.least(d.at, steps) {
		return true // it comes later
	}
	behind, ahead := s.cost(d.at), s.cost(p.at)
	if left <= s.left[start][p.steps] {
		return behind <= max(s.work.Done, ahead)
	}
	return ahead > max(s.work.Done, behind)
}

// least returns how far the end is at most from who is tied to a place next to it.
// Distances are noted without the penalty first: for most it is never needed.
func (s *search) least(at int32, steps int) int32 { return s.places[at].away[steps] + s.penalty(at) }

// cost returns about how much is looked at to know the links of a place.
func (s *search) cost(at int32) int {
	p := &s.places[at]
	if p.links[1] > 0 {
		return int(p.links[1] - p.links[0])
	}
	return usual * s.g.Meetings.Degree(p.actor)
}

// grow tells the least of the distances in fewer steps that have not been told to
// those who are tied to its place.
func (s *search) grow(below int) error {
	_, steps := s.frontier(below)
	d := s.behind[steps].pop()
	if least := s.least(d.at, steps); d.weight < least {
		s.behind[steps].push(distance{least, d.at})
		return nil
	}
	here := &s.places[d.at]
	s.left[end][steps]--
	if int(here.told) == steps+1 || steps > 0 && slices.Min(here.away[:steps]) <= here.away[steps] {
		return nil
	}
	until := here.told
	if until == 0 {
		until = MaxSteps + 1
	}
	here.told = min(until, int8(steps+1))
	fewest := here.told
	links, err := s.links(d.at, nil)
	for _, l := range links {
		if err := s.work.Look(1); err != nil {
			return err
		}
		if l.to == int32(end) {
			continue
		}
		there, weight := &s.places[l.to], d.weight+l.weight
		if fewest < until {
			s.ways = append(s.ways, way{link{d.at, l.weight, l.ties}, there.ways, fewest, until})
			there.ways = int32(len(s.ways))
		}
		if weight > s.bound() || slices.Min(there.away[:steps+2]) <= weight {
			continue
		}
		there.away[steps+1] = weight
		if steps+1 < s.maxSteps {
			s.behind[steps+1].push(distance{weight + there.penalty, l.to})
			s.left[end][steps+1]++
		}
	}
	return err
}

// links returns what an actor is tied to, but for what is avoided and for those
// that it meets only in one of some groups.
func (s *search) links(at int32, met []int32) ([]link, error) {
	if l := s.places[at].links; l[1] > 0 {
		return s.arena[l[0]:l[1]], nil
	}
	actor := s.places[at].actor
	from := len(s.arena)
	add := func(p int32, strength int64) {
		if s.shared[p] == 0 {
			s.arena = append(s.arena, link{to: p})
		}
		s.shared[p]++
		s.strength[p] += strength
	}
	s.groups, s.seats = s.ties.Groups(actor, s.groups[:0]), s.seats[:0]
	for _, group := range s.groups {
		if err := s.work.Look(1); err != nil {
			return nil, err
		}
		members := s.membersOf(group)
		if len(members) < 2 || slices.Contains(met, group) {
			continue
		}
		strength := s.g.Strength(group, len(members))
		for _, m := range members {
			s.seats = append(s.seats, seat{strength, m, 0})
		}
	}
	// Places come from far in memory: many at a time when nothing else is done.
	for i := range s.seats {
		s.seats[i].place = s.of[s.seats[i].actor] - 1
	}
	for _, m := range s.seats {
		if err := s.work.Look(1); err != nil {
			return nil, err
		}
		if m.place < 0 {
			m.place = s.place(m.actor)
		}
		if m.place != at && !s.places[m.place].avoided {
			add(m.place, m.strength)
		}
	}
	s.ties.Direct(actor, func(other int32, _ projection.DirectKind) {
		if p := s.place(other); !s.places[p].avoided {
			add(p, projection.Fresh)
		}
	})
	for _, group := range met {
		members := s.membersOf(group)
		strength := s.g.Strength(group, len(members))
		for _, m := range members {
			if p := s.of[m] - 1; p >= 0 && s.shared[p] > 0 {
				add(p, strength)
			}
		}
	}
	made := s.arena[from:]
	last, same := int64(0), int32(0) // those who are met together are mostly tied alike
	for i := range made {
		l := &made[i]
		if strength := s.strength[l.to]; strength != last {
			last, same = strength, weight(strength)
		}
		l.weight = same
		l.ties = s.shared[l.to]
		s.strength[l.to], s.shared[l.to] = 0, 0
	}
	if met == nil {
		s.places[at].links = [2]int32{int32(from), int32(len(s.arena))}
	}
	return made, nil
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

// penalty returns what it costs to pass through a place; nothing through an end.
func (s *search) penalty(at int32) int32 {
	p := &s.places[at]
	if p.penalty == 0 && at > int32(end) {
		p.penalty = penalty(s.g, p.actor)
	}
	return p.penalty
}
