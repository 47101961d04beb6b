// Package graphtest gives tests empty stores of the product's model, and graphs as
// JSON Lines.
package graphtest

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/neo4jstore"
	"github.com/maillage/maillage/internal/store/sqlitestore"
)

// Open returns an empty SQLite store of the model, which ends with the test.
func Open(t testing.TB) *sqlitestore.Store {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), catalogtest.Model(t), sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Neo4j returns an empty store of the model in a Neo4j that the test holds alone.
func Neo4j(t testing.TB) *neo4jstore.Store {
	t.Helper()
	server := neo4jtest.Open(t)
	server.Exclusive(t)
	if err := server.Wipe(t.Context()); err != nil {
		t.Fatal(err)
	}
	auth := neo4jstore.Auth{Username: server.Username(), Password: server.Password()}
	s, err := neo4jstore.Open(t.Context(), server.URI(), auth, catalogtest.Model(t), neo4jstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Apply applies JSON Lines in one batch.
func Apply(t testing.TB, s store.Store, lines string) {
	t.Helper()
	ApplyOf(t, catalogtest.Model(t), s, lines)
}

// ApplyOf applies JSON Lines of another model.
func ApplyOf(t testing.TB, c *catalog.Catalog, s store.Store, lines string) {
	t.Helper()
	var changes []kg.Change
	err := jsonl.Decode(strings.NewReader(lines), c, func(ch kg.Change) error {
		changes = append(changes, ch)
		return nil
	}, nil)
	if err == nil {
		_, err = s.Apply(t.Context(), changes)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Export returns all that a store holds as JSON Lines.
func Export(t testing.TB, s store.Store) string {
	t.Helper()
	return encode(t, func(e *jsonl.Encoder) error { return s.Scan(t.Context(), e.Change) })
}

// Lines returns changes as JSON Lines.
func Lines(t testing.TB, changes []kg.Change) string {
	t.Helper()
	return encode(t, func(e *jsonl.Encoder) error {
		for _, ch := range changes {
			if err := e.Change(ch); err != nil {
				return err
			}
		}
		return nil
	})
}

func encode(t testing.TB, write func(*jsonl.Encoder) error) string {
	t.Helper()
	var out bytes.Buffer
	e := jsonl.NewEncoder(&out, catalogtest.Model(t))
	err := write(e)
	if err == nil {
		err = e.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}
