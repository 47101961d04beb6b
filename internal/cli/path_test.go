package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/cli"
)

// Alpha and Beta share two projects, Beta is a subsidiary of Gamma, and Delta knows
// nobody:
//
//	Alpha ─ A, B ─ Beta ─ SUBSIDIARY_OF → Gamma     Delta
const introduced = `{"id":"org:x:alpha","properties":{"displayName":"Alpha","name":"Alpha"},"type":"Organization"}
{"id":"org:x:beta","properties":{"displayName":"Beta","name":"Beta"},"type":"Organization"}
{"id":"org:x:delta","properties":{"displayName":"Delta","name":"Delta"},"type":"Organization"}
{"id":"org:x:gamma","properties":{"displayName":"Gamma","name":"Gamma"},"type":"Organization"}
{"id":"org:x:gamma-2","properties":{"displayName":"Gamma","name":"Gamma"},"type":"Organization"}
{"id":"project:1","properties":{"from":"2020","label":"A"},"type":"Project"}
{"id":"project:2","properties":{"from":"2020","label":"B"},"type":"Project"}
{"from":"org:x:alpha","to":"project:1","type":"PARTICIPATES_IN"}
{"from":"org:x:alpha","to":"project:2","type":"PARTICIPATES_IN"}
{"from":"org:x:beta","to":"project:1","type":"PARTICIPATES_IN"}
{"from":"org:x:beta","to":"project:2","type":"PARTICIPATES_IN"}
{"from":"org:x:beta","to":"org:x:gamma","type":"SUBSIDIARY_OF"}
`

func TestPathsAreShownWithWhatTies(t *testing.T) {
	address, _ := storeIn(t)
	mustRun(t, "import", "jsonl", write(t, "introduced.jsonl", introduced), "--store", address)
	path := func(args ...string) result {
		t.Helper()
		return mustRun(t, append([]string{"path", "--store", address}, args...)...)
	}
	for lang, want := range map[string]string{
		"en": ` 1   1.21  Alpha – Beta – Gamma
     0.41    Alpha → Beta: projects in common: A, B
     0.81    Beta → Gamma: is a subsidiary of it
`,
		"fr": ` 1   1.21  Alpha – Beta – Gamma
     0.41    Alpha → Beta: des projets en commun : A, B
     0.81    Beta → Gamma: en est une filiale
`,
	} {
		if r := path("alpha", "org:x:gamma", "--lang", lang); r.out != want || r.err != "alpha: org:x:alpha, Alpha\n" {
			t.Errorf("%s: %s%s", lang, r.out, r.err)
		}
	}
	if r := path("org:x:gamma", "org:x:alpha", "--through", "subsidiary-of,participates_in"); !strings.Contains(r.out, "Gamma → Beta: is its parent\n") {
		t.Errorf("and back: %s", r.out)
	}
	for _, args := range [][]string{{"--max-steps", "1"}, {"--through", "participates_in"}, {"--avoid", "Beta"}} {
		r := path(append([]string{"org:x:alpha", "org:x:gamma"}, args...)...)
		if r.out != "" || !strings.Contains(r.err, "there is no way from org:x:alpha to org:x:gamma within ") {
			t.Errorf("%v: %s%s", args, r.out, r.err)
		}
	}
	cells, err := csv.NewReader(strings.NewReader(path("org:x:alpha", "org:x:gamma", "--output", "csv").out)).ReadAll()
	if err != nil || len(cells) != 3 || !cmp.Equal(cells[1], []string{"1", "1", "org:x:alpha", "Alpha", "org:x:beta", "Beta", "0.405465", "2", "project:1; project:2"}) {
		t.Errorf("as CSV: %q, %v", cells, err)
	}
	var list []struct {
		Weight float64
		Steps  []struct{ Ties []struct{ Kind string } }
	}
	if err := json.Unmarshal([]byte(path("org:x:alpha", "org:x:gamma", "--output", "json").out), &list); err != nil || len(list) != 1 || len(list[0].Steps) != 2 {
		t.Errorf("as JSON: %+v, %v", list, err)
	}
	if r := path("org:x:alpha", "org:x:gamma", "--output", "jsonl"); strings.Count(r.out, "\n") != 1 || !json.Valid([]byte(r.out)) {
		t.Errorf("as JSON Lines: %s", r.out)
	}
	if r := path("org:x:alpha", "org:x:delta", "--output", "json"); r.out != "[]\n" {
		t.Errorf("to whom nobody leads: %s", r.out)
	}
}

func TestPathsThatCannotBeAskedFor(t *testing.T) {
	address, _ := storeIn(t)
	mustRun(t, "import", "jsonl", write(t, "introduced.jsonl", introduced), "--store", address)
	for _, c := range []struct {
		args []string
		want string
		code int
	}{
		{[]string{"alpha", "gamma"}, `"gamma" may be any of org:x:gamma (Gamma), org:x:gamma-2 (Gamma): name one by its id`, cli.Usage},
		{[]string{"alpha", "omega"}, `no organisation is called "omega" in `, cli.Failed},
		{[]string{"alpha", "beta", "--max-steps", "99"}, "maxSteps", cli.Usage},
		{[]string{"alpha", "beta", "--first", "11"}, "first", cli.Usage},
		{[]string{"alpha", "alpha"}, "org:x:alpha", cli.Usage},
		{[]string{"alpha", "org:x:omega"}, "org:x:omega", cli.Usage},
		{[]string{"alpha", "beta", "--through", "knows"}, "KNOWS", cli.Usage},
		{[]string{"alpha", "beta", "--output", "xml"}, "--output xml: write table, json, csv or jsonl", cli.Usage},
		{[]string{"alpha", "beta", "--lang", "de"}, "--lang de: write fr or en", cli.Usage},
	} {
		r := command{args: append([]string{"path", "--store", address}, c.args...)}.run(t)
		if r.code != c.code || !strings.Contains(r.err, c.want) || r.out != "" {
			t.Errorf("%v: exit code %d, %s%s", c.args, r.code, r.out, r.err)
		}
	}
}
