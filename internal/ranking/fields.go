package ranking

import (
	"context"
	"math"
	"slices"

	"github.com/maillage/maillage/internal/projection"
)

// sectors is what is known of the sectors of a graph.
type sectors struct {
	above [][]int32 // each with all above it
	idf   []float64 // logarithm of how few work there
	top   []top     // the most active actors there and below, by fresh
}

// fields is in which sectors an actor works: those that its groups are about,
// those in which it is said to be active, and all above them.
type fields struct {
	in    []field // by sector
	norm  float32 // length of the weights
	total float32 // sum of the fresh
}

type field struct {
	sector int32
	weight float32 // how much the actor does there, by idf
	fresh  float32 // the sum of the fresh of its groups there
}

// tally counts the groups of an actor by sector.
type tally struct {
	count   []float32
	fresh   []float32
	touched []int32
}

func newTally(sectors int) tally {
	return tally{count: make([]float32, sectors), fresh: make([]float32, sectors)}
}

// add counts the groups of an actor, and what it is said to do itself, for their
// sectors and all above them.
func (t *tally) add(x *index, a int32) {
	g, above := x.g, x.sectors.above
	add := func(sectors []int32, fresh float32) {
		for _, direct := range sectors {
			for _, s := range above[direct] {
				if t.count[s] == 0 {
					t.touched = append(t.touched, s)
				}
				t.count[s]++
				t.fresh[s] += fresh
			}
		}
	}
	for _, p := range g.Meetings.Of(a) {
		add(g.GroupSectors.Of(p), x.meetings[p].fresh)
	}
	add(g.ActorSectors.Of(a), 0)
}

func (t *tally) clear() {
	for _, s := range t.touched {
		t.count[s], t.fresh[s] = 0, 0
	}
	t.touched = t.touched[:0]
}

// newSectors returns what is known of the sectors; the meetings are known.
func (x *index) newSectors(ctx context.Context) (err error) {
	g, m := x.g, x.g.Sectors.Len()
	x.sectors = sectors{above: make([][]int32, m), idf: make([]float64, m), top: make([]top, m)}
	for s := range x.sectors.above {
		x.sectors.above[s] = closure(g.Broader, int32(s))
	}
	known := make([]int32, m)
	if g.GroupSectors.Items()+g.ActorSectors.Items() > 0 {
		t := newTally(m)
		touch := func(a int32) {
			g.ActorSectors.Of(a)
			for _, p := range g.Meetings.Of(a) {
				g.GroupSectors.Of(p)
			}
		}
		err = g.Sweep(ctx, g.Actors.Len(), touch, func(a int32) {
			t.add(x, a)
			for _, s := range t.touched {
				known[s]++
				x.sectors.top[s].offer(valued{t.fresh[s], a}, perKey)
			}
			t.clear()
		})
	}
	for s := range known {
		x.sectors.idf[s] = math.Log(float64(g.Actors.Len()+1) / float64(known[s]+1))
	}
	return err
}

// of returns the fields of an actor.
func (s *sectors) of(x *index, a int32, t *tally) fields {
	t.add(x, a)
	defer t.clear()
	slices.Sort(t.touched)
	f := fields{in: make([]field, len(t.touched))}
	square := 0.0
	for i, sector := range t.touched {
		weight := float32(math.Log1p(float64(t.count[sector]))) * float32(s.idf[sector])
		f.in[i] = field{sector, weight, t.fresh[sector]}
		f.total += t.fresh[sector]
		square += float64(weight) * float64(weight)
	}
	f.norm = float32(math.Sqrt(square))
	return f
}

// closure returns a node and all that lie above it, each once.
func closure(above projection.Lists, from int32) []int32 {
	out := []int32{from}
	for i := 0; i < len(out); i++ {
		for _, next := range above.Of(out[i]) {
			if !slices.Contains(out, next) {
				out = append(out, next)
			}
		}
	}
	return out
}

// common calls yield for each sector in which both work.
func (f *fields) common(g *fields, yield func(f, g *field)) {
	for i, j := 0, 0; i < len(f.in) && j < len(g.in); {
		switch s, t := f.in[i].sector, g.in[j].sector; {
		case s < t:
			i++
		case s > t:
			j++
		default:
			yield(&f.in[i], &g.in[j])
			i++
			j++
		}
	}
}

// compare returns the cosine of two actors' weights, and how much the second is
// active where the first is: the mean over the sectors of the first, by its
// fresh, of the share of the second in each.
func (s *sectors) compare(f, g *fields) (cosine, presence float64) {
	product := 0.0
	f.common(g, func(a, b *field) {
		product += float64(a.weight) * float64(b.weight)
		presence += float64(a.fresh) * float64(b.fresh) * s.idf[a.sector]
	})
	if product > 0 {
		cosine = product / (float64(f.norm) * float64(g.norm))
	}
	if presence > 0 {
		presence /= float64(f.total)
	}
	return cosine, presence
}
