package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/maillage/maillage/internal/text"
)

func TestWordsAreWhatSearchesCompare(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		" - ":                           "",
		"Électricité de France":         "electricite france",
		"ELECTRICITE  DE FRANCE (EDF)":  "electricite france edf",
		"L’œuvre d'ART, qu’on n'a pas":  "oeuvre art on a pas",
		"l'":                            "l",
		"C'est l'été":                   "est ete",
		"O'Brien's":                     "o brien s",
		"Straße":                        "strasse",
		"S.A. / S.p.A.":                 "sa spa",
		"C.N.R.S":                       "cnrs",
		"J. P. Morgan":                  "j p morgan",
		"v1.2":                          "v1 2",
		"R&D":                           "r d",
		"H2020-EU.3.3.":                 "h2020 eu 3 3",
		"Réseaux, réseau, travaux":      "reseau reseau traval",
		"technologies technology":       "technologi technologi",
		"technologie, énergies, energy": "technologi energi energi",
		"CNRS CEAS business campus":     "cnrs ceas business campus",
		"businesses lieux Paris":        "business lieu paris",
		"Université de la Réunion":      "universite reunion",
		"The":                           "the",
		"de la":                         "de la",
		"ﬁnance ½ ＦＵＬＬ":                 "finance 1 2 full",
		"東京 Ελλάς":                      "東京 ελλασ",
		"under_score":                   "under score",
		strings.Repeat("é", 70):         strings.Repeat("e", 60),
		"a\u0301cute":                   "acute",
		"100 %":                         "100",
	} {
		if got := strings.Join(text.Tokens(in), " "); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestNamesAreAlsoKnownByTheirElidedArticle(t *testing.T) {
	for in, want := range map[string]string{
		"L'Oréal": "loreal", "l’œuvre de l'art": "loeuvre art", "D'Agostino & Cie": "dagostino cie", "L'": "", "Institut d'optique": "", "O'Brien": "", "C'est l'été": "cest ete",
	} {
		var got []string
		for _, w := range text.Joined(in) {
			got = append(got, w.Token)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for typed, tier := range map[string]text.Tier{"loreal": text.TierWhole, "oreal": text.TierWhole, "l'oréal": text.TierWhole, "lore": text.TierPrefix} {
		q, err := text.ParseQuery(typed)
		if err != nil {
			t.Fatal(err)
		}
		if d := (text.Document{Kind: "T", Names: []string{"L'Oréal"}}); !meets(d.Tokens(), q.Tier(tier)) {
			t.Errorf("%q does not find it in tier %d", typed, tier)
		}
	}
}

func TestAbbreviationsFindWhatTheyStandFor(t *testing.T) {
	for typed, want := range map[string]string{
		"univ montp": "Université de Montpellier", "UNIV. MONTPELLIER": "University of Montpellier", "inst optique": "Institut d'optique",
		"lab informatique": "Laboratoires d’informatique", "montpellier univ": "Université de Montpellier", "univ lyon": "Univ Lyon",
	} {
		q, err := text.ParseQuery(typed)
		if err != nil {
			t.Fatal(err)
		}
		if d := (text.Document{Kind: "T", Names: []string{want}}); !meets(d.Tokens(), q.Tier(text.TierName)) || len(q.Highlight(want)) != 2 {
			t.Errorf("%q: %q, highlighted %v", typed, d.Tokens(), q.Highlight(want))
		}
	}
	// One word is no abbreviation of a longer one, and no beginning but the last.
	for typed, not := range map[string]string{"universite montp": "Univ Montpellier", "mont universite": "Université de Montpellier", "insti optique": "Institut d'optique"} {
		q, err := text.ParseQuery(typed)
		if err != nil {
			t.Fatal(err)
		}
		if d := (text.Document{Kind: "T", Names: []string{not}}); meets(d.Tokens(), q.Tier(text.TierRest)) {
			t.Errorf("%q finds %q", typed, not)
		}
	}
}

func TestIdentifiersAreComparedWithoutWhatIsBetweenTheirParts(t *testing.T) {
	for in, want := range map[string]string{
		"552 081 317": "552081317", "552081317": "552081317", "T-2026-01": "t202601", "Trash-2-Cash": "trash2cash", "FR 03 552": "fr03552",
		"L'ORÉAL": "loreal", "…": "",
	} {
		if got := text.Identifier(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestSearchesHaveLimits(t *testing.T) {
	for in, want := range map[string]string{
		strings.Repeat("é", 128): "", strings.Repeat("é", 129): "at most 128 characters, got 129",
		"1 2 3 4 5 6 7 8": "", "1 2 3 4 5 6 7 8 9": "at most 8 words, got 9",
		"": "no letter and no digit", " *’ ": "no letter and no digit",
	} {
		_, err := text.ParseQuery(in)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", in, err, want)
		}
	}
}

func TestTheLastWordMayBeBegun(t *testing.T) {
	for in, want := range map[string]string{"elec": "elec", "el": "", "de France": "france", "poly": "poly", "énergies": "energies", "a b": "", "東京都": "東京都"} {
		if q, err := text.ParseQuery(in); err != nil || q.Prefix != want {
			t.Errorf("%q: %q, %v", in, q.Prefix, err)
		}
	}
}

func TestHighlightsAreCountedInCodePoints(t *testing.T) {
	q, err := text.ParseQuery("energie alp")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	runes := []rune("😀 l’Énergie, Alpha & énergies")
	for _, w := range q.Highlight(string(runes)) {
		got = append(got, string(runes[w.Start:w.End]))
	}
	if want := []string{"Énergie", "Alpha", "énergies"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if q, _ := text.ParseQuery("loreal usine"); len(q.Highlight("L’Oréal, l'usine")) != 2 || q.Highlight("L’Oréal, l'usine")[0].End != 7 || q.Highlight("L’Oréal, l'usine")[1].Start != 11 {
		t.Errorf("an elided article: %v", q.Highlight("L’Oréal, l'usine"))
	}
	if q, _ := text.ParseQuery("552081317"); len(q.Highlight("552 081 317")) != 1 || q.Highlight("552 081 317")[0].End != 11 {
		t.Errorf("an identifier that is written in groups: %v", q.Highlight("552 081 317"))
	}
}

func TestTiersButTheLastAskForRankingTokensAlone(t *testing.T) {
	d := text.Document{
		Kind: "Organization", Country: "FR", Identifiers: []string{"552 081 317"},
		Names: []string{"Électricité de France"}, Aliases: []string{"EDF", "Électricité réseau"}, Rest: []string{"Paris"},
	}
	all := d.Tokens()
	ranking := text.Ranking(all)
	if slices.Contains(ranking, "paris") || slices.Contains(ranking, text.Kind("Organization").Token) {
		t.Errorf("%q is there to rank by", ranking)
	}
	for _, s := range []string{"552081317", "electricite de france", "électricité", "electricite fr", "france", "reseau france", "edf", "paris", "organization", "fr"} {
		q, err := text.ParseQuery(s)
		if err != nil {
			t.Fatal(err)
		}
		for tier := range text.TierRest {
			if meets(all, q.Tier(tier)) != meets(ranking, q.Tier(tier)) {
				t.Errorf("%q is in tier %d by all tokens or by %q", s, tier, ranking)
			}
		}
	}
}

// FuzzWords checks that words stand where they say, and that they can be
// searched for.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"l'œuvre", "S.A.", "½", "ﷺ", "a.b.c d'e", "\u0301", "İ", "qu’", strings.Repeat("x", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip() // nothing stores it
		}
		runes := []rune(s)
		for _, w := range text.Words(s) {
			if w.Start < 0 || w.Start >= w.End || w.End > len(runes) || w.Token == "" || strings.ContainsAny(w.Token, " _\"*") {
				t.Errorf("%q: %+v", s, w)
			}
		}
		q, err := text.ParseQuery(s)
		if err != nil {
			return
		}
		d := text.Document{Kind: "T", Names: []string{s}}
		has := d.Tokens()
		for tier := text.TierWhole; tier < text.Tiers; tier++ {
			if !meets(has, q.Tier(tier)) && !slices.Contains(has, "w__") && len(s) < 200 {
				t.Errorf("%q is not found by itself in tier %d: %q", s, tier, has)
			}
		}
		if len(q.Highlight(s)) == 0 {
			t.Errorf("%q: nothing is highlighted", s)
		}
	})
}

// meets reports whether tokens meet a condition.
func meets(tokens []string, m text.Match) bool {
	part := func(m text.Match) bool { return meets(tokens, m) }
	switch m.Op {
	case text.Begins:
		return slices.ContainsFunc(tokens, func(s string) bool { return strings.HasPrefix(s, m.Token) })
	case text.All:
		return !slices.ContainsFunc(m.Of, func(m text.Match) bool { return !part(m) })
	case text.Any:
		return slices.ContainsFunc(m.Of, part)
	case text.Without:
		return part(m.Of[0]) && !part(m.Of[1])
	}
	return slices.Contains(tokens, m.Token)
}
