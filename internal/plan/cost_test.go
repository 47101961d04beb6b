package plan_test

import (
	"testing"

	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/plan"
)

func TestCostIsWhatIsAskedFor(t *testing.T) {
	c := catalogtest.Model(t)
	org, project := c.Type("Organization"), c.Type("Project")
	name := &plan.Value{Key: "name", Property: org.Property("name")}
	page := func(limit int, fields ...plan.ConnectionField) *plan.Connection {
		return &plan.Connection{Target: org, Page: plan.Page{Limit: limit}, Fields: fields}
	}
	nodes := func(fields ...plan.Field) *plan.Nodes { return &plan.Nodes{Key: "nodes", Fields: fields} }
	edges := func(fields ...plan.Field) *plan.Edges {
		return &plan.Edges{Key: "edges", Fields: []plan.Field{&plan.EdgeNode{Key: "node", Fields: fields}}}
	}
	record := org.Property("records")
	records := func(fields ...plan.Field) *plan.Embedded {
		return &plan.Embedded{Key: "records", Property: record, Fields: []plan.EmbeddedField{{Key: "source", Field: &record.Embedded.Fields[0], Fields: fields}}}
	}
	deep := page(100, nodes(name))
	for range 20 {
		deep = page(100, nodes(deep))
	}
	for _, tt := range []struct {
		name string
		root plan.Root
		want int
	}{
		{"stats", &plan.Stats{}, 1},
		{"a node", &plan.Lookup{IDs: []string{"org:1"}, Branches: []plan.Branch{{Type: org, Fields: []plan.Field{name}}}}, 1},
		{"nodes", &plan.Lookup{IDs: []string{"org:1", "org:2", "org:3"}, List: true, Branches: []plan.Branch{{Type: org}}}, 3},
		{"nodes of two types cost the dearer", &plan.Lookup{IDs: []string{"org:1", "project:1"}, List: true, Branches: []plan.Branch{
			{Type: org, Fields: []plan.Field{page(10, nodes(name))}}, {Type: project, Fields: []plan.Field{page(5, nodes(name))}},
		}}, 2 * (1 + 11)},
		{"a page", page(20, nodes(name)), 21},
		{"edges", page(20, edges(name)), 21},
		{"a count", page(20, &plan.TotalCount{Key: "n"}), 21},
		{"nodes and edges", page(20, nodes(page(2, nodes(name))), edges(page(3, nodes(name)))), 1 + 20*(1+3+4)},
		{"pages in a page", page(10, nodes(page(10, nodes(page(10, nodes(name)))))), 1 + 10*(1+1+10*(1+11))},
		{"two pages side by side", page(10, nodes(page(5, nodes(name)), page(5, nodes(name)))), 1 + 10*(1+6+6)},
		{"stored objects are free", page(10, nodes(records())), 11},
		{"but not the nodes that they name", page(10, nodes(records(name))), 1 + 10*2},
		{"far beyond 64 bits", deep, 1 << 40},
	} {
		if got := plan.Normalize(plan.Plan{Root: tt.root}).Cost(); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestWhatLooksAtAllItemsCosts(t *testing.T) {
	c := catalogtest.Model(t)
	org := c.Type("Organization")
	page := func(fields ...plan.ConnectionField) *plan.Connection {
		return &plan.Connection{Target: org, Page: plan.Page{Limit: 20}, Fields: append(fields, &plan.Nodes{})}
	}
	grouped := page(&plan.Facets{By: plan.FacetKey{Property: org.Property("kind")}}, &plan.Aggregate{})
	connected := page()
	connected.Order = []plan.OrderKey{{Degree: org.Field("partners")}}
	said := page()
	said.Fields = []plan.ConnectionField{&plan.Nodes{Fields: []plan.Field{&plan.Facts{Facts: org.Fact("facts"), Limit: 20, Fields: []plan.FactField{{Name: "count"}, {Name: "claims", Limit: 5}}}}}}
	for _, tt := range []struct {
		name string
		root *plan.Connection
		want int
	}{{"a page", page(), 21}, {"what others say", said, 1 + 20*(1+1+10+20*(1+5))}, {"groups and figures", grouped, 221}, {"an order that is not stored", connected, 121}} {
		if got := plan.Normalize(plan.Plan{Root: tt.root}).Cost(); got != tt.want {
			t.Errorf("%s costs %d, want %d", tt.name, got, tt.want)
		}
	}
}
