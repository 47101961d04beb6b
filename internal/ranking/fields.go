package ranking

import (
	"math"
	"slices"

	"github.com/maillage/maillage/internal/projection"
)

// fields is in which sectors each actor works: those that its groups are about,
// those in which it is said to be active, and all above them.
type fields struct {
	start  []uint32  // of the sectors of each actor, and the end
	sector []int32   // ascending for each actor
	weight []float32 // how much it does there, by idf
	fresh  []float32 // the sum of the fresh of its groups there
	norm   []float32 // by actor: length of its weights
	total  []float32 // by actor: sum of its fresh over all its sectors
	idf    []float64 // by sector: logarithm of how few work there
	volume []float64 // by sector: the sum of fresh over all actors
}

// newFields counts the groups of each actor by sector.
func newFields(g *projection.Graph, fresh []float32) fields {
	n, m := g.Actors.Len(), g.Sectors.Len()
	f := fields{start: make([]uint32, 1, n+1), norm: make([]float32, n), total: make([]float32, n), idf: make([]float64, m), volume: make([]float64, m)}
	above := make([][]int32, m) // each sector with all above it
	for s := range above {
		above[s] = closure(g.Broader, int32(s))
	}
	count, sum, known := make([]float32, m), make([]float32, m), make([]int32, m)
	var touched []int32
	add := func(a int32, sectors []int32, c, w float32) {
		for _, direct := range sectors {
			for _, s := range above[direct] {
				if count[s] == 0 {
					touched = append(touched, s)
				}
				count[s] += c
				sum[s] += w
			}
		}
	}
	for a := range int32(n) {
		for _, p := range g.Meetings.Of(a) {
			add(a, g.GroupSectors.Of(p), 1, fresh[p])
		}
		add(a, g.ActorSectors.Of(a), 1, 0)
		slices.Sort(touched)
		for _, s := range touched {
			f.sector = append(f.sector, s)
			f.weight = append(f.weight, float32(math.Log1p(float64(count[s]))))
			f.fresh = append(f.fresh, sum[s])
			f.total[a] += sum[s]
			f.volume[s] += float64(sum[s])
			known[s]++
			count[s], sum[s] = 0, 0
		}
		f.start = append(f.start, uint32(len(f.sector)))
		touched = touched[:0]
	}
	for s := range f.idf {
		f.idf[s] = math.Log(float64(n+1) / float64(known[s]+1))
	}
	for a := range n {
		square := 0.0
		for i := f.start[a]; i < f.start[a+1]; i++ {
			f.weight[i] *= float32(f.idf[f.sector[i]])
			square += float64(f.weight[i]) * float64(f.weight[i])
		}
		f.norm[a] = float32(math.Sqrt(square))
	}
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

// of returns the span of an actor's sectors.
func (f *fields) of(a int32) (from, to uint32) { return f.start[a], f.start[a+1] }

// compare returns the cosine of two actors' weights, and how much the second is
// active where the first is: the mean over the sectors of the first, by its
// fresh, of the share of the second in each.
func (f *fields) compare(a, b int32) (cosine, presence float64) {
	i, iEnd := f.of(a)
	j, jEnd := f.of(b)
	product := 0.0
	for i < iEnd && j < jEnd {
		switch s, t := f.sector[i], f.sector[j]; {
		case s < t:
			i++
		case s > t:
			j++
		default:
			product += float64(f.weight[i]) * float64(f.weight[j])
			if f.volume[s] > 0 {
				presence += float64(f.fresh[i]) * float64(f.fresh[j]) * f.idf[s]
			}
			i++
			j++
		}
	}
	if product > 0 {
		cosine = product / (float64(f.norm[a]) * float64(f.norm[b]))
	}
	if presence > 0 {
		presence /= float64(f.total[a])
	}
	return cosine, presence
}

// tops returns for each sector the actors that are most active there.
func (f *fields) tops(sectors, most int) [][]int32 {
	all := make([]top, sectors)
	for a := range int32(len(f.norm)) {
		for i, end := f.of(a); i < end; i++ {
			// Who has nothing dated there comes after all others.
			if v := (valued{f.fresh[i] + 1e-6, a}); all[f.sector[i]].wants(v, most) {
				all[f.sector[i]].push(v, most)
			}
		}
	}
	out := make([][]int32, sectors)
	for s, t := range all {
		out[s] = t.actors()
	}
	return out
}
