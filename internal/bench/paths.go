package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/maillage/maillage/internal/paths"
	"github.com/maillage/maillage/internal/projection"
)

// asked is for how many pairs of organisations paths are looked for.
const asked = 500

// paths measures the search for three paths, without the statement that says what
// is on them.
func (b *bench) paths(n network) error {
	target := "p99 ≤ 10 ms"
	if n.large {
		target = "p99 ≤ 50 ms"
	}
	what := fmt.Sprintf("Three paths among %d organisations", n.Actors.Len())
	r := rand.New(rand.NewPCG(seed, 1))
	number := func() int32 { return r.Int32N(int32(n.Actors.Len())) }
	if err := b.timed(what+", any two", target, n, asked, number, number); err != nil {
		return err
	}
	// The first organisations are the largest hubs.
	hub := func() int32 { return r.Int32N(5) }
	return b.timed(what+", two hubs", "–", n, asked, hub, hub)
}

// timed looks for paths between organisations that are drawn.
func (b *bench) timed(what, target string, n network, draws int, from, to func() int32) error {
	times, without, cut := []time.Duration{}, 0, 0
	for len(times) < draws {
		x, y := from(), to()
		if x == y {
			continue
		}
		start := time.Now()
		found, err := projection.Expanded(b.ctx, n.Graph, func(ctx context.Context) (paths.Result, error) {
			return paths.Find(ctx, n.Graph, x, y, paths.Options{First: 3, MaxSteps: 4})
		})
		if err != nil {
			return err
		}
		times = append(times, time.Since(start))
		if len(found.Paths) == 0 {
			without++
		}
		if !found.Complete {
			cut++
		}
	}
	slices.Sort(times)
	b.report.add(what, target, "p50 %.1f ms, p99 %.1f ms; %d of %d without, %d not complete",
		ms(times[draws/2]), ms(times[draws*99/100]), without, draws, cut)
	return nil
}
