package kg_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/kg"
)

func TestMergeRecordsKeepsOnePerSourceAndLocator(t *testing.T) {
	record := func(source, locator string, properties ...string) kg.Record {
		return kg.Record{Source: source, Locator: locator, Properties: properties}
	}
	for _, c := range []struct {
		name           string
		old, add, want []kg.Record
	}{
		{"nothing", nil, nil, nil},
		{"the first", nil, []kg.Record{record("b", "1"), record("a", "2"), record("a", "1")}, []kg.Record{record("a", "1"), record("a", "2"), record("b", "1")}},
		{"no more", []kg.Record{record("a", "1")}, nil, []kg.Record{record("a", "1")}},
		{"the same", []kg.Record{record("a", "1")}, []kg.Record{record("a", "1")}, []kg.Record{record("a", "1")}},
		{"the later replaces", []kg.Record{record("a", "1", "name"), record("b", "1")}, []kg.Record{record("a", "1", "kind")}, []kg.Record{record("a", "1", "kind"), record("b", "1")}},
		{"another locator", []kg.Record{record("a", "1")}, []kg.Record{record("a", "10")}, []kg.Record{record("a", "1"), record("a", "10")}},
		{"twice in one change", nil, []kg.Record{record("a", "1", "name"), record("b", "1"), record("a", "1", "kind")}, []kg.Record{record("a", "1", "kind"), record("b", "1")}},
	} {
		old, add := slices.Clone(c.old), slices.Clone(c.add)
		got := kg.MergeRecords(c.old, c.add)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if diff := cmp.Diff(got, kg.MergeRecords(got, c.add)); diff != "" {
			t.Errorf("%s: merging again changes\n%s", c.name, diff)
		}
		if !cmp.Equal(old, c.old) || !cmp.Equal(add, c.add) {
			t.Errorf("%s: the lists given are changed", c.name)
		}
	}
}

func TestRelationshipIDsTellRelationshipsApart(t *testing.T) {
	for _, c := range []struct {
		key  []string
		want string
	}{
		{nil, "R|org:1|org:2"},
		{[]string{""}, "R|org:1|org:2|"},
		{[]string{"directeur"}, "R|org:1|org:2|directeur"},
		{[]string{"a", "b"}, "R|org:1|org:2|a|b"},
		{[]string{"a|b"}, "R|org:1|org:2|a%7Cb"},
		{[]string{"a%7Cb"}, "R|org:1|org:2|a%257Cb"},
		{[]string{"é 100%"}, "R|org:1|org:2|é 100%25"},
	} {
		if got := kg.RelationshipID("R", "org:1", "org:2", kg.Discriminator(c.key...)); got != c.want {
			t.Errorf("%q: %s, want %s", c.key, got, c.want)
		}
	}
}

// FuzzDiscriminator checks that two keys of two values have one discriminator
// only when they are the same.
func FuzzDiscriminator(f *testing.F) {
	f.Add("a", "b", "a|b", "")
	f.Add("%7C", "", "|", "")
	f.Add("a%", "7C", "a%7C", "")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		x, y := kg.Discriminator(a, b), kg.Discriminator(c, d)
		if (x == y) != (a == c && b == d) {
			t.Errorf("%q %q is %q, %q %q is %q", a, b, x, c, d, y)
		}
		if strings.Count(x, "|") != 2 {
			t.Errorf("%q %q is %q", a, b, x)
		}
	})
}

func TestPrefixEndsAtTheFirstColon(t *testing.T) {
	for id, want := range map[string]string{"": "", "org": "", ":": "", ":x": "", "org:": "org", "org:pic:9": "org", "é:1": "é"} {
		if got := kg.Prefix(id); got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
}

func TestErrorsKeepCodeAndCause(t *testing.T) {
	cause := errors.New("disk on fire")
	err := kg.Wrap(kg.Unavailable, cause, "the store of %s cannot be used", "a")
	if err.Message != "the store of a cannot be used" || err.Error() != "the store of a cannot be used: disk on fire" || !errors.Is(err, cause) {
		t.Errorf("wrapped: %q, %q", err.Message, err)
	}
	if bare := kg.Errorf(kg.NotFound, "nothing at %d", 3); bare.Error() != "nothing at 3" || bare.Unwrap() != nil {
		t.Errorf("without a cause: %v", bare)
	}
	for _, c := range []struct {
		err  error
		want kg.Code
	}{
		{nil, ""},
		{cause, kg.Internal},
		{err, kg.Unavailable},
		{fmt.Errorf("import: %w", err), kg.Unavailable},
		{kg.Wrap(kg.Timeout, err, "late"), kg.Timeout},
	} {
		if got := kg.CodeOf(c.err); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}
