package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
)

// column is a property with all the items that have it or lack it.
type column struct {
	property *catalog.Property
	items    []item
	at       string // where it is, for messages
	typ      *catalog.Type
	field    *catalog.RelationshipField // nil at the root
	parent   string                     // id of the node whose connection it is
	edge     bool
}

// values returns the values of the column, nil for absent ones.
func (c column) values() []any {
	out := make([]any, len(c.items))
	for i, it := range c.items {
		out[i] = it.value(c.property, c.edge)
	}
	return out
}

// richest returns, of each class of columns, the one with most different
// values: no store can tell one property from another of the same class.
func richest(columns []column) (out []column) {
	byClass := map[string][]column{}
	for _, c := range columns {
		k := class(c.property, c.edge)
		byClass[k] = append(byClass[k], c)
	}
	for _, k := range sortedKeys(byClass) {
		list := byClass[k]
		slices.SortStableFunc(list, func(a, b column) int { return len(distinct(b.values())) - len(distinct(a.values())) })
		out = append(out, list[0])
	}
	return out
}

func sortedKeys[V any](m map[string]V) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// rootColumns returns the properties of all types that are listed.
func rootColumns(g *Graph) (out []column) {
	for _, t := range g.Catalog.Types {
		if t.Plural == "" {
			continue
		}
		for _, p := range t.Properties {
			if api.FilterType(p) != "" && p.Kind != catalog.Embed {
				out = append(out, column{property: p, items: g.of(t), typ: t, at: t.Plural + "." + p.Name})
			}
		}
	}
	return out
}

// edgeColumns returns the properties of relationships, each seen from the node
// that has most of them.
func edgeColumns(g *Graph) (out []column) {
	for _, t := range g.Catalog.Types {
		for _, f := range t.Fields {
			n, items := g.busiest(f)
			if n == nil {
				continue
			}
			for _, p := range f.Relationship.Properties {
				if api.FilterType(p) != "" && p.Kind != catalog.Embed {
					out = append(out, column{property: p, items: items, typ: t, field: f, parent: n.ID, edge: true, at: t.Name + "." + f.Name + ".edge." + p.Name})
				}
			}
		}
	}
	return out
}

// filters asks for every operator on every class of property, with every value
// there is and some that there are not.
func filters(t *testing.T, a *asker) {
	for _, c := range richest(rootColumns(a.Graph)) {
		t.Run(c.at, func(t *testing.T) { filterColumn(t, a, c) })
	}
}

// edgeFilters does the same with the properties of relationships.
func edgeFilters(t *testing.T, a *asker) {
	for _, c := range richest(edgeColumns(a.Graph)) {
		t.Run(c.at, func(t *testing.T) { filterColumn(t, a, c) })
	}
}

func filterColumn(t *testing.T, a *asker, c column) {
	for _, op := range operators(c.property.Kind) {
		document := c.document(op)
		for _, operand := range operands(c.property, op, c.values()) {
			var want []string
			for _, it := range c.items {
				if holds(c.property, op, it.value(c.property, c.edge), operand) {
					want = append(want, it.key())
				}
			}
			got := a.connection(t, document, vars{"v": input(c.property, operand), "id": c.parent})
			if d := cmp.Diff(want, got.ids()); d != "" {
				t.Errorf("%s %.200q (-want +got):\n%s", op, fmt.Sprint(operand), d)
			}
			if got.TotalCount != len(want) {
				t.Errorf("%s %.200q: totalCount %d, want %d", op, fmt.Sprint(operand), got.TotalCount, len(want))
			}
		}
	}
}

// document writes the question for the items for which an operator holds.
func (c column) document(op string) string {
	v := "$v: " + variableType(c.property, op)
	if c.field == nil {
		return fmt.Sprintf("query(%s) { %s(first: 100, filter: {%s: {%s: $v}}) { totalCount edges { node { id } } } }", v, c.typ.Plural, c.property.Name, op)
	}
	return below(c.field, v, fmt.Sprintf("first: 100, filter: {edge: {%s: {%s: $v}}}", c.property.Name, op), "totalCount edges { id node { id } }")
}

// below writes a question about a connection of the node $id. All statuses are
// shown unless the arguments say otherwise.
func below(f *catalog.RelationshipField, variables, arguments, selection string) string {
	if f.Relationship.Status != nil && !strings.Contains(arguments, "include:") {
		arguments += ", include: [CURRENT, PLANNED, PAST]"
	}
	return fmt.Sprintf("query($id: ID! %s, %s) { %s(id: $id, %s) { connection: %s(%s) { %s } } }", scopeVariables, variables, f.Owner.Single(), scopeArguments, f.Name, arguments, selection)
}
