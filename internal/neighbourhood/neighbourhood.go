// Package neighbourhood tells what lies around nodes of the graph, and who of some
// organisations are tied to each other.
package neighbourhood

import (
	"container/heap"
	"context"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
)

// What may be asked for.
const (
	MaxSteps = 3
	MaxFirst = 200 // nodes
)

// Options say what of a neighbourhood is wanted.
type Options struct {
	Steps int // how far it reaches, 1 to MaxSteps: a step goes from an organisation to those tied to it
	First int // how many nodes, 1 to MaxFirst
	// Through are the names of relationships that count as ties; all when empty.
	Through []string
	// Kinds are the names of the types whose nodes are wanted; when empty, those of
	// organisations and of the groups that tie them.
	Kinds []string
}

// Graph is what was found.
type Graph struct {
	Nodes  []Node // those around which it is, then the most connected first
	Links  []Link // all among the nodes
	Totals []Total
	// Truncated is whether there is more than Nodes.
	Truncated bool
}

// Node is a node of a neighbourhood.
type Node struct {
	projection.Ref
	// Steps is how far it is from the nearest of those around which it is. A group is
	// as far as its furthest members, a sector or place one step behind its nearest.
	Steps int
	Links int // to organisations and groups of the whole neighbourhood, before it was cut
}

// Link is that two nodes are related.
type Link struct {
	Source, Target int // in Nodes
	Relationship   string
	// Group is, where groups are not among the nodes, the closest of those that two
	// organisations share over the relationship, and Count how many these are. Of a
	// relationship between the two nodes they are -1 and 1.
	Group int32
	Count int
}

// Total is how many nodes of a type there are.
type Total struct {
	Type  *catalog.Type
	Count int
}

// Subgraph returns the neighbourhood of organisations, groups or sectors: what can
// be reached in some steps, counted whole, and of that the most connected nodes,
// each with those over which it is reached. It takes time in proportion to what is
// counted.
func Subgraph(ctx context.Context, g *projection.Graph, around []projection.Ref, o Options) (*Graph, error) {
	s, err := newSurvey(ctx, g, o)
	if err != nil {
		return nil, err
	}
	for _, r := range around {
		if r.Part == projection.PlacePart {
			return nil, kg.Errorf(kg.BadUserInput, "%s is a %s: a neighbourhood is around organisations, what they share, and sectors", g.ID(r), g.Type(r).Name)
		}
	}
	if len(around) > o.First {
		return nil, kg.Errorf(kg.BadUserInput, "%d nodes around which to look do not fit into the first %d", len(around), o.First)
	}
	if err := s.reach(around); err != nil {
		return nil, err
	}
	if err := s.count(); err != nil {
		return nil, err
	}
	out, err := s.choose()
	if err != nil {
		return nil, err
	}
	return out, s.link(out)
}

// types returns the types of which nodes can be wanted.
func types(m *projection.Model) (out []*catalog.Type) {
	out = append(out, m.Actor)
	for _, w := range m.Ways {
		if !slices.Contains(out, w.Out.Target) {
			out = append(out, w.Out.Target)
		}
	}
	return append(out, m.Sector, m.Place)
}

// survey is what is found out of a neighbourhood.
type survey struct {
	work   *projection.Work
	g      *projection.Graph
	ties   projection.Ties
	o      Options
	wanted []*catalog.Type
	bodies []bool // by way: whether its groups are actors

	steps   [projection.Parts][]int8 // by number, from 1; 0 of what is not reached
	links   [projection.Parts][]int32
	reached []projection.Ref // in the order in which they are reached
	around  int              // how many of these are those around which it is
	host    map[projection.Ref]projection.Ref

	groups []int32 // a buffer
}

func newSurvey(ctx context.Context, g *projection.Graph, o Options) (*survey, error) {
	ties, err := g.Ties(o.Through)
	switch {
	case err != nil:
		return nil, err
	case o.Steps < 1 || o.Steps > MaxSteps:
		return nil, kg.Errorf(kg.BadUserInput, "a neighbourhood cannot reach %d steps: it reaches from 1 to %d", o.Steps, MaxSteps)
	case o.First < 1 || o.First > MaxFirst:
		return nil, kg.Errorf(kg.BadUserInput, "%d nodes cannot be asked for: from 1 to %d can", o.First, MaxFirst)
	}
	s := &survey{work: projection.NewWork(ctx), g: g, ties: ties, o: o, host: map[projection.Ref]projection.Ref{}}
	all := types(g.Model)
	for _, name := range o.Kinds {
		i := slices.IndexFunc(all, func(t *catalog.Type) bool { return t.Name == name })
		if i < 0 {
			var names []string
			for _, t := range all {
				names = append(names, t.Name)
			}
			return nil, kg.Errorf(kg.BadUserInput, "a neighbourhood has no nodes of type %s: it has %s", name, strings.Join(names, ", "))
		}
		s.wanted = append(s.wanted, all[i])
	}
	if len(o.Kinds) == 0 {
		s.wanted = all[:len(all)-2]
	}
	for _, w := range g.Model.Ways {
		s.bodies = append(s.bodies, w.Out.Target == g.Model.Actor)
	}
	for p := range projection.Parts {
		s.steps[p], s.links[p] = make([]int8, g.Part(p).Len()), make([]int32, g.Part(p).Len())
	}
	return s, nil
}

// mark notes that a node is reached, unless it was, and reports whether it is new.
func (s *survey) mark(r projection.Ref, steps int) bool {
	if s.steps[r.Part][r.Number] > 0 {
		return false
	}
	s.steps[r.Part][r.Number] = int8(steps + 1)
	s.reached = append(s.reached, r)
	return true
}

func (s *survey) stepsTo(r projection.Ref) int { return int(s.steps[r.Part][r.Number]) - 1 }

func actor(n int32) projection.Ref { return projection.Ref{Part: projection.ActorPart, Number: n} }
func group(n int32) projection.Ref { return projection.Ref{Part: projection.GroupPart, Number: n} }

// reach finds all organisations and groups within the steps.
func (s *survey) reach(around []projection.Ref) error {
	for _, r := range around {
		s.mark(r, 0)
	}
	s.around = len(s.reached)
	for i := 0; i < len(s.reached); i++ {
		if err := s.work.Look(1); err != nil {
			return err
		}
		r := s.reached[i]
		next := s.stepsTo(r) + 1
		switch {
		case next > s.o.Steps:
		case r.Part == projection.ActorPart:
			s.groups = s.ties.Groups(r.Number, s.groups[:0])
			for _, n := range s.groups {
				if s.steps[projection.GroupPart][n] == 0 {
					s.mark(group(n), next)
					if err := s.enter(n, next); err != nil {
						return err
					}
				}
			}
			s.ties.Direct(r.Number, func(other int32, _ projection.DirectKind) { s.mark(actor(other), next) })
		case r.Part == projection.GroupPart && next == 1:
			if err := s.enter(r.Number, next); err != nil {
				return err
			}
		case r.Part == projection.SectorPart:
			for _, n := range s.g.SectorActors.Of(r.Number) {
				s.mark(actor(n), next)
				if err := s.work.Look(1); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// enter reaches the members of a group.
func (s *survey) enter(n int32, steps int) error {
	members := s.ties.Members(n)
	for _, m := range members {
		s.mark(actor(m), steps)
	}
	return s.work.Look(1 + len(members))
}

// count counts the links of what is reached, and reaches sectors and places.
func (s *survey) count() error {
	for _, r := range s.reached {
		n, looked := int32(0), 1
		switch r.Part {
		case projection.ActorPart:
			s.groups = s.ties.Groups(r.Number, s.groups[:0])
			looked += len(s.groups)
			for _, m := range s.groups {
				if s.steps[projection.GroupPart][m] > 0 {
					n++
				}
				if s.bodies[s.g.Way[m]] && s.g.Groups.ID(m) == s.g.Actors.ID(r.Number) {
					n += s.within(m) - 1
				}
			}
			s.ties.Direct(r.Number, func(other int32, _ projection.DirectKind) {
				if s.steps[projection.ActorPart][other] > 0 {
					n++
				}
			})
		case projection.GroupPart:
			n = s.within(r.Number)
			looked += s.g.Members.Degree(r.Number)
		}
		s.links[r.Part][r.Number] += n
		if err := s.work.Look(looked); err != nil {
			return err
		}
	}
	for _, r := range s.reached {
		if err := s.work.Look(1); err != nil {
			return err
		}
		switch r.Part {
		case projection.ActorPart:
			s.attach(r, projection.SectorPart, s.g.ActorSectors)
			s.attach(r, projection.PlacePart, s.g.ActorPlaces)
		case projection.GroupPart:
			s.attach(r, projection.SectorPart, s.g.GroupSectors)
		}
	}
	return nil
}

// within returns how many members of a group are reached.
func (s *survey) within(n int32) (reached int32) {
	for _, m := range s.ties.Members(n) {
		if s.steps[projection.ActorPart][m] > 0 {
			reached++
		}
	}
	return reached
}

// attach reaches the sectors or places of a node, if they are wanted. The host of
// each is the best of its nodes.
func (s *survey) attach(r projection.Ref, part projection.Part, of projection.Lists) {
	for _, n := range of.Of(r.Number) {
		to := projection.Ref{Part: part, Number: n}
		if s.steps[part][n] == 0 && !slices.Contains(s.wanted, s.g.Type(to)) {
			continue
		}
		if s.mark(to, s.stepsTo(r)+1) || s.better(r, s.host[to]) && s.stepsTo(to) > 0 {
			s.host[to] = r
		}
		s.links[part][n]++
	}
}

// better reports whether a node comes before another.
func (s *survey) better(a, b projection.Ref) bool {
	if x, y := s.links[a.Part][a.Number], s.links[b.Part][b.Number]; x != y {
		return x > y
	}
	if x, y := s.steps[a.Part][a.Number], s.steps[b.Part][b.Number]; x != y {
		return x < y
	}
	return a.Part < b.Part || a.Part == b.Part && a.Number < b.Number
}

// shown reports whether a node may be among the nodes.
func (s *survey) shown(r projection.Ref) bool {
	if r.Part == projection.GroupPart && s.bodies[s.g.Way[r.Number]] {
		return false // the actor is
	}
	return slices.Contains(s.wanted, s.g.Type(r))
}

// choose counts what is reached and takes the most connected of it.
func (s *survey) choose() (*Graph, error) {
	out := &Graph{}
	rest := &ranking{s: s}
	counts := map[*catalog.Type]int{}
	chosen := map[projection.Ref]bool{}
	add := func(r projection.Ref) {
		chosen[r] = true
		out.Nodes = append(out.Nodes, Node{Ref: r, Steps: s.stepsTo(r), Links: int(s.links[r.Part][r.Number])})
	}
	for i, r := range s.reached {
		if err := s.work.Look(1); err != nil {
			return nil, err
		}
		if i < s.around {
			counts[s.g.Type(r)]++
			add(r)
		} else if s.shown(r) {
			counts[s.g.Type(r)]++
			rest.refs = append(rest.refs, r)
		}
	}
	out.Truncated = len(out.Nodes)+len(rest.refs) > s.o.First
	for _, t := range types(s.g.Model) {
		if n := counts[t]; n > 0 {
			out.Totals = append(out.Totals, Total{t, n})
		}
	}
	for heap.Init(rest); len(rest.refs) > 0 && len(out.Nodes) < s.o.First; {
		way := s.way(heap.Pop(rest).(projection.Ref), chosen)
		if len(out.Nodes)+len(way) <= s.o.First {
			for _, r := range slices.Backward(way) {
				add(r)
			}
		}
	}
	slices.SortFunc(out.Nodes[s.around:], func(a, b Node) int {
		if s.better(a.Ref, b.Ref) {
			return -1
		}
		return 1
	})
	return out, s.work.Look(0)
}

// ranking is a heap of nodes, the best first.
type ranking struct {
	s    *survey
	refs []projection.Ref
}

// Len implements heap.Interface, as do the others.
func (r *ranking) Len() int { return len(r.refs) }
func (r *ranking) Less(i, j int) bool {
	return r.s.work.Look(1) == nil && r.s.better(r.refs[i], r.refs[j]) // when nobody waits, any order will do
}
func (r *ranking) Swap(i, j int) { r.refs[i], r.refs[j] = r.refs[j], r.refs[i] }

// Push is never called: nodes only go.
func (r *ranking) Push(any) { panic("nodes only go") }

// Pop removes the last.
func (r *ranking) Pop() any {
	last := r.refs[len(r.refs)-1]
	r.refs = r.refs[:len(r.refs)-1]
	return last
}

// way returns a node, unless it is chosen, and those over which it is reached from
// what is chosen.
func (s *survey) way(r projection.Ref, chosen map[projection.Ref]bool) (out []projection.Ref) {
	for found := true; found && !chosen[r] && !slices.Contains(out, r); {
		out = append(out, r)
		r, found = s.before(r, chosen)
	}
	return out
}

// before returns the node over which one is reached: one that is chosen, or else
// the best. There is none over what is not wanted.
func (s *survey) before(r projection.Ref, chosen map[projection.Ref]bool) (best projection.Ref, found bool) {
	steps := s.stepsTo(r)
	try := func(q projection.Ref) {
		if !chosen[q] && !s.shown(q) {
			return
		}
		if !found || chosen[q] && !chosen[best] || chosen[q] == chosen[best] && s.better(q, best) {
			best, found = q, true
		}
	}
	nearer := func(n int32) {
		if q := actor(n); s.steps[projection.ActorPart][n] > 0 && s.stepsTo(q) < steps {
			try(q)
		}
	}
	switch r.Part {
	case projection.SectorPart, projection.PlacePart:
		try(s.host[r])
	case projection.GroupPart:
		for _, m := range s.ties.Members(r.Number) {
			nearer(m)
		}
	case projection.ActorPart:
		s.groups = s.ties.Groups(r.Number, s.groups[:0])
		for _, n := range s.groups {
			q := group(n)
			if s.steps[projection.GroupPart][n] == 0 || s.stepsTo(q) > steps {
				continue
			}
			members := s.ties.Members(n)
			last := members[max(0, len(members)-1):] // none while members are missed, see projection.Graph.Expand
			switch {
			case s.bodies[s.g.Way[n]] && len(last) > 0 && last[0] != r.Number:
				try(actor(last[0]))
			case s.shown(q) || chosen[q]:
				try(q)
			default:
				for _, m := range members {
					nearer(m)
				}
			}
		}
		s.ties.Direct(r.Number, func(other int32, _ projection.DirectKind) { nearer(other) })
		for _, n := range s.g.ActorSectors.Of(r.Number) {
			if q := (projection.Ref{Part: projection.SectorPart, Number: n}); s.steps[projection.SectorPart][n] == 1 {
				try(q)
			}
		}
	}
	return best, found
}
