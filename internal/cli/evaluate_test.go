package cli_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/cli"
)

// circles is a graph of organisations in four circles, who meet in projects of
// 2014 to 2020, most of them within their circle.
func circles() string {
	var b strings.Builder
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 60 {
		fmt.Fprintf(&b, `{"id":"org:x:%d","properties":{"country":"%s","kind":"COMPANY"},"type":"Organization"}`+"\n", i, []string{"FR", "DE"}[i%2])
	}
	for p := range 200 {
		fmt.Fprintf(&b, `{"id":"project:x:%d","properties":{"from":"%d-03-01"},"type":"Project"}`+"\n", p, 2014+r.IntN(7))
		circle := r.IntN(4)
		for _, i := range r.Perm(15)[:4] {
			if r.IntN(10) == 0 {
				circle = r.IntN(4)
			}
			fmt.Fprintf(&b, `{"from":"org:x:%d","to":"project:x:%d","type":"PARTICIPATES_IN"}`+"\n", 4*i+circle, p)
		}
	}
	return b.String()
}

func TestPartnersAreTrainedAndEvaluated(t *testing.T) {
	graph := write(t, "circles.jsonl", circles())
	model := filepath.Join(t.TempDir(), "model.json")
	mustRun(t, "train", "partners", "--until", "2016", "--out", model, graph)
	mustRun(t, "train", "partners", "--until", "2016", "--out", model+"2", graph)
	text := read(t, model)
	if text != read(t, model+"2") || !strings.Contains(text, "Learned from the new partners of 2017 and 2018, as of the end of 2016, with seed 1.") {
		t.Errorf("trained:\n%s", text)
	}

	if picture := mustRun(t, "train", "plot", "--model", model).out; !strings.HasPrefix(picture, "<svg ") || picture == mustRun(t, "train", "plot").out {
		t.Errorf("drawn:\n%s", picture)
	}

	args := []string{"evaluate", "partners", "--train-until", "2018", "--test", "2019-2020", "--queries", "30", "--model", model, graph}
	table := mustRun(t, args...).out
	for _, want := range []string{"all (30)", "1 to 9 partners (", "companies (30)", "hard: among", "popularity", "Adamic-Adar", "PageRank", "suggested, by default"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %q:\n%s", want, table)
		}
	}
	var results []struct {
		Method string
		All    struct {
			Queries int
			Hit10   struct{ Mean, Low, High float64 }
		}
	}
	if err := json.Unmarshal([]byte(mustRun(t, append(args, "--output", "json", "--alone")...).out), &results); err != nil {
		t.Fatal(err)
	}
	if len(results) != 2 || results[0].All.Queries != 30 || results[0].All.Hit10.Mean < .3 || results[0].All.Hit10.Low > results[0].All.Hit10.Mean {
		t.Errorf("%+v", results)
	}
}

func TestEvaluateSaysWhatIsWrong(t *testing.T) {
	graph := write(t, "circles.jsonl", circles())
	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"train"}, cli.Usage, "say what to train: partners FILES"},
		{[]string{"evaluate"}, cli.Usage, "say what to evaluate: partners FILES"},
		{[]string{"evaluate", "partners", "--test", "2018-2019", graph}, cli.Usage, "--test 2018-2019: write the years after --train-until, such as 2019-2022"},
		{[]string{"evaluate", "partners", "--queries", "0", graph}, cli.Usage, "--queries 0: write a number from 1"},
		{[]string{"evaluate", "partners", "--output", "csv", graph}, cli.Usage, "--output csv: write table or json"},
		{[]string{"evaluate", "partners", "--model", graph, graph}, cli.Failed, `circles.jsonl: json: unknown field "id"`},
		{[]string{"evaluate", "partners", "--train-until", "2030", "--test", "2031-2032", graph}, cli.Failed, "nobody came to work together in the years of the test"},
		{[]string{"train", "partners", "--until", "2030", graph}, cli.Failed, "nobody came to work together in the years to learn from"},
	} {
		if r := run(t, test.args...); r.code != test.code || !strings.Contains(r.err, test.want) {
			t.Errorf("%v: exit code %d, %s", test.args, r.code, r.err)
		}
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestThePlotOfTheModelIsInTheDocs: the picture of the model inside the program
// is that of the documentation.
func TestThePlotOfTheModelIsInTheDocs(t *testing.T) {
	if drawn := mustRun(t, "train", "plot").out; drawn != read(t, "../../docs/steps.svg") {
		t.Error("docs/steps.svg is another picture: write it with go run ./cmd/maillage train plot --out docs/steps.svg")
	}
}
