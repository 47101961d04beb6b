package resolve_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/resolve"
	"github.com/maillage/maillage/internal/store"
)

// now is the clock of the tests.
func now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// fixture returns a resolver of a store that holds some JSON Lines.
func fixture(t *testing.T, lines string) *resolve.Resolver {
	t.Helper()
	r := &resolve.Resolver{Store: graphtest.Open(t), Catalog: catalogtest.Model(t), Now: now}
	graphtest.Apply(t, r.Store, lines)
	return r
}

// twins are two organisations that are one:
//
//	 person:1 ──présidente──▶ org:pic:1 ──▶ project:1, project:2
//	 person:1 ──présidente──▶ org:x:acme ──▶ project:2, project:3
//	claim:1 ──subject──▶ org:x:acme ──member of──▶ org:x:club
const twins = `{"id":"claim:1","properties":{"derivation":"EXPLICIT","predicate":"MEMBER_OF","stance":"STATED","status":"CURRENT","subject":"org:x:acme","value":"org:x:club"},"type":"Claim"}
{"id":"org:pic:1","properties":{"country":"FR","name":"ACME SAS","pic":"1"},"records":[{"locator":"1","source":"source:a"}],"type":"Organization"}
{"formerIds":["org:x:older"],"id":"org:x:acme","properties":{"city":"Sète","country":"FR","name":"Acme"},"records":[{"locator":"7","source":"source:b"}],"type":"Organization"}
{"id":"org:x:club","properties":{"name":"Club"},"type":"Organization"}
{"id":"person:1","properties":{"name":"Ada"},"type":"Person"}
{"id":"project:1","properties":{"acronym":"A"},"type":"Project"}
{"id":"project:2","properties":{"acronym":"B"},"type":"Project"}
{"id":"project:3","properties":{"acronym":"C"},"type":"Project"}
{"id":"source:a","properties":{"title":"A"},"type":"Source"}
{"id":"source:b","properties":{"title":"B"},"type":"Source"}
{"from":"person:1","properties":{"title":"présidente"},"records":[{"locator":"2","source":"source:a"}],"to":"org:pic:1","type":"HAS_ROLE_AT"}
{"from":"person:1","properties":{"from":"2019","title":"présidente"},"to":"org:x:acme","type":"HAS_ROLE_AT"}
{"from":"org:x:acme","properties":{"seat":4},"records":[{"locator":"8","source":"source:b"}],"to":"org:x:club","type":"MEMBER_OF"}
{"from":"org:pic:1","properties":{"role":"COORDINATOR"},"records":[{"locator":"3","source":"source:a"}],"to":"project:1","type":"PARTICIPATES_IN"}
{"from":"org:pic:1","properties":{"role":"PARTICIPANT"},"records":[{"locator":"4","source":"source:a"}],"to":"project:2","type":"PARTICIPATES_IN"}
{"from":"org:x:acme","properties":{"contribution":"5.00"},"records":[{"locator":"9","source":"source:b"}],"to":"project:2","type":"PARTICIPATES_IN"}
{"from":"org:x:acme","properties":{"role":"OWNER"},"records":[{"locator":"10","source":"source:b"}],"to":"project:3","type":"PARTICIPATES_IN"}
{"from":"claim:1","to":"org:x:acme","type":"SUBJECT"}
`

func TestMergingMovesWhatTheFormerHad(t *testing.T) {
	r := fixture(t, twins)
	before := graphtest.Export(t, r.Store)
	done, err := r.Apply(t.Context(), resolve.Threshold)
	if err != nil || len(done) != 1 || done[0].Former != "org:x:acme" || done[0].Into != "org:pic:1" || done[0].Score != 95 {
		t.Fatalf("%+v, %v", done, err)
	}
	merged := graphtest.Export(t, r.Store)
	for _, line := range []string{
		`{"formerIds":["org:x:acme","org:x:older"],"id":"org:pic:1","properties":{"city":"Sète","country":"FR","name":"ACME SAS","pic":"1"},"records":[{"locator":"1","properties":["country","name","pic"],"source":"source:a"},{"locator":"7","overridden":{"name":"Acme"},"properties":["city","country","name"],"source":"source:b"}],"type":"Organization"}`,
		`{"from":"person:1","properties":{"from":"2019","title":"présidente"},"records":[{"locator":"2","properties":["title"],"source":"source:a"}],"to":"org:pic:1","type":"HAS_ROLE_AT"}`,
		`{"from":"org:pic:1","properties":{"seat":4},"records":[{"locator":"8","source":"source:b"}],"to":"org:x:club","type":"MEMBER_OF"}`,
		`{"from":"org:pic:1","properties":{"contribution":"5.00","role":"PARTICIPANT"},"records":[{"locator":"4","properties":["role"],"source":"source:a"},{"locator":"9","properties":["contribution"],"source":"source:b"}],"to":"project:2","type":"PARTICIPATES_IN"}`,
		`{"from":"org:pic:1","properties":{"role":"OWNER"},"records":[{"locator":"10","source":"source:b"}],"to":"project:3","type":"PARTICIPATES_IN"}`,
		`{"from":"resolution:org:x:acme","to":"org:pic:1","type":"RESOLVED_INTO"}`,
		`{"id":"claim:1","properties":{"derivation":"EXPLICIT","predicate":"MEMBER_OF","stance":"STATED","status":"CURRENT","subject":"org:pic:1","value":"org:x:club"},"type":"Claim"}`,
		`"decidedAt":"2026-03-01T12:00:00Z","derivation":"INFERRED","former":"org:x:acme","method":"resolve 1: identifiers, names and country","reasons":["SAME_NAME ACME SAS +0.75","SAME_COUNTRY FR +0.20"],"score":"0.95","sequence":1},"type":"Resolution"}`,
	} {
		if !strings.Contains(merged, line+"\n") {
			t.Errorf("there is no\n%s\nin\n%s", line, merged)
		}
	}
	if strings.Contains(merged, `"from":"org:x:acme"`) || strings.Contains(merged, `"to":"org:x:acme"`) {
		t.Errorf("relationships stay with the former:\n%s", merged)
	}

	// A source that still writes the former id says nothing new.
	claim, _, _ := strings.Cut(twins, "\n")
	graphtest.Apply(t, r.Store, claim)
	if diff := cmp.Diff(merged, graphtest.Export(t, r.Store)); diff != "" {
		t.Errorf("the claim is imported again (-want +got):\n%s", diff)
	}

	// Written anew, the export is the same, and it can still be taken back there.
	other := fixture(t, merged)
	if diff := cmp.Diff(merged, graphtest.Export(t, other.Store)); diff != "" {
		t.Errorf("an imported export differs (-want +got):\n%s", diff)
	}
	for _, r := range []*resolve.Resolver{r, other} {
		if done, err := r.Apply(t.Context(), resolve.Threshold); err != nil || len(done) != 0 {
			t.Errorf("the second time: %+v, %v", done, err)
		}
		if _, err := r.Undo(t.Context(), "org:x:acme"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, graphtest.Export(t, r.Store)); diff != "" {
			t.Errorf("taken back (-want +got):\n%s", diff)
		}
	}
}

func TestUndoKeepsWhatCameSince(t *testing.T) {
	r := fixture(t, twins)
	if _, err := r.Apply(t.Context(), resolve.Threshold); err != nil {
		t.Fatal(err)
	}
	since := `{"id":"org:x:acme","properties":{"website":"https://acme.example"},"records":[{"locator":"11","properties":["website"],"source":"source:b"}],"type":"Organization"}
{"id":"project:4","properties":{"acronym":"D"},"type":"Project"}
{"from":"org:x:acme","properties":{"ended":true},"records":[{"locator":"12","properties":["ended"],"source":"source:a"}],"to":"project:3","type":"PARTICIPATES_IN"}
{"from":"org:x:acme","to":"project:4","type":"PARTICIPATES_IN"}
`
	graphtest.Apply(t, r.Store, since)
	if _, err := r.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := graphtest.Export(t, r.Store)
	for _, line := range []string{
		`{"id":"org:pic:1","properties":{"country":"FR","name":"ACME SAS","pic":"1","website":"https://acme.example"},"records":[{"locator":"1","properties":["country","name","pic"],"source":"source:a"},{"locator":"11","properties":["website"],"source":"source:b"}],"type":"Organization"}`,
		`{"formerIds":["org:x:older"],"id":"org:x:acme","properties":{"city":"Sète","country":"FR","name":"Acme"},"records":[{"locator":"7","source":"source:b"}],"type":"Organization"}`,
		`{"from":"org:pic:1","to":"project:4","type":"PARTICIPATES_IN"}`,
		`{"from":"org:x:acme","properties":{"role":"OWNER"},"records":[{"locator":"10","source":"source:b"}],"to":"project:3","type":"PARTICIPATES_IN"}`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("there is no\n%s\nin\n%s", line, got)
		}
	}
}

func TestUndoDoesWithoutWhatIsGone(t *testing.T) {
	r := fixture(t, twins)
	gone := kg.Change{Action: kg.Delete, Node: &kg.Node{Type: "Project", ID: "project:3"}}
	if _, err := r.Store.Apply(t.Context(), []kg.Change{gone}); err != nil {
		t.Fatal(err)
	}
	want := graphtest.Export(t, r.Store)
	graphtest.Apply(t, r.Store, twins)
	if _, err := r.Apply(t.Context(), resolve.Threshold); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Store.Apply(t.Context(), []kg.Change{gone}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, graphtest.Export(t, r.Store)); diff != "" {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}
}

// chain is an organisation under three ids that share a code, one that is like
// them but elsewhere, and a parent and its subsidiary of one name.
const chain = `{"id":"org:lei:1","properties":{"lei":"L1","name":"Un"},"type":"Organization"}
{"id":"org:pic:1","properties":{"lei":"L1","name":"Deux","pic":"1"},"type":"Organization"}
{"id":"org:siren:1","properties":{"name":"Trois","pic":"1","siren":"1"},"type":"Organization"}
{"id":"org:x:be","properties":{"country":"BE","name":"Quatre"},"type":"Organization"}
{"id":"org:x:fr","properties":{"country":"FR","name":"Quatre"},"type":"Organization"}
{"id":"org:x:parent","properties":{"country":"FR","name":"Cinq"},"type":"Organization"}
{"id":"org:x:subsidiary","properties":{"country":"FR","name":"Cinq SAS"},"type":"Organization"}
{"from":"org:x:subsidiary","to":"org:x:parent","type":"SUBSIDIARY_OF"}
`

func TestChainsEndInTheIdThatServesBest(t *testing.T) {
	r := fixture(t, chain)
	before := graphtest.Export(t, r.Store)
	done, err := r.Apply(t.Context(), resolve.Threshold)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, p := range done {
		got[p.Former] = p.Into
	}
	if diff := cmp.Diff(map[string]string{"org:pic:1": "org:siren:1", "org:lei:1": "org:siren:1"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if through := done[len(done)-1].Reasons; through[len(through)-1] != (resolve.Reason{Code: resolve.Through, Parameter: "org:pic:1"}) {
		t.Errorf("reasons: %v", through)
	}
	if !strings.Contains(graphtest.Export(t, r.Store), `{"formerIds":["org:lei:1","org:pic:1"],"id":"org:siren:1","properties":{"lei":"L1","name":"Trois","pic":"1","siren":"1"},"type":"Organization"}`) {
		t.Errorf("merged:\n%s", graphtest.Export(t, r.Store))
	}
	if _, err := r.Undo(t.Context(), done[0].Former); kg.CodeOf(err) != kg.Conflict {
		t.Errorf("the first alone: %v", err)
	}
	for _, id := range []string{done[1].Former, resolve.ResolutionID(done[0].Former)} {
		if undone, err := r.Undo(t.Context(), id); err != nil || len(undone) != 1 {
			t.Fatalf("%v, %v", undone, err)
		}
	}
	if diff := cmp.Diff(before, graphtest.Export(t, r.Store)); diff != "" {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}
}

func TestMergesIntoWhatIsMergedAreTakenBackLast(t *testing.T) {
	r := fixture(t, chain)
	before := graphtest.Export(t, r.Store)
	graphtest.Apply(t, r.Store, `{"id":"org:siren:1","properties":{"name":"Trois","pic":"2"},"type":"Organization"}`)
	if _, err := r.Apply(t.Context(), resolve.Threshold); err != nil {
		t.Fatal(err)
	}
	graphtest.Apply(t, r.Store, `{"id":"org:siren:1","properties":{"pic":"1"},"type":"Organization"}`)
	if _, err := r.Apply(t.Context(), resolve.Threshold); err != nil {
		t.Fatal(err)
	}
	_, err := r.Undo(t.Context(), "org:lei:1")
	if kg.CodeOf(err) != kg.Conflict || !strings.Contains(err.Error(), "the merge of org:pic:1 builds on that of org:lei:1: take both back") {
		t.Errorf("the first alone: %v", err)
	}
	if _, err := r.Undo(t.Context(), "org:siren:2"); kg.CodeOf(err) != kg.NotFound {
		t.Errorf("what is no merge: %v", err)
	}
	if done, err := r.Undo(t.Context()); err != nil || !slices.Equal(done, []string{"resolution:org:pic:1", "resolution:org:lei:1"}) {
		t.Errorf("all: %v, %v", done, err)
	}
	if diff := cmp.Diff(before, graphtest.Export(t, r.Store)); diff != "" {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}
}

// records returns the ids of the records of merges.
func records(t *testing.T, r *resolve.Resolver) (out []string) {
	t.Helper()
	err := r.Store.Scan(t.Context(), func(ch kg.Change) error {
		if ch.Node != nil && ch.Node.Type == "Resolution" {
			out = append(out, ch.Node.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// subjects returns what claims are about.
func subjects(t *testing.T, r *resolve.Resolver) (out []string) {
	t.Helper()
	err := r.Store.Scan(t.Context(), func(ch kg.Change) error {
		if ch.Node != nil && ch.Node.Type == "Claim" {
			subject, _ := ch.Node.Properties["subject"].(string)
			out = append(out, subject)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// stopping is a store that fails after some writes.
type stopping struct {
	store.Store
	writes int
}

func (s *stopping) Apply(ctx context.Context, changes []kg.Change) (kg.Applied, error) {
	if s.writes == 0 {
		return kg.Applied{}, errors.New("out of order")
	}
	s.writes--
	return s.Store.Apply(ctx, changes)
}

func TestWhatIsStoppedLeavesWholeMerges(t *testing.T) {
	r := fixture(t, random(7))
	before := graphtest.Export(t, r.Store)
	whole := r.Store
	r.Store = &stopping{whole, 2}
	done, err := r.Apply(t.Context(), resolve.Threshold)
	if err == nil || len(done) != 2 {
		t.Fatalf("%d merges, %v", len(done), err)
	}
	r.Store = whole
	if n := len(records(t, r)); n != 2 {
		t.Errorf("%d records", n)
	}
	r.Store = &stopping{whole, 1}
	if undone, err := r.Undo(t.Context()); err == nil || len(undone) != 1 {
		t.Errorf("%v, %v", undone, err)
	}
	r.Store = whole
	if _, err := r.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, graphtest.Export(t, r.Store)); diff != "" {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}
}

// random returns a graph in which many organisations are one under several ids.
func random(seed uint64) string {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	one := func(list ...string) string { return list[rng.IntN(len(list))] }
	var orgs []string
	for i := range 24 {
		id := fmt.Sprintf("org:%s:%d", one("pic", "siren", "lei", "x"), i)
		orgs = append(orgs, id)
		props := fmt.Sprintf(`"name":"Firm %s%s"`, string(rune('A'+rng.IntN(8))), one("", " SAS", " SARL"))
		for name, values := range map[string][]string{"country": {"", "FR", "FR", "BE"}, "pic": {"", "", "1", "2"}, "city": {"", "Sète"}, "kind": {"", "COMPANY"}} {
			if v := one(values...); v != "" {
				props += fmt.Sprintf(`,%q:%q`, name, v)
			}
		}
		fmt.Fprintf(&b, `{"id":%q,"properties":{%s},"records":[{"locator":"%d","source":"source:a"}],"type":"Organization"}`+"\n", id, props, rng.IntN(4))
	}
	for i := range 4 {
		fmt.Fprintf(&b, `{"id":"project:%d","type":"Project"}`+"\n", i)
	}
	b.WriteString(`{"id":"source:a","properties":{"title":"A"},"type":"Source"}` + "\n")
	for range 60 {
		fmt.Fprintf(&b, `{"from":%q,"properties":{"role":%q},"records":[{"locator":"%d","source":"source:a"}],"to":"project:%d","type":"PARTICIPATES_IN"}`+"\n",
			one(orgs...), one("COORDINATOR", "PARTICIPANT"), rng.IntN(3), rng.IntN(4))
	}
	for i := range 12 {
		about := one(orgs...)
		if i%2 == 0 {
			about = "MEMBER_OF|" + about + "|" + one(orgs...)
		}
		fmt.Fprintf(&b, `{"id":"claim:%d","properties":{"derivation":"EXPLICIT","predicate":"NAME","stance":"STATED","status":"CURRENT","subject":%q},"type":"Claim"}`+"\n", i, about)
	}
	for range 12 {
		fmt.Fprintf(&b, `{"from":%q,"properties":{"seat":%d},"to":%q,"type":"MEMBER_OF"}`+"\n", one(orgs...), rng.IntN(3), one(orgs...))
	}
	return b.String()
}

func TestRandomMergesAreTakenBackInAnyOrder(t *testing.T) {
	merges, renamed, seeds := 0, 0, 8
	if testing.Short() {
		seeds = 4
	}
	for seed := range uint64(seeds) {
		r := fixture(t, random(seed))
		before := graphtest.Export(t, r.Store)
		done, err := r.Apply(t.Context(), 70)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		merges += len(done)
		for _, p := range done {
			if strings.Contains(before, `"subject":"`+p.Former) || strings.Contains(before, "|"+p.Former) {
				renamed++
			}
			for _, subject := range subjects(t, r) {
				if strings.Contains(subject+"|", p.Former+"|") {
					t.Errorf("seed %d: a claim is still about %s", seed, subject)
				}
			}
		}
		if again, err := r.Apply(t.Context(), 70); err != nil || len(again) > 0 {
			t.Errorf("seed %d: the second time %v, %v", seed, again, err)
		}
		rng := rand.New(rand.NewPCG(seed, 2))
		for left := records(t, r); len(left) > 0 && seed%2 == 0; left = records(t, r) {
			_, err := r.Undo(t.Context(), left[rng.IntN(len(left))])
			if err != nil && kg.CodeOf(err) != kg.Conflict {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		if _, err := r.Undo(t.Context()); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if diff := cmp.Diff(before, graphtest.Export(t, r.Store)); diff != "" {
			t.Errorf("seed %d: taken back (-want +got):\n%s", seed, diff)
		}
	}
	if merges < 6*seeds || renamed < 2*seeds {
		t.Errorf("only %d merges, %d of what claims name", merges, renamed)
	}
}
