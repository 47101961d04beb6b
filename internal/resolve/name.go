package resolve

import (
	"slices"
	"strings"
	"unicode"

	"github.com/maillage/maillage/internal/text"
)

// nameKey is a name without what writers do differently, see squeeze.
type nameKey struct {
	key     string
	written string // the name as it is written
	alias   bool   // whether it is another name, not the name itself
}

// nameKeys returns the keys of a name, of other names, and of the acronym that a
// name carries at its end, each once.
func nameKeys(name string, aliases []string) (out []nameKey) {
	add := func(s string, alias bool) {
		k := squeeze(s)
		if len(k) > 1 && !slices.ContainsFunc(out, func(o nameKey) bool { return o.key == k }) {
			out = append(out, nameKey{k, s, alias})
		}
	}
	add(name, false)
	if a := carried(name); a != "" {
		add(a, true)
	}
	for _, a := range aliases {
		add(a, true)
	}
	return out
}

// umlauts are written with or without an e.
var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")

// squeeze returns a name as one word: folded, without marks, spaces and legal
// forms, and with ä, ö, ü in either spelling. Equal results mean equal names.
func squeeze(name string) string {
	words := split(name)
	kept := words[:0:0]
	for i, w := range words {
		if i == 0 || text.LegalForm(w) == "" {
			kept = append(kept, w)
		}
	}
	return umlauts.Replace(strings.Join(kept, ""))
}

// legalForms returns the legal forms that a name carries, as they are written.
func legalForms(name string) string {
	var out []string
	for i, w := range split(name) {
		if form := text.LegalForm(w); form != "" && i > 0 {
			out = append(out, form)
		}
	}
	return strings.Join(out, " ")
}

// split returns the words of a name, folded; points do not part words, so that
// S.A. is one.
func split(name string) []string {
	return strings.FieldsFunc(strings.ReplaceAll(text.Fold(name), ".", ""), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) || r == unicode.ReplacementChar
	})
}

// carried returns the acronym that stands after a name, as in "Entegris Cleaning
// Process (ECP) SAS" and "… Télécommunications en Europe - IDATE": a word whose
// letters are initials of the words before it, in their order.
func carried(name string) string {
	for _, marks := range [][2]string{{"(", ")"}, {" - ", ""}} {
		i := strings.LastIndex(name, marks[0])
		if i < 0 {
			continue
		}
		word := strings.TrimSpace(name[i+len(marks[0]):])
		if marks[1] != "" {
			word, _, _ = strings.Cut(word, marks[1])
		}
		if acronym := split(word); len(acronym) == 1 && len(acronym[0]) > 1 && initials(acronym[0], split(name[:i])) {
			return word
		}
	}
	return ""
}

// initials reports whether the letters of an acronym are initials of words in
// their order. Words may be left out.
func initials(acronym string, words []string) bool {
	for _, w := range words {
		if strings.HasPrefix(w, acronym[:1]) {
			acronym = acronym[1:]
		}
		if acronym == "" {
			return true
		}
	}
	return false
}

// similarity is the Dice coefficient of the runs of three letters of two
// squeezed names: 1 when they are equal.
func similarity(a, b string) float64 {
	x, y := trigrams(a), trigrams(b)
	if len(x)+len(y) == 0 {
		return 0
	}
	common := 0
	for t := range x {
		if y[t] {
			common++
		}
	}
	return 2 * float64(common) / float64(len(x)+len(y))
}

func trigrams(s string) map[string]bool {
	out := map[string]bool{}
	for i := 0; i+3 <= len(s); i++ {
		out[s[i:i+3]] = true
	}
	return out
}
