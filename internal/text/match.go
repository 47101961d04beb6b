package text

import (
	"slices"
	"strings"
	"unicode/utf16"
)

// Version is that of what stores keep of a document: a store that holds another is
// indexed anew.
const Version = 4

// Tokens of a document are its words and, behind a mark, what else a search
// may ask of it. A word has no underscore, so that no word is a marked token.
// Neither SQLite's nor Neo4j's index splits at one.
const (
	markIdentifier = "i_" // a whole identifier
	markWhole      = "w_" // all words of a name or an alias, joined
	markFirst      = "f_" // the word with which a name or an alias begins
	markName       = "n_" // a word of a name
	markAlias      = "a_" // a word of an alias
	markKind       = "k_" // the type
	markCountry    = "c_"
	joint          = "_"
)

// wholeLength is how long the token of a whole name may be, in UTF-16 units:
// Neo4j's analyser cuts tokens at 255.
const wholeLength = 250

// Document is what is indexed of a node.
type Document struct {
	Kind                              string // the name of its type
	Country                           string // empty when it has none
	Identifiers, Names, Aliases, Rest []string
}

// Tokens returns what an index holds of a document, each token once.
func (d Document) Tokens() (out []string) {
	seen := map[string]bool{}
	add := func(token string) {
		if !seen[token] {
			seen[token] = true
			out = append(out, token)
		}
	}
	add(Kind(d.Kind).Token)
	if d.Country != "" {
		add(Country(d.Country).Token)
	}
	for _, s := range d.Identifiers {
		if id := Identifier(s); id != "" {
			add(markIdentifier + id)
		}
	}
	words := func(list []string, mark string) {
		for _, s := range list {
			for _, form := range [][]Word{Words(s), Joined(s)} {
				tokens := tokens(form)
				for _, w := range tokens {
					add(w)
					if mark != "" {
						add(mark + w)
					}
				}
				if mark != "" && len(tokens) > 0 {
					whole, _ := whole(tokens)
					add(whole)
					add(markFirst + tokens[0])
				}
			}
		}
	}
	words(d.Names, markName)
	words(d.Aliases, markAlias)
	words(d.Identifiers, "")
	words(d.Rest, "")
	return out
}

// Ranking returns those of the tokens of a document that tell its tier: but for the
// last, tiers ask for these alone.
func Ranking(tokens []string) (out []string) {
	for _, token := range tokens {
		if len(token) < len(joint)+1 {
			continue
		}
		switch token[:len(joint)+1] {
		case markIdentifier, markWhole, markFirst, markName, markAlias:
			out = append(out, token)
		}
	}
	return out
}

// whole returns the token of a whole name, and whether it is all of it. Behind
// the last word stands a joint, so that a name begins with another name or with
// the beginning of one.
func whole(tokens []string) (string, bool) {
	token, units := markWhole, 0
	for _, w := range tokens {
		n := len(utf16.Encode([]rune(w))) + 1
		if units+n > wholeLength {
			return token, false
		}
		token += w + joint
		units += n
	}
	return token, true
}

// Op is what a Match asks.
type Op int

// The operations of a Match.
const (
	Has     Op = iota // the document has the token
	Begins            // it has a token that begins with this
	All               // all parts hold
	Any               // one of the parts holds
	Without           // the first part holds and the second does not
)

// Match is a condition on the tokens of a document.
type Match struct {
	Op    Op
	Token string
	Of    []Match
}

// Kind holds for the documents of a type.
func Kind(name string) Match { return Match{Token: markKind + Identifier(name)} }

// Country holds for the documents of a country.
func Country(code string) Match { return Match{Token: markCountry + Identifier(code)} }

// AnyOf holds when one of its parts does.
func AnyOf(parts ...Match) Match {
	if len(parts) == 1 {
		return parts[0]
	}
	return Match{Op: Any, Of: parts}
}

// AllOf holds when all of its parts do.
func AllOf(parts ...Match) Match {
	if len(parts) == 1 {
		return parts[0]
	}
	return Match{Op: All, Of: parts}
}

// Tier says how a search has found a document, the best first.
type Tier int

// The tiers.
const (
	TierIdentifier Tier = iota // it is an identifier of it
	TierWhole                  // it is a whole name or a whole alias of it
	TierPrefix                 // a name or an alias of it begins so
	TierName                   // all words are in its names
	TierAlias                  // all words are in its names and aliases
	TierRest                   // all words are in all that is indexed of it
	Tiers
)

// Tier returns the condition of a tier. A document may meet those of several.
func (q Query) Tier(t Tier) Match {
	switch t {
	case TierIdentifier:
		return Match{Token: markIdentifier + q.Identifier}
	case TierWhole:
		return Match{Token: q.whole(q.Words)}
	case TierPrefix:
		last := len(q.Words) - 1
		if last == 0 {
			// There are far fewer first words than names.
			return q.words(markFirst)
		}
		begins := Match{Op: Begins, Token: q.whole(q.Words)}
		if q.Prefix == "" {
			return begins
		}
		typed := Match{Op: Begins, Token: strings.TrimSuffix(q.whole(append(slices.Clone(q.Words[:last]), q.Prefix)), joint)}
		if strings.HasPrefix(q.Words[last], q.Prefix) {
			return typed
		}
		return AnyOf(begins, typed)
	case TierName:
		return q.words(markName)
	case TierAlias:
		return q.words(markName, markAlias)
	}
	return q.words("")
}

// whole returns the token of a name that is the query; one that no document has
// where the query is longer than such tokens are.
func (q Query) whole(words []string) string {
	token, all := whole(words)
	if !all {
		return markWhole + joint + joint
	}
	return token
}

// words returns the condition that each word stands behind one of the marks.
func (q Query) words(marks ...string) Match {
	parts := make([]Match, len(q.Words))
	for i, w := range q.Words {
		var either []Match
		for _, mark := range marks {
			if !q.last(i) || !strings.HasPrefix(w, q.Prefix) {
				either = append(either, Match{Token: mark + w})
			}
			if q.last(i) {
				either = append(either, Match{Op: Begins, Token: mark + q.Prefix})
			}
			for _, full := range q.abbreviated(i) {
				either = append(either, Match{Token: mark + full})
			}
		}
		parts[i] = AnyOf(either...)
	}
	return AllOf(parts...)
}

// reached are the tiers before one, but for the first, that lie in no other: a
// whole name begins with itself, and the words with which a name or an alias
// begins are all in them.
var reached = [Tiers][]Tier{
	TierPrefix: {TierWhole}, TierName: {TierPrefix}, TierAlias: {TierPrefix, TierName}, TierRest: {TierAlias},
}

// Conditions are those of all tiers of a query.
type Conditions [Tiers]Match

// Conditions returns the conditions of all tiers.
func (q Query) Conditions() (out Conditions) {
	for t := range out {
		out[t] = q.Tier(Tier(t))
	}
	return out
}

// Only returns the condition of a tier for the documents that are in none
// before it.
func (c *Conditions) Only(t Tier) Match {
	if t == 0 {
		return c[t]
	}
	before := []Match{c[TierIdentifier]}
	for _, b := range reached[t] {
		before = append(before, c[b])
	}
	return Match{Op: Without, Of: []Match{c[t], AnyOf(before...)}}
}

// All returns the condition that a document is in any tier.
func (q Query) All() Match { return AnyOf(q.Tier(TierIdentifier), q.Tier(TierRest)) }
