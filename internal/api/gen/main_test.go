package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGeneratedFilesAreUpToDate makes them again and compares.
func TestGeneratedFilesAreUpToDate(t *testing.T) {
	dir := t.TempDir()
	if err := run("../../../schema.graphqls", dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"api.graphqls", "thin.graphqls", "model.graphqls", "resolvers.go"} {
		made, err := os.ReadFile(filepath.Join(dir, "generated", name))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(filepath.Join("../../../graph/generated", name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(made), string(kept)); diff != "" {
			t.Errorf("graph/generated/%s is not up to date, run make generate (-want +got):\n%s", name, diff)
		}
	}
}

func TestABadModelLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	model := filepath.Join(dir, "model.graphqls")
	if err := os.WriteFile(model, []byte("type A @node { id: ID! }"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(model, dir); err == nil || !strings.Contains(err.Error(), "type A") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "generated")); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
	if err := run(filepath.Join(dir, "missing.graphqls"), dir); err == nil {
		t.Error("a model that is not there is expanded")
	}
}
