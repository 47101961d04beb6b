package sqlitestore

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// connection writes the JSON of a connection: an object over the rows of its
// page. The page is cut in an inner subquery that exposes just the columns
// which the rest of the text names, and everything below a row is evaluated
// for the rows of the page alone.
func (b *compiler) connection(c *plan.Connection, parent *row, outer *edgeScope) string {
	rows := row{typ: c.Target, exposed: b.alias("r"), columns: &[]exposed{}}
	scope := &edgeScope{conn: c, rows: rows}
	items := items{Connection: c}
	if parent != nil {
		scope.parent, items.parent = *parent, parent
	}
	if c.Shared != nil {
		items.sharer = &outer.parent
	}
	// The aggregates see the rows in the order of the subquery; going backward
	// that is the reverse, and numbered rows tell the extra one.
	numbered := c.Page.Extra || c.Page.Backward || c.Selects("startCursor") || c.Selects("endCursor")
	within, reverse := "", ""
	if c.Page.Extra {
		within = " filter (where " + rows.exposed + `."rn" <= ` + b.arg(c.Page.Limit) + ")"
	}
	if c.Page.Backward {
		reverse = " order by " + rows.exposed + `."rn" desc`
	}
	list := func(item string) string { return "json_group_array(" + item + reverse + ")" + within }

	parts := make([]string, 0, 2*len(c.Fields))
	for _, f := range c.Fields {
		v := ""
		switch f := f.(type) {
		case *plan.Typename:
			v = literal(f.Name)
		case *plan.TotalCount:
			v = b.totalCount(items)
		case *plan.Facets:
			v = b.facets(f, items)
		case *plan.Aggregate:
			v = b.aggregate(f, items)
		case *plan.Nodes:
			v = list(b.object(f.Fields, rows, scope))
		case *plan.Edges:
			v = list(b.object(f.Fields, rows, scope))
		case *plan.PageInfo:
			v = b.pageInfo(c, f, rows, scope, within)
		}
		parts = append(parts, literal(f.ResponseKey()), v)
	}
	object := "json_object(" + strings.Join(parts, ", ") + ")"
	if !c.Rows() {
		if parent != nil {
			return object
		}
		return "(select " + object + ")"
	}
	page := b.page(items, rows)
	if numbered {
		page = `select *, row_number() over () as "rn" from (` + page + ")"
	}
	text := "(select " + object + " from (" + page + ") " + rows.exposed + ")"
	if parent != nil {
		return "json(" + text + ")" // a subquery loses that its text is JSON
	}
	return text
}

// here are the aliases of the row that a page, a count or a figure is about.
var here = names{node: "n", edge: "e"}

// page writes the subquery of a page's rows in order, or, going backward, in
// reverse order.
func (b *compiler) page(c items, rows row) string {
	from, where := b.from(c, true)
	if c.Page.After != nil {
		where = append(where, b.beyond(c.Order, c.Page.After, false))
	}
	if c.Page.Before != nil {
		where = append(where, b.beyond(c.Order, c.Page.Before, true))
	}
	keys := make([]string, len(c.Order))
	for i, k := range c.Order {
		if k.Stored() {
			keys[i] = b.sortKey(k)
		} else {
			// Computed once, and named.
			rows.show(keyName(i), b.sortKey(k))
			keys[i] = quote(keyName(i))
		}
		keys[i] += map[bool]string{false: "", true: " desc"}[k.Desc != c.Page.Backward]
	}
	rows.col("key") // there is always a column
	cols := make([]string, len(*rows.columns))
	for i, col := range *rows.columns {
		cols[i] = col.expr + " as " + quote(col.name)
	}
	return "select " + strings.Join(cols, ", ") + " from " + from + and(where) + " order by " + strings.Join(keys, ", ") + " limit " + b.arg(c.Page.Fetch())
}

// keyName is the name under which a subquery exposes a key of an order.
func keyName(i int) string { return "k" + strconv.Itoa(i) }

// items are all items of a connection, on whichever page.
type items struct {
	*plan.Connection
	parent *row // from which a relationship leads here; nil at the root
	sharer *row // with which the parent shares them; nil where Shared is
}

// from writes the tables of a connection, with the relationship as e and the
// node as n, and the conditions that join and restrict them. The node may be
// left out where nothing needs it.
func (b *compiler) from(c items, node bool) (from string, where []string) {
	if c.Field == nil {
		from = quote(c.Target.Name) + " n"
	} else {
		from, where = b.reach(plan.Related{Field: c.Field, Scope: c.Scope}, c.parent.col("key"), here, node || c.Filter != nil || c.Shared != nil)
	}
	if c.Shared != nil {
		e := b.alias("e")
		near, far := ends(c.Shared)
		joined := append([]string{e + "." + near + ` = n."key"`, e + "." + far + " = " + c.sharer.col("key")}, b.shown(c.Shared, c.Scope, e)...)
		where = append(where, fmt.Sprintf("exists (select 1 from %s %s%s)", quote(c.Shared.Relationship.Name), e, and(joined)))
	}
	if c.Filter != nil {
		where = append(where, b.predicate(c.Filter, here))
	}
	return from, where
}

// totalCount writes how many items there are on all pages. Where nothing
// restricts them it is the stored degree.
func (b *compiler) totalCount(c items) string {
	if c.Field != nil && c.Shared == nil && c.Filter == nil && c.Scope.Usual(c.Field) {
		return c.parent.col(c.Field.Degree())
	}
	from, where := b.from(c, false)
	return fmt.Sprintf("(select count(*) from %s%s)", from, and(where))
}

func (b *compiler) pageInfo(c *plan.Connection, f *plan.PageInfo, rows row, scope *edgeScope, within string) string {
	parts := make([]string, 0, 2*len(f.Fields))
	given := func(bound []any) string { return fmt.Sprintf("json('%t')", bound != nil) }
	more := func() string {
		return fmt.Sprintf("json(iif(count(*) > %s, 'true', 'false'))", b.arg(c.Page.Limit))
	}
	// The cursor of the first or last row: its number in front makes it the
	// least or greatest text of all rows.
	end := func(last bool) string {
		agg := "min"
		if last != c.Page.Backward {
			agg = "max"
		}
		return fmt.Sprintf(`substr(%s(printf('%%09d', %s."rn") || %s)%s, 10)`, agg, rows.exposed, b.cursor(scope), within)
	}
	for _, i := range f.Fields {
		v := ""
		switch i.Name {
		case "__typename":
			v = "'PageInfo'"
		case "hasNextPage":
			if c.Page.Backward {
				v = given(c.Page.Before)
			} else {
				v = more()
			}
		case "hasPreviousPage":
			if c.Page.Backward {
				v = more()
			} else {
				v = given(c.Page.After)
			}
		case "startCursor":
			v = end(false)
		case "endCursor":
			v = end(true)
		}
		parts = append(parts, literal(i.Key), v)
	}
	return "json_object(" + strings.Join(parts, ", ") + ")"
}

// cursorKeys returns the keys of the order as JSON values of an exposed row.
func (b *compiler) cursorKeys(c *plan.Connection, rows row) []string {
	out := make([]string, len(c.Order))
	for i, k := range c.Order {
		if k.Kind() == catalog.Float {
			name := rows.col
			if k.Edge {
				name = rows.edge
			}
			out[i] = fmt.Sprintf("json(ifnull(%s, %s))", name(k.Property.Name+textSuffix), literal(kg.FormatFloat(plan.AbsentFloat)))
			continue
		}
		out[i] = rows.show(keyName(i), b.sortKey(k))
	}
	return out
}

// sortKey writes what a key of an order compares, never NULL: stored keys of
// indexed properties are total, others are made so.
func (b *compiler) sortKey(k plan.OrderKey) string {
	switch {
	case k.Distance != nil:
		return fmt.Sprintf("ifnull(%s, %s)", b.distance(k.Property, *k.Distance, here), greatest(catalog.Int))
	case !k.Stored():
		return b.tally(k.Related(), k.Sum, here)
	case k.EdgeID:
		return "e." + quote(discriminator)
	case k.Degree != nil:
		return "n." + quote(k.Degree.Degree())
	}
	table := "n."
	if k.Edge {
		table = "e."
	}
	col := table + quote(store.ColumnName(k.Property, plan.Key))
	if k.Property.Index || k.Property.Name == "id" {
		return col
	}
	return fmt.Sprintf("ifnull(%s, %s)", col, greatest(k.Property.Kind))
}

// beyond writes that a row comes strictly after a position in an order, or
// strictly before it.
func (b *compiler) beyond(order []plan.OrderKey, position []any, before bool) string {
	same := true
	for _, k := range order {
		same = same && k.Desc == order[0].Desc
	}
	op := func(k plan.OrderKey) string {
		if k.Desc != before {
			return "<"
		}
		return ">"
	}
	keys, args := make([]string, len(order)), make([]string, len(order))
	for i, k := range order {
		keys[i], args[i] = b.sortKey(k), b.arg(position[i])
	}
	if same {
		return fmt.Sprintf("(%s) %s (%s)", strings.Join(keys, ", "), op(order[0]), strings.Join(args, ", "))
	}
	text := ""
	for i := len(order) - 1; i >= 0; i-- {
		step := fmt.Sprintf("%s %s %s", keys[i], op(order[i]), args[i])
		if text != "" {
			step = fmt.Sprintf("(%s or (%s = %s and %s))", step, keys[i], args[i], text)
		}
		text = step
	}
	// The first key alone bounds the scan of an index.
	return fmt.Sprintf("%s %s= %s and %s", keys[0], op(order[0]), args[0], text)
}

func and(where []string) string {
	if len(where) == 0 {
		return ""
	}
	return " where " + strings.Join(where, " and ")
}
