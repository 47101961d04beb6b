package neighbourhood

import (
	"cmp"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/projection"
)

// link finds all links among the nodes.
func (s *survey) link(out *Graph) error {
	at := map[projection.Ref]int{}
	for i, n := range out.Nodes {
		at[n.Ref] = i
	}
	add := func(from, to int, f catalog.Direction, relationship string) {
		if f == catalog.In {
			from, to = to, from
		}
		out.Links = append(out.Links, Link{from, to, relationship, -1, 1})
	}
	shared := map[int32][]int32{} // by group that is not among the nodes: the actors that are
	for i, n := range out.Nodes {
		switch n.Part {
		case projection.ActorPart:
			groups := s.ties.Groups(n.Number, nil)
			if err := s.work.Look(len(groups)); err != nil {
				return err
			}
			for _, m := range groups {
				way := s.g.Model.Ways[s.g.Way[m]].Out
				if j, among := at[group(m)]; among {
					add(i, j, way.Direction, way.Relationship.Name)
				} else if !s.bodies[s.g.Way[m]] {
					shared[m] = append(shared[m], n.Number)
				} else if body, known := s.g.Actors.Find(s.g.Groups.ID(m)); known && body != n.Number {
					if j, among := at[actor(body)]; among {
						add(i, j, way.Direction, way.Relationship.Name)
					}
				}
			}
			s.ties.Direct(n.Number, func(other int32, kind projection.DirectKind) {
				if j, among := at[actor(other)]; among && !kind.In {
					add(i, j, catalog.Out, s.g.Model.Direct[kind.Relationship].Name)
				}
			})
			s.attached(at, i, n.Ref, projection.SectorPart, s.g.ActorSectors, add)
			s.attached(at, i, n.Ref, projection.PlacePart, s.g.ActorPlaces, add)
		case projection.GroupPart:
			s.attached(at, i, n.Ref, projection.SectorPart, s.g.GroupSectors, add)
		}
	}
	if err := s.derive(out, at, shared); err != nil {
		return err
	}
	slices.SortFunc(out.Links, func(a, b Link) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Target, b.Target), cmp.Compare(a.Relationship, b.Relationship))
	})
	return nil
}

// attached links a node to its sectors or places.
func (s *survey) attached(at map[projection.Ref]int, i int, r projection.Ref, part projection.Part, of projection.Lists, add func(from, to int, d catalog.Direction, relationship string)) {
	for _, n := range of.Of(r.Number) {
		to := projection.Ref{Part: part, Number: n}
		if j, among := at[to]; among {
			for _, f := range s.g.Type(r).Fields {
				if f.Target == s.g.Type(to) {
					add(i, j, f.Direction, f.Relationship.Name)
					break
				}
			}
		}
	}
}

// derive links actors that share groups which are not among the nodes.
func (s *survey) derive(out *Graph, at map[projection.Ref]int, shared map[int32][]int32) error {
	type pair struct{ a, b, way int }
	found := map[pair]*Link{}
	for n, members := range shared {
		if err := s.work.Look(len(members) * len(members) / 2); err != nil {
			return err
		}
		for i, a := range members {
			for _, b := range members[i+1:] {
				p := pair{at[actor(a)], at[actor(b)], int(s.g.Way[n])}
				p.a, p.b = min(p.a, p.b), max(p.a, p.b)
				l := found[p]
				if l == nil {
					l = &Link{Source: p.a, Target: p.b, Relationship: s.g.Model.Ways[p.way].Out.Relationship.Name, Group: n}
					found[p] = l
				} else if closer(s.g, n, l.Group) {
					l.Group = n
				}
				l.Count++
			}
		}
	}
	for _, l := range found {
		out.Links = append(out.Links, *l)
	}
	return nil
}

// closer reports whether a group ties its members more closely than another: it
// has fewer, or as many and a smaller number.
func closer(g *projection.Graph, a, b int32) bool {
	return cmp.Or(cmp.Compare(g.Members.Degree(a), g.Members.Degree(b)), cmp.Compare(a, b)) < 0
}
