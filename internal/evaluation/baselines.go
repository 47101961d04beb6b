package evaluation

import (
	"context"
	"math"
	"slices"

	"github.com/maillage/maillage/internal/ranking"
)

// closeGroup is the most members of a group that makes two partners in baselines.
const closeGroup = 40

// network is who is partner of whom, each once.
type network struct {
	w       *ranking.Window
	of      [][]int32
	popular []int32 // those that are known, the best connected first
	value   []float64
	met     []bool
	now     []float64 // scratch
	next    []float64
}

func newNetwork(w *ranking.Window) *network {
	g := w.State
	size := g.Actors.Len()
	n := &network{
		w: w, of: make([][]int32, size), value: make([]float64, size), met: make([]bool, size),
		now: make([]float64, size), next: make([]float64, size),
	}
	for a := range int32(len(n.of)) {
		for _, p := range g.Meetings.Of(a) {
			if g.Members.Degree(p) > closeGroup {
				continue
			}
			for _, b := range g.Members.Of(p) {
				if b != a {
					n.of[a] = append(n.of[a], b)
				}
			}
		}
		slices.Sort(n.of[a])
		n.of[a] = slices.Compact(n.of[a])
		if w.Known(a) {
			n.popular = append(n.popular, a)
		}
	}
	slices.SortStableFunc(n.popular, func(a, b int32) int { return len(n.of[b]) - len(n.of[a]) })
	return n
}

// Baselines returns rankings to compare with: popularity, common neighbours,
// Adamic-Adar, resource allocation, Katz to three steps and PageRank from the
// actor, on who is partner of whom in groups of at most 40.
func Baselines(w *ranking.Window) []Method {
	n := newNetwork(w)
	return []Method{
		n.method("popularity", n.popularity),
		n.method("common neighbours", n.neighbours(func(int) float64 { return 1 })),
		n.method("Adamic-Adar", n.neighbours(func(degree int) float64 { return 1 / math.Log(float64(max(2, degree))) })),
		n.method("resource allocation", n.neighbours(func(degree int) float64 { return 1 / float64(degree) })),
		n.method("Katz", n.katz),
		n.method("PageRank", n.pageRank),
	}
}

// method ranks by what score adds to the values of actors; score returns whose it
// has touched.
func (n *network) method(name string, score func(a int32) []int32) Method {
	return Method{name, func(ctx context.Context, a int32, some []int32) (all, among []int32, err error) {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		touched := score(a)
		met := members(n.w.State, a)
		for _, b := range met {
			n.met[b] = true
		}
		for _, b := range touched {
			if b == a || n.met[b] || !n.w.Known(b) {
				continue
			}
			all = append(all, b)
			if _, ok := slices.BinarySearch(some, b); ok {
				among = append(among, b)
			}
		}
		value := func(b int32) float64 { return n.value[b] }
		all, among = ranked(all, value), ranked(among, value)
		for _, b := range touched {
			n.value[b] = 0
		}
		for _, b := range met {
			n.met[b] = false
		}
		return all, among, nil
	}}
}

func (n *network) add(touched []int32, b int32, v float64) []int32 {
	if n.value[b] == 0 {
		touched = append(touched, b)
	}
	n.value[b] += v
	return touched
}

func (n *network) popularity(int32) (touched []int32) {
	for _, b := range n.popular {
		touched = n.add(touched, b, float64(len(n.of[b])))
	}
	return touched
}

// neighbours adds up the partners in common, each by its degree.
func (n *network) neighbours(weight func(degree int) float64) func(int32) []int32 {
	return func(a int32) (touched []int32) {
		for _, c := range n.of[a] {
			w := weight(len(n.of[c]))
			for _, b := range n.of[c] {
				touched = n.add(touched, b, w)
			}
		}
		return touched
	}
}

// katz adds up the paths of two and three steps, each step by .005.
func (n *network) katz(a int32) (touched []int32) {
	const beta = .005
	var two []int32
	for _, c := range n.of[a] {
		for _, b := range n.of[c] {
			if n.now[b]++; n.now[b] == 1 {
				two = append(two, b)
			}
		}
	}
	for _, b := range two {
		touched = n.add(touched, b, beta*beta*n.now[b])
		for _, c := range n.of[b] {
			touched = n.add(touched, c, beta*beta*beta*n.now[b])
		}
		n.now[b] = 0
	}
	return touched
}

// pageRank walks on to a partner or, with probability .15, back to the actor, in
// as many steps as leave less than a tenth under way.
func (n *network) pageRank(a int32) (touched []int32) {
	const back, steps = .15, 15
	n.now[a] = 1
	for range steps {
		for b, m := range n.now {
			if m == 0 {
				continue
			}
			touched = n.add(touched, int32(b), back*m)
			share := (1 - back) * m / float64(len(n.of[b]))
			for _, c := range n.of[b] {
				n.next[c] += share
			}
		}
		n.now, n.next = n.next, n.now
		clear(n.next)
	}
	clear(n.now)
	return touched
}
