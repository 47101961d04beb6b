package storetest

import (
	"math/rand/v2"
	"slices"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
)

// draw makes random filters and orders over a graph.
type draw struct {
	*rand.Rand
	*Graph
}

func one[T any](d draw, from []T) T { return from[d.IntN(len(from))] }

// scoped draws in what scope a graph is asked: mostly as of now.
func (d draw) scoped(g *Graph) *Graph {
	out := scope{}
	if d.IntN(3) == 0 {
		out.include = []string{one(d, everyStatus)}
	}
	if d.IntN(3) == 0 {
		out.asOf = one(d, []string{"2015", "2018-06", "2019-09-15", "../2014", "2020/..", "2016/2018"})
	}
	return g.in(out.asOf, out.include...)
}

// order draws up to three keys of an order, of every kind.
func (d draw) order(of about) (out []by) {
	keys := api.OrderKeys(of.typ, of.field)
	for range d.IntN(4) {
		out = append(out, by{one(d, keys), d.IntN(2) == 0})
	}
	return out
}

// filter draws conditions; depth bounds how far they nest and go. It is more
// often wide than narrow, so that there is something to page through.
func (d draw) filter(of about, depth int) filter {
	switch n := d.IntN(10); {
	case n < 2 || depth == 0:
		return d.condition(of)
	case n < 4:
		return filter{"or": []any{d.filter(of, depth-1), d.filter(of, depth-1)}}
	case n < 5:
		return filter{"and": []any{d.filter(of, depth-1), d.condition(of)}}
	case n < 7:
		return filter{"not": d.filter(of, depth-1)}
	case of.field != nil && n == 7:
		if edge := d.condition(about{field: of.field, edge: true}); len(edge) > 0 {
			return filter{"edge": edge}
		}
		return d.condition(of)
	case of.typ.Hierarchy != nil && n == 7:
		return filter{"within": d.ids(of.typ)}
	case of.typ.Within != nil && n == 7:
		return filter{"within": d.ids(of.typ.Within.Target)}
	}
	f := one(d, of.typ.Connections())
	return filter{f.Name: d.relation(f, depth-1)}
}

// condition draws a comparison with a value that there is, or with an awkward
// one.
func (d draw) condition(of about) filter {
	var props []*catalog.Property
	if of.edge {
		props = of.field.Relationship.Properties
	} else {
		props = of.typ.Properties
	}
	props = slices.DeleteFunc(slices.Clone(props), func(p *catalog.Property) bool { return api.FilterType(p) == "" })
	if len(props) == 0 {
		return filter{}
	}
	p := one(d, props)
	if p.Kind == catalog.Embed {
		return filter{p.Name: d.recorded()}
	}
	op := one(d, operators(p.Kind))
	operand := one(d, operands(p, op, d.values(of, p)))
	return filter{p.Name: filter{op: input(p, operand)}}
}

// recorded draws conditions on records.
func (d draw) recorded() filter {
	of := filter{}
	if d.IntN(3) > 0 {
		of["source"] = filter{"in": d.ids(d.Catalog.Type("Source"))}
	}
	if d.IntN(3) > 0 {
		of["derivation"] = filter{"eq": one(d, []string{"EXPLICIT", "INFERRED"})}
	}
	return filter{one(d, []string{"some", "none"}): of}
}

// values returns the values of a property in the graph.
func (d draw) values(of about, p *catalog.Property) (out []any) {
	if !of.edge {
		for _, it := range d.in("").of(of.typ) {
			out = append(out, it.value(p, false))
		}
		return out
	}
	for _, rel := range d.Relationships {
		if rel.Type == of.field.Relationship.Name {
			out = append(out, rel.Properties[p.Name])
		}
	}
	return out
}

// relation draws conditions on what a field leads to.
func (d draw) relation(f *catalog.RelationshipField, depth int) filter {
	of := about{typ: f.Target, field: f}
	out := filter{}
	if f.Relationship.Status != nil && d.IntN(3) == 0 {
		out["include"] = []any{one(d, everyStatus)}
	}
	switch n := d.IntN(10); {
	case n < 5:
		out[one(d, []string{"some", "none", "every"})] = d.filter(of, depth)
	case n < 7:
		count := d.comparison(int64(d.IntN(4)))
		if d.IntN(2) == 0 {
			count["of"] = d.filter(of, depth)
		}
		out["count"] = count
	case n < 8:
		out["between"] = []any{d.ids(f.Target), d.ids(f.Target)}
	case f.Target.Hierarchy != nil:
		out["in"], out["narrower"] = d.ids(f.Target), d.IntN(2) == 0
	default:
		for _, p := range f.Relationship.Properties {
			if api.Summable(p) {
				out["sum"] = filter{p.Name: d.comparison(input(p, one(d, []any{int64(0), int64(1), int64(5000), int64(-525)})))}
			}
		}
	}
	return out
}

func (d draw) comparison(v any) filter {
	return filter{one(d, []string{"eq", "lt", "lte", "gt", "gte"}): v}
}

// ids draws up to three ids of a type.
func (d draw) ids(t *catalog.Type) []any {
	out := []any{}
	for range d.IntN(4) {
		out = append(out, one(d, d.in("").of(t)).node.ID)
	}
	return out
}
