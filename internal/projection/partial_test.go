package projection_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
	"github.com/maillage/maillage/internal/store"
)

// chains is a graph in which organisation 0 begins so many chains: it shares a project
// with the first of each, that one another with the second, and so on.
func chains(t *testing.T, number, length int) *projectiontest.Counting {
	t.Helper()
	s := &projectiontest.Counting{Store: graphtest.Open(t)}
	changes := organization("org:t:0")
	for i := range number {
		last := "org:t:0"
		for j := range length {
			org, project := fmt.Sprintf("org:t:%d-%d", i, j), fmt.Sprintf("project:%d-%d", i, j)
			changes = append(changes, organization(org)...)
			changes = append(changes, kg.Change{Node: &kg.Node{Type: "Project", ID: project, Properties: kg.Properties{"label": project}}})
			for _, member := range []string{last, org} {
				changes = append(changes, kg.Change{Relationship: &kg.Relationship{Type: "PARTICIPATES_IN", From: member, To: project}})
			}
			last = org
		}
	}
	if _, err := s.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	return s
}

// inPart opens the graph of a store with so much less memory than it takes.
func inPart(t *testing.T, s store.Store, less int64) *projection.Graph {
	t.Helper()
	_, m := projectiontest.Model(t)
	whole, err := projection.Load(t.Context(), s, m, projection.DefaultMemory)
	if err != nil {
		t.Fatal(err)
	}
	g, err := projection.Open(t.Context(), s, m, whole.Bytes()-less)
	if err != nil {
		t.Fatal(err)
	}
	if g.Whole() || !whole.Whole() {
		t.Fatal("the graph is in memory as a whole, or is not where there is room")
	}
	return g
}

// reach returns how many actors are reached in so many steps.
func reach(g *projection.Graph, from int32, steps int) int {
	level, seen := []int32{from}, map[int32]bool{from: true}
	for range steps {
		var next []int32
		for _, a := range level {
			for _, group := range g.Meetings.Of(a) {
				for _, b := range g.Members.Of(group) {
					if !seen[b] {
						seen[b] = true
						next = append(next, b)
					}
				}
			}
		}
		level = next
	}
	return len(seen)
}

// TestListsAreReadByFrontier: as many batches as there are steps from lists to lists,
// however many lists there are, and none for what is there already.
func TestListsAreReadByFrontier(t *testing.T) {
	for _, number := range []int{1, 40} {
		s := chains(t, number, 5)
		g := inPart(t, s, 1)
		from, _ := g.Actors.Find("org:t:0")
		for _, batches := range []int{8, 0} {
			s.Batches, s.Statements = 0, 0
			reached := 0
			err := g.Expand(t.Context(), 1, func(context.Context, int) error {
				reached = reach(g, from, 4)
				return nil
			})
			if err != nil || reached != 1+4*number || s.Batches != batches || s.Statements > 3*batches {
				t.Errorf("%d chains: %d reached, %d batches, want %d, of %d statements: %v", number, reached, s.Batches, batches, s.Statements, err)
			}
		}
	}
}

// TestRunsAreExpandedTogether: those that are done are not made again, and what fails
// is what would have failed first.
func TestRunsAreExpandedTogether(t *testing.T) {
	s := chains(t, 6, 5)
	g := inPart(t, s, 1)
	runs, reached := make([]int, 6), make([]int, 6)
	expand := func(fails func(i int) error) error {
		return g.Expand(t.Context(), len(runs), func(_ context.Context, i int) error {
			from, _ := g.Actors.Find(fmt.Sprintf("org:t:%d-4", i))
			runs[i]++
			reached[i] = reach(g, from, i)
			return fails(i)
		})
	}
	if err := expand(func(int) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]int{1, 2, 3, 4, 5, 6}, reached); d != "" || s.Batches != 10 {
		t.Errorf("%d batches, reached (-want +got):\n%s", s.Batches, d)
	}
	if d := cmp.Diff([]int{1, 3, 5, 7, 9, 11}, runs); d != "" {
		t.Errorf("runs (-want +got):\n%s", d)
	}
	s = chains(t, 6, 5)
	g = inPart(t, s, 1)
	err := expand(func(i int) error {
		if i == 2 || i == 4 || reached[i] < i+1 {
			return fmt.Errorf("run %d", i)
		}
		return nil
	})
	if err == nil || err.Error() != "run 2" {
		t.Errorf("%v, want what fails first", err)
	}
}

// TestListsMakeRoomForOthers: with less memory than all runs need, and then with less
// than one needs.
func TestListsMakeRoomForOthers(t *testing.T) {
	s := chains(t, 30, 5)
	for _, c := range []struct {
		less, steps int
		fits        bool
	}{{1, 1, true}, {7_800, 1, true}, {7_800, 10, false}} {
		g := inPart(t, s, int64(c.less))
		reached := make([]int, 30)
		run := func(_ context.Context, i int) error {
			from, _ := g.Actors.Find(fmt.Sprintf("org:t:%d-0", i))
			reached[i] = reach(g, from, c.steps)
			return nil
		}
		err := g.Expand(t.Context(), len(reached), run)
		switch {
		case c.fits && err != nil:
			t.Errorf("%+v: %v", c, err)
		case !c.fits && (kg.CodeOf(err) != kg.Unavailable || !strings.Contains(err.Error(), "--projection-memory")):
			t.Errorf("%+v: %v, want UNAVAILABLE and what to raise", c, err)
		}
		for i, n := range reached {
			if c.fits && n != 3 {
				t.Errorf("%+v: %d reached from %d", c, n, i)
			}
		}
		// What was too much does not stand in the way of less.
		if err := g.Expand(t.Context(), 1, func(context.Context, int) error { g.Members.Of(0); return nil }); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestASweepVisitsEachOnce in order, with all lists that it touches, and with little
// memory by fewer at a time.
func TestASweepVisitsEachOnce(t *testing.T) {
	s := chains(t, 30, 5)
	for _, less := range []int64{1, 7_800} {
		g := inPart(t, s, less)
		next, members := int32(0), 0
		err := g.Sweep(t.Context(), g.Groups.Len(), func(i int32) { g.Members.Of(i) }, func(i int32) {
			if i != next {
				t.Fatalf("%d is visited, not %d", i, next)
			}
			next++
			members += len(g.Members.Of(i))
		})
		if err != nil || next != 150 || members != 300 {
			t.Errorf("%d visited with %d members: %v", next, members, err)
		}
	}
}

// TestWhatIsWrittenMeanwhileIsNotMixed with what was read before.
func TestWhatIsWrittenMeanwhileIsNotMixed(t *testing.T) {
	s := chains(t, 2, 5)
	g := inPart(t, s, 1)
	if _, err := s.Apply(t.Context(), organization("org:t:new")); err != nil {
		t.Fatal(err)
	}
	run := func(context.Context, int) error { g.Members.Of(0); return nil }
	if err := g.Expand(t.Context(), 1, run); !errors.Is(err, store.ErrMoved) || kg.CodeOf(err) != kg.Unavailable {
		t.Errorf("%v, want ErrMoved and UNAVAILABLE", err)
	}
	memory := g.Bytes() + 200
	next, err := projection.Follow(t.Context(), s, g, memory)
	if err != nil || next.Whole() || next.Revision != 2 {
		t.Fatalf("%+v, %v", next, err)
	}
	// What is not projected changes the revision alone.
	if _, err := s.Apply(t.Context(), []kg.Change{{Node: &kg.Node{Type: "Person", ID: "person:t:x", Properties: kg.Properties{"name": "x"}}}}); err != nil {
		t.Fatal(err)
	}
	g, err = projection.Follow(t.Context(), s, next, memory)
	if err != nil || g.Revision != 3 || g.BuildTime != next.BuildTime {
		t.Fatalf("%+v, %v", g, err)
	}
	if err := g.Expand(t.Context(), 1, run); err != nil {
		t.Error(err)
	}
}

// TestManyLookAtAGraphInTurn, and who no longer waits is told so.
func TestManyLookAtAGraphInTurn(t *testing.T) {
	g := inPart(t, chains(t, 9, 5), 1)
	var all sync.WaitGroup
	for i := range 9 {
		all.Go(func() {
			reached := 0
			err := g.Expand(t.Context(), 1, func(ctx context.Context, _ int) error {
				from, _ := g.Actors.Find(fmt.Sprintf("org:t:%d-4", i))
				reached = reach(g, from, 4)
				return g.Expand(ctx, 1, func(context.Context, int) error { g.Members.Of(int32(i)); return nil }) // within its turn
			})
			if err != nil || reached != 5 {
				t.Errorf("%d reached: %v", reached, err)
			}
		})
	}
	all.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	err := g.Expand(t.Context(), 1, func(context.Context, int) error {
		cancel()
		return g.Expand(ctx, 1, func(context.Context, int) error { return nil })
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it is cancelled", err)
	}
}

// TestNothingIsReadForWhoNoLongerWaits, and an algorithm that misses much is interrupted.
func TestNothingIsReadForWhoNoLongerWaits(t *testing.T) {
	s := chains(t, 1_000, 5)
	g := inPart(t, s, 1)
	ctx, cancel := context.WithCancel(t.Context())
	err := g.Expand(ctx, 1, func(context.Context, int) error {
		g.Members.Of(0)
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || s.Batches > 0 {
		t.Errorf("%d batches: %v", s.Batches, err)
	}
	most := 0
	err = g.Expand(t.Context(), 1, func(ctx context.Context, _ int) error {
		missed := g.Missed()
		for i := 0; i < g.Groups.Len() && ctx.Err() == nil; i++ {
			g.Members.Of(int32(i))
		}
		most = max(most, g.Missed()-missed)
		return ctx.Err()
	})
	if err != nil || s.Batches != 5 || most >= g.Groups.Len() {
		t.Errorf("%d batches, of %d lists %d were missed at once: %v", s.Batches, g.Groups.Len(), most, err)
	}
}
