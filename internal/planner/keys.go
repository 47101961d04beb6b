package planner

import (
	"sync"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// keys finds by what connections can be ordered and grouped. The names are made
// from the catalog, once for each kind of connection.
type keys struct {
	orders names[api.OrderKey]
	facets names[api.FacetKey]
}

func (k *keys) order(c *plan.Connection, name any) (api.OrderKey, bool) {
	return k.orders.find(c, name, api.OrderKeys, func(k api.OrderKey) string { return k.Name })
}

func (k *keys) facet(c *plan.Connection, name any) (api.FacetKey, bool) {
	return k.facets.find(c, name, api.FacetKeys, func(k api.FacetKey) string { return k.Name })
}

// names holds keys by their names, for each kind of connection that was asked for.
type names[K any] struct{ known sync.Map }

// kind is what the keys of a connection depend on. The field is nil at the root.
type kind struct {
	target *catalog.Type
	field  *catalog.RelationshipField
}

func (n *names[K]) find(
	c *plan.Connection, name any, list func(*catalog.Type, *catalog.RelationshipField) []K, nameOf func(K) string,
) (key K, found bool) {
	of := kind{c.Target, c.Field}
	known, ok := n.known.Load(of)
	if !ok {
		byName := map[string]K{}
		for _, k := range list(of.target, of.field) {
			byName[nameOf(k)] = k
		}
		known, _ = n.known.LoadOrStore(of, byName)
	}
	text, _ := name.(string)
	key, found = known.(map[string]K)[text]
	return key, found
}
