package paths

import (
	"cmp"
	"context"
	"slices"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
)

// What may be asked of pairs.
const (
	MaxPaired = 5000 // organisations
	MaxPairs  = 100  // on a page
)

// PairOptions say which pairs are looked for.
type PairOptions struct {
	Through []string // names of relationships that count as ties; all when empty
	Apart   bool     // whether those are wanted that are not tied
	First   int      // how many, 1 to MaxPairs
	After   *Cursor  // the pair after which to begin, if any
}

// Cursor is where a pair stands. It stays good when the graph changes.
type Cursor struct {
	Weight float64
	A, B   string
}

// Pair is two actors, the smaller id first.
type Pair struct {
	A, B     int32
	Weight   float64    // how far apart they are, as that of a step; 0 for those that are not tied
	Evidence []Evidence // the closest of what ties them, at most 5
	Count    int        // of all that ties them
}

// PairResult is a page of pairs.
type PairResult struct {
	Pairs []Pair // the closest first, then by ids
	Total int    // on all pages
	More  bool   // whether there are further pages
}

// knot is what ties two actors.
type knot struct {
	a, b   int32
	weight int32
}

// distance returns how far apart the two are.
func (k knot) distance() float64 { return float64(k.weight) / millionths }

// compare orders knots: the closest first, then by who they are of.
func (k knot) compare(o knot) int {
	return cmp.Or(cmp.Compare(k.weight, o.weight), cmp.Compare(k.a, o.a), cmp.Compare(k.b, o.b))
}

// Pairs returns who of some actors are tied to each other directly, or who are
// not. It takes time in proportion to their memberships and to the pairs that are
// tied.
func Pairs(ctx context.Context, g *projection.Graph, of []int32, o PairOptions) (PairResult, error) {
	ties, err := g.Ties(o.Through)
	switch {
	case err != nil:
		return PairResult{}, err
	case o.First < 1 || o.First > MaxPairs:
		return PairResult{}, kg.Errorf(kg.BadUserInput, "%d pairs cannot be asked for: from 1 to %d can", o.First, MaxPairs)
	case len(of) > MaxPaired:
		return PairResult{}, kg.Errorf(kg.BadUserInput, "these are %d organisations: pairs can be found of %d at most", len(of), MaxPaired)
	}
	of = slices.Compact(slices.Sorted(slices.Values(of)))
	work := projection.NewWork(ctx)
	tied, err := knots(work, g, ties, of)
	if err != nil {
		return PairResult{}, err
	}
	r := PairResult{Total: len(tied)}
	if o.Apart {
		r.Total = len(of)*(len(of)-1)/2 - len(tied)
		return r, r.apart(work, g, of, tied, o)
	}
	var list []knot // the closest, and one more
	for p, strength := range tied {
		if err := work.Look(1); err != nil {
			return PairResult{}, err
		}
		k := knot{p[0], p[1], weight(strength)}
		if full := len(list) > o.First; full && list[o.First].compare(k) < 0 || !o.After.before(g, k.distance(), k.a, k.b) {
			continue
		}
		at, _ := slices.BinarySearchFunc(list, k, knot.compare)
		list = slices.Insert(list, at, k)
		list = list[:min(len(list), o.First+1)]
	}
	r.More = len(list) > o.First
	for _, k := range list[:min(len(list), o.First)] {
		p := Pair{A: k.a, B: k.b, Weight: k.distance(), Evidence: between(g, ties, k.a, k.b)}
		p.Count = len(p.Evidence)
		p.Evidence = p.Evidence[:min(evidence, p.Count)]
		r.Pairs = append(r.Pairs, p)
	}
	return r, nil
}

// knots returns how strongly those are tied that are, by their numbers.
func knots(work *projection.Work, g *projection.Graph, ties projection.Ties, of []int32) (map[[2]int32]int64, error) {
	tied := map[[2]int32]int64{}
	add := func(a, b int32, strength int64) { tied[[2]int32{min(a, b), max(a, b)}] += strength }
	present := map[int32][]int32{} // by group: those of its members that are asked for
	for _, a := range of {
		groups := ties.Groups(a, nil)
		if err := work.Look(1 + len(groups)); err != nil {
			return nil, err
		}
		for _, group := range groups {
			present[group] = append(present[group], a)
		}
		ties.Direct(a, func(other int32, kind projection.DirectKind) {
			if _, among := slices.BinarySearch(of, other); among && !kind.In {
				add(a, other, projection.Fresh)
			}
		})
	}
	for group, members := range present {
		size := g.Members.Degree(group)
		if size <= largest {
			size = len(ties.Members(group))
		}
		if size > largest || len(members) < 2 {
			continue
		}
		s := g.Strength(group, size)
		for i, a := range members {
			if err := work.Look(len(members) - i); err != nil {
				return nil, err
			}
			for _, b := range members[i+1:] {
				add(a, b, s)
			}
		}
	}
	return tied, nil
}

// apart lists those that are not tied, by ids.
func (r *PairResult) apart(work *projection.Work, g *projection.Graph, of []int32, tied map[[2]int32]int64, o PairOptions) error {
	for i, a := range of {
		if o.After != nil && g.Actors.ID(a) < o.After.A {
			continue
		}
		if err := work.Look(len(of) - i); err != nil {
			return err
		}
		for _, b := range of[i+1:] {
			if tied[[2]int32{a, b}] > 0 || !o.After.before(g, 0, a, b) {
				continue
			}
			if r.More = len(r.Pairs) == o.First; r.More {
				return nil
			}
			r.Pairs = append(r.Pairs, Pair{A: a, B: b})
		}
	}
	return nil
}

// before reports whether a pair stands behind the cursor; all do behind none.
func (c *Cursor) before(g *projection.Graph, weight float64, a, b int32) bool {
	return c == nil || cmp.Or(cmp.Compare(c.Weight, weight), cmp.Compare(c.A, g.Actors.ID(a)), cmp.Compare(c.B, g.Actors.ID(b))) < 0
}
