package neighbourhood_test

import (
	"context"
	"testing"

	"github.com/maillage/maillage/internal/neighbourhood"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
)

func TestACancelledSubgraphStops(t *testing.T) {
	const projects = 20_000
	g := projectiontest.Hub(t, projects)
	for _, kinds := range kinds {
		projectiontest.Interrupt(t, projects*3/8192, func(ctx context.Context) error {
			_, err := neighbourhood.Subgraph(ctx, g, []projection.Ref{{}}, neighbourhood.Options{Steps: 2, First: 100, Kinds: kinds})
			return err
		})
	}
}
