package projection

import (
	"cmp"
	"slices"
)

// renumbering says which numbers nodes have that had others.
type renumbering struct {
	n       int     // how many there are now
	present []int32 // by former number; -1 when it is gone; nil when none has changed
	former  []int32 // by present number; -1 when it is new; nil likewise
}

// renumbered returns the renumbering of so many nodes from the former numbers of
// those that there are now.
func renumbered(were int, former []int32) renumbering {
	r := renumbering{n: len(former), former: former, present: make([]int32, were)}
	for i := range r.present {
		r.present[i] = -1
	}
	changed := len(former) != were
	for now, was := range former {
		if was >= 0 {
			r.present[was] = int32(now)
		}
		changed = changed || was != int32(now)
	}
	if !changed {
		return renumbering{n: were}
	}
	return r
}

func (r *renumbering) changed() bool { return r.former != nil }

// merge merges ids that are gone and ids that are there, each in order, into a
// part of a table. Of each node that there is now it returns where it stands, in
// the part or as ^i in there, and its former number, or -1 when it is new.
func (t *Table) merge(part int, gone, there []string) (order, former []int32) {
	from, to := t.span(part)
	order, former = make([]int32, 0, int(to-from)+len(there)), make([]int32, 0, int(to-from)+len(there))
	n := int32(0)
	fresh := func(before string, all bool) {
		for ; n < int32(len(there)) && (all || there[n] < before); n++ {
			order, former = append(order, ^n), append(former, -1)
		}
	}
	for i := from; i < to; i++ {
		if int(n) == len(there) && len(gone) == 0 {
			order, former = append(order, i-from), append(former, i-from)
			continue
		}
		id := t.ID(i)
		fresh(id, false)
		for len(gone) > 0 && gone[0] < id {
			gone = gone[1:]
		}
		switch {
		case int(n) < len(there) && there[n] == id:
			order, former = append(order, ^n), append(former, i-from)
			n++
		case len(gone) > 0 && gone[0] == id:
		default:
			order, former = append(order, i-from), append(former, i-from)
		}
	}
	fresh("", true)
	return order, former
}

// edit says whether an item is in the list of a row.
type edit[T cmp.Ordered] struct {
	row   int32
	item  T
	there bool
}

// revise returns lists with rows renumbered, items replaced, and edits. A replace
// appends what takes the place of items to others, in the same order; a nil one
// leaves items as they are.
func revise[T cmp.Ordered](start []uint32, items []T, rows renumbering, replace func(to, items []T) []T, edits []edit[T]) ([]uint32, []T) {
	if !rows.changed() && replace == nil && len(edits) == 0 {
		return start, items
	}
	if replace == nil {
		replace = func(to, items []T) []T { return append(to, items...) }
	}
	slices.SortFunc(edits, func(a, b edit[T]) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.item, b.item)) })
	begin, out := make([]uint32, rows.n+1), make([]T, 0, len(items)+len(edits))
	for row := range int32(rows.n) {
		was := row
		if rows.changed() {
			was = rows.former[row]
		}
		if was >= 0 {
			out = replace(out, items[start[was]:start[was+1]])
		}
		n := 0
		for n < len(edits) && edits[n].row == row {
			n++
		}
		if n > 0 {
			list := slices.Clone(out[begin[row]:])
			out, edits = edited(out[:begin[row]], list, edits[:n]), edits[n:]
		}
		begin[row+1] = uint32(len(out))
	}
	return begin, out
}

// edited appends a list with edits of it, which are in the same order, to others.
func edited[T cmp.Ordered](to, list []T, edits []edit[T]) []T {
	for _, e := range edits {
		at, has := slices.BinarySearch(list, e.item)
		to = append(to, list[:at]...)
		if e.there {
			to = append(to, e.item)
		}
		if has {
			at++
		}
		list = list[at:]
	}
	return append(to, list...)
}
