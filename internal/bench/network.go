package main

import (
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
)

// network is a synthetic graph as the algorithms see it.
type network struct {
	*projection.Graph
	large bool
}

// networks builds a graph as large as the built-in data and a large one, one
// after the other, and measures each.
func (b *bench) networks(measures ...func(network) error) error {
	if len(measures) == 0 {
		return nil
	}
	m, err := projection.NewModel(b.catalog)
	if err != nil {
		return err
	}
	for i, n := range []size{{12_000, 7_500, 32_000}, {1_000_000, 3_000_000, 10_000_000}} {
		builder := projection.NewBuilder(m)
		if err := graph(n)(func(ch kg.Change) error { builder.Add(ch); return nil }, importer.Reject(nil)); err != nil {
			return err
		}
		built := network{builder.Build(1), i > 0}
		for _, measure := range measures {
			if err := measure(built); err != nil {
				return err
			}
		}
	}
	return nil
}
