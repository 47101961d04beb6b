package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/kg"
)

// formerIDs: a node that answers to another id is changed, found and joined by
// it, and keeps its own.
func formerIDs(t *testing.T, open Open) {
	s := open(t)
	change := func(id string, former ...string) kg.Change {
		return kg.Change{Node: &kg.Node{Type: "Organization", ID: id, FormerIDs: former, Properties: kg.Properties{"name": "N " + id}}}
	}
	apply(t, s, kg.Applied{Revision: 1, Created: 2}, change("org:t:a", "org:t:z", "org:t:y"), change("org:t:b"))
	apply(t, s, kg.Applied{Revision: 1, Unchanged: 1}, change("org:t:a", "org:t:y"))
	apply(t, s, kg.Applied{Revision: 2, Updated: 1}, change("org:t:a", "org:t:x"))
	apply(t, s, kg.Applied{Revision: 3, Created: 1, Updated: 1}, organization("org:t:z", kg.Properties{"city": "Sète"}), rel("MEMBER_OF", "org:t:b", "org:t:x", nil))
	apply(t, s, kg.Applied{Revision: 3, Unchanged: 2}, rel("MEMBER_OF", "org:t:b", "org:t:y", nil), rel("MEMBER_OF", "org:t:b", "org:t:a", nil))
	holdsLines(t, s,
		`{"formerIds":["org:t:x","org:t:y","org:t:z"],"id":"org:t:a","properties":{"city":"Sète","name":"N org:t:a"},"type":"Organization"}`,
		`{"id":"org:t:b","properties":{"name":"N org:t:b"},"type":"Organization"}`,
		`{"from":"org:t:b","to":"org:t:a","type":"MEMBER_OF"}`)
	claim := func(subject string) kg.Change {
		return kg.Change{Node: &kg.Node{Type: "Claim", ID: "claim:t:c", Properties: kg.Properties{"subject": subject, "predicate": "NAME", "status": "CURRENT", "stance": "STATED", "derivation": "EXPLICIT"}}}
	}
	a := &asker{Graph: Fixture(), store: s}
	subject := func() string {
		return ask[struct{ Subject string }](t, a, `{ claim(id: "claim:t:c") { subject } }`, nil).Subject
	}
	apply(t, s, kg.Applied{Revision: 4, Created: 1}, claim("org:t:x"))
	if got := subject(); got != "org:t:a" {
		t.Errorf("the claim is about %q", got)
	}
	apply(t, s, kg.Applied{Revision: 4, Unchanged: 3}, claim("org:t:y"), claim("org:t:z"), claim("org:t:a"))
	apply(t, s, kg.Applied{Revision: 5, Updated: 1}, claim("HAS_ROLE_AT|person:t:p|org:t:x|directrice%7C|"))
	if got := subject(); got != "HAS_ROLE_AT|person:t:p|org:t:a|directrice%7C|" {
		t.Errorf("the claim is about %q", got)
	}
	apply(t, s, kg.Applied{Revision: 5, Unchanged: 1}, claim("HAS_ROLE_AT|person:t:p|org:t:z|directrice%7C|"))
	apply(t, s, kg.Applied{Revision: 6, Updated: 3}, claim("nothing"), claim("|"), claim("org:t:absent"))
	apply(t, s, kg.Applied{Revision: 7, Created: 1, Updated: 2}, claim("org:t:new"), organization("org:t:d", nil), kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:t:d", FormerIDs: []string{"org:t:new"}}})
	if got := subject(); got != "org:t:new" {
		t.Errorf("the claim, which came before the former id, is about %q", got)
	}
	apply(t, s, kg.Applied{Revision: 8, Updated: 1}, claim("org:t:new"))
	apply(t, s, kg.Applied{Revision: 9, Deleted: 2}, remove(claim("")), remove(organization("org:t:d", nil)))
	for _, id := range []string{"org:t:a", "org:t:x", "org:t:y", "org:t:z"} {
		got, err := a.bytes(t.Context(), "query($id: ID!) { organization(id: $id) { id city members { totalCount edges { id } } } }", vars{"id": id})
		if want := `{"id":"org:t:a","city":"Sète","members":{"totalCount":1,"edges":[{"id":"MEMBER_OF|org:t:b|org:t:a"}]}}`; err != nil || string(got) != want {
			t.Errorf("%s: %s, %v, want %s", id, got, err, want)
		}
	}
	// Former ids are not listed.
	if got := a.connection(t, "{ organizations { totalCount edges { node { id } } } }", nil); got.TotalCount != 2 || len(got.Edges) != 2 {
		t.Errorf("%d organisations, want 2", got.TotalCount)
	}
}

// formerIDsInConditions: wherever a condition or an order names a node, a former
// id of it means the node.
func formerIDsInConditions(t *testing.T, open Open) {
	s := open(t)
	change := func(typ, id, former string, props kg.Properties) kg.Change {
		return kg.Change{Node: &kg.Node{Type: typ, ID: id, FormerIDs: []string{former}, Properties: props}}
	}
	at := kg.JSON(`{"latitude":43.61,"longitude":3.88}`)
	fill(t, s, []kg.Change{
		change("Organization", "org:t:a", "org:t:old-a", kg.Properties{"name": "A", "location": at}),
		organization("org:t:b", kg.Properties{"name": "B", "location": at}),
		change("Sector", "sector:t:a", "sector:t:old-a", kg.Properties{"code": "A", "scheme": "NAF_2025"}),
		change("Sector", "sector:t:b", "sector:t:old-b", kg.Properties{"code": "B", "scheme": "NAF_2025"}),
		change("Project", "project:t:a", "project:t:old-a", nil),
		rel("BROADER", "sector:t:b", "sector:t:a", nil),
		rel("ACTIVE_IN", "org:t:b", "sector:t:b", kg.Properties{"basis": "STATED"}),
		rel("MEMBER_OF", "org:t:b", "org:t:a", nil),
		rel("PARTICIPATES_IN", "org:t:a", "project:t:a", nil),
		rel("PARTICIPATES_IN", "org:t:b", "project:t:a", nil),
	})
	a := &asker{Graph: Fixture(), store: s}
	for _, c := range []struct{ filter, found string }{
		{`{id: {eq: "org:t:%sa"}}`, "a"},
		{`{id: {in: ["org:t:%sa", "org:t:absent"]}}`, "a"},
		{`{id: {in: ["org:t:%sa", "org:t:a", "org:t:b"]}}`, "a b"},
		{`{id: {in: ["sector:t:%sa"]}}`, ""},
		{`{not: {id: {eq: "org:t:%sa"}}}`, "b"},
		{`{or: [{id: {eq: "org:t:%sa"}}, {name: {eq: "B"}}]}`, "a b"},
		{`{memberOf: {some: {id: {eq: "org:t:%sa"}}}}`, "b"},
		{`{memberOf: {none: {id: {in: ["org:t:%sa"]}}}}`, "a"},
		{`{memberOf: {count: {gte: 1, of: {id: {eq: "org:t:%sa"}}}}}`, "b"},
		{`{projects: {some: {id: {eq: "project:t:%sa"}}}}`, "a b"},
		{`{projects: {between: [["project:t:%sa"]]}}`, "a b"},
		{`{partners: {some: {id: {eq: "org:t:%sa"}}}}`, "b"},
		{`{sectors: {in: ["sector:t:%sa"]}}`, "b"},
		{`{sectors: {in: ["sector:t:%sb"], narrower: false}}`, "b"},
		{`{sectors: {some: {within: ["sector:t:%sa"]}}}`, "b"},
		{`{near: {place: "org:t:%sa", km: 1}}`, "a b"},
	} {
		for _, prefix := range []string{"", "old-"} {
			filter := fmt.Sprintf(c.filter, prefix)
			want := []string{}
			for _, name := range strings.Fields(c.found) {
				want = append(want, "org:t:"+name)
			}
			for _, document := range []string{
				"{ organizations(filter: %s, orderBy: [{field: ID}]) { edges { node { id } } } }",
				// As a condition on each node in turn.
				`{ organizations(filter: {and: [%s, {name: {startsWith: ""}}]}, orderBy: [{field: NAME}]) { edges { node { id } } } }`,
			} {
				if got := a.connection(t, fmt.Sprintf(document, filter), nil).ids(); !slices.Equal(got, want) {
					t.Errorf("%s finds %q, want %q", filter, got, want)
				}
			}
		}
	}
}
