package projection_test

import (
	"slices"
	"testing"

	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
)

func TestBuiltinGraphIsProjected(t *testing.T) {
	g := projectiontest.Builtin(t)
	find := func(table *projection.Table, id string) int32 {
		i, ok := table.Find(id)
		if !ok || table.ID(i) != id {
			t.Fatalf("%s is not there", id)
		}
		return i
	}
	sikemia := find(&g.Actors, "org:pic:952966025")
	var met []string
	for _, group := range g.Meetings.Of(sikemia) {
		if !slices.Contains(g.Members.Of(group), sikemia) {
			t.Errorf("%s does not list it", g.Groups.ID(group))
		}
		met = append(met, g.Groups.ID(group))
	}
	if len(met) == 0 || g.Kinds[g.Kind[sikemia]] != "COMPANY" || g.Countries[g.Country[sikemia]] != "FR" {
		t.Errorf("Sikemia: %v, %s, %s", met, g.Kinds[g.Kind[sikemia]], g.Countries[g.Country[sikemia]])
	}
	if g.Actors.Len() < 12_000 || g.Groups.Len() < 7_500 || g.Members.Items() != g.Meetings.Items() || g.Members.Items() < 31_000 {
		t.Errorf("%d actors, %d groups, %d meetings", g.Actors.Len(), g.Groups.Len(), g.Members.Items())
	}
}
