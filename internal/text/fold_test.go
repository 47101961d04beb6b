package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/maillage/maillage/internal/text"
)

func TestFoldMakesOneKeyOfSpellings(t *testing.T) {
	for in, want := range map[string]string{
		"":               "",
		"Orange":         "orange",
		"ÉLECTRICITÉ":    "electricite",
		"Électricité":    "electricite",
		"E\u0301cole":    "ecole", // decomposed
		"Œuvre, ŒUVRE":   "oeuvre, oeuvre",
		"Æther":          "aether",
		"Straße":         "strasse",
		"STRAẞE":         "strasse", // the capital sharp s
		"Smørrebrød":     "smorrebrod",
		"Łódź":           "lodz",
		"Đurđevac":       "durdevac",
		"ﬁnance":         "finance", // the ligature fi
		"oﬃce":           "office",  // the ligature ffi
		"İstanbul":       "istanbul",
		"ISPARTA":        "isparta", // the language is unknown: I is i
		"Iğdır":          "igdir",
		"l’œuvre":        "l'oeuvre",
		"l'oeuvre":       "l'oeuvre",
		"Ångström":       "angstrom",
		"m²":             "m2",
		"Ⅷ":              "viii",
		"ＦＵＬＬ":           "full", // full width
		"Ελλάς":          "ελλασ",
		"ΕΛΛΆΣ":          "ελλασ",
		"Москва́":        "москва",
		"Ёлка":           "елка",
		"東京":             "東京",
		"a\u00a0b":       "a b", // a blank that does not break
		"tab\tline\n":    "tab\tline\n",
		"100 %":          "100 %",
		"\U0001F600 Joy": "\U0001F600 joy",
	} {
		if got := text.Fold(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestFoldKeepsTheFirst256Runes(t *testing.T) {
	for _, c := range []struct {
		name, in string
		runes    int
		last     rune
	}{
		{"as long as a key", strings.Repeat("a", 256), 256, 'a'},
		{"one longer", strings.Repeat("a", 256) + "b", 256, 'a'},
		{"the last", strings.Repeat("a", 255) + "bc", 256, 'b'},
		{"two bytes a rune", strings.Repeat("я", 300), 256, 'я'},
		{"marks do not count", strings.Repeat("é", 255) + "bc", 256, 'b'},
		{"letters that are written out do", strings.Repeat("œ", 300), 256, 'e'},
	} {
		got := text.Fold(c.in)
		last, _ := utf8.DecodeLastRuneInString(got)
		if utf8.RuneCountInString(got) != c.runes || last != c.last {
			t.Errorf("%s: %d runes that end in %q", c.name, utf8.RuneCountInString(got), last)
		}
	}
}

func TestCaseDoesNotMatterInLatinGreekAndCyrillic(t *testing.T) {
	for r := rune('A'); r < 0x530; r++ {
		upper := strings.ToUpper(string(r))
		if unicode.IsLetter(r) && text.Fold(upper) != text.Fold(string(r)) {
			t.Errorf("%c has the key %q, %s %q", r, text.Fold(string(r)), upper, text.Fold(upper))
		}
	}
}

// FuzzFold checks that a key is valid, not longer than it may be, and its own
// key.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Électricité", "ŒUVRE", "straße", "İı", "ﬃ", "\xff", "ǅ", strings.Repeat("é", 300), "한국", "ͅα"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip() // nothing stores it
		}
		key := text.Fold(s)
		if !utf8.ValidString(key) || utf8.RuneCountInString(key) > text.KeyLength {
			t.Errorf("%q has the key %q", s, key)
		}
		if again := text.Fold(key); again != key {
			t.Errorf("%q has the key %q, and that has the key %q", s, key, again)
		}
	})
}

func TestSuccessorIsTheLeastTextAfterAPrefix(t *testing.T) {
	for p, want := range map[string]string{
		"":                           "\U0010FFFF",
		"a":                          "b",
		"az":                         "a{",
		"é":                          "ê",
		"\u007f":                     "\u0080",
		"\u07ff":                     "\u0800",
		"\ud7ff":                     "\ue000", // no surrogates in between
		"\uffff":                     "\U00010000",
		"a\U0010FFFE":                "a\U0010FFFF",
		"a\U0010FFFF":                "b",
		"a\U0010FFFF\U0010FFFF":      "b",
		"\x00":                       "\x01",
		"\ud7ff\U0010FFFF":           "\ue000",
		strings.Repeat("a", 256):     strings.Repeat("a", 255) + "b",
		"a%_":                        "a%`",
		"o'b":                        "o'c",
		"\U0010FFFE\U0010FFFF":       "\U0010FFFF",
		"\U0001F600":                 "\U0001F601",
		"\u00ff\u0100":               "\u00ff\u0101",
		"a\ufffe":                    "a\uffff",
		"\U00010000\uffff\U0010ffff": "\U00010000\U00010000",
	} {
		if got := text.Successor(p); got != want {
			t.Errorf("%q: %q, want %q", p, got, want)
		}
	}
}

// FuzzSuccessor checks that a text begins with a prefix exactly when it lies
// in [p, Successor(p)): by bytes, which is by code points in UTF-8.
func FuzzSuccessor(f *testing.F) {
	for _, s := range []string{"", "a", "az", "\ud7ff", "\uffff", "é", "\x00", "z\U0010FFFE"} {
		f.Add(s, "x")
		f.Add(s, "\U0010FFFE")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, p, rest string) {
		for _, s := range []string{p, rest} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.MaxRune) {
				t.Skip() // nothing stores it
			}
		}
		next := text.Successor(p)
		for _, s := range []string{p + rest, rest, p + "\U0010FFFE" + rest} {
			if in := p <= s && s < next; in != strings.HasPrefix(s, p) {
				t.Errorf("%q in [%q, %q): %v", s, p, next, in)
			}
		}
	})
}

func TestFoldedPrefixesMatchFoldedTexts(t *testing.T) {
	names := []string{"Électricité de France", "electricite", "ELECTRA", "Œuvre", "oeuf", "Straße", "strasse 2"}
	for prefix, want := range map[string]int{"élec": 3, "ELECTRIC": 2, "œu": 2, "oe": 2, "STRASS": 2, "straß": 2, "x": 0} {
		from := text.Fold(prefix)
		to := text.Successor(from)
		n := 0
		for _, name := range names {
			if key := text.Fold(name); from <= key && key < to {
				n++
			}
		}
		if n != want {
			t.Errorf("%d of %d names begin with %s, want %d", n, len(names), prefix, want)
		}
	}
	if !slices.IsSortedFunc([]string{"a", "É", "z"}, func(a, b string) int { return strings.Compare(text.Fold(a), text.Fold(b)) }) {
		t.Error("É does not sort between a and z")
	}
}
