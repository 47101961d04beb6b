package sqlitestore

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// group is a key of a facet while its text is made.
type group struct {
	join  string // tables that the key adds
	by    string // what makes the groups
	order string // what puts them in order among equals, never NULL
	value string // the answer; of a text it is that of the first item
	node  string // the alias of the related node; empty of a property
}

// facets writes the list of the groups of a connection's items.
func (b *compiler) facets(f *plan.Facets, c items) string {
	from, where := b.from(c, true)
	keys := []plan.FacetKey{f.By}
	if f.Across != nil {
		keys = append(keys, *f.Across)
	}
	outer := b.alias("f")
	// The least of these names the item whose spelling of a text is answered.
	item := `n."id"`
	if c.Field != nil && len(c.Field.Relationship.Key) > 0 {
		item += " || char(0) || e." + quote(discriminator)
	}
	cols := []string{"min(" + item + ")"}
	var by, order []string
	multiple := false
	groups := make([]group, len(keys))
	for i, k := range keys {
		g := b.group(k)
		groups[i] = g
		from += g.join
		by, order = append(by, g.by), append(order, g.order)
		cols = append(cols, g.value+" as v"+strconv.Itoa(i))
		multiple = multiple || k.Field != nil
	}
	count := "count(*)"
	if multiple {
		count = "count(distinct " + item + ")"
	}
	cols = append(cols, count+` as "count"`)
	object := b.facetObject(f.Fields, outer, 0, groups, &cols)
	return fmt.Sprintf(`json((select json_group_array(%s) from (select %s from %s%s group by %s order by "count" desc, %s limit %s) %s))`,
		object, strings.Join(cols, ", "), from, and(where), strings.Join(by, ", "), strings.Join(order, ", "), b.arg(f.Limit), outer)
}

// facetObject writes a group, or its second key, from the columns of a
// subquery, to which it adds the labels.
func (b *compiler) facetObject(fields []plan.FacetField, outer string, key int, groups []group, cols *[]string) string {
	var parts []string
	for _, f := range fields {
		v := ""
		switch f.Name {
		case "":
			v = literal(f.Typename)
		case "count":
			v = outer + `."count"`
		case "value":
			v = outer + ".v" + strconv.Itoa(key)
		case "across":
			v = "null"
			if len(groups) > 1 {
				v = b.facetObject(f.Fields, outer, 1, groups, cols)
			}
		case "label":
			v = outer + ".v" + strconv.Itoa(key)
			if f.Label != nil {
				label := groups[key].node + "." + quote(f.Label.Name)
				if f.Fallback != nil {
					label = fmt.Sprintf("coalesce(%s, %s.%s)", label, groups[key].node, quote(f.Fallback.Name))
				}
				name := "l" + strconv.Itoa(len(*cols))
				*cols = append(*cols, label+" as "+name)
				v = outer + "." + name
			}
		}
		parts = append(parts, literal(f.Key), v)
	}
	return "json_object(" + strings.Join(parts, ", ") + ")"
}

// group writes what a key needs.
func (b *compiler) group(k plan.FacetKey) group {
	switch {
	case k.Field != nil:
		return b.groupByNode(k)
	case k.Of != nil:
		text := fmt.Sprintf("iif(%s, 'true', 'false')", b.predicate(k.Of, here))
		return group{by: text, value: text, order: text}
	}
	alias := here.node
	if k.Edge {
		alias = here.edge
	}
	col := alias + "." + quote(k.Property.Name)
	key := alias + "." + quote(store.ColumnName(k.Property, plan.Key))
	g := group{by: col, value: col}
	switch k.Property.Kind {
	case catalog.String:
		// Absent and equal texts have equal keys, but for those that are absent
		// from an index.
		g.by = fmt.Sprintf("iif(%s is null, null, %s)", col, key)
	case catalog.Date:
		g.by = fmt.Sprintf("iif(%s is null or %s < %s, null, substr(%[2]s, 1, %[4]d))", col, key, literal(store.Begins), k.Digits)
		g.value = g.by
	case catalog.Boolean:
		g.value = fmt.Sprintf("case %s when 1 then 'true' when 0 then 'false' end", col)
	case catalog.Int:
		g.value = fmt.Sprintf("cast(%s as text)", col)
		g.order = fmt.Sprintf("ifnull(%s, %s)", col, greatest(catalog.Int))
	}
	if g.order == "" {
		g.order = fmt.Sprintf("ifnull(%s, %s)", g.by, greatest(catalog.String))
	}
	return g
}

// groupByNode writes a key that is a related node, or one above it.
func (b *compiler) groupByNode(k plan.FacetKey) group {
	t, e := b.alias("t"), b.alias("e")
	near, far := ends(k.Field)
	on := append([]string{e + "." + near + ` = n."key"`}, b.shown(k.Field, k.Scope, e)...)
	rel := quote(k.Field.Relationship.Name)
	shown := b.holds(k.Scope.Node(k.Field.Target), names{node: "y"})
	node := fmt.Sprintf(` join %s y on y."key" = x.%s`, quote(k.Field.Target.Name), far)
	switch {
	case k.Level > 0:
		// Both at once, so that only items that have no such node stay without one.
		if shown == nil {
			node = ""
		}
		rel = fmt.Sprintf("(select x.*, u.a from %s x join (%s) u on u.k = x.%s%s%s)", rel, b.above(k), far, node, and(shown))
		far = "a"
	case !k.Field.Exclusive() || shown != nil:
		rel = fmt.Sprintf(`(select x.* from %s x%s%s)`, rel, node, and(shown))
	}
	return group{
		join:  fmt.Sprintf(` left join %s %s on %s left join %s %s on %[5]s."key" = %[2]s.%[6]s`, rel, e, strings.Join(on, " and "), quote(k.Field.Target.Name), t, far),
		by:    t + `."key"`,
		order: fmt.Sprintf(`ifnull(%s."id", %s)`, t, greatest(catalog.ID)),
		value: t + `."id"`,
		node:  t,
	}
}

// above writes pairs of a node and one above it, or itself, that is so many
// steps from the top of the hierarchy, where 1 is the top.
func (b *compiler) above(k plan.FacetKey) string {
	up := k.Field.Target.Hierarchy
	near, far := ends(up)
	rel, typ := quote(up.Relationship.Name), quote(up.Owner.Name)
	where := b.shown(up, k.Scope, "s")
	return fmt.Sprintf(`with recursive lv(k, l) as (select "key", 1 from %[1]s y where not exists (select 1 from %[2]s s where s.%[3]s = y."key"%[6]s) `+
		`union select s.%[3]s, l + 1 from lv join %[2]s s on s.%[4]s = lv.k where l < %[5]s%[6]s), `+
		`up(k, a) as (select k, k from lv where l = %[5]s union select s.%[3]s, up.a from up join %[2]s s on s.%[4]s = up.k where 1%[6]s) select k, a from up`,
		typ, rel, near, far, b.arg(k.Level), strings.Join(append([]string{""}, where...), " and "))
}

// aggregate writes figures over a connection's items.
func (b *compiler) aggregate(f *plan.Aggregate, c items) string {
	from, where := b.from(c, true)
	return fmt.Sprintf("json((select %s from %s%s))", b.figures(f.Fields, c), from, and(where))
}

func (b *compiler) figures(fields []plan.AggregateField, c items) string {
	parts := make([]string, 0, 2*len(fields))
	for _, f := range fields {
		var v string
		switch {
		case f.Typename != "":
			v = literal(f.Typename)
		case f.Name == "count":
			v = "count(*)"
		case f.Name == "edge", f.Name == "":
			v = b.figures(f.Fields, c)
		default:
			v = b.figure(f, c)
		}
		parts = append(parts, literal(f.Key), v)
	}
	return "json_object(" + strings.Join(parts, ", ") + ")"
}

// figure writes a sum, a mean, a least or a greatest value.
func (b *compiler) figure(f plan.AggregateField, c items) string {
	alias, p := here.node, f.Property
	if f.Edge {
		alias = here.edge
	}
	col := alias + "." + quote(p.Name)
	shown := func(expr string) string {
		if p.Kind == catalog.Decimal {
			return decimal(expr)
		}
		return expr
	}
	switch f.Name {
	case "sum":
		return shown("sum(" + col + ")")
	case "avg":
		scale := 1
		if p.Kind == catalog.Int {
			scale = 100
		}
		return decimal(mean(fmt.Sprintf("sum(%s) * %d", col, scale), "count("+col+")"))
	}
	switch p.Kind {
	case catalog.Date:
		return fmt.Sprintf("substr(%s(%s), %d)", f.Name, dated(p, alias), spanKey+1)
	case catalog.Float:
		// Only the stored text says how it is written.
		from, where := b.from(c, true)
		dir := map[string]string{"min": "", "max": " desc"}[f.Name]
		return fmt.Sprintf("json((select %s from %s%s order by %s%s limit 1))",
			alias+"."+quote(p.Name+textSuffix), from, and(append(where, col+" is not null")), col, dir)
	}
	return shown(f.Name + "(" + col + ")")
}

// mean writes a quotient of integers, rounded half away from nought.
func mean(sum, count string) string {
	return fmt.Sprintf("iif(%[2]s = 0, null, iif(%[1]s < 0, -1, 1) * ((2 * abs(%[1]s) + %[2]s) / (2 * %[2]s)))", sum, count)
}
