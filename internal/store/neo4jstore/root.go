package neo4jstore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// How an index is used. Where there is a bound to seek, the hint has to say so:
// with the statistics of a graph that has just been loaded the planner may read
// the index from its end all the same.
const (
	byScan = ""
	bySeek = "SEEK "
)

// probe is how many nodes a filter may find in an index to be sorted, instead
// of being found along the index of the order.
const probe = 500

// root writes the clauses of a page of all nodes of a type. Where an index has
// the order, the page is read from it: the hint keeps the planner from other
// indexes that a filter could use, which would collect and sort all they find.
// That is right only where they find few, which is tried first.
func (b *compiler) root(c *plan.Connection, s *scope, cut bool) block {
	r := &rootPage{b: b, Connection: c, s: s, start: c.Page.After, limit: b.arg(c.Page.Fetch())}
	// The page begins at start and must not reach end.
	end := c.Page.Before
	if c.Page.Backward {
		r.start, end = end, r.start
	}
	if end != nil {
		r.where = append(r.where, b.beyond(c.Order, end, !c.Page.Backward, s))
	}
	if plan.Anchor(c.Filter) != nil {
		return r.anchored()
	}
	if c.Filter != nil {
		r.where = append(r.where, b.predicate(c.Filter, s))
	}
	switch {
	case !indexed(c.Order[0]):
		return r.sorted()
	case selective(c.Filter, c.Order[0]) != nil:
		return r.few(selective(c.Filter, c.Order[0]))
	}
	return r.inOrder(!cut)
}

// rootPage is a page of all nodes of a type in the making.
type rootPage struct {
	b *compiler
	*plan.Connection
	s     *scope
	where []string // but for the start
	start []any
	limit string
}

// match writes the pattern, with the index that serves it.
func (r *rootPage) match(how string, keys ...string) string {
	label := quote(r.Target.Name)
	if len(keys) == 0 {
		return fmt.Sprintf("MATCH (%s:%s)", r.s.node, label)
	}
	for i := range keys {
		keys[i] = quote(keys[i])
	}
	return fmt.Sprintf("MATCH (%s:%s) USING INDEX %[3]s%[1]s:%[2]s(%[4]s)", r.s.node, label, how, strings.Join(keys, ", "))
}

// id is the last key of every index; an index answers only where each of its
// keys has a condition.
func (r *rootPage) id() string      { return r.s.property("id", false) }
func (r *rootPage) idThere() string { return r.id() + " IS NOT NULL" }

// page ends clauses that lead to nodes.
func (r *rootPage) page(k *block, order string) {
	k.line("WITH %s ORDER BY %s LIMIT %s", r.s.node, order, r.limit)
}

// beyondStart returns the conditions with that of the start.
func (r *rootPage) beyondStart() []string {
	if r.start == nil {
		return r.where
	}
	return append(slices.Clone(r.where), r.b.beyond(r.Order, r.start, r.Page.Backward, r.s))
}

// sorted writes a page that has to be sorted, from whatever finds its nodes.
func (r *rootPage) sorted() (k block) {
	k.line("%s", r.match(byScan))
	k.where(r.beyondStart())
	r.page(&k, r.b.orderBy(r.Connection, r.s))
	return k
}

// anchored writes a page of the nodes that are found from the few that a filter
// names, and sorted.
func (r *rootPage) anchored() block {
	k, where := r.b.seek(r.Filter, r.Target, r.s)
	r.where = append(r.where, where...)
	k.where(r.beyondStart())
	r.page(&k, r.b.orderBy(r.Connection, r.s))
	return k
}

// few writes a page from the index of a filter where it finds few nodes, and
// else along the index of the order.
func (r *rootPage) few(terms []plan.Term) (k block) {
	n, found := r.s.node, "f"+r.s.node
	most := r.b.constant(int64(probe))
	seek, sort := block{}, block{}
	seek.line("%s", r.match(bySeek, store.ColumnName(terms[0].Property, plan.Key), "id"))
	bounds := []string{r.idThere()}
	for _, t := range terms {
		bounds = append(bounds, r.b.term(t, r.s))
	}
	seek.where(bounds)
	seek.line("WITH %s LIMIT %s", n, most)
	seek.line("RETURN collect(%s) AS %s", n, found)
	k.call(seek)

	order := r.b.orderBy(r.Connection, r.s)
	sort.line("WITH %s WHERE size(%[1]s) < %s", found, most)
	sort.line("UNWIND %s AS %s", found, n)
	sort.line("WITH %s", n)
	sort.where(r.beyondStart())
	r.page(&sort, order)
	sort.line("RETURN %s", n)
	sort.line("UNION ALL")
	sort.line("WITH %s WHERE size(%[1]s) = %s", found, most)
	along := r.inOrder(false)
	along.line("RETURN %s", n)
	sort.call(along)
	sort.line("RETURN %s", n)
	k.call(sort, found)
	r.page(&k, order)
	return k
}

// inOrder writes a page along the index of its order. Keys that are known from
// the index may be kept for the rows.
func (r *rootPage) inOrder(keep bool) block {
	lead := r.Order[0]
	if lead.Property != nil && lead.Property.Name == "id" {
		return r.byID()
	}
	key, _ := storedKey(lead)
	if r.start != nil {
		return r.resume(r.match(bySeek, key, "id"), keep)
	}
	k, how := block{}, byScan
	bounds := []string{r.s.property(key, false) + " IS NOT NULL", r.idThere()}
	if bound(r.Filter, key) {
		how = bySeek
	}
	k.line("%s", r.match(how, key, "id"))
	k.where(append(bounds, r.where...))
	r.page(&k, r.b.orderBy(r.Connection, r.s))
	return k
}

// byID writes a page in the order of ids. A property that must equal one value
// and has an index gives that order too, and fewer nodes.
func (r *rootPage) byID() (k block) {
	dir := direction(r.Order[0], r.Page)
	how, bound := byScan, r.idThere()
	if r.start != nil {
		how, bound = bySeek, fmt.Sprintf("%s %s %s", r.id(), comparison(r.Order[0], r.Page.Backward), r.b.arg(sortableValue(r.start[0])))
	}
	keys, order := []string{"id"}, r.id()+dir
	if p := equality(r.Filter); p != "" {
		how, keys = bySeek, []string{p, "id"}
		order = r.s.property(p, false) + dir + ", " + order
	}
	k.line("%s", r.match(how, keys...))
	k.where(append([]string{bound}, r.where...))
	r.page(&k, order)
	return k
}

// resume writes a page that begins at a position of an index: first what has
// the same leading key and comes after, then what has a later one. One seek
// for both would read everything that has the same key again.
func (r *rootPage) resume(match string, keep bool) (k block) {
	b, lead, rest := r.b, r.Order[0], r.Order[1:]
	key, from := b.sortKey(lead, r.s), b.arg(sortableValue(r.start[0]))
	same := []string{key + " = " + from}
	if len(rest) > 1 {
		same = append(same, r.idThere())
	}
	same = append(same, b.beyond(rest, r.start[1:], r.Page.Backward, r.s))
	later := []string{key + " " + comparison(lead, r.Page.Backward) + " " + from, r.idThere()}

	// The seeks know the keys, so nothing is read again to put the parts in order.
	known := map[string]string{}
	names, keys, byName := make([]string, len(r.Order)), "", make([]string, len(r.Order))
	for i, o := range r.Order {
		names[i] = fmt.Sprintf("k%d%s", i+1, r.s.node)
		expr := b.sortKey(o, r.s)
		known[expr] = names[i]
		keys += ", " + expr + " AS " + names[i]
		byName[i] = names[i] + direction(o, r.Page)
	}
	parts := block{}
	for i, bounds := range [][]string{same, later} {
		if i > 0 {
			parts.line("UNION ALL")
		}
		parts.line("%s", match)
		parts.where(append(bounds, r.where...))
		r.page(&parts, b.orderBy(r.Connection, r.s))
		parts.line("RETURN %s%s", r.s.node, keys)
	}
	k.call(parts)
	with := r.s.node
	if keep {
		r.s.known = known
		with += ", " + strings.Join(names, ", ")
	}
	k.line("WITH %s ORDER BY %s LIMIT %s", with, strings.Join(byName, ", "), r.limit)
	return k
}

// indexed reports whether there is an index of a key and the id, or of the id.
func indexed(k plan.OrderKey) bool {
	if k.Degree != nil {
		return k.Stored() && k.Degree.Index
	}
	return k.Property.Index || k.Property.Name == "id"
}

// equality returns the stored property with an index that a filter makes equal
// to one value, or "".
func equality(p plan.Predicate) string {
	for _, t := range conjuncts(p) {
		if t.Op == plan.Eq && bounds(t) {
			return store.ColumnName(t.Property, plan.Key)
		}
	}
	return ""
}

// selective returns the terms of a filter that bound one index, where that is
// not a range of the index in whose order the page is read anyway.
func selective(p plan.Predicate, lead plan.OrderKey) (out []plan.Term) {
	byID := lead.Property != nil && lead.Property.Name == "id"
	if byID && equality(p) != "" {
		return nil
	}
	for _, t := range conjuncts(p) {
		switch {
		case !bounds(t) || t.Property.Kind == catalog.Enum: // an enum never leaves few
		case lead.Property == t.Property && t.Op != plan.In:
			return nil
		case len(out) == 0 || out[0].Property == t.Property:
			out = append(out, t)
		}
	}
	return out
}

// bound reports whether a filter bounds the index of a stored key to one range,
// which can be sought in its order.
func bound(p plan.Predicate, key string) bool {
	return slices.ContainsFunc(conjuncts(p), func(t plan.Term) bool {
		return bounds(t) && t.Op != plan.In && store.ColumnName(t.Property, plan.Key) == key
	})
}

// tightest returns the comparison that must hold and bounds an index to the
// fewest nodes, as far as its kind tells; nil when there is none.
func tightest(p plan.Predicate) (best *plan.Term) {
	rank := func(t plan.Term) int {
		switch {
		case t.Property.Kind == catalog.Enum: // has few values
			return 1
		case t.Op == plan.Eq:
			return 3
		}
		return 2
	}
	for _, t := range conjuncts(p) {
		if bounds(t) && (best == nil || rank(t) > rank(*best)) {
			best = &t
		}
	}
	return best
}

// bounds reports whether a term bounds an index.
func bounds(t plan.Term) bool {
	if !t.Property.Index || t.Part != plan.Key {
		return false
	}
	switch t.Op {
	case plan.Eq, plan.In, plan.Lt, plan.Lte, plan.Gt, plan.Gte:
		return true
	}
	return false
}

// conjuncts returns the comparisons that must all hold.
func conjuncts(p plan.Predicate) (out []plan.Term) {
	for _, part := range plan.Parts(p) {
		if t, ok := part.(plan.Term); ok {
			out = append(out, t)
		}
	}
	return out
}
