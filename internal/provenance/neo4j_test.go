package provenance_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/store"
)

// TestNeo4jForgetsTheSame takes random sources away on both engines, and imports
// them again: the exports are equal.
func TestNeo4jForgetsTheSame(t *testing.T) {
	lite, c := graphtest.Open(t), catalogtest.Model(t)
	neo := graphtest.Neo4j(t)
	r := rand.New(rand.NewPCG(5, 4))
	var says []string
	for i := range 4 {
		says = append(says, states(r, fmt.Sprint(i)))
	}
	compare := func(what string) string {
		t.Helper()
		want := graphtest.Export(t, lite)
		if d := cmp.Diff(want, graphtest.Export(t, neo)); d != "" {
			t.Errorf("%s (-SQLite +Neo4j):\n%s", what, d)
		}
		return want
	}
	importAll := func() string {
		for _, s := range []store.Store{lite, neo} {
			for _, i := range r.Perm(len(says)) {
				graphtest.Apply(t, s, says[i])
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
