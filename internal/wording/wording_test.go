package wording

import (
	"math"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/projection"
)

func TestReason(t *testing.T) {
	names := map[string]string{"org:a": "A", "org:b": "B", "org:c": "C", "org:d": "D"}
	for _, c := range []struct {
		reason projection.Reason
		en, fr string
	}{
		{projection.Reason{Code: "SHARED_PARTNERS", Count: 1, Evidence: []string{"org:a"}}, "a partner in common: A", "un partenaire en commun : A"},
		{projection.Reason{Code: "SHARED_PARTNERS", Count: 9, Evidence: []string{"org:x", "org:a", "org:b", "org:c", "org:d"}}, "9 partners in common: A, B, C", "9 partenaires en commun : A, B, C"},
		{projection.Reason{Code: "NEARBY", Value: 2.25}, "2.3 km away", "à 2,3 km"},
		{projection.Reason{Code: "NEARBY", Value: 12.6}, "13 km away", "à 13 km"},
		{projection.Reason{Code: "NEARBY", Value: math.NaN(), Evidence: []string{"org:a"}}, "in the same place: A", "au même endroit : A"},
		{projection.Reason{Code: "QUANTITY_OVERLAP", Value: .5}, "quantities agree to 50 %", "les quantités concordent à 50 %"},
		{projection.Reason{Code: "SAME_COUNTRY", Text: "FR", Value: math.NaN()}, "in the same country (FR)", "dans le même pays (FR)"},
		{projection.Reason{Code: "NEW_CODE"}, "NEW_CODE", "NEW_CODE"},
	} {
		name := func(id string) string { return names[id] }
		if en, fr := Reason(EN, c.reason, name), Reason(FR, c.reason, name); en != c.en || fr != c.fr {
			t.Errorf("%v: %q, %q", c.reason, en, fr)
		}
	}
}

// TestPhrasesAreWhole has words in both languages, and of several where they
// count.
func TestPhrasesAreWhole(t *testing.T) {
	for code, p := range phrases {
		for _, f := range p {
			if f.one == "" || f.many == "" != (p[EN].many == "") || strings.Contains(f.one, "{count}") {
				t.Errorf("%s: %+v", code, f)
			}
		}
	}
}

func TestLanguages(t *testing.T) {
	for tag, want := range map[string]Lang{"fr": FR, "FR": FR, "fr_FR.UTF-8": FR, "fr-CA": FR, "en_GB": EN} {
		if got, ok := Of(tag); got != want || !ok {
			t.Errorf("%s: %v, %v", tag, got, ok)
		}
	}
	for _, tag := range []string{"", "C", "C.UTF-8", "de_DE", "french"} {
		if _, ok := Of(tag); ok {
			t.Errorf("%q is a language", tag)
		}
	}
}
