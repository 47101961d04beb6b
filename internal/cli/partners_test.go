package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/cli"
)

// TestPartnersAreSuggestedWithReasons asks whom Gamma is suggested, who knows only
// Beta: Alpha, whom Beta knows.
func TestPartnersAreSuggestedWithReasons(t *testing.T) {
	address, _ := storeIn(t)
	mustRun(t, "import", "jsonl", write(t, "introduced.jsonl", introduced+`{"from":"org:x:gamma","to":"project:2","type":"PARTICIPATES_IN"}
{"id":"project:3","properties":{"from":"2020","label":"C"},"type":"Project"}
{"from":"org:x:alpha","to":"project:3","type":"PARTICIPATES_IN"}
{"from":"org:x:delta","to":"project:3","type":"PARTICIPATES_IN"}
{"id":"sector:x:silk","properties":{"code":"silk","labelEn":"Silk","labelFr":"Soie","scheme":"THEME"},"type":"Sector"}
{"from":"org:x:delta","to":"sector:x:silk","properties":{"basis":"STATED"},"type":"ACTIVE_IN"}
{"from":"org:x:gamma","to":"sector:x:silk","properties":{"basis":"STATED"},"type":"ACTIVE_IN"}
`), "--store", address)
	partners := func(args ...string) result {
		t.Helper()
		return mustRun(t, append([]string{"partners", "--store", address}, args...)...)
	}
	r := partners("org:x:gamma", "--why")
	if !strings.Contains(r.out, "Delta") || !strings.Contains(r.out, "Gamma – Alpha – Delta") || !strings.Contains(r.out, "a partner in common: Alpha") {
		t.Errorf("%s%s", r.out, r.err)
	}
	if r := partners("org:x:gamma", "--why", "--lang", "fr"); !strings.Contains(r.out, "un partenaire en commun : Alpha") || !strings.Contains(r.out, "même domaine : Soie") {
		t.Errorf("%s%s", r.out, r.err)
	}
	var list []struct {
		Score   float64
		Reasons []struct{ Weight float64 }
	}
	if err := json.Unmarshal([]byte(partners("org:x:gamma", "--output", "json").out), &list); err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	for _, s := range list {
		sum := 0.0
		for _, r := range s.Reasons {
			sum += r.Weight
		}
		if math.Float64bits(sum) != math.Float64bits(s.Score) {
			t.Errorf("the reasons add up to %v, not to %v", sum, s.Score)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(partners("org:x:gamma", "--output", "csv").out)).ReadAll()
	if err != nil || len(rows) != len(list)+1 {
		t.Errorf("%d rows: %v", len(rows), err)
	}
	if r := partners("org:x:gamma", "--country", "FR"); r.out != "" || !strings.Contains(r.err, "nobody is suggested") {
		t.Errorf("in France: %s%s", r.out, r.err)
	}
}

// TestTheProjectionKeepsToItsMemory asks over a graph whose nodes take more than a MiB.
func TestTheProjectionKeepsToItsMemory(t *testing.T) {
	address, _ := storeIn(t)
	var lines strings.Builder
	// Ids that hardly begin alike: what is needed of the nodes alone takes too much.
	name := func(i int) string { return fmt.Sprintf("org:x:%05d%0100d", i, 0) }
	for i := range 12_000 {
		fmt.Fprintf(&lines, `{"id":%q,"properties":{"displayName":"X","name":"X"},"type":"Organization"}`+"\n", name(i))
	}
	mustRun(t, "import", "jsonl", write(t, "many.jsonl", lines.String()), "--store", address)
	id := name(0)
	const question = `query($id: ID!) { organization(id: $id) { suggestedPartners { edges { score } } } }`
	for _, args := range [][]string{
		{"partners", id}, {"path", id, name(1)}, {"opportunities", id},
	} {
		args = append(args, "--store", address)
		r := command{args: args, env: map[string]string{"MAILLAGE_PROJECTION_MEMORY": "1"}}.run(t)
		if r.code != cli.Failed || !strings.Contains(r.err, "takes more than the 1 MiB that it may: raise --projection-memory") {
			t.Errorf("%v: exit code %d, %s%s", args, r.code, r.out, r.err)
		}
	}
	query := []string{"query", question, "-v", "id=" + id, "--store", address, "--projection-memory"}
	for memory, code := range map[string]int{"1": cli.Failed, "100": cli.Done, "0": cli.Usage, "much": cli.Usage} {
		if r := (command{args: append(query, memory)}).run(t); r.code != code {
			t.Errorf("%s MiB: exit code %d, %s%s", memory, r.code, r.out, r.err)
		}
	}
}
