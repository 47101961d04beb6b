package sqlitestore_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store/sqlitestore"
)

// TestALoadLeavesAnOpenStoreAlone opens a file twice: a load would put another
// file in its place, which the other would never see.
func TestALoadLeavesAnOpenStoreAlone(t *testing.T) {
	ctx := context.Background()
	c := catalogtest.Model(t)
	path := filepath.Join(t.TempDir(), "graph.db")
	open := func() *sqlitestore.Store {
		s, err := sqlitestore.Open(ctx, path, c, sqlitestore.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	one, other := open(), open()
	nothing := func(func([]kg.Change) (kg.Applied, error)) error { return nil }
	if err := one.Load(ctx, nothing); kg.CodeOf(err) != kg.Conflict {
		t.Errorf("open elsewhere: %v", err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	filling := func(func([]kg.Change) (kg.Applied, error)) error {
		_, err := sqlitestore.Open(ctx, path, c, sqlitestore.Options{})
		if err == nil || !strings.Contains(err.Error(), "another program is filling it") {
			t.Errorf("opened while it is filled: %v", err)
		}
		return nil
	}
	if err := one.Load(ctx, filling); err != nil {
		t.Errorf("alone: %v", err)
	}
	other = open()
	for _, s := range []*sqlitestore.Store{one, other} {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
