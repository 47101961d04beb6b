package cordis

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/importer/theme"
)

func TestTable(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"commas", "a,b\n1,2\r\n 3 ,\"4,5\"\n", "2:1|2 3:3|4,5"},
		{"tabs, byte order mark", "\ufeffa\tb\r\n1\t2,5\r\n", "2:1|2,5"},
		{"last line without end", "a,b\n1,2", "2:1|2"},
		{"doubled quotes", "a,b\n\"x \"\"y\"\"\",2\n", "2:x \"y\"|2"},
		{"quotes that were not doubled", "a,b\n\"x \"y\"\",\"2\"\n", "2:x \"y\"|2"},
		{"a quote among tabs", "a\tb\n\"x\" y\t2\n", "2:\"x\" y|2"},
		{"a line break in a value", "a,b\n\"x\ny\",2\n3,4\n", "2:x\ny|2 4:3|4"},
		{"a quote never closed", "a,b\n\"x,2\n3,4\n", "2:! 3:3|4"},
		{"too many values", "a,b\n1,2,3\n4,5\n", "2:! 3:4|5"},
		{"empty lines", "a,b\n\n1,2\n\n", "3:1|2"},
		{"invalid UTF-8", "a,b\n\xff,2\n3,4\n", "2:! 3:3|4"},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tab, err := newTable(strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for {
				r, ok, err := tab.read()
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				if r.bad != "" {
					got = append(got, fmt.Sprintf("%d:!", r.line))
				} else {
					got = append(got, fmt.Sprintf("%d:%s|%s", r.line, r.values["a"], r.values["b"]))
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

func FuzzTable(f *testing.F) {
	f.Add("a,b\n\"x\ny\",2\n")
	f.Add("a\tb\n\"x\t2\n")
	f.Fuzz(func(t *testing.T, text string) {
		tab, err := newTable(strings.NewReader(text))
		if err != nil {
			t.Skip()
		}
		lines := strings.Count(text, "\n") + 1
		for n := 0; ; n++ {
			r, ok, err := tab.read()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				return
			}
			if r.line > lines || n > lines {
				t.Fatalf("line %d of %d", r.line, lines)
			}
		}
	})
}

func TestValues(t *testing.T) {
	amounts := map[string]string{"230000,00": "23000000 true", "317625": "31762500 true", "1.005": "101 true", "": "0 false", "NA": "0 false"}
	for in, want := range amounts {
		a, err := parseAmount(in)
		if got := fmt.Sprint(a.hundredths, a.known); err != nil || got != want {
			t.Errorf("parseAmount(%q) = %s, %v, want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"12 euros", "-5", "1,2,3", "1e9"} {
		if _, err := parseAmount(in); err == nil {
			t.Errorf("parseAmount(%q): no error", in)
		}
	}
	countries := map[string]string{"EL": "GR", "UK": "GB", "NA": "NA", "FR": "FR", "": ""}
	for in, want := range countries {
		if got, err := parseCountry(in); err != nil || got != want {
			t.Errorf("parseCountry(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	if _, err := parseDay("2015"); err == nil {
		t.Error("a year is no day")
	}
}

func TestProgramme(t *testing.T) {
	codes := map[string]bool{}
	for _, p := range theme.Programme {
		if codes[p.Code] || p.FR == "" || p.EN == "" {
			t.Errorf("%s stands twice or lacks a label", p.Code)
		}
		codes[p.Code] = true
	}
	for _, p := range theme.Programme {
		if above := p.Broader(); above != "" && !codes[above] {
			t.Errorf("%s: nothing above it", p.Code)
		}
	}
	for name, code := range partCodes {
		if !codes[code] {
			t.Errorf("%s: no part %s", name, code)
		}
	}
	for _, th := range theme.Table {
		for _, code := range slices.Concat(th.Close, th.Parts) {
			if !codes[code] {
				t.Errorf("%s: no part %s", th.Code, code)
			}
		}
	}
}
