package projection

import (
	"sort"
	"strings"
)

// Table is the nodes of one kind in the order of their numbers: by id, or, of
// groups, by way and id.
type Table struct {
	text   string   // all ids
	offset []uint32 // of each, and of the end; when packed, of each block
	part   []int32  // where each way begins, and the end; of other tables 0 and the end
	packed bool
}

// Len returns how many nodes there are.
func (t *Table) Len() int { return int(t.part[len(t.part)-1]) }

// ID returns the id of a node.
func (t *Table) ID(i int32) string {
	if t.packed {
		return t.unpack(i)
	}
	return t.text[t.offset[i]:t.offset[i+1]]
}

// Find returns the number of a node.
func (t *Table) Find(id string) (int32, bool) {
	for p := range len(t.part) - 1 {
		from, to := int(t.part[p]), int(t.part[p+1])
		if t.packed {
			if i, ok := t.findPacked(from, to, id); ok {
				return int32(i), true
			}
			continue
		}
		i := from + sort.Search(to-from, func(i int) bool { return t.ID(int32(from+i)) >= id })
		if i < to && t.ID(int32(i)) == id {
			return int32(i), true
		}
	}
	return 0, false
}

// partOf returns the nodes of one way, by the same numbers.
func (t *Table) partOf(way int) *Table {
	return &Table{t.text, t.offset, t.part[way : way+2], t.packed}
}

// span returns the numbers of a way.
func (t *Table) span(way int) (from, to int32) { return t.part[way], t.part[way+1] }

// ids are the ids of a part of a table, in order.
type ids struct {
	n  int
	id func(i int32) string
}

func newTable(parts ...ids) Table {
	n, size := 0, 0
	for _, p := range parts {
		n += p.n
		for i := range int32(p.n) {
			size += len(p.id(i))
		}
	}
	t := Table{offset: make([]uint32, 1, n+1), part: make([]int32, 1, len(parts)+1)}
	var text strings.Builder
	text.Grow(size)
	for _, p := range parts {
		for i := range int32(p.n) {
			text.WriteString(p.id(i))
			t.offset = append(t.offset, uint32(text.Len()))
		}
		t.part = append(t.part, int32(len(t.offset)-1))
	}
	t.text = text.String()
	return t
}
