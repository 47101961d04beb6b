// Package storetest is what every store must do, as one suite of tests: how
// changes are applied, what filters and orders mean, how pages are cut. A store
// is the reference of nothing here: what is right is computed in Go from the
// graph that the store was filled with.
//
// A store's own tests call [Run]; no test of the suite is left out by name.
package storetest

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// Open returns an empty store over the model of schema.graphqls, ready to be
// filled, that is closed when the test ends.
type Open func(t *testing.T) store.Store

// Run runs the whole suite on the stores that open returns.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Open)
	}{
		{"Reading", reading},
		{"Empty", emptyStore},
		{"Merging", merging},
		{"Values", storedValues},
		{"Invalid", invalid},
		{"FormerIDs", formerIDs},
		{"FormerIDsInConditions", formerIDsInConditions},
		{"Disagreements", disagreements},
		{"Facts", facts},
		{"Locators", locators},
		{"Orders of writing", writingOrders},
		{"Deleting", deleting},
		{"Replacing", replacing},
		{"Mixing", mixing},
		{"Degrees", degrees},
		{"Following", following},
		{"Evolving", evolving},
		{"Crowds", crowds},
		{"Injection", injection},
		{"FoundByMany", foundByMany},
		{"Load", load},
		{"Cancellation", cancellation},
		{"Concurrency", concurrency},
		{"Close", closing},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open) })
	}
}

// reading runs what only reads, on one store that holds the fixture.
func reading(t *testing.T, open Open) {
	g := Fixture()
	s := open(t)
	fill(t, s, g.Changes())
	a := &asker{Graph: g, store: s}
	for _, test := range []struct {
		name string
		run  func(*testing.T, *asker)
	}{
		{"Scan", scan},
		{"Lookup", lookup},
		{"Lookups", lookups},
		{"Stats", stats},
		{"Properties", properties},
		{"Embedded", embedded},
		{"Filters", filters},
		{"EdgeFilters", edgeFilters},
		{"Logic", logic},
		{"Statuses", statuses},
		{"Orders", orders},
		{"EdgeOrders", edgeOrders},
		{"Pages", pages},
		{"NestedPages", nestedPages},
		{"PagesOfPages", pagesOfPages},
		{"Windows", windows},
		{"Profiles", profiles},
		{"Relations", relations},
		{"Sums", sums},
		{"Hierarchy", hierarchy},
		{"Between", between},
		{"Facets", facets},
		{"Aggregates", aggregates},
		{"Partners", partners},
		{"Scopes", inScopes},
		{"Records", records},
		{"Cursors", cursors},
		{"Search", searches},
		{"Projections", projections},
		{"Neighbours", neighbours},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, a) })
	}
}

// fill applies changes in batches, as an import does.
func fill(t testing.TB, s store.Store, changes []kg.Change) {
	t.Helper()
	const batch = 100
	for len(changes) > 0 {
		n := min(batch, len(changes))
		if _, err := s.Apply(t.Context(), changes[:n]); err != nil {
			t.Fatal(err)
		}
		changes = changes[n:]
	}
}

// asker asks a store that holds a graph.
type asker struct {
	*Graph
	store store.Store
}

// vars are the variables of a document, as JSON would give them.
type vars = map[string]any

// bytes returns the JSON that answers the one root field of a document.
func (a *asker) bytes(ctx context.Context, document string, v vars) ([]byte, error) {
	return a.Answer(ctx, a.store, document, a.variables(v))
}

// ask decodes the answer to the one root field of a document.
func ask[T any](t testing.TB, a *asker, document string, v vars) T {
	t.Helper()
	answer, err := a.bytes(t.Context(), document, v)
	if err != nil {
		t.Fatalf("%s %v: %v", document, v, err)
	}
	var out T
	dec := json.NewDecoder(strings.NewReader(string(answer)))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if err := dec.Decode(&out); err != nil {
		t.Fatalf("%s: %v in %s", document, err, answer)
	}
	return out
}

// connection is what a connection answers.
type connection struct {
	TotalCount int
	Edges      []edge
	PageInfo   pageInfo
	Nodes      []node
}

type edge struct {
	Cursor string
	ID     string // of the relationship; empty at the root
	Node   node
}

type node struct {
	ID         string
	Connection *connection
}

type pageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}

// ids names the edges as keys names items.
func (c connection) ids() (out []string) {
	for _, e := range c.Edges {
		if e.ID != "" {
			out = append(out, e.ID)
		} else {
			out = append(out, e.Node.ID)
		}
	}
	return out
}

// connection asks for a connection: a root field, or the field "connection" of
// a node.
func (a *asker) connection(t testing.TB, document string, v vars) connection {
	t.Helper()
	got := ask[struct {
		connection
		Connection *connection
	}](t, a, document, v)
	if got.Connection != nil {
		return *got.Connection
	}
	return got.connection
}

// export returns what a store holds, as it streams it.
func export(t testing.TB, s store.Store) string {
	t.Helper()
	var changes []kg.Change
	err := s.Scan(t.Context(), func(ch kg.Change) error {
		changes = append(changes, ch)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := encode(Fixture().Catalog, changes)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
