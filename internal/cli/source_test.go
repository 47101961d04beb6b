package cli_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/cli"
)

func TestSourcesAreListed(t *testing.T) {
	address, _ := storeIn(t)
	lines := `{"id":"claim:1","properties":{"derivation":"EXPLICIT","predicate":"NAME","stance":"STATED","status":"CURRENT","subject":"org:siren:1"},"type":"Claim"}
{"id":"source:a","properties":{"title":"<A>"},"type":"Source"}
{"id":"source:b","properties":{"precedence":3,"publishedAt":"2019-03","publisher":"P","sha256":"` + strings.Repeat("0", 64) + `","title":"B","url":"https://b.example"},"type":"Source"}
{"from":"claim:1","to":"source:b","type":"FROM"}
`
	mustRun(t, "import", "jsonl", write(t, "sources.jsonl", lines), "--store", address)
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"table", nil, "ID        PRECEDENCE  CLAIMS  PUBLISHED  TITLE\nsource:a  0           0                  <A>\nsource:b  3           1       2019-03    B\n"},
		{"json", []string{"--output", "json"}, `[
  {
    "id": "source:a",
    "title": "<A>",
    "publisher": null,
    "publishedAt": null,
    "url": null,
    "sha256": null,
    "precedence": 0,
    "claims": 0
  },
  {
    "id": "source:b",
    "title": "B",
    "publisher": "P",
    "publishedAt": "2019-03",
    "url": "https://b.example",
    "sha256": "` + strings.Repeat("0", 64) + `",
    "precedence": 3,
    "claims": 1
  }
]
`},
	} {
		r := command{args: append([]string{"source", "list", "--store", address}, c.args...)}.run(t)
		if d := cmp.Diff(c.want, r.out); d != "" || r.code != cli.Done {
			t.Errorf("%s: exit code %d, %s (-want +got):\n%s", c.name, r.code, r.err, d)
		}
	}
	if r := (command{args: []string{"source", "list", "--output", "xml", "--store", address}}).run(t); r.code != cli.Usage || !strings.Contains(r.err, "write table or json") {
		t.Errorf("another output: exit code %d, %s", r.code, r.err)
	}
}

// More sources than a page holds are listed whole.
func TestManySourcesAreListed(t *testing.T) {
	address, _ := storeIn(t)
	var lines strings.Builder
	for i := range 205 {
		lines.WriteString(`{"id":"source:` + strings.Repeat("x", i+1) + `","properties":{"title":"T"},"type":"Source"}` + "\n")
	}
	mustRun(t, "import", "jsonl", write(t, "sources.jsonl", lines.String()), "--store", address)
	r := command{args: []string{"source", "list", "--store", address}}.run(t)
	if n := strings.Count(r.out, "\nsource:"); n != 205 {
		t.Errorf("%d sources are listed, want 205", n)
	}
}
