// Package projection holds the algorithms' own view of the graph: who meets whom
// in which projects, synergies and bodies, as lists of small integers. It is
// built by streaming from any store, does not change once it is built, and gives
// the same answers whichever store it came from.
package projection

import (
	"math"
	"reflect"
	"time"
)

// Graph is a projection of a graph at one revision. Nodes of each table are
// numbered in the order of their ids, groups by way first: equal graphs are
// numbered alike. It does not change. Where it does not fit into memory, its long
// lists are read from the store, see Expand.
type Graph struct {
	Revision   int64
	Model      *Model
	BuildTime  time.Duration // how long it took to read and build
	UpdateTime time.Duration // how long it took to bring it up to date since; 0 when it is as it was built

	Actors  Table // organisations
	Groups  Table // what they share: projects and synergies, also without members, and bodies with members
	Sectors Table
	Places  Table

	Kind             []uint8    // by actor: index in Kinds
	Country          []uint16   // by actor: index in Countries
	Size             []uint8    // by actor: index in Sizes
	Kinds, Countries []string   // the first of each is "", of what is not known
	Sizes            []string   // likewise
	Position         []Position // by actor: where it is, or else the first of its places for which that is known

	Way      []uint8 // by group: index in Model.Ways
	From, To []Day   // by group: its first and last day
	Latest   Day     // the latest day on which a group began: as far as the graph has news

	Members      Lists // by group: actors, each once
	Meetings     Lists // by actor: groups, each once
	Direct       Lists // by actor: actors related to it, once for each kind
	ActorSectors Lists // by actor: sectors in which it is active
	SectorActors Lists
	GroupSectors Lists // by group: sectors that it is about
	Broader      Lists // by sector: those directly above
	ActorPlaces  Lists // by actor: places in which it is
	Wider        Lists // by place: those directly above

	Needs, Offers Exchanges
	Calls         Calls

	directKind []DirectKind // for each item of Direct
	own        []Position   // by actor: its own; nil when the graph is in memory in part
	placeAt    []Position   // by place
	kept       *kept        // by algorithms
	partial    *partial     // nil when the whole graph is in memory
}

// Day is a day as a number of days since 1970-01-01.
type Day int32

// NoDay is the day of what has none.
const NoDay Day = -1 << 31

// Position is a point in degrees; NaN when it is not known.
type Position struct{ Latitude, Longitude float32 }

// Known reports whether the position is known.
func (p Position) Known() bool { return !math.IsNaN(float64(p.Latitude)) }

// DirectKind says over which relationship an actor is related to another.
type DirectKind struct {
	Relationship uint8 // index in Model.Direct
	In           bool  // whether it leads from the other to this one
}

// DirectOf returns the actors related to an actor, and for each of them how.
func (g *Graph) DirectOf(actor int32) ([]int32, []DirectKind) {
	if g.Direct.part {
		return g.Direct.some.read(actor)
	}
	from, to := g.Direct.start[actor], g.Direct.start[actor+1]
	return g.Direct.items[from:to], g.directKind[from:to]
}

// Links returns how many relationships the graph holds.
func (g *Graph) Links() int {
	n := g.Direct.Items() / 2
	for _, of := range g.Model.layout.lists {
		n += of.lists(g).Items()
	}
	return n
}

// Bytes returns how much memory the graph takes now.
func (g *Graph) Bytes() int64 {
	if g.partial != nil {
		return g.partial.tables + g.partial.bytes.Load()
	}
	return size(reflect.ValueOf(g).Elem())
}

// size returns the memory to which a value refers, without itself and its model.
func size(v reflect.Value) (n int64) {
	switch v.Kind() {
	case reflect.String:
		return int64(v.Len())
	case reflect.Slice:
		n = int64(v.Cap()) * int64(v.Type().Elem().Size())
		if k := v.Type().Elem().Kind(); k == reflect.String || k == reflect.Slice {
			for i := range v.Len() {
				n += size(v.Index(i))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			n += size(v.Field(i))
		}
	}
	return n
}

// Body reports whether a group is itself an actor: a body with members, such as a
// council. To be a member of the same is not to have worked together.
func (g *Graph) Body(group int32) bool {
	return g.Model.Ways[g.Way[group]].Out.Target == g.Model.Actor
}

// DayOf returns the day of a time, in the location of the time.
func DayOf(t time.Time) Day {
	return Day(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
