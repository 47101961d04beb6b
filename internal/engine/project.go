package engine

import (
	"context"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/stage"
	"github.com/maillage/maillage/internal/store"
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
	e.Projection = projection.NewFollower(counting{e.Store, e}, m, memory)
	e.Projection.Prepare = func(ctx context.Context, g *projection.Graph) error {
		return e.ranker.Prepare(ctx, g, projection.DayOf(e.Now()))
	}
	return nil
}

// counting is a store that counts the statements by which lists are read of a
// projection that is in memory in part.
type counting struct {
	store.Store
	engine *Engine
}

// Neighbours counts and reads.
func (c counting) Neighbours(ctx context.Context, revision int64, frontiers []store.Frontier, yield func(frontier, node int, neighbour string) error) error {
	for range frontiers {
		c.engine.count(ctx)
	}
	return c.Store.Neighbours(ctx, revision, frontiers, yield)
}

// graph returns the graph over which fields are computed.
func (e *Engine) graph(ctx context.Context) (*projection.Graph, error) {
	if e.Projection == nil {
		return nil, kg.Errorf(kg.Internal, "the model has nobody that works together")
	}
	return e.Projection.Current(ctx)
}

// own returns the figures that no store knows, by the names of their fields.
func (e *Engine) own(ctx context.Context) (stage.Object, error) {
	out := stage.Object{"projection": nil}
	if e.Projection == nil {
		return out, nil
	}
	g, follows := e.Projection.Last(), e.Projection.Running()
	if !follows {
		var err error
		if g, err = e.Projection.Current(ctx); err != nil {
			return nil, err
		}
	}
	if g == nil {
		return out, nil
	}
	of := stage.Object{
		"revision": g.Revision, "actors": g.Actors.Len(), "groups": g.Groups.Len(), "links": g.Links(), "bytes": g.Bytes(),
		"whole": g.Whole(), "buildSeconds": g.BuildTime.Seconds(), "updateSeconds": nil, "follows": follows,
	}
	if g.UpdateTime > 0 {
		of["updateSeconds"] = g.UpdateTime.Seconds()
	}
	out["projection"] = of
	return out, nil
}
