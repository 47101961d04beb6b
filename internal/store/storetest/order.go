package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/api"
)

// orders asks for every order of every type that is listed, both ways. The
// fixture has ties and absent values in most of them.
func orders(t *testing.T, a *asker) {
	for _, typ := range a.Catalog.Types {
		if typ.Plural == "" {
			continue
		}
		items := a.of(typ)
		for _, k := range representative(api.OrderKeys(typ, nil), typ.Name == "Organization") {
			for _, desc := range []bool{false, true} {
				document := fmt.Sprintf("{ %s(first: 100, %s) { edges { node { id } } } }", typ.Plural, orderBy(by{k, desc}))
				got := a.connection(t, document, nil)
				if d := cmp.Diff(keys(a.sortItems(items, []by{{k, desc}})), got.ids()); d != "" {
					t.Errorf("%s (-want +got):\n%s", document, d)
				}
			}
		}
	}
}

// edgeOrders asks for orders of relationships by their own properties and by
// those of the nodes they lead to.
func edgeOrders(t *testing.T, a *asker) {
	seen := map[string]bool{}
	for _, typ := range a.Catalog.Types {
		for _, f := range typ.Fields {
			n, items := a.busiest(f)
			for _, k := range api.OrderKeys(f.Target, f) {
				// One of each class, with and without ties between the same nodes.
				what := fmt.Sprint(classOf(k), len(f.Relationship.Key) > 0)
				if len(items) < 2 || seen[what] {
					continue
				}
				seen[what] = true
				for _, desc := range []bool{false, true} {
					document := below(f, "", "first: 100, "+orderBy(by{k, desc}), "edges { id node { id } }")
					got := a.connection(t, document, vars{"id": n.ID})
					if d := cmp.Diff(keys(a.sortItems(items, []by{{k, desc}})), got.ids()); d != "" {
						t.Errorf("%s of %s (-want +got):\n%s", document, n.ID, d)
					}
				}
			}
		}
	}
}

// representative returns all keys, or one of each class.
func representative(keys []api.OrderKey, all bool) (out []api.OrderKey) {
	seen := map[string]bool{}
	for _, k := range keys {
		if all || !seen[classOf(k)] {
			out = append(out, k)
		}
		seen[classOf(k)] = true
	}
	return out
}

// orderBy writes the argument for an order.
func orderBy(order ...by) string {
	out := "orderBy: ["
	for _, k := range order {
		from := ""
		if k.Distance {
			from = ", from: {place: \"" + origin + "\"}"
		}
		out += fmt.Sprintf("{field: %s, direction: %s%s}", k.Name, direction(k.desc), from)
	}
	return out + "]"
}

func direction(desc bool) string {
	if desc {
		return "DESC"
	}
	return "ASC"
}
