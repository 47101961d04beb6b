package difftest

import (
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// predicate draws a filter of a connection.
func (g *Generator) predicate(c *plan.Connection, depth int) plan.Predicate {
	if c.Target.Location != nil && g.shape.IntN(8) == 0 {
		g.hit("near")
		return plan.Near{Property: c.Target.Location, From: g.origin(), Chord: kg.Chord(float64(g.value.IntN(2000)))}
	}
	if c.Target.Search != nil && g.shape.IntN(8) == 0 {
		g.hit("search filter")
		return plan.Matches{Type: c.Target, Query: g.query(c.Target)}
	}
	if depth > 0 {
		switch g.shape.IntN(9) {
		case 6, 7, 8:
			if p := g.relation(c.Target, depth-1); p != nil {
				return p
			}
		case 0:
			g.hit("and")
			return plan.And{g.predicate(c, depth-1), g.predicate(c, depth-1)}
		case 1:
			g.hit("or")
			return plan.Or{g.predicate(c, depth-1), g.predicate(c, depth-1)}
		case 2:
			g.hit("not")
			return plan.Not{Of: g.predicate(c, depth-1)}
		}
	}
	props, edge := conditional(c.Target.Properties), false
	if c.Field != nil {
		if own := conditional(c.Field.Relationship.Properties); len(own) > 1 && g.shape.IntN(3) == 0 {
			props, edge = own, true
		}
	}
	p := pickKind(g.shape, props, func(p *catalog.Property) string { return p.Kind.String() })
	switch {
	case len(p.Comparable()) > 0:
		return g.among(p, edge)
	case p.Kind == catalog.Live:
		return g.live(p, edge)
	}
	return g.condition(p, edge)
}

func (g *Generator) live(p *catalog.Property, edge bool) plan.Predicate {
	g.hit("live")
	return plan.Live(p, edge, g.today)
}

// conditional returns the properties that conditions can be about.
func conditional(props []*catalog.Property) []*catalog.Property {
	return slices.DeleteFunc(slices.Clone(props), func(p *catalog.Property) bool {
		return (p.Kind == catalog.Embed || p.Kind == catalog.Localized) && len(p.Comparable()) == 0
	})
}

// among draws conditions on the objects of a stored list.
func (g *Generator) among(p *catalog.Property, edge bool) plan.Predicate {
	out := plan.Among{Property: p, Edge: edge}
	for _, f := range p.Comparable() {
		if g.shape.IntN(3) == 0 {
			continue
		}
		g.hit("among " + f.Name)
		t := plan.FieldTerm{Field: f}
		switch {
		case f.Reference != nil:
			t.Values = g.ids(f.Reference)
		case f.Text():
			t.Begins = g.shape.IntN(2) == 0
			t.Values = []any{pick(g.value, []string{"", "row ", "row 1", "page 3", "0-120", "name", "Acme \"", "é\\"})}
		default:
			t.Values = []any{pick(g.value, f.Enum)}
		}
		out.Of = append(out.Of, t)
	}
	if g.shape.IntN(2) == 0 {
		return plan.Not{Of: out}
	}
	return out
}

// operators are those of the API by kind, as in the filters of package api.
func operators(k catalog.Kind) []plan.Comparison {
	ranges := []plan.Comparison{plan.OpEq, plan.OpLt, plan.OpLte, plan.OpGt, plan.OpGte}
	switch k {
	case catalog.String:
		return append(ranges, plan.OpIn, plan.OpExact, plan.OpContains, plan.OpStartsWith)
	case catalog.ID, catalog.Enum:
		return []plan.Comparison{plan.OpEq, plan.OpIn}
	case catalog.Boolean:
		return []plan.Comparison{plan.OpEq}
	case catalog.StringList:
		return []plan.Comparison{plan.OpIncludes}
	case catalog.Date:
		return append(ranges, plan.OpBeginsIn)
	case catalog.DateTime:
		return ranges
	}
	return append(ranges, plan.OpIn)
}

func (g *Generator) condition(p *catalog.Property, edge bool) plan.Predicate {
	if g.shape.IntN(8) == 0 {
		g.hit("isNull")
		return plan.Absent(p, edge, g.shape.IntN(2) == 0)
	}
	return g.compare(p, edge, pick(g.shape, operators(p.Kind)))
}

func (g *Generator) compare(p *catalog.Property, edge bool, op plan.Comparison) plan.Predicate {
	g.hit(string(op) + " " + p.Kind.String())
	switch op {
	case plan.OpIn:
		list := make([]any, g.value.IntN(4))
		for i := range list {
			list[i] = g.scalar(p)
		}
		return plan.Compare(p, edge, op, list)
	case plan.OpContains, plan.OpStartsWith:
		text, _ := g.scalar(p).(string)
		r := []rune(text)
		if len(r) > 0 {
			from := 0
			if op == plan.OpContains {
				from = g.value.IntN(len(r))
			}
			// Never empty: the empty text is another shape.
			r = r[from:min(len(r), from+1+g.value.IntN(5))]
		} else {
			r = []rune("a")
		}
		return plan.Compare(p, edge, op, string(r))
	}
	return plan.Compare(p, edge, op, g.scalar(p))
}

// scalar draws a value of the property, mostly one that the graph holds.
func (g *Generator) scalar(p *catalog.Property) any {
	known := g.sample.values[p]
	if len(known) > 0 && g.value.IntN(8) > 0 {
		v := pick(g.value, known)
		if list, ok := v.([]string); ok {
			return pick(g.value, list)
		}
		return v
	}
	switch p.Kind {
	case catalog.Int, catalog.Decimal:
		return g.value.Int64N(2000) - 1000
	case catalog.Float:
		return float64(g.value.IntN(1000)) / 8
	case catalog.Boolean:
		return g.value.IntN(2) == 0
	case catalog.Date:
		return pick(g.value, []string{"2015", "2016-03", "2019-09-01", "../2020", "2019-09/..", "2014/2016-06"})
	case catalog.DateTime:
		return "2026-01-31T12:00:00Z"
	case catalog.Enum:
		return pick(g.value, p.Enum)
	case catalog.ID:
		return pick(g.value, g.sample.ids[g.sample.catalog.TypeOfID("org:")])
	}
	return pick(g.value, []string{"a", "Électricité", "ŒUVRE", "zz", "de", "straße", "o'b"})
}

// position draws a place in the order of a connection: the sort keys of values
// that may or may not stand together in any row.
func (g *Generator) position(c *plan.Connection) (out []any) {
	for _, k := range plan.TotalOrder(c) {
		switch {
		case k.EdgeID:
			out = append(out, kg.Discriminator("directeur"))
		case k.Sum != nil:
			out = append(out, g.value.Int64N(100_000_000))
		case k.Distance != nil:
			out = append(out, g.value.Int64N(1e16))
		case k.Degree != nil:
			out = append(out, g.value.Int64N(20))
		case k.Property.Name == "id":
			out = append(out, g.id(c.Target))
		default:
			v := any(nil)
			if g.value.IntN(6) > 0 {
				v = g.scalar(k.Property)
			}
			out = append(out, sortKey(k.Property, v))
		}
	}
	return out
}

func sortKey(p *catalog.Property, v any) any {
	if v == nil {
		return store.Greatest(p.Kind)
	}
	for _, c := range store.Columns(p) {
		if c.Part == plan.Key {
			return c.Value(v)
		}
	}
	return v
}
