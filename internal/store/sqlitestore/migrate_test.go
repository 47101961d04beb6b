package sqlitestore_test

import (
	"path/filepath"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/sqlitestore"
	"github.com/maillage/maillage/internal/store/storetest/schema2"
)

// TestSecondModel: a model that no code knows.
func TestSecondModel(t *testing.T) {
	schema2.Run(t, func(t *testing.T, c *catalog.Catalog) store.Store {
		s, err := database(t)(c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	})
}

// TestMigrate opens files of one model with another.
func TestMigrate(t *testing.T) { schema2.Migrate(t, database) }

func database(t *testing.T) schema2.Database {
	path := filepath.Join(t.TempDir(), "graph.db")
	return func(c *catalog.Catalog) (store.Store, error) {
		return sqlitestore.Open(t.Context(), path, c, sqlitestore.Options{})
	}
}
