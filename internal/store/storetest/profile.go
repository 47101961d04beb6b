package storetest

import (
	"context"
	"testing"

	"github.com/maillage/maillage/internal/store"
)

// profiles asks a store, where it can tell, how it answers plans of every kind.
func profiles(t *testing.T, a *asker) {
	profiler, ok := a.store.(store.Profiler)
	if !ok {
		t.Log("the store is no store.Profiler: it does not tell how it answers")
		return
	}
	for _, document := range []string{
		`{ organization(id: "org:t:alpha") { id name projects(first: 2) { totalCount nodes { id } } } }`,
		`{ nodes(ids: ["org:t:alpha", "org:t:absent"]) { id } }`,
		`{ organizations(first: 2, filter: {country: {in: ["FR", "DE"]}}, orderBy: [{field: NAME}]) { edges { cursor node { id } } pageInfo { hasNextPage } } }`,
		`{ stats { revision nodes { type count } } }`,
	} {
		p, err := a.Plan(document, nil)
		if err != nil {
			t.Fatal(err)
		}
		profile, err := profiler.Profile(t.Context(), p)
		if err != nil {
			t.Errorf("%s: %v", document, err)
			continue
		}
		operators := 0
		for _, op := range profile.All() {
			operators++
			if op.Operator == "" || op.Measured != profile.Measured || !op.Measured && (op.Rows != 0 || op.DBHits != 0) {
				t.Errorf("%s: operator %+v below %s", document, op, profile.Operator)
			}
		}
		if operators < 2 || profile.Measured && profile.Total() == 0 {
			t.Errorf("%s: nothing is told:\n%s", document, profile)
		}
		t.Logf("%s\n%s", document, profile)
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = profiler.Profile(cancelled, p)
		timeout(t, "cancelled: Profile", err)
	}
}
