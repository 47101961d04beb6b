package schema2

import (
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/store"
)

// Database opens one and the same database over a catalog, each time anew. The
// first time it is empty.
type Database func(c *catalog.Catalog) (store.Store, error)

// Migrate tests what becomes of a database of the first model when a program
// with another model opens it: what is only added is brought over, with what is
// there; anything else is refused, in words, and left as it was. Fresh returns
// another database each time.
func Migrate(t *testing.T, fresh func(*testing.T) Database) {
	for _, test := range added {
		t.Run(test.name, func(t *testing.T) {
			m := Load(t, test.model)
			s, err := holding(t, fresh)(m.Catalog)
			if err != nil {
				t.Fatal(err)
			}
			defer closeStore(t, s)
			Ask(t, m, s, Old)
			Ask(t, m, s, test.questions)
		})
	}
	for _, test := range refused {
		t.Run(test.name, func(t *testing.T) {
			database := holding(t, fresh)
			s, err := database(Load(t, test.model).Catalog)
			if err == nil {
				closeStore(t, s)
				t.Fatal("it is opened")
			}
			for _, want := range []string{test.want, "export", "import"} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q: %v", want, err)
				}
			}
			first := Load(t, First)
			if s, err = database(first.Catalog); err != nil {
				t.Fatal(err)
			}
			defer closeStore(t, s)
			Ask(t, first, s, Old)
		})
	}
	t.Run("second model", func(t *testing.T) {
		database, m := holding(t, fresh), Load(t, Second)
		for range 2 { // what has been brought over is opened like any other
			s, err := database(m.Catalog)
			if err != nil {
				t.Fatal(err)
			}
			FillMore(t, s, m.Catalog)
			Ask(t, m, s, append(Old, New...))
			closeStore(t, s)
		}
	})
}

// holding returns a database that holds the first graph.
func holding(t *testing.T, fresh func(*testing.T) Database) Database {
	t.Helper()
	database, m := fresh(t), Load(t, First)
	s, err := database(m.Catalog)
	if err != nil {
		t.Fatal(err)
	}
	Fill(t, s, m.Catalog)
	closeStore(t, s)
	return database
}

func closeStore(t *testing.T, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// with returns the first model with texts in place of others, given in pairs.
func with(pairs ...string) string {
	model := First
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(model, pairs[i]) {
			panic("schema2: the model has no " + pairs[i])
		}
		model = strings.Replace(model, pairs[i], pairs[i+1], 1)
	}
	return model
}

// added are models that only add to the first, with questions about what they
// add.
var added = []struct {
	name, model string
	questions   []Question
}{
	{"a property and a relationship", Second, []Question{
		{`{ boats(orderBy: [{field: PORT}, {field: NAME}], first: 2) { nodes { id port } pageInfo { hasNextPage } } }`,
			`{"nodes":[{"id":"boat:b:albatros","port":null},{"id":"boat:b:etoile","port":null}],"pageInfo":{"hasNextPage":true}}`},
		{`{ sailor(id: "sailor:s:ada") { trained { totalCount nodes { id } } } }`, `{"trained":{"totalCount":0,"nodes":[]}}`},
	}},
	{"a field over relationships that are there", with("  depth: Float\n", `  depth: Float
  boats: [Boat!]! @relationship(type: "MOORED_AT", direction: IN, properties: "Mooring", key: ["since"], index: true)
`), []Question{
		{`{ harbours(orderBy: [{field: BOATS_COUNT, direction: DESC}]) { nodes { id boats { totalCount nodes { id } } } } }`,
			`{"nodes":[{"id":"harbour:h:brest","boats":{"totalCount":2,"nodes":[{"id":"boat:b:etoile"},{"id":"boat:b:poule"}]}},` +
				`{"id":"harbour:h:sete","boats":{"totalCount":1,"nodes":[{"id":"boat:b:poule"}]}},{"id":"harbour:h:delft","boats":{"totalCount":1,"nodes":[{"id":"boat:b:albatros"}]}}]}`},
	}},
	{"an indexed property of relationships that are there", with("  berth: Int\n", "  berth: Int\n  quay: String @index\n"), []Question{
		{`{ boat(id: "boat:b:poule") { harbours(orderBy: [{field: EDGE_QUAY, direction: DESC}], first: 1) { edges { quay cursor node { id } } } } }`,
			`{"harbours":{"edges":[{"quay":null,"cursor":"` +
				`5B312C22426F61742E686172626F75727320656467652E717561792D2069642D20656467652E69642D222C22F48FBFBF222C22686172626F75723A683A73657465222C227C323031392D3037225D",` +
				`"node":{"id":"harbour:h:sete"}}]}}`},
	}},
}

// refused are models that do more than add to the first, with what the error
// must name.
var refused = []struct{ name, model, want string }{
	{"a property gone", with("  built: Int @index\n", ""), "Boat built"},
	{"another kind", with("  built: Int @index\n", "  built: String @index\n"), "Boat built"},
	{"another prefix", with(`prefix: "sailor"`, `prefix: "person"`), "Sailor"},
	{"a field gone", with("  twinOf: [Harbour!]! @relationship(type: \"TWINNED_WITH\", direction: IN)\n", ""), "Harbour twinOf"},
	{"an edge property gone", with("  berth: Int\n", ""), "MOORED_AT berth"},
	{"a key gone", with(`, key: ["since"]`, ""), "MOORED_AT key"},
	{"a key added", with(
		`type: "TWINNED_WITH", direction: OUT`, `type: "TWINNED_WITH", direction: OUT, properties: "Twinning", key: ["since"]`,
		`type: "TWINNED_WITH", direction: IN`, `type: "TWINNED_WITH", direction: IN, properties: "Twinning", key: ["since"]`,
		`"A berth for a time."`, "type Twinning @relationshipProperties {\n  since: String\n}\n\n\"A berth for a time.\"",
	), "TWINNED_WITH without key"},
}
