package neo4jstore

import "strings"

// Neo4j orders texts by code points in its indexes, and elsewhere by UTF-16
// units or by code points, depending on where the texts come from. The two
// differ from U+E000 on. So whatever is ordered, or compared otherwise than for
// equality, is stored and asked for in a form that has no such characters:
// those from U+C000 on become two below U+D800, one that has the upper bits and
// one that has the lower. The form keeps the order of code points, and a text
// is in another exactly when their forms are. Most texts are their own form.
const (
	sortableFrom = 0xC000
	upperBits    = 0xD000 // to U+D10F
	lowerBits    = 0xC000 // to U+CFFF
)

// sortable returns the form of a text in which it is ordered.
func sortable(s string) string {
	if isSortable(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if r < sortableFrom {
			b.WriteRune(r)
		} else {
			b.WriteRune(upperBits + (r >> 12))
			b.WriteRune(lowerBits + (r & 0xFFF))
		}
	}
	return b.String()
}

// original returns the text of a sortable form.
func original(s string) string {
	if isSortable(s) {
		return s
	}
	var b strings.Builder
	upper := rune(0)
	for _, r := range s {
		switch {
		case r >= upperBits:
			upper = (r - upperBits) << 12
		case r >= lowerBits:
			b.WriteRune(upper | (r - lowerBits))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isSortable reports whether a text is its own form: the bytes of characters
// from U+C000 on begin with 0xEC or more.
func isSortable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0xEC {
			return false
		}
	}
	return true
}

// sortableValue returns a value in the form in which it is ordered. Of the two
// zeros, between which Neo4j knows an order, it is the positive one.
func sortableValue(v any) any {
	switch v := v.(type) {
	case string:
		return sortable(v)
	case float64:
		return v + 0
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = sortableValue(v[i])
		}
		return out
	}
	return v
}

// sortables returns the forms of ids.
func sortables(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = sortable(id)
	}
	return out
}
