package resolve_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/resolve"
)

func TestWhatIsRefusedIsNotProposedAgain(t *testing.T) {
	r := fixture(t, twins)
	before := graphtest.Export(t, r.Store)
	if _, err := r.Apply(t.Context(), resolve.Threshold); err != nil {
		t.Fatal(err)
	}
	if done, err := r.Refuse(t.Context(), "org:x:acme"); err != nil || len(done) != 1 {
		t.Fatalf("%v, %v", done, err)
	}
	// Organisations and relationships are as they were, and the decision beside.
	refused := graphtest.Export(t, r.Store)
	const id = "refusal:org:x:acme+org:pic:1"
	decision := []string{
		`{"id":"` + id + `","properties":{"decidedAt":"2026-03-01T12:00:00Z","derivation":"INFERRED","method":"resolve 1: identifiers, names and country","reasons":["SAME_NAME ACME SAS +0.75","SAME_COUNTRY FR +0.20"],"score":"0.95"},"type":"Refusal"}`,
		`{"from":"` + id + `","to":"org:pic:1","type":"KEPT_APART"}`,
		`{"from":"` + id + `","to":"org:x:acme","type":"KEPT_APART"}`,
	}
	bare := refused
	for _, line := range decision {
		if !strings.Contains(bare, line+"\n") {
			t.Errorf("there is no\n%s\nin\n%s", line, bare)
		}
		bare = strings.Replace(bare, line+"\n", "", 1)
	}
	if diff := cmp.Diff(before, bare); diff != "" {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}

	for name, r := range map[string]*resolve.Resolver{"here": r, "where its export is imported": fixture(t, refused)} {
		if done, err := r.Apply(t.Context(), resolve.Threshold); err != nil || len(done) > 0 {
			t.Errorf("%s: merged again: %v, %v", name, done, err)
		}
		found, err := r.Propose(t.Context())
		if err != nil || len(found.Proposals) > 0 || len(found.Refused) != 1 {
			t.Fatalf("%s: %+v, %v", name, found, err)
		}
		reasons := found.Refused[0].Reasons
		if last := reasons[len(reasons)-1]; last != (resolve.Reason{Code: resolve.TakenBack, Parameter: "2026-03-01"}) || found.Refused[0].Score != 95 {
			t.Errorf("%s: %+v", name, found.Refused[0])
		}
		// Where it is asked for, they are merged all the same, and nothing says that
		// they are not one.
		r.Again = true
		if done, err := r.Apply(t.Context(), resolve.Threshold); err != nil || len(done) != 1 {
			t.Errorf("%s: again: %v, %v", name, done, err)
		}
		if after := graphtest.Export(t, r.Store); strings.Contains(after, "KEPT_APART") || strings.Contains(after, id) {
			t.Errorf("%s: still refused:\n%s", name, after)
		}
		if _, err := r.Undo(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, graphtest.Export(t, r.Store)); diff != "" {
			t.Errorf("%s: all taken back (-want +got):\n%s", name, diff)
		}
	}
}

// TestWhatIsRefusedIsNotMergedByWayOfAThird refuses one of three that are one,
// when the other two have become one: then it is neither.
func TestWhatIsRefusedIsNotMergedByWayOfAThird(t *testing.T) {
	r := fixture(t, chain)
	before := graphtest.Export(t, r.Store)
	if _, err := r.Apply(t.Context(), resolve.Threshold); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Refuse(t.Context(), "org:lei:1"); err != nil {
		t.Fatal(err)
	}
	if done, err := r.Apply(t.Context(), resolve.Threshold); err != nil || len(done) > 0 {
		t.Errorf("merged again: %v, %v", done, err)
	}
	if _, err := r.Undo(t.Context(), "org:pic:1"); err != nil {
		t.Fatal(err)
	}
	// Two of the three may be one, and not all.
	done, err := r.Apply(t.Context(), resolve.Threshold)
	if err != nil || len(done) != 1 {
		t.Errorf("%v, %v", done, err)
	}
	if _, err := r.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, graphtest.Export(t, r.Store)); diff != "" {
		t.Errorf("all taken back (-want +got):\n%s", diff)
	}
}

// TestRefusalsFollowTheOrganisation refuses that two are one, of which one then
// becomes part of a third.
func TestRefusalsFollowTheOrganisation(t *testing.T) {
	r := fixture(t, `{"id":"org:pic:1","properties":{"country":"FR","name":"Acme","pic":"1"},"type":"Organization"}
{"id":"org:x:acme","properties":{"country":"FR","name":"Acme"},"type":"Organization"}
`)
	if _, err := r.Apply(t.Context(), resolve.Threshold); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Refuse(t.Context(), "org:x:acme"); err != nil {
		t.Fatal(err)
	}
	graphtest.Apply(t, r.Store, `{"id":"org:siren:1","properties":{"pic":"1","siren":"1"},"type":"Organization"}`)
	done, err := r.Apply(t.Context(), resolve.Threshold)
	if err != nil || len(done) != 1 || done[0].Former != "org:pic:1" {
		t.Fatalf("%v, %v", done, err)
	}
	found, err := r.Propose(t.Context())
	if err != nil || len(found.Proposals) > 0 || len(found.Refused) != 1 || found.Refused[0].Into != "org:siren:1" {
		t.Errorf("%+v, %v", found, err)
	}
}
