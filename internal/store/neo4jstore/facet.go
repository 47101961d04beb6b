package neo4jstore

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// group is a key of a facet while its text is made.
type group struct {
	match block  // clauses that the key adds
	by    string // what makes the groups
	order string // what puts them in order among equals, given the variable of the group
	value string // the answer, given the variable
	text  string // the spelling of an item, of which that of the first is answered; empty elsewhere
}

// facets writes the groups of a connection's items.
func (b *compiler) facets(f *plan.Facets, c items) writer {
	n := b.number()
	s := &scope{node: "n" + n, edge: "e" + n}
	k, where := b.all(c, s)
	k.where(where)
	keys := []plan.FacetKey{f.By}
	if f.Across != nil {
		keys = append(keys, *f.Across)
	}
	// The least of these names the item whose spelling of a text is answered.
	item, first := s.node, []string{s.property("id", false)}
	if c.Field != nil && len(c.Field.Relationship.Key) > 0 {
		item, first = s.edge, append(first, s.property(discriminator, true))
	}
	names := make([]string, len(keys))
	var with, order, answer []string
	count := "count(*)"
	for i, key := range keys {
		names[i] = fmt.Sprintf("g%d_%s", i, n)
		g := b.group(key, s, names[i])
		k = append(k, g.match...)
		with = append(with, g.by+" AS "+names[i])
		order = append(order, g.order)
		if key.Field != nil {
			count = "count(DISTINCT " + item + ")"
		}
		if g.text != "" {
			g.value = fmt.Sprintf("m%s[%d]", n, len(first))
			first = append(first, g.text)
		}
		answer = append(answer, g.value)
	}
	with = append(with, count+" AS c"+n, fmt.Sprintf("min([%s]) AS m%s", strings.Join(first, ", "), n))
	k.line("WITH %s", strings.Join(with, ", "))
	k.line("ORDER BY c%s DESC, %s LIMIT %s", n, strings.Join(order, ", "), b.arg(f.Limit))
	answer = append(answer, "c"+n)
	object := facetObject(f.Fields, 0, len(keys), names, &answer)
	k.line("RETURN collect([%s]) AS f%s", strings.Join(answer, ", "), n)
	c.parent.calls.call(k, c.outer()...)
	at, groups := c.parent.value("f"+n), writeItems(object)
	return func(o *output, row []any) { groups(o, page{rows: o.list(row[at])}, row) }
}

// facetObject writes a group, or its second key, from a list of the values of
// its keys and its count, to which it adds the labels.
func facetObject(fields []plan.FacetField, key, keys int, names []string, answer *[]string) writer {
	members := make([]member, len(fields))
	for i, f := range fields {
		var w writer
		switch f.Name {
		case "":
			w = writeText(f.Typename)
		case "count":
			w = writeCount(keys)
		case "across":
			w = func(o *output, _ []any) { o.raw("null") }
			if keys > 1 {
				w = facetObject(f.Fields, 1, keys, names, answer)
			}
		case "label":
			if f.Label != nil {
				label := names[key] + "." + quote(f.Label.Name)
				if f.Fallback != nil {
					label = fmt.Sprintf("coalesce(%s, %s.%s)", label, names[key], quote(f.Fallback.Name))
				}
				w = writeValue(catalog.String, len(*answer))
				*answer = append(*answer, label)
			} else {
				w = writeGroupValue(key)
			}
		case "value":
			w = writeGroupValue(key)
		}
		members[i] = member{f.Key, w}
	}
	return writeObject(members)
}

// writeGroupValue writes the value of a group as text, or null. The id of a
// node comes in a list, in its sortable form.
func writeGroupValue(at int) writer {
	return func(o *output, row []any) {
		switch v := row[at].(type) {
		case nil:
			o.raw("null")
		case string:
			o.text(v)
		case int64:
			o.text(strconv.FormatInt(v, 10))
		case bool:
			o.text(strconv.FormatBool(v))
		case []any:
			if len(v) == 1 && v[0] != nil {
				writeID(0)(o, v)
			} else {
				o.raw("null")
			}
		default:
			o.fail(v, "the value of a group")
		}
	}
}

// group writes what a key needs; name is the variable of the group.
func (b *compiler) group(k plan.FacetKey, s *scope, name string) group {
	if k.Field != nil {
		return group{
			match: b.groupByNode(k, s, name),
			by:    name,
			order: fmt.Sprintf("coalesce(%s.id, %s)", name, b.constant(sortableValue(store.Greatest(catalog.ID)))),
			value: "[" + name + ".id]",
		}
	}
	if k.Of != nil {
		return group{by: "coalesce(" + b.predicate(k.Of, s) + ", false)", order: "toString(" + name + ")", value: name}
	}
	col := s.property(k.Property.Name, k.Edge)
	key := s.property(store.ColumnName(k.Property, plan.Key), k.Edge)
	kind := catalog.String
	g := group{by: col, value: name}
	switch k.Property.Kind {
	case catalog.String:
		g.by, g.text = fmt.Sprintf("CASE WHEN %s IS NULL THEN null ELSE %s END", col, key), col
	case catalog.Date:
		g.by = fmt.Sprintf("CASE WHEN %s IS NULL OR %s < %s THEN null ELSE left(%[2]s, %[4]d) END", col, key, b.constant(store.Begins), k.Digits)
	case catalog.Int:
		kind = catalog.Int
	case catalog.Boolean:
		g.order = fmt.Sprintf("coalesce(toString(%s), %s)", name, b.constant(sortableValue(store.Greatest(kind))))
	}
	if g.order == "" {
		g.order = fmt.Sprintf("coalesce(%s, %s)", name, b.constant(sortableValue(store.Greatest(kind))))
	}
	return g
}

// groupByNode writes the clauses that lead from an item to the related node
// that is its group, or to one above it.
func (b *compiler) groupByNode(k plan.FacetKey, s *scope, name string) (out block) {
	e := "e" + b.number()
	where := b.shown(k.Field, k.Scope, e)
	if k.Level == 0 {
		out.line("OPTIONAL MATCH %s", pattern(k.Field, s.node, e, name+":"+quote(k.Field.Target.Name)))
		out.where(append(where, b.holds(k.Scope.Node(k.Field.Target), &scope{node: name})...))
		return out
	}
	up, x, y, below, top := k.Field.Target.Hierarchy, "x"+b.number(), "y"+b.number(), "b"+b.number(), "t"+b.number()
	// The top is reached in just so many steps, and has nothing above it.
	exactly := fmt.Sprintf("*%d..%[1]d", k.Level-1)
	conditions := append(b.shownAll(up, k.Scope, y), fmt.Sprintf("NOT EXISTS { MATCH %s%s }", pattern(up, top, "z", ""), conjunction(b.shown(up, k.Scope, "z"))))
	inner := block{}
	inner.line("MATCH %s", pattern(k.Field, s.node, e, below+":"+quote(k.Field.Target.Name)))
	inner.where(append(where, b.holds(k.Scope.Node(k.Field.Target), &scope{node: below})...))
	// In a pattern of its own, which may go back over the same relationship.
	inner.line("MATCH %s", upward(up, below, x, name, "*0.."))
	inner.where(append(b.shownAll(up, k.Scope, x), fmt.Sprintf("EXISTS { MATCH %s WHERE %s }", upward(up, name, y, top, exactly), strings.Join(conditions, " AND "))))
	inner.line("RETURN DISTINCT %s", name)
	out.line("OPTIONAL CALL (%s) {", s.node)
	out.indent(inner)
	out.line("}")
	return out
}

func conjunction(where []string) string {
	if len(where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(where, " AND ")
}

// aggregate writes figures over a connection's items.
func (b *compiler) aggregate(f *plan.Aggregate, c items) writer {
	n := b.number()
	s := &scope{node: "n" + n, edge: "e" + n}
	k, where := b.all(c, s)
	k.where(where)
	var values []string
	value := func(expr string) int {
		values = append(values, expr)
		return len(values) - 1
	}
	object := figures(f.Fields, s, value)
	if len(values) == 0 {
		value("count(*)")
	}
	k.line("RETURN [%s] AS a%s", strings.Join(values, ", "), n)
	c.parent.calls.call(k, c.outer()...)
	at := c.parent.value("a" + n)
	return func(o *output, row []any) {
		if r := o.list(row[at]); o.err == nil {
			object(o, r)
		}
	}
}

// figures writes an object of figures; value makes the record carry an
// expression and returns where it stands.
func figures(fields []plan.AggregateField, s *scope, value func(string) int) writer {
	members := make([]member, len(fields))
	for i, f := range fields {
		var w writer
		switch {
		case f.Typename != "":
			w = writeText(f.Typename)
		case f.Name == "count":
			w = writeCount(value("count(*)"))
		case f.Name == "edge", f.Name == "":
			w = figures(f.Fields, s, value)
		default:
			w = figure(f, s, value)
		}
		members[i] = member{f.Key, w}
	}
	return writeObject(members)
}

// figure writes a sum, a mean, a least or a greatest value.
func figure(f plan.AggregateField, s *scope, value func(string) int) writer {
	p := f.Property
	col := s.property(p.Name, f.Edge)
	switch {
	case f.Name == "sum":
		return ifAny(value("count("+col+")"), writeValue(p.Kind, value("sum("+col+")")))
	case f.Name == "avg":
		count, sum := value("count("+col+")"), value("sum("+col+")")
		return ifAny(count, func(o *output, row []any) {
			total, ok := row[sum].(int64)
			if !ok {
				o.fail(row[sum], "a sum")
			}
			if p.Kind == catalog.Int {
				total *= 100
			}
			n, _ := row[count].(int64)
			o.text(kg.FormatDecimal(mean(total, n)))
		})
	case p.Kind == catalog.Date:
		variable := s.node
		if f.Edge {
			variable = s.edge
		}
		return writeValue(p.Kind, value(fmt.Sprintf("%s(%s)[2]", f.Name, dated(p, variable))))
	}
	return writeValue(p.Kind, value(f.Name+"("+col+")"))
}

// ifAny writes null where there was nothing to add up.
func ifAny(count int, w writer) writer {
	return func(o *output, row []any) {
		if row[count] == int64(0) {
			o.raw("null")
			return
		}
		w(o, row)
	}
}

// mean divides, rounded half away from nought.
func mean(sum, count int64) int64 {
	if sum < 0 {
		return -((-2*sum + count) / (2 * count))
	}
	return (2*sum + count) / (2 * count)
}
