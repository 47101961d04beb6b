package paths_test

import (
	"context"
	"testing"

	"github.com/maillage/maillage/internal/paths"
	"github.com/maillage/maillage/internal/projection/projectiontest"
)

func TestWhatIsCancelledStops(t *testing.T) {
	const projects = 20_000
	g := projectiontest.Hub(t, projects)
	of := make([]int32, paths.MaxPaired)
	for i := range of {
		of[i] = int32(i)
	}
	for name, run := range map[string]func(context.Context) error{
		"paths": func(ctx context.Context) error {
			_, err := paths.Find(ctx, g, 0, 1, paths.Options{First: 10, MaxSteps: 6})
			return err
		},
		"pairs": func(ctx context.Context) error {
			_, err := paths.Pairs(ctx, g, of, paths.PairOptions{First: 10})
			return err
		},
		"pairs that are not tied": func(ctx context.Context) error {
			_, err := paths.Pairs(ctx, g, of, paths.PairOptions{First: 10, Apart: true, After: &paths.Cursor{A: "org:t:z"}})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { projectiontest.Interrupt(t, projects/8192, run) })
	}
}
