package projection

import (
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// Ties are what ties actors to each other, or some of it: groups to which both
// belong, and relationships from one to the other. A body with members is a
// group to which it belongs itself, so that its members are tied to it too.
type Ties struct {
	g      *Graph
	ways   []bool // by way: whether its groups are looked at
	bodies []int  // by way: the index in Model.Direct of the relationship of members to a body, or -1
	direct []bool // by index in Model.Direct: whether it is a tie by itself
}

// TieNames returns the names of the relationships over which actors are tied,
// in alphabetical order.
func (m *Model) TieNames() (out []string) {
	for _, w := range m.Ways {
		out = append(out, w.Out.Relationship.Name)
	}
	for _, r := range m.Direct {
		out = append(out, r.Name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Ties returns the ties over relationships of some names, or over all when none
// is named.
func (g *Graph) Ties(names []string) (Ties, error) {
	known := g.Model.TieNames()
	for _, name := range names {
		if !slices.Contains(known, name) {
			return Ties{}, kg.Errorf(kg.BadUserInput, "nobody is tied over %s: over %s they are", name, strings.Join(known, ", "))
		}
	}
	named := func(name string) bool { return len(names) == 0 || slices.Contains(names, name) }
	t := Ties{g: g}
	for _, r := range g.Model.Direct {
		t.direct = append(t.direct, named(r.Name))
	}
	for _, w := range g.Model.Ways {
		t.ways = append(t.ways, named(w.Out.Relationship.Name))
		body := -1
		if w.Out.Target == g.Model.Actor {
			body = slices.Index(g.Model.Direct, w.Out.Relationship)
		}
		if body >= 0 {
			t.direct[body] = false
		}
		t.bodies = append(t.bodies, body)
	}
	return t, nil
}

// Groups appends the groups to which an actor belongs, in ascending order.
func (t Ties) Groups(actor int32, to []int32) []int32 {
	from := len(to)
	for _, group := range t.g.Meetings.Of(actor) {
		if t.ways[t.g.Way[group]] {
			to = append(to, group)
		}
	}
	for way, relationship := range t.bodies {
		if !t.ways[way] || relationship < 0 || !t.hasMembers(actor, way, relationship) {
			continue
		}
		if group, ok := t.g.Groups.partOf(way).Find(t.g.Actors.ID(actor)); ok {
			if at, among := slices.BinarySearch(to[from:], group); !among {
				to = slices.Insert(to, from+at, group)
			}
		}
	}
	return to
}

// Shared appends the groups to which both of two actors belong, in ascending order.
// The time it takes is in proportion to the groups of the one that has fewer.
func (t Ties) Shared(a, b int32, to []int32) []int32 {
	if t.g.Meetings.Degree(a) > t.g.Meetings.Degree(b) {
		a, b = b, a
	}
	from := len(to)
	to = t.Groups(a, to)
	return to[:from+len(slices.DeleteFunc(to[from:], func(group int32) bool { return !t.Belongs(b, group) }))]
}

// Belongs reports whether an actor belongs to a group over which ties are looked at.
func (t Ties) Belongs(actor, group int32) bool {
	_, among := slices.BinarySearch(t.g.Meetings.Of(actor), group)
	return among || t.bodies[t.g.Way[group]] >= 0 && t.g.Actors.ID(actor) == t.g.Groups.ID(group)
}

// hasMembers reports whether an actor is a body on a way, without looking for
// its id.
func (t Ties) hasMembers(actor int32, way, relationship int) bool {
	_, kinds := t.g.DirectOf(actor)
	in := t.g.Model.Ways[way].Out.Direction == catalog.Out
	for _, k := range kinds {
		if int(k.Relationship) == relationship && k.In == in {
			return true
		}
	}
	return false
}

// Members returns the actors that belong to a group; a body comes last. The list
// must not be changed.
func (t Ties) Members(group int32) []int32 {
	members := t.g.Members.Of(group)
	if t.bodies[t.g.Way[group]] >= 0 {
		if body, ok := t.g.Actors.Find(t.g.Groups.ID(group)); ok {
			if _, among := slices.BinarySearch(members, body); !among {
				return append(slices.Clone(members), body)
			}
		}
	}
	return members
}

// Direct tells of the actors that are related to one directly, in ascending
// order, once for each relationship.
func (t Ties) Direct(actor int32, yield func(other int32, kind DirectKind)) {
	others, kinds := t.g.DirectOf(actor)
	for i, kind := range kinds {
		if t.direct[kind.Relationship] {
			yield(others[i], kind)
		}
	}
}
