package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// partners asks for the computed connection: who is in it with what is shared,
// and that filters, orders, pages, groups and figures take it for any other.
func partners(t *testing.T, a *asker) {
	f := a.Catalog.Type("Organization").Field("partners")
	for _, it := range a.of(f.Owner) {
		shared(t, a, it.node.ID)
	}
	for i, k := range api.OrderKeys(f.Target, f) {
		if k.Edge {
			order := []by{{k, i%2 == 0}}
			got := a.connection(t, below(f, "", "first: 100, "+orderBy(order...), "edges { node { id } }"), vars{"id": "org:t:alpha"})
			if d := cmp.Diff(keys(a.sortItems(a.reach("org:t:alpha", f), order)), got.ids()); d != "" {
				t.Errorf("%s (-want +got):\n%s", orderBy(order...), d)
			}
		}
	}
	relatedPages(t, a, "org:t:alpha", f.Name, order{"EDGE_FROM", "-WELL_CONNECTED", "EDGE_COUNCIL_COUNT"})
	rootPages(t, a, "Organization", "", order{"-WELL_CONNECTED", "PROJECTS_CONTRIBUTION_SUM"})

	of := a.below("org:t:alpha", f.Name)
	of.finds(t, a, false,
		`{edge: {closeProjectCount: {gte: 2}}}`, `{edge: {from: {beginsIn: "2014"}, synergyCount: {eq: 0}}, country: {eq: "FR"}}`,
		`{or: [{edge: {councilCount: {gt: 0}, not: {to: {lt: "2017"}}}}, {kind: {eq: RESEARCH}}, {edge: {from: {isNull: true}}}]}`,
		`{projects: {some: {id: {eq: "project:t:birch"}}}}`, `{partners: {some: {id: {eq: "org:t:quotes"}, edge: {projectCount: {gt: 0}}}}}`,
	)
	of.groupings(t, a, filter{}, grouping{by: "EDGE_PROJECT_COUNT"}, grouping{by: "EDGE_FROM", across: "COUNTRY"})
	of.figures(t, a, subsets(of.items)...)
	a.root("Organization").finds(t, a, false,
		`{partners: {some: {}}, not: {partners: {every: {country: {isNull: false}}}}}`, `{partners: {none: {edge: {projectCount: {gt: 0}}}}}`,
		`{partners: {some: {country: {eq: "DE"}, edge: {synergyCount: {eq: 0}, projectCount: {gt: 1}}}}}`,
		`{partners: {some: {edge: {closeProjectCount: {gt: 0}}}}}`, `{partners: {some: {edge: {synergyCount: {gt: 0}}}}}`,
		`{partners: {count: {of: {edge: {projectCount: {gt: 0}}}, gte: 6, lt: 12}}}`, `{partners: {count: {of: {edge: {councilCount: {gte: 1}}}, gt: 0}}}`,
		`{partners: {count: {gte: 22}}}`, `{partners: {count: {of: {country: {eq: "FR"}}, lte: 10}, sum: {projectCount: {gte: 5}}}}`,
		`{partners: {some: {id: {eq: "org:t:alpha"}}}}`, `{partners: {some: {id: {eq: "org:t:alpha"}, edge: {projectCount: {gt: 1}}}}}`,
		`{partners: {none: {id: {in: ["org:t:quotes", "org:t:grin"]}}}}`, `{partners: {count: {of: {id: {in: ["org:t:zed", "org:t:beta"]}}, eq: 2}}}`,
		`{partners: {some: {partners: {some: {id: {eq: "org:t:quotes"}, edge: {projectCount: {gt: 0}}}}}}}`,
	)
}

// shared compares the partners of a node, with what they share.
func shared(t *testing.T, a *asker, id string) {
	t.Helper()
	f := a.Catalog.Type("Organization").Field("partners")
	type list struct {
		TotalCount int
		Nodes      []struct{ ID string }
	}
	type row struct {
		Node                                                        struct{ ID string }
		ProjectCount, CloseProjectCount, SynergyCount, CouncilCount int64
		From, To                                                    *string
		Projects, Synergies, Councils, AllSynergies, AllCouncils    list
	}
	got := ask[struct {
		Partners struct {
			TotalCount int
			Edges      []row
		}
	}](t, a, `query($id: ID!, `+scopeVariables+`) { organization(id: $id, `+scopeArguments+`) { partners(first: 100) { totalCount edges {
		node { id } projectCount closeProjectCount synergyCount councilCount from to
		projects(first: 100) { totalCount nodes { id } } synergies { totalCount nodes { id } } councils { totalCount nodes { id } }
		allSynergies: synergies(include: [PLANNED, PAST]) { totalCount nodes { id } }
		allCouncils: councils(include: [PAST], orderBy: {field: ID, direction: DESC}) { totalCount nodes { id } }
	} } } }`, vars{"id": id})
	var want []row
	for _, it := range a.reach(id, f) {
		number := func(name string) int64 { return it.rel.Properties[name].(int64) }
		text := func(name string) *string {
			if v, ok := it.rel.Properties[name].(string); ok {
				return &v
			}
			return nil
		}
		between := func(name string, statuses ...string) (out list) {
			shown := a.statuses()
			if len(statuses) > 0 {
				shown = append([]string{store.Current}, statuses...)
			}
			for _, v := range a.between(id, it.node.ID, f.Derived.Between(name), shown...) {
				out.Nodes = append(out.Nodes, struct{ ID string }{v})
			}
			out.TotalCount = len(out.Nodes)
			return out
		}
		want = append(want, row{
			Node:         struct{ ID string }{it.node.ID},
			ProjectCount: number("projectCount"), CloseProjectCount: number("closeProjectCount"), SynergyCount: number("synergyCount"), CouncilCount: number("councilCount"),
			From: text("from"), To: text("to"),
			Projects: between("projects"), Synergies: between("synergies"), Councils: between("councils"),
			AllSynergies: between("synergies", "PLANNED", "PAST"), AllCouncils: between("councils", "PAST"),
		})
	}
	if d := cmp.Diff(want, got.Partners.Edges, cmpEmpty); d != "" || got.Partners.TotalCount != len(want) {
		t.Errorf("partners of %s: totalCount %d, want %d (-want +got):\n%s", id, got.Partners.TotalCount, len(want), d)
	}
}

// between returns the ids of the nodes between two others on a way, over
// relationships of some statuses on either side.
func (g *Graph) between(id, other string, w *catalog.Way, statuses ...string) (out []string) {
	for _, v := range g.reach(id, w.Out, statuses...) {
		for _, far := range g.reach(v.node.ID, w.Back, statuses...) {
			if far.node.ID == other {
				out = append(out, v.node.ID)
			}
		}
	}
	return out
}

// crowds: a project of more than 40 is one in which few get to know each other.
// It becomes one, and what was counted of it counts no more.
func crowds(t *testing.T, open Open) {
	s := open(t)
	small, large := "project:t:small", "project:t:large"
	changes := []kg.Change{{Node: &kg.Node{Type: "Project", ID: small}}, {Node: &kg.Node{Type: "Project", ID: large}}}
	id := func(i int) string { return fmt.Sprintf("org:t:%02d", i) }
	for i := range 41 {
		changes = append(changes, organization(id(i), nil), rel("PARTICIPATES_IN", id(i), large, nil))
		if i < 40 {
			changes = append(changes, rel("PARTICIPATES_IN", id(i), small, nil))
		}
	}
	changes = append(changes, organization("org:t:alone", nil))
	grow := rel("PARTICIPATES_IN", id(40), small, nil)
	for _, step := range [][]kg.Change{changes, {grow}} {
		fill(t, s, step)
		g := graphOf(t, append(changes, step...))
		a := &asker{Graph: g, store: s}
		for _, who := range []string{id(0), id(40), "org:t:alone"} {
			shared(t, a, who)
		}
		a.root("Organization").ask(t, a, parse(`{partners: {some: {edge: {closeProjectCount: {gt: 0}}}}}`))
		a.root("Organization").ask(t, a, parse(`{partners: {count: {of: {edge: {closeProjectCount: {gt: 0}}}, gte: 39}}}`))
		rootPages(t, a, "Organization", "", order{"-WELL_CONNECTED"})
	}
}

// graphOf returns the graph that changes make, of which some may come twice.
func graphOf(t *testing.T, changes []kg.Change) *Graph {
	t.Helper()
	text, err := encode(Fixture().Catalog, changes)
	if err != nil {
		t.Fatal(err)
	}
	var once []string
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		if !seen[line] {
			once = append(once, line)
		}
		seen[line] = true
	}
	g, err := NewGraph(Fixture().Model, []byte(strings.Join(once, "")))
	if err != nil {
		t.Fatal(err)
	}
	return g
}
