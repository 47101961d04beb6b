package projection_test

import (
	"slices"
	"testing"

	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
)

func TestUntilLeavesOutWhatBeganLater(t *testing.T) {
	g := projectiontest.Builtin(t)
	day := slices.Max(g.From) - 400
	was := g.Until(day)
	kept, left := 0, 0
	for p := range int32(g.Groups.Len()) {
		want := g.Members.Of(p)
		if g.From[p] == projection.NoDay || g.From[p] > day {
			want = nil
			left++
		} else {
			kept++
		}
		if !slices.Equal(was.Members.Of(p), want) {
			t.Fatalf("%s has members %v, want %v", g.Groups.ID(p), was.Members.Of(p), want)
		}
	}
	if kept == 0 || left == 0 || was.Members.Items() != was.Meetings.Items() || was.Actors.Len() != g.Actors.Len() {
		t.Errorf("%d groups kept, %d left out, %d and %d items", kept, left, was.Members.Items(), was.Meetings.Items())
	}
	for a := range int32(g.Actors.Len()) {
		for _, s := range was.ActorSectors.Of(a) {
			of := func(g *projection.Graph) bool {
				return slices.ContainsFunc(g.Meetings.Of(a), func(p int32) bool { return slices.Contains(g.GroupSectors.Of(p), s) })
			}
			if of(g) && !of(was) {
				t.Fatalf("%s is active in %s for the sake of what began later", g.Actors.ID(a), g.Sectors.ID(s))
			}
			if !slices.Contains(was.SectorActors.Of(s), a) {
				t.Fatalf("%s does not list %s", g.Sectors.ID(s), g.Actors.ID(a))
			}
		}
	}
}
