package projection

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestAPackedTableIsTheSame as it was: tables of one part and of several, in which ids
// begin alike, are as long as they may be, or begin others.
func TestAPackedTableIsTheSame(t *testing.T) {
	part := func(list ...string) ids {
		slices.Sort(list)
		return ids{len(list), func(i int32) string { return list[i] }}
	}
	var many, others []string
	for i := range 1_000 {
		many = append(many, fmt.Sprintf("org:pic:%d", i*i))
		others = append(others, fmt.Sprintf("org:siren:%09d", i*77))
	}
	long := strings.Repeat("x", 256)
	for _, parts := range [][]ids{
		{}, {part()}, {part("a")}, {part(many...)}, {part(), part(many[:5]...), part(), part(many...), part(others[:16]...)},
		{part("project:1", "project:9", "project:99"), part("project:9"), part(append([]string{long, long[1:], "project:9"}, others[:40]...)...)},
	} {
		want, got := newTable(parts...), newTable(parts...)
		got.pack()
		if want.Len() != got.Len() {
			t.Fatalf("%d ids, want %d", got.Len(), want.Len())
		}
		for i := range int32(want.Len()) {
			if want.ID(i) != got.ID(i) {
				t.Fatalf("%d: %q, want %q", i, got.ID(i), want.ID(i))
			}
		}
		for _, id := range slices.Concat(many, others, []string{"", "a", "b", "project:9", "project:8", long, long[1:], long[2:], "zzz"}) {
			for way := range len(parts) {
				i, ok := want.partOf(way).Find(id)
				j, found := got.partOf(way).Find(id)
				if ok != found || i != j {
					t.Fatalf("%q in part %d: %d %t, want %d %t", id, way, j, found, i, ok)
				}
			}
		}
	}
}
