package provenance_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/neo4jstore"
)

// TestNeo4jForgetsTheSame takes random sources away on both engines, and imports
// them again: the exports are equal.
func TestNeo4jForgetsTheSame(t *testing.T) {
	server := neo4jtest.Open(t)
	server.Exclusive(t)
	if err := server.Wipe(t.Context()); err != nil {
		t.Fatal(err)
	}
	lite, c := open(t)
	neo, err := neo4jstore.Open(t.Context(), server.URI(), neo4jstore.Auth{Username: server.Username(), Password: server.Password()}, c, neo4jstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = neo.Close() })
	if err := neo.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 4))
	var says []string
	for i := range 4 {
		says = append(says, states(r, fmt.Sprint(i)))
	}
	compare := func(what string) string {
		t.Helper()
		want := export(t, lite, c)
		if d := cmp.Diff(want, export(t, neo, c)); d != "" {
			t.Errorf("%s (-SQLite +Neo4j):\n%s", what, d)
		}
		return want
	}
	importAll := func() string {
		for _, s := range []store.Store{lite, neo} {
			for _, i := range r.Perm(len(says)) {
				load(t, s, c, says[i])
			}
		}
		return compare("imported")
	}
	before := importAll()
	for i := range 3 {
		id := fmt.Sprint("source:t:", i)
		if a, b := remove(t, lite, c, id), remove(t, neo, c, id); a.Deleted != b.Deleted || a.Updated != b.Updated {
			t.Errorf("removing %s: %+v on SQLite, %+v on Neo4j", id, a, b)
		}
		compare("without " + id)
	}
	if d := cmp.Diff(before, importAll()); d != "" {
		t.Errorf("imported again (-before +after):\n%s", d)
	}
}
