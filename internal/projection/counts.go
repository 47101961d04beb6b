package projection

import (
	"cmp"
	"slices"
)

// long reports whether such lists are long together: of these some are in memory
// where there is no room for all.
func long(rows, items space) bool {
	return rows == actors || rows == groups || rows == sectors && items == actors
}

// measured reports whether it is kept how long each of such long lists is.
func measured(items space) bool { return items == actors || items == groups }

// counts is what a builder keeps in the place of the relationships of lists that
// are kept in part.
type counts struct {
	feeds  [][]count // by link and feed
	direct int       // how many items the lists of those related directly have
	place  []uint32  // by actor: from 1, the first of its places of which the position is known; 0 for none
	link   int       // that of the pairs
	pairs  []pair    // the last, from one node
}

// count is how many items a feed has, and where it is kept how many each row has,
// and how many rows each item. Nodes are numbered as they were met.
type count struct {
	rows, items []uint32
	all         int
}

// each tells how many items each row has, or how many rows each item.
func (c *counts) each(link, feed int, reverse bool, yield func(at, n uint32)) {
	if c == nil {
		return
	}
	lengths := c.feeds[link][feed].rows
	if reverse {
		lengths = c.feeds[link][feed].items
	}
	for at, n := range lengths {
		if n > 0 {
			yield(uint32(at), n)
		}
	}
}

// startCounting keeps from now on no more of relationships than counts, as far as
// their lists need not be in memory. All nodes are there.
func (b *Builder) startCounting() {
	l, n := b.model.layout, len(b.arrived)
	c := &counts{feeds: make([][]count, len(l.feeds)), place: make([]uint32, n)}
	for link, feeds := range l.feeds {
		c.feeds[link] = make([]count, len(feeds))
		for i, f := range feeds {
			if f.list < 0 {
				continue
			}
			of, count := l.lists[f.list], &c.feeds[link][i]
			if long(of.rows, of.items) && measured(of.items) {
				count.rows = make([]uint32, n)
			}
			if long(of.items, of.rows) && measured(of.rows) {
				count.items = make([]uint32, n)
			}
		}
	}
	b.counts = c
	for link, pairs := range b.links {
		b.links[link] = nil
		for _, p := range pairs {
			b.count(link, p)
		}
	}
}

// count takes a pair. Those that are equal come from the same node, and so together.
func (b *Builder) count(link int, p pair) {
	c := b.counts
	if len(c.pairs) > 0 && (link != c.link || p.from != c.pairs[0].from) {
		b.flush()
	}
	c.link, c.pairs = link, append(c.pairs, p)
}

// flush counts the pairs that are from one node.
func (b *Builder) flush() {
	c, l := b.counts, b.model.layout
	if c == nil {
		return
	}
	slices.SortFunc(c.pairs, func(p, q pair) int { return cmp.Compare(p.to, q.to) })
	for _, p := range slices.Compact(c.pairs) {
		whole := false
		for i, f := range l.feeds[c.link] {
			if int(b.arrived[p.from].kind) != f.from || int(b.arrived[p.to].kind) != f.to {
				continue
			}
			if f.list < 0 {
				if p.from != p.to {
					c.direct += 2
				}
				continue
			}
			row, item := p.from, p.to
			if f.in {
				row, item = item, row
			}
			of, count := l.lists[f.list], &c.feeds[c.link][i]
			count.all++
			if count.rows != nil {
				count.rows[row]++
			}
			if count.items != nil {
				count.items[item]++
			}
			if of.rows == actors && of.items == places {
				b.locate(row, item)
			}
			whole = whole || !long(of.rows, of.items)
		}
		if whole {
			b.links[c.link] = append(b.links[c.link], p)
		}
	}
	c.pairs = c.pairs[:0]
}

// locate notes that an actor is in a place.
func (b *Builder) locate(actor, place uint32) {
	nodes := func(at uint32) (*nodes, int32) { return &b.kinds[b.arrived[at].kind], b.arrived[at].row }
	n, row := nodes(place)
	if len(n.at.props) == 0 || !n.at.values[row].Known() {
		return
	}
	if first := b.counts.place[actor]; first > 0 {
		if m, other := nodes(first - 1); m.id(other) < n.id(row) {
			return
		}
	}
	b.counts.place[actor] = place + 1
}

// counted returns lists of which none is there yet. Rows are numbered by number.
func (b *Builder) counted(g *Graph, list int, reverse bool, number func(f feed, at uint32) int32) Lists {
	l := b.model.layout
	rows, items := l.lists[list].rows, l.lists[list].items
	if reverse {
		rows, items = items, rows
	}
	var begin []uint32
	if measured(items) {
		begin = make([]uint32, g.table(rows).Len()+1)
	}
	all := 0
	for link, feeds := range l.feeds {
		for i, f := range feeds {
			if f.list == list {
				all += b.counts.feeds[link][i].all
				b.counts.each(link, i, reverse, func(at, n uint32) { begin[number(f, at)+1] += n })
			}
		}
	}
	for i := range max(1, len(begin)) - 1 {
		begin[i+1] += begin[i]
	}
	return newSome(all, begin)
}

// position sets where actors are whose lists of places are not all there.
func (b *Builder) position(g *Graph, codes []code) {
	g.Position, g.own = g.own, nil
	for at, place := range b.counts.place {
		if actor := codes[at].number(); place > 0 && !g.Position[actor].Known() {
			g.Position[actor] = g.placeAt[codes[place-1].number()]
		}
	}
}
