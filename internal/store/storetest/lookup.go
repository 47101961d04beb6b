package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// scan: a store streams the graph in the order of exports, byte by byte.
func scan(t *testing.T, a *asker) {
	want, err := a.JSONL()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, export(t, a.store)); d != "" {
		t.Errorf("export (-want +got):\n%s", d)
	}
	stop := errors.New("enough")
	n := 0
	err = a.store.Scan(t.Context(), func(kg.Change) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("a scan whose yield fails: %v after %d changes, want its error after 1", err, n)
	}
}

// lookup finds every node by its id and by its former ids, by the field of its
// type and by the field of all types, and nothing by other ids.
func lookup(t *testing.T, a *asker) {
	type found struct {
		Typename string `json:"__typename"`
		ID       string
	}
	for _, n := range a.Nodes {
		for _, id := range append([]string{n.ID}, n.FormerIDs...) {
			for _, field := range []string{"node", a.Catalog.Type(n.Type).Single()} {
				got := ask[*found](t, a, fmt.Sprintf("query($id: ID!) { %s(id: $id) { __typename id } }", field), vars{"id": id})
				if d := cmp.Diff(&found{n.Type, n.ID}, got); d != "" {
					t.Errorf("%s(id: %q) (-want +got):\n%s", field, id, d)
				}
			}
		}
	}
	for _, id := range []string{"org:t:absent", "org:", "org:t:ALPHA", "org:t:alpha ", "project:t:alpha"} {
		if got := ask[*found](t, a, "query($id: ID!) { node(id: $id) { __typename id } }", vars{"id": id}); got != nil {
			t.Errorf("node(id: %q) is %v, want null", id, *got)
		}
	}
}

// lookups answers several ids in their order, twice where an id stands twice,
// and null where there is no node.
func lookups(t *testing.T, a *asker) {
	ids := []string{"project:t:maple", "org:t:alpha", "org:t:absent", "org:t:a-zero", "project:t:mapel", "org:t:alpha", "figure:t:none", "claim:t:moved"}
	type found struct{ ID, Name string }
	got := ask[[]*found](t, a, "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Organization { name } } }", vars{"ids": ids})
	alpha := &found{"org:t:alpha", "Alpha Énergie"}
	want := []*found{{ID: "project:t:maple"}, alpha, nil, alpha, {ID: "project:t:maple"}, alpha, nil, {ID: "claim:t:moved"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("nodes (-want +got):\n%s", d)
	}
	if got := ask[[]*found](t, a, "{ nodes(ids: []) { id } }", nil); len(got) != 0 {
		t.Errorf("no ids: %v", got)
	}
	var all []string
	for _, n := range a.Nodes[:100] {
		all = append(all, n.ID)
	}
	slices.Reverse(all)
	var there []string
	for _, n := range ask[[]*found](t, a, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", vars{"ids": all}) {
		there = append(there, n.ID)
	}
	if d := cmp.Diff(all, there); d != "" {
		t.Errorf("a hundred ids in reverse (-want +got):\n%s", d)
	}
}

// stats counts nodes and relationships by type.
func stats(t *testing.T, a *asker) {
	type count struct {
		Type  string
		Count int
	}
	type counts struct {
		Nodes, Relationships []count
		Revision             int
		UpdatedAt            *string
	}
	got := ask[counts](t, a, "{ stats { nodes { type count } relationships { type count } revision updatedAt } }", nil)
	var want counts
	for _, typ := range a.Catalog.Types {
		want.Nodes = append(want.Nodes, count{typ.Name, len(a.of(typ))})
	}
	for _, r := range a.Catalog.Relationships {
		n := 0
		for _, rel := range a.Relationships {
			if rel.Type == r.Name {
				n++
			}
		}
		want.Relationships = append(want.Relationships, count{r.Name, n})
	}
	if got.UpdatedAt == nil || !strings.HasSuffix(*got.UpdatedAt, "Z") {
		t.Errorf("updatedAt %v is no instant in UTC", got.UpdatedAt)
	}
	want.Revision, want.UpdatedAt = (len(a.Changes())+99)/100, got.UpdatedAt
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("stats (-want +got):\n%s", d)
	}
}

// properties reads every stored property of every node and of every
// relationship, under aliases, in one question each.
func properties(t *testing.T, a *asker) {
	for _, typ := range a.Catalog.Types {
		document := fmt.Sprintf("query($id: ID!) { %s(id: $id) { %s } }", typ.Single(), selectAll(typ.Properties))
		for _, it := range a.of(typ) {
			got := ask[map[string]any](t, a, document, vars{"id": it.node.ID})
			if d := cmp.Diff(answers(typ.Properties, it, false), got); d != "" {
				t.Errorf("%s (-want +got):\n%s", it.node.ID, d)
			}
		}
		for _, f := range typ.Fields {
			n, items := a.busiest(f)
			document := below(f, "", "first: 100", "edges { id "+selectAll(f.Relationship.Properties)+" }")
			got := ask[struct {
				Connection struct{ Edges []map[string]any }
			}](t, a, document, vars{"id": n.ID})
			var want []map[string]any
			for _, it := range items {
				props := answers(f.Relationship.Properties, it, true)
				props["id"], props["__typename"] = it.id, f.ConnectionType()+"Edge"
				want = append(want, props)
			}
			if d := cmp.Diff(want, got.Connection.Edges); d != "" {
				t.Errorf("%s.%s of %s (-want +got):\n%s", typ.Name, f.Name, n.ID, d)
			}
		}
	}
}

// selectAll selects properties under aliases; embedded ones are another test's.
func selectAll(props []*catalog.Property) string {
	out := "__typename "
	for _, p := range props {
		switch p.Kind {
		case catalog.Embed:
		case catalog.Localized:
			out += fmt.Sprintf("fr_%s: %[1]s(lang: FR) en_%[1]s: %[1]s(lang: EN) ", p.Name)
		default:
			out += fmt.Sprintf("a_%s: %[1]s ", p.Name)
		}
	}
	return out
}

// answers returns what selectAll asks for, as decoded JSON.
func answers(props []*catalog.Property, it item, edge bool) map[string]any {
	out := map[string]any{}
	if !edge {
		out["__typename"] = it.node.Type
	}
	first := func(a, b *catalog.Property) any {
		if v := it.value(a, edge); v != nil {
			return v
		}
		return it.value(b, edge)
	}
	for _, p := range props {
		switch p.Kind {
		case catalog.Embed:
		case catalog.Localized:
			out["fr_"+p.Name], out["en_"+p.Name] = first(p.FR, p.EN), first(p.EN, p.FR)
		default:
			out["a_"+p.Name] = written(p, it.value(p, edge))
		}
	}
	return out
}

// written returns the JSON in which a value is answered, decoded.
func written(p *catalog.Property, v any) any {
	switch v := v.(type) {
	case nil:
		if p.Kind == catalog.StringList {
			return []any{}
		}
	case int64:
		if p.Kind == catalog.Decimal {
			return kg.FormatDecimal(v)
		}
		return json.Number(fmt.Sprint(v))
	case float64:
		return json.Number(kg.FormatFloat(v))
	case []string:
		out := make([]any, len(v))
		for i := range v {
			out[i] = v[i]
		}
		return out
	}
	return v
}

// embedded reads values inside nodes and relationships: points, passages, and
// records with their sources.
func embedded(t *testing.T, a *asker) {
	for _, test := range []struct{ document, want string }{
		{`{ organization(id: "org:t:alpha") { location { lat: latitude longitude __typename } } }`,
			`{"location":{"lat":43.4,"longitude":-3.7,"__typename":"Point"}}`},
		{`{ organization(id: "org:t:chamber") { location { latitude longitude } } }`,
			`{"location":{"latitude":-43.6119,"longitude":` + kg.FormatFloat(1e-7) + `}}`},
		{`{ organization(id: "org:t:none") { location { latitude } records { locator } aliases } }`,
			`{"location":null,"records":[],"aliases":[]}`},
		{`{ claim(id: "claim:t:founded") { passages { startOffset endOffset quote } } }`,
			`{"passages":[{"startOffset":0,"endOffset":12,"quote":"créé en 2011 😀 \"q\""},{"startOffset":40,"endOffset":52,"quote":null}]}`},
		{`{ claim(id: "claim:t:staff") { passages { quote } } }`, `{"passages":[]}`},
		{`{ organization(id: "org:t:alpha") { records { locator properties derivation source { id title records { locator } } } } }`,
			`{"records":[` +
				`{"locator":"0-120","properties":["city","name"],"derivation":"INFERRED","source":{"id":"source:t:press","title":"L’Écho de la vallée","records":[]}},` +
				`{"locator":"row 1","properties":null,"derivation":"EXPLICIT","source":{"id":"source:t:register","title":"Register","records":[]}},` +
				`{"locator":"page 3","properties":["size"],"derivation":"EXPLICIT","source":null}]}`},
		{`{ project(id: "project:t:ash") { organizations(first: 1) { edges { records { locator source { claims(first: 1) { totalCount } } } } } } }`,
			`{"organizations":{"edges":[{"records":[{"locator":"row 1/1","source":{"claims":{"totalCount":2}}},{"locator":"x","source":null}]}]}}`},
		// Of a relationship to nodes that have no such property.
		{`{ organization(id: "org:t:alpha") { resolutions { edges { disagreements { value } } } } }`,
			`{"resolutions":{"edges":[{"disagreements":[]},{"disagreements":[]}]}}`},
	} {
		got, err := a.bytes(t.Context(), test.document, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(test.want, string(got)); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.document, d)
		}
	}
}
