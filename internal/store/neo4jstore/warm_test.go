package neo4jstore

import (
	"slices"
	"testing"
	"time"

	"github.com/maillage/maillage/internal/neo4jtest"
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
	var took []time.Duration
	for _, q := range questions[:40] {
		p := planOf(t, q, nil)
		start := time.Now()
		run(t, s, p)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	median := took[len(took)/2]
	t.Logf("opened in %s, %d plans in %s, then new statements in %s, %s, %s (median, p95, slowest)",
		cold, len(plans), warming, median, took[len(took)*95/100], took[len(took)-1])
	// On a quiet machine they take a quarter of that.
	if median > 500*time.Millisecond {
		t.Errorf("new statements take %s", median)
	}
}
