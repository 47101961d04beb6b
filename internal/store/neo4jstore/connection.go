package neo4jstore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// connection writes a connection, at the root or of the row in which it stands.
// Rows are ordered and cut before anything is collected or descended into.
func (b *compiler) connection(c *plan.Connection, parent *scope) writer {
	rows, more := -1, -1
	n := b.number()
	s := &scope{node: "n" + n, parent: parent}
	if c.Field != nil {
		s.edge = "e" + n
	}
	items := items{Connection: c, parent: parent}
	if c.Shared != nil {
		items.sharer = parent.parent
		parent.imports = append(parent.imports, items.sharer.node)
	}
	members := make([]pageMember, len(c.Fields))
	// The extra row must not be descended into: it is cut off beforehand where
	// there is something below, and from the answer where there is not.
	cut := c.Page.Extra && deep(c)
	var text block
	if c.Rows() {
		text = b.page(items, s, cut)
	}
	for i, f := range c.Fields {
		var w pageWriter
		switch f := f.(type) {
		case *plan.Typename:
			w = fixed(writeText(f.Name))
		case *plan.TotalCount:
			w = fixed(writeCount(b.totalCount(items)))
		case *plan.Facets:
			w = fixed(b.facets(f, items))
		case *plan.Aggregate:
			w = fixed(b.aggregate(f, items))
		case *plan.Nodes:
			w = writeItems(b.object(f.Fields, s, c))
		case *plan.Edges:
			w = writeItems(b.object(f.Fields, s, c))
		case *plan.PageInfo:
			w = b.pageInfo(c, f, s)
		}
		members[i] = pageMember{f.ResponseKey(), w}
	}
	if c.Rows() {
		rows, more = b.collect(items, s, text, n, cut)
	}
	return writeConnection(c.Page, rows, more, writePageObject(members))
}

// deep reports whether anything is looked up below the rows of a connection.
func deep(c *plan.Connection) bool {
	return slices.ContainsFunc(c.Fields, func(f plan.ConnectionField) bool { return below(plan.ItemFields(f)) })
}

// below reports whether anything is looked up for some fields of a row.
func below(fields []plan.Field) bool {
	return slices.ContainsFunc(fields, func(f plan.Field) bool {
		switch f := f.(type) {
		case *plan.Connection, *plan.Facts:
			return true
		case *plan.EdgeNode:
			return below(f.Fields)
		case *plan.Embedded:
			return slices.ContainsFunc(f.Fields, func(e plan.EmbeddedField) bool { return e.Field != nil && e.Field.Reference != nil })
		}
		return false
	})
}

// collect ends the text of a page whose rows are there in order, and makes the
// record carry them and, where the extra row is cut off, whether there was one.
func (b *compiler) collect(c items, s *scope, text block, n string, cut bool) (rows, more int) {
	parent, outer := c.parent, c.outer()
	name := "r" + n
	if !cut {
		parent.calls.call(append(text, s.collect(name)...), outer...)
		return parent.value(name), -1
	}
	page, item, limit := "p"+n, "i"+n, b.arg(c.Page.Limit)
	inner := block{}
	if s.usesEdge {
		text.line("WITH collect([%s, %s]) AS %s", s.edge, s.node, page)
		inner.line("UNWIND %s[..%s] AS %s", page, limit, item)
		inner.line("WITH %[1]s[0] AS %[2]s, %[1]s[1] AS %[3]s", item, s.edge, s.node)
	} else {
		text.line("WITH collect(%s) AS %s", s.node, page)
		inner.line("UNWIND %s[..%s] AS %s", page, limit, s.node)
	}
	text.call(append(inner, s.collect(name)...), append([]string{page}, s.imports...)...)
	text.line("RETURN %s, size(%s) > %s AS m%s", name, page, limit, n)
	parent.calls.call(text, outer...)
	return parent.value(name), parent.value("m" + n)
}

// writeConnection reads the page of a connection and writes its fields.
func writeConnection(p plan.Page, rows, more int, object pageWriter) writer {
	return func(o *output, row []any) {
		var out page
		if rows >= 0 {
			out.rows = o.list(row[rows])
			if more >= 0 {
				out.more = row[more] == true
			} else if len(out.rows) > p.Limit {
				out.rows, out.more = out.rows[:p.Limit], true
			}
			if p.Backward {
				// The same row is written again where an id is asked for twice.
				out.rows = slices.Clone(out.rows)
				slices.Reverse(out.rows)
			}
		}
		object(o, out, row)
	}
}

// items are all items of a connection, on whichever page.
type items struct {
	*plan.Connection
	parent *scope // the row in which the connection stands
	sharer *scope // with which the parent shares them; nil where Shared is
}

// outer returns the variables that lead to the items.
func (c items) outer() (out []string) {
	if c.Field != nil {
		out = append(out, c.parent.node)
	}
	if c.sharer != nil {
		out = append(out, c.sharer.node)
	}
	return out
}

// page writes the clauses after which the rows of a page are there in order,
// or, going backward, in reverse order.
func (b *compiler) page(c items, s *scope, cut bool) block {
	if c.Field == nil {
		return b.root(c.Connection, s, cut)
	}
	k, where := b.all(c, s)
	for _, bound := range []struct {
		position []any
		before   bool
	}{{c.Page.After, false}, {c.Page.Before, true}} {
		if bound.position != nil {
			where = append(where, b.beyond(c.Order, bound.position, bound.before, s))
		}
	}
	k.where(where)
	k.line("WITH %s, %s ORDER BY %s LIMIT %s", s.edge, s.node, b.orderBy(c.Connection, s), b.arg(c.Page.Fetch()))
	return k
}

// all writes the clauses that lead to all items, and returns the conditions
// that are left to be put on them.
func (b *compiler) all(c items, s *scope) (k block, where []string) {
	if c.Field == nil {
		return b.seek(c.Filter, c.Target, s)
	}
	k, where = b.related(plan.Related{Field: c.Field, Scope: c.Scope, Of: c.Filter}, c.parent.node, s)
	if c.sharer != nil {
		e := "e" + b.number()
		where = append(where, fmt.Sprintf("EXISTS { MATCH %s%s }", pattern(c.Shared, s.node, e, c.sharer.node), conjunction(b.shown(c.Shared, c.Scope, e))))
	}
	return k, where
}

// pattern writes a relationship from a near to a far node.
func pattern(f *catalog.RelationshipField, near, edge, far string) string {
	if f.Direction == catalog.In {
		return fmt.Sprintf("(%s)<-[%s:%s]-(%s)", near, edge, quote(f.Relationship.Name), far)
	}
	return fmt.Sprintf("(%s)-[%s:%s]->(%s)", near, edge, quote(f.Relationship.Name), far)
}

func (b *compiler) orderBy(c *plan.Connection, s *scope) string {
	keys := make([]string, len(c.Order))
	for i, k := range c.Order {
		keys[i] = b.sortKey(k, s) + direction(k, c.Page)
	}
	return strings.Join(keys, ", ")
}

// direction writes the direction in which a page reads a key.
func direction(k plan.OrderKey, p plan.Page) string {
	if k.Desc != p.Backward {
		return " DESC"
	}
	return ""
}

// totalCount returns where the record has how many items there are on all
// pages. Where nothing restricts them it is the stored degree, or the count of
// the label.
func (b *compiler) totalCount(c items) int {
	switch {
	case c.Field != nil && c.Shared == nil && c.Filter == nil && c.Scope.Usual(c.Field):
		return c.parent.carry(c.Field.Degree(), false)
	case c.Field == nil && c.Filter == nil:
		return c.parent.value("COUNT { (:" + quote(c.Target.Name) + ") }")
	}
	n := b.number()
	k, where := b.all(c, &scope{node: "n" + n, edge: "e" + n})
	k.where(where)
	k.line("RETURN count(*) AS t%s", n)
	c.parent.calls.call(k, c.outer()...)
	return c.parent.value("t" + n)
}

func (b *compiler) pageInfo(c *plan.Connection, f *plan.PageInfo, s *scope) pageWriter {
	members := make([]pageMember, len(f.Fields))
	for i, p := range f.Fields {
		var w pageWriter
		switch p.Name {
		case "__typename":
			w = fixed(writeText("PageInfo"))
		case "hasNextPage":
			w = writeMore
			if c.Page.Backward {
				w = fixed(writeBool(c.Page.Before != nil))
			}
		case "hasPreviousPage":
			w = writeMore
			if !c.Page.Backward {
				w = fixed(writeBool(c.Page.After != nil))
			}
		case "startCursor":
			w = writeEnd(b.cursor(c, s), false)
		case "endCursor":
			w = writeEnd(b.cursor(c, s), true)
		}
		members[i] = pageMember{p.Key, w}
	}
	return writePageObject(members)
}

// cursor writes the position of a row.
func (b *compiler) cursor(c *plan.Connection, s *scope) writer {
	keys := make([]cursorKey, len(c.Order))
	for i, k := range c.Order {
		if !k.Stored() {
			keys[i] = cursorKey{s.value(b.sortKey(k, s)), nil}
			continue
		}
		name, absent := storedKey(k)
		keys[i] = cursorKey{s.carry(name, k.Edge || k.EdgeID), absent}
	}
	return writeCursor(c.Tag(), keys)
}
