package sqlitestore_test

import (
	"path/filepath"
	"testing"

	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/sqlitestore"
	"github.com/maillage/maillage/internal/store/storetest"
)

// TestConformance: the reference engine answers to the suite like any other.
func TestConformance(t *testing.T) { storetest.Run(t, open) }

// TestSnapshots: a SELECT sees one moment, also while somebody writes.
func TestSnapshots(t *testing.T) { storetest.RunSnapshots(t, open) }

func open(t *testing.T) store.Store {
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), storetest.Fixture().Catalog, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestPages: 200 walks of every root connection; a tenth of them in short runs.
func TestPages(t *testing.T) {
	walks := 200
	if testing.Short() {
		walks = 20
	}
	storetest.RunPages(t, open, walks, 1)
}
