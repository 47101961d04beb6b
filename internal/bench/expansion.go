package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/ranking"
	"github.com/maillage/maillage/internal/store"
)

// expanded is for how many organisations, or pairs, each is computed where the graph is
// in memory in part.
const expanded = 50

// expansion measures a graph that has half of the memory that it takes, and what is
// computed over it.
func (b *bench) expansion(engine string, s store.Store, whole *projection.Graph) error {
	g, err := projection.Open(b.ctx, s, whole.Model, whole.Bytes()/2)
	if err != nil {
		return err
	}
	b.report.add(engine+": projection in half of that memory", "–", "%.1f s, %d MiB before anything is asked", g.BuildTime.Seconds(), g.Bytes()>>20)
	r := ranking.Default()
	once, err := b.prepared(r, g)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("%s, in half of the memory: ", engine)
	b.report.add(what+"what is computed once for suggestions", "–", "%.1f s", once.Seconds())
	random := rand.New(rand.NewPCG(seed, 5))
	number := func() int32 { return random.Int32N(int32(g.Actors.Len())) }
	n := network{Graph: g}
	if err := b.suggested(what+"ten suggestions", "–", r, n, expanded, number); err != nil {
		return err
	}
	return b.timed(what+"three paths", "–", n, expanded, number, number)
}
