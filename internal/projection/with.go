package projection

import (
	"maps"
	"slices"
	"sync"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// With returns the graph with changes, as one that was built anew. It takes time
// in proportion to the graph, but copies what has not changed.
func (g *Graph) With(d *Delta, revision int64) *Graph {
	u := update{old: g, now: newGraph(g.Model, revision), layout: g.Model.layout, delta: d}
	u.nodes()
	u.groups()
	u.tables()
	u.now.setColumns(u.columns)
	u.lists()
	u.direct()
	u.now.settle()
	return u.now
}

// update makes one graph of another.
type update struct {
	old, now *Graph
	layout   *layout
	delta    *Delta

	columns []columns     // by kind
	parts   []ids         // by kind
	kinds   []renumbering // within each kind
	ways    []ids
	byWay   []renumbering // within the groups of each way
	spaces  [spaces]renumbering
}

// place returns the table and the part in which the nodes of a kind lie.
func (u *update) place(kind int) (*Table, int) {
	of := u.layout.kinds[kind]
	if of.space != groups {
		return u.old.table(of.space), 0
	}
	return &u.old.Groups, slices.IndexFunc(u.old.Model.Ways, func(w *catalog.Way) bool { return w.Out.Target == of.typ })
}

// merged returns the ids and the renumbering of a part of a table in which some
// ids are gone and others are there, and where the nodes of now stand, see merge.
func merged(t *Table, part int, gone, there []string) (ids, renumbering, []int32) {
	from, to := t.span(part)
	if len(gone)+len(there) == 0 {
		return ids{int(to - from), func(i int32) string { return t.ID(from + i) }}, renumbering{n: int(to - from)}, nil
	}
	order, former := t.merge(part, gone, there)
	return ids{len(order), func(i int32) string {
		if order[i] < 0 {
			return there[^order[i]]
		}
		return t.ID(from + order[i])
	}}, renumbered(int(to-from), former), order
}

// nodes finds the nodes of each kind, and what is known of them.
func (u *update) nodes() {
	for k := range u.layout.kinds {
		t, part := u.place(k)
		changed := &u.delta.nodes[k]
		var gone, there []string
		for _, id := range slices.Sorted(maps.Keys(changed.rows)) {
			if changed.rows[id] < 0 {
				gone = append(gone, id)
			} else {
				there = append(there, id)
			}
		}
		all, renumbering, order := merged(t, part, gone, there)
		order = slices.Clone(order)
		for i, at := range order {
			if at < 0 {
				order[i] = ^changed.rows[there[^at]]
			}
		}
		cols := u.old.columns(k, part)
		u.columns = append(u.columns, cols.gather(&changed.columns, order))
		u.parts, u.kinds = append(u.parts, all), append(u.kinds, renumbering)
	}
}

// columns returns what is known of the nodes of a kind, which are a part of their
// table.
func (g *Graph) columns(kind, part int) columns {
	of := g.Model.layout.kinds[kind]
	c := g.Model.columns(of)
	switch of.space {
	case actors:
		c.kind.values, c.size.values, c.at.values = g.Kind, g.Size, g.own
		c.country.values = make([]string, len(g.Country))
		for i, country := range g.Country {
			c.country.values[i] = g.Countries[country]
		}
	case places:
		c.at.values = g.placeAt
	case groups:
		from, to := g.Groups.span(part)
		c.from.values, c.to.values = g.From[from:to], g.To[from:to]
	case needs:
		g.Needs.columns(&c)
	case offers:
		g.Offers.columns(&c)
	case calls:
		c.from.values, c.to.values, c.least.values = g.Calls.From, g.Calls.To, g.Calls.Least
	}
	return c
}

func (e *Exchanges) columns(c *columns) {
	c.word.values, c.to.values, c.class.values, c.amount.values = e.Kind, e.Until, e.Class, e.Amount
}

// groups finds the groups of each way.
func (u *update) groups() {
	for w, way := range u.old.Model.Ways {
		k := u.layout.kind(way.Out.Target)
		if u.layout.kinds[k].space == groups {
			u.ways, u.byWay = append(u.ways, u.parts[k]), append(u.byWay, u.kinds[k])
			continue
		}
		gone, there := u.bodies(w, k)
		all, renumbering, _ := merged(&u.old.Groups, w, gone, there)
		u.ways, u.byWay = append(u.ways, all), append(u.byWay, renumbering)
	}
}

// bodies returns which actors are no longer groups of a way, for want of members,
// and which are now.
func (u *update) bodies(w, kind int) (gone, there []string) {
	g, part := u.old, u.old.Groups.partOf(w)
	isThere := func(id string) bool {
		if row, changed := u.delta.nodes[kind].rows[id]; changed {
			return row >= 0
		}
		_, ok := g.Actors.Find(id)
		return ok
	}
	members := map[string]int{} // how many more there are than before
	told := map[[2]string]bool{}
	u.each(func(f feed, row, item string, has bool) {
		if f.list < 0 || u.layout.lists[f.list].items != groups || f.way != w {
			return
		}
		actor, known := g.Actors.Find(row)
		group, ok := part.Find(item)
		had := false
		if known && ok {
			_, had = slices.BinarySearch(g.Meetings.Of(actor), group)
		}
		told[[2]string{row, item}] = true
		switch has = has && isThere(row) && isThere(item); {
		case has && !had:
			members[item]++
		case !has && had:
			members[item]--
		}
	})
	for id, row := range u.delta.nodes[kind].rows {
		actor, ok := g.Actors.Find(id)
		if row >= 0 || !ok {
			continue
		}
		for _, group := range g.Meetings.Of(actor) {
			if body := g.Groups.ID(group); int(g.Way[group]) == w && !told[[2]string{id, body}] {
				members[body]--
			}
		}
		members[id] += 0 // it may have been a group
	}
	for _, id := range slices.Sorted(maps.Keys(members)) {
		n := members[id]
		group, was := part.Find(id)
		if was {
			n += g.Members.Degree(group)
		}
		switch is := n > 0 && isThere(id); {
		case was && !is:
			gone = append(gone, id)
		case is && !was:
			there = append(there, id)
		}
	}
	return gone, there
}

// each yields what has changed of each feed: the ids of a row and an item, and
// whether they are related now. The order is any.
func (u *update) each(yield func(f feed, row, item string, has bool)) {
	for link, pairs := range u.delta.links {
		for pair, has := range pairs {
			for _, f := range u.layout.feeds[link] {
				if kg.Prefix(pair[0]) != u.layout.kinds[f.from].typ.Prefix || kg.Prefix(pair[1]) != u.layout.kinds[f.to].typ.Prefix {
					continue
				}
				if f.in {
					yield(f, pair[1], pair[0], has)
				} else {
					yield(f, pair[0], pair[1], has)
				}
			}
		}
	}
}

// tables sets the tables, those that have not changed as they were.
func (u *update) tables() {
	for s := range spaces {
		u.spaces[s] = renumbering{n: u.old.table(s).Len()}
		*u.now.table(s) = *u.old.table(s)
	}
	for k, of := range u.layout.kinds {
		if of.space != groups && u.kinds[k].changed() {
			u.spaces[of.space] = u.kinds[k]
			*u.now.table(of.space) = newTable(u.parts[k])
		}
	}
	if !slices.ContainsFunc(u.byWay, func(r renumbering) bool { return r.changed() }) {
		return
	}
	u.now.Groups = newTable(u.ways...)
	former := make([]int32, 0, u.now.Groups.Len())
	for w, r := range u.byWay {
		first, _ := u.old.Groups.span(w)
		for i := range int32(r.n) {
			was := i
			if r.changed() {
				was = r.former[i]
			}
			if was >= 0 {
				was += first
			}
			former = append(former, was)
		}
	}
	u.spaces[groups] = renumbered(u.old.Groups.Len(), former)
}

// number returns the present number of a node in a table.
func (u *update) number(s space, way int, id string) (int32, bool) {
	if s == groups {
		return u.now.Groups.partOf(way).Find(id)
	}
	return u.now.table(s).Find(id)
}

// replace returns what appends the present numbers of nodes to others, leaving out
// those that are gone; nil when all numbers are as they were.
func (r *renumbering) replace() func(to, items []int32) []int32 {
	if !r.changed() {
		return nil
	}
	return func(to, items []int32) []int32 {
		for _, was := range items {
			if now := r.present[was]; now >= 0 {
				to = append(to, now)
			}
		}
		return to
	}
}

func (u *update) lists() {
	edits, reverse := make([][]edit[int32], len(u.layout.lists)), make([][]edit[int32], len(u.layout.lists))
	u.each(func(f feed, rowID, itemID string, has bool) {
		if f.list < 0 {
			return
		}
		of := u.layout.lists[f.list]
		row, ok1 := u.number(of.rows, f.way, rowID)
		item, ok2 := u.number(of.items, f.way, itemID)
		if ok1 && ok2 {
			edits[f.list] = append(edits[f.list], edit[int32]{row, item, has})
			reverse[f.list] = append(reverse[f.list], edit[int32]{item, row, has})
		}
	})
	var beside sync.WaitGroup // the two that matter are as long as each other
	defer beside.Wait()
	for i, of := range u.layout.lists {
		rows, items := u.spaces[of.rows], u.spaces[of.items]
		beside.Go(func() { of.lists(u.now).revise(of.lists(u.old), rows, items, edits[i]) })
		if of.reverse != nil {
			beside.Go(func() { of.reverse(u.now).revise(of.reverse(u.old), items, rows, reverse[i]) })
		}
	}
}

func (l *Lists) revise(old *Lists, rows, items renumbering, edits []edit[int32]) {
	l.start, l.items = revise(old.start, old.items, rows, items.replace(), edits)
}

// direct sets what relates actors directly.
func (u *update) direct() {
	var edits []edit[tie]
	u.each(func(f feed, fromID, toID string, has bool) {
		if f.list >= 0 {
			return
		}
		from, ok1 := u.now.Actors.Find(fromID)
		to, ok2 := u.now.Actors.Find(toID)
		if ok1 && ok2 && from != to {
			edits = append(edits, edit[tie]{from, newTie(to, f.direct, false), has}, edit[tie]{to, newTie(from, f.direct, true), has})
		}
	})
	old, moved := u.old, u.spaces[actors]
	if len(edits) == 0 && !moved.changed() {
		u.now.Direct, u.now.directKind = old.Direct, old.directKind
		return
	}
	ties := make([]tie, len(old.directKind))
	for i, k := range old.directKind {
		ties[i] = newTie(old.Direct.items[i], k.Relationship, k.In)
	}
	var replace func(to, ties []tie) []tie
	if moved.changed() {
		replace = func(to, ties []tie) []tie {
			for _, t := range ties {
				if now := moved.present[t.actor()]; now >= 0 {
					k := t.kind()
					to = append(to, newTie(now, k.Relationship, k.In))
				}
			}
			return to
		}
	}
	u.now.setDirect(revise(old.Direct.start, ties, moved, replace, edits))
}
