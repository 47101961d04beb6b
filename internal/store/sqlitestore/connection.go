package sqlitestore

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// connection writes the JSON of a connection: an object over the rows of its
// page. The page is cut in an inner subquery that exposes just the columns
// which the rest of the text names, and everything below a row is evaluated
// for the rows of the page alone.
func (b *compiler) connection(c *plan.Connection, parent *row) string {
	rows := row{typ: c.Target, exposed: b.alias("r"), columns: &[]exposed{}}
	scope := &edgeScope{conn: c, rows: rows}
	if parent != nil {
		scope.parent = *parent
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
			v = b.totalCount(c, parent)
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
	page := b.page(c, parent, rows)
	if numbered {
		page = `select *, row_number() over () as "rn" from (` + page + ")"
	}
	text := "(select " + object + " from (" + page + ") " + rows.exposed + ")"
	if parent != nil {
		return "json(" + text + ")" // a subquery loses that its text is JSON
	}
	return text
}

// page writes the subquery of a page's rows in order, or, going backward, in
// reverse order.
func (b *compiler) page(c *plan.Connection, parent *row, rows row) string {
	var where []string
	from := b.from(c, parent, &where, true)
	if c.Filter != nil {
		where = append(where, b.predicate(c.Filter))
	}
	if c.Page.After != nil {
		where = append(where, b.beyond(c.Order, c.Page.After, false))
	}
	if c.Page.Before != nil {
		where = append(where, b.beyond(c.Order, c.Page.Before, true))
	}
	keys := make([]string, len(c.Order))
	for i, k := range c.Order {
		keys[i] = sortKey(k) + map[bool]string{false: "", true: " desc"}[k.Desc != c.Page.Backward]
	}
	rows.col("key") // there is always a column
	cols := make([]string, len(*rows.columns))
	for i, col := range *rows.columns {
		cols[i] = col.expr + " as " + quote(col.name)
	}
	return "select " + strings.Join(cols, ", ") + " from " + from + and(where) + " order by " + strings.Join(keys, ", ") + " limit " + b.arg(c.Page.Fetch())
}

// from writes the tables of a connection, with the relationship as e and the
// node as n, and adds the conditions that join them. The node may be left out
// where nothing needs it.
func (b *compiler) from(c *plan.Connection, parent *row, where *[]string, node bool) string {
	if c.Field == nil {
		return quote(c.Target.Name) + " n"
	}
	near, far := "src", "dst"
	if c.Field.Direction == catalog.In {
		near, far = far, near
	}
	*where = append(*where, "e."+quote(near)+" = "+parent.col("key"))
	if status := b.status(c); status != "" {
		*where = append(*where, status)
	}
	from := quote(c.Field.Relationship.Name) + " e"
	if node || !c.Field.Exclusive() {
		// The relationship comes first: a parent has few of them.
		from += " cross join " + quote(c.Target.Name) + ` n on n."key" = e.` + quote(far)
	}
	return from
}

// status writes which relationships are shown; absent means current.
func (b *compiler) status(c *plan.Connection) string {
	if len(c.Statuses) == 0 || len(c.Statuses) == len(c.Field.Relationship.Status.Enum) {
		return ""
	}
	col := "e." + quote(c.Field.Relationship.Status.Name)
	list := make([]string, len(c.Statuses))
	for i, s := range c.Statuses {
		list[i] = literal(s)
	}
	return fmt.Sprintf("ifnull(%s, %s) in (%s)", col, literal(store.Current), strings.Join(list, ", "))
}

// totalCount writes how many items there are on all pages. Where nothing
// restricts them it is the stored degree.
func (b *compiler) totalCount(c *plan.Connection, parent *row) string {
	if c.Field != nil && c.Filter == nil && len(c.Statuses) <= 1 {
		return parent.col(c.Field.Degree())
	}
	var where []string
	from := b.from(c, parent, &where, c.Filter != nil)
	if c.Filter != nil {
		where = append(where, b.predicate(c.Filter))
	}
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
		out[i] = rows.show("k"+strconv.Itoa(i), sortKey(k))
	}
	return out
}

// sortKey writes what a key of an order compares, never NULL: stored keys of
// indexed properties are total, others are made so.
func sortKey(k plan.OrderKey) string {
	switch {
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
		keys[i], args[i] = sortKey(k), b.arg(position[i])
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

// predicate writes a condition on n and e.
func (b *compiler) predicate(p plan.Predicate) string {
	join := func(parts []plan.Predicate, op, none string) string {
		if len(parts) == 0 {
			return none
		}
		list := make([]string, len(parts))
		for i, part := range parts {
			list[i] = b.predicate(part)
		}
		return "(" + strings.Join(list, op) + ")"
	}
	switch p := p.(type) {
	case plan.And:
		return join(p, " and ", "1")
	case plan.Or:
		return join(p, " or ", "0")
	case plan.Not:
		return "not ifnull(" + b.predicate(p.Of) + ", 0)"
	case plan.Term:
		return b.term(p)
	}
	panic(fmt.Sprintf("sqlitestore: no predicate %T", p))
}

func (b *compiler) term(t plan.Term) string {
	col := "n."
	if t.Edge {
		col = "e."
	}
	col += quote(store.ColumnName(t.Property, t.Part))
	switch t.Op {
	case plan.IsNull:
		return col + " is null"
	case plan.NotNull:
		return col + " is not null"
	case plan.In:
		return fmt.Sprintf("%s in (select value from json_each(%s))", col, b.arg(jsonList(t.Value.([]any))))
	case plan.Contains:
		return fmt.Sprintf("instr(%s, %s) > 0", col, b.arg(t.Value))
	case plan.Includes:
		return fmt.Sprintf("exists (select 1 from json_each(%s) where value = %s)", col, b.arg(t.Value))
	}
	return fmt.Sprintf("%s %s %s", col, t.Op, b.arg(t.Value))
}

// jsonList writes the values of an IN as one parameter, so that the text does
// not depend on how many there are.
func jsonList(values []any) string {
	out := []byte{'['}
	for i, v := range values {
		if i > 0 {
			out = append(out, ',')
		}
		switch v := v.(type) {
		case string:
			out = answer.AppendString(out, v)
		case float64:
			out = answer.AppendFloat(out, v)
		default:
			out = fmt.Append(out, v)
		}
	}
	return string(append(out, ']'))
}

func and(where []string) string {
	if len(where) == 0 {
		return ""
	}
	return " where " + strings.Join(where, " and ")
}
