package sqlitestore_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/sqlitestore"
	"github.com/maillage/maillage/internal/store/storetest"
	"github.com/maillage/maillage/internal/store/storetest/schema2"
)

// TestSecondModel: a model that no code knows.
func TestSecondModel(t *testing.T) {
	schema2.Run(t, func(t *testing.T, c *catalog.Catalog) store.Store {
		return openFile(t, filepath.Join(t.TempDir(), "graph.db"), c)
	})
}

func openFile(t *testing.T, path string, c *catalog.Catalog) store.Store {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), path, c, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// fileOf makes a file with data over the first model.
func fileOf(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "graph.db")
	m := schema2.Load(t, schema2.First)
	s := openFile(t, path, m.Catalog)
	schema2.Fill(t, s, m.Catalog)
	schema2.Ask(t, m, s, schema2.Old)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// changed returns the first model with one text in place of another.
func changed(t *testing.T, text, by string) *storetest.Model {
	t.Helper()
	if !strings.Contains(schema2.First, text) {
		t.Fatalf("the model has no %q", text)
	}
	return schema2.Load(t, strings.Replace(schema2.First, text, by, 1))
}

// TestMigrate opens a file of the first model with the second: what is there
// stays, and what is new can be written and asked.
func TestMigrate(t *testing.T) {
	path := fileOf(t)
	m := schema2.Load(t, schema2.Second)
	s := openFile(t, path, m.Catalog)
	schema2.Ask(t, m, s, schema2.Old)
	schema2.Ask(t, m, s, []schema2.Question{
		{Document: `{ boats(orderBy: [{field: PORT}, {field: NAME}], first: 2) { nodes { id port } pageInfo { hasNextPage } } }`,
			Want: `{"nodes":[{"id":"boat:b:albatros","port":null},{"id":"boat:b:etoile","port":null}],"pageInfo":{"hasNextPage":true}}`},
		{Document: `{ sailor(id: "sailor:s:ada") { trained { totalCount nodes { id } } } }`, Want: `{"trained":{"totalCount":0,"nodes":[]}}`},
	})
	schema2.FillMore(t, s, m.Catalog)
	schema2.Ask(t, m, s, schema2.New)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	schema2.Ask(t, m, openFile(t, path, m.Catalog), append(schema2.Old, schema2.New...))
}

// TestMigrateField adds a field over relationships that are there already: they
// are counted.
func TestMigrateField(t *testing.T) {
	path := fileOf(t)
	m := changed(t, "  depth: Float\n", `  depth: Float
  boats: [Boat!]! @relationship(type: "MOORED_AT", direction: IN, properties: "Mooring", key: ["since"], index: true)
`)
	s := openFile(t, path, m.Catalog)
	schema2.Ask(t, m, s, []schema2.Question{
		{Document: `{ harbours(orderBy: [{field: BOATS_COUNT, direction: DESC}]) { nodes { id boats { totalCount nodes { id } } } } }`,
			Want: `{"nodes":[{"id":"harbour:h:brest","boats":{"totalCount":2,"nodes":[{"id":"boat:b:etoile"},{"id":"boat:b:poule"}]}},` +
				`{"id":"harbour:h:sete","boats":{"totalCount":1,"nodes":[{"id":"boat:b:poule"}]}},{"id":"harbour:h:delft","boats":{"totalCount":1,"nodes":[{"id":"boat:b:albatros"}]}}]}`},
	})
}

// TestMigrateEdgeProperty adds an indexed property to relationships that are
// there already: they sort as those that lack it.
func TestMigrateEdgeProperty(t *testing.T) {
	path := fileOf(t)
	m := changed(t, "  berth: Int\n", "  berth: Int\n  quay: String @index\n")
	s := openFile(t, path, m.Catalog)
	schema2.Ask(t, m, s, []schema2.Question{
		{Document: `{ boat(id: "boat:b:poule") { harbours(orderBy: [{field: EDGE_QUAY, direction: DESC}], first: 1) { nodes { id } edges { cursor } } } }`,
			Want: `{"harbours":{"nodes":[{"id":"harbour:h:sete"}],"edges":[{"cursor":"` +
				`5B312C22426F61742E686172626F75727320656467652E717561792D2069642D20656467652E69642D222C22F48FBFBF222C22686172626F75723A683A73657465222C227C323031392D3037225D"}]}}`},
	})
}

// TestMigrateRefuses: what is not only added cannot be brought over, and the
// error says what it is and what to do.
func TestMigrateRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, by, want string }{
		{"a property gone", "  built: Int @index\n", "", "Boat built"},
		{"another kind", "  built: Int @index\n", "  built: String @index\n", "Boat built"},
		{"another prefix", `prefix: "sailor"`, `prefix: "person"`, "Sailor"},
		{"a field gone", "  twinOf: [Harbour!]! @relationship(type: \"TWINNED_WITH\", direction: IN)\n", "", "Harbour twinOf"},
		{"an edge property gone", "  berth: Int\n", "", "MOORED_AT berth"},
		{"a key gone", `, key: ["since"]`, "", "MOORED_AT key"},
		{"a key added", `type: "TWINNED_WITH", direction: OUT`, `type: "TWINNED_WITH", direction: OUT, properties: "Twinning", key: ["since"]`, "TWINNED_WITH without key:since"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := fileOf(t)
			text := strings.Replace(schema2.First, test.text, test.by, 1)
			if test.name == "a key added" {
				text = strings.Replace(text, `type: "TWINNED_WITH", direction: IN`, `type: "TWINNED_WITH", direction: IN, properties: "Twinning", key: ["since"]`, 1) +
					"\ntype Twinning @relationshipProperties {\n  since: String\n}\n"
			}
			m := schema2.Load(t, text)
			s, err := sqlitestore.Open(t.Context(), path, m.Catalog, sqlitestore.Options{})
			if err == nil {
				_ = s.Close()
				t.Fatal("the file is opened")
			}
			for _, want := range []string{path, test.want, "export", "import"} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q: %v", want, err)
				}
			}
			// The file is as it was.
			old := schema2.Load(t, schema2.First)
			schema2.Ask(t, old, openFile(t, path, old.Catalog), schema2.Old)
		})
	}
}
