package engine

import (
	"context"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
)

// Project gives the engine the projection of a catalog's graph, which may take so
// many bytes of memory. It is built and brought up to date when something is
// computed, unless its Run is called. A model that has nobody that works together
// has none.
func (e *Engine) Project(c *catalog.Catalog, memory int64) error {
	m, err := projection.NewModel(c)
	if err != nil || m == nil {
		return err
	}
	e.Projection = projection.NewFollower(e.Store, m, memory)
	return nil
}

// graph returns the graph over which fields are computed.
func (e *Engine) graph(ctx context.Context) (*projection.Graph, error) {
	if e.Projection == nil {
		return nil, kg.Errorf(kg.Internal, "the model has nobody that works together")
	}
	return e.Projection.Current(ctx)
}
