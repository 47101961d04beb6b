package paths_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/paths"
)

// pairs reads all pages, some pairs at a time.
func pairs(t *testing.T, d drawn, of []int32, o paths.PairOptions) (out []string) {
	t.Helper()
	g := d.graph(t)
	for {
		r, err := paths.Pairs(t.Context(), g, of, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.Pairs {
			out = append(out, fmt.Sprintf("%d %d %.6f %d", p.A, p.B, p.Weight, p.Count))
			o.After = &paths.Cursor{Weight: p.Weight, A: g.Actors.ID(p.A), B: g.Actors.ID(p.B)}
		}
		if !r.More {
			if len(out) != r.Total {
				t.Fatalf("%d pairs of %d", len(out), r.Total)
			}
			return out
		}
		if len(r.Pairs) != o.First {
			t.Fatalf("a page of %d, and more", len(r.Pairs))
		}
	}
}

func TestPairsEqualThoseOfAnOracle(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 7))
		d := draw(r)
		var of []int32
		for a := range d.n {
			if r.IntN(4) > 0 {
				of = append(of, int32(a))
			}
		}
		o := paths.PairOptions{First: 1 + r.IntN(5)}
		if r.IntN(2) == 0 {
			o.Through = []string{"PARTICIPATES_IN", "MEMBER_OF"}[:1+r.IntN(2)]
		}
		type pair struct {
			a, b   int32
			weight int
			count  int
		}
		var together, apart []pair
		for i, a := range of {
			for _, b := range of[i+1:] {
				if ties := d.between(int(a), int(b), paths.Options{Through: o.Through}); len(ties) > 0 {
					together = append(together, pair{a, b, d.weight(ties), len(ties)})
				} else {
					apart = append(apart, pair{a, b, 0, 0})
				}
			}
		}
		slices.SortStableFunc(together, func(a, b pair) int { return cmp.Compare(a.weight, b.weight) })
		for _, want := range [][]pair{together, apart} {
			var lines []string
			for _, p := range want {
				lines = append(lines, fmt.Sprintf("%d %d %.6f %d", p.a, p.b, float64(p.weight)/1e6, p.count))
			}
			if diff := gocmp.Diff(lines, pairs(t, d, of, o)); diff != "" {
				t.Fatalf("graph %d, %v, %+v: %s", seed, of, o, diff)
			}
			o.Apart = true
		}
	}
}

func TestMembersOfTheCouncilThatWorkTogether(t *testing.T) {
	g := builtin(t)
	group, ok := g.Groups.Find("org:montpellier:cmip")
	if !ok {
		t.Fatal("there is no council")
	}
	o := paths.PairOptions{Through: []string{"PARTICIPATES_IN"}, First: 100}
	r, err := paths.Pairs(t.Context(), g, g.Members.Of(group), o)
	if err != nil || r.Total != 1 || len(r.Pairs) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	var met []string
	for _, e := range r.Pairs[0].Evidence {
		met = append(met, g.Groups.ID(e.Group))
	}
	if diff := gocmp.Diff([]string{"project:cordis:196994", "project:cordis:197355"}, met); diff != "" {
		t.Errorf("%s and %s: %s", g.Actors.ID(r.Pairs[0].A), g.Actors.ID(r.Pairs[0].B), diff)
	}
	o.Apart = true
	if r, err = paths.Pairs(t.Context(), g, g.Members.Of(group), o); err != nil || r.Total != 17*16/2-1 || !r.More {
		t.Errorf("%d, %v, %v", r.Total, r.More, err)
	}
}

func TestWhatCannotBeAskedOfPairs(t *testing.T) {
	g := drawn{n: 3}.graph(t)
	for _, test := range []struct {
		of   []int32
		o    paths.PairOptions
		want string
	}{
		{nil, paths.PairOptions{}, "0 pairs cannot be asked for: from 1 to 100 can"},
		{nil, paths.PairOptions{First: 101}, "101 pairs cannot be asked for: from 1 to 100 can"},
		{make([]int32, 5001), paths.PairOptions{First: 1}, "these are 5001 organisations: pairs can be found of 5000 at most"},
	} {
		if _, err := paths.Pairs(t.Context(), g, test.of, test.o); err == nil || err.Error() != test.want || kg.CodeOf(err) != kg.BadUserInput {
			t.Errorf("%+v: %v, want %s", test.o, err, test.want)
		}
	}
}
