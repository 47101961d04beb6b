package neo4jstore

import (
	"testing"
	"time"

	"github.com/maillage/maillage/internal/neo4jtest"
)

// TestWarm starts a server anew: after warming up, statements that it has not
// seen yet take a fraction of what the first of all takes.
func TestWarm(t *testing.T) {
	server := neo4jtest.Own(t)
	s := open(t, server)
	apply(t, s, sample()[:500])
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	fresh := open(t, server)
	t.Logf("opened in %s", time.Since(start))
	start = time.Now()
	c, _ := model()
	plans := WarmUp(c)
	if err := fresh.Warm(t.Context(), plans); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d plans in %s", len(plans), time.Since(start))
	slow := 0
	for _, q := range questions[:40] {
		p := planOf(t, q, nil)
		start := time.Now()
		run(t, fresh, p)
		if took := time.Since(start); took > 200*time.Millisecond {
			slow++
			t.Logf("%s: %s", took, q)
		}
	}
	// A busy machine may slow some; without the warm-up it is nearly all.
	if slow > 10 {
		t.Errorf("%d of 40 first statements took more than 200ms", slow)
	}
}
