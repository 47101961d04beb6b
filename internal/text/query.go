package text

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Limits of a search.
const (
	MaxQuery = 128 // characters
	MaxWords = 8
	// MinPrefix is how long the last word must be to find longer ones that begin
	// with it, as somebody goes on typing.
	MinPrefix = 3
)

// Query is what somebody searches for.
type Query struct {
	Text       string
	Words      []string // as of Tokens; at least one
	Identifier string   // the whole as an identifier
	// Prefix is the last word as far as it has been typed, where that may be the
	// beginning of another; else empty.
	Prefix string
}

// ParseQuery reads a search. Its errors say what is wrong with it.
func ParseQuery(s string) (Query, error) {
	if n := utf8.RuneCountInString(s); n > MaxQuery {
		return Query{}, fmt.Errorf("a search has at most %d characters, got %d", MaxQuery, n)
	}
	words := spoken(pieces(s))
	switch {
	case len(words) == 0:
		return Query{}, fmt.Errorf("%q has no letter and no digit to search for", s)
	case len(words) > MaxWords:
		return Query{}, fmt.Errorf("a search has at most %d words, got %d", MaxWords, len(words))
	}
	q := Query{Text: s, Words: Tokens(s), Identifier: Identifier(s)}
	if last := words[len(words)-1]; last.length >= MinPrefix {
		q.Prefix = shorten(last.Token)
	}
	return q, nil
}

// Highlight returns the words of a text that a search has found there.
func (q Query) Highlight(s string) (out []Word) {
	all := pieces(s)
	words := words(spoken(all))
	for _, w := range words {
		if q.finds(w) {
			out = append(out, w)
		}
	}
	if joined := joined(all); len(joined) > 0 && q.finds(joined[0]) {
		if len(out) > 0 && out[0].Start < joined[0].End {
			out = out[1:]
		}
		out = slices.Insert(out, 0, joined[0])
	}
	if len(out) == 0 && len(words) > 0 && identifier(all) == q.Identifier {
		out = append(out, Word{q.Identifier, words[0].Start, words[len(words)-1].End})
	}
	return out
}

// finds reports whether a word of a text is one of the search.
func (q Query) finds(w Word) bool {
	for i, sought := range q.Words {
		if w.Token == sought || q.last(i) && strings.HasPrefix(w.Token, q.Prefix) || slices.Contains(q.abbreviated(i), w.Token) {
			return true
		}
	}
	return false
}

// abbreviated returns the words for which a word of the search stands, but those
// of which it may be the beginning.
func (q Query) abbreviated(i int) []string {
	if q.last(i) {
		return nil
	}
	return abbreviated()[q.Words[i]]
}

// abbreviated are the words for which common abbreviations stand in the names of
// organisations, as tokens. They are looked for beside the abbreviation: what is
// typed is short, what is written is not.
var abbreviated = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for short, full := range map[string]string{
		"univ":  "université university universität universitaet universidad universidade università universiteit",
		"inst":  "institut institute instituto istituto instituut",
		"dept":  "département department",
		"lab":   "laboratoire laboratory laboratorio",
		"assoc": "association associazione asociación",
		"intl":  "international",
	} {
		out[short] = Tokens(full)
	}
	return out
})

// last reports whether a word is one that may be the beginning of another.
func (q Query) last(i int) bool { return q.Prefix != "" && i == len(q.Words)-1 }
