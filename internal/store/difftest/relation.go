package difftest

import (
	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// relation draws a condition on what a field of a type leads to; nil where the
// type has no fields.
func (g *Generator) relation(t *catalog.Type, depth int) plan.Predicate {
	fields := t.Connections()
	if len(fields) == 0 {
		return nil
	}
	f := pick(g.shape, fields)
	if computed := derived(fields); len(computed) > 0 && g.shape.IntN(3) == 0 {
		f = pick(g.shape, computed)
	}
	return g.related(f, depth, pick(g.shape, relationKinds), pick(g.shape, comparisons))
}

// relationKinds are the kinds of conditions on what a field leads to.
var relationKinds = []string{"none", "every", "count", "sum", "between", "some"}

// comparisons are those of counts and sums.
var comparisons = []plan.Op{plan.Eq, plan.Lt, plan.Lte, plan.Gt, plan.Gte}

func (g *Generator) related(f *catalog.RelationshipField, depth int, kind string, op plan.Op) plan.Predicate {
	what := ""
	if f.Derived != nil {
		what = "derived "
	}
	r := plan.Related{Field: f, Scope: g.scope(f)}
	if g.shape.IntN(3) > 0 {
		r.Of = g.predicate(&plan.Connection{Field: f, Target: f.Target}, depth)
	}
	if g.shape.IntN(3) == 0 {
		g.hit("pinned")
		r.Of = g.pin(r, depth)
	}
	switch kind {
	case "none":
		g.hit(what + "none")
		return plan.Not{Of: plan.Exists{Related: r}}
	case "every":
		g.hit(what + "every")
		of := r.Of
		if of == nil {
			of = plan.And{}
		}
		r.Of = plan.Not{Of: of}
		return plan.Not{Of: plan.Exists{Related: r}}
	case "count":
		g.hit(what + "count " + string(op))
		return plan.Tally{Related: r, Op: op, Value: 1 + g.value.Int64N(4)}
	case "sum":
		if p := g.summable(f); p != nil {
			g.hit("sum " + p.Kind.String())
			v, _ := g.scalar(p).(int64)
			return plan.Tally{Related: r, Sum: p, Op: op, Value: v}
		}
	case "between":
		g.hit(what + "between")
		d := plan.Distinct{Related: plan.Related{Field: f, Scope: r.Scope}}
		for range 1 + g.shape.IntN(3) {
			d.Groups = append(d.Groups, g.ids(f.Target))
		}
		return d
	}
	g.hit(what + "some")
	return plan.Exists{Related: r}
}

// derived returns the fields that are computed.
func derived(fields []*catalog.RelationshipField) (out []*catalog.RelationshipField) {
	for _, f := range fields {
		if f.Derived != nil {
			out = append(out, f)
		}
	}
	return out
}

// pin restricts related nodes to some ids, or to what lies beneath them.
func (g *Generator) pin(r plan.Related, depth int) plan.Predicate {
	t := r.Field.Target
	var p plan.Predicate
	switch {
	case t.Hierarchy != nil && g.shape.IntN(2) == 0:
		p = g.within(t)
	case depth > 0 && len(t.Fields) > 0 && g.shape.IntN(2) == 0:
		f := pick(g.shape, t.Fields)
		p = plan.Exists{Related: plan.Related{Field: f, Scope: g.scope(f), Of: plan.Compare(f.Target.Properties[0], false, plan.OpIn, g.ids(f.Target))}}
	default:
		p = plan.Compare(t.Properties[0], false, plan.OpIn, g.ids(t))
	}
	if r.Of == nil {
		return p
	}
	return plan.And{p, r.Of}
}

func (g *Generator) within(t *catalog.Type) plan.Predicate {
	g.hit("within")
	return plan.Within{Up: t.Hierarchy, Scope: g.scope(t.Hierarchy), IDs: g.ids(t)}
}

func (g *Generator) ids(t *catalog.Type) []any {
	out := make([]any, 1+g.value.IntN(4))
	for i := range out {
		out[i] = g.id(t)
	}
	return out
}

func (g *Generator) summable(f *catalog.RelationshipField) *catalog.Property {
	var out []*catalog.Property
	for _, p := range f.Relationship.Properties {
		if api.Summable(p) {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return pick(g.shape, out)
}

// facets draws groups of a connection's items; nil where there is nothing to
// group by.
func (g *Generator) facets(c *plan.Connection) *plan.Facets {
	keys := api.FacetKeys(c.Target, c.Field)
	if len(keys) == 0 {
		return nil
	}
	out := g.facetsBy(g.facetKey(keys))
	if g.shape.IntN(3) == 0 {
		g.hit("facet of two keys")
		across := g.facetKey(keys)
		out.Across = &across
		out.Fields = append(out.Fields, plan.FacetField{Key: g.key(), Name: "across", Fields: g.facetFields(across)})
	}
	return out
}

func (g *Generator) facetsBy(k plan.FacetKey) *plan.Facets {
	out := &plan.Facets{Key: g.key(), By: k, Limit: 1 + g.value.IntN(10)}
	out.Fields = append(g.facetFields(k), plan.FacetField{Key: g.key(), Name: "count"})
	return out
}

func (g *Generator) facetKey(keys []api.FacetKey) plan.FacetKey {
	return g.groups(pickKind(g.shape, keys, facetKind))
}

func (g *Generator) groups(k api.FacetKey) plan.FacetKey {
	g.hit(facetKind(k))
	out := plan.FacetKey{Property: k.Property, Edge: k.Edge, Field: k.Field}
	if k.Field != nil {
		out.Scope = g.scope(k.Field)
		if k.Field.Target.Hierarchy != nil && g.shape.IntN(2) == 0 {
			g.hit("facet level")
			out.Level = 1 + g.shape.IntN(3)
		}
		return out
	}
	switch k.Property.Kind {
	case catalog.Live:
		out.Of = plan.Live(k.Property, k.Edge, g.today)
	case catalog.Date:
		out.Digits = pick(g.shape, []int{4, 7})
	}
	return out
}

// facetKind is what groups go by.
func facetKind(k api.FacetKey) string {
	switch {
	case k.Field != nil:
		return "facet node"
	case k.Edge:
		return "facet edge " + k.Property.Kind.String()
	}
	return "facet " + k.Property.Kind.String()
}

func (g *Generator) facetFields(k plan.FacetKey) []plan.FacetField {
	label := plan.FacetField{Key: g.key(), Name: "label"}
	if k.Field != nil && k.Field.Target.Label != nil {
		label.Label = k.Field.Target.Label
		if label.Label.Kind == catalog.Localized {
			label.Label, label.Fallback = label.Label.FR, label.Label.EN
		}
	}
	return []plan.FacetField{{Key: g.key(), Name: "value"}, label}
}

// aggregate draws figures of a connection's items.
func (g *Generator) aggregate(c *plan.Connection) *plan.Aggregate {
	g.hit("aggregate")
	out := &plan.Aggregate{Key: g.key(), Fields: g.figures(c.Target.Properties, false)}
	if c.Field != nil {
		if edge := g.figures(c.Field.Relationship.Properties, true); len(edge) > 0 {
			out.Fields = append(out.Fields, plan.AggregateField{Key: g.key(), Name: "edge", Fields: edge})
		}
	}
	out.Fields = append(out.Fields, plan.AggregateField{Key: g.key(), Name: "count"})
	return out
}

func (g *Generator) figures(props []*catalog.Property, edge bool) (out []plan.AggregateField) {
	for _, p := range props {
		if api.SummaryType(p) == "" {
			continue
		}
		names := []string{"min", "max"}
		if api.Summable(p) {
			names = append(names, "sum", "avg")
		}
		f := plan.AggregateField{Key: g.key(), Property: p, Edge: edge}
		for _, name := range names {
			g.hit(name + " " + p.Kind.String())
			f.Fields = append(f.Fields, plan.AggregateField{Key: g.key(), Name: name, Property: p, Edge: edge})
		}
		out = append(out, f)
	}
	return out
}

// between draws what lies between the ends of a derived edge.
func (g *Generator) between(d *catalog.Derived, e *plan.Edges, depth int) {
	if depth <= 0 || g.keys > maxKeys {
		return
	}
	w := pick(g.shape, d.Ways)
	c := g.connection(w.Out.Target, w.Out, depth-1)
	c.Key, c.Shared = g.key(), w.Back
	g.hit("between connection")
	e.Fields = append(e.Fields, c)
}
