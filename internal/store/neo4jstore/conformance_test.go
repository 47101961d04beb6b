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

// TestConformance: Neo4j answers to the suite that SQLite answers to.
func TestConformance(t *testing.T) {
	database := emptied(neo4jtest.Alone(t))
	storetest.Run(t, func(t *testing.T) store.Store { return opened(t, database, storetest.Fixture().Catalog) })
}

// TestPages: fewer walks than on SQLite, since each is four statements to plan.
func TestPages(t *testing.T) {
	database := alone(t)
	storetest.RunPages(t, func(t *testing.T) store.Store { return opened(t, database, storetest.Fixture().Catalog) }, 2, 1)
}

// TestSecondModel: a model that no code knows.
func TestSecondModel(t *testing.T) {
	database := alone(t)
	schema2.Run(t, func(t *testing.T, c *catalog.Catalog) store.Store { return opened(t, database, c) })
}

// TestMigrate opens databases of one model with another.
func TestMigrate(t *testing.T) { schema2.Migrate(t, alone(t)) }

// alone holds the one database of the server until the test ends, and returns
// what empties it.
func alone(t *testing.T) func(*testing.T) schema2.Database {
	t.Helper()
	server := neo4jtest.Open(t)
	server.Exclusive(t)
	return emptied(server)
}

// emptied returns what empties the database of a server.
func emptied(server *neo4jtest.Server) func(*testing.T) schema2.Database {
	auth := neo4jstore.Auth{Username: server.Username(), Password: server.Password()}
	return func(t *testing.T) schema2.Database {
		t.Helper()
		if err := server.Wipe(t.Context()); err != nil {
			t.Fatal(err)
		}
		return func(c *catalog.Catalog) (store.Store, error) {
			s, err := neo4jstore.Open(t.Context(), server.URI(), auth, c, neo4jstore.Options{})
			if err != nil {
				return nil, err
			}
			if err := s.Init(t.Context()); err != nil {
				_ = s.Close()
				return nil, err
			}
			return s, nil
		}
	}
}

// opened empties the database, and opens and at last closes it.
func opened(t *testing.T, fresh func(*testing.T) schema2.Database, c *catalog.Catalog) store.Store {
	t.Helper()
	s, err := fresh(t)(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
