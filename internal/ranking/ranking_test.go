package ranking_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/importer/cordis"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
	"github.com/maillage/maillage/internal/ranking"
)

func TestScoresAreTheSumOfTheirReasons(t *testing.T) { addUp(t, projectiontest.Builtin(t)) }

// TestScoresAreTheSumOfTheirReasonsOnFiles reads the files and folders of CORDIS that
// the environment names in H2020, see make reasons.
func TestScoresAreTheSumOfTheirReasonsOnFiles(t *testing.T) {
	paths := strings.Fields(os.Getenv("H2020"))
	if len(paths) == 0 {
		t.Skip("H2020 names no files")
	}
	b := projectiontest.NewBuilder(t)
	_, err := cordis.Import(paths, cordis.Options{}, func(ch kg.Change) error { b.Add(ch); return nil }, func(importer.Rejection) {})
	if err != nil {
		t.Fatal(err)
	}
	g := b.Build(1)
	t.Logf("%d organisations, %d groups, %d relationships", g.Actors.Len(), g.Groups.Len(), g.Links())
	addUp(t, g)
}

// addUp makes sure that the scores of 10,000 random pairs are the sum of their
// reasons, to the last bit, and that what these cite supports them.
func addUp(t *testing.T, g *projection.Graph) {
	t.Helper()
	r := ranking.Default()
	random := rand.New(rand.NewPCG(1, 2))
	for pairs := 0; pairs < 10_000; {
		actor := int32(random.IntN(g.Actors.Len()))
		o := ranking.Options{Limit: 20, LesserKnown: random.Float64(), Partners: random.IntN(4) == 0}
		ask := r.Suggest
		if random.IntN(4) == 0 {
			ask = r.Similar
		}
		got, err := ask(t.Context(), g, actor, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range got {
			sum := 0.0
			for _, reason := range s.Reasons {
				sum += reason.Weight
				if reason.Weight == 0 || math.IsNaN(reason.Weight) {
					t.Errorf("%s of %s: %s counts for %v", g.Actors.ID(s.Actor), g.Actors.ID(actor), reason.Code, reason.Weight)
				}
				if problem := unsupported(g, actor, s.Actor, reason); problem != "" {
					t.Errorf("%s of %s: %s %s", g.Actors.ID(s.Actor), g.Actors.ID(actor), reason.Code, problem)
				}
			}
			if math.Float64bits(sum) != math.Float64bits(s.Score) {
				t.Errorf("%s of %s: score %v, sum of reasons %v", g.Actors.ID(s.Actor), g.Actors.ID(actor), s.Score, sum)
			}
		}
		pairs += len(got)
	}
}

// unsupported says what is wrong with the parameters and the evidence of a
// reason; it looks at nothing but the graph.
func unsupported(g *projection.Graph, a, b int32, r projection.Reason) string {
	number := func(table *projection.Table, id string) int32 {
		i, ok := table.Find(id)
		if !ok {
			return -1
		}
		return i
	}
	seen := map[string]bool{}
	for _, id := range r.Evidence {
		if seen[id] {
			return "cites " + id + " twice"
		}
		seen[id] = true
	}
	if len(r.Evidence) > 5 || r.Count > 0 && len(r.Evidence) > r.Count {
		return fmt.Sprintf("cites %d for %d", len(r.Evidence), r.Count)
	}
	switch r.Code {
	case ranking.SharedPartners:
		mine, theirs := met(g, a), met(g, b)
		count := 0
		for c := range mine {
			if theirs[c] {
				count++
			}
		}
		if r.Count != count {
			return fmt.Sprintf("counts %d partners in common, there are %d", r.Count, count)
		}
		for _, id := range r.Evidence {
			if c := number(&g.Actors, id); c < 0 || !mine[c] || !theirs[c] {
				return id + " is not a partner of both"
			}
		}
		if len(r.Evidence) != min(5, count) {
			return "cites too few"
		}
	case ranking.SameField:
		for _, id := range r.Evidence {
			if s := number(&g.Sectors, id); s < 0 || !works(g, a, s) || !works(g, b, s) {
				return id + " is not a sector of both"
			}
		}
		if len(r.Evidence) == 0 || !(r.Value > 0 && r.Value < 1.000001) {
			return fmt.Sprintf("cites %v, cosine %v", r.Evidence, r.Value)
		}
	case ranking.SameCouncil:
		for _, id := range r.Evidence {
			p := number(&g.Groups, id)
			if p < 0 || !g.Body(p) || !slices.Contains(g.Members.Of(p), a) || !slices.Contains(g.Members.Of(p), b) {
				return "they are not both members of " + id
			}
		}
		if len(r.Evidence) != min(5, r.Count) {
			return "cites too few"
		}
	case ranking.SameCountry:
		if r.Text == "" || g.Countries[g.Country[a]] != r.Text || g.Countries[g.Country[b]] != r.Text {
			return "they are not both of " + r.Text
		}
	case ranking.UsualCountry:
		if g.Countries[g.Country[b]] != r.Text {
			return "it is not of " + r.Text
		}
	case ranking.UsualKind:
		if g.Kinds[g.Kind[b]] != r.Text {
			return "it is not of kind " + r.Text
		}
	case ranking.SameKind:
		if r.Text == "" || g.Kinds[g.Kind[a]] != r.Text || g.Kinds[g.Kind[b]] != r.Text {
			return "they are not both of kind " + r.Text
		}
	case ranking.Nearby:
		for _, id := range r.Evidence {
			p := number(&g.Places, id)
			if p < 0 || !slices.Contains(g.ActorPlaces.Of(a), p) || !slices.Contains(g.ActorPlaces.Of(b), p) {
				return "they are not both in " + id
			}
		}
		if len(r.Evidence) == 0 && math.IsNaN(r.Value) {
			return "neither a distance nor a place"
		}
	case ranking.ActiveNow:
		last := slices.Max(g.From)
		for i, id := range r.Evidence {
			p := number(&g.Groups, id)
			if p < 0 || !slices.Contains(g.Members.Of(p), b) || float64(last-g.From[p]) > 2*365.25 {
				return "it has not begun " + id + " in the last two years"
			}
			if i > 0 && g.From[p] > g.From[number(&g.Groups, r.Evidence[i-1])] {
				return "cites an older one first"
			}
		}
		if r.Count == 0 || len(r.Evidence) != min(5, r.Count) {
			return fmt.Sprintf("cites %v for %d", r.Evidence, r.Count)
		}
	case ranking.WellConnected, ranking.LesserKnown:
		partners := map[int32]bool{}
		for _, p := range g.Meetings.Of(b) {
			if g.Members.Degree(p) > 40 || g.Body(p) {
				continue
			}
			for _, c := range g.Members.Of(p) {
				partners[c] = true
			}
		}
		delete(partners, b)
		if r.Count != len(partners) {
			return fmt.Sprintf("counts %d partners, there are %d", r.Count, len(partners))
		}
		if r.Code == ranking.LesserKnown && r.Weight > 0 {
			return "counts for it"
		}
	case ranking.Experienced:
		count := 0
		for _, p := range g.Meetings.Of(b) {
			if g.Members.Degree(p) > 1 && !g.Body(p) {
				count++
			}
		}
		if r.Count != count {
			return fmt.Sprintf("counts %d groups, there are %d", r.Count, count)
		}
	case ranking.CloseInNetwork:
	default:
		return "is no reason"
	}
	return ""
}

// met returns with whom an actor has worked in groups of at most 200.
func met(g *projection.Graph, a int32) map[int32]bool {
	out := map[int32]bool{}
	for _, p := range g.Meetings.Of(a) {
		if g.Members.Degree(p) <= 200 && !g.Body(p) {
			for _, c := range g.Members.Of(p) {
				out[c] = true
			}
		}
	}
	delete(out, a)
	return out
}

// works reports whether an actor is active in a sector or below: itself, or in
// what one of its groups is about.
func works(g *projection.Graph, a, sector int32) bool {
	var below func(s int32) bool
	below = func(s int32) bool { return s == sector || slices.ContainsFunc(g.Broader.Of(s), below) }
	if slices.ContainsFunc(g.ActorSectors.Of(a), below) {
		return true
	}
	return slices.ContainsFunc(g.Meetings.Of(a), func(p int32) bool { return slices.ContainsFunc(g.GroupSectors.Of(p), below) })
}

// TestTheFirstAreTheBest: who is left out before all is known of it would not have
// been among the first.
func TestTheFirstAreTheBest(t *testing.T) {
	g := projectiontest.Builtin(t)
	r := ranking.Default()
	random := rand.New(rand.NewPCG(4, 2))
	for range 100 {
		actor := int32(random.IntN(g.Actors.Len()))
		o := ranking.Options{LesserKnown: random.Float64(), Partners: random.IntN(4) == 0, Limit: 1 + random.IntN(20)}
		first, err := r.Suggest(t.Context(), g, actor, o)
		if err != nil {
			t.Fatal(err)
		}
		limit := o.Limit
		o.Limit = 10_000
		all, err := r.Suggest(t.Context(), g, actor, o)
		if err != nil {
			t.Fatal(err)
		}
		text := func(s []ranking.Suggestion) string { return fmt.Sprintf("%+v", s) } // NaN is not itself
		if diff := cmp.Diff(text(all[:min(limit, len(all))]), text(first)); diff != "" {
			t.Fatalf("%s (-all +first):\n%s", g.Actors.ID(actor), diff)
		}
		o.Limit, o.Bare = limit, true
		bare, err := r.Suggest(t.Context(), g, actor, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range first {
			first[i].Reasons = nil
		}
		if diff := cmp.Diff(first, bare); diff != "" {
			t.Fatalf("%s without reasons (-want +got):\n%s", g.Actors.ID(actor), diff)
		}
	}
}

// TestSuggestionsAreRepeatable: they do not depend on what was asked before, or is
// asked at the same time.
func TestSuggestionsAreRepeatable(t *testing.T) {
	g, again := projectiontest.Builtin(t).Until(math.MaxInt32), projectiontest.Builtin(t).Until(math.MaxInt32) // of neither has anything been asked
	r := ranking.Default()
	var actors []int32
	for actor := int32(0); actor < int32(g.Actors.Len()); actor += 1_000 {
		actors = append(actors, actor)
	}
	ask := func(g *projection.Graph, actors []int32) map[int32]string {
		out := map[int32]string{}
		for _, a := range actors {
			got, err := r.Suggest(t.Context(), g, a, ranking.Options{Limit: 30, LesserKnown: .1})
			if err != nil {
				t.Error(err)
			}
			out[a] = fmt.Sprintf("%+v", got) // NaN is not itself
		}
		return out
	}
	one := ask(g, actors)
	slices.Reverse(actors)
	if diff := cmp.Diff(one, ask(again, actors)); diff != "" {
		t.Fatalf("(-one +again):\n%s", diff)
	}
	if diff := cmp.Diff(one, ask(g, actors)); diff != "" {
		t.Fatalf("the second time (-one +two):\n%s", diff)
	}
	third := projectiontest.Builtin(t).Until(math.MaxInt32)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if diff := cmp.Diff(one, ask(third, actors)); diff != "" {
				t.Errorf("many at once (-one +third):\n%s", diff)
			}
		})
	}
	wg.Wait()
}
