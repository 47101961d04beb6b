package planner

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// arguments reads filter, orderBy, page and include of a connection.
func (s *selector) arguments(c *plan.Connection, args map[string]any, path string) error {
	if c.Field != nil {
		c.Scope = including(c.Scope, args["include"])
	}
	filter, err := s.filter(args["filter"], ofNode(c.Target, c.Field), path+".filter")
	if err != nil {
		return err
	}
	c.Filter = filter
	if err := s.orderBy(c, args["orderBy"], path); err != nil {
		return err
	}
	return page(c, args, path)
}

func (s *selector) orderBy(c *plan.Connection, v any, path string) error {
	entries, _ := list(v)
	for _, e := range entries {
		entry, _ := e.(map[string]any)
		k, found := s.keys.order(c, entry["field"])
		if !found {
			return badInput(path+".orderBy", "%v is nothing to order by", entry["field"])
		}
		if k.Distance {
			from, err := s.origin(entry["from"], path+".orderBy.from")
			if err != nil {
				return err
			}
			c.Order = append(c.Order, plan.OrderKey{Property: k.Property, Distance: &from, Desc: entry["direction"] == "DESC"})
			continue
		}
		if entry["from"] != nil {
			return badInput(path+".orderBy.from", "%s is no distance: only DISTANCE is from somewhere", k.Name)
		}
		c.Order = append(c.Order, plan.OrderKey{Property: k.Property, Edge: k.Edge, Degree: k.Degree, Sum: k.Sum, Scope: s.counting(k), Desc: entry["direction"] == "DESC"})
	}
	return nil
}

func page(c *plan.Connection, args map[string]any, path string) error {
	first, last := args["first"], args["last"]
	if first != nil && last != nil {
		return badInput(path, "first and last are both given; a page goes one way")
	}
	name, v := "first", first
	if last != nil {
		name, v, c.Page.Backward = "last", last, true
	}
	c.Page.Limit = DefaultPage
	if v != nil {
		n, ok := integer(v)
		if !ok || n < 1 || n > MaxPage {
			return badInput(path, "%s must be 1–%d, got %v", name, MaxPage, v)
		}
		c.Page.Limit = int(n)
	}
	for _, bound := range []struct {
		name string
		to   *[]any
	}{{"after", &c.Page.After}, {"before", &c.Page.Before}} {
		v, given := args[bound.name].(string)
		if !given {
			continue
		}
		values, err := plan.DecodeCursor(c, v)
		if err != nil {
			return badInput(path+"."+bound.name, "no cursor of this connection: %v", err)
		}
		*bound.to = values
	}
	return nil
}

// limit reads how many items of a list are asked for.
func limit(args map[string]any, path string) (int, error) {
	n, ok := integer(args["first"])
	if !ok || n < 1 || n > MaxPage {
		return 0, badInput(path, "first must be 1–%d, got %v", MaxPage, args["first"])
	}
	return int(n), nil
}

// conditions reads the operators on one property.
func conditions(v any, p *catalog.Property, edge bool, path string) (plan.Predicate, error) {
	in, ok := v.(map[string]any)
	if !ok {
		return nil, badInput(path, "conditions are an object, such as {eq: …}")
	}
	names := make([]string, 0, len(in))
	for name := range in {
		names = append(names, name)
	}
	slices.Sort(names)
	var out plan.And
	for _, name := range names {
		v, at := in[name], path+"."+name
		if v == nil {
			return nil, badInput(at, "null compares with nothing; use isNull: true for absent values")
		}
		if name == "isNull" {
			absent, ok := v.(bool)
			if !ok {
				return nil, badInput(at, "isNull takes true or false, got %v", v)
			}
			out = append(out, plan.Absent(p, edge, absent))
			continue
		}
		op := plan.Comparison(name)
		value, err := operand(v, p, op, at)
		if err != nil {
			return nil, err
		}
		out = append(out, plan.Compare(p, edge, op, value))
	}
	return out, nil
}

func operand(v any, p *catalog.Property, op plan.Comparison, path string) (any, error) {
	if op != plan.OpIn {
		return scalar(v, p, path)
	}
	values, _ := list(v)
	if len(values) > MaxIn {
		return nil, badInput(path, "it takes at most %d values, got %d", MaxIn, len(values))
	}
	out := make([]any, len(values))
	for i, v := range values {
		x, err := scalar(v, p, path+"["+strconv.Itoa(i)+"]")
		if err != nil {
			return nil, err
		}
		out[i] = x
	}
	return out, nil
}

// scalar turns an input value into one that kg.Properties could hold for the
// property.
func scalar(v any, p *catalog.Property, path string) (any, error) {
	switch p.Kind {
	case catalog.Int:
		n, ok := integer(v)
		if !ok || n < math.MinInt32 || n > math.MaxInt32 {
			return nil, badInput(path, "%v is no 32-bit integer", v)
		}
		return n, nil
	case catalog.Float:
		f, ok := number(v)
		if !ok || math.Abs(f) == math.MaxFloat64 { // that one stands for absent values
			return nil, badInput(path, "%v is no finite number below 1.79e308", v)
		}
		return f + 0, nil // no negative zero, which not every store takes for zero
	case catalog.Boolean:
		b, ok := v.(bool)
		if !ok {
			return nil, badInput(path, "%v is neither true nor false", v)
		}
		return b, nil
	case catalog.Decimal:
		n, err := kg.ParseDecimal(plainText(v))
		if plainText(v) == "" {
			return nil, badInput(path, "%v is no amount: write it like \"230000.00\"", v)
		}
		if err != nil {
			return nil, badInput(path, "%v", err)
		}
		return n, nil
	}
	text, ok := v.(string)
	if !ok {
		return nil, badInput(path, "%v is no %s: write it in quotes", v, p.Kind)
	}
	if !validText(text) {
		return nil, badInput(path, "the text has characters that no stored text has")
	}
	switch p.Kind {
	case catalog.Date:
		if _, err := kg.ParseDate(text); err != nil {
			return nil, badInput(path, "%v", err)
		}
	case catalog.DateTime:
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil, badInput(path, "%q is no instant: write it like 2026-01-31T12:00:00Z", text)
		}
		if year := t.UTC().Year(); year < 1 || year > 9999 {
			return nil, badInput(path, "%q is not between the years 1 and 9999 in UTC", text)
		}
		if t.Nanosecond() != 0 {
			return nil, badInput(path, "%q is no whole second; instants are kept to the second", text)
		}
		return t.UTC().Format(time.RFC3339), nil
	case catalog.Enum:
		if !slices.Contains(p.Enum, text) {
			return nil, badInput(path, "%q is none of %s", text, strings.Join(p.Enum, ", "))
		}
	}
	return text, nil
}

// list returns the values of a list argument; a single value stands for a list
// of one. Validation makes a single value in a variable a list of its own type,
// such as []map[string]any.
func list(v any) ([]any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, false
	case []any:
		return v, true
	}
	values := reflect.ValueOf(v)
	if values.Kind() != reflect.Slice {
		return []any{v}, true
	}
	out := make([]any, values.Len())
	for i := range out {
		out[i] = values.Index(i).Interface()
	}
	return out, true
}

func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case int32:
		return int64(v), true
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	case float64:
		return int64(v), v == math.Trunc(v) && math.Abs(v) < 1<<53
	}
	return 0, false
}

func number(v any) (float64, bool) {
	if n, ok := integer(v); ok {
		return float64(n), true
	}
	switch v := v.(type) {
	case float64:
		return v, !math.IsInf(v, 0) && !math.IsNaN(v)
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	}
	return 0, false
}

// plainText writes a number as it would be typed, so that amounts given as
// numbers are read like amounts given as text.
func plainText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	if n, ok := integer(v); ok {
		return strconv.FormatInt(n, 10)
	}
	if f, ok := number(v); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return ""
}
