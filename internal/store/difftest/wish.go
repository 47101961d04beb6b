package difftest

import (
	"maps"
	"slices"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// wish is a kind of thing that a plan is made to have: three of four shapes go
// through the wishes in turn, so that what is rare in the model, or one of many,
// is tried as often as the rest.
type wish struct {
	kind   string
	places []place
}

// place is where a wish can be had: on the nodes of a type, or, with a field, on
// what it leads to.
type place struct {
	typ   *catalog.Type
	field *catalog.RelationshipField
	have  func(*Generator, *plan.Connection)
}

// wishes returns the kinds of conditions, orders and groups that the graph's
// types have, by name.
func wishes(s *Sample) (out []wish) {
	all := map[string][]place{}
	for _, t := range s.catalog.Types {
		if len(s.ids[t]) == 0 {
			continue
		}
		add := func(kind string, f *catalog.RelationshipField, have func(*Generator, *plan.Connection)) {
			all[kind] = append(all[kind], place{t, f, have})
		}
		addConditions(t, add)
		addKeys(t, nil, add)
		for _, f := range t.Facts {
			add("facts", nil, func(g *Generator, c *plan.Connection) {
				c.Fields = append(c.Fields, &plan.Nodes{Key: g.key(), Fields: []plan.Field{g.facts(f, 1)}})
			})
		}
		for _, f := range t.Connections() {
			addKeys(f.Target, f, add)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		out = append(out, wish{kind, all[kind]})
	}
	return out
}

type adder func(kind string, f *catalog.RelationshipField, have func(*Generator, *plan.Connection))

func addConditions(t *catalog.Type, add adder) {
	for _, p := range t.Properties {
		if p.Kind == catalog.Live {
			add("live", nil, func(g *Generator, c *plan.Connection) { c.Filter = g.live(p, false) })
			add("value Live", nil, func(g *Generator, c *plan.Connection) {
				c.Fields = append(c.Fields, &plan.Nodes{Key: g.key(), Fields: []plan.Field{g.test(p, false)}})
			})
		}
		if p.Kind == catalog.Embed || p.Computed() {
			continue
		}
		for _, op := range operators(p.Kind) {
			add(string(op)+" "+p.Kind.String(), nil, func(g *Generator, c *plan.Connection) { c.Filter = g.compare(p, false, op) })
		}
	}
	for _, f := range t.Connections() {
		what := ""
		if f.Derived != nil {
			what = "derived "
			add("derived connection", f, func(g *Generator, _ *plan.Connection) { g.hit("derived connection") })
		}
		for _, kind := range []string{"none", "every", "between", "some"} {
			add(what+kind, nil, func(g *Generator, c *plan.Connection) { c.Filter = g.related(f, 1, kind, plan.Eq) })
		}
		if f.Target.Hierarchy != nil {
			add("within", nil, func(g *Generator, c *plan.Connection) {
				c.Filter = plan.Exists{Related: plan.Related{Field: f, Scope: g.scope(f), Of: g.within(f.Target)}}
			})
		}
		for _, op := range comparisons {
			add(what+"count "+string(op), nil, func(g *Generator, c *plan.Connection) { c.Filter = g.related(f, 1, "count", op) })
		}
	}
}

// addKeys adds orders and groups, of which the root has those of the nodes.
func addKeys(t *catalog.Type, f *catalog.RelationshipField, add adder) {
	for _, k := range api.OrderKeys(t, f) {
		if k.Edge == (f != nil) {
			add(orderKind(k), f, func(g *Generator, c *plan.Connection) { c.Order = append(c.Order, g.orderBy(k)) })
		}
	}
	for _, k := range api.FacetKeys(t, f) {
		if k.Edge == (f != nil) {
			add(facetKind(k), f, func(g *Generator, c *plan.Connection) { c.Fields = append(c.Fields, g.facetsBy(g.groups(k))) })
		}
	}
}

// wished returns a small plan that has what is wished for.
func (g *Generator) wished(w wish) plan.Normal {
	at := pick(g.shape, w.places)
	root := g.small(at.typ, nil)
	if at.field == nil {
		at.have(g, root)
		return g.root(root)
	}
	c := g.small(at.field.Target, at.field)
	c.Key = g.key()
	at.have(g, c)
	root.Fields = append(root.Fields, &plan.Nodes{Key: g.key(), Fields: []plan.Field{c}})
	return g.root(root)
}

// small draws a connection of little else.
func (g *Generator) small(t *catalog.Type, f *catalog.RelationshipField) *plan.Connection {
	c := &plan.Connection{Field: f, Target: t}
	c.Scope.AsOf = g.asOf
	if f != nil {
		c.Scope = g.scope(f)
	}
	c.Page.Limit = 1 + g.value.IntN(8)
	c.Page.Backward = g.shape.IntN(3) == 0
	c.Fields = []plan.ConnectionField{
		&plan.TotalCount{Key: g.key()},
		&plan.Nodes{Key: g.key(), Fields: []plan.Field{&plan.Value{Key: g.key(), Property: t.Properties[0]}}},
	}
	return c
}
