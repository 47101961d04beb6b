package projection

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// Builder collects what a projection is made of. What is added again takes the
// place of what was said of it before.
type Builder struct {
	model *Model
	nodes map[string]*kg.Node // of the types that are projected
	links map[string]kg.Relationship
}

// NewBuilder returns a builder of projections of a model.
func NewBuilder(m *Model) *Builder {
	return &Builder{model: m, nodes: map[string]*kg.Node{}, links: map[string]kg.Relationship{}}
}

// Add adds a node or a relationship; what is not projected is left out.
func (b *Builder) Add(ch kg.Change) {
	switch {
	case ch.Node != nil:
		old := b.nodes[ch.Node.ID]
		if old == nil {
			b.nodes[ch.Node.ID] = ch.Node
			return
		}
		merged := *ch.Node
		merged.Properties = maps.Clone(old.Properties)
		maps.Copy(merged.Properties, ch.Node.Properties)
		b.nodes[ch.Node.ID] = &merged
	case ch.Relationship != nil:
		r := ch.Relationship
		if s, ok := r.Properties["status"].(string); ok && s != statusCurrent {
			return
		}
		b.links[r.Type+"|"+r.From+"|"+r.To] = *r
	}
}

// Build returns the projection.
func (b *Builder) Build(revision int64) *Graph {
	m := b.model
	g := &Graph{Revision: revision, Model: m, Kinds: values(m.Kind), Sizes: values(m.Size)}
	g.Actors = newTable(b.ids(m.Actor))
	g.Sectors = newTable(b.ids(m.Sector))
	g.Places = newTable(b.ids(m.Place))
	g.Groups = newTable(b.groups()...)
	b.actors(g)
	b.meetings(g)
	b.direct(g)
	g.ActorSectors, g.SectorActors = b.between(m.Actor, &g.Actors, &g.Sectors, m.Sector)
	g.GroupSectors = b.groupSectors(g)
	g.Broader, _ = b.along(m.Sector.Hierarchy, &g.Sectors, &g.Sectors)
	g.Wider, _ = b.along(m.Place.Hierarchy, &g.Places, &g.Places)
	if m.Actor.Within != nil {
		g.ActorPlaces, _ = b.along(m.Actor.Within, &g.Actors, &g.Places)
	} else {
		g.ActorPlaces = newLists(g.Actors.Len(), nil)
	}
	g.Needs, g.Offers = b.exchanges(m.Need, g), b.exchanges(m.Offer, g)
	g.Calls = b.calls(g)
	return g
}

// values returns the values of an enum behind "", which stands for none.
func values(p *catalog.Property) []string {
	if p == nil {
		return []string{""}
	}
	return append([]string{""}, p.Enum...)
}

// index returns where the value of a property stands among values.
func index(props kg.Properties, p *catalog.Property) uint8 {
	if p == nil {
		return 0
	}
	v, _ := props[p.Name].(string)
	return uint8(1 + slices.Index(p.Enum, v))
}

func (b *Builder) ids(t *catalog.Type) (out []string) {
	for id := range b.nodes {
		if kg.Prefix(id) == t.Prefix {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// groups returns the ids of the groups of each way: those that have a member.
func (b *Builder) groups() (out [][]string) {
	for _, w := range b.model.Ways {
		seen := map[string]bool{}
		var ids []string
		for _, l := range b.links {
			if _, group := b.ends(w.Out, l); group != "" && b.nodes[group] != nil && !seen[group] {
				seen[group] = true
				ids = append(ids, group)
			}
		}
		slices.Sort(ids)
		out = append(out, ids)
	}
	return out
}

// ends returns the ends of a relationship seen from the owner of a field, or
// nothing when it is another relationship.
func (b *Builder) ends(f *catalog.RelationshipField, l kg.Relationship) (owner, target string) {
	if l.Type != f.Relationship.Name {
		return "", ""
	}
	owner, target = l.From, l.To
	if f.Direction == catalog.In {
		owner, target = target, owner
	}
	if kg.Prefix(owner) != f.Owner.Prefix || kg.Prefix(target) != f.Target.Prefix {
		return "", ""
	}
	return owner, target
}

func (b *Builder) actors(g *Graph) {
	n := g.Actors.Len()
	g.Kind, g.Size, g.Country, g.Position = make([]uint8, n), make([]uint8, n), make([]uint16, n), make([]Position, n)
	countries := map[string]bool{}
	for i := range n {
		if c, ok := b.nodes[g.Actors.ID(int32(i))].Properties[g.Model.Country.Name].(string); ok {
			countries[c] = true
		}
	}
	g.Countries = []string{""}
	for c := range countries {
		g.Countries = append(g.Countries, c)
	}
	slices.Sort(g.Countries)
	for i := range n {
		props := b.nodes[g.Actors.ID(int32(i))].Properties
		g.Kind[i], g.Size[i] = index(props, g.Model.Kind), index(props, g.Model.Size)
		if c, ok := props[g.Model.Country.Name].(string); ok {
			at, _ := slices.BinarySearch(g.Countries, c)
			g.Country[i] = uint16(at)
		}
		g.Position[i] = position(props, g.Model.Actor.Location)
	}
}

func position(props kg.Properties, p *catalog.Property) Position {
	var at struct{ Latitude, Longitude float64 }
	if p == nil || props[p.Name] == nil {
		return Position{float32(math.NaN()), float32(math.NaN())}
	}
	_ = json.Unmarshal([]byte(props[p.Name].(kg.JSON)), &at)
	return Position{float32(at.Latitude), float32(at.Longitude)}
}

func (b *Builder) meetings(g *Graph) {
	n := g.Groups.Len()
	g.Way, g.From, g.To = make([]uint8, n), make([]Day, n), make([]Day, n)
	var pairs [][2]int32
	for w, way := range g.Model.Ways {
		for i := g.Groups.part[w]; i < g.Groups.part[w+1]; i++ {
			props := b.nodes[g.Groups.ID(i)].Properties
			g.Way[i], g.From[i], g.To[i] = uint8(w), NoDay, NoDay
			if p := way.Out.Target.Period; p != nil {
				g.From[i], g.To[i] = day(props, p.From), day(props, p.To)
			}
		}
		part := g.Groups.partOf(w)
		for _, l := range b.links {
			if actor, group := b.ends(way.Out, l); group != "" {
				a, ok1 := g.Actors.Find(actor)
				m, ok2 := part.Find(group)
				if ok1 && ok2 {
					pairs = append(pairs, [2]int32{a, m})
				}
			}
		}
	}
	if g.Latest = NoDay; n > 0 {
		g.Latest = slices.Max(g.From)
	}
	g.Meetings, g.Members = newLists(g.Actors.Len(), pairs), newLists(n, reversed(pairs))
}

// day returns the first day of a date; an open beginning is none.
func day(props kg.Properties, p *catalog.Property) Day {
	d, ok := date(props, p)
	if !ok || d.First == kg.OpenFirst {
		return NoDay
	}
	return number(d.First)
}

// lastDay returns the last day of a date; an open end is none.
func lastDay(props kg.Properties, p *catalog.Property) Day {
	d, ok := date(props, p)
	if !ok || d.Last == kg.OpenLast {
		return NoDay
	}
	return number(d.Last)
}

func date(props kg.Properties, p *catalog.Property) (kg.Date, bool) {
	if p == nil {
		return kg.Date{}, false
	}
	s, _ := props[p.Name].(string)
	d, err := kg.ParseDate(s)
	return d, err == nil
}

func number(day string) Day {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return NoDay
	}
	return Day(t.Unix() / 86400)
}

func (b *Builder) direct(g *Graph) {
	type direct struct {
		from, to int32
		kind     DirectKind
	}
	var all []direct
	for k, r := range g.Model.Direct {
		for _, l := range b.links {
			if l.Type != r.Name {
				continue
			}
			from, ok1 := g.Actors.Find(l.From)
			to, ok2 := g.Actors.Find(l.To)
			if ok1 && ok2 && from != to {
				all = append(all, direct{from, to, DirectKind{uint8(k), false}}, direct{to, from, DirectKind{uint8(k), true}})
			}
		}
	}
	slices.SortFunc(all, func(a, b direct) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.kind.Relationship, b.kind.Relationship), strings.Compare(yes(a.kind.In), yes(b.kind.In)))
	})
	g.Direct = Lists{start: make([]uint32, g.Actors.Len()+1)}
	for _, d := range all {
		g.Direct.start[d.from+1]++
		g.Direct.items = append(g.Direct.items, d.to)
		g.DirectKind = append(g.DirectKind, d.kind)
	}
	for i := range g.Direct.start[1:] {
		g.Direct.start[i+1] += g.Direct.start[i]
	}
}

func yes(v bool) string {
	if v {
		return "1"
	}
	return ""
}

func (b *Builder) groupSectors(g *Graph) Lists {
	var pairs [][2]int32
	for w, way := range g.Model.Ways {
		part := g.Groups.partOf(w)
		for _, f := range way.Out.Target.Fields {
			if f.Target == g.Model.Sector && way.Out.Target != g.Model.Actor {
				pairs = append(pairs, b.pairs(f, part, &g.Sectors)...)
			}
		}
	}
	return newLists(g.Groups.Len(), pairs)
}

// between returns what relates the nodes of a type to those of another, both ways.
func (b *Builder) between(t *catalog.Type, from, to *Table, target *catalog.Type) (Lists, Lists) {
	var pairs [][2]int32
	for _, f := range t.Fields {
		if f.Target == target {
			pairs = append(pairs, b.pairs(f, from, to)...)
		}
	}
	return newLists(from.Len(), pairs), newLists(to.Len(), reversed(pairs))
}

// along returns what a field relates, both ways.
func (b *Builder) along(f *catalog.RelationshipField, from, to *Table) (Lists, Lists) {
	pairs := b.pairs(f, from, to)
	return newLists(from.Len(), pairs), newLists(to.Len(), reversed(pairs))
}

func (b *Builder) pairs(f *catalog.RelationshipField, from, to *Table) (out [][2]int32) {
	for _, l := range b.links {
		if owner, target := b.ends(f, l); target != "" {
			i, ok1 := from.Find(owner)
			j, ok2 := to.Find(target)
			if ok1 && ok2 {
				out = append(out, [2]int32{i, j})
			}
		}
	}
	return out
}

func reversed(pairs [][2]int32) [][2]int32 {
	out := make([][2]int32, len(pairs))
	for i, p := range pairs {
		out[i] = [2]int32{p[1], p[0]}
	}
	return out
}

func newTable(parts ...[]string) Table {
	t := Table{offset: []uint32{0}, part: []int32{0}}
	var text strings.Builder
	for _, ids := range parts {
		for _, id := range ids {
			text.WriteString(id)
			t.offset = append(t.offset, uint32(text.Len()))
		}
		t.part = append(t.part, int32(len(t.offset)-1))
	}
	t.text = text.String()
	return t
}

// newLists returns the lists of n nodes that pairs make, each item once.
func newLists(n int, pairs [][2]int32) Lists {
	pairs = slices.Clone(pairs)
	slices.SortFunc(pairs, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	pairs = slices.Compact(pairs)
	l := Lists{start: make([]uint32, n+1), items: make([]int32, len(pairs))}
	for i, p := range pairs {
		l.start[p[0]+1]++
		l.items[i] = p[1]
	}
	for i := range n {
		l.start[i+1] += l.start[i]
	}
	return l
}
