package kg_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/kg"
)

func TestParseDateReadsEveryForm(t *testing.T) {
	for _, c := range []struct{ text, first, last, key string }{
		{"2019", "2019-01-01", "2019-12-31", "2019-01-0112019-12-31"},
		{"2019-09", "2019-09-01", "2019-09-30", "2019-09-0122019-09-30"},
		{"2019-09-01", "2019-09-01", "2019-09-01", "2019-09-0132019-09-01"},
		{"2019?", "2019-01-01", "2019-12-31", "2019-01-0112019-12-31"},
		{"2019-09~", "2019-09-01", "2019-09-30", "2019-09-0122019-09-30"},
		{"2019-09-01%", "2019-09-01", "2019-09-01", "2019-09-0132019-09-01"},
		{"2019-02/2019-07", "2019-02-01", "2019-07-31", "2019-02-0142019-07-31"},
		{"2019/2019", "2019-01-01", "2019-12-31", "2019-01-0142019-12-31"},
		{"2019-12-31/2019", "2019-12-31", "2019-12-31", "2019-12-3142019-12-31"},
		{"2018~/2019-06-15?", "2018-01-01", "2019-06-15", "2018-01-0142019-06-15"},
		{"../2020", kg.OpenFirst, "2020-12-31", kg.OpenFirst + "42020-12-31"},
		{"2019-09/..", "2019-09-01", kg.OpenLast, "2019-09-014" + kg.OpenLast},
		{"2020-02", "2020-02-01", "2020-02-29", "2020-02-0122020-02-29"},
		{"2021-02", "2021-02-01", "2021-02-28", "2021-02-0122021-02-28"},
		{"2000-02-29", "2000-02-29", "2000-02-29", "2000-02-2932000-02-29"},
		{"0001", "0001-01-01", "0001-12-31", "0001-01-0110001-12-31"},
		{"9998-12-31", "9998-12-31", "9998-12-31", "9998-12-3139998-12-31"},
	} {
		d, err := kg.ParseDate(c.text)
		if err != nil {
			t.Error(err)
			continue
		}
		got := []string{d.First, d.Last, d.SortKey()}
		if diff := cmp.Diff([]string{c.first, c.last, c.key}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestParseDateRefusesWhatIsNoDate(t *testing.T) {
	for _, text := range []string{
		"", " ", "19", "201", "20199", "0000", "9999", "9999-01-01", "-2019", "+2019", "2019 ", " 2019",
		"2019-9", "2019-13", "2019-00", "2019-09-31", "2019-02-29", "1900-02-29", "2019-09-00", "2019-09-1",
		"2019/09", "2019.09", "2019-09-01T00:00:00Z", "01/09/2019", "septembre 2019", "2019!", "2019??", "?2019", "?",
		"/", "../..", "..", "2019/", "/2019", "2019/?", "..?/2019", ".. /2019", "2019/2020/2021", "2019//2020", "2019/...",
		"201X", "２０１９", "2019-０9", "2019\x00", "20\xff9",
	} {
		d, err := kg.ParseDate(text)
		if err == nil || !strings.Contains(err.Error(), "write it like 2019") {
			t.Errorf("%q: %v, %v", text, d, err)
		}
	}
	for _, text := range []string{"2020/2019", "2019-09-02/2019-09-01", "2019-07/2019-06?"} {
		if _, err := kg.ParseDate(text); err == nil || !strings.Contains(err.Error(), "ends before it begins") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestSortKeysOrderByFirstDayPrecisionAndLastDay(t *testing.T) {
	ordered := []string{
		"../2018", "../2020", "2018", "2018/..", "2018-12-31", "2019", "2019-01", "2019-01-01", "2019-01-01/2019-01-02",
		"2019/2019", "2019/2020", "2019/..", "2019-01-02", "2019-02", "2019-02-28", "2020",
	}
	// An open end is later than any other, a day later than its month.
	var keys []string
	for _, text := range ordered {
		d, err := kg.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, d.SortKey())
	}
	for i := 1; i < len(keys); i++ {
		if keys[i-1] >= keys[i] {
			t.Errorf("%s (%s) sorts before %s (%s)", ordered[i], keys[i], ordered[i-1], keys[i-1])
		}
	}
}

var dateShape = regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?[?~%]?$`)

// FuzzParseDate checks that what is read has the shape of a date, means at
// least a day, and sorts by its first day.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2019", "2019-09~", "2019-09-01", "../2020", "2019/2020?", "2019/..", "0000", "2019-02-30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := kg.ParseDate(text)
		if err != nil {
			t.Skip()
		}
		parts := strings.Split(text, "/")
		for _, part := range parts {
			if !dateShape.MatchString(part) && (part != ".." || len(parts) != 2) {
				t.Errorf("%q is read", text)
			}
		}
		if len(parts) > 2 || !slices.IsSorted([]string{kg.OpenFirst, d.First, d.Last, kg.OpenLast}) || !strings.HasPrefix(d.SortKey(), d.First) {
			t.Errorf("%q means %s to %s", text, d.First, d.Last)
		}
	})
}
