package storetest

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
)

// operators returns the operators that a property can be filtered by.
func operators(k catalog.Kind) []string {
	switch k {
	case catalog.String:
		return []string{"eq", "in", "exact", "contains", "startsWith", "lt", "lte", "gt", "gte", "isNull"}
	case catalog.StringList:
		return []string{"includes", "isNull"}
	case catalog.ID, catalog.Enum:
		return []string{"eq", "in", "isNull"}
	case catalog.Boolean, catalog.Live:
		return []string{"eq", "isNull"}
	case catalog.Date:
		return []string{"eq", "lt", "lte", "gt", "gte", "beginsIn", "isNull"}
	case catalog.DateTime:
		return []string{"eq", "lt", "lte", "gt", "gte", "isNull"}
	}
	return []string{"eq", "in", "lt", "lte", "gt", "gte", "isNull"}
}

// awkward are operands that no value of a graph may be, by kind.
var awkward = map[catalog.Kind][]any{
	catalog.String: {
		"", " ", "a", "É", "œ", "oe", "ß", "ss", "'", "’", "%", "_", "*", `\`, `"`, "\u0301", "\t", "\u2028", "z",
		"alpha", "Alpha É", "long x", "\uFFFD", "\U0001F600", "\U0010FFFE", "\uD7FF", "\uE000", "'; drop table", "$p1",
		"Long " + strings.Repeat("X", 300) + "C",
	},
	catalog.StringList: {"", "alpha", "l'alpha", "ÆON énergie", "aeon energie", "chu", `"`, `\`, "\U0001F600", "nothing", "h2020-a"},
	catalog.ID:         {"", "org:t:alpha", "org:t:a", "ORG:T:ALPHA"},
	catalog.Int:        {int64(0), int64(2), int64(math.MaxInt32), int64(math.MinInt32)},
	catalog.Float:      {0.0, 0.1, 0.3, 1e21, 1e-7, 5e-324, 1.7e308, -1.7e308, 123456789.123, 9007199254740993.0},
	catalog.Decimal:    {int64(0), int64(1), int64(-1250), int64(23000000), int64(1e15), int64(-1e15)},
	catalog.Date: {
		"2011", "2015", "2015-01", "2015-01-01", "2019", "2019-09", "2019-09-01", "2019-09-01~", "2019-01/2019-12", "2019-09-01/2019-09-30",
		"../2020", "2019-09/..", "2020/..", "../2011", "0001", "9998", "0001/9998", "2018-12-31/2019-01-01",
	},
	catalog.DateTime: {"2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", "2025-12-31T23:59:59Z", "1999-01-01T00:00:00Z"},
	catalog.Boolean:  {true, false},
	catalog.Live:     {true, false},
}

// operands returns what to compare the values of a property with: all of them,
// to a bound, and awkward ones.
func operands(p *catalog.Property, op string, values []any) (out []any) {
	if op == "isNull" {
		return []any{true, false}
	}
	for _, v := range values {
		list, isList := v.([]string)
		switch {
		case isList:
			for _, s := range list {
				out = append(out, s)
			}
		case v != nil:
			out = append(out, v)
		}
	}
	out = append(out, awkward[p.Kind]...)
	if p.Kind == catalog.Enum {
		for _, v := range p.Enum {
			out = append(out, v)
		}
	}
	out = distinct(out)
	if op != "in" {
		return out
	}
	// Lists: none, each half, all but the first, all, and one value twice.
	half := len(out) / 2
	return []any{[]any{}, out[:half], out[half:], out[1:], out, []any{out[0], out[0]}}
}

func distinct(values []any) (out []any) {
	for _, v := range values {
		if !slices.ContainsFunc(out, func(o any) bool { return reflect.DeepEqual(o, v) }) {
			out = append(out, v)
		}
	}
	return out
}

// variableType writes the type of the variable that an operator takes.
func variableType(p *catalog.Property, op string) string {
	switch op {
	case "isNull":
		return "Boolean"
	case "in":
		return "[" + p.TypeName + "!]"
	}
	return p.TypeName
}

// class is what may make a difference to how a store keeps and compares the
// values of a property.
func class(p *catalog.Property, edge bool) string {
	return fmt.Sprintf("%s index=%t edge=%t", p.Kind, p.Index, edge)
}

// classOf is the class of what an order goes by.
func classOf(k api.OrderKey) string {
	switch {
	case k.Distance:
		return "distance"
	case k.Sum != nil:
		return "sum " + k.Sum.Kind.String()
	case k.Degree != nil:
		return fmt.Sprintf("degree index=%t derived=%t", k.Degree.Index, k.Degree.Derived != nil)
	}
	return class(k.Property, k.Edge)
}
