package projection

import (
	"context"
	"errors"
	"time"

	"github.com/maillage/maillage/internal/store"
)

// Follow returns a graph as it is now: brought up to date by the changes that the
// store tells of, or built anew where it cannot tell. Without any it is the same.
func Follow(ctx context.Context, s store.Store, g *Graph, memory int64) (*Graph, error) {
	start := time.Now()
	d := NewDelta(g.Model)
	revision, err := s.Follow(ctx, g.Revision, g.Model.Extract(), d.Changes())
	switch {
	case errors.Is(err, store.ErrGap):
		return Load(ctx, s, g.Model, memory)
	case err != nil:
		return nil, err
	case revision == g.Revision:
		return g, nil
	}
	next := g.With(d, revision)
	if next.Bytes() > memory {
		return nil, tooLarge(memory)
	}
	next.BuildTime = time.Since(start)
	return next, nil
}
