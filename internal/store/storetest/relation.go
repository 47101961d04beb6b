package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/kg"
)

// relations asks for nodes by what is related to them.
func relations(t *testing.T, a *asker) {
	org := a.root("Organization")
	org.finds(t, a, false,
		`{projects: {some: {kind: {eq: RESEARCH}}}}`,
		`{projects: {none: {kind: {eq: RESEARCH}}}}`,
		`{not: {projects: {some: {}, every: {kind: {eq: RESEARCH}}}}}`,
		// The relationship, also where its property is absent.
		`{projects: {some: {}, every: {edge: {role: {eq: PARTICIPANT}}}}}`,
		`{projects: {some: {not: {edge: {role: {in: [PARTICIPANT, OWNER]}}}}}}`,
		`{projects: {some: {or: [{edge: {contribution: {lt: "0"}}}, {from: {lt: "2015"}, edge: {ended: {eq: false}}}]}}}`,
		// One neighbour may meet both; one has to meet the whole of each.
		`{and: [{projects: {some: {kind: {eq: RESEARCH}}}}, {projects: {some: {edge: {role: {isNull: true}}}}}]}`,
		// From node to node and back to the type.
		`{projects: {some: {sectors: {some: {organizations: {some: {projects: {some: {cost: {lt: "0"}}}}}}}}}}`,
		`{projects: {some: {organizations: {every: {country: {isNull: false}}}}}}`,
		`{memberOf: {some: {}}, members: {none: {}}}`,
		// Relationships that lead to several types.
		`{or: [{strategies: {some: {}}}, {engagedIn: {some: {edge: {role: {eq: LEADS}}}}}, {engagedPeople: {some: {}}}]}`,
		// Nodes that are named, from which the others are found.
		`{projects: {some: {id: {eq: "project:t:ash"}}}}`, `{projects: {some: {id: {eq: "project:t:gum"}}}}`,
		`{projects: {some: {id: {in: ["project:t:birch", "project:t:gum"]}, edge: {role: {isNull: true}}}}}`,
		`{projects: {none: {id: {eq: "project:t:ash"}}}}`,
		`{or: [{projects: {some: {id: {eq: "project:t:gum"}}}}, {memberOf: {some: {id: {eq: "org:t:chamber"}}}}]}`,
		`{projects: {some: {organizations: {some: {id: {eq: "org:t:zed"}, edge: {role: {eq: COORDINATOR}}}}}}, country: {eq: "FR"}}`,
		`{projects: {count: {of: {id: {in: ["project:t:ash", "project:t:birch", "project:t:cedar"]}}, gte: 2}}}`,
		`{projects: {count: {of: {id: {in: ["project:t:ash", "project:t:birch", "project:t:cedar"]}}, lt: 2}}}`,
		// Counts. Of several relationships to one node each counts.
		`{projects: {count: {gt: 1, lte: 3}}}`, `{projects: {count: {gt: -1, lte: 0}}}`,
		`{people: {count: {of: {name: {startsWith: "ada"}}, eq: 6}}}`,
		// What is planned or past counts when it is asked for.
		`{memberOf: {every: {kind: {eq: COUNCIL}}, include: [PLANNED]}}`,
		`{members: {count: {gte: 26}, include: [PAST, PLANNED]}}`,
		`{sectors: {none: {id: {eq: "sector:t:solar"}}, include: [CURRENT, PLANNED]}}`,
	)
	org.finds(t, a, true,
		`{projects: {none: {or: []}, every: {}, some: null, count: {of: {or: []}, eq: 0}}, sectors: {count: {}}, people: {}, offers: null}`,
		`{or: [{projects: {some: {or: []}}}, {projects: {count: {lt: 0}}}, {sectors: {some: {id: {in: []}}}}, {needs: {some: {id: {eq: "org:t:alpha"}}}}]}`,
	)
	a.below("org:t:council", "members").finds(t, a, false,
		`{or: [{edge: {status: {eq: PAST}}}, {projects: {count: {gte: 3}}}]}`,
		`{projects: {some: {id: {eq: "project:t:ash"}}}, edge: {seat: {gte: 3}}}`,
	)
	const deep = `{projects: {some: {organizations: {some: {projects: {some: {organizations: {some: {projects: {some: {}}}}}}}}}}}`
	if _, err := a.bytes(t.Context(), org.document, vars{"f": parse(deep)}); kg.CodeOf(err) != kg.QueryTooComplex {
		t.Errorf("a condition over five relationships: %v", err)
	}
}

// sums asks for nodes by sums over their relationships, and in the order of
// sums.
func sums(t *testing.T, a *asker) {
	a.root("Organization").finds(t, a, false,
		`{projects: {sum: {contribution: {eq: "50.00"}}}}`, `{projects: {sum: {contribution: {eq: "0.00"}}}}`, // as nothing does
		`{projects: {sum: {contribution: {gte: "10.00", lt: "60"}}}}`, `{projects: {sum: {contribution: {gte: "-0.10", lt: "0.01"}}}}`,
		`{projects: {sum: {of: {kind: {eq: RESEARCH}}, contribution: {lte: "50"}}, some: {}}}`,
		`{projects: {sum: {of: {edge: {role: {in: [PARTICIPANT, THIRD_PARTY]}}}, contribution: {lt: "0.00"}}}}`,
		`{not: {projects: {sum: {of: {id: {eq: "project:t:ash"}}, contribution: {gt: "49.99"}}}}}`,
		`{memberOf: {sum: {seat: {gte: 13}, listOrder: {lt: 20}}, include: [PAST, PLANNED]}}`,
	)
	a.root("Organization").finds(t, a, true, `{projects: {sum: {of: {or: []}, contribution: {eq: "0"}}}, sectors: {sum: {}}}`)
	rootPages(t, a, "Organization", "", order{"PROJECTS_CONTRIBUTION_SUM"}, order{"COUNTRY", "-SECTORS_PROJECT_COUNT_SUM"})
	relatedPages(t, a, "org:t:council", "members", order{"-PROJECTS_CONTRIBUTION_SUM", "EDGE_SEAT"})
}

// hierarchy asks for what is beneath something: over several steps, from a node
// with two parents, around a circle.
func hierarchy(t *testing.T, a *asker) {
	a.root("Sector").finds(t, a, false,
		`{within: ["sector:t:crop"]}`, `{within: ["sector:t:fibre"]}`, `{within: ["sector:t:hemp"]}`, `{within: ["sector:t:energy"]}`,
		`{within: ["sector:t:hemp-oil", "sector:t:wind", "sector:t:hemp-oil"]}`, `{within: ["sector:t:energy", "sector:t:hemp", "sector:t:solar"]}`,
		`{within: "sector:t:D35"}`,
		`{not: {within: ["sector:t:energy"]}}`, `{or: [{within: ["sector:t:fibre"]}, {scheme: {eq: H2020}}]}`,
		`{broader: {in: ["sector:t:fibre"]}}`,
	)
	a.root("Place").finds(t, a, false, `{within: ["place:t:fr"]}`, `{within: ["place:t:world", "place:t:sete"]}`)
	a.root("Organization").finds(t, a, false,
		`{within: ["place:t:sete"]}`, `{within: ["place:t:world"]}`, `{not: {within: ["place:t:fr"]}}`,
		`{within: ["place:t:sete", "place:t:world", "place:t:fr"]}`, `{sectors: {in: ["sector:t:energy", "sector:t:wind", "sector:t:solar"]}}`,
		`{sectors: {in: ["sector:t:energy"], narrower: false}}`, `{sectors: {in: ["sector:t:fibre", "sector:t:solar"]}, country: {eq: "GB"}}`,
		`{sectors: {in: ["sector:t:wind", "sector:t:crop"], include: [PAST]}}`,
		`{projects: {some: {within: ["place:t:herault"]}}}`,
		`{projects: {count: {of: {sectors: {in: ["sector:t:energy"]}}, gte: 2}}}`,
		`{projects: {count: {of: {sectors: {in: ["sector:t:energy", "sector:t:hemp", "sector:t:solar"]}}, gte: 2}}}`,
	)
	a.root("Organization").finds(t, a, true,
		`{within: []}`, `{within: ["place:t:park"]}`, `{within: ["place:t:nowhere", "org:t:alpha"]}`, `{sectors: {in: []}}`)
	a.root("Project").finds(t, a, false, `{within: ["place:t:sete"]}`, `{within: ["place:t:herault", "place:t:site"]}`)
	a.below("org:t:council", "members").finds(t, a, false, `{sectors: {in: ["sector:t:crop"]}, edge: {seat: {gte: 7}}}`)
}

// between asks for nodes with different neighbours, one of each list.
func between(t *testing.T, a *asker) {
	a.root("Organization").finds(t, a, false,
		`{projects: {between: [["project:t:ash"]]}}`,
		`{projects: {between: [["project:t:ash"], ["project:t:birch", "project:t:juniper"]]}}`,
		`{projects: {between: [["project:t:ash", "project:t:birch"], ["project:t:ash", "project:t:birch", "no"]]}}`,
		`{projects: {between: [["project:t:ash"], ["project:t:birch"], ["project:t:cedar"]]}}`,
		`{projects: {between: [["project:t:ash", "project:t:kauri"], ["project:t:kauri", "project:t:ash"], ["project:t:birch"], ["project:t:juniper", "project:t:kauri", "project:t:ash"]]}}`,
		`{not: {projects: {between: [["project:t:gum"]]}}}`,
		`{memberOf: {between: [["org:t:council"], ["org:t:chamber"]], include: [PAST]}}`,
		`{people: {between: [["person:t:ada"], ["person:t:bo"]], include: [PAST]}}`,
		`{partners: {between: [["org:t:alpha"], ["org:t:zed"], ["org:t:quotes", "org:t:gamma"]]}}`,
	)
	a.root("Organization").finds(t, a, true,
		`{projects: {between: [["project:t:ash"], ["project:t:ash"]]}}`, // not one node twice
		`{people: {between: [["person:t:ada"], ["person:t:ada"]]}}`,     // over however many relationships
		`{projects: {between: [["project:t:ash"], []]}}`,
		`{people: {between: [["person:t:ada"], ["person:t:bo"]]}}`,
	)
	a.root("Project").finds(t, a, false, `{organizations: {between: [["org:t:alpha"], ["org:t:beta", "org:t:gamma"]]}}`)
}

// question is a connection of which filters are asked.
type question struct {
	about
	id       string // of the node whose connection it is; empty at the root
	items    []item // all of them
	document string // with the variable f
}

// root asks for nodes of a type.
func (a *asker) root(typ string) question {
	t := a.Catalog.Type(typ)
	return question{about: about{typ: t}, items: a.of(t), document: fmt.Sprintf(
		"query($f: %sFilter, %s) { %s(first: 100, filter: $f, %s) { totalCount edges { node { id } } } }", typ, scopeVariables, t.Plural, scopeArguments)}
}

// below asks for what a field of a node leads to, in whichever status.
func (a *asker) below(id, field string) question {
	f := a.Catalog.TypeOfID(id).Field(field)
	selection := "totalCount edges { id node { id } }"
	if f.Derived != nil {
		selection = "totalCount edges { node { id } }"
	}
	return question{about: about{typ: f.Target, field: f}, id: id, items: a.reach(id, f, everyStatus...),
		document: below(f, "$f: "+f.ConnectionType()+"Filter", "first: 100, filter: $f", selection)}
}

// finds asks with filters and compares with what they mean. Of a list that is
// not constant each filter must let something through, and keep something out.
func (q question) finds(t *testing.T, a *asker, constant bool, filters ...string) {
	t.Helper()
	for _, text := range filters {
		if n := q.ask(t, a, parse(text)); (n == 0 || n == len(q.items)) != constant {
			t.Errorf("%s finds %d of %d", text, n, len(q.items))
		}
	}
}

// ask asks with a filter, compares the first page, and returns how many items
// the filter should find.
func (q question) ask(t *testing.T, a *asker, in filter) int {
	t.Helper()
	want := keys(q.through(a, in))
	got := a.connection(t, q.document, vars{"f": in, "id": q.id})
	if d := cmp.Diff(want[:min(len(want), 100)], got.ids(), cmpEmpty); d != "" || got.TotalCount != len(want) {
		t.Errorf("%v: totalCount %d, want %d (-want +got):\n%s", in, got.TotalCount, len(want), d)
	}
	return len(want)
}

// through returns the items that a filter lets through.
func (q question) through(a *asker, in filter) []item {
	return slices.DeleteFunc(slices.Clone(q.items), func(it item) bool { return !a.meets(it, in, q.about) })
}
