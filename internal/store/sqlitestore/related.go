package sqlitestore

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// ends returns the columns of a field's relationship: that of its owner, and
// that of the node to which it leads.
func ends(f *catalog.RelationshipField) (near, far string) {
	if f.Direction == catalog.In {
		return quote("dst"), quote("src")
	}
	return quote("src"), quote("dst")
}

// reach writes the tables through which a field leads from a node of a key to
// others, and the conditions that join them.
func (b *compiler) reach(r plan.Related, key string, n names, node bool) (from string, where []string) {
	f := r.Field
	_, far := ends(f)
	if f.Derived != nil {
		from, far = b.derived(f, r.Scope, key)+" "+n.edge, quote("dst")
	} else {
		from, where = b.edges(f, r.Scope, key, n.edge)
	}
	shown := r.Scope.Node(f.Target)
	if node || shown != nil || !f.Exclusive() {
		// The relationship comes first: a parent has few of them.
		from += fmt.Sprintf(` cross join %s %s on %[2]s."key" = %s.%s`, quote(f.Target.Name), n.node, n.edge, far)
	}
	return from, append(where, b.holds(shown, n)...)
}

// edges writes the relationships of a field that a node of a key has.
func (b *compiler) edges(f *catalog.RelationshipField, s plan.Scope, key, edge string) (from string, where []string) {
	near, _ := ends(f)
	where = append([]string{edge + "." + near + " = " + key}, b.shown(f, s, edge)...)
	return quote(f.Relationship.Name) + " " + edge, where
}

// shown writes which relationships a scope shows; absent means current.
func (b *compiler) shown(f *catalog.RelationshipField, s plan.Scope, edge string) []string {
	r := f.Relationship
	if p := s.Relationship(r); p != nil {
		return b.holds(p, names{edge: edge})
	}
	statuses := s.Statuses(r)
	if r.Status == nil || len(statuses) == len(r.Status.Enum) {
		return nil
	}
	for i, s := range statuses {
		statuses[i] = literal(s)
	}
	return []string{fmt.Sprintf("ifnull(%s.%s, %s) in (%s)", edge, quote(r.Status.Name), literal(plan.Current), strings.Join(statuses, ", "))}
}

// holds writes a condition that may be nil.
func (b *compiler) holds(p plan.Predicate, n names) []string {
	if p == nil {
		return nil
	}
	return []string{b.predicate(p, n)}
}

// spanKey is the length of the sort key of a date: its first day, its
// precision, its last day.
const spanKey = len("2006-01-02") + 1 + len("2006-01-02")

// derived writes the table of a computed relationship: a row for each node that
// is reached from the node of a key, with what lies between.
func (b *compiler) derived(f *catalog.RelationshipField, s plan.Scope, key string) string {
	d, g := f.Derived, b.alias("g")
	var ways []string
	for _, w := range d.Ways {
		ways = append(ways, b.way(d, w, s, key))
	}
	cols := []string{g + `."dst"`}
	for i, c := range d.Counts {
		cols = append(cols, fmt.Sprintf("sum(%s.c%d) as %s", g, i, quote(c.Property.Name)))
	}
	for i, span := range d.Spans {
		best := fmt.Sprintf("%s(%s.s%d)", extreme(span.Last), g, i)
		for _, col := range store.Columns(span.Property) {
			part := ""
			switch col.Part {
			case plan.Whole:
				part = fmt.Sprintf("substr(%s, %d)", best, spanKey+1)
			case plan.Key:
				part = fmt.Sprintf("substr(%s, 1, %d)", best, spanKey)
			case plan.Last:
				part = fmt.Sprintf("substr(%s, %d, %d)", best, len("2006-01-02")+2, len("2006-01-02"))
			}
			cols = append(cols, part+" as "+quote(col.Name))
		}
	}
	return fmt.Sprintf("(select %s from (%s) %s group by 1)", strings.Join(cols, ", "), strings.Join(ways, " union all "), g)
}

func extreme(last bool) string {
	if last {
		return "max"
	}
	return "min"
}

// way writes what is reached on one way, a row for each node between.
func (b *compiler) way(d *catalog.Derived, w *catalog.Way, s plan.Scope, key string) string {
	from, where, v, far := b.steps(w, s, key)
	cols := []string{far + ` as "dst"`}
	for i, c := range d.Counts {
		cols = append(cols, b.counted(c, w, s, v)+" as c"+strconv.Itoa(i))
	}
	for i, span := range d.Spans {
		cols = append(cols, spanned(span, w, v)+" as s"+strconv.Itoa(i))
	}
	distinct := ""
	if len(w.Out.Relationship.Key)+len(w.Back.Relationship.Key) > 0 {
		// Several relationships may lead over the same node between.
		distinct = "distinct "
		cols = append(cols, v+`."key"`)
	} else {
		cols = append(cols, "0")
	}
	return "select " + distinct + strings.Join(cols, ", ") + " from " + from + and(where)
}

// steps writes the two relationships of a way from the node of a key, with the
// alias of the node between and the column of the node that is reached.
func (b *compiler) steps(w *catalog.Way, s plan.Scope, key string) (from string, where []string, between, far string) {
	e1, v, e2 := b.alias("e"), b.alias("v"), b.alias("e")
	_, far1 := ends(w.Out)
	near2, far2 := ends(w.Back)
	from, where = b.edges(w.Out, s, key, e1)
	from += fmt.Sprintf(` cross join %s %s on %[2]s."key" = %s.%s cross join %s %[6]s on %[6]s.%[7]s = %[2]s."key"`,
		quote(w.Out.Target.Name), v, e1, far1, quote(w.Back.Relationship.Name), e2, near2)
	far = e2 + "." + far2
	where = append(where, b.holds(s.Node(w.Out.Target), names{node: v})...)
	where = append(where, b.shown(w.Back, s, e2)...)
	return from, append(where, far+" <> "+key), v, far
}

// counted writes whether a node between counts.
func (b *compiler) counted(c catalog.WayCount, w *catalog.Way, s plan.Scope, v string) string {
	switch {
	case c.Way != w:
		return "0"
	case c.AtMost > 0:
		return b.atMost(c, s, v)
	}
	return "1"
}

// atMost writes that a node between has few enough relationships back.
func (b *compiler) atMost(c catalog.WayCount, s plan.Scope, v string) string {
	return fmt.Sprintf("%s <= %d", b.tally(plan.Related{Field: c.Way.Back, Scope: s}, nil, names{node: v}), c.AtMost)
}

// spanned writes the date of a node between behind its sort key.
func spanned(span catalog.Span, w *catalog.Way, v string) string {
	if p := span.On(w); p != nil {
		return dated(p, v)
	}
	return "null"
}

// dated writes a date behind its sort key, or null: the least and the greatest
// of such texts are those of the dates.
func dated(p *catalog.Property, alias string) string {
	return fmt.Sprintf("iif(%s.%s is null, null, %[1]s.%[3]s || %[1]s.%[2]s)", alias, quote(p.Name), quote(store.ColumnName(p, plan.Key)))
}

// exists writes that a row has a related node. What few nodes can meet is
// collected once, from those nodes; anything else is looked for at each row.
func (b *compiler) exists(r plan.Related, n names) string {
	if plan.Pinned(r.Of) && (r.Field.Derived == nil || !plan.OnEdge(r.Of)) {
		return fmt.Sprintf(`%s."key" in (%s)`, n.node, b.reached(r))
	}
	m := names{b.alias("n"), b.alias("e")}
	from, where := b.reach(r, n.node+`."key"`, m, r.Of != nil)
	if r.Of != nil {
		where = append(where, b.predicate(r.Of, m))
	}
	return "exists (select 1 from " + from + and(where) + ")"
}

// reached writes the keys of the nodes from which a field leads to one that
// meets a condition, found from the latter.
func (b *compiler) reached(r plan.Related) string {
	m := names{b.alias("n"), b.alias("e")}
	from, where := quote(r.Field.Target.Name)+" "+m.node, []string{b.predicate(r.Of, m)}
	where = append(where, b.holds(r.Scope.Node(r.Field.Target), m)...)
	if d := r.Field.Derived; d != nil {
		var ways []string
		for _, w := range d.Ways {
			steps, joined, _, far := b.steps(w, r.Scope, m.node+`."key"`)
			ways = append(ways, "select "+far+" from "+from+" cross join "+steps+and(append(joined, where...)))
		}
		return strings.Join(ways, " union all ")
	}
	near, far := ends(r.Field)
	where = append(where, b.shown(r.Field, r.Scope, m.edge)...)
	return fmt.Sprintf(`select %s.%s from %s cross join %s %[1]s on %[1]s.%[5]s = %[6]s."key"%[7]s`,
		m.edge, near, from, quote(r.Field.Relationship.Name), far, m.node, and(where))
}

// tally writes how many related nodes a row has, or the sum of a property of
// their relationships.
func (b *compiler) tally(r plan.Related, sum *catalog.Property, n names) string {
	if sum == nil && r.Stored() {
		return n.node + "." + quote(r.Field.Degree())
	}
	if c, ok := r.OneWay(); ok && sum == nil {
		from, where, v, far := b.steps(c.Way, r.Scope, n.node+`."key"`)
		if c.AtMost > 0 {
			where = append(where, b.atMost(c, r.Scope, v))
		}
		if shown := r.Scope.Node(r.Field.Target); shown != nil {
			m := names{node: b.alias("n")}
			from += fmt.Sprintf(` cross join %s %s on %[2]s."key" = %s`, quote(r.Field.Target.Name), m.node, far)
			where = append(where, b.holds(shown, m)...)
		}
		return "(select count(distinct " + far + ") from " + from + and(where) + ")"
	}
	m := names{b.alias("n"), b.alias("e")}
	from, where := b.reach(r, n.node+`."key"`, m, r.Of != nil)
	if r.Of != nil {
		where = append(where, b.predicate(r.Of, m))
	}
	what := "count(*)"
	if sum != nil {
		what = fmt.Sprintf("ifnull(sum(%s.%s), 0)", m.edge, quote(sum.Name))
	}
	return "(select " + what + " from " + from + and(where) + ")"
}

// compareTally writes a comparison of a count or a sum. Where it takes a node
// that few can be, those that have one come first.
func (b *compiler) compareTally(t plan.Tally, n names) string {
	text := ""
	if t.Sum == nil && plan.Positive(t) && plan.Pinned(t.Of) {
		text = b.exists(t.Related, n) + " and "
	}
	return fmt.Sprintf("(%s%s %s %s)", text, b.tally(t.Related, t.Sum, n), t.Op, b.arg(t.Value))
}

// distinct writes that a row has different related nodes, one in each group.
func (b *compiler) distinct(d plan.Distinct, n names) string {
	var from, where, nodes []string
	for _, ids := range d.Groups {
		m := names{b.alias("n"), b.alias("e")}
		tables, joined := b.reach(d.Related, n.node+`."key"`, m, true)
		from, where = append(from, tables), append(where, joined...)
		where = append(where, fmt.Sprintf(`%s."key" in (%s)`, m.node, b.keys(ids)))
		for _, other := range nodes {
			where = append(where, fmt.Sprintf(`%s."key" <> %s."key"`, m.node, other))
		}
		if d.Of != nil {
			where = append(where, b.predicate(d.Of, m))
		}
		nodes = append(nodes, m.node)
	}
	return "exists (select 1 from " + strings.Join(from, " cross join ") + and(where) + ")"
}

// beneath writes the keys of the nodes of some ids and of all beneath them. It
// ends where a hierarchy has a cycle, since no key comes twice.
func (b *compiler) beneath(p plan.Within) string {
	up := p.Up
	w, e := b.alias("w"), b.alias("e")
	near, far := ends(up)
	return fmt.Sprintf(`with recursive %[1]s(k) as (%[2]s and "type" = %[3]s union select %[4]s.%[5]s from %[1]s join %[6]s %[4]s on %[4]s.%[7]s = %[1]s.k%[8]s) select k from %[1]s`,
		w, b.keys(p.IDs), literal(up.Owner.Name), e, near, quote(up.Relationship.Name), far, and(b.shown(up, p.Scope, e)))
}
