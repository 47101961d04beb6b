package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/paths"
	"github.com/maillage/maillage/internal/projection"
)

// networks are those in which paths are measured: one as large as the built-in
// data, and a large one.
var networks = []struct {
	size
	target string
}{
	{size{12_000, 7_500, 32_000}, "10 ms"},
	{size{1_000_000, 3_000_000, 10_000_000}, "50 ms"},
}

// asked is for how many pairs of organisations paths are looked for.
const asked = 500

// paths measures the search for three paths, without the statement that says what
// is on them.
func (b *bench) paths() error {
	m, err := projection.NewModel(b.catalog)
	if err != nil {
		return err
	}
	for _, n := range networks {
		builder := projection.NewBuilder(m)
		if err := graph(n.size)(func(ch kg.Change) error { builder.Add(ch); return nil }, importer.Reject(nil)); err != nil {
			return err
		}
		g := builder.Build(1)
		what := fmt.Sprintf("Three paths among %d organisations", n.organizations)
		r := rand.New(rand.NewPCG(seed, 1))
		number := func() int32 { return r.Int32N(int32(g.Actors.Len())) }
		if err := b.timed(what+", any two", n.target, g, number, number); err != nil {
			return err
		}
		// The first organisations are the largest hubs.
		hub := func() int32 { return r.Int32N(5) }
		if err := b.timed(what+", two hubs", "none", g, hub, hub); err != nil {
			return err
		}
	}
	return nil
}

// timed looks for paths between organisations that are drawn.
func (b *bench) timed(what, target string, g *projection.Graph, from, to func() int32) error {
	times, without, cut := []time.Duration{}, 0, 0
	for len(times) < asked {
		x, y := from(), to()
		if x == y {
			continue
		}
		start := time.Now()
		found, err := paths.Find(b.ctx, g, x, y, paths.Options{First: 3, MaxSteps: 4})
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
	b.report.add(what, "p99 ≤ "+target, "p50 %.1f ms, p99 %.1f ms; %d of %d without, %d not complete",
		ms(times[asked/2]), ms(times[asked*99/100]), without, asked, cut)
	return nil
}
