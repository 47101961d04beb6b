package neighbourhood_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/neighbourhood"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
)

func find(t testing.TB, g *projection.Graph, id string) projection.Ref {
	t.Helper()
	r, ok := g.Find(id)
	if !ok {
		t.Fatalf("%s is not there", id)
	}
	return r
}

// kinds are what questions draw from.
var kinds = [][]string{
	nil, {"Organization"}, {"Organization", "Project"}, {"Organization", "Project", "Synergy", "Sector"}, {"Organization", "Sector", "Place"},
}

func TestNeighbourhoodsHoldWhatTheyShould(t *testing.T) {
	g := projectiontest.Builtin(t)
	r := rand.New(rand.NewPCG(6, 7))
	draws := 80
	if testing.Short() {
		draws = 15
	}
	for i := range draws {
		around := []projection.Ref{{Part: projection.ActorPart, Number: r.Int32N(int32(g.Actors.Len()))}}
		switch i % 5 {
		case 1:
			around = append(around, projection.Ref{Part: projection.GroupPart, Number: r.Int32N(int32(g.Groups.Len()))})
		case 2:
			around = append(around, projection.Ref{Part: projection.SectorPart, Number: r.Int32N(int32(g.Sectors.Len()))})
		case 3:
			around = append(around, find(t, g, "org:montpellier:cmip"))
		}
		o := neighbourhood.Options{Steps: 1 + r.IntN(3), First: 2 + r.IntN(80), Kinds: kinds[r.IntN(len(kinds))]}
		got, err := neighbourhood.Subgraph(t.Context(), g, around, o)
		if err != nil {
			t.Fatal(err)
		}
		again, err := neighbourhood.Subgraph(t.Context(), g, around, o)
		name := fmt.Sprintf("%s, %+v", g.ID(around[len(around)-1]), o)
		if !cmp.Equal(fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", again)) || err != nil {
			t.Errorf("%s: not the same again, %v", name, err)
		}
		check(t, g, name, around, o, got)
	}
}

// check compares a neighbourhood with what is found by looking at everything.
func check(t *testing.T, g *projection.Graph, name string, around []projection.Ref, o neighbourhood.Options, got *neighbourhood.Graph) {
	t.Helper()
	far := distances(g, around, o)
	want := map[string]int{}
	for r := range far {
		want[g.Type(r).Name]++
	}
	totals, total := map[string]int{}, 0
	for _, n := range got.Totals {
		totals[n.Type.Name], total = n.Count, total+n.Count
	}
	if diff := cmp.Diff(want, totals); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
	if len(got.Nodes) != min(total, o.First) || got.Truncated != (total > o.First) {
		t.Errorf("%s: %d nodes of %d, %v", name, len(got.Nodes), total, got.Truncated)
	}
	var links []string
	near := map[int][]int{}
	for _, l := range got.Links {
		links = append(links, fmt.Sprint(min(l.Source, l.Target), " ", max(l.Source, l.Target), " ", l.Relationship, " ", l.Count))
		near[l.Source], near[l.Target] = append(near[l.Source], l.Target), append(near[l.Target], l.Source)
	}
	var all []string
	for i, a := range got.Nodes {
		if a.Steps != far[a.Ref] {
			t.Errorf("%s: %s is %d steps away, not %d", name, g.ID(a.Ref), far[a.Ref], a.Steps)
		}
		for j, b := range got.Nodes[i+1:] {
			for relationship, count := range between(g, a.Ref, b.Ref, got.Nodes) {
				all = append(all, fmt.Sprint(i, " ", i+1+j, " ", relationship, " ", count))
			}
		}
	}
	slices.Sort(links)
	slices.Sort(all)
	if diff := cmp.Diff(all, links); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
	reached := map[int]bool{}
	queue := []int{}
	for i := range around {
		reached[i], queue = true, append(queue, i)
	}
	for len(queue) > 0 {
		for _, j := range near[queue[0]] {
			if !reached[j] {
				reached[j], queue = true, append(queue, j)
			}
		}
		queue = queue[1:]
	}
	for i, n := range got.Nodes {
		if !reached[i] {
			t.Errorf("%s: nothing leads to %s", name, g.ID(n.Ref))
		}
	}
}

// distances returns how far all is that can be among the nodes.
func distances(g *projection.Graph, around []projection.Ref, o neighbourhood.Options) map[projection.Ref]int {
	far := map[projection.Ref]int{}
	for _, r := range around {
		far[r] = 0
	}
	isBody := func(group int32) bool { return g.Model.Ways[g.Way[group]].Out.Target == g.Model.Actor }
	put := func(r projection.Ref, steps int) {
		if _, known := far[r]; !known {
			far[r] = steps
		}
	}
	for step := range o.Steps {
		for a := range int32(g.Actors.Len()) {
			for _, group := range g.Meetings.Of(a) {
				body := g.Actors.ID(a) // of no group
				if isBody(group) {
					body = g.Groups.ID(group)
				}
				b, _ := g.Actors.Find(body)
				members := append(slices.Clone(g.Members.Of(group)), b)
				at := projection.Ref{Part: projection.GroupPart, Number: group}
				begin := false
				for _, m := range members {
					d, known := far[projection.Ref{Number: m}]
					begin = begin || known && d == step
				}
				if d, known := far[at]; known && d == 0 && step == 0 {
					begin = true
				}
				if begin {
					put(at, step+1)
					for _, m := range members {
						put(projection.Ref{Number: m}, step+1)
					}
				}
			}
			for _, other := range g.Direct.Of(a) {
				if d, known := far[projection.Ref{Number: a}]; known && d == step {
					put(projection.Ref{Number: other}, step+1)
				}
			}
			for _, sector := range g.ActorSectors.Of(a) {
				if d, known := far[projection.Ref{Part: projection.SectorPart, Number: sector}]; known && d == 0 && step == 0 {
					put(projection.Ref{Number: a}, 1)
				}
			}
		}
	}
	attached := map[projection.Ref]int{}
	attach := func(part projection.Part, numbers []int32, steps int) {
		for _, n := range numbers {
			r := projection.Ref{Part: part, Number: n}
			if old, known := attached[r]; !known || steps+1 < old {
				attached[r] = steps + 1
			}
		}
	}
	for r, steps := range far {
		switch r.Part {
		case projection.ActorPart:
			attach(projection.SectorPart, g.ActorSectors.Of(r.Number), steps)
			attach(projection.PlacePart, g.ActorPlaces.Of(r.Number), steps)
		case projection.GroupPart:
			attach(projection.SectorPart, g.GroupSectors.Of(r.Number), steps)
		}
	}
	for r, steps := range attached {
		put(r, steps)
	}
	for r, steps := range far {
		name := g.Type(r).Name
		asked := slices.Contains(o.Kinds, name) || o.Kinds == nil && r.Part <= projection.GroupPart
		if steps > 0 && (!asked || r.Part == projection.GroupPart && isBody(r.Number)) {
			delete(far, r)
		}
	}
	return far
}

// between returns how many links of each relationship there should be between two
// of some nodes.
func between(g *projection.Graph, a, b projection.Ref, nodes []neighbourhood.Node) map[string]int {
	out := map[string]int{}
	if a.Part > b.Part {
		a, b = b, a
	}
	switch {
	case a.Part == projection.ActorPart && b.Part == projection.ActorPart:
		for _, group := range g.Meetings.Of(a.Number) {
			shown := slices.ContainsFunc(nodes, func(n neighbourhood.Node) bool {
				return n.Ref == projection.Ref{Part: projection.GroupPart, Number: group}
			})
			way := g.Model.Ways[g.Way[group]].Out
			if !shown && way.Target != g.Model.Actor && slices.Contains(g.Members.Of(group), b.Number) {
				out[way.Relationship.Name]++
			}
		}
		others, kinds := g.DirectOf(a.Number)
		for i, other := range others {
			if other == b.Number {
				out[g.Model.Direct[kinds[i].Relationship].Name]++
			}
		}
	case a.Part == projection.ActorPart && b.Part == projection.GroupPart && slices.Contains(g.Members.Of(b.Number), a.Number):
		out[g.Model.Ways[g.Way[b.Number]].Out.Relationship.Name]++
	case a.Part == projection.ActorPart && b.Part == projection.SectorPart && slices.Contains(g.ActorSectors.Of(a.Number), b.Number):
		out["ACTIVE_IN"]++
	case a.Part == projection.ActorPart && b.Part == projection.PlacePart && slices.Contains(g.ActorPlaces.Of(a.Number), b.Number):
		out["LOCATED_AT"]++
	case a.Part == projection.GroupPart && b.Part == projection.SectorPart && slices.Contains(g.GroupSectors.Of(a.Number), b.Number):
		out["ABOUT"]++
	}
	return out
}

func TestTheMostConnectedComeFirst(t *testing.T) {
	g := projectiontest.Builtin(t)
	got, err := neighbourhood.Subgraph(t.Context(), g, []projection.Ref{find(t, g, "org:montpellier:seclab")}, neighbourhood.Options{Steps: 1, First: 4})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, n := range got.Nodes {
		lines = append(lines, fmt.Sprintf("%s %d steps, %d links", g.ID(n.Ref), n.Steps, n.Links))
	}
	for _, l := range got.Links {
		lines = append(lines, fmt.Sprintf("%d %s %d", l.Source, l.Relationship, l.Target))
	}
	want := []string{
		"org:montpellier:seclab 0 steps, 1 links",
		"org:montpellier:cmip 1 steps, 18 links",
		"org:montpellier:netia 1 steps, 2 links",
		"org:montpellier:radio-act 1 steps, 2 links",
		"0 MEMBER_OF 1", "2 MEMBER_OF 1", "2 SUBSIDIARY_OF 3", "3 MEMBER_OF 1",
	}
	if diff := cmp.Diff(want, lines); diff != "" || !got.Truncated {
		t.Error(diff)
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	g := projectiontest.Builtin(t)
	seclab := find(t, g, "org:montpellier:seclab")
	for _, test := range []struct {
		around []projection.Ref
		o      neighbourhood.Options
		want   string
	}{
		{nil, neighbourhood.Options{Steps: 4, First: 1}, "a neighbourhood cannot reach 4 steps: it reaches from 1 to 3"},
		{nil, neighbourhood.Options{Steps: 1, First: 201}, "201 nodes cannot be asked for: from 1 to 200 can"},
		{nil, neighbourhood.Options{Steps: 1, First: 1, Kinds: []string{"Person"}},
			"a neighbourhood has no nodes of type Person: it has Organization, Project, Synergy, Sector, Place"},
		{nil, neighbourhood.Options{Steps: 1, First: 1, Through: []string{"KNOWS"}},
			"nobody is tied over KNOWS: over INVOLVED_IN, INVOLVES, MEMBER_OF, PARTICIPATES_IN, PREFIGURES, SUBSIDIARY_OF, SUPPORTS they are"},
		{[]projection.Ref{seclab, {Number: seclab.Number + 1}}, neighbourhood.Options{Steps: 1, First: 1}, "2 nodes around which to look do not fit into the first 1"},
		{[]projection.Ref{find(t, g, "place:insee:34172")}, neighbourhood.Options{Steps: 1, First: 1},
			"place:insee:34172 is a Place: a neighbourhood is around organisations, what they share, and sectors"},
	} {
		if _, err := neighbourhood.Subgraph(t.Context(), g, test.around, test.o); err == nil || err.Error() != test.want || kg.CodeOf(err) != kg.BadUserInput {
			t.Errorf("%+v: %v, want %s", test.o, err, test.want)
		}
	}
}
