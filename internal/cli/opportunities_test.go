package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/cli"
)

// The boiler house needs waste wood, which the sawmill offers, both without an end:
// see package match.
func TestOpportunitiesAreShownWithTheirReasons(t *testing.T) {
	address, _ := storeIn(t)
	mustRun(t, "import", "jsonl", "../match/testdata/invented.jsonl", "--store", address)
	opportunities := func(args ...string) result {
		t.Helper()
		return mustRun(t, append([]string{"opportunities", "--store", address}, args...)...)
	}
	r := opportunities("org:example:boiler", "--lang", "en")
	for _, want := range []string{
		"resource  Sawdust (invented) (offer:example:dust)\n",
		"Waste wood to burn (invented) ↔ Invented Sawmill (invented)\n",
		"+0.50  what one gives off the other can use (03 01 05): Waste wood to burn (invented), Sawdust (invented)\n",
		"+0.50  quantities agree to 50 %\n",
		"+0.25  stands without an end\n",
		"+0.03  843 km away\n",
	} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	if want := "need and offer: it has declared no need and no offer of this kind\n"; !strings.Contains(r.err, want) {
		t.Errorf("%s", r.err)
	}
	if r = opportunities("Invented Boiler House", "--lang", "fr", "--kinds", "resource"); !strings.Contains(r.out, "valable sans limite de date") {
		t.Errorf("%s", r.out)
	}
	cells, err := csv.NewReader(strings.NewReader(opportunities("org:example:boiler", "--output", "csv").out)).ReadAll()
	if err != nil || len(cells) != 2 || cells[1][0] != "RESOURCE" || cells[1][5] != "org:example:sawmill" {
		t.Errorf("as CSV: %q, %v", cells, err)
	}
	var list []struct{ Reasons []struct{ Code string } }
	if err := json.Unmarshal([]byte(opportunities("org:example:boiler", "--output", "json").out), &list); err != nil || len(list) != 1 || len(list[0].Reasons) != 4 {
		t.Errorf("as JSON: %+v, %v", list, err)
	}
	if r := opportunities("org:example:boiler", "--output", "jsonl"); strings.Count(r.out, "\n") != 1 || !json.Valid([]byte(r.out)) {
		t.Errorf("as JSON Lines: %s%s", r.out, r.err)
	}
	for _, c := range []struct {
		args []string
		want string
		code int
	}{
		{[]string{"org:example:nobody"}, "there is no organisation org:example:nobody in ", cli.Failed},
		{[]string{"org:example:boiler", "--kinds", "lottery"}, "LOTTERY", cli.Usage},
		{[]string{"org:example:boiler", "--first", "51"}, "first", cli.Usage},
		{[]string{"org:example:boiler", "--output", "xml"}, "--output xml: write table, json, csv or jsonl", cli.Usage},
	} {
		r := command{args: append([]string{"opportunities", "--store", address}, c.args...)}.run(t)
		if r.code != c.code || !strings.Contains(r.err, c.want) || r.out != "" {
			t.Errorf("%v: exit code %d, %s%s", c.args, r.code, r.out, r.err)
		}
	}
}
