package text

import (
	"fmt"
	"strings"
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
	words := spoken(s)
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
	words := Words(s)
	for _, w := range words {
		for i, sought := range q.Words {
			if w.Token == sought || q.last(i) && strings.HasPrefix(w.Token, q.Prefix) {
				out = append(out, w)
				break
			}
		}
	}
	if len(out) == 0 && len(words) > 0 && Identifier(s) == q.Identifier {
		out = append(out, Word{q.Identifier, words[0].Start, words[len(words)-1].End})
	}
	return out
}

// last reports whether a word is one that may be the beginning of another.
func (q Query) last(i int) bool { return q.Prefix != "" && i == len(q.Words)-1 }
