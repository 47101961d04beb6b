package neo4jstore

import (
	"bytes"
	"compress/gzip"
	"context"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/graph/generated"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/planner"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/sqlitestore"
)

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// model is the built-in model, and what plans its questions.
var model = sync.OnceValues(func() (*catalog.Catalog, *ast.Schema) {
	c, err := catalogtest.Load()
	if err != nil {
		panic(err)
	}
	return c, gqlparser.MustLoadSchema(&ast.Source{Input: generated.API})
})

// planOf plans the one root field of a query.
func planOf(t testing.TB, query string, vars map[string]any) plan.Normal {
	t.Helper()
	c, schema := model()
	doc, errs := gqlparser.LoadQueryWithRules(schema, query, nil)
	if errs != nil {
		t.Fatalf("%s: %v", query, errs)
	}
	f := doc.Operations[0].SelectionSet[0].(*ast.Field)
	p, err := planner.New(c, clock).Plan(planner.Field{Field: f, Selections: f.SelectionSet, Variables: vars})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return p
}

// clock is the time of all writes in tests.
func clock() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC) }

// empty returns a store over an empty database that the test holds alone.
func empty(t testing.TB) *Store {
	t.Helper()
	server := neo4jtest.Open(t)
	server.Exclusive(t)
	if err := server.Wipe(t.Context()); err != nil {
		t.Fatal(err)
	}
	return open(t, server)
}

// open returns a store over the database of a server as it is.
func open(t testing.TB, server *neo4jtest.Server) *Store {
	t.Helper()
	c, _ := model()
	s, err := Open(t.Context(), server.URI(), Auth{server.Username(), server.Password()}, c, Options{Now: clock})
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

// reference returns an empty store of the reference engine.
func reference(t testing.TB) *sqlitestore.Store {
	t.Helper()
	c, _ := model()
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), c, sqlitestore.Options{Now: clock})
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

// apply applies changes in batches.
func apply(t testing.TB, s store.Store, changes []kg.Change) {
	t.Helper()
	for batch := range slices.Chunk(changes, 2000) {
		if _, err := s.Apply(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
}

// sample is a part of the built-in graph, every twelfth project with all that it
// leads to, and the corner cases of testdata.
var sample = sync.OnceValue(func() (out []kg.Change) {
	c, _ := model()
	f, err := os.Open(filepath.Join("..", "..", "dataset", "data", "h2020.jsonl.gz"))
	if err != nil {
		panic(err)
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		panic(err)
	}
	var all []kg.Change
	collect := func(ch kg.Change) error { all = append(all, ch); return nil }
	if err := jsonl.Decode(z, c, collect, nil); err != nil {
		panic(err)
	}
	corners, err := os.ReadFile(filepath.Join("testdata", "corners.jsonl"))
	if err != nil {
		panic(err)
	}
	chosen := map[string]bool{}
	for _, ch := range all {
		if r := ch.Relationship; r != nil && r.Type == "PARTICIPATES_IN" && every(12, r.To) {
			chosen[r.From], chosen[r.To] = true, true
		}
	}
	for _, ch := range all {
		if n := ch.Node; n != nil && (chosen[n.ID] || n.Type == "Sector" || n.Type == "Source") {
			chosen[n.ID] = true
			out = append(out, ch)
		}
	}
	for _, ch := range all {
		if r := ch.Relationship; r != nil && chosen[r.From] && chosen[r.To] {
			out = append(out, ch)
		}
	}
	err = jsonl.Decode(bytes.NewReader(corners), c, func(ch kg.Change) error { out = append(out, ch); return nil }, nil)
	if err != nil {
		panic(err)
	}
	return out
})

// every chooses one of n ids.
func every(n uint32, id string) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return h.Sum32()%n == 0
}

// export returns the bytes of all that a store holds.
func export(t testing.TB, s store.Store) []byte {
	t.Helper()
	c, _ := model()
	var b bytes.Buffer
	e := jsonl.NewEncoder(&b, c)
	if err := s.Scan(t.Context(), e.Change); err != nil {
		t.Fatal(err)
	}
	if err := e.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// run answers a plan.
func run(t testing.TB, s store.Store, p plan.Normal) string {
	t.Helper()
	out, err := s.Run(t.Context(), p)
	if err != nil {
		t.Fatalf("%s\n%s\n%v", p, s.Explain(p).Text, err)
	}
	return string(out.JSON)
}

// within returns a context that the test's clock ends.
func within(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
