package storetest

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// emptyStore: a graph of nothing has answers too, and making a store ready
// twice changes nothing.
func emptyStore(t *testing.T, open Open) {
	s := open(t)
	a := &asker{Graph: Fixture(), store: s}
	for document, want := range map[string]string{
		"{ stats { revision updatedAt } }":                                                       `{"revision":0,"updatedAt":null}`,
		`{ organization(id: "org:t:alpha") { id } }`:                                             "null",
		`{ nodes(ids: ["org:t:alpha", "figure:t:one"]) { id } }`:                                 "[null,null]",
		"{ organizations { totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage } } }": `{"totalCount":0,"nodes":[],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false}}`,
		"{ projects(last: 3) { edges { cursor } pageInfo { startCursor endCursor } } }":          `{"edges":[],"pageInfo":{"startCursor":null,"endCursor":null}}`,
	} {
		got, err := a.bytes(t.Context(), document, nil)
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v, want %s", document, got, err, want)
		}
	}
	if got := export(t, s); got != "" {
		t.Errorf("an empty store exports %q", got)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("an empty store is not ready: %v", err)
	}
	apply(t, s, kg.Applied{Revision: 0}) // no changes
	apply(t, s, kg.Applied{Revision: 1, Created: 1}, organization("org:t:a", kg.Properties{"name": "A"}))
	if err := s.Init(t.Context()); err != nil {
		t.Errorf("Init again: %v", err)
	}
	holdsLines(t, s, `{"id":"org:t:a","properties":{"name":"A"},"type":"Organization"}`)
}

// apply applies changes and compares what the store says it did.
func apply(t testing.TB, s store.Store, want kg.Applied, changes ...kg.Change) {
	t.Helper()
	got, err := s.Apply(t.Context(), changes)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("applied (-want +got):\n%s", d)
	}
}

// holdsLines compares what a store holds with canonical JSON Lines.
func holdsLines(t testing.TB, s store.Store, lines ...string) {
	t.Helper()
	want := ""
	for _, l := range lines {
		want += l + "\n"
	}
	if d := cmp.Diff(want, export(t, s)); d != "" {
		t.Errorf("the store holds (-want +got):\n%s", d)
	}
}

// organization returns a change of one organisation.
func organization(id string, props kg.Properties, records ...kg.Record) kg.Change {
	return kg.Change{Node: &kg.Node{Type: "Organization", ID: id, Properties: props, Records: records}}
}

// rel returns a change of one relationship.
func rel(typ, from, to string, props kg.Properties, records ...kg.Record) kg.Change {
	return kg.Change{Relationship: &kg.Relationship{Type: typ, From: from, To: to, Properties: props, Records: records}}
}

// merging applies one batch after the other and looks at counts, revision and
// what is there: properties that are not named stay, records are united, what a
// source states is kept where an edit overrides it, and what is there already
// changes nothing.
func merging(t *testing.T, open Open) {
	s := open(t)
	row1, row2 := kg.Record{Source: "source:t:x", Locator: "row 1"}, kg.Record{Source: "source:t:x", Locator: "row 2"}
	a := organization("org:t:a", kg.Properties{"name": "A", "startup": true, "aliases": []string{"a"}}, row1)
	b := organization("org:t:b", nil)
	member := rel("MEMBER_OF", "org:t:a", "org:t:b", kg.Properties{"seat": int64(1)}, row1)

	t.Run("create", func(t *testing.T) {
		apply(t, s, kg.Applied{Revision: 1, Created: 3}, a, b, member)
		holdsLines(t, s,
			`{"id":"org:t:a","properties":{"aliases":["a"],"name":"A","startup":true},"records":[{"locator":"row 1","source":"source:t:x"}],"type":"Organization"}`,
			`{"id":"org:t:b","type":"Organization"}`,
			`{"from":"org:t:a","properties":{"seat":1},"records":[{"locator":"row 1","source":"source:t:x"}],"to":"org:t:b","type":"MEMBER_OF"}`)
	})
	t.Run("again", func(t *testing.T) {
		apply(t, s, kg.Applied{Revision: 1, Unchanged: 3}, a, b, member)
		apply(t, s, kg.Applied{Revision: 1, Unchanged: 1}, organization("org:t:a", nil))
		apply(t, s, kg.Applied{Revision: 1, Unchanged: 1}, rel("MEMBER_OF", "org:t:a", "org:t:b", nil))
	})
	t.Run("update", func(t *testing.T) {
		apply(t, s, kg.Applied{Revision: 2, Updated: 2, Unchanged: 1},
			organization("org:t:a", kg.Properties{"startup": false, "aliases": []string{"b", "a"}}), b,
			rel("MEMBER_OF", "org:t:a", "org:t:b", kg.Properties{"listOrder": int64(7)}))
		holdsLines(t, s,
			`{"id":"org:t:a","properties":{"aliases":["b","a"],"name":"A","startup":false},"records":[{"edited":{"aliases":"[\"a\"]","startup":"true"},"locator":"row 1","source":"source:t:x"}],"type":"Organization"}`,
			`{"id":"org:t:b","type":"Organization"}`,
			`{"from":"org:t:a","properties":{"listOrder":7,"seat":1},"records":[{"locator":"row 1","properties":["seat"],"source":"source:t:x"}],"to":"org:t:b","type":"MEMBER_OF"}`)
	})
	t.Run("records", func(t *testing.T) {
		restated := row1
		restated.Properties, restated.Derivation = []string{"name"}, "INFERRED"
		apply(t, s, kg.Applied{Revision: 3, Updated: 2}, organization("org:t:a", nil, row2, restated), rel("MEMBER_OF", "org:t:a", "org:t:b", nil, row2))
		apply(t, s, kg.Applied{Revision: 3, Unchanged: 2}, organization("org:t:a", nil, restated), rel("MEMBER_OF", "org:t:a", "org:t:b", nil, row2, row1))
		holdsLines(t, s,
			`{"id":"org:t:a","properties":{"aliases":["b","a"],"name":"A","startup":false},"records":[{"derivation":"INFERRED","edited":{"aliases":"[\"a\"]","startup":"true"},"locator":"row 1","source":"source:t:x"},{"locator":"row 2","properties":[],"source":"source:t:x"}],"type":"Organization"}`,
			`{"id":"org:t:b","type":"Organization"}`,
			`{"from":"org:t:a","properties":{"listOrder":7,"seat":1},"records":[{"locator":"row 1","properties":["seat"],"source":"source:t:x"},{"locator":"row 2","properties":[],"source":"source:t:x"}],"to":"org:t:b","type":"MEMBER_OF"}`)
	})
	t.Run("one batch", func(t *testing.T) {
		apply(t, s, kg.Applied{Revision: 4, Created: 2, Updated: 2, Unchanged: 2},
			organization("org:t:c", kg.Properties{"name": "C"}), organization("org:t:c", kg.Properties{"city": "Sète"}), organization("org:t:c", kg.Properties{"name": "C"}),
			rel("SUPPORTS", "org:t:c", "org:t:c", nil), rel("SUPPORTS", "org:t:c", "org:t:c", kg.Properties{"purpose": "self"}), rel("SUPPORTS", "org:t:c", "org:t:c", nil))
		node := ask[map[string]any](t, &asker{Graph: Fixture(), store: s}, `{ organization(id: "org:t:c") { name city } }`, nil)
		if d := cmp.Diff(map[string]any{"name": "C", "city": "Sète"}, node); d != "" {
			t.Error(d)
		}
	})
	t.Run("keys", func(t *testing.T) {
		// Relationships with other values of the key properties are others.
		joins, leads := kg.Properties{"role": "JOINS"}, kg.Properties{"role": "LEADS"}
		apply(t, s, kg.Applied{Revision: 5, Created: 2}, rel("INVOLVED_IN", "org:t:a", "org:t:b", joins), rel("INVOLVED_IN", "org:t:a", "org:t:b", leads))
		apply(t, s, kg.Applied{Revision: 6, Updated: 1, Unchanged: 1}, rel("INVOLVED_IN", "org:t:a", "org:t:b", joins),
			rel("INVOLVED_IN", "org:t:a", "org:t:b", kg.Properties{"role": "LEADS", "status": "PAST"}))
	})
}

// storedValues writes values at the edges of their kinds, and reads them back
// as an export, as an answer, and by a filter.
func storedValues(t *testing.T, open Open) {
	s := open(t)
	a := &asker{Graph: Fixture(), store: s}
	for _, test := range []struct {
		name  string
		value float64
		want  string
	}{
		{"zero", 0, "0"},
		{"negative-zero", math.Copysign(0, -1), "0"},
		{"least", math.SmallestNonzeroFloat64, "5e-324"},
		{"greatest", math.Nextafter(math.MaxFloat64, 0), kg.FormatFloat(math.Nextafter(math.MaxFloat64, 0))},
		{"thirds", 1.0 / 3, "0.3333333333333333"},
		{"big", 9007199254740993, kg.FormatFloat(9007199254740992)},
		{"half", 4503599627370497.5, kg.FormatFloat(4503599627370497.5)},
		{"subnormal", 2.2250738585072011e-308, kg.FormatFloat(2.2250738585072011e-308)},
	} {
		id := "figure:t:" + test.name
		if _, err := s.Apply(t.Context(), []kg.Change{{Node: &kg.Node{Type: "Figure", ID: id, Properties: kg.Properties{"metric": "CAPACITY", "value": test.value}}}}); err != nil {
			t.Fatal(err)
		}
		got, err := a.bytes(t.Context(), "query($id: ID!) { figure(id: $id) { value } }", vars{"id": id})
		if want := `{"value":` + test.want + `}`; err != nil || string(got) != want {
			t.Errorf("%s: %s, %v, want %s", test.name, got, err, want)
		}
		for _, op := range []string{"eq", "in", "lte", "gte"} {
			v := any(test.value)
			if op == "in" {
				v = []any{test.value, 12345.678}
			}
			c := a.connection(t, "query($v: "+variableType(a.Catalog.Type("Figure").Property("value"), op)+") { figures(filter: {value: {"+op+": $v}}, first: 100) { edges { node { id } } } }", vars{"v": v})
			if !slices.Contains(c.ids(), id) {
				t.Errorf("%s: %s of its own value does not hold", test.name, op)
			}
		}
	}
}
