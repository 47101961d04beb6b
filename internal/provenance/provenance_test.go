package provenance_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/provenance"
	"github.com/maillage/maillage/internal/store"
)

// remove takes a source away, and makes sure that doing it again changes nothing.
func remove(t *testing.T, s store.Store, c *catalog.Catalog, id string) kg.Applied {
	t.Helper()
	removal, err := provenance.Remove(t.Context(), c, s, id)
	if err != nil {
		t.Fatal(err)
	}
	done, err := removal.Apply(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := provenance.Remove(t.Context(), c, s, id)
	if err != nil {
		t.Fatal(err)
	}
	if twice, err := again.Apply(t.Context(), s); err != nil || twice.Changes() != 0 {
		t.Errorf("removing %s again: %+v, %v", id, twice, err)
	}
	return done
}

// states returns what a random source states: organisations, memberships, a claim,
// and itself, each with all that it needs.
func states(r *rand.Rand, id string) string {
	var b strings.Builder
	record := func() string {
		inferred := ""
		if r.IntN(3) == 0 {
			inferred = `"derivation":"INFERRED",`
		}
		return fmt.Sprintf(`"records":[{%s"locator":"%d","source":"source:t:%s"}]`, inferred, r.IntN(4), id)
	}
	some := func(names ...string) string {
		var list []string
		for _, name := range names {
			if r.IntN(2) == 0 {
				list = append(list, fmt.Sprintf(`"%s":"%s %d"`, name, name, r.IntN(3)))
			}
		}
		return strings.Join(list, ",")
	}
	for i := range 4 {
		fmt.Fprintf(&b, `{"type":"Organization","id":"org:t:%d","properties":{%s},%s}`+"\n", i, some("name", "city", "activity", "purpose"), record())
	}
	for range 5 {
		status := []string{"CURRENT", "PAST", "PLANNED"}[r.IntN(3)]
		fmt.Fprintf(&b, `{"type":"MEMBER_OF","from":"org:t:%d","to":"org:t:%d","properties":{"status":"%s"},%s}`+"\n", r.IntN(4), r.IntN(4), status, record())
		fmt.Fprintf(&b, `{"type":"INVOLVED_IN","from":"org:t:%d","to":"org:t:%d","properties":{"role":"LEADS","status":"%s"},%s}`+"\n", r.IntN(4), r.IntN(4), status, record())
	}
	fmt.Fprintf(&b, `{"type":"Source","id":"source:t:%s","properties":{"title":"%[1]s","precedence":%d,"publishedAt":"%d"},"records":[{"locator":"itself","source":"source:t:%[1]s"}]}`+"\n", id, r.IntN(2), 2018+r.IntN(2))
	fmt.Fprintf(&b, `{"type":"Claim","id":"claim:t:%s","properties":{"subject":"org:t:1","predicate":"NAME","status":"CURRENT","stance":"STATED","derivation":"EXPLICIT"},%s}`+"\n", id, record())
	fmt.Fprintf(&b, `{"type":"FROM","from":"claim:t:%s","to":"source:t:%[1]s"}`+"\n", id)
	fmt.Fprintf(&b, `{"type":"SUBJECT","from":"claim:t:%s","to":"org:t:1",%s}`+"\n", id, record())
	return b.String()
}

// TestARemovedSourceHasNeverBeen imports random sources in random orders: what is
// left after some are removed is what there is when they were never imported, and
// importing them again brings all back.
func TestARemovedSourceHasNeverBeen(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 3))
	rounds := 25
	if testing.Short() {
		rounds = 6
	}
	for round := range rounds {
		var says []string
		for i := range 2 + r.IntN(4) {
			says = append(says, states(r, fmt.Sprint(i)))
		}
		all, c := graphtest.Open(t), catalogtest.Model(t)
		for _, i := range r.Perm(len(says)) {
			graphtest.Apply(t, all, says[i])
		}
		before := graphtest.Export(t, all)
		gone := r.IntN(1 << len(says))
		for _, i := range r.Perm(len(says)) {
			if gone>>i&1 == 1 {
				remove(t, all, c, fmt.Sprint("source:t:", i))
			}
		}
		rest := graphtest.Open(t)
		for _, i := range r.Perm(len(says)) {
			if gone>>i&1 == 0 {
				graphtest.Apply(t, rest, says[i])
			}
		}
		if d := cmp.Diff(graphtest.Export(t, rest), graphtest.Export(t, all)); d != "" {
			t.Fatalf("round %d: without %b (-never imported +removed):\n%s", round, gone, d)
		}
		for _, i := range r.Perm(len(says)) {
			graphtest.Apply(t, all, says[i])
		}
		if d := cmp.Diff(before, graphtest.Export(t, all)); d != "" {
			t.Fatalf("round %d: imported again (-before +after):\n%s", round, d)
		}
	}
}

func TestWhatOthersNeedStays(t *testing.T) {
	s, c := graphtest.Open(t), catalogtest.Model(t)
	graphtest.Apply(t, s, `{"type":"Organization","id":"org:t:a","properties":{"name":"A","city":"Sète"},"records":[{"locator":"1","source":"source:t:x"}]}
{"type":"Organization","id":"org:t:b","properties":{"name":"B"},"records":[{"locator":"1","source":"source:t:x"}]}
{"type":"Organization","id":"org:t:edited","properties":{"name":"E"},"records":[{"locator":"1","source":"source:t:x"}]}
{"type":"Organization","id":"org:t:edited","properties":{"city":"Lunel"}}
{"type":"Organization","id":"org:t:fixture","properties":{"name":"F"}}
{"type":"Place","id":"place:t:p","properties":{"kind":"SITE","name":"P","code":"1"},"records":[{"locator":"1","source":"source:t:x"}]}
{"type":"Source","id":"source:t:x","properties":{"title":"X"},"records":[{"locator":"1","source":"source:t:y"}]}
{"type":"Claim","id":"claim:t:both","properties":{"subject":"org:t:b","predicate":"NAME","status":"CURRENT","stance":"STATED","derivation":"EXPLICIT"},"records":[{"locator":"1","source":"source:t:y"}]}
{"type":"Source","id":"source:t:y","properties":{"title":"Y"}}
{"type":"FROM","from":"claim:t:both","to":"source:t:x"}
{"type":"FROM","from":"claim:t:both","to":"source:t:y"}
{"type":"MEMBER_OF","from":"org:t:b","to":"org:t:b","records":[{"locator":"1","source":"source:t:x"}]}
{"type":"LOCATED_AT","from":"org:t:a","to":"place:t:p","properties":{"kind":"SITE","status":"PAST"},"records":[{"locator":"1","properties":["kind"],"source":"source:t:x"},{"locator":"1","properties":["status"],"source":"source:t:y"}]}
`)
	remove(t, s, c, "source:t:x")
	want := `{"id":"claim:t:both","properties":{"derivation":"EXPLICIT","predicate":"NAME","stance":"STATED","status":"CURRENT","subject":"org:t:b"},"records":[{"locator":"1","source":"source:t:y"}],"type":"Claim"}
{"id":"org:t:a","type":"Organization"}
{"id":"org:t:edited","properties":{"city":"Lunel"},"type":"Organization"}
{"id":"org:t:fixture","properties":{"name":"F"},"type":"Organization"}
{"id":"place:t:p","properties":{"kind":"SITE","name":"P"},"type":"Place"}
{"id":"source:t:x","properties":{"title":"X"},"records":[{"locator":"1","source":"source:t:y"}],"type":"Source"}
{"id":"source:t:y","properties":{"title":"Y"},"type":"Source"}
{"from":"claim:t:both","to":"source:t:x","type":"FROM"}
{"from":"claim:t:both","to":"source:t:y","type":"FROM"}
{"from":"org:t:a","properties":{"status":"PAST"},"records":[{"locator":"1","source":"source:t:y"}],"to":"place:t:p","type":"LOCATED_AT"}
`
	if d := cmp.Diff(want, graphtest.Export(t, s)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

const text = "\ufeffÀ Sète 😀, Alpha a été créée en 2011."

func TestTextsFillQuotes(t *testing.T) {
	s, c := graphtest.Open(t), catalogtest.Model(t)
	sum := sha256.Sum256([]byte(text))
	lines := fmt.Sprintf(`{"type":"Source","id":"source:t:x","properties":{"title":"X","sha256":"%s"},"records":[{"locator":"1","source":"source:t:x"}]}
{"type":"Source","id":"source:t:bare","properties":{"title":"Bare"}}
{"type":"Claim","id":"claim:t:1","properties":{"subject":"org:t:a","predicate":"FOUNDED_IN","status":"CURRENT","stance":"STATED","derivation":"EXPLICIT","passages":[{"startOffset":32,"endOffset":36},{"startOffset":8,"endOffset":9}]},"records":[{"locator":"1","source":"source:t:x"}]}
{"type":"Claim","id":"claim:t:2","properties":{"subject":"org:t:a","predicate":"NAME","status":"CURRENT","stance":"STATED","derivation":"EXPLICIT","passages":[{"startOffset":0,"endOffset":1}]},"records":[{"locator":"1","source":"source:t:other"}]}
`, hex.EncodeToString(sum[:]))
	graphtest.Apply(t, s, lines)
	bare := graphtest.Export(t, s)
	for name, bad := range map[string]struct{ source, text, want string }{
		"another text":   {"source:t:x", text + ".", "SHA-256"},
		"without a sum":  {"source:t:bare", text, "no sha256"},
		"another source": {"source:t:absent", text, "source:t:absent"},
	} {
		_, _, err := provenance.Register(t.Context(), s, bad.source, []byte(bad.text))
		if err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if graphtest.Export(t, s) != bare {
		t.Error("a text that is refused changes the graph")
	}
	quotes, _, err := provenance.Register(t.Context(), s, "source:t:x", []byte(text))
	registered := graphtest.Export(t, s)
	if err != nil || quotes != 2 || !strings.Contains(registered, `"passages":[{"endOffset":36,"quote":"2011","startOffset":32},{"endOffset":9,"quote":"😀","startOffset":8}]`) {
		t.Errorf("%d quotes, %v:\n%s", quotes, err, registered)
	}
	if _, done, err := provenance.Register(t.Context(), s, "source:t:x", []byte(text)); err != nil || done.Changes() != 0 {
		t.Errorf("again: %+v, %v", done, err)
	}
	graphtest.Apply(t, s, lines) // an import does not take quotes away
	if d := cmp.Diff(registered, graphtest.Export(t, s)); d != "" {
		t.Error(d)
	}
	remove(t, s, c, "source:t:x")
	graphtest.Apply(t, s, lines)
	if d := cmp.Diff(bare, graphtest.Export(t, s)); d != "" {
		t.Errorf("imported again (-want +got):\n%s", d)
	}
	graphtest.Apply(t, s, strings.ReplaceAll(lines, `"endOffset":36`, `"endOffset":370`))
	if _, _, err := provenance.Register(t.Context(), s, "source:t:x", []byte(text)); err == nil || !strings.Contains(err.Error(), "claim:t:1 cites characters 32 to 370 of a text of 37") {
		t.Errorf("a passage outside of the text: %v", err)
	}
}
