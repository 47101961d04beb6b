// Package evaluation measures how well rankings foresee who comes to work
// together: a graph as it was at the end of one year is asked for suggestions,
// and the years after it tell which came true.
package evaluation

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/ranking"
)

// Options say what is measured.
type Options struct {
	Queries int    // organisations asked for, drawn at random from those that found a new partner
	Seed    uint64 // of the draw and of the intervals
}

// Method ranks those with whom an actor has not worked.
type Method struct {
	Name string
	// Rank returns the best, at most depth, of all that were known and then of some
	// of them, which are in ascending order.
	Rank func(ctx context.Context, actor int32, some []int32) (all, among []int32, err error)
}

// depth is how far down a list of suggestions is looked at.
const depth = 200

// Interval is a mean over queries, and between what it lies in 95 % of random
// draws of as many queries (bootstrap).
type Interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Figures say how well a method foresees the new partners of some queries.
type Figures struct {
	Queries  int      `json:"queries"`
	Hit10    Interval `json:"hit10"`    // share of queries with a new partner among the first ten
	NDCG10   Interval `json:"ndcg10"`   // normalised discounted cumulative gain of the first ten
	MRR      Interval `json:"mrr"`      // mean of 1 over the rank of the first new partner, to 200
	Recall50 Interval `json:"recall50"` // share of the new partners among the first fifty
	Distinct int      `json:"distinct"` // how many are among the first ten of any
}

// Result holds the figures of a method.
type Result struct {
	Method    string  `json:"method"`
	All       Figures `json:"all"`
	Few       Figures `json:"few"`       // of actors with 1 to 9 partners
	Companies Figures `json:"companies"` // of companies
	// Of queries with a new partner in the same country with whom it shared one,
	// ranked among such only.
	Hard Figures `json:"hard"`
}

// company is the kind of actors whose figures are shown apart.
const company = "COMPANY"

// one is what is known of one query.
type one struct {
	hit, ndcg, mrr, recall float64
	top                    []int32
}

// Run measures methods on the same queries.
func Run(ctx context.Context, w *ranking.Window, o Options, methods ...Method) ([]Result, error) {
	g := w.State
	queries := w.Queries()
	if len(queries) == 0 {
		return nil, errors.New("nobody came to work together in the years of the test")
	}
	random := rand.New(rand.NewPCG(o.Seed, 1))
	random.Shuffle(len(queries), func(i, j int) { queries[i], queries[j] = queries[j], queries[i] })
	queries = queries[:min(len(queries), o.Queries)]
	partners, err := ranking.Partners(ctx, g)
	if err != nil {
		return nil, err
	}
	var out []Result
	for _, m := range methods {
		var all, few, companies, hard []one
		for _, a := range queries {
			right, some := w.New(a), hardCandidates(g, a)
			list, among, err := m.Rank(ctx, a, some)
			if err != nil {
				return nil, err
			}
			got := judge(list, right)
			all = append(all, got)
			if n := partners[a]; n >= 1 && n <= 9 {
				few = append(few, got)
			}
			if g.Kinds[g.Kind[a]] == company {
				companies = append(companies, got)
			}
			if right = intersection(right, some); len(right) > 0 {
				hard = append(hard, judge(among, right))
			}
		}
		out = append(out, Result{m.Name, o.figures(all), o.figures(few), o.figures(companies), o.figures(hard)})
	}
	return out, nil
}

// hardCandidates returns those of the same country that share a partner with an
// actor and have not worked with it, in ascending order.
func hardCandidates(g *projection.Graph, a int32) (out []int32) {
	if g.Country[a] == 0 {
		return nil
	}
	met := members(g, a)
	seen := map[int32]bool{a: true}
	for _, b := range met {
		seen[b] = true
	}
	for _, b := range met {
		for _, c := range members(g, b) {
			if !seen[c] && g.Country[c] == g.Country[a] {
				out = append(out, c)
			}
			seen[c] = true
		}
	}
	slices.Sort(out)
	return out
}

// members returns whom an actor met, in the order of its groups.
func members(g *projection.Graph, a int32) (out []int32) {
	for _, p := range g.Meetings.Of(a) {
		for _, b := range g.Members.Of(p) {
			if b != a {
				out = append(out, b)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func intersection(a, b []int32) (out []int32) {
	for _, v := range a {
		if _, ok := slices.BinarySearch(b, v); ok {
			out = append(out, v)
		}
	}
	return out
}

// judge compares a ranking with the actors that came true, in ascending order.
func judge(list, right []int32) (r one) {
	ideal := 0.0
	for i := range min(10, len(right)) {
		ideal += 1 / math.Log2(float64(i+2))
	}
	for i, b := range list[:min(depth, len(list))] {
		_, ok := slices.BinarySearch(right, b)
		if !ok {
			continue
		}
		if r.mrr == 0 {
			r.mrr = 1 / float64(i+1)
		}
		if i < 50 {
			r.recall += 1 / float64(len(right))
		}
		if i < 10 {
			r.hit = 1
			r.ndcg += 1 / math.Log2(float64(i+2)) / ideal
		}
	}
	r.top = list[:min(10, len(list))]
	return r
}

// figures sums queries up.
func (o Options) figures(all []one) Figures {
	f := Figures{Queries: len(all)}
	if len(all) == 0 {
		return f
	}
	distinct := map[int32]bool{}
	for _, r := range all {
		for _, b := range r.top {
			distinct[b] = true
		}
	}
	f.Distinct = len(distinct)
	for _, m := range []struct {
		to *Interval
		of func(one) float64
	}{
		{&f.Hit10, func(r one) float64 { return r.hit }},
		{&f.NDCG10, func(r one) float64 { return r.ndcg }},
		{&f.MRR, func(r one) float64 { return r.mrr }},
		{&f.Recall50, func(r one) float64 { return r.recall }},
	} {
		values := make([]float64, len(all))
		for i, r := range all {
			values[i] = m.of(r)
		}
		*m.to = bootstrap(values, o.Seed)
	}
	return f
}

// draws is how often queries are drawn anew.
const draws = 1_000

// bootstrap returns the mean of values and where 95 % of the means of random
// draws lie.
func bootstrap(values []float64, seed uint64) Interval {
	mean := func(at func(i int) float64) float64 {
		sum := 0.0
		for i := range values {
			sum += at(i)
		}
		return sum / float64(len(values))
	}
	random := rand.New(rand.NewPCG(seed, 2))
	means := make([]float64, draws)
	for d := range means {
		means[d] = mean(func(int) float64 { return values[random.IntN(len(values))] })
	}
	slices.Sort(means)
	return Interval{mean(func(i int) float64 { return values[i] }), means[draws/40], means[draws-1-draws/40]}
}

// Ours returns the method of a ranker that favours the lesser known so much.
func Ours(name string, r *ranking.Ranker, w *ranking.Window, lesserKnown float64) Method {
	ask := func(ctx context.Context, a int32, among []int32) (out []int32, err error) {
		got, err := r.Suggest(ctx, w.State, a, ranking.Options{Among: among, LesserKnown: lesserKnown, Limit: 2 * depth})
		for _, s := range got {
			if w.Known(s.Actor) {
				out = append(out, s.Actor)
			}
		}
		return out, err
	}
	return Method{name, func(ctx context.Context, a int32, some []int32) (all, among []int32, err error) {
		if all, err = ask(ctx, a, nil); err != nil || len(some) == 0 {
			return all, nil, err
		}
		among, err = ask(ctx, a, some)
		return all, among, err
	}}
}

// ranked returns actors by value, the greatest first, ties by number.
func ranked(list []int32, value func(int32) float64) []int32 {
	slices.SortFunc(list, func(a, b int32) int { return cmp.Or(cmp.Compare(value(b), value(a)), cmp.Compare(a, b)) })
	return list[:min(depth, len(list))]
}
