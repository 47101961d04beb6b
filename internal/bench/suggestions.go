package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/ranking"
	"github.com/maillage/maillage/internal/store"
)

// suggestions measures ten suggested partners, without the statement that says
// who they are, and what is computed once for a graph.
func (b *bench) suggestions(n network) error {
	target := "p50 ≤ 5 ms, p99 ≤ 20 ms"
	if n.large {
		target = "p99 ≤ 60 ms"
	}
	what := fmt.Sprintf("Ten suggestions among %d organisations", n.Actors.Len())
	r := ranking.Default()
	once, err := b.prepared(r, n.Graph)
	if err != nil {
		return err
	}
	b.report.add(what+": what is computed once", "–", "%.0f ms", ms(once))
	random := rand.New(rand.NewPCG(seed, 2))
	if err := b.suggested(what, target, r, n, asked, func() int32 { return random.Int32N(int32(n.Actors.Len())) }); err != nil {
		return err
	}
	// The first organisations are the largest hubs.
	if err := b.suggested(what+", of hubs", "–", r, n, asked/5, func() int32 { return random.Int32N(5) }); err != nil {
		return err
	}
	times, g := make([]time.Duration, writes), n.Graph
	for i := range times {
		start := time.Now()
		if g, err = joined(g, i); err != nil {
			return err
		}
		if _, err = b.prepared(r, g); err != nil {
			return err
		}
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	b.report.add(what+": one more organisation in the graph, and what is computed anew, after the write is noticed (100 ms)", "≤ 900 ms", "%.0f ms, at most %.0f ms", ms(times[writes/2]), ms(times[writes-1]))
	return nil
}

// prepared returns how long a ranker needs for a graph before it can be asked.
func (b *bench) prepared(r *ranking.Ranker, g *projection.Graph) (time.Duration, error) {
	start := time.Now()
	err := r.Prepare(b.ctx, g, 0)
	return time.Since(start), err
}

// suggested asks what is suggested for organisations that are drawn.
func (b *bench) suggested(what, target string, r *ranking.Ranker, n network, draws int, actor func() int32) error {
	times, without := make([]time.Duration, draws), 0
	for i := range times {
		a := actor()
		start := time.Now()
		found, err := projection.Expanded(b.ctx, n.Graph, func(ctx context.Context) ([]ranking.Suggestion, error) {
			return r.Suggest(ctx, n.Graph, a, ranking.Options{Limit: 10, LesserKnown: ranking.DefaultLesserKnown})
		})
		if err != nil {
			return err
		}
		times[i] = time.Since(start)
		if len(found) == 0 {
			without++
		}
	}
	slices.Sort(times)
	b.report.add(what, target, "p50 %.1f ms, p99 %.1f ms; %d of %d without", ms(times[draws/2]), ms(times[draws*99/100]), without, draws)
	return nil
}

// joined returns a graph with one more organisation, in one of its projects.
func joined(g *projection.Graph, i int) (*projection.Graph, error) {
	x, d := g.Model.Extract(), projection.NewDelta(g.Model)
	kind := slices.IndexFunc(x.Nodes, func(n store.NodeColumns) bool { return n.Type == g.Model.Actor })
	link := slices.IndexFunc(x.Links, func(l *catalog.Relationship) bool { return l.Name == participation })
	id := newcomerID(i)
	changes := d.Changes()
	if err := changes.Node(kind, id, true, make([]any, len(x.Nodes[kind].Properties))); err != nil {
		return nil, err
	}
	if err := changes.Link(link, id, projectID(i), true); err != nil {
		return nil, err
	}
	return g.With(d, g.Revision+1), nil
}
