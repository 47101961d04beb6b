package resolve_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/resolve"
	"github.com/maillage/maillage/internal/store/neo4jstore"
)

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// TestNeo4jMergesToTheSameBytes merges and takes back on both engines.
func TestNeo4jMergesToTheSameBytes(t *testing.T) {
	server := neo4jtest.Open(t)
	server.Exclusive(t)
	lines := twins + random(3)
	lite := fixture(t, lines)
	if err := server.Wipe(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := neo4jstore.Open(t.Context(), server.URI(), neo4jstore.Auth{Username: server.Username(), Password: server.Password()}, lite.Catalog, neo4jstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	neo := &resolve.Resolver{Store: s, Catalog: lite.Catalog, Now: now}
	add(t, neo, lines)
	before := export(t, neo)
	var merged [2]string
	for i, r := range []*resolve.Resolver{lite, neo} {
		if done, err := r.Apply(t.Context(), resolve.Threshold); err != nil || len(done) == 0 {
			t.Fatalf("%+v, %v", done, err)
		}
		merged[i] = export(t, r)
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
	if diff := cmp.Diff(before, export(t, neo)); diff != "" {
		t.Errorf("taken back (-want +got):\n%s", diff)
	}
}
