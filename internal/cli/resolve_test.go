package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/cli"
)

// twice is an organisation under two ids, and one of its name elsewhere.
const twice = `{"id":"org:pic:1","properties":{"city":"Sète","country":"FR","name":"ACME SAS","pic":"1"},"type":"Organization"}
{"id":"org:x:acme","properties":{"country":"FR","name":"Acme"},"type":"Organization"}
{"id":"org:x:elsewhere","properties":{"country":"BE","name":"Acmé"},"type":"Organization"}
{"id":"project:1","properties":{"acronym":"A"},"type":"Project"}
{"from":"org:x:acme","to":"project:1","type":"PARTICIPATES_IN"}
`

func TestResolveListsMergesAndTakesBack(t *testing.T) {
	address, _ := storeIn(t)
	mustRun(t, "import", "jsonl", write(t, "twice.jsonl", twice), "--store", address)
	before := mustRun(t, "export", "jsonl", "--store", address).out

	table := `0.95 merge  org:x:acme "Acme"
     into   org:pic:1 "ACME SAS"
            0.75 the same name, "ACME SAS", but for marks and legal forms; 0.20 the same country, FR
`
	if r := mustRun(t, "resolve", "--store", address); r.out != table || r.err != "" {
		t.Errorf("listed %s%s", r.out, r.err)
	}
	if r := mustRun(t, "resolve", "--threshold", "1", "--store", address); !strings.HasPrefix(r.out, "0.95 look   org:x:acme") {
		t.Errorf("listed below the threshold: %s", r.out)
	}
	if r := mustRun(t, "resolve", "--except", "org:x:acme", "--output", "json", "--store", address); r.out != "[]\n" {
		t.Errorf("listed without it: %s", r.out)
	}
	var list []struct {
		Verdict, Score, Former, Into string
		Reasons                      []struct{ Code, Parameter, Weight string }
	}
	if err := json.Unmarshal([]byte(mustRun(t, "resolve", "--output", "json", "--store", address).out), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Former != "org:x:acme" || list[0].Score != "0.95" || list[0].Reasons[0].Code != "SAME_NAME" || list[0].Reasons[1].Weight != "0.20" {
		t.Errorf("as JSON: %+v", list)
	}
	cells, err := csv.NewReader(strings.NewReader(mustRun(t, "resolve", "--output", "csv", "--store", address).out)).ReadAll()
	if err != nil || len(cells) != 2 || !cmp.Equal(cells[1][:5], []string{"merge", "0.95", "org:x:acme", "Acme", "org:pic:1"}) {
		t.Errorf("as CSV: %q, %v", cells, err)
	}

	if r := mustRun(t, "resolve", "--apply", "--store", address); !strings.HasPrefix(r.out, "0.95 merged org:x:acme") || r.err != "1 merged in "+address+"\n" {
		t.Errorf("merged: %s%s", r.out, r.err)
	}
	answer := mustRun(t, "query", `{ organization(id: "org:x:acme") { id projects { totalCount } resolutions { nodes { former score derivation reasons } } } }`, "--store", address).out
	want := `{"data":{"organization":{"id":"org:pic:1","projects":{"totalCount":1},"resolutions":{"nodes":[{"former":"org:x:acme","score":"0.95","derivation":"INFERRED","reasons":["SAME_NAME ACME SAS +0.75","SAME_COUNTRY FR +0.20"]}]}}}}`
	if !sameJSON(t, answer, want) {
		t.Errorf("the former id answers %s", answer)
	}
	after := mustRun(t, "export", "jsonl", "--store", address).out
	if r := mustRun(t, "resolve", "--apply", "--store", address); r.out != "" || r.err != "0 merged in "+address+"\n" {
		t.Errorf("the second time: %s%s", r.out, r.err)
	}
	if again := mustRun(t, "export", "jsonl", "--store", address).out; again != after {
		t.Errorf("merging again changes\n%s", cmp.Diff(after, again))
	}
	if r := mustRun(t, "resolve", "--undo", "org:x:acme", "--store", address); r.out != "resolution:org:x:acme\n" || r.err != "1 merges taken back in "+address+"\n" {
		t.Errorf("taken back: %s%s", r.out, r.err)
	}
	if r := mustRun(t, "resolve", "--apply", "--store", address); r.out != "" || r.err != "0 merged in "+address+"\n" {
		t.Errorf("merged although it was refused: %s%s", r.out, r.err)
	}
	if r := mustRun(t, "resolve", "--store", address); !strings.HasPrefix(r.out, "0.95 apart  org:x:acme") || !strings.Contains(r.out, "0.00 their merge was taken back on ") {
		t.Errorf("listed as refused: %s", r.out)
	}
	if r := mustRun(t, "resolve", "--again", "--store", address); !strings.HasPrefix(r.out, "0.95 merge  org:x:acme") {
		t.Errorf("listed again: %s", r.out)
	}
	if r := mustRun(t, "resolve", "--apply", "--again", "--store", address); r.err != "1 merged in "+address+"\n" {
		t.Errorf("merged again: %s", r.err)
	}
	mustRun(t, "resolve", "--undo-all", "--store", address)
	if diff := cmp.Diff(before, mustRun(t, "export", "jsonl", "--store", address).out); diff != "" {
		t.Errorf("merged and taken back twice (-want +got):\n%s", diff)
	}
}

// sameJSON reports whether two texts hold the same value.
func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	for text, v := range map[string]*any{a: &x, b: &y} {
		if err := json.Unmarshal([]byte(text), v); err != nil {
			t.Fatal(err)
		}
	}
	return cmp.Equal(x, y)
}

func TestResolveSaysWhatIsWrong(t *testing.T) {
	address, _ := storeIn(t)
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--threshold", "0.2"}, cli.Usage, "--threshold 0.2: write a number from 0.50 to 1.00, with at most two decimals"},
		{[]string{"--threshold", "ten"}, cli.Usage, "--threshold ten: write a number"},
		{[]string{"--output", "xml"}, cli.Usage, "--output xml: write table, json or csv"},
		{[]string{"--apply", "--undo", "org:x:1"}, cli.Usage, "give one of --apply, --undo and --undo-all"},
		{[]string{"--undo-all", "--undo", "org:x:1"}, cli.Usage, "give one of --apply, --undo and --undo-all"},
		{[]string{"--undo", "org:x:1"}, cli.Failed, `"org:x:1" is no merge: give the id of one`},
		{[]string{"org:x:1"}, cli.Usage, "unknown command"},
	} {
		r := run(t, append(append([]string{"resolve"}, c.args...), "--store", address)...)
		if r.code != c.code || !strings.Contains(r.err, c.want) || r.out != "" {
			t.Errorf("%v: exit code %d, %s, want %s", c.args, r.code, r.err, c.want)
		}
	}
}

// TestBuiltinOrganisationsAreMergedAndTakenBack does so with all there are.
func TestBuiltinOrganisationsAreMergedAndTakenBack(t *testing.T) {
	if testing.Short() {
		t.Skip("it imports the built-in data")
	}
	address, _ := storeIn(t)
	mustRun(t, "import", "builtin", "--store", address)
	before := mustRun(t, "export", "jsonl", "--store", address).out
	if r := mustRun(t, "resolve", "--apply", "--store", address); !strings.HasPrefix(r.err, "66 merged in ") {
		t.Error(r.err)
	}
	for former, id := range map[string]string{"org:montpellier:edf": "org:pic:999926829", "org:montpellier:orange": "org:pic:999908981", "org:montpellier:ibm": "org:montpellier:ibm"} {
		if r := mustRun(t, "query", `{ organization(id: "`+former+`") { id } }`, "--store", address); !strings.Contains(r.out, `"id": "`+id+`"`) {
			t.Errorf("%s answers %s", former, r.out)
		}
	}
	mustRun(t, "resolve", "--undo-all", "--store", address)
	if after := mustRun(t, "export", "jsonl", "--store", address).out; after != before {
		t.Error("what is merged and taken back exports other bytes")
	}
}
