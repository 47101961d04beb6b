package sqlitestore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// Compile turns a plan into one SELECT that answers one row with one column:
// the finished JSON, or NULL. It is pure. Plans of one shape give the same text
// and differ in the arguments.
func Compile(n plan.Normal, c *catalog.Catalog) store.Statement {
	b := &compiler{catalog: c}
	var expr string
	switch r := n.Plan().Root.(type) {
	case *plan.Lookup:
		expr = b.lookup(r)
	case *plan.Connection:
		expr = b.connection(r, nil, nil)
	case *plan.Search:
		expr = b.search(r)
	case *plan.Stats:
		expr = b.stats(r.Fields, "", 0)
	}
	return store.Statement{Text: "select " + expr, Args: b.args}
}

// compiler builds one statement. Parameters are numbered as they come up, so
// that parts of the text may be made in any order.
type compiler struct {
	catalog *catalog.Catalog
	args    []any
	aliases int
}

func (b *compiler) arg(v any) string {
	b.args = append(b.args, v)
	return "?" + strconv.Itoa(len(b.args))
}

func (b *compiler) alias(prefix string) string {
	b.aliases++
	return prefix + strconv.Itoa(b.aliases)
}

// quote writes a name of the schema, which has no quotes in it.
func quote(name string) string { return `"` + name + `"` }

// row is a node, and the relationship that led to it, as the text around them
// can name them. Where they come out of a subquery, naming a column makes the
// subquery expose it.
type row struct {
	typ     *catalog.Type
	node    string // alias of the node's table; empty when exposed
	exposed string // alias of the subquery
	columns *[]exposed
}

// exposed is a column that a subquery shows under a name.
type exposed struct{ name, expr string }

// col names a column of the node.
func (r row) col(name string) string { return r.expose("n", name) }

// edge names a column of the relationship.
func (r row) edge(name string) string { return r.expose("e", name) }

func (r row) expose(table, name string) string {
	if r.exposed == "" {
		return r.node + "." + quote(name)
	}
	return r.show(table+"_"+name, table+"."+quote(name))
}

// show makes the subquery expose an expression under a name.
func (r row) show(name, expr string) string {
	return r.showing(name, func() string { return expr })
}

// showing does so with an expression that is made only where the name is new.
func (r row) showing(name string, expr func() string) string {
	if !slices.ContainsFunc(*r.columns, func(c exposed) bool { return c.name == name }) {
		*r.columns = append(*r.columns, exposed{name, expr()})
	}
	return r.exposed + "." + quote(name)
}

func (b *compiler) lookup(l *plan.Lookup) string {
	if !l.List {
		n := b.alias("n")
		t := l.Branches[0].Type
		return fmt.Sprintf(`(select %s from %s %s where %s."key" = %s)`,
			b.object(l.Branches[0].Fields, row{typ: t, node: n}, nil), quote(t.Name), n, n, b.key(l.IDs[0]))
	}
	if len(l.Branches) == 0 {
		return "json('[]')"
	}
	ids := b.arg(string(answer.AppendStrings(nil, l.IDs)))
	return fmt.Sprintf(`(select json_group_array(%s order by j.key) from json_each(%s) j left join "node_id" i on i."id" = j.value)`, b.branches(l.Branches), ids)
}

// branches writes the JSON of what is selected of a node by its type. The row i
// has its type and key.
func (b *compiler) branches(branches []plan.Branch) string {
	var whens strings.Builder
	for _, br := range branches {
		n := b.alias("n")
		fmt.Fprintf(&whens, ` when '%s' then (select %s from %s %s where %s."key" = i."key")`,
			br.Type.Name, b.object(br.Fields, row{typ: br.Type, node: n}, nil), quote(br.Type.Name), n, n)
	}
	return `json(case i."type"` + whens.String() + " end)"
}

// object writes the JSON of fields selected of a row. The parent is the row
// from which a relationship led here, nil at the root.
func (b *compiler) object(fields []plan.Field, r row, parent *edgeScope) string {
	parts := make([]string, 0, 2*len(fields))
	for _, f := range fields {
		parts = append(parts, literal(f.ResponseKey()), b.field(f, r, parent))
	}
	return "json_object(" + strings.Join(parts, ", ") + ")"
}

// edgeScope is what edges know beyond their row.
type edgeScope struct {
	conn   *plan.Connection
	parent row
	rows   row
	cursor string // once it has been made
}

// literal writes a text that the document or the schema gives: names only.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func (b *compiler) field(f plan.Field, r row, scope *edgeScope) string {
	switch f := f.(type) {
	case *plan.Typename:
		return literal(f.Name)
	case *plan.Value:
		name := r.col
		if f.Edge {
			name = r.edge
		}
		if f.Fallback != nil {
			return fmt.Sprintf("coalesce(%s, %s)", value(f.Property, name), value(f.Fallback, name))
		}
		return value(f.Property, name)
	case *plan.Test:
		return b.test(f, r)
	case *plan.Embedded:
		return b.embedded(f, r)
	case *plan.Cursor:
		return b.cursor(scope)
	case *plan.EdgeID:
		return b.edgeID(r, scope)
	case *plan.EdgeNode:
		return b.object(f.Fields, r, scope)
	case *plan.Connection:
		return b.connection(f, &r, scope)
	case *plan.Facts:
		return b.facts(f, r)
	case *plan.Computed:
		return r.col("id")
	}
	panic(fmt.Sprintf("sqlitestore: no field %T", f))
}

// test writes whether a condition holds of a row.
func (b *compiler) test(f *plan.Test, r row) string {
	text := func(n names) string { return fmt.Sprintf("iif(%s, 'true', 'false')", b.predicate(f.Of, n)) }
	if r.exposed == "" {
		return "json(" + text(names{node: r.node}) + ")"
	}
	name := "t_" + f.Property.Name
	if f.Edge {
		name = "te_" + f.Property.Name
	}
	return "json(" + r.showing(name, func() string { return text(here) }) + ")"
}

// value writes a property as a JSON value.
func value(p *catalog.Property, name func(string) string) string {
	col := name(p.Name)
	switch p.Kind {
	case catalog.Boolean:
		return fmt.Sprintf("json(case %s when 1 then 'true' when 0 then 'false' end)", col)
	case catalog.Decimal:
		return decimal(col)
	case catalog.Float:
		return fmt.Sprintf("json(%s)", name(p.Name+textSuffix))
	case catalog.StringList:
		return fmt.Sprintf("json(coalesce(%s, '[]'))", col)
	}
	return col
}

// decimal writes a number of hundredths as an amount.
func decimal(expr string) string {
	return fmt.Sprintf("iif(%[1]s is null, null, printf('%%s%%d.%%02d', iif(%[1]s < 0, '-', ''), abs(%[1]s) / 100, abs(%[1]s) %% 100))", expr)
}

func (b *compiler) embedded(f *plan.Embedded, r row) string {
	name := r.col
	if f.Edge {
		name = r.edge
	}
	col := name(f.Property.Name)
	item, each := col, ""
	if f.Property.List {
		each = b.alias("j")
		item = each + ".value"
	}
	parts := make([]string, 0, 2*len(f.Fields))
	for _, e := range f.Fields {
		v := literal(e.Typename)
		switch {
		case e.Field == nil:
		case e.Field.Reference != nil:
			n := b.alias("n")
			v = fmt.Sprintf(`json((select %s from %s %s where %s."id" = %s ->> %s))`,
				b.object(e.Fields, row{typ: e.Field.Reference, node: n}, nil), quote(e.Field.Reference.Name), n, n, item, literal("$."+e.Field.Name))
		default:
			v = fmt.Sprintf("json(coalesce(%s -> %s, %s))", item, literal("$."+e.Field.Name), literal(e.Field.Default))
		}
		parts = append(parts, literal(e.Key), v)
	}
	object := "json_object(" + strings.Join(parts, ", ") + ")"
	if f.Property.List {
		return fmt.Sprintf("json((select json_group_array(%s) from json_each(%s) %s))", object, col, each)
	}
	return fmt.Sprintf("json(case when %s is not null then %s end)", col, object)
}

// cursor writes the cursor of a row. All cursors of a page share their text.
func (b *compiler) cursor(scope *edgeScope) string {
	if scope.cursor == "" {
		keys := b.cursorKeys(scope.conn, scope.rows)
		scope.cursor = "hex(json_array(" + strconv.Itoa(plan.CursorVersion) + ", " + b.arg(scope.conn.Tag()) + ", " + strings.Join(keys, ", ") + "))"
	}
	return scope.cursor
}

func (b *compiler) edgeID(r row, scope *edgeScope) string {
	f := scope.conn.Field
	from, to := scope.parent.col("id"), r.col("id")
	if f.Direction == catalog.In {
		from, to = to, from
	}
	return fmt.Sprintf("%s || %s || '|' || %s || %s", literal(f.Relationship.Name+"|"), from, to, r.edge(discriminator))
}

func (b *compiler) stats(fields []plan.StatsField, typ string, depth int) string {
	var parts []string
	for _, f := range fields {
		var v string
		switch {
		case f.Own:
			v = "null"
		case f.Name == "":
			v = literal(f.Typename)
		case f.Name == "revision":
			v = `coalesce((select max("revision") from "change"), 0)`
		case f.Name == "updatedAt":
			v = `(select "at" from "change" order by "revision" desc limit 1)`
		case f.Name == "type":
			v = literal(typ)
		case f.Name == "count":
			v = "(select count(*) from " + quote(typ) + ")"
		default:
			var items []string
			for _, name := range b.typeNames(f.Name) {
				items = append(items, b.stats(f.Fields, name, depth+1))
			}
			v = "json_array(" + strings.Join(items, ", ") + ")"
		}
		parts = append(parts, literal(f.Key), v)
	}
	return "json_object(" + strings.Join(parts, ", ") + ")"
}

// typeNames returns the tables that a list of counts is about.
func (b *compiler) typeNames(list string) (out []string) {
	if list == "nodes" {
		for _, t := range b.catalog.Types {
			out = append(out, t.Name)
		}
		return out
	}
	for _, r := range b.catalog.Relationships {
		out = append(out, r.Name)
	}
	return out
}

// greatest writes the sort key of an absent value.
func greatest(k catalog.Kind) string {
	switch v := store.Greatest(k).(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return kg.FormatFloat(v)
	default:
		return "char(1114111)"
	}
}
