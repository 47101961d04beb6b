package neo4jstore

import (
	"fmt"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// related writes the clauses that lead from a node to those that a field
// reaches, and returns the conditions on them.
func (b *compiler) related(r plan.Related, near string, s *scope) (k block, where []string) {
	if r.Field.Derived != nil {
		k = b.derived(r.Field, r.Scope, near, s)
	} else {
		k.line("MATCH %s", pattern(r.Field, near, s.edge, labelled(r.Field, s.node)))
		where = b.shown(r.Field, r.Scope, s.edge)
	}
	where = append(where, b.holds(r.Scope.Node(r.Field.Target), s)...)
	if r.Of != nil {
		where = append(where, b.predicate(r.Of, s))
	}
	return k, where
}

// labelled writes the far end of a field's relationship, with its label where
// the relationship leads elsewhere too: any other takes time to plan.
func labelled(f *catalog.RelationshipField, far string) string {
	if f.Exclusive() {
		return far
	}
	return far + ":" + quote(f.Target.Name)
}

// shown returns the condition on which a scope shows relationships; absent means
// current.
func (b *compiler) shown(f *catalog.RelationshipField, in plan.Scope, edge string) []string {
	r := f.Relationship
	if p := in.Relationship(r); p != nil {
		return b.holds(p, &scope{edge: edge})
	}
	statuses := in.Statuses(r)
	if r.Status == nil || len(statuses) == len(r.Status.Enum) {
		return nil
	}
	return []string{fmt.Sprintf("coalesce(%s.%s, %s) IN %s", edge, quote(r.Status.Name), b.constant(plan.Current), b.arg(statuses))}
}

// holds returns a condition that may be nil.
func (b *compiler) holds(p plan.Predicate, s *scope) []string {
	if p == nil {
		return nil
	}
	return []string{b.predicate(p, s)}
}

// derived writes the clauses that lead to the nodes of a computed field, with
// what lies between as a map in place of a relationship.
func (b *compiler) derived(f *catalog.RelationshipField, in plan.Scope, near string, s *scope) (k block) {
	d, n := f.Derived, b.number()
	ways := block{}
	for i, w := range d.Ways {
		if i > 0 {
			ways.line("UNION ALL")
		}
		v := "v" + n
		steps, where := b.steps(w, in, near, v, s.node)
		ways = append(ways, steps...)
		ways.where(where)
		var cols []string
		for i, c := range d.Counts {
			cols = append(cols, fmt.Sprintf("%s AS c%d_%s", b.counted(c, w, in, v), i, n))
		}
		for i, span := range d.Spans {
			cols = append(cols, fmt.Sprintf("%s AS s%d_%s", spanned(span, w, v), i, n))
		}
		distinct := ""
		if len(w.Out.Relationship.Key)+len(w.Back.Relationship.Key) > 0 {
			// Several relationships may lead over the same node between.
			distinct = "DISTINCT "
		}
		ways.line("RETURN %s%s, %s, %s", distinct, s.node, v, strings.Join(cols, ", "))
	}
	k.call(ways, near)
	var totals, members []string
	for i, c := range d.Counts {
		name := fmt.Sprintf("c%d_%s", i, n)
		totals = append(totals, fmt.Sprintf("sum(%s) AS %[1]s", name))
		members = append(members, quote(c.Property.Name)+": "+name)
	}
	for i, span := range d.Spans {
		name := fmt.Sprintf("s%d_%s", i, n)
		fn := "min"
		if span.Last {
			fn = "max"
		}
		totals = append(totals, fmt.Sprintf("%s(%s) AS %[2]s", fn, name))
		for i, col := range store.Columns(span.Property) {
			members = append(members, fmt.Sprintf("%s: %s[%d]", quote(col.Name), name, []int{2, 0, 1}[i]))
		}
	}
	k.line("WITH %s, %s", s.node, strings.Join(totals, ", "))
	k.line("WITH %s, {%s} AS %s", s.node, strings.Join(members, ", "), s.edge)
	return k
}

// steps writes the two relationships of a way, from a near node over one
// between to a far one.
func (b *compiler) steps(w *catalog.Way, in plan.Scope, near, between, far string) (k block, where []string) {
	e1, e2 := "e"+b.number(), "e"+b.number()
	k.line("MATCH %s, %s", pattern(w.Out, near, e1, labelled(w.Out, between)), pattern(w.Back, between, e2, labelled(w.Back, far)))
	where = append(b.shown(w.Out, in, e1), b.holds(in.Node(w.Out.Target), &scope{node: between})...)
	where = append(where, b.shown(w.Back, in, e2)...)
	return k, append(where, far+" <> "+near)
}

// counted writes whether a node between counts.
func (b *compiler) counted(c catalog.WayCount, w *catalog.Way, in plan.Scope, v string) string {
	switch {
	case c.Way != w:
		return "0"
	case c.AtMost > 0:
		return "CASE WHEN " + b.atMost(c, in, v) + " THEN 1 ELSE 0 END"
	}
	return "1"
}

// atMost writes that a node between has few enough relationships back.
func (b *compiler) atMost(c catalog.WayCount, in plan.Scope, v string) string {
	return fmt.Sprintf("%s <= %d", b.tally(plan.Related{Field: c.Way.Back, Scope: in}, nil, &scope{node: v}), c.AtMost)
}

// spanned writes the date of a node between behind its sort key.
func spanned(span catalog.Span, w *catalog.Way, v string) string {
	if p := span.On(w); p != nil {
		return dated(p, v)
	}
	return "null"
}

// dated writes a list of the sort key, the last day and the text of a date, or
// null: the least and the greatest of such lists are those of the dates.
func dated(p *catalog.Property, variable string) string {
	col := func(part plan.Part) string { return variable + "." + quote(store.ColumnName(p, part)) }
	return fmt.Sprintf("CASE WHEN %[1]s IS NULL THEN null ELSE [%[2]s, %[3]s, %[1]s] END", col(plan.Whole), col(plan.Key), col(plan.Last))
}

// subquery writes a query for the related nodes of a row, in braces. It answers
// what is asked for of each, or as many rows as there are nodes.
func (b *compiler) subquery(r plan.Related, s *scope, answer string) string {
	n := b.number()
	m := &scope{node: "n" + n, edge: "e" + n}
	if d := r.Field.Derived; d != nil && answer == "" && !plan.OnEdge(r.Of) {
		return b.onAnyWay(r, s, m)
	}
	k, where := b.related(r, s.node, m)
	k.where(where)
	if answer != "" {
		k.line("RETURN coalesce(%s.%s, 0) AS v", m.edge, quote(answer))
	} else if r.Field.Derived != nil {
		k.line("RETURN %s", m.node)
	}
	return "{ " + strings.Join(k, " ") + " }"
}

// onAnyWay writes a query for the nodes of a computed field of which nothing is
// asked that lies between: each once, and nothing is counted.
func (b *compiler) onAnyWay(r plan.Related, s, m *scope) string {
	k := block{}
	k.call(b.ways(r, s.node, m.node), s.node)
	if where := append(b.holds(r.Scope.Node(r.Field.Target), m), b.holds(r.Of, m)...); len(where) > 0 {
		k.line("WITH %s", m.node)
		k.where(where)
	}
	k.line("RETURN %s", m.node)
	return "{ " + strings.Join(k, " ") + " }"
}

// ways writes a union of what is reached on each way, each node once.
func (b *compiler) ways(r plan.Related, near, far string) (k block) {
	for i, w := range r.Field.Derived.Ways {
		if i > 0 {
			k.line("UNION")
		}
		steps, where := b.steps(w, r.Scope, near, "v"+b.number(), far)
		k = append(k, steps...)
		k.where(where)
		k.line("RETURN %s", far)
	}
	return k
}

// oneWay writes a query for the nodes that are reached on a way.
func (b *compiler) oneWay(c catalog.WayCount, in plan.Scope, s *scope) string {
	far, v := "n"+b.number(), "v"+b.number()
	k, where := b.steps(c.Way, in, s.node, v, far)
	if c.AtMost > 0 {
		where = append(where, b.atMost(c, in, v))
	}
	where = append(where, b.holds(in.Node(c.Way.Back.Target), &scope{node: far})...)
	k.where(where)
	k.line("RETURN DISTINCT %s", far)
	return "{ " + strings.Join(k, " ") + " }"
}

// exists writes that a row has a related node.
func (b *compiler) exists(r plan.Related, s *scope) string {
	if c, ok := r.OneWay(); ok {
		return "EXISTS " + b.oneWay(c, r.Scope, s)
	}
	return "EXISTS " + b.subquery(r, s, "")
}

// tally writes how many related nodes a row has, or the sum of a property of
// their relationships.
func (b *compiler) tally(r plan.Related, sum *catalog.Property, s *scope) string {
	way, oneWay := r.OneWay()
	switch {
	case oneWay && sum == nil:
		return "COUNT " + b.oneWay(way, r.Scope, s)
	case sum != nil:
		return fmt.Sprintf("reduce(t = 0, v IN COLLECT %s | t + v)", b.subquery(r, s, sum.Name))
	case r.Stored():
		return fmt.Sprintf("coalesce(%s, 0)", s.property(r.Field.Degree(), false))
	}
	return "COUNT " + b.subquery(r, s, "")
}

// distinct writes that a row has different related nodes, one in each group.
func (b *compiler) distinct(d plan.Distinct, s *scope) string {
	var k block
	var nodes []string
	for _, ids := range d.Groups {
		n := b.number()
		m := &scope{node: "n" + n, edge: "e" + n}
		clauses, where := b.related(d.Related, s.node, m)
		where = append(where, fmt.Sprintf("%s IN %s", m.property("id", false), b.ids(ids)))
		if d.Field.Derived != nil {
			// These clauses end in a WITH, which what was found must outlive too.
			clauses.where(where)
			clauses.line("RETURN %s", m.node)
			inner := clauses
			clauses, where = block{}, nil
			clauses.call(inner, s.node)
			clauses.line("WITH *")
		}
		k = append(k, clauses...)
		for _, other := range nodes {
			where = append(where, m.node+" <> "+other)
		}
		nodes = append(nodes, m.node)
		// What was found must outlive the clauses that follow.
		k.where(where)
		k.line("WITH %s", strings.Join(nodes, ", "))
	}
	k.line("RETURN 1 AS v")
	return "EXISTS { " + strings.Join(k, " ") + " }"
}

// within writes that a node is one of some ids, or beneath one.
func (b *compiler) within(p plan.Within, s *scope) string {
	n := b.number()
	path := upward(p.Up, s.node, "x"+n, "a"+n, "*0..")
	where := append([]string{fmt.Sprintf("a%s.id IN %s", n, b.ids(p.IDs))}, b.shownAll(p.Up, p.Scope, "x"+n)...)
	return "EXISTS { MATCH " + path + " WHERE " + strings.Join(where, " AND ") + " }"
}

// upward writes a path along a hierarchy.
func upward(up *catalog.RelationshipField, below, edges, above, steps string) string {
	return strings.Replace(pattern(up, below, edges, above+":"+quote(up.Target.Name)), "]", steps+"]", 1)
}

// shownAll returns the condition that all relationships of a path are shown.
func (b *compiler) shownAll(f *catalog.RelationshipField, in plan.Scope, edges string) (out []string) {
	for _, condition := range b.shown(f, in, "x") {
		out = append(out, fmt.Sprintf("all(x IN %s WHERE %s)", edges, condition))
	}
	return out
}

// seek writes the clauses that lead to the nodes of a type that meet a filter,
// and returns the conditions that are left to be put on them.
func (b *compiler) seek(p plan.Predicate, t *catalog.Type, s *scope) (k block, where []string) {
	from := plan.Anchor(p)
	found := false // whether the clauses make the anchor hold
	switch a := from.(type) {
	case plan.Within:
		top := "w" + b.number()
		k.line("MATCH (%s:%s) WHERE %[1]s.id IN %[3]s", top, quote(t.Name), b.ids(a.IDs))
		x := "x" + b.number()
		k.line("MATCH %s", upward(a.Up, s.node+":"+quote(t.Name), x, top, "*0.."))
		k.where(b.shownAll(a.Up, a.Scope, x))
		// Neo4j takes the ends of paths from several nodes for distinct, and leaves
		// out a DISTINCT; it does not where paths are counted.
		k.line("WITH %s, count(*) AS c%s", s.node, x)
		found = true
	case plan.Near:
		k, found = b.around(a, t, s), true
	case plan.Matches:
		k.line("%s", asked(b.constant(b.kept.index), b.arg(lucene(a.Match())), s.node))
		found = true
	case plan.Exists:
		k, found = b.from(a.Related, t, s), true
	case plan.Tally:
		k = b.from(a.Related, t, s)
	default:
		if bound := tightest(p); bound != nil {
			// Counts have no order to follow: any index that has a bound serves.
			k.line("MATCH (%s:%s) USING INDEX SEEK %[1]s:%[2]s(%[3]s, `id`)", s.node, quote(t.Name), quote(store.ColumnName(bound.Property, plan.Key)))
			where = append(where, s.property("id", false)+" IS NOT NULL")
		} else {
			k.line("MATCH (%s:%s)", s.node, quote(t.Name))
		}
	}
	for _, part := range plan.Parts(p) {
		if !found || plan.PredicateString(part) != plan.PredicateString(from) {
			where = append(where, b.predicate(part, s))
		}
	}
	return k, where
}

// from writes the clauses that lead from related nodes, which are found first,
// to the nodes that have them.
func (b *compiler) from(r plan.Related, t *catalog.Type, s *scope) (k block) {
	n := b.number()
	m := &scope{node: "n" + n, edge: "e" + n}
	// What is asked of the relationship has to wait for it.
	var ofNode plan.And
	for _, part := range plan.Parts(r.Of) {
		if !plan.OnEdge(part) {
			ofNode = append(ofNode, part)
		}
	}
	k, where := b.seek(ofNode, r.Field.Target, m)
	k.where(append(where, b.holds(r.Scope.Node(r.Field.Target), m)...))
	k.line("WITH DISTINCT %s", m.node)
	if r.Field.Derived != nil {
		k.call(b.ways(r, m.node, s.node), m.node)
	} else {
		k.line("MATCH %s", pattern(r.Field, s.node+":"+quote(t.Name), m.edge, m.node))
		where := b.shown(r.Field, r.Scope, m.edge)
		if plan.OnEdge(r.Of) {
			where = append(where, b.predicate(r.Of, m))
		}
		k.where(where)
	}
	k.line("WITH DISTINCT %s", s.node)
	return k
}
