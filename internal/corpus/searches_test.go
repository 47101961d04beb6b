package corpus

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maillage/maillage/graph"
)

// searchesFile holds searches with what should come first.
const searchesFile = "searches.tsv"

// searchFor is a search with what it should find: an id, or "-" for nothing.
type searchFor struct{ text, want string }

func readSearches(t *testing.T) (out []searchFor) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", searchesFile))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		text, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if ok {
			out = append(out, searchFor{text, want})
		} else if !strings.HasPrefix(line, "# ") {
			t.Fatalf("%s: %q is neither a search with its result nor a heading", searchesFile, line)
		}
	}
	return out
}

const fiveBest = `query($text: String!) { search(text: $text, first: 5) { totalCount { value atLeast } edges { cursor tier highlights { field value start end } node { id } } } }`

// five answers a search.
func (s *service) five(t *testing.T, text string) (answer []byte, ids []string) {
	t.Helper()
	answer, ok := graph.Execute(t.Context(), s.schema, options(), fiveBest, "", map[string]any{"text": text})
	var found struct {
		Data struct {
			Search struct {
				Edges []struct{ Node struct{ ID string } }
			}
		}
	}
	if err := json.Unmarshal(answer, &found); err != nil || !ok {
		t.Fatalf("%q: %v in %s", text, err, answer)
	}
	for _, e := range found.Data.Search.Edges {
		ids = append(ids, e.Node.ID)
	}
	return answer, ids
}

// findsFirst asks all searches: 95 in 100 must have what they should find in the
// first place, and all among the first five.
func (s *service) findsFirst(t *testing.T) {
	all := readSearches(t)
	first := 0
	for _, c := range all {
		_, ids := s.five(t, c.text)
		switch {
		case c.want == "-" && len(ids) == 0, len(ids) > 0 && ids[0] == c.want:
			first++
		case slices.Contains(ids, c.want):
			t.Logf("%q finds %s behind %s", c.text, c.want, ids[0])
		default:
			t.Errorf("%q finds %q, want %s", c.text, ids, c.want)
		}
	}
	if len(all) < 120 || 100*first < 95*len(all) {
		t.Errorf("%d of %d searches find first what they should", first, len(all))
	}
	t.Logf("%d of %d searches find first what they should", first, len(all))
}

// findsLike asks all searches of this service and of another over the same graph:
// the answers must be equal to the byte.
func (s *service) findsLike(t *testing.T, reference *service) {
	for _, c := range readSearches(t) {
		got, _ := s.five(t, c.text)
		if want, _ := reference.five(t, c.text); !bytes.Equal(want, got) {
			t.Errorf("%q: the response differs from SQLite's:\n%s\n%s", c.text, want, got)
		}
	}
}
