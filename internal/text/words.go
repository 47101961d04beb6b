package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Word is a word of a text as searches compare it, and where in the text it
// stands.
type Word struct {
	Token      string
	Start, End int // in code points; End is that of the character after it
}

// empty are words that join others in French or English, and that people leave
// out or put in as they like.
var empty = map[string]bool{"de": true, "du": true, "des": true, "le": true, "la": true, "les": true, "et": true, "of": true, "the": true, "and": true}

// wordLength is how many runes of a word are told apart. Databases cut longer
// ones, each in its own way.
const wordLength = 60

// elided are words that French joins to the next by an apostrophe, and that
// say nothing.
var elided = map[string]bool{"l": true, "d": true, "qu": true, "j": true, "n": true, "s": true, "c": true, "m": true, "t": true}

// Words returns the words of a text: what stands between characters that are
// neither letters nor digits, folded as by Fold, without elided l' d' qu' and
// the like, and in the singular, as far as a light rule tells. Articles and the
// like are left out where there are other words. Letters that are separated by
// single dots are one word, so that S.A. is SA.
func Words(s string) []Word { return words(spoken(pieces(s))) }

// Joined returns the words of a text that begins with an elided article as if it
// stood there without the apostrophe, since L'Oréal is looked for as loreal; nil
// of other texts. Further on in a text it is a word of the language and no part of
// a name, so that nobody leaves the apostrophe out.
func Joined(s string) []Word { return joined(pieces(s)) }

func joined(all []piece) []Word {
	if len(all) < 2 || !all[0].elision() {
		return nil
	}
	first := all[1]
	first.Token, first.Start = all[0].Token+first.Token, all[0].Start
	return words(spoken(append([]piece{first}, all[2:]...)))
}

func words(pieces []piece) []Word {
	out := make([]Word, len(pieces))
	for i, p := range pieces {
		p.Token = shorten(singular(p.Token))
		out[i] = p.Word
	}
	return out
}

// spoken returns pieces of a text without those that say nothing.
func spoken(all []piece) []piece {
	all = slices.DeleteFunc(slices.Clone(all), piece.elision)
	if !slices.ContainsFunc(all, func(p piece) bool { return !empty[p.Token] }) {
		return all
	}
	return slices.DeleteFunc(all, func(p piece) bool { return empty[p.Token] })
}

// Tokens returns the words of a text without where they stand.
func Tokens(s string) []string { return tokens(Words(s)) }

func tokens(words []Word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Token
	}
	return out
}

// Identifier returns an identifier without what people put between its parts:
// letters and digits alone, folded. Longer ones than a word may be are cut.
func Identifier(s string) string { return identifier(pieces(s)) }

func identifier(all []piece) string {
	var b strings.Builder
	for _, w := range all {
		b.WriteString(w.Token)
	}
	return shorten(b.String())
}

// piece is a word as it stands in a text, folded.
type piece struct {
	Word
	length     int  // how many runes it has in the text
	apostrophe bool // whether one joins it to a letter
	dot        bool // whether a single dot joins it to what follows
}

// pieces splits a text. The letters of an abbreviation are put together.
func pieces(s string) []piece {
	var out []piece
	at, dots := 0, false // how many code points lie before s
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		if !inWord(r) {
			at, s = at+1, s[size:]
			continue
		}
		word := s
		if end := strings.IndexFunc(s, notInWord); end >= 0 {
			word = s[:end]
		}
		s = s[len(word):]
		p := piece{length: utf8.RuneCountInString(word)}
		joint, size := utf8.DecodeRuneInString(s)
		if next, _ := utf8.DecodeRuneInString(s[size:]); inWord(next) {
			p.apostrophe = (joint == '\'' || joint == '’') && unicode.IsLetter(next)
			p.dot = joint == '.'
			dots = dots || p.dot
		}
		// What is one character in the text may be several when folded.
		for token := range strings.FieldsFuncSeq(fold(word), notInWord) {
			p.Word = Word{token, at, at + p.length}
			out = append(out, p)
		}
		at += p.length
	}
	if !dots {
		return out
	}
	return abbreviations(out)
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

func notInWord(r rune) bool { return !inWord(r) }

// abbreviations puts letters together that are separated by single dots.
func abbreviations(in []piece) (out []piece) {
	for i, p := range in {
		if i > 0 && p.letter() && in[i-1].letter() && in[i-1].dot {
			last := &out[len(out)-1]
			last.Token += p.Token
			last.End = p.End
			continue
		}
		out = append(out, p)
	}
	return out
}

// elision reports whether the piece is an article that is joined to a word.
func (p piece) elision() bool { return p.apostrophe && elided[p.Token] }

// letter reports whether the piece is a single letter.
func (p piece) letter() bool {
	r, n := utf8.DecodeRuneInString(p.Token)
	return p.length == 1 && n == len(p.Token) && unicode.IsLetter(r)
}

// singular takes the plural off a word that is long enough not to be an
// acronym, in French or English, and makes one of -y, -ie and -ies, so that technology,
// technologie and technologies are one word.
func singular(w string) string {
	if len(w) < 4 {
		return w
	}
	switch {
	case len(w) == 4 && w[3] == 's':
		return w
	case strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		return w
	case strings.HasSuffix(w, "eaux"), strings.HasSuffix(w, "eux"):
		return w[:len(w)-1]
	case strings.HasSuffix(w, "aux"):
		return w[:len(w)-2] + "l"
	case strings.HasSuffix(w, "sses"):
		return w[:len(w)-2]
	}
	w = strings.TrimSuffix(w, "s")
	if strings.HasSuffix(w, "ie") {
		return w[:len(w)-1]
	}
	if strings.HasSuffix(w, "y") {
		return w[:len(w)-1] + "i"
	}
	return w
}

func shorten(w string) string {
	if len(w) <= wordLength {
		return w
	}
	runes := []rune(w)
	return string(runes[:min(len(runes), wordLength)])
}
