package match_test

import (
	"context"
	"testing"

	"github.com/maillage/maillage/internal/match"
	"github.com/maillage/maillage/internal/projection/projectiontest"
)

func TestWhatIsCancelledStops(t *testing.T) {
	const projects = 20_000
	g := projectiontest.Hub(t, projects)
	for name, run := range map[string]func(context.Context) error{
		"opportunities": func(ctx context.Context) error {
			_, err := match.Opportunities(ctx, g, 0, match.Options{Today: today, First: 10, Partners: 10})
			return err
		},
		"consortia": func(ctx context.Context) error {
			_, err := match.Consortia(ctx, g, match.ConsortiumOptions{
				Call: new(int32), Anchors: []int32{1}, Needs: []match.Need{{Kind: "COMPANY", Count: 3}}, MinCountries: 3, First: 3, Today: today,
			})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { projectiontest.Interrupt(t, projects*3/8192, run) })
	}
}

// TestChoosingIsCancelled chooses among some 80,000 sets, which is most of the
// work where the combinations of few candidates are all tried.
func TestChoosingIsCancelled(t *testing.T) {
	g := projectiontest.Hub(t, 22)
	projectiontest.Interrupt(t, 100, func(ctx context.Context) error {
		_, err := match.Consortia(ctx, g, match.ConsortiumOptions{Needs: []match.Need{{Kind: "COMPANY", Count: 3}}, First: 3, Today: today})
		return err
	})
}
