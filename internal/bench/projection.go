package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/store"
)

// writes is how many writes a projection is followed through.
const writes = 9

// projection measures how long the graph of the algorithms takes to build from a
// store, what memory it takes, and when it shows what is written.
func (b *bench) projection(engine, target string, s store.Store) error {
	m, err := projection.NewModel(b.catalog)
	if err != nil {
		return err
	}
	g, err := projection.Load(b.ctx, s, m, projection.DefaultMemory)
	if err != nil {
		return err
	}
	b.report.add(engine+": projection", "≤ "+target, "%.1f s (%d organisations, %d links)", g.BuildTime.Seconds(), g.Actors.Len(), g.Links())
	b.report.add(engine+": memory of the projection", "≤ 400 MiB", "%d MiB", g.Bytes()>>20)
	if b.projected {
		if err := b.expansion(engine, s, g); err != nil {
			return err
		}
	}
	var times []time.Duration
	for i := range writes {
		org := newcomerID(i)
		_, err := s.Apply(b.ctx, []kg.Change{
			{Node: &kg.Node{Type: "Organization", ID: org}},
			{Relationship: &kg.Relationship{Type: participation, From: org, To: projectID(i)}},
		})
		if err != nil {
			return err
		}
		if g, err = projection.Follow(b.ctx, s, g, projection.DefaultMemory); err != nil {
			return err
		}
		times = append(times, g.UpdateTime)
	}
	slices.Sort(times)
	b.report.add(engine+": projection with one more organisation, after the write is noticed (100 ms)", "≤ 900 ms", "%.0f ms, at most %.0f ms", ms(times[writes/2]), ms(times[writes-1]))
	return nil
}

// newcomerID is the id of an organisation that the synthetic graph lacks.
func newcomerID(i int) string { return fmt.Sprintf("org:bench:%d", i) }
