// Package projectiontest gives tests of what runs over projections the product's
// model, graphs of it, and contexts that end on the way.
package projectiontest

import (
	"sync"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/dataset"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
)

var (
	loadModel = sync.OnceValues(func() (*projection.Model, error) {
		c, err := catalogtest.Load()
		if err != nil {
			return nil, err
		}
		return projection.NewModel(c)
	})
	loadBuiltin = sync.OnceValues(func() (*projection.Graph, error) {
		m, err := loadModel()
		if err != nil {
			return nil, err
		}
		c, err := catalogtest.Load()
		if err != nil {
			return nil, err
		}
		b := projection.NewBuilder(m)
		if err := dataset.Builtin(c, func(ch kg.Change) error { b.Add(ch); return nil }); err != nil {
			return nil, err
		}
		return b.Build(1), nil
	})
)

// Model returns the product's model, and what of it is projected.
func Model(t testing.TB) (*catalog.Catalog, *projection.Model) {
	t.Helper()
	m, err := loadModel()
	if err != nil {
		t.Fatal(err)
	}
	return catalogtest.Model(t), m
}

// Builder builds a graph out of nodes and relationships.
type Builder struct{ *projection.Builder }

// NewBuilder returns a builder of a graph of the product's model.
func NewBuilder(t testing.TB) Builder {
	t.Helper()
	_, m := Model(t)
	return Builder{projection.NewBuilder(m)}
}

// Node adds a node.
func (b Builder) Node(typ, id string, props kg.Properties) {
	b.Add(kg.Change{Node: &kg.Node{Type: typ, ID: id, Properties: props}})
}

// Link adds a relationship.
func (b Builder) Link(typ, from, to string, props kg.Properties) {
	b.Add(kg.Change{Relationship: &kg.Relationship{Type: typ, From: from, To: to, Properties: props}})
}

// Builtin returns the projection of the built-in graph, the same whenever it is
// asked for.
func Builtin(t testing.TB) *projection.Graph {
	t.Helper()
	g, err := loadBuiltin()
	if err != nil {
		t.Fatal(err)
	}
	return g
}
