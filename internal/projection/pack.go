package projection

import (
	"slices"
	"sort"
	"strings"
)

// block is how many ids of a packed table stand together. Of each but the first only
// what differs from the one before is kept: ids in order mostly begin alike, and take
// half as much memory.
const block = 16

// pack packs a table. Each id is how many bytes it shares with the one before, how
// many others it has, less one, and these.
func (t *Table) pack() {
	var text strings.Builder
	offset := make([]uint32, 0, t.Len()/block+1)
	last := ""
	for i := range int32(t.Len()) {
		id, shared := t.ID(i), 0
		if i%block == 0 {
			offset, last = append(offset, uint32(text.Len())), ""
		}
		for shared < min(len(id)-1, len(last)) && id[shared] == last[shared] {
			shared++
		}
		text.Write([]byte{byte(shared), byte(len(id) - shared - 1)})
		text.WriteString(id[shared:])
		last = id
	}
	*t = Table{strings.Clone(text.String()), slices.Clip(offset), t.part, true}
}

// next reads the id at an offset into the one before it, and returns where the one
// behind it stands.
func (t *Table) next(at uint32, id []byte) (uint32, []byte) {
	from := at + 2
	to := from + uint32(t.text[at+1]) + 1
	return to, append(id[:t.text[at]], t.text[from:to]...)
}

// unpack returns the id of a node of a packed table.
func (t *Table) unpack(i int32) string {
	at, id := t.offset[i/block], make([]byte, 0, 64)
	for range i%block + 1 {
		at, id = t.next(at, id)
	}
	return string(id)
}

// findPacked finds an id among those of some numbers in a packed table.
func (t *Table) findPacked(from, to int, id string) (int, bool) {
	first, end := (from+block-1)/block, (to+block-1)/block
	begun := sort.Search(max(0, end-first), func(i int) bool {
		at := t.offset[first+i]
		return t.text[at+2:at+3+uint32(t.text[at+1])] > id
	})
	if begun > 0 {
		from = (first + begun - 1) * block
	}
	if from == to {
		return 0, false
	}
	at, found := t.offset[from/block], make([]byte, 0, 64)
	for i := from / block * block; i < min(to, (from/block+1)*block); i++ {
		at, found = t.next(at, found)
		if i >= from && string(found) >= id {
			return i, string(found) == id
		}
	}
	return 0, false
}
