package neo4jstore

import (
	"slices"
	"testing"
	"time"

	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/plan"
)

// TestWarm starts a server anew: after warming up, statements that it has not
// seen yet are planned and run in little time.
func TestWarm(t *testing.T) {
	server := neo4jtest.Own(t)
	apply(t, open(t, server), sample()[:500])
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	s := open(t, server)
	cold := time.Since(start)
	c, _ := model()
	plans := WarmUp(c)
	start = time.Now()
	if err := s.Warm(t.Context(), plans); err != nil {
		t.Fatal(err)
	}
	warming := time.Since(start)
	timed := func(plans []plan.Normal) (median, p95, slowest time.Duration) {
		var took []time.Duration
		for _, p := range plans {
			start := time.Now()
			run(t, s, p)
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		return took[len(took)/2], took[len(took)*95/100], took[len(took)-1]
	}
	var others []plan.Normal
	for _, q := range questions[:40] {
		others = append(others, planOf(t, q, nil))
	}
	known, knownP95, knownSlowest := timed(plans)
	median, p95, slowest := timed(others)
	t.Logf("opened in %s, %d plans in %s, then the same in %s, %s, %s and new statements in %s, %s, %s (median, p95, slowest)",
		cold, len(plans), warming, known, knownP95, knownSlowest, median, p95, slowest)
	// On a quiet machine they take a quarter of that.
	if median > 500*time.Millisecond {
		t.Errorf("new statements take %s", median)
	}
}
