package projection

import (
	"bytes"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// Builder collects what a projection is made of, in any order.
type Builder struct {
	model   *Model
	kinds   []nodes
	links   [][]pair // by link of the layout
	arrived []arrived
	byKey   keys
	byID    map[string]uint32 // of nodes that came by Add
	counts  *counts           // in the place of links that are not kept; nil when all are
}

// pair are the ends of a relationship, as the order in which they were met.
type pair struct{ from, to uint32 }

// arrived says what has been met: a row of a kind, or kind -1 for the end of a
// relationship of which nothing else is known.
type arrived struct {
	kind int32
	row  int32
}

// nodes are those of a kind, by row.
type nodes struct {
	text   []byte // all ids
	offset []uint32
	columns
}

func (n *nodes) id(row int32) string { return string(n.text[n.offset[row]:n.offset[row+1]]) }

// add adds a row and returns its number.
func (n *nodes) add(id string) int32 {
	n.text = append(n.text, id...)
	n.offset = append(n.offset, uint32(len(n.text)))
	n.columns.add()
	return int32(len(n.offset) - 2)
}

// NewBuilder returns a builder of projections of a model.
func NewBuilder(m *Model) *Builder {
	return &Builder{model: m, kinds: m.nodes(), links: make([][]pair, len(m.layout.links)), byID: map[string]uint32{}}
}

// nodes returns no nodes of each kind.
func (m *Model) nodes() []nodes {
	out := make([]nodes, len(m.layout.kinds))
	for k := range out {
		out[k] = nodes{offset: []uint32{0}, columns: m.columns(m.layout.kinds[k])}
	}
	return out
}

// Rows returns what takes the rows of the model's Extract. A builder is filled
// either by them or by Add.
func (b *Builder) Rows() store.Rows {
	return store.Rows{
		Node: func(kind int, key int64, id string, values []any) error {
			row := b.kinds[kind].add(id)
			b.kinds[kind].put(int(row), values)
			b.byKey.put(key, uint32(len(b.arrived)))
			b.arrived = append(b.arrived, arrived{int32(kind), row})
			return nil
		},
		Link: func(kind int, from, to int64) error {
			f, ok1 := b.byKey.get(from)
			t, ok2 := b.byKey.get(to)
			switch {
			case !ok1 || !ok2:
			case b.counts != nil:
				b.count(kind, pair{f, t})
			default:
				b.links[kind] = append(b.links[kind], pair{f, t})
			}
			return nil
		},
	}
}

// Add adds a node or a relationship that is merged with what was said of it
// before; what is not projected is left out.
func (b *Builder) Add(ch kg.Change) {
	l := b.model.layout
	switch {
	case ch.Node != nil:
		k := slices.IndexFunc(l.kinds, func(k kindOf) bool { return k.typ.Name == ch.Node.Type })
		if k < 0 {
			return
		}
		at := b.met(ch.Node.ID)
		if b.arrived[at].kind < 0 {
			b.arrived[at] = arrived{int32(k), b.kinds[k].add(ch.Node.ID)}
		}
		var values []any
		for _, p := range b.kinds[k].properties() {
			values = append(values, ch.Node.Properties[p.Name])
		}
		b.kinds[k].put(int(b.arrived[at].row), values)
	case ch.Relationship != nil:
		r := ch.Relationship
		k := slices.IndexFunc(l.links, func(t *catalog.Relationship) bool { return t.Name == r.Type })
		if k >= 0 && store.Visible(l.links[k], r.Properties) {
			b.links[k] = append(b.links[k], pair{b.met(r.From), b.met(r.To)})
		}
	}
}

// met returns when an id was first met.
func (b *Builder) met(id string) uint32 {
	at, there := b.byID[id]
	if !there {
		at = uint32(len(b.arrived))
		b.byID[id] = at
		b.arrived = append(b.arrived, arrived{kind: -1})
	}
	return at
}

// keys finds what was met by the key of a store. Most are small numbers.
type keys struct {
	dense  []uint32 // from 1; 0 when there is none
	sparse map[int64]uint32
}

// density is how many keys there may be for one that is used.
const density = 8

func (k *keys) put(key int64, at uint32) {
	if key >= 0 && key < density*int64(at)+1<<16 {
		if n := int(key) + 1; n > len(k.dense) {
			k.dense = slices.Grow(k.dense, n-len(k.dense))[:n]
		}
		k.dense[key] = at + 1
		return
	}
	if k.sparse == nil {
		k.sparse = map[int64]uint32{}
	}
	k.sparse[key] = at
}

func (k *keys) get(key int64) (uint32, bool) {
	if key >= 0 && key < int64(len(k.dense)) && k.dense[key] > 0 {
		return k.dense[key] - 1, true
	}
	at, there := k.sparse[key]
	return at, there
}

// Build returns the projection of what has been collected.
func (b *Builder) Build(revision int64) *Graph {
	l := b.model.layout
	b.flush()
	codes := make([]code, len(b.arrived))
	numbers := make([][]int32, len(b.kinds)) // of rows, by kind
	sorted := make([]columns, len(b.kinds))
	parts := make([]ids, len(b.kinds))
	for k := range b.kinds {
		n := &b.kinds[k]
		order := n.order()
		numbers[k] = inverse(order)
		sorted[k] = n.gather(&columns{}, order)
		parts[k] = ids{len(order), func(i int32) string { return n.id(order[i]) }}
	}
	for at, a := range b.arrived {
		codes[at] = unknown
		if a.kind >= 0 {
			codes[at] = newCode(int(a.kind), numbers[a.kind][a.row])
		}
	}
	// each yields the pairs of a feed, as numbers of rows and items in their kinds.
	each := func(link int, f feed, yield func(row, item int32)) {
		for _, p := range b.links[link] {
			from, to := codes[p.from], codes[p.to]
			if from.kind() != f.from || to.kind() != f.to {
				continue
			}
			if f.in {
				from, to = to, from
			}
			yield(from.number(), to.number())
		}
	}
	g := newGraph(b.model, revision)
	bodies := make([][]int32, len(b.model.Ways)) // by way: numbers as a group from those as an actor
	var ways []ids
	for w, way := range b.model.Ways {
		k := l.kind(way.Out.Target)
		if l.kinds[k].space != actors {
			ways = append(ways, parts[k])
			continue
		}
		bodies[w] = make([]int32, parts[k].n)
		for link, feeds := range l.feeds {
			for i, f := range feeds {
				if f.list >= 0 && l.lists[f.list].items == groups && f.way == w {
					each(link, f, func(_, item int32) { bodies[w][item] = 1 })
					b.counts.each(link, i, true, func(at, _ uint32) { bodies[w][codes[at].number()] = 1 })
				}
			}
		}
		var members []int32
		for i, has := range bodies[w] {
			if has > 0 {
				bodies[w][i] = int32(len(members))
				members = append(members, int32(i))
			}
		}
		ways = append(ways, ids{len(members), func(i int32) string { return parts[k].id(members[i]) }})
	}
	g.setTables(parts, ways)
	g.setColumns(sorted)
	inSpace := func(s space, way int, n int32) int32 {
		if s != groups {
			return n
		}
		if bodies[way] != nil {
			n = bodies[way][n]
		}
		return g.Groups.part[way] + n
	}
	for i, of := range l.lists {
		if b.counts != nil && long(of.rows, of.items) {
			*of.lists(g) = b.counted(g, i, false, func(f feed, at uint32) int32 { return inSpace(of.rows, f.way, codes[at].number()) })
			if of.reverse != nil {
				*of.reverse(g) = b.counted(g, i, true, func(f feed, at uint32) int32 { return inSpace(of.items, f.way, codes[at].number()) })
			}
			continue
		}
		pairs := func(yield func(row, item int32)) {
			for link, feeds := range l.feeds {
				for _, f := range feeds {
					if f.list == i {
						each(link, f, func(row, item int32) { yield(inSpace(of.rows, f.way, row), inSpace(of.items, f.way, item)) })
					}
				}
			}
		}
		lists := of.lists(g)
		lists.start, lists.items = newRows(g.table(of.rows).Len(), pairs)
		switch {
		case of.reverse == nil:
		case b.counts != nil && long(of.items, of.rows):
			*of.reverse(g) = newSome(lists.Items(), nil)
		default:
			*of.reverse(g) = lists.reversed(g.table(of.items).Len())
		}
	}
	if b.counts != nil {
		g.Direct = newSome(b.counts.direct, nil)
		b.position(g, codes)
		return g
	}
	start, ties := newRows(g.Actors.Len(), func(yield func(row int32, t tie)) {
		for link, feeds := range l.feeds {
			for _, f := range feeds {
				if f.list >= 0 {
					continue
				}
				each(link, f, func(from, to int32) {
					if from != to {
						yield(from, newTie(to, f.direct, false))
						yield(to, newTie(from, f.direct, true))
					}
				})
			}
		}
	})
	g.setDirect(start, ties)
	g.settle()
	return g
}

// code is a kind, of which there are fewer than 15, and a number within it: both
// ends of ten million relationships are looked up several times.
type code uint32

const (
	kindBits = 4
	unknown  = ^code(0)
)

func newCode(kind int, number int32) code { return code(number)<<kindBits | code(kind) }

func (c code) kind() int { return int(c & (1<<kindBits - 1)) }

func (c code) number() int32 { return int32(c >> kindBits) }

// order returns the rows in the order of their ids.
func (n *nodes) order() []int32 {
	order := make([]int32, len(n.offset)-1)
	for i := range order {
		order[i] = int32(i)
	}
	compare := func(a, b int32) int {
		return bytes.Compare(n.text[n.offset[a]:n.offset[a+1]], n.text[n.offset[b]:n.offset[b+1]])
	}
	if !slices.IsSortedFunc(order, compare) {
		slices.SortFunc(order, compare)
	}
	return order
}

func inverse(order []int32) []int32 {
	out := make([]int32, len(order))
	for i, row := range order {
		out[row] = int32(i)
	}
	return out
}
