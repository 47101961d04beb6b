package projection

import (
	"cmp"
	"slices"
)

// Lists holds a list of numbers for each node, as compressed sparse rows; each
// is in ascending order. In a graph that is in memory in part, a list that is not
// there is empty until it is, see Graph.Expand.
type Lists struct {
	start []uint32 // of each list, and the end
	items []int32
	some  *some // of those of which not all are there
	part  bool  // whether not all are: to ask this is short enough for Of to be inlined
}

// Of returns the list of a node. It must not be changed.
func (l Lists) Of(i int32) []int32 {
	if l.part {
		return l.some.list(i)
	}
	return l.items[l.start[i]:l.start[i+1]]
}

// Degree returns how long the list of a node is.
func (l Lists) Degree(i int32) int {
	if l.part {
		return l.some.degree(i)
	}
	return int(l.start[i+1] - l.start[i])
}

// Items returns how long all lists are together.
func (l Lists) Items() int {
	if l.part {
		return l.some.all
	}
	return len(l.items)
}

// newRows returns n lists of what pairs yields, each item once and in ascending
// order. It calls pairs twice, which yields the same both times.
func newRows[T cmp.Ordered](n int, pairs func(yield func(row int32, item T))) (start []uint32, items []T) {
	start = make([]uint32, n+1)
	pairs(func(row int32, _ T) { start[row+1]++ })
	for i := range n {
		start[i+1] += start[i]
	}
	items = make([]T, start[n])
	next := slices.Clone(start[:n])
	pairs(func(row int32, item T) {
		items[next[row]] = item
		next[row]++
	})
	kept := uint32(0)
	for i := range n {
		row := items[start[i]:next[i]]
		if !slices.IsSorted(row) {
			slices.Sort(row)
		}
		start[i] = kept
		for j, item := range row {
			if j == 0 || item != row[j-1] {
				items[kept] = item
				kept++
			}
		}
	}
	start[n] = kept
	if int(kept) < len(items) {
		items = slices.Clone(items[:kept])
	}
	return start, items
}

// reversed returns, for each of n items, the rows in which it stands.
func (l Lists) reversed(n int) Lists {
	out := Lists{start: make([]uint32, n+1), items: make([]int32, len(l.items))}
	for _, item := range l.items {
		out.start[item+1]++
	}
	for i := range n {
		out.start[i+1] += out.start[i]
	}
	next := slices.Clone(out.start[:n])
	for row := range int32(len(l.start) - 1) {
		for _, item := range l.Of(row) {
			out.items[next[item]] = row
			next[item]++
		}
	}
	return out
}
