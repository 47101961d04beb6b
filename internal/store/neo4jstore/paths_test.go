package neo4jstore

import (
	"math/rand/v2"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/paths"
	"github.com/maillage/maillage/internal/projection"
)

// TestPathsHaveAsFewStepsAsShortestPath compares how many steps a path needs with
// what the database says, for pairs of organisations that work together over
// others or not at all.
func TestPathsHaveAsFewStepsAsShortestPath(t *testing.T) {
	s := empty(t)
	apply(t, s, sample())
	c, _ := model()
	m, err := projection.NewModel(c)
	if err != nil {
		t.Fatal(err)
	}
	g, err := projection.Load(t.Context(), s, m, projection.DefaultMemory)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(6, 8))
	var pairs []any
	var want []int
	apart := 0
	for len(pairs) < 500 {
		from, to := r.Int32N(int32(g.Actors.Len())), r.Int32N(int32(g.Actors.Len()))
		if from == to {
			continue
		}
		steps := 0
		for most := 1; most <= paths.MaxSteps && steps == 0; most++ {
			found, err := paths.Find(t.Context(), g, from, to, paths.Options{First: 1, MaxSteps: most, Through: []string{"PARTICIPATES_IN"}})
			if err != nil || !found.Complete {
				t.Fatal(found.Complete, err)
			}
			if len(found.Paths) > 0 {
				steps = len(found.Paths[0].Steps)
			}
		}
		if steps == 0 {
			apart++
		}
		pairs, want = append(pairs, []any{g.Actors.ID(from), g.Actors.ID(to)}), append(want, steps)
	}
	session := s.driver.NewSession(t.Context(), neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead})
	defer func() { _ = session.Close(t.Context()) }()
	result, err := session.Run(t.Context(), `UNWIND range(0, size($pairs) - 1) AS i
MATCH (a:Organization {id: $pairs[i][0]}), (b:Organization {id: $pairs[i][1]})
OPTIONAL MATCH p = shortestPath((a)-[:PARTICIPATES_IN*..12]-(b))
RETURN i, coalesce(length(p), 0) AS hops`, map[string]any{"pairs": pairs})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := result.Collect(t.Context())
	if err != nil || len(rows) != len(pairs) {
		t.Fatalf("%d answers, %v", len(rows), err)
	}
	for _, row := range rows {
		if i, hops := row.Values[0].(int64), row.Values[1].(int64); int64(2*want[i]) != hops {
			t.Errorf("%v: %d steps, and %d relationships for the database", pairs[i], want[i], hops)
		}
	}
	t.Logf("%d pairs, %d of them apart", len(pairs), apart)
}
