// Package difftest makes random plans and compares what two stores answer to
// them. A plan has a shape, drawn from one seed, and parameters, drawn from
// another: the same shape with other parameters is the same statement.
package difftest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// Sample is what parameters are drawn from: the ids and values of a graph.
type Sample struct {
	catalog *catalog.Catalog
	ids     map[*catalog.Type][]string
	values  map[*catalog.Property][]any
}

// maxKeys is how many response keys a plan has before it stops growing. Neo4j
// plans a statement anew for other sizes of its texts and lists, and large ones
// for a second and more.
const maxKeys = 30

// maxSampled bounds how many values of one property are kept.
const maxSampled = 200

// NewSample returns an empty sample of graphs of a model.
func NewSample(c *catalog.Catalog) *Sample {
	return &Sample{catalog: c, ids: map[*catalog.Type][]string{}, values: map[*catalog.Property][]any{}}
}

// Add draws from a node or relationship of the graph.
func (s *Sample) Add(ch kg.Change) error {
	if n := ch.Node; n != nil {
		t := s.catalog.Type(n.Type)
		if len(s.ids[t]) < maxSampled {
			s.ids[t] = append(s.ids[t], n.ID)
			s.ids[t] = append(s.ids[t], n.FormerIDs...)
		}
		s.add(t.Properties, n.Properties)
		return nil
	}
	s.add(s.catalog.Relationship(ch.Relationship.Type).Properties, ch.Relationship.Properties)
	return nil
}

func (s *Sample) add(props []*catalog.Property, values kg.Properties) {
	for _, p := range props {
		if v := values[p.Name]; v != nil && len(s.values[p]) < maxSampled {
			s.values[p] = append(s.values[p], v)
		}
	}
}

// Generator makes plans.
type Generator struct {
	sample *Sample
	shape  *rand.Rand
	value  *rand.Rand
	asOf   string // as of when the plan asks; empty for now
	today  string // the day on which it asks
	keys   int
	wishes []wish
	Hits   map[string]int // how often each kind of thing was drawn
}

// NewGenerator returns a generator whose draws are counted.
func NewGenerator(s *Sample) *Generator {
	return &Generator{sample: s, wishes: wishes(s), Hits: map[string]int{}}
}

// Plan returns the plan of two seeds: one for its shape, one for its
// parameters.
func (g *Generator) Plan(shape, parameters uint64) plan.Normal {
	g.shape, g.value = rand.New(rand.NewPCG(shape, 1)), rand.New(rand.NewPCG(shape, parameters+2))
	g.keys, g.asOf = 0, ""
	g.today = pick(g.value, []string{"2016-03-01", "2026-01-14", "2026-09-30", "2026-12-01"})
	if g.shape.IntN(3) == 0 {
		g.hit("as of")
		g.asOf = pick(g.value, []string{"2015", "2016-03", "2019-09-01", "../2018", "2017/2019", "2020-01/.."})
	}
	if shape%4 != 0 {
		nth := shape/4*3 + shape%4 - 1
		return g.wished(g.wishes[nth%uint64(len(g.wishes))])
	}
	switch n := g.shape.IntN(10); {
	case n < 2:
		t := g.typ()
		g.hit("lookup")
		return plan.Normalize(plan.Plan{Name: t.Single(), Root: &plan.Lookup{IDs: []string{g.id(t)}, Branches: []plan.Branch{{Type: t, Fields: g.fields(t, 3)}}}})
	case n < 3:
		g.hit("lookups")
		return plan.Normalize(plan.Plan{Name: "nodes", Root: g.lookups()})
	}
	if g.shape.IntN(12) == 0 {
		return plan.Normalize(plan.Plan{Name: "search", Root: g.search()})
	}
	t := g.typ()
	g.hit("root connection")
	c := g.connection(t, nil, 3)
	return g.root(c)
}

// root returns the plan of a root connection.
func (g *Generator) root(c *plan.Connection) plan.Normal {
	if shown := c.Scope.Node(c.Target); shown != nil {
		c.Filter = plan.And{shown, c.Filter}
	}
	return plan.Normalize(plan.Plan{Name: c.Target.Name, Root: c})
}

func (g *Generator) lookups() *plan.Lookup {
	out := &plan.Lookup{List: true}
	for range 1 + g.shape.IntN(3) {
		t := g.typ()
		for range 1 + g.shape.IntN(3) {
			out.IDs = append(out.IDs, g.id(t))
		}
		if !slices.ContainsFunc(out.Branches, func(b plan.Branch) bool { return b.Type == t }) {
			out.Branches = append(out.Branches, plan.Branch{Type: t, Fields: g.fields(t, 2)})
		}
	}
	slices.SortFunc(out.Branches, func(a, b plan.Branch) int {
		if a.Type.Name < b.Type.Name {
			return -1
		}
		return 1
	})
	return out
}

// typ draws a type that has nodes.
func (g *Generator) typ() *catalog.Type {
	for {
		t := g.sample.catalog.Types[g.shape.IntN(len(g.sample.catalog.Types))]
		if len(g.sample.ids[t]) > 0 {
			return t
		}
	}
}

// id draws an id of the type, now and then one that no node has.
func (g *Generator) id(t *catalog.Type) string {
	if len(g.sample.ids[t]) == 0 || g.value.IntN(10) == 0 {
		return t.Prefix + ":absent"
	}
	return pick(g.value, g.sample.ids[t])
}

// origin draws from where distances are measured: a place or a point.
func (g *Generator) origin() plan.Origin {
	if g.shape.IntN(2) == 0 {
		var located []*catalog.Type
		for _, t := range g.sample.catalog.Types {
			if t.Location != nil && len(g.sample.ids[t]) > 0 {
				located = append(located, t)
			}
		}
		t := pick(g.shape, located)
		return plan.Origin{Type: t, ID: g.id(t)}
	}
	return plan.Origin{At: kg.Point{Latitude: 40 + 10*g.value.Float64(), Longitude: 10 * g.value.Float64()}.Geocentric()}
}

func (g *Generator) key() string {
	g.keys++
	return fmt.Sprintf("k%d", g.keys)
}

func (g *Generator) hit(what string) { g.Hits[what]++ }

// pickKind draws a kind and then one of it: what is rare in the model comes as
// often as the rest.
func pickKind[T any](r *rand.Rand, from []T, kind func(T) string) T {
	var kinds []string
	of := map[string][]T{}
	for _, x := range from {
		k := kind(x)
		if of[k] == nil {
			kinds = append(kinds, k)
		}
		of[k] = append(of[k], x)
	}
	return pick(r, of[pick(r, kinds)])
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// fields draws what is selected of a node; depth bounds nested connections.
func (g *Generator) fields(t *catalog.Type, depth int) (out []plan.Field) {
	if g.shape.IntN(5) == 0 {
		out = append(out, &plan.Typename{Key: g.key(), Name: t.Name})
	}
	out = append(out, g.values(t.Properties, false, depth)...)
	fields := t.Connections()
	if depth <= 0 || len(fields) == 0 || g.keys > maxKeys {
		return out
	}
	if len(t.Facts) > 0 && g.shape.IntN(4) == 0 {
		out = append(out, g.facts(pick(g.shape, t.Facts), depth))
	}
	for range g.shape.IntN(3) {
		f := pick(g.shape, fields)
		c := g.connection(f.Target, f, depth-1)
		if f.Derived != nil {
			g.hit("derived connection")
		}
		c.Key = g.key()
		g.hit("nested connection")
		out = append(out, c)
	}
	return out
}

// test draws the value of a live property.
func (g *Generator) test(p *catalog.Property, edge bool) *plan.Test {
	g.hit("value Live")
	return &plan.Test{Key: g.key(), Property: p, Edge: edge, Of: plan.Live(p, edge, g.today)}
}

func (g *Generator) values(props []*catalog.Property, edge bool, depth int) (out []plan.Field) {
	for range 1 + g.shape.IntN(4) {
		if len(props) == 0 {
			return nil
		}
		p := pick(g.shape, props)
		switch p.Kind {
		case catalog.Localized:
			g.hit("localized")
			f := &plan.Value{Key: g.key(), Property: p.EN, Fallback: p.FR, Edge: edge}
			if g.shape.IntN(2) == 0 {
				f.Property, f.Fallback = p.FR, p.EN
			}
			out = append(out, f)
		case catalog.Live:
			out = append(out, g.test(p, edge))
		case catalog.Embed:
			if g.keys > maxKeys || depth < 0 {
				continue
			}
			g.hit("embedded")
			out = append(out, g.embedded(p, edge, depth))
		default:
			g.hit("value " + p.Kind.String())
			out = append(out, &plan.Value{Key: g.key(), Property: p, Edge: edge})
		}
	}
	return out
}

func (g *Generator) embedded(p *catalog.Property, edge bool, depth int) *plan.Embedded {
	out := &plan.Embedded{Key: g.key(), Property: p, Edge: edge}
	for i := range p.Embedded.Fields {
		f := &p.Embedded.Fields[i]
		e := plan.EmbeddedField{Key: g.key(), Field: f}
		if f.Reference != nil {
			e.Fields = g.fields(f.Reference, min(depth, 1)-1)
		}
		out.Fields = append(out.Fields, e)
	}
	return out
}

func (g *Generator) connection(t *catalog.Type, f *catalog.RelationshipField, depth int) *plan.Connection {
	c := &plan.Connection{Field: f, Target: t}
	c.Scope.AsOf = g.asOf
	if f != nil {
		c.Scope = g.scope(f)
	}
	if g.shape.IntN(2) == 0 {
		c.Filter = g.predicate(c, 2)
	}
	keys := api.OrderKeys(t, f)
	for range g.shape.IntN(3) {
		c.Order = append(c.Order, g.orderBy(pickKind(g.shape, keys, orderKind)))
	}
	c.Page.Limit = 1 + g.value.IntN(8)
	c.Page.Backward = g.shape.IntN(3) == 0
	if g.shape.IntN(3) == 0 {
		g.hit("after")
		c.Page.After = g.position(c)
	}
	if g.shape.IntN(6) == 0 {
		g.hit("before")
		c.Page.Before = g.position(c)
	}
	g.selection(c, depth)
	return c
}

func (g *Generator) orderBy(k api.OrderKey) plan.OrderKey {
	g.hit(orderKind(k))
	out := plan.OrderKey{Property: k.Property, Edge: k.Edge, Degree: k.Degree, Sum: k.Sum, Desc: g.shape.IntN(2) == 0}
	switch {
	case k.Distance:
		from := g.origin()
		out.Distance = &from
	case k.Degree != nil:
		out.Scope = g.scope(k.Degree)
	}
	return out
}

// orderKind is what an order goes by.
func orderKind(k api.OrderKey) string {
	switch {
	case k.Distance:
		return "order distance"
	case k.Sum != nil:
		return "order sum " + k.Sum.Kind.String()
	case k.Degree != nil && k.Degree.Derived != nil:
		return "order derived"
	case k.Degree != nil:
		return "order degree"
	case k.Edge:
		return "order edge " + k.Property.Kind.String()
	}
	return "order " + k.Property.Kind.String()
}

// scope draws which relationships of a field are asked for.
func (g *Generator) scope(f *catalog.RelationshipField) plan.Scope {
	out := plan.Scope{AsOf: g.asOf}
	if f.Relationship.Status == nil && f.Derived == nil {
		return out
	}
	for _, s := range []string{"PAST", "PLANNED"} {
		if g.shape.IntN(4) == 0 {
			g.hit("include " + s)
			out.Include = append(out.Include, s)
		}
	}
	return out
}

func (g *Generator) selection(c *plan.Connection, depth int) {
	if g.shape.IntN(2) == 0 {
		g.hit("totalCount")
		c.Fields = append(c.Fields, &plan.TotalCount{Key: g.key()})
	}
	if g.shape.IntN(2) == 0 {
		info := &plan.PageInfo{Key: g.key()}
		for _, name := range []string{"hasNextPage", "startCursor", "hasPreviousPage", "endCursor", "__typename"} {
			if g.shape.IntN(2) == 0 {
				g.hit(name)
				info.Fields = append(info.Fields, plan.PageInfoField{Key: g.key(), Name: name})
			}
		}
		c.Fields = append(c.Fields, info)
	}
	if g.shape.IntN(2) == 0 {
		c.Fields = append(c.Fields, &plan.Nodes{Key: g.key(), Fields: g.fields(c.Target, depth)})
	}
	for range g.shape.IntN(3) {
		if f := g.facets(c); f != nil {
			c.Fields = append(c.Fields, f)
		}
	}
	if g.shape.IntN(3) == 0 {
		c.Fields = append(c.Fields, g.aggregate(c))
	}
	if len(c.Fields) > 0 && g.shape.IntN(2) == 0 {
		return
	}
	e := &plan.Edges{Key: g.key()}
	if g.shape.IntN(2) == 0 {
		g.hit("cursor")
		e.Fields = append(e.Fields, &plan.Cursor{Key: g.key()})
	}
	if c.Field != nil {
		if c.Field.Derived != nil {
			g.between(c.Field.Derived, e, depth)
		} else if g.shape.IntN(3) == 0 {
			g.hit("edge id")
			e.Fields = append(e.Fields, &plan.EdgeID{Key: g.key()})
		}
		e.Fields = append(e.Fields, g.values(c.Field.Relationship.Properties, true, 0)...)
	}
	e.Fields = append(e.Fields, &plan.EdgeNode{Key: g.key(), Fields: g.fields(c.Target, depth)})
	c.Fields = append(c.Fields, e)
}
