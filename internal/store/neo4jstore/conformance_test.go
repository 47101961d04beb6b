package neo4jstore_test

import (
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/neo4jstore"
	"github.com/maillage/maillage/internal/store/storetest"
	"github.com/maillage/maillage/internal/store/storetest/schema2"
)

// TestConformance: Neo4j answers to the suite that SQLite answers to. The
// server has one database, which the test holds alone and empties each time.
func TestConformance(t *testing.T) {
	server := neo4jtest.Open(t)
	server.Exclusive(t)
	storetest.Run(t, func(t *testing.T) store.Store {
		wipe(t, server)
		return openModel(t, server, storetest.Fixture().Catalog)
	})
}

// TestSecondModel: a model that no code knows, and a database of its first
// version that is opened by its second.
func TestSecondModel(t *testing.T) {
	server := neo4jtest.Open(t)
	server.Exclusive(t)
	t.Run("new", func(t *testing.T) {
		schema2.Run(t, func(t *testing.T, c *catalog.Catalog) store.Store {
			wipe(t, server)
			return openModel(t, server, c)
		})
	})
	t.Run("migrated", func(t *testing.T) {
		wipe(t, server)
		first, second := schema2.Load(t, schema2.First), schema2.Load(t, schema2.Second)
		schema2.Fill(t, openModel(t, server, first.Catalog), first.Catalog)
		s := openModel(t, server, second.Catalog)
		schema2.Ask(t, second, s, schema2.Old)
		schema2.FillMore(t, s, second.Catalog)
		schema2.Ask(t, second, s, schema2.New)
		if s, err := neo4jstore.Open(t.Context(), server.URI(), auth(server), first.Catalog, neo4jstore.Options{}); err == nil {
			_ = s.Close()
			t.Error("a model that lacks what the database holds is not refused")
		}
	})
}

func auth(server *neo4jtest.Server) neo4jstore.Auth {
	return neo4jstore.Auth{Username: server.Username(), Password: server.Password()}
}

func wipe(t *testing.T, server *neo4jtest.Server) {
	t.Helper()
	if err := server.Wipe(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// openModel opens the database and makes it ready for a model.
func openModel(t *testing.T, server *neo4jtest.Server, c *catalog.Catalog) store.Store {
	t.Helper()
	s, err := neo4jstore.Open(t.Context(), server.URI(), auth(server), c, neo4jstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}
