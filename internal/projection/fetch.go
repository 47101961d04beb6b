package projection

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// errFull says that lists take more memory than there is.
var errFull = errors.New("the lists take too much memory")

// fetch reads all lists that are wanted, by a statement for each kind of
// relationship that leads to some of them. It fails with errFull where there is no
// room.
func (p *partial) fetch(ctx context.Context, g *Graph) error {
	var lists []*fresh
	var batches []batch
	for _, s := range p.lists {
		if len(s.wanted) == 0 {
			continue
		}
		f := &fresh{some: s, rows: slices.Sorted(maps.Keys(s.wanted))}
		lists, batches = append(lists, f), append(batches, f.batches(g)...)
	}
	p.forget()
	frontiers := make([]store.Frontier, len(batches))
	for i, b := range batches {
		frontiers[i] = b.frontier(g)
	}
	room := (p.memory - p.tables - p.bytes.Load()) / 4
	err := p.store.Neighbours(ctx, g.Revision, frontiers, func(i, node int, id string) error {
		if room--; room < 0 {
			return errFull
		}
		batches[i].take(g, node, id)
		return nil
	})
	if errors.Is(err, store.ErrMoved) {
		return kg.Wrap(kg.Unavailable, err, "the graph has changed while it was read: ask again")
	}
	if err != nil {
		return err
	}
	for _, f := range lists {
		p.bytes.Add(f.merge())
	}
	if p.tables+p.bytes.Load() > p.memory {
		return errFull
	}
	return nil
}

// fresh is lists that are being read.
type fresh struct {
	*some
	rows  []int32 // ascending
	items []item
}

// item is one of the list of a row, which it names by its place among the rows. Of
// lists but Direct the tie is a number alone.
type item struct {
	row int32
	tie tie
}

// batch is rows that are read over one kind of relationship.
type batch struct {
	of          *fresh
	link        int
	feed        feed
	in          bool
	first, rows int // which of the rows
}

// batches returns over which relationships lists are read.
func (f *fresh) batches(g *Graph) (out []batch) {
	l := g.Model.layout
	add := func(b batch) {
		if b.rows > 0 {
			out = append(out, b)
		}
	}
	for link, feeds := range l.feeds {
		for _, of := range feeds {
			if of.list != f.index {
				continue
			}
			b := batch{of: f, link: link, feed: of, in: of.in != f.back, rows: len(f.rows)}
			if rows, _ := f.spaces(l); rows == groups {
				from, to := g.Groups.span(of.way)
				b.first, _ = slices.BinarySearch(f.rows, from)
				end, _ := slices.BinarySearch(f.rows, to)
				b.rows = end - b.first
			}
			add(b)
			if b.in = true; f.index < 0 {
				add(b)
			}
		}
	}
	return out
}

// spaces returns of which tables rows and items are.
func (s *some) spaces(l *layout) (rows, items space) {
	switch {
	case s.index < 0:
		return actors, actors
	case s.back:
		return l.lists[s.index].items, l.lists[s.index].rows
	}
	return l.lists[s.index].rows, l.lists[s.index].items
}

func (b *batch) frontier(g *Graph) store.Frontier {
	l := g.Model.layout
	of, to := b.feed.from, b.feed.to
	if b.in {
		of, to = to, of
	}
	f := store.Frontier{Link: l.links[b.link], In: b.in, Of: l.kinds[of].typ, To: l.kinds[to].typ}
	rows, _ := b.of.spaces(l)
	for _, row := range b.of.rows[b.first : b.first+b.rows] {
		f.IDs = append(f.IDs, g.table(rows).ID(row))
	}
	return f
}

// take takes a neighbour of one of the rows.
func (b *batch) take(g *Graph, node int, id string) {
	row := int32(b.first + node)
	_, items := b.of.spaces(g.Model.layout)
	table := g.table(items)
	if items == groups {
		table = table.partOf(b.feed.way)
	}
	n, ok := table.Find(id)
	switch {
	case !ok: // it is not projected
	case b.of.index >= 0:
		b.of.items = append(b.of.items, item{row, tie(n)})
	case n != b.of.rows[row]:
		b.of.items = append(b.of.items, item{row, newTie(n, b.feed.direct, b.in)})
	}
}

// merge adds lists to those that are there, and returns how much more memory is
// taken.
func (f *fresh) merge() int64 {
	start, ties := newRows(len(f.rows), func(yield func(row int32, t tie)) {
		for _, i := range f.items {
			yield(i.row, i.tie)
		}
	})
	s := f.some
	was := s.size()
	old := *s
	n := len(old.items) + len(ties)
	s.rows, s.start, s.items = make([]int32, 0, len(old.rows)+len(f.rows)), make([]uint32, 1, len(old.rows)+len(f.rows)+1), make([]int32, 0, n)
	if s.index < 0 {
		s.kinds = make([]DirectKind, 0, n)
	}
	for i, j := 0, 0; i < len(old.rows) || j < len(f.rows); {
		if j == len(f.rows) || i < len(old.rows) && old.rows[i] < f.rows[j] {
			from, to := old.start[i], old.start[i+1]
			s.rows, s.items = append(s.rows, old.rows[i]), append(s.items, old.items[from:to]...)
			if s.index < 0 {
				s.kinds = append(s.kinds, old.kinds[from:to]...)
			}
			i++
		} else {
			s.rows = append(s.rows, f.rows[j])
			for _, t := range ties[start[j]:start[j+1]] {
				if s.index < 0 {
					s.items, s.kinds = append(s.items, t.actor()), append(s.kinds, t.kind())
				} else {
					s.items = append(s.items, int32(t))
				}
			}
			j++
		}
		s.start = append(s.start, uint32(len(s.items)))
	}
	return s.size() - was
}

// size returns how much memory the lists take.
func (s *some) size() int64 {
	return int64(4*(len(s.rows)+len(s.start)+len(s.items)) + 2*len(s.kinds))
}
