package neo4jstore

import (
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// facts writes what others say of a row: a group for each value, which is
// compared with all others before the list is cut and descended into.
func (b *compiler) facts(f *plan.Facts, s *scope) writer {
	n := b.number()
	m := &scope{node: "n" + n, edge: "e" + n}
	// The variables of a fact: what it is about, its value, who says so.
	about, value, said := "g0_"+n, "g1_"+n, "c"+n
	by, of := b.group(plan.FacetKey{Property: f.Facts.By}, m, about), b.group(plan.FacetKey{Property: f.Facts.Value}, m, value)
	k, where := b.related(f.Stating(), s.node, m)
	k.where(where)
	if len(f.Facts.Of.Relationship.Key) > 0 {
		k.line("WITH DISTINCT %s", m.node) // several relationships may lead from the same node
	}
	k.line("WITH %s, %s AS %s, %s AS %s ORDER BY %s", m.node, by.by, about, of.by, value, m.property("id", false))
	k.line("WITH %s AS %s, %s AS %s, collect(%s) AS %s", by.order, about, of.order, value, m.node, said)
	disagree := ""
	if f.Compared() {
		disagree = "d" + n
		k = append(k, b.disagree(f, n, about, value, said, disagree)...)
	}
	with := []string{about, value, said}
	if disagree != "" {
		with = append(with, disagree)
	}
	k.line("WITH %s ORDER BY %s, %s LIMIT %s", strings.Join(with, ", "), about, value, b.arg(f.Limit))
	fact := &scope{}
	members := make([]member, len(f.Fields))
	for i, field := range f.Fields {
		var w writer
		switch field.Name {
		case "":
			w = writeText(field.Typename)
		case f.Facts.By.Name:
			w = writeValue(f.Facts.By.Kind, fact.value(said+"[0]."+quote(f.Facts.By.Name)))
		case f.Facts.Value.Name:
			w = writeValue(f.Facts.Value.Kind, fact.value(said+"[0]."+quote(f.Facts.Value.Name)))
		case catalog.FactCount:
			w = writeCount(fact.value("size(" + said + ")"))
		case catalog.FactDisagree:
			w = writeValue(catalog.Boolean, fact.value(disagree))
		case f.Facts.Of.Name:
			w = b.stating(field, fact, said)
		}
		members[i] = member{field.Key, w}
	}
	k = append(k, fact.calls...)
	k.line("RETURN collect([%s]) AS f%s", strings.Join(fact.values, ", "), n)
	s.calls.call(k, s.node)
	at, items := s.value("f"+n), writeItems(writeObject(members))
	return func(o *output, row []any) { items(o, page{rows: o.list(row[at])}, row) }
}

// stating writes the list of the nodes that state a fact.
func (b *compiler) stating(field plan.FactField, fact *scope, said string) writer {
	n := b.number()
	node := &scope{node: "n" + n}
	object := writeItems(b.object(field.Fields, node, nil))
	k := block{}
	k.line("UNWIND %s[..%s] AS %s", said, b.arg(field.Limit), node.node)
	at := fact.rows(n, k, node, said)
	return func(o *output, row []any) { object(o, page{rows: o.list(row[at])}, row) }
}

// disagree writes the clauses that tell of each fact whether there is another
// value of which no source says both.
func (b *compiler) disagree(f *plan.Facts, n, about, value, said, disagree string) (k block) {
	one, source, all := &scope{node: "o" + n}, &scope{node: "n" + b.number(), edge: "e" + b.number()}, "a"+n
	steps, where := b.related(plan.Related{Field: f.Facts.Sources, Scope: f.Scope}, one.node, source)
	inner := block{}
	inner.line("UNWIND %s AS %s", said, one.node)
	inner = append(inner, steps...)
	inner.where(where)
	inner.line("RETURN collect(DISTINCT %s.id) AS s%s", source.node, n)
	k.call(inner, said)
	k.line("WITH collect([%s, %s, %s, s%s]) AS %s", about, value, said, n, all)
	k.line("UNWIND %s AS x%s", all, n)
	k.line("WITH x%[1]s[0] AS %[2]s, x%[1]s[1] AS %[3]s, x%[1]s[2] AS %[4]s, any(y IN %[5]s WHERE y[0] = x%[1]s[0] AND y[1] <> x%[1]s[1] AND none(z IN y[3] WHERE z IN x%[1]s[3])) AS %[6]s",
		n, about, value, said, all, disagree)
	return k
}
