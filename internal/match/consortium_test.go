package match

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
)

// randomGraph has nine organisations of two kinds and three countries in two
// sectors and a few projects, and a call about one of the sectors.
func randomGraph(t *testing.T, r *rand.Rand) *projection.Graph {
	t.Helper()
	b := projectiontest.NewBuilder(t)
	for s := range 2 {
		b.Node("Sector", fmt.Sprintf("sector:t:%d", s), nil)
	}
	b.Node("FundingCall", "call:t:1", kg.Properties{"closes": "2027", "minimumPartners": int64(r.IntN(4))})
	b.Link("ABOUT", "call:t:1", "sector:t:0", nil)
	for p := range 6 {
		b.Node("Project", fmt.Sprintf("project:t:%d", p), kg.Properties{"from": fmt.Sprint(2010 + r.IntN(8))})
		b.Link("ABOUT", fmt.Sprintf("project:t:%d", p), fmt.Sprintf("sector:t:%d", r.IntN(2)), nil)
	}
	for a := range 9 {
		id := fmt.Sprintf("org:t:%d", a)
		props := kg.Properties{"kind": []string{"COMPANY", "RESEARCH"}[r.IntN(2)]}
		if n := r.IntN(4); n > 0 {
			props["country"] = []string{"", "DE", "FR", "IT"}[n]
		}
		b.Node("Organization", id, props)
		for range r.IntN(3) {
			b.Link("ACTIVE_IN", id, fmt.Sprintf("sector:t:%d", r.IntN(2)), nil)
			b.Link("PARTICIPATES_IN", id, fmt.Sprintf("project:t:%d", r.IntN(6)), nil)
		}
	}
	return b.Build(1)
}

func randomQuestion(r *rand.Rand) ConsortiumOptions {
	o := ConsortiumOptions{First: 1 + r.IntN(4), MinCountries: r.IntN(4)}
	if r.IntN(2) == 0 {
		o.Call = new(int32)
	}
	for a := range int32(9) {
		if r.IntN(8) == 0 && len(o.Anchors) < 2 {
			o.Anchors = append(o.Anchors, a)
		}
	}
	for range r.IntN(3) {
		n := Need{Kind: []string{"", "COMPANY", "RESEARCH"}[r.IntN(3)], Count: r.IntN(3)}
		if r.IntN(2) == 0 {
			n.Sectors = []int32{r.Int32N(2)}
		}
		o.Needs = append(o.Needs, n)
	}
	return o
}

// oracle tries every actor on every place, and returns the scores of the sets that
// should be chosen.
func oracle(p *problem) (scores []float64) {
	best := map[string]float64{}
	sets := map[string][]int32{} // those on the places, sorted
	members := slices.Clone(p.o.Anchors)
	var try func(at int)
	try = func(at int) {
		if at < len(p.places) {
			for a := range int32(p.g.Actors.Len()) {
				if !slices.Contains(members, a) && p.meets(p.places[at].need, a) {
					members = append(members, a)
					try(at + 1)
					members = members[:len(members)-1]
				}
			}
			return
		}
		countries := map[uint16]bool{}
		score := 0.0
		for i, a := range members {
			if p.g.Country[a] != 0 {
				countries[p.g.Country[a]] = true
			}
			var need int
			if i < len(p.taken) {
				need = p.taken[i]
			} else {
				need = p.places[i-len(p.taken)].need
			}
			score += sum(p.reasons(need, a))
			for _, b := range members[:i] {
				score += sum(together(p.g, a, b))
			}
		}
		if len(countries) >= p.o.MinCountries {
			on := slices.Sorted(slices.Values(members[len(p.o.Anchors):]))
			key := fmt.Sprint(on)
			sets[key] = on
			if old, known := best[key]; !known || score > old {
				best[key] = score
			}
		}
	}
	try(0)
	keys := slices.SortedFunc(maps.Keys(sets), func(a, b string) int {
		return cmp.Or(cmp.Compare(best[b], best[a]), slices.Compare(sets[a], sets[b]))
	})
	var chosen []string
	choose := func(least int) {
		for _, key := range keys {
			near := func(other string) bool {
				common := 0
				for _, a := range sets[key] {
					if slices.Contains(sets[other], a) {
						common++
					}
				}
				return len(sets[key])-common < least
			}
			if len(chosen) < p.o.First && !slices.ContainsFunc(chosen, near) {
				chosen = append(chosen, key)
			}
		}
	}
	choose(2)
	choose(1)
	for _, key := range chosen {
		scores = append(scores, best[key])
	}
	slices.Sort(scores)
	slices.Reverse(scores)
	return scores
}

// TestConsortiaAreTheBest compares the search with trying everything, and the
// beam with the search.
func TestConsortiaAreTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	solved, refused, beamed := 0, 0, 0
	for range 2000 {
		g := randomGraph(t, r)
		o := randomQuestion(r)
		got, err := Consortia(t.Context(), g, o)
		p, invalid := newProblem(t.Context(), g, o)
		if invalid != nil {
			t.Fatal(invalid)
		}
		want := oracle(p)
		if err != nil {
			if len(want) > 0 || kg.CodeOf(err) != kg.BadUserInput {
				t.Fatalf("%+v: %v, but there are %v", o, err, want)
			}
			refused++
			continue
		}
		solved++
		var scores []float64
		for _, c := range got {
			scores = append(scores, c.Score)
			check(t, g, o, c)
		}
		if d := gocmp.Diff(want, scores); d != "" {
			t.Fatalf("%+v (-want +got):\n%s", o, d)
		}
		if err := p.gather(); err != nil {
			t.Fatal(err)
		}
		if err := p.shortlist(); err != nil {
			t.Fatal(err)
		}
		best, err := p.beam(4)
		if err != nil || len(best) == 0 {
			t.Fatalf("%+v: the beam finds nothing: %v", o, err)
		}
		chosen, err := choose(p.work, best, 1)
		if err != nil {
			t.Fatal(err)
		}
		if chosen[0].score == want[0] {
			beamed++
		}
	}
	if solved < 1000 || refused < 100 || beamed < solved*9/10 {
		t.Errorf("%d solved, %d of them by the beam, %d refused", solved, beamed, refused)
	}
}

// check holds a consortium to what was asked.
func check(t *testing.T, g *projection.Graph, o ConsortiumOptions, c Consortium) {
	t.Helper()
	counts := make([]int, len(o.Needs))
	score := 0.0
	for i, m := range c.Members {
		if m.Anchor != (i < len(o.Anchors)) || slices.ContainsFunc(c.Members[:i], func(n Member) bool { return n.Actor == m.Actor }) {
			t.Errorf("%+v", c)
		}
		score += sum(m.Reasons)
		if m.Need < 0 {
			continue
		}
		counts[m.Need]++
		n := o.Needs[m.Need]
		if n.Kind != "" && n.Kind != g.Kinds[g.Kind[m.Actor]] || len(n.Sectors) > 0 && !slices.Contains(g.ActorSectors.Of(m.Actor), n.Sectors[0]) {
			t.Errorf("%s does not meet need %d", g.Actors.ID(m.Actor), m.Need)
		}
	}
	for _, p := range c.Pairs {
		score += sum(p.Reasons)
	}
	for i, n := range o.Needs {
		if counts[i] != max(1, n.Count) {
			t.Errorf("need %d is met by %d", i, counts[i])
		}
	}
	if score != c.Score || len(c.Countries) < o.MinCountries || o.Call != nil && len(c.Members) < int(g.Calls.Least[*o.Call]) {
		t.Errorf("%+v", c)
	}
}

func TestImpossibleConsortia(t *testing.T) {
	g := randomGraph(t, rand.New(rand.NewPCG(1, 1)))
	for _, c := range []struct {
		o    ConsortiumOptions
		want string
	}{
		{ConsortiumOptions{First: 0}, "first: 0"},
		{ConsortiumOptions{First: 1, Needs: []Need{{Kind: "CIRCUS"}}}, "needs[0].kind: CIRCUS is none of ASSOCIATION, "},
		{ConsortiumOptions{First: 1, Needs: []Need{{}, {Kind: "CHAMBER", Country: "FR", Sectors: []int32{1}}}}, "needs[1]: no other organisation is CHAMBER, FR, sector:t:1"},
		{ConsortiumOptions{First: 1, Needs: []Need{{Count: 11}}}, "at most 10"},
		{ConsortiumOptions{First: 1, Needs: []Need{{Count: -1}}}, "needs[0].count: -1"},
		{ConsortiumOptions{First: 1, Anchors: []int32{3, 3}}, "anchors[1]: org:t:3 is named twice"},
		{ConsortiumOptions{First: 1, Anchors: []int32{1, 2}, Needs: []Need{{Count: 10}}}, "only 7 organisations meet 8 of the places"},
		{ConsortiumOptions{First: 1, MinCountries: 5}, "of 3 countries together, not of 5"},
		{ConsortiumOptions{First: 1, Call: new(int32), Today: 40_000}, "call: call:t:1 is closed"},
	} {
		_, err := Consortia(t.Context(), g, c.o)
		if kg.CodeOf(err) != kg.BadUserInput || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}
