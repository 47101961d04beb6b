package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/text"
)

// holds is what a filter's operator means: the value is one of a graph's
// properties or nil when absent, the operand one that could stand there, or a
// list of them for "in".
func holds(p *catalog.Property, op string, value, operand any) bool {
	switch {
	case op == "isNull":
		return (value == nil) == operand.(bool)
	case value == nil:
		return false
	case op == "in":
		return slices.ContainsFunc(operand.([]any), func(o any) bool { return holds(p, "eq", value, o) })
	case op == "exact":
		return value == operand
	case op == "includes":
		return slices.ContainsFunc(value.([]string), func(s string) bool { return text.Fold(s) == text.Fold(operand.(string)) })
	case op == "contains":
		return strings.Contains(text.Fold(value.(string)), text.Fold(operand.(string)))
	case op == "startsWith":
		return strings.HasPrefix(text.Fold(value.(string)), text.Fold(operand.(string)))
	case p.Kind == catalog.Date:
		return holdsDate(op, date(value), date(operand))
	}
	c := compare(p.Kind, value, operand)
	switch op {
	case "eq":
		return c == 0
	case "lt":
		return c < 0
	case "lte":
		return c <= 0
	case "gt":
		return c > 0
	case "gte":
		return c >= 0
	}
	panic("storetest: no operator " + op)
}

// holdsDate compares two intervals of days.
func holdsDate(op string, v, o kg.Date) bool {
	switch op {
	case "eq":
		return v.First == o.First && v.Last == o.Last
	case "lt":
		return v.Last < o.First
	case "lte":
		return v.First <= o.Last
	case "gt":
		return v.First > o.Last
	case "gte":
		return v.Last >= o.First
	case "beginsIn":
		return o.First <= v.First && v.First <= o.Last
	}
	panic("storetest: no operator " + op)
}

func date(v any) kg.Date {
	d, err := kg.ParseDate(v.(string))
	if err != nil {
		panic(err)
	}
	return d
}

// compare orders two values of a kind. Texts compare by the code points of
// their keys, dates by their first day, then the shorter before the longer of
// what was written, then by their last day.
func compare(kind catalog.Kind, a, b any) int {
	switch kind {
	case catalog.String:
		return strings.Compare(text.Fold(a.(string)), text.Fold(b.(string)))
	case catalog.Date:
		return strings.Compare(date(a).SortKey(), date(b).SortKey())
	case catalog.DateTime:
		return instant(a).Compare(instant(b))
	case catalog.Int, catalog.Decimal:
		return cmp.Compare(a.(int64), b.(int64))
	case catalog.Float:
		return cmp.Compare(a.(float64), b.(float64))
	case catalog.Boolean, catalog.Live:
		if a.(bool) == b.(bool) {
			return 0
		}
		return 1
	}
	return strings.Compare(a.(string), b.(string))
}

func instant(v any) time.Time {
	t, err := time.Parse(time.RFC3339, v.(string))
	if err != nil {
		panic(err)
	}
	return t
}

// by is one key of an order.
type by struct {
	api.OrderKey
	desc bool
}

// sortItems sorts items as an order of the API does: absent values last when
// ascending and first when descending, ties by the node's id and then the
// relationship's, in the direction of the last key. A key that comes again says
// nothing.
func (g *Graph) sortItems(items []item, order []by) []item {
	out := slices.Clone(items)
	var first []by
	for _, k := range order {
		if !slices.ContainsFunc(first, func(f by) bool { return f.Name == k.Name }) {
			first = append(first, k)
		}
	}
	slices.SortFunc(out, func(a, b item) int {
		desc := false
		for _, k := range first {
			desc = k.desc
			if c := g.compareBy(k, a, b); c != 0 {
				return c
			}
		}
		c := cmp.Or(strings.Compare(a.node.ID, b.node.ID), strings.Compare(a.id, b.id))
		if desc {
			return -c
		}
		return c
	})
	return out
}

func (g *Graph) compareBy(k by, a, b item) int {
	var c int
	switch {
	case k.Distance:
		c = cmp.Compare(g.distance(a.node), g.distance(b.node))
	case k.Degree != nil:
		c = cmp.Compare(g.measure(a.node.ID, k), g.measure(b.node.ID, k))
	default:
		c = compareValues(k.Property.Kind, a.value(k.Property, k.Edge), b.value(k.Property, k.Edge))
	}
	if k.desc {
		return -c
	}
	return c
}

// compareValues compares two values of a kind, of which nil is the greatest.
func compareValues(kind catalog.Kind, v, w any) int {
	switch {
	case v == nil && w == nil:
		return 0
	case v == nil:
		return 1
	case w == nil:
		return -1
	}
	return compare(kind, v, w)
}

// orderKey finds a key by its name in the API.
func orderKey(t *catalog.Type, f *catalog.RelationshipField, name string) api.OrderKey {
	for _, k := range api.OrderKeys(t, f) {
		if k.Name == name {
			return k
		}
	}
	panic(fmt.Sprintf("storetest: %s has no order %s", t.Name, name))
}

// input writes a value as a variable of a document.
func input(p *catalog.Property, v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = input(p, v[i])
		}
		return out
	case int64:
		if p.Kind == catalog.Decimal {
			return kg.FormatDecimal(v)
		}
	}
	return v
}
