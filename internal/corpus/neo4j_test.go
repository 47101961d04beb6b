package corpus

import (
	"context"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/neo4jstore"
	"github.com/maillage/maillage/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// TestNeo4j asks every question of Neo4j: the response must be that of SQLite,
// to the byte. Responses are never written from here.
func TestNeo4j(t *testing.T) {
	if *update {
		t.Skip("responses are written from SQLite")
	}
	server := neo4jtest.Open(t)
	server.Exclusive(t)
	l := readLedger(t, server)
	t.Run("fixture", func(t *testing.T) {
		s := onServer(t, server, fillFixture)
		for _, area := range areas(t) {
			s.area(t, area, func(t *testing.T, c golden) { s.onNeo4j(t, c, l, chance) })
		}
		t.Run("in part", func(t *testing.T) { s.answersInPart(t, computed...) })
		l.total(t)
	})
	t.Run(builtinArea, func(t *testing.T) {
		s := onServer(t, server, fillBuiltin)
		for _, area := range []string{builtinArea, exampleArea} {
			s.area(t, area, func(t *testing.T, c golden) { s.onNeo4j(t, c, l, growth) })
		}
		reference := newService(t, openSQLite(t), fillBuiltin)
		t.Run("searches", func(t *testing.T) { s.findsLike(t, reference) })
		t.Run("suggestions", func(t *testing.T) { s.suggestsLike(t, reference) })
		t.Run("in part", func(t *testing.T) { s.answersInPart(t, exampleArea) })
		t.Run("expansion", func(t *testing.T) { s.expands(t, reference, 20) })
	})
	if *updateHits && !t.Failed() {
		l.write(t)
	}
}

// onServer returns a service over the server, filled and settled.
func onServer(t *testing.T, server *neo4jtest.Server, fill func(context.Context, store.Store) error) *service {
	t.Helper()
	s := newService(t, openNeo4j(t, server), fill)
	if err := server.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// openNeo4j empties the server's database and makes it ready.
func openNeo4j(t *testing.T, server *neo4jtest.Server) store.Store {
	t.Helper()
	if err := server.Wipe(t.Context()); err != nil {
		t.Fatal(err)
	}
	auth := neo4jstore.Auth{Username: server.Username(), Password: server.Password()}
	s, err := neo4jstore.Open(t.Context(), server.URI(), auth, storetest.Fixture().Catalog, neo4jstore.Options{Now: storetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// onNeo4j asks a case's question, compares the response alone, and looks at how
// the database came to it.
func (s *service) onNeo4j(t *testing.T, c golden, l *ledger, growth float64) {
	response, runs := s.ask(t, c)
	if d := cmp.Diff(c.file(responseName(response)), string(response)); d != "" {
		t.Errorf("the response differs from SQLite's (-sqlite +neo4j):\n%s", d)
	}
	l.check(t, c, s.engine.Store, runs, growth)
}
