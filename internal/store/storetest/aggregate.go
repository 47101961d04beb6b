package storetest

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// figuresOf returns the figures that a property has.
func figuresOf(k catalog.Kind) []string {
	switch k {
	case catalog.Int, catalog.Decimal:
		return []string{"sum", "avg", "min", "max"}
	}
	return []string{"min", "max"}
}

// allFigures writes a selection of all figures of some properties.
func allFigures(props []*catalog.Property) string {
	var out []string
	for _, p := range props {
		if api.SummaryType(p) != "" {
			out = append(out, p.Name+" { "+strings.Join(figuresOf(p.Kind), " ")+" }")
		}
	}
	return strings.Join(out, " ")
}

// figures returns all figures of some properties, as JSON has them.
func figures(items []item, props []*catalog.Property, edge bool) map[string]any {
	out := map[string]any{}
	for _, p := range props {
		if api.SummaryType(p) == "" {
			continue
		}
		var values []any
		for _, it := range items {
			if v := it.value(p, edge); v != nil {
				values = append(values, v)
			}
		}
		of := map[string]any{}
		for _, name := range figuresOf(p.Kind) {
			of[name] = nil
			if len(values) > 0 {
				of[name] = figure(name, p.Kind, values)
			}
		}
		out[p.Name] = of
	}
	return out
}

func figure(name string, kind catalog.Kind, values []any) any {
	switch name {
	case "min":
		return shown(kind, slices.MinFunc(values, func(a, b any) int { return compareFigures(kind, a, b) }))
	case "max":
		return shown(kind, slices.MaxFunc(values, func(a, b any) int { return compareFigures(kind, a, b) }))
	}
	sum := int64(0)
	for _, v := range values {
		sum += v.(int64)
	}
	if name == "sum" {
		return shown(kind, sum)
	}
	mean := big.NewRat(sum, int64(len(values)))
	if kind == catalog.Decimal {
		mean.Quo(mean, big.NewRat(100, 1))
	}
	return mean.FloatString(2) // rounds half away from nought
}

// compareFigures orders dates that are equal but for how they are written by
// their text.
func compareFigures(kind catalog.Kind, a, b any) int {
	c := compare(kind, a, b)
	if c == 0 && kind == catalog.Date {
		return strings.Compare(a.(string), b.(string))
	}
	return c
}

// shown returns a value as an answer shows it.
func shown(kind catalog.Kind, v any) any {
	switch v := v.(type) {
	case int64:
		if kind == catalog.Decimal {
			return kg.FormatDecimal(v)
		}
		return json.Number(fmt.Sprint(v))
	case float64:
		return json.Number(kg.FormatFloat(v))
	}
	return v
}

// figures compares all figures of what filters let through.
func (q question) figures(t *testing.T, a *asker, filters ...filter) {
	t.Helper()
	selection := "aggregate { count " + allFigures(q.typ.Properties)
	edge := ""
	if q.field != nil {
		if edge = allFigures(q.field.Relationship.Properties); edge != "" {
			selection += " edge { " + edge + " }"
		}
	}
	selection += " }"
	document := fmt.Sprintf("query($f: %sFilter, %s) { %s(first: 1, filter: $f, %s) { %s } }", q.typ.Name, scopeVariables, q.typ.Plural, scopeArguments, selection)
	if q.field != nil {
		document = below(q.field, "$f: "+q.field.ConnectionType()+"Filter", "first: 1, filter: $f", selection)
	}
	for _, in := range filters {
		items := q.through(a, in)
		want := figures(items, q.typ.Properties, false)
		want["count"] = json.Number(fmt.Sprint(len(items)))
		if edge != "" {
			want["edge"] = figures(items, q.field.Relationship.Properties, true)
		}
		answer := ask[struct {
			Aggregate  map[string]any
			Connection struct{ Aggregate map[string]any }
		}](t, a, document, vars{"f": in, "id": q.id})
		got := answer.Aggregate
		if q.field != nil {
			got = answer.Connection.Aggregate
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%v (-want +got):\n%s", in, d)
		}
	}
}

// aggregates asks for the figures of everything that has some: of all, of none,
// and of pairs, whose means fall between two hundredths.
func aggregates(t *testing.T, a *asker) {
	for _, typ := range []string{"Project", "Figure", "FundingCall", "Place", "Organization"} {
		q := a.root(typ)
		q.figures(t, a, subsets(q.items)...)
	}
	for _, at := range [][2]string{{"org:t:alpha", "projects"}, {"org:t:council", "members"}, {"org:t:alpha", "people"}, {"org:t:none", "projects"}} {
		q := a.below(at[0], at[1])
		q.figures(t, a, subsets(q.items)...)
	}
	a.root("Project").figures(t, a, parse(`{organizations: {some: {country: {eq: "NL"}}}}`))
}

// subsets returns filters for all items, for none, and for each with the next
// and with the one after that.
func subsets(items []item) []filter {
	of := func(items ...item) filter {
		ids := []any{}
		for _, it := range items {
			ids = append(ids, it.node.ID)
		}
		return filter{"id": filter{"in": ids}}
	}
	out := []filter{of(items...), of()}
	for i := range items {
		for _, j := range []int{i + 1, i + 2} {
			if j < len(items) {
				out = append(out, of(items[i], items[j]))
			}
		}
	}
	return out
}
