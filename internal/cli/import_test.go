package cli_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/cli"
)

// sample is a graph with a value of every kind, in the order of exports.
const sample = `{"id":"claim:1","properties":{"confidence":0.5,"derivation":"EXPLICIT","passages":[{"endOffset":9,"startOffset":1},{"endOffset":19,"quote":"q","startOffset":11}],"predicate":"NAME","recordedAt":"2026-01-31T12:00:00Z","stance":"STATED","status":"CURRENT","subject":"org:siren:1"},"type":"Claim"}
{"id":"figure:1","properties":{"metric":"REVENUE","ratio":1e-7,"value":123456789.5},"type":"Figure"}
{"formerIds":["org:lei:1","org:pic:2"],"id":"org:siren:1","properties":{"aliases":["a","b\"\\\n\u0001é"],"foundedIn":"2019-02/2019-07","kind":"COMPANY","location":{"latitude":43.6,"longitude":-3},"name":"<Élan> & fils","startup":true},"records":[{"locator":"f:1","properties":["kind","name"],"source":"source:a"},{"derivation":"INFERRED","locator":"f:2","source":"source:a"}],"type":"Organization"}
{"id":"person:1","properties":{"name":"Ada"},"type":"Person"}
{"id":"place:insee:1","properties":{"kind":"COMMUNE","name":"Sète","population":302454},"type":"Place"}
{"id":"project:1","properties":{"cost":"10000000.00","to":"../2020"},"type":"Project"}
{"id":"source:a","properties":{"title":"A"},"type":"Source"}
{"from":"person:1","properties":{"title":"présidente | 100%"},"records":[{"locator":"1-2","source":"source:a"}],"to":"org:siren:1","type":"HAS_ROLE_AT"}
{"from":"person:1","properties":{"status":"PAST","title":"trésorière"},"to":"org:siren:1","type":"HAS_ROLE_AT"}
{"from":"org:siren:1","properties":{"contribution":"0.50","ended":false,"role":"COORDINATOR"},"to":"project:1","type":"PARTICIPATES_IN"}
`

// spoilt are lines of which the second and fourth are wrong.
const spoilt = `{"id":"place:1","properties":{"kind":"SITE","name":"a"},"type":"Place"}
{"id":"place:2","properties":{"kind":"MOON","name":"b"},"type":"Place"}
{"id":"place:3","properties":{"kind":"SITE","name":"c"},"type":"Place"}
{"id":"place:4"
`

func TestExportsImportAsThemselves(t *testing.T) {
	cordis := filepath.Join("..", "importer", "cordis", "testdata")
	first, _ := storeIn(t)
	if r := run(t, "import", "cordis", filepath.Join(cordis, "2016"), "--store", first); r.code != cli.Rejected {
		t.Fatalf("exit code %d: %s", r.code, r.err)
	}
	file := write(t, "sample.jsonl", sample)
	mustRun(t, "import", "jsonl", file, "--store", first)
	exported := mustRun(t, "export", "jsonl", "--store", first)
	for _, line := range strings.SplitAfter(sample, "\n") {
		if !strings.Contains(exported.out, line) {
			t.Errorf("the export lacks %s", line)
		}
	}

	second, _ := storeIn(t)
	path := write(t, "graph.jsonl", exported.out)
	r := mustRun(t, "import", "jsonl", path, "--store", second)
	if want := "imported into " + second + ": "; !strings.HasPrefix(r.err, want) || !strings.HasSuffix(r.err, " created, 0 updated, 0 unchanged, 0 rejected\n") {
		t.Errorf("said %q", r.err)
	}
	again := filepath.Join(t.TempDir(), "again.jsonl")
	mustRun(t, "export", "jsonl", again, "--store", second)
	text, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(exported.out, string(text)); diff != "" {
		t.Errorf("an export that was imported exports otherwise (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(again + ".part"); !os.IsNotExist(err) {
		t.Errorf("the export leaves its working file: %v", err)
	}
	r = mustRun(t, "import", "jsonl", path, "--store", second)
	if !strings.Contains(r.err, ": 0 created, 0 updated, ") {
		t.Errorf("the second time: %q", r.err)
	}
}

func TestJSONLinesAreReadPlainPackedAndFromStandardInput(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(sample)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]command{
		"plain":  {args: []string{"import", "jsonl", write(t, "a.jsonl", sample)}},
		"packed": {args: []string{"import", "jsonl", write(t, "a.jsonl.gz", packed.String())}},
		"stdin":  {args: []string{"import", "jsonl", "-"}, stdin: sample},
	} {
		address, _ := storeIn(t)
		c.args = append(c.args, "--store", address)
		if r := c.run(t); r.code != cli.Done {
			t.Errorf("%s: exit code %d, %s", name, r.code, r.err)
		}
		if diff := cmp.Diff(sample, mustRun(t, "export", "jsonl", "--store", address).out); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRejectedRowsAreToldAndTheOthersImported(t *testing.T) {
	address, _ := storeIn(t)
	file := write(t, "spoilt.jsonl", spoilt)
	r := run(t, "import", "jsonl", file, "--store", address)
	want := "rejected: " + file + `:2: kind: "MOON" is none of BUSINESS_PARK`
	if r.code != cli.Rejected || !strings.HasPrefix(r.err, want) || !strings.Contains(r.err, "\nrejected: "+file+":4: ") ||
		!strings.HasSuffix(r.err, "imported into "+address+": 2 created, 0 updated, 0 unchanged, 2 rejected\n") {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
	if out := mustRun(t, "export", "jsonl", "--store", address).out; strings.Count(out, "\n") != 2 {
		t.Errorf("the store has %s", out)
	}
}

func TestAReportHasOneObjectARow(t *testing.T) {
	address, _ := storeIn(t)
	report := filepath.Join(t.TempDir(), "report.jsonl")
	r := command{args: []string{"import", "jsonl", "-", "--report", report, "--store", address}, stdin: spoilt}.run(t)
	if r.code != cli.Rejected || strings.Contains(r.err, "rejected: ") || !strings.Contains(r.err, "2 rejected") {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
	text, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"file":"standard input","line":2,"column":"kind","reason":"\"MOON\" is none of BUSINESS_PARK, COMMUNE, COUNTRY, DEPARTMENT, DISTRICT, EPCI, REGION, SITE"}
{"file":"standard input","line":4,"reason":"column 17: \",\" expected"}
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r = run(t, "import", "cordis", filepath.Join("..", "importer", "cordis", "testdata", "2016"), "--report", report, "--dry-run")
	if text, err = os.ReadFile(report); r.code != cli.Rejected || err != nil || !bytes.Contains(text, []byte(`{"file":"projects.csv","line":7,"column":"totalCost","reason":"\"12 euros\" is no amount"}`)) {
		t.Errorf("of CORDIS: exit code %d, %s, %v", r.code, text, err)
	}
	r = run(t, "import", "jsonl", write(t, "a.jsonl", sample), "--report", t.TempDir(), "--store", address)
	if r.code != cli.Failed || !oneLine(r) {
		t.Errorf("a report that is a folder: exit code %d, %s", r.code, r.err)
	}
}

func TestAReportThatCannotBeWrittenIsAFailure(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("this system has no " + full)
	}
	address, _ := storeIn(t)
	r := command{args: []string{"import", "jsonl", "-", "--report", full, "--store", address}, stdin: spoilt}.run(t)
	if r.code != cli.Failed || !strings.HasPrefix(r.err, "maillage: imported, but the report cannot be written: ") {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	address, path := storeIn(t)
	r := command{args: []string{"import", "jsonl", "-", "--dry-run", "--store", address}, stdin: spoilt}.run(t)
	if r.code != cli.Rejected || !strings.HasSuffix(r.err, "checked, nothing written: 2 changes fit the model, 2 rows rejected\n") {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 0 {
		t.Errorf("in the folder of the store: %v, %v", entries, err)
	}
	mustRun(t, "import", "jsonl", write(t, "a.jsonl", sample), "--store", address)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	mustRun(t, "import", "builtin", "--dry-run", "--store", address)
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file has changed: %v", err)
	}
}

func TestFilesThatCannotBeReadAreFailures(t *testing.T) {
	address, _ := storeIn(t)
	missing := filepath.Join(t.TempDir(), "missing")
	for _, args := range [][]string{
		{"import", "jsonl", missing},
		{"import", "jsonl", write(t, "broken.gz", "\x1f\x8bxx")},
		{"import", "jsonl", t.TempDir()},
		{"import", "cordis", missing},
		{"export", "jsonl", filepath.Join(missing, "a.jsonl")},
	} {
		if r := run(t, append(args, "--store", address)...); r.code != cli.Failed || !oneLine(r) {
			t.Errorf("%v: exit code %d, %s", args, r.code, r.err)
		}
	}
	r := run(t, "import", "cordis", write(t, "other.csv", "a,b\n1,2\n"), "--store", address)
	if r.code != cli.Rejected || !strings.HasPrefix(r.err, "rejected: other.csv: its header is that of no CORDIS file\n") {
		t.Errorf("a file of another kind: exit code %d, %s", r.code, r.err)
	}
}

func TestAnExportThatFailsLeavesTheFileAsItWas(t *testing.T) {
	address, _ := storeIn(t)
	file := write(t, "graph.jsonl", "as it was")
	if err := os.Mkdir(file+".part", 0o755); err != nil { // in the way of the working file
		t.Fatal(err)
	}
	if r := run(t, "export", "jsonl", file, "--store", address); r.code != cli.Failed || !oneLine(r) {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "as it was" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

func TestSourcesAreRegisteredAndTakenAway(t *testing.T) {
	address, _ := storeIn(t)
	const facts = `{"id":"claim:1","properties":{"derivation":"EXPLICIT","passages":[{"endOffset":4,"startOffset":0}],"predicate":"NAME","stance":"STATED","status":"CURRENT","subject":"org:siren:1"},"records":[{"locator":"0-4","source":"source:a"}],"type":"Claim"}
{"id":"org:siren:1","properties":{"name":"Élan"},"records":[{"locator":"0-4","source":"source:a"}],"type":"Organization"}
{"id":"source:a","properties":{"sha256":"14e5419a3063767f90a6ee4d132a095ec780f77474db40381f14d7854f63c546","title":"A"},"records":[{"locator":"1","source":"source:a"}],"type":"Source"}
{"from":"claim:1","records":[{"locator":"0-4","source":"source:a"}],"to":"source:a","type":"FROM"}
`
	file := write(t, "facts.jsonl", facts)
	mustRun(t, "import", "jsonl", file, "--store", address)
	for _, c := range []struct {
		args []string
		code int
		said string
	}{
		{[]string{"source"}, cli.Usage, "say what to do with sources"},
		{[]string{"source", "add", file}, cli.Usage, "--source ID"},
		{[]string{"source", "add", "/nowhere/a.txt", "--source", "source:a"}, cli.Failed, "/nowhere/a.txt"},
		{[]string{"source", "add", file, "--source", "source:a"}, cli.Failed, "the file is not the text of \"source:a\": its SHA-256 is "},
		{[]string{"source", "add", write(t, "a.txt", "Élan avance."), "--source", "source:a"}, cli.Done, "1 quotes, 1 claims changed"},
		{[]string{"source", "remove", "source:a", "--dry-run"}, cli.Done, "nothing changed; this would go: 3 nodes and 1 relationships"},
		{[]string{"source", "remove", "source:a"}, cli.Done, "3 nodes and 1 relationships that only source:a supports, 0 others restored"},
		{[]string{"source", "remove", "source:a"}, cli.Done, "0 nodes and 0 relationships"},
	} {
		r := run(t, append(c.args, "--store", address)...)
		if r.code != c.code || !strings.Contains(r.err, c.said) {
			t.Errorf("%v: exit code %d, %s", c.args, r.code, r.err)
		}
	}
	if r := mustRun(t, "export", "jsonl", "--store", address); r.out != "" {
		t.Errorf("left: %s", r.out)
	}
}
