package cordis

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/kg"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// runImport imports files below testdata and returns what was emitted as JSON
// Lines, without the sectors, which are the same for every import, and the
// rejections.
func runImport(t testing.TB, opts Options, paths ...string) (graph, rejections string, report Report) {
	t.Helper()
	c := catalogtest.Model(t)
	var changes []kg.Change
	var rejected strings.Builder
	for i, p := range paths {
		paths[i] = filepath.Join("testdata", p)
	}
	report, err := Import(paths, opts, func(ch kg.Change) error {
		sector := ch.Node != nil && ch.Node.Type == "Sector"
		between := ch.Relationship != nil && (ch.Relationship.Type == "BROADER" || ch.Relationship.Type == "CLOSE_MATCH")
		if !sector && !between {
			changes = append(changes, ch)
		}
		return nil
	}, func(r importer.Rejection) { rejected.WriteString(r.String() + "\n") })
	if err != nil {
		t.Fatal(err)
	}
	jsonl.Sort(c, changes)
	return graphtest.Lines(t, changes), rejected.String(), report
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (rewrite it with -update):\n%s", name, got)
	}
}

// TestClosed imports all files, dirt included, as the built-in data is made.
func TestClosed(t *testing.T) {
	graph, rejections, report := runImport(t, Options{Closed: true}, "2016", "2017", "2021")
	golden(t, "closed.jsonl", graph)
	golden(t, "rejections.txt", rejections)
	if report.Persons != 1 || report.PersonParticipations != 1 {
		t.Errorf("natural persons: %+v", report)
	}
	for _, word := range []string{"OLIVIERS", "MUSTERMANN", "900000005", "other.csv"} {
		if strings.Contains(graph+rejections, word) {
			t.Errorf("%q must appear nowhere", word)
		}
	}
}

// TestOpen imports all files and keeps what only the later ones know.
func TestOpen(t *testing.T) {
	graph, _, _ := runImport(t, Options{}, "2016", "2017", "2021")
	golden(t, "open.jsonl", graph)
}

// TestOnly2021 imports participations without names: nothing that a graph may
// know better is set.
func TestOnly2021(t *testing.T) {
	graph, _, report := runImport(t, Options{}, "2021")
	golden(t, "only2021.jsonl", graph)
	if strings.Contains(graph, "isplayName") || report.Organizations != 3 {
		t.Errorf("%+v\n%s", report, graph)
	}
}

func TestFileOfAnotherKind(t *testing.T) {
	_, rejections, _ := runImport(t, Options{}, "2021/other.csv")
	if want := "other.csv: its header is that of no CORDIS file\n"; rejections != want {
		t.Errorf("got %q, want %q", rejections, want)
	}
}

func TestDuplicatesAreNotedNotMerged(t *testing.T) {
	checksum := strings.Repeat("a", 32)
	im := newImport(Options{Closed: true}, func(r importer.Rejection) { t.Error(r) })
	im.organizations = []organization{
		{key: "900000001", name: "ORANGE SA", country: "FR"},
		{key: checksum, name: "Orange, SA", country: "FR"},
		{key: strings.Repeat("b", 32), name: "ORANGE SA", country: "BE"},
	}
	im.profiles = []profile{{organization: organization{key: "900000001", name: "ORANGE SA", country: "FR"}, kind: "COMPANY"}}
	im.resolve()
	if want := [2]string{checksum, "900000001"}; len(im.report.Duplicates) != 1 || im.report.Duplicates[0] != want {
		t.Errorf("got %v, want %v", im.report.Duplicates, want)
	}
	if len(im.profileOf) != 2 {
		t.Errorf("another country is another organisation: %v", im.profileOf)
	}
}
