package planner_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/planner"
)

func TestArgumentsAreRefusedByTheirPath(t *testing.T) {
	ids := make([]any, planner.MaxPage+1)
	values := make([]any, planner.MaxIn+1)
	for i := range ids {
		ids[i] = fmt.Sprint("org:", i)
	}
	for i := range values {
		values[i] = fmt.Sprint(i)
	}
	filter := func(f map[string]any) map[string]any { return map[string]any{"f": f} }
	const (
		orgs     = `query($f: OrganizationFilter) { organizations(filter: $f) { totalCount } }`
		projects = `query($f: ProjectFilter) { projects(filter: $f) { totalCount } }`
		claims   = `query($f: ClaimFilter) { claims(filter: $f) { totalCount } }`
	)
	is := func(property, op string, value any) map[string]any {
		return filter(map[string]any{property: map[string]any{op: value}})
	}
	for _, tt := range []struct {
		name, document string
		variables      map[string]any
		want           string
	}{
		{"an id without a prefix", `{ node(id: "x") { id } }`, nil, `node: id "x" begins with none of the prefixes axis: call: claim:`},
		{"an unknown prefix", `{ nodes(ids: ["org:1", "x:1"]) { id } }`, nil, `nodes: id "x:1" begins with none of the prefixes`},
		{"an id as a number", `{ node(id: 7) { id } }`, nil, `node: 7 is no id`},
		{"the id of another type", `{ organization(id: "project:1") { id } }`, nil, `organization: id "project:1" names a node of type Project; ids of type Organization begin with "org:"`},
		{"NUL in an id", `query($i: ID!) { node(id: $i) { id } }`, map[string]any{"i": "org:\x00"}, `is no id`},
		{"too many ids", `query($i: [ID!]!) { nodes(ids: $i) { id } }`, map[string]any{"i": ids}, `nodes: ids takes at most 100 ids, got 101`},

		{"nothing first", `{ places(first: 0) { totalCount } }`, nil, "places: first must be 1–100, got 0"},
		{"less than nothing", `{ places(first: -1) { totalCount } }`, nil, "places: first must be 1–100, got -1"},
		{"too many first", `{ places(first: 101) { totalCount } }`, nil, "places: first must be 1–100, got 101"},
		{"too many last", `{ places(last: 1000000) { totalCount } }`, nil, "places: last must be 1–100, got 1000000"},
		{"both ways", `{ places(first: 1, last: 1) { totalCount } }`, nil, "places: first and last are both given; a page goes one way"},
		{"further down", `{ organization(id: "org:1") { a: projects(first: 101) { totalCount } } }`, nil, "organization.a: first must be 1–100, got 101"},
		{"in an edge", `{ projects { edges { n: node { organizations(last: 0) { totalCount } } } } }`, nil, "projects.edges.n.organizations: last must be 1–100, got 0"},
		{"a broken cursor", `{ places(after: "abc") { totalCount } }`, nil, "places.after: no cursor of this connection: it was not made by this service"},
		{"a cursor of another order", `{ places(before: "5b312c22506c616365206e616d652b2069642b222c2261222c22706c6163653a31225d") { totalCount } }`, nil,
			`places.before: no cursor of this connection: it belongs to another connection or order: "Place name+ id+", and here it is "Place id+"`},

		{"no facts", `{ organization(id: "org:1") { f: facts(first: 0) { count } } }`, nil, "organization.f: first must be 1–100, got 0"},
		{"too many claims of a fact", `{ organization(id: "org:1") { facts { claims(first: 101) { id } } } }`, nil, "organization.facts.claims: first must be 1–100, got 101"},
		{"facts by a broken filter", `{ organization(id: "org:1") { facts(filter: {recordedAt: {lt: "x"}}) { count } } }`, nil, `organization.facts.filter.recordedAt.lt: "x" is no instant`},
		{"null as value", orgs, is("name", "eq", nil), "organizations.filter.name.eq: null compares with nothing; use isNull: true for absent values"},
		{"null as list", orgs, is("name", "in", nil), "organizations.filter.name.in: null compares with nothing"},
		{"null for isNull", orgs, is("name", "isNull", nil), "organizations.filter.name.isNull: null compares with nothing"},
		{"too many values", orgs, is("name", "in", values), "organizations.filter.name.in: it takes at most 1000 values, got 1001"},
		{"NUL in a text", orgs, is("name", "contains", "a\x00"), "organizations.filter.name.contains: the text has characters that no stored text has"},
		{"U+10FFFF in a text", orgs, is("name", "startsWith", "\U0010FFFF"), "the text has characters that no stored text has"},
		{"invalid UTF-8 in a text", orgs, is("name", "eq", "\xff"), "the text has characters that no stored text has"},
		{"an integer too large", `{ places(filter: {population: {gt: 2147483648}}) { totalCount } }`, nil, "places.filter.population.gt: 2147483648 is no 32-bit integer"},
		{"a date", projects, is("from", "lt", "2019-13"), `projects.filter.from.lt: "2019-13" is no date: write it like 2019`},
		{"an interval backwards", projects, is("from", "eq", "2020/2019"), `projects.filter.from.eq: date "2020/2019" ends before it begins`},
		{"an amount", projects, is("cost", "eq", "12 euros"), `projects.filter.cost.eq: "12 euros" is no amount`},
		{"an amount with three decimals", projects, is("cost", "in", []any{"1", "1.234"}), `projects.filter.cost.in[1]: "1.234" is no amount`},
		{"an instant", claims, is("recordedAt", "eq", "2026-01-31"), `claims.filter.recordedAt.eq: "2026-01-31" is no instant: write it like 2026-01-31T12:00:00Z`},
		{"in a list of filters", orgs, filter(map[string]any{"or": []any{map[string]any{}, map[string]any{"and": []any{map[string]any{"name": map[string]any{"eq": nil}}}}}}),
			"organizations.filter.or[1].and[0].name.eq: null compares with nothing"},
		{"under not", orgs, filter(map[string]any{"not": map[string]any{"name": map[string]any{"eq": nil}}}), "organizations.filter.not.name.eq: null compares"},
		{"on the relationship", `{ organization(id: "org:1") { members(filter: {edge: {from: {lt: "x"}}}) { totalCount } } }`, nil, `organization.members.filter.edge.from.lt: "x" is no date`},
	} {
		_, err := planOf(t, tt.document, tt.variables)
		if kg.CodeOf(err) != kg.BadUserInput || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s:\n got %v (%s)\nwant %s", tt.name, err, kg.CodeOf(err), tt.want)
		}
	}
}

func TestSelectionsGoTenRelationshipsDeep(t *testing.T) {
	deep := func(n int) string {
		return `{ places { nodes {` + strings.Repeat(" partOf { nodes {", n) + " id" + strings.Repeat(" } }", n) + ` } } }`
	}
	if _, err := planOf(t, deep(planner.MaxHops), nil); err != nil {
		t.Errorf("%d: %v", planner.MaxHops, err)
	}
	_, err := planOf(t, deep(planner.MaxHops+1), nil)
	if kg.CodeOf(err) != kg.QueryTooComplex || !strings.Contains(err.Error(), "a selection goes at most 10 relationships deep") {
		t.Errorf("%d: %v", planner.MaxHops+1, err)
	}
	// The source of a record is a node too.
	loop := `{ sources { nodes {` + strings.Repeat(" records { source {", 11) + " id" + strings.Repeat(" } }", 11) + ` } } }`
	if _, err := planOf(t, loop, nil); kg.CodeOf(err) != kg.QueryTooComplex {
		t.Errorf("by records: %v", err)
	}
	// So are the claims of a fact.
	said := `{ sources { nodes {` + strings.Repeat(" claims { nodes { organizations { nodes { facts { claims { sources { nodes {", 3) + " id" + strings.Repeat(" } } } } } } } }", 3) + ` } } }`
	if _, err := planOf(t, said, nil); kg.CodeOf(err) != kg.QueryTooComplex {
		t.Errorf("by facts: %v", err)
	}
	// A page counts for those below it, not for those beside it.
	wide := `{ places { nodes {` + strings.Repeat(" partOf { nodes { id } }", 20) + ` } } }`
	if _, err := planOf(t, wide, nil); err != nil {
		t.Errorf("side by side: %v", err)
	}
}
