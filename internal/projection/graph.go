// Package projection holds the algorithms' own view of the graph: who meets whom
// in which projects, synergies and bodies, as lists of small integers. It is
// built by streaming from any store, does not change once it is built, and gives
// the same answers whichever store it came from.
package projection

import (
	"sort"
)

// Graph is a projection of a graph at one revision. Nodes of each table are
// numbered in the order of their ids, groups by way first: equal graphs are
// numbered alike. It does not change.
type Graph struct {
	Revision int64
	Model    *Model

	Actors  Table // organisations
	Groups  Table // what they share: projects, synergies, bodies with members
	Sectors Table
	Places  Table

	Kind             []uint8    // by actor: index in Kinds
	Country          []uint16   // by actor: index in Countries
	Size             []uint8    // by actor: index in Sizes
	Kinds, Countries []string   // the first of each is "", of what is not known
	Sizes            []string   // likewise
	Position         []Position // by actor: where it is

	Way      []uint8 // by group: index in Model.Ways
	From, To []Day   // by group: its first and last day
	Latest   Day     // the latest day on which a group began: as far as the graph has news

	Members      Lists        // by group: actors, each once
	Meetings     Lists        // by actor: groups, each once
	Direct       Lists        // by actor: actors related to it, once for each relationship
	DirectKind   []DirectKind // for each item of Direct
	ActorSectors Lists        // by actor: sectors in which it is active
	SectorActors Lists
	GroupSectors Lists // by group: sectors that it is about
	Broader      Lists // by sector: those directly above
	ActorPlaces  Lists // by actor: places in which it is
	Wider        Lists // by place: those directly above

	Needs, Offers Exchanges
	Calls         Calls
}

// Day is a day as a number of days since 1970-01-01.
type Day int32

// NoDay is the day of what has none.
const NoDay Day = -1 << 31

// Position is a point in degrees; NaN when it is not known.
type Position struct{ Latitude, Longitude float32 }

// DirectKind says over which relationship an actor is related to another.
type DirectKind struct {
	Relationship uint8 // index in Model.Direct
	In           bool  // whether it leads from the other to this one
}

// Table is the nodes of one kind in the order of their numbers: by id, or, of
// groups, by way and id.
type Table struct {
	text   string   // all ids
	offset []uint32 // of each, and of the end
	part   []int32  // where each way begins, and the end; of other tables 0 and the end
}

// Len returns how many nodes there are.
func (t *Table) Len() int { return len(t.offset) - 1 }

// ID returns the id of a node.
func (t *Table) ID(i int32) string { return t.text[t.offset[i]:t.offset[i+1]] }

// Find returns the number of a node.
func (t *Table) Find(id string) (int32, bool) {
	for p := range len(t.part) - 1 {
		from, to := int(t.part[p]), int(t.part[p+1])
		i := from + sort.Search(to-from, func(i int) bool { return t.ID(int32(from+i)) >= id })
		if i < to && t.ID(int32(i)) == id {
			return int32(i), true
		}
	}
	return 0, false
}

// partOf returns the nodes of one way, by the same numbers.
func (t *Table) partOf(way int) *Table {
	return &Table{t.text, t.offset, t.part[way : way+2]}
}

// Lists holds a list of numbers for each node, as compressed sparse rows; each
// is in ascending order.
type Lists struct {
	start []uint32 // of each list, and the end
	items []int32
}

// Of returns the list of a node. It must not be changed.
func (l Lists) Of(i int32) []int32 { return l.items[l.start[i]:l.start[i+1]] }

// Span returns where the list of a node stands among all items.
func (l Lists) Span(i int32) (from, to uint32) { return l.start[i], l.start[i+1] }

// Degree returns how long the list of a node is.
func (l Lists) Degree(i int32) int { return int(l.start[i+1] - l.start[i]) }

// Items returns how long all lists are together.
func (l Lists) Items() int { return len(l.items) }

// Body reports whether a group is itself an actor: a body with members, such as a
// council. To be a member of the same is not to have worked together.
func (g *Graph) Body(group int32) bool {
	return g.Model.Ways[g.Way[group]].Out.Target == g.Model.Actor
}
