package projection

import (
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/store"
)

// space is a table of a Graph: its nodes are numbered together.
type space int

const (
	actors space = iota
	groups
	sectors
	places
	needs
	offers
	calls
	spaces // how many there are
)

// layout says where nodes and relationships of a model stand in a Graph.
type layout struct {
	kinds []kindOf
	links []*catalog.Relationship
	lists []listOf
	feeds [][]feed // by link
}

// kindOf is a type of node in a table. Bodies with members are groups, but not
// of this kind: they are actors.
type kindOf struct {
	typ   *catalog.Type
	space space
}

// listOf is a list of a Graph, for each node of a table those of another.
type listOf struct {
	rows, items space
	lists       func(*Graph) *Lists
	reverse     func(*Graph) *Lists // likewise from the others; nil when that is not kept
}

// feed says what a relationship between two kinds of node adds to.
type feed struct {
	from, to int // kinds
	list     int // index in lists, or -1 for what relates actors directly
	way      int // for groups: on which way
	direct   uint8
	in       bool // whether it leads from the item to the row
}

func newLayout(m *Model) *layout {
	l := &layout{}
	for _, k := range []struct {
		typ   *catalog.Type
		space space
	}{{m.Actor, actors}, {m.Sector, sectors}, {m.Place, places}, {m.Need.typ(), needs}, {m.Offer.typ(), offers}, {m.Call, calls}} {
		if k.typ != nil {
			l.kinds = append(l.kinds, kindOf{k.typ, k.space})
		}
	}
	for _, w := range m.Ways {
		if l.kind(w.Out.Target) < 0 {
			l.kinds = append(l.kinds, kindOf{w.Out.Target, groups})
		}
	}
	meetings := l.list(actors, groups, func(g *Graph) *Lists { return &g.Meetings }, func(g *Graph) *Lists { return &g.Members })
	about := l.list(groups, sectors, func(g *Graph) *Lists { return &g.GroupSectors }, nil)
	for i, w := range m.Ways {
		l.feed(w.Out, feed{list: meetings, way: i})
		if t := w.Out.Target; t != m.Actor {
			l.feed(fieldTo(t, m.Sector), feed{list: about, way: i})
		}
	}
	for i, r := range m.Direct {
		k := l.kind(m.Actor)
		l.add(r, feed{from: k, to: k, list: -1, direct: uint8(i)})
	}
	l.feed(fieldTo(m.Actor, m.Sector), feed{list: l.list(actors, sectors, func(g *Graph) *Lists { return &g.ActorSectors }, func(g *Graph) *Lists { return &g.SectorActors })})
	l.feed(m.Actor.Within, feed{list: l.list(actors, places, func(g *Graph) *Lists { return &g.ActorPlaces }, nil)})
	l.feed(m.Sector.Hierarchy, feed{list: l.list(sectors, sectors, func(g *Graph) *Lists { return &g.Broader }, nil)})
	l.feed(m.Place.Hierarchy, feed{list: l.list(places, places, func(g *Graph) *Lists { return &g.Wider }, nil)})
	l.exchanges(m.Need, needs, func(g *Graph) *Exchanges { return &g.Needs })
	l.exchanges(m.Offer, offers, func(g *Graph) *Exchanges { return &g.Offers })
	sectorsOfCalls := l.list(calls, sectors, func(g *Graph) *Lists { return &g.Calls.Sectors }, nil)
	if m.Call != nil {
		l.feed(fieldTo(m.Call, m.Sector), feed{list: sectorsOfCalls})
	}
	return l
}

func (l *layout) exchanges(d *Declared, s space, of func(*Graph) *Exchanges) {
	by := l.list(s, actors, func(g *Graph) *Lists { return &of(g).Actors }, func(g *Graph) *Lists { return &of(g).ByActor })
	about := l.list(s, sectors, func(g *Graph) *Lists { return &of(g).Sectors }, nil)
	if d != nil {
		l.feed(d.By, feed{list: by})
		l.feed(d.Sectors, feed{list: about})
	}
}

func (l *layout) list(rows, items space, lists, reverse func(*Graph) *Lists) int {
	l.lists = append(l.lists, listOf{rows, items, lists, reverse})
	return len(l.lists) - 1
}

// feed adds what a field, if there is one, feeds: rows are its owners.
func (l *layout) feed(f *catalog.RelationshipField, of feed) {
	if f == nil {
		return
	}
	of.from, of.to = l.kind(f.Owner), l.kind(f.Target)
	if of.in = f.Direction == catalog.In; of.in {
		of.from, of.to = of.to, of.from
	}
	l.add(f.Relationship, of)
}

func (l *layout) add(r *catalog.Relationship, of feed) {
	k := slices.Index(l.links, r)
	if k < 0 {
		k = len(l.links)
		l.links, l.feeds = append(l.links, r), append(l.feeds, nil)
	}
	l.feeds[k] = append(l.feeds[k], of)
}

// kind returns the index of the kind of a type, or -1.
func (l *layout) kind(t *catalog.Type) int {
	return slices.IndexFunc(l.kinds, func(k kindOf) bool { return k.typ == t })
}

// Extract returns what a store is to give for a Graph of the model.
func (m *Model) Extract() (x store.Extract) {
	for _, k := range m.layout.kinds {
		cols := m.columns(k)
		x.Nodes = append(x.Nodes, store.NodeColumns{Type: k.typ, Properties: cols.properties()})
	}
	x.Links = m.layout.links
	return x
}
