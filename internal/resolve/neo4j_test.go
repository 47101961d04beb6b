package resolve_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/resolve"
)

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// TestNeo4jMergesToTheSameBytes merges and takes back on both engines.
func TestNeo4jMergesToTheSameBytes(t *testing.T) {
	lines := twins + random(3)
	lite := fixture(t, lines)
	s := graphtest.Neo4j(t)
	neo := &resolve.Resolver{Store: s, Catalog: lite.Catalog, Now: now}
	graphtest.Apply(t, neo.Store, lines)
	before := graphtest.Export(t, neo.Store)
	var merged [2]string
	for i, r := range []*resolve.Resolver{lite, neo} {
		if done, err := r.Apply(t.Context(), resolve.Threshold); err != nil || len(done) == 0 {
			t.Fatalf("%+v, %v", done, err)
		}
		merged[i] = graphtest.Export(t, r.Store)
	}
	if diff := cmp.Diff(merged[0], merged[1]); diff != "" {
		t.Errorf("merged on SQLite and on Neo4j (-SQLite +Neo4j):\n%s", diff)
	}
	if done, err := neo.Apply(t.Context(), resolve.Threshold); err != nil || len(done) > 0 {
		t.Errorf("the second time: %+v, %v", done, err)
	}
	if _, err := neo.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, graphtest.Export(t, neo.Store)); diff != "" {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}
}
