package neo4jstore

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// FuzzSortable: the form keeps the order of code points, also where UTF-16 units
// are compared, and what contains what.
func FuzzSortable(f *testing.F) {
	texts := []string{"", "a", "é", "한", "\ubfff", "\uc000", "\ucfff", "\ud000", "\ud7ff", "\ue000", "\ufffd", "\uffff", "\U00010000", "😀", "\U0010ffff", "a😀b", "a\ue000b"}
	for _, a := range texts {
		for _, b := range texts {
			f.Add(a, b)
		}
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) {
			return
		}
		x, y := sortable(a), sortable(b)
		if original(x) != a {
			t.Fatalf("%q became %q", a, original(x))
		}
		want := strings.Compare(a, b)
		if got := strings.Compare(x, y); got != want {
			t.Errorf("%q, %q compare as %d, their forms as %d", a, b, want, got)
		}
		if got := compareUnits(utf16.Encode([]rune(x)), utf16.Encode([]rune(y))); got != want {
			t.Errorf("%q, %q compare as %d, their forms in UTF-16 as %d", a, b, want, got)
		}
		if strings.Contains(a, b) != strings.Contains(x, y) {
			t.Errorf("%q contains %q: %t, their forms not", a, b, strings.Contains(a, b))
		}
	})
}

func compareUnits(a, b []uint16) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return map[bool]int{true: -1, false: 1}[a[i] < b[i]]
		}
	}
	return map[bool]int{true: 1}[len(a) > len(b)] + map[bool]int{true: -1}[len(a) < len(b)]
}
