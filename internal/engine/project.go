package engine

import (
	"context"
	"sync"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
)

// Project makes the engine project the graph of a catalog when it is first asked
// for what is computed, and bring the projection up to date whenever it is asked
// again. What serves many questions uses a projection.Follower instead.
func (e *Engine) Project(c *catalog.Catalog) {
	var mu sync.Mutex
	var graph *projection.Graph
	e.Graph = func(ctx context.Context) (*projection.Graph, error) {
		mu.Lock()
		defer mu.Unlock()
		if graph == nil {
			m, err := projection.NewModel(c)
			if err != nil {
				return nil, err
			}
			if m == nil {
				return nil, kg.Errorf(kg.Internal, "the model has nobody that works together")
			}
			graph, err = projection.Load(ctx, e.Store, m, projection.DefaultMemory)
			return graph, err
		}
		next, err := projection.Follow(ctx, e.Store, graph, projection.DefaultMemory)
		if err == nil {
			graph = next
		}
		return next, err
	}
}
