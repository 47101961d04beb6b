package neo4jstore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// Compile turns a plan into one statement that answers one record with one
// value: a list whose items stand where the plan says. It is pure. Plans of one
// shape give the same text and differ in the arguments.
func Compile(n plan.Normal, c *catalog.Catalog) store.Statement {
	return compile(n, c, keep(c), nil).Statement
}

// compiled is a statement, and what writes the answer from its record.
type compiled struct {
	store.Statement
	write  writer
	former int // where the record has the former ids that the plan names; -1 where it names none
}

// compile walks the plan once and makes both from it, so that text and answer
// cannot disagree on where a value stands. What k keeps of its shape is not made
// again. Of the ids that are given as former ones others stand in the arguments.
func compile(n plan.Normal, c *catalog.Catalog, k *kept, former map[string]string) compiled {
	b := &compiler{catalog: c, kept: k, constants: map[any]string{}, former: former}
	root := &scope{}
	var w writer
	shape := "" // where nothing is kept
	switch r := n.Plan().Root.(type) {
	case *plan.Lookup:
		w = b.lookup(r, root)
	case *plan.Connection:
		w = b.connection(r, root)
	case *plan.Search:
		b.searchArguments(r)
		shape = shapeOf(r)
		if s, there := k.shapes.Get(shape); there {
			return compiled{store.Statement{Text: s.text, Args: b.args}, s.write, -1}
		}
		w = b.search(r, root)
	case *plan.Stats:
		w = b.stats(r.Fields, root)
	}
	at := b.formerOnes(root)
	root.calls.line("RETURN [%s] AS a", strings.Join(root.values, ", "))
	text := strings.Join(root.calls, "\n")
	if shape != "" {
		k.shapes.Add(shape, shaped{text, w})
	}
	return compiled{store.Statement{Text: text, Args: b.args}, w, at}
}

// compiler builds one statement. Parameters are numbered as they come up, so
// that parts of the text may be made in any order.
type compiler struct {
	catalog   *catalog.Catalog
	kept      *kept
	args      []any
	constants map[any]string // parameters that may be named more than once
	names     int
	former    map[string]string // ids by those former ids that are known
	named     []string          // the ids by which conditions name nodes, in their stored form; nil without such conditions
}

// arg adds a parameter.
func (b *compiler) arg(v any) string {
	b.args = append(b.args, v)
	return placeholder(len(b.args) - 1)
}

// placeholder names a parameter in a statement by its place among the arguments.
func placeholder(i int) string {
	if i < len(placeholders) {
		return placeholders[i]
	}
	return "$p" + strconv.Itoa(i+1)
}

var placeholders = func() (out [100]string) {
	for i := range out {
		out[i] = "$p" + strconv.Itoa(i+1)
	}
	return out
}()

// constant adds a parameter that does not depend on the request.
func (b *compiler) constant(v any) string {
	if b.constants[v] == "" {
		b.constants[v] = b.arg(v)
	}
	return b.constants[v]
}

// ids adds a parameter of ids by which a condition names nodes.
func (b *compiler) ids(ids []any) string {
	if b.named == nil {
		b.named = []string{} // also where the list is empty: the text is that of its shape
	}
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = b.name(id.(string))
	}
	return b.arg(out)
}

// id adds a parameter of such an id.
func (b *compiler) id(id string) string { return b.arg(b.name(id)) }

// name notes an id and returns the stored form of that which is looked for.
func (b *compiler) name(id string) string {
	if lasting, known := b.former[id]; known {
		id = lasting
	}
	stored := sortable(id)
	b.named = append(b.named, stored)
	return stored
}

// formerOnes makes the record tell which of the ids that are named are former
// ones, with the ids that last. Nodes are found by the index of their own ids
// alone: conditions that know both would keep the database from using it. So
// the statement runs again where there are any, see Store.Run.
func (b *compiler) formerOnes(root *scope) int {
	if b.named == nil {
		return -1
	}
	slices.Sort(b.named)
	k := block{}
	k.line("UNWIND %s AS id", b.arg(slices.Compact(b.named)))
	k.line("MATCH (a:%s {id: id})-[:%s]->(n) USING INDEX SEEK a:%[1]s(id)", aliasLabel, aliasOf)
	k.line("RETURN collect([id, n.id]) AS former")
	root.calls.call(k)
	return root.value("former")
}

// number returns what makes the variables of a part of the text its own.
func (b *compiler) number() string {
	b.names++
	return strconv.Itoa(b.names)
}

// quote writes a name of the schema, which has no backticks in it.
func quote(name string) string { return "`" + name + "`" }

// block is a run of clauses, line by line.
type block []string

func (k *block) line(format string, args ...any) { *k = append(*k, fmt.Sprintf(format, args...)) }

// where adds a condition that all parts hold; without parts there is none.
func (k *block) where(parts []string) {
	if len(parts) > 0 {
		k.line("WHERE %s", strings.Join(parts, " AND "))
	}
}

// call adds a subquery over variables.
func (k *block) call(inner block, variables ...string) {
	k.line("CALL (%s) {", strings.Join(variables, ", "))
	k.indent(inner)
	k.line("}")
}

func (k *block) indent(inner block) {
	for _, l := range inner {
		*k = append(*k, "  "+l)
	}
}

// scope is a row while the text around it is made: the variables that hold it,
// the subqueries that run for it, and the values that the record carries of it.
type scope struct {
	node, edge string
	usesEdge   bool              // whether the rows need the relationship
	known      map[string]string // variables that hold an expression already
	calls      block
	values     []string
	parent     *scope   // the row in which the connection of this one stands
	imports    []string // variables of other rows that the subqueries need
}

// value makes the record carry an expression and returns where it stands.
func (s *scope) value(expr string) int {
	if v, ok := s.known[expr]; ok {
		expr = v
	}
	for i, v := range s.values {
		if v == expr {
			return i
		}
	}
	s.values = append(s.values, expr)
	return len(s.values) - 1
}

// property names a stored property of the node or of the relationship.
func (s *scope) property(name string, edge bool) string {
	if edge {
		return s.edge + "." + quote(name)
	}
	return s.node + "." + quote(name)
}

// carry makes the record carry a stored property.
func (s *scope) carry(name string, edge bool) int {
	s.usesEdge = s.usesEdge || edge
	return s.value(s.property(name, edge))
}

// collect ends the text of a row: its subqueries, and a list of its values for
// each row under a name.
func (s *scope) collect(name string) block {
	k := s.calls
	k.line("RETURN collect([%s]) AS %s", strings.Join(s.values, ", "), name)
	return k
}

// lookup finds nodes by id, and by former id where there is none of that id.
func (b *compiler) lookup(l *plan.Lookup, root *scope) writer {
	if !l.List {
		branch := l.Branches[0]
		n := b.number()
		s := &scope{node: "n" + n}
		k := block{}
		k.call(byID(branch.Type, s.node, b.arg(sortable(l.IDs[0]))))
		k.line("WITH %s LIMIT 1", s.node)
		object := b.object(branch.Fields, s, nil)
		return writeFirst(root.rows(n, k, s), object)
	}
	items := make(map[*catalog.Type]located, len(l.Branches))
	for _, branch := range l.Branches {
		var ids []string
		for _, id := range l.IDs {
			if b.catalog.TypeOfID(id) == branch.Type {
				ids = append(ids, sortable(id))
			}
		}
		n := b.number()
		s := &scope{node: "n" + n}
		id := "i" + n
		one := block{}
		one.call(byID(branch.Type, s.node, id), id)
		one.line("RETURN %s LIMIT 1", s.node)
		k := block{}
		k.line("UNWIND %s AS %s", b.arg(ids), id)
		k.call(one, id)
		s.value(id)
		object := b.object(branch.Fields, s, nil)
		items[branch.Type] = located{root.rows(n, k, s), object}
	}
	return writeLookups(l.IDs, b.catalog, items)
}

// byID finds the node of a type by an id or a former id. A LIMIT of one around
// it leaves the second seek out where the first finds something.
func byID(t *catalog.Type, node, id string) (k block) {
	k.line("MATCH (%s:%s {id: %s}) RETURN %[1]s", node, quote(t.Name), id)
	k.line("UNION ALL")
	k.line("MATCH (:%s {id: %s})-[:%s]->(%s:%s) RETURN %[4]s", aliasLabel, id, aliasOf, node, quote(t.Name))
	return k
}

// rows makes the record carry the rows that clauses lead to.
func (s *scope) rows(number string, clauses block, rows *scope, variables ...string) int {
	name := "r" + number
	s.calls.call(append(clauses, rows.collect(name)...), variables...)
	return s.value(name)
}

// object writes the fields selected of a row. The connection is the one whose
// edges are written, nil elsewhere.
func (b *compiler) object(fields []plan.Field, s *scope, c *plan.Connection) writer {
	members := make([]member, len(fields))
	for i, f := range fields {
		members[i] = member{f.ResponseKey(), b.field(f, s, c)}
	}
	return writeObject(members)
}

func (b *compiler) field(f plan.Field, s *scope, c *plan.Connection) writer {
	switch f := f.(type) {
	case *plan.Typename:
		return writeText(f.Name)
	case *plan.Value:
		at := s.carry(f.Property.Name, f.Edge)
		if f.Property.Name == "id" {
			return writeID(at)
		}
		w := writeValue(f.Property.Kind, at)
		if f.Fallback == nil {
			return w
		}
		return writeElse(at, w, writeValue(f.Fallback.Kind, s.carry(f.Fallback.Name, f.Edge)))
	case *plan.Test:
		s.usesEdge = s.usesEdge || f.Edge
		return writeValue(catalog.Boolean, s.value("coalesce("+b.predicate(f.Of, s)+", false)"))
	case *plan.Embedded:
		return b.embedded(f, s)
	case *plan.Cursor:
		return b.cursor(c, s)
	case *plan.EdgeID:
		return writeID(s.carry("id", true))
	case *plan.EdgeNode:
		return b.object(f.Fields, s, c)
	case *plan.Connection:
		return b.connection(f, s)
	case *plan.Facts:
		return b.facts(f, s)
	case *plan.Computed:
		return writeID(s.carry("id", false))
	}
	panic(fmt.Sprintf("neo4jstore: no field %T", f))
}

// embedded writes stored objects. They are cut out of their JSON; only the
// nodes to which they refer are looked up.
func (b *compiler) embedded(f *plan.Embedded, s *scope) writer {
	at := s.carry(f.Property.Name, f.Edge)
	members := make([]embeddedMember, len(f.Fields))
	for i, e := range f.Fields {
		m := embeddedMember{key: e.Key, typename: e.Typename, field: e.Field}
		if e.Field != nil && e.Field.Reference != nil {
			m.nodes = b.references(f, e, s)
		}
		members[i] = m
	}
	return writeEmbedded(at, f.Property.List, members)
}

// references looks up the nodes to which the objects of a property refer, each
// once.
func (b *compiler) references(f *plan.Embedded, e plan.EmbeddedField, s *scope) located {
	n := b.number()
	id, ref := "i"+n, &scope{node: "n" + n}
	ids := s.property(besideName(f.Property, e.Field), f.Edge)
	k := block{}
	k.line("UNWIND %s AS %s", ids, id)
	k.line("WITH DISTINCT %s", id)
	k.line("MATCH (%s:%s {id: %s}) USING INDEX SEEK %[1]s:%[2]s(id)", ref.node, quote(e.Field.Reference.Name), id)
	ref.value(id)
	object := b.object(e.Fields, ref, nil)
	owner := s.node
	if f.Edge {
		owner, s.usesEdge = s.edge, true
	}
	return located{s.rows(n, k, ref, owner), object}
}

// stats writes the counts of the graph, which the database keeps.
func (b *compiler) stats(fields []plan.StatsField, root *scope) writer {
	members := make([]member, len(fields))
	meta := func(property string) int {
		if len(root.calls) == 0 {
			root.calls.line("OPTIONAL MATCH (m:%s {name: %s})", metaLabel, b.arg(metaName))
		}
		return root.value("m." + property)
	}
	for i, f := range fields {
		var w writer
		switch {
		case f.Own:
			w = writeRaw("null")
		case f.Name == "":
			w = writeText(f.Typename)
		case f.Name == "revision":
			w = writeCount(meta("revision"))
		case f.Name == "updatedAt":
			w = writeValue(catalog.DateTime, meta("updatedAt"))
		case f.Name == "nodes":
			var items []writer
			for _, t := range b.catalog.Types {
				items = append(items, b.counts(f.Fields, t.Name, "COUNT { (:"+quote(t.Name)+") }", root))
			}
			w = writeList(items)
		case f.Name == "relationships":
			var items []writer
			for _, r := range b.catalog.Relationships {
				items = append(items, b.counts(f.Fields, r.Name, "COUNT { ()-[:"+quote(r.Name)+"]->() }", root))
			}
			w = writeList(items)
		}
		members[i] = member{f.Key, w}
	}
	return writeObject(members)
}

func (b *compiler) counts(fields []plan.StatsField, typ, count string, root *scope) writer {
	members := make([]member, len(fields))
	for i, f := range fields {
		var w writer
		switch f.Name {
		case "":
			w = writeText(f.Typename)
		case "type":
			w = writeText(typ)
		case "count":
			w = writeCount(root.value(count))
		}
		members[i] = member{f.Key, w}
	}
	return writeObject(members)
}
