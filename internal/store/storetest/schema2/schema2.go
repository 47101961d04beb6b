// Package schema2 has a model of its own, to show that the model is data: a
// store, the planner and the API take it as they take schema.graphqls, without
// a line of code being written or generated. A second version of it has one
// property and one relationship more.
package schema2

import (
	"bytes"
	_ "embed" // models and data
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/storetest"
)

// First is the model, and Second the same with Boat.port and TRAINED added.
var (
	//go:embed first.graphqls
	First string
	//go:embed second.graphqls
	Second string
)

//go:embed boats.jsonl
var boats string // a graph over First

//go:embed more.jsonl
var more string // what Second has room for

// Load reads a model and expands its API.
func Load(t testing.TB, model string) *storetest.Model {
	t.Helper()
	sdl, err := api.SDL(model)
	if err != nil {
		t.Fatal(err)
	}
	m, err := storetest.NewModel(model, sdl)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Question is a document and the JSON that answers it.
type Question struct{ Document, Want string }

// Run asks a store over the second model about both the old and the new. Open
// returns an empty store over a catalog.
func Run(t *testing.T, open func(*testing.T, *catalog.Catalog) store.Store) {
	m := Load(t, Second)
	s := open(t, m.Catalog)
	Fill(t, s, m.Catalog)
	FillMore(t, s, m.Catalog)
	Ask(t, m, s, Old)
	Ask(t, m, s, New)
	var out bytes.Buffer
	e := jsonl.NewEncoder(&out, m.Catalog)
	if err := errors.Join(s.Scan(t.Context(), e.Change), e.Flush()); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`{"id":"boat:b:albatros","properties":{"built":1899,"flags":["NL"],"length":26.5,"name":"Albatros","port":"Delft","rig":"KETCH","value":"250000.00"},"type":"Boat"}`,
		`{"from":"sailor:s:ada","properties":{"grade":0.1,"year":1999},"to":"sailor:s:bo","type":"TRAINED"}`,
	} {
		if !strings.Contains(out.String(), line+"\n") {
			t.Errorf("the export has no %s:\n%s", line, &out)
		}
	}
}

// Fill applies the graph that both models have room for.
func Fill(t testing.TB, s store.Store, c *catalog.Catalog) {
	t.Helper()
	graphtest.ApplyOf(t, c, s, boats)
}

// FillMore applies what only the second model has room for.
func FillMore(t testing.TB, s store.Store, c *catalog.Catalog) {
	t.Helper()
	graphtest.ApplyOf(t, c, s, more)
}

// Ask compares answers.
func Ask(t testing.TB, m *storetest.Model, s store.Store, questions []Question) {
	t.Helper()
	for _, q := range questions {
		got, err := m.Answer(t.Context(), s, q.Document, nil)
		if err != nil {
			t.Errorf("%s: %v", q.Document, err)
		} else if d := cmp.Diff(q.Want, string(got)); d != "" {
			t.Errorf("%s (-want +got):\n%s", q.Document, d)
		}
	}
}
