package projection

import (
	"maps"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
)

// newGraph returns a graph that is to be assembled: tables, then columns and
// lists, and at last what follows from them.
func newGraph(m *Model, revision int64) *Graph {
	return &Graph{Revision: revision, Model: m, Kinds: values(m.Kind), Sizes: values(m.Size), kept: &kept{}}
}

// values returns the values of an enum behind "", which stands for none.
func values(p *catalog.Property) []string {
	if p == nil {
		return []string{""}
	}
	return append([]string{""}, p.Enum...)
}

// table returns the table of a space.
func (g *Graph) table(s space) *Table {
	return [spaces]*Table{&g.Actors, &g.Groups, &g.Sectors, &g.Places, &g.Needs.Table, &g.Offers.Table, &g.Calls.Table}[s]
}

// setTables sets the tables from the ids of each kind, and of the groups of each
// way.
func (g *Graph) setTables(kinds, ways []ids) {
	for s := range spaces {
		*g.table(s) = newTable(ids{})
	}
	for k, of := range g.Model.layout.kinds {
		if of.space != groups {
			*g.table(of.space) = newTable(kinds[k])
		}
	}
	g.Groups = newTable(ways...)
}

// setColumns sets what is known of nodes from the columns of each kind.
func (g *Graph) setColumns(kinds []columns) {
	l := g.Model.layout
	n := g.Groups.Len()
	g.Way, g.From, g.To = make([]uint8, n), make([]Day, n), make([]Day, n)
	for w, way := range g.Model.Ways {
		c := &kinds[l.kind(way.Out.Target)]
		from, to := g.Groups.span(w)
		for i := from; i < to; i++ {
			g.Way[i], g.From[i], g.To[i] = uint8(w), NoDay, NoDay
		}
		if l.kinds[l.kind(way.Out.Target)].space == groups {
			copy(g.From[from:to], c.from.values)
			copy(g.To[from:to], c.to.values)
		}
	}
	if g.Latest = NoDay; n > 0 {
		g.Latest = slices.Max(g.From)
	}
	for k, of := range l.kinds {
		c, n := &kinds[k], g.table(of.space).Len()
		switch of.space {
		case actors:
			g.Kind, g.Size, g.own = c.kind.all(n), c.size.all(n), c.at.all(n)
			g.setCountries(c.country.all(n))
		case places:
			g.placeAt = c.at.all(n)
		case needs:
			g.Needs.set(c, n)
		case offers:
			g.Offers.set(c, n)
		case calls:
			g.Calls.From, g.Calls.To, g.Calls.Least = c.from.all(n), c.to.all(n), c.least.all(n)
		}
	}
}

func (e *Exchanges) set(c *columns, n int) {
	e.Kind, e.Until, e.Class, e.Amount = c.word.all(n), c.to.all(n), c.class.all(n), c.amount.all(n)
}

// all returns the values of n rows, also where the model does not have the column.
func (c *column[T]) all(n int) []T {
	if len(c.props) > 0 {
		return c.values
	}
	out := make([]T, n)
	for i := range out {
		out[i] = c.none
	}
	return out
}

// mostCountries is how many countries can be told apart. Later ones are unknown.
const mostCountries = 1 << 16

func (g *Graph) setCountries(of []string) {
	known := map[string]uint16{"": 0}
	for _, c := range of {
		known[c] = 0
	}
	g.Countries = slices.Sorted(maps.Keys(known))
	g.Countries = g.Countries[:min(len(g.Countries), mostCountries)]
	for i, c := range g.Countries {
		known[c] = uint16(i)
	}
	g.Country = make([]uint16, len(of))
	for i, c := range of {
		g.Country[i] = known[c]
	}
}

// tie is an item of Direct with its kind: the actor, the relationship and then
// the direction, so that ties are in order when these are.
type tie uint64

func newTie(actor int32, relationship uint8, in bool) tie {
	t := tie(actor)<<9 | tie(relationship)<<1
	if in {
		t++
	}
	return t
}

func (t tie) actor() int32 { return int32(t >> 9) }

func (t tie) kind() DirectKind { return DirectKind{uint8(t >> 1), t&1 == 1} }

func (g *Graph) setDirect(start []uint32, ties []tie) {
	g.Direct = Lists{start: start, items: make([]int32, len(ties))}
	g.directKind = make([]DirectKind, len(ties))
	for i, t := range ties {
		g.Direct.items[i], g.directKind[i] = t.actor(), t.kind()
	}
}

// settle sets what follows from the rest.
func (g *Graph) settle() {
	g.Position = g.own
	shared := true
	for i := range int32(g.Actors.Len()) {
		if g.own[i].Known() {
			continue
		}
		for _, place := range g.ActorPlaces.Of(i) {
			if at := g.placeAt[place]; at.Known() {
				if shared {
					g.Position, shared = slices.Clone(g.own), false
				}
				g.Position[i] = at
				break
			}
		}
	}
}
