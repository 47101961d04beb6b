package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/cli"
)

// filled returns the address of a store that holds the sample.
func filled(t testing.TB) string {
	t.Helper()
	address, _ := storeIn(t)
	mustRun(t, "import", "jsonl", write(t, "sample.jsonl", sample), "--store", address)
	return address
}

func TestQueriesAreAnswered(t *testing.T) {
	address := filled(t)
	const byID = `query ByID($id: ID!) { organization(id: $id) { name } } query Other { stats { revision } }`
	file := write(t, "q.graphql", byID)
	for _, c := range []struct {
		name string
		command
		want string
	}{
		{"a document", command{args: []string{`{ stats { revision } }`}}, `{"stats":{"revision":1}}`},
		{"standard input", command{args: []string{"-f", "-"}, stdin: `{ stats { revision } }`}, `{"stats":{"revision":1}}`},
		{"a file and a variable", command{args: []string{"-f", file, "--operation", "ByID", "-v", "id=org:siren:1"}}, `{"organization":{"name":"<Élan> & fils"}}`},
		{"another operation", command{args: []string{"-f", file, "--operation", "Other"}}, `{"stats":{"revision":1}}`},
		{"nothing found", command{args: []string{`{ organization(id: "org:x") { name } }`}}, `{"organization":null}`},
		{"a number", command{args: []string{`query($n: Int) { places(first: $n) { nodes { name } } }`, "-v", "n=1"}}, `{"places":{"nodes":[{"name":"Sète"}]}}`},
		{"a list", command{args: []string{`query($i: [ID!]!) { nodes(ids: $i) { id } }`, "-v", `i=["place:insee:1","org:x"]`}}, `{"nodes":[{"id":"place:insee:1"},null]}`},
		{"an object", command{args: []string{`query($f: PlaceFilter) { places(filter: $f) { totalCount } }`, "-v", `f={"name":{"startsWith":"SE"}}`}}, `{"places":{"totalCount":1}}`},
		{"a text that looks like a number", command{args: []string{`query($t: String) { places(filter: {name: {eq: $t}}) { totalCount } }`, "-v", `t=1`}}, `{"places":{"totalCount":0}}`},
		{"a value with =", command{args: []string{`query($t: String) { places(filter: {name: {eq: $t}}) { totalCount } }`, "-v", `t=a=b`}}, `{"places":{"totalCount":0}}`},
	} {
		c.args = append([]string{"query", "--store", address}, c.args...)
		r := c.run(t)
		var answer struct{ Data json.RawMessage }
		if err := json.Unmarshal([]byte(r.out), &answer); err != nil || r.code != cli.Done || r.err != "" {
			t.Errorf("%s: exit code %d, %s, %s, %v", c.name, r.code, r.out, r.err, err)
			continue
		}
		var want, got any
		if json.Unmarshal([]byte(c.want), &want) != nil || json.Unmarshal(answer.Data, &got) != nil || !cmp.Equal(want, got) {
			t.Errorf("%s: %s, want %s", c.name, answer.Data, c.want)
		}
	}
}

func TestAnswersWithErrorsAreFailures(t *testing.T) {
	address := filled(t)
	for document, want := range map[string]string{
		`{ stat { revision } }`:                  `Cannot query field \"stat\"`,
		`{`:                                      "Expected Name, found \\u003cEOF\\u003e",
		`{ places(first: 1000) { totalCount } }`: "first must be 1–100, got 1000",
		`{ organization(id: "place:1") { name } }`:             "begin with \\\"org:\\\"",
		`query($n: Int!) { places(first: $n) { totalCount } }`: "must be defined",
	} {
		r := run(t, "query", "--store", address, document)
		if r.code != cli.Failed || !strings.Contains(r.out, strings.ReplaceAll(want, `\u003c`, "<")) && !strings.Contains(r.out, want) || !json.Valid([]byte(r.out)) {
			t.Errorf("%s: exit code %d, %s, %s", document, r.code, r.out, r.err)
		}
	}
}

func TestVariablesThatDoNotFitAreUsageErrors(t *testing.T) {
	const document = `query A($n: Int, $i: [ID!]) { nodes(ids: $i) { id } places(first: $n) { totalCount } }`
	for value, want := range map[string]string{
		"n":       `variable "n": write NAME=VALUE`,
		"m=1":     `variable "m=1": write NAME=VALUE, with a name that the operation declares`,
		"n=x":     `variable n is of type Int: "x" is no JSON for it`,
		"n=1abc":  `variable n is of type Int: "1abc" is no JSON for it`,
		"n=1 2":   `variable n is of type Int: "1 2" is no JSON for it`,
		"n=":      `variable n is of type Int: "" is no JSON for it`,
		"i=org:1": `variable i is of type [ID!]: "org:1" is no JSON for it`,
	} {
		r := run(t, "query", document, "-v", value)
		if r.code != cli.Usage || !oneLine(r) || !strings.Contains(r.err, want) {
			t.Errorf("-v %s: exit code %d, %s", value, r.code, r.err)
		}
	}
	for name, args := range map[string][]string{
		"no such operation": {document, "--operation", "B", "-v", "n=1"},
		"several":           {"query A($n: Int) { stats { revision } } query B { stats { revision } }", "-v", "n=1"},
	} {
		r := run(t, append([]string{"query"}, args...)...)
		if r.code != cli.Usage || !strings.Contains(r.err, "the document has no such operation, or several") {
			t.Errorf("%s: exit code %d, %s", name, r.code, r.err)
		}
	}
	if r := run(t, "query", "{", "-v", "n=1"); r.code != cli.Usage || !strings.Contains(r.err, "the document does not parse") {
		t.Errorf("no document: exit code %d, %s", r.code, r.err)
	}
	if r := run(t, "query", "-f", "/nowhere/q.graphql"); r.code != cli.Failed || !oneLine(r) {
		t.Errorf("a file that is not there: exit code %d, %s", r.code, r.err)
	}
}

func TestExplainShowsPlanStatementAndParameters(t *testing.T) {
	address := filled(t)
	r := mustRun(t, "query", "--store", address, "--explain", `{ a: place(id: "place:insee:1") { name } b: places(first: 2) { totalCount } }`)
	for _, want := range []string{
		"# field a\n\n# plan (cost 1)\n(lookup place (ids \"place:insee:1\")\n", "# field b\n\n# plan (cost 3)\n(connection places Place\n", "# statement\nselect ",
		"# parameters\n[\"place:insee:1\"]\n", "# answered 16 bytes in ", "s (rows: 1)\n", "# answered 16 bytes in ", `"name": "Sète"`, `"totalCount": 1`,
	} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%q is missing in\n%s", want, r.out)
		}
	}
	if n := strings.Count(r.out, "# statement"); n != 2 {
		t.Errorf("%d statements for two root fields", n)
	}
	if strings.Index(r.out, "# field a") > strings.Index(r.out, "# field b") || strings.Contains(r.out, "# profile") {
		t.Errorf("explained in another order, or profiled unasked:\n%s", r.out)
	}
}

// TestProfileShowsHowTheDatabaseAnswers explains too, and what is refused has
// no profile.
func TestProfileShowsHowTheDatabaseAnswers(t *testing.T) {
	r := run(t, "query", "--store", filled(t), "--profile", `{ place(id: "place:insee:1") { name } places(first: 1000) { totalCount } }`)
	for _, want := range []string{"# field place\n", "# statement\nselect ", "# profile\nQUERY PLAN\n  ", "SEARCH ", "first must be 1–100"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%q is missing in\n%s", want, r.out)
		}
	}
	if n := strings.Count(r.out, "# profile"); n != 1 || r.code != cli.Failed {
		t.Errorf("%d profiles for one root field that is answered, exit code %d", n, r.code)
	}
}

func TestShowPrintsANodeWithItsSources(t *testing.T) {
	address := filled(t)
	r := mustRun(t, "show", "org:siren:1", "--store", address)
	want := `id                   org:siren:1
name                 <Élan> & fils
aliases              a; b"\
` + "\x01" + `é
kind                 COMPANY
startup              true
location             {"latitude":43.6,"longitude":-3}
foundedIn            2019-02/2019-07

projects (1)
  project:1                                  role COORDINATOR  contribution 0.50  ended false

people (2)
  person:1                                 Ada  title présidente | 100%
  person:1                                 Ada  title trésorière  status PAST

sources (2)
  A, f:1 kind, name
  A, f:2  (inferred)
`
	if diff := cmp.Diff(want, r.out); diff != "" || r.err != "" {
		t.Errorf("said %q (-want +got):\n%s", r.err, diff)
	}
	if former := mustRun(t, "show", "org:pic:2", "--store", address); former.out != r.out {
		t.Errorf("by a former id: %s", former.out)
	}
	missing := run(t, "show", "org:x", "--store", address)
	if missing.code != cli.Failed || missing.err != "maillage: there is no node org:x in "+address+"\n" {
		t.Errorf("no node: exit code %d, %s", missing.code, missing.err)
	}
}

// TestEveryTypeCanBeShown asks for a node that is not there of each type: its
// document must pass all limits.
func TestEveryTypeCanBeShown(t *testing.T) {
	address := filled(t)
	for _, prefix := range []string{"axis", "call", "claim", "event", "figure", "need", "offer", "org", "person", "place", "practice", "project", "sector", "source", "strategy", "synergy"} {
		r := run(t, "show", prefix+":x", "--store", address)
		if r.code != cli.Failed || !strings.Contains(r.err, "there is no node") {
			t.Errorf("%s: exit code %d, %s", prefix, r.code, r.err)
		}
	}
}
