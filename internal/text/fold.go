// Package text makes the keys by which texts sort and match, equal on every
// engine because no engine makes them.
package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// KeyLength is how many runes of a text its key keeps.
const KeyLength = 256

// Fold returns the key of a text: compatibility forms decomposed (NFKD), marks
// dropped, œ æ ß ø đ ł written out, lower case, ς as σ, cut at KeyLength runes.
func Fold(s string) string { return cut(fold(s)) }

func fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		r = unicode.ToLower(r)
		if w, ok := written[r]; ok {
			b.WriteString(w)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// written are letters that have no decomposition but a common spelling.
var written = map[rune]string{'œ': "oe", 'æ': "ae", 'ß': "ss", 'ø': "o", 'đ': "d", 'ł': "l", 'ı': "i", 'ς': "σ", '’': "'"}

// Successor returns the least text that is greater than every text that begins
// with p, so that a range serves for "begins with".
func Successor(p string) string {
	r := []rune(p)
	for i := len(r) - 1; i >= 0; i-- {
		switch r[i] {
		case unicode.MaxRune:
			continue
		case 0xD7FF: // the surrogates are no runes
			r[i] = 0xE000
		default:
			r[i]++
		}
		return string(r[:i+1])
	}
	return string(unicode.MaxRune)
}

func cut(s string) string {
	if len(s) <= KeyLength {
		return s
	}
	n := 0
	for i := range s {
		if n == KeyLength {
			return s[:i]
		}
		n++
	}
	return s
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
