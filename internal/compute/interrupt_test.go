package compute_test

import (
	"context"
	"testing"
	"time"

	"github.com/maillage/maillage/internal/compute"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
	"github.com/maillage/maillage/internal/ranking"
)

// TestACancelledQuestionEndsWhatIsComputed: what is asked of the field asks the
// context of the question.
func TestACancelledQuestionEndsWhatIsComputed(t *testing.T) {
	g := projectiontest.Hub(t, 20_000)
	c := &compute.Computer{
		Graph:  func(context.Context) (*projection.Graph, error) { return g, nil },
		Ranker: ranking.Default(),
		Now:    func() time.Time { return time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC) },
	}
	const hub, other = "org:t:0000000", "org:t:0000001"
	first := plan.Arguments{"first": int64(10)}
	for _, f := range []struct {
		name  string
		args  plan.Arguments
		nodes []string
		least int
	}{
		{"paths", plan.Arguments{"from": hub, "to": other, "first": int64(10), "maxSteps": int64(6)}, nil, 7},
		{"subgraph", plan.Arguments{"around": []any{hub}, "steps": int64(2), "first": int64(60)}, nil, 7},
		{"consortium", plan.Arguments{"call": "call:t:c", "anchors": []any{hub}, "first": int64(3)}, nil, 7},
		{"opportunities", first, []string{hub}, 7},
		{"suggestedPartners", first, []string{hub}, 7},
		{"similarOrganizations", first, []string{hub}, 7},
	} {
		t.Run(f.name, func(t *testing.T) {
			projectiontest.Interrupt(t, f.least, func(ctx context.Context) error {
				_, err := c.Compute(ctx, &plan.Computed{Name: f.name, Path: f.name, Args: f.args}, f.nodes)
				return err
			})
		})
	}
}
