package projection_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/dataset"
	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
	"github.com/maillage/maillage/internal/store/storetest"
)

// TestAGraphIsTheSameFromAStore: what the fixture and, unless time is short, the
// built-in graph are does not depend on where they come from.
func TestAGraphIsTheSameFromAStore(t *testing.T) {
	c, m := projectiontest.Model(t)
	graphs := map[string]func(emit func(kg.Change) error) error{
		"fixture": func(emit func(kg.Change) error) error {
			for _, ch := range storetest.Fixture().Changes() {
				_ = emit(ch)
			}
			return nil
		},
		"built-in": func(emit func(kg.Change) error) error { return dataset.Builtin(c, emit) },
	}
	if testing.Short() {
		delete(graphs, "built-in")
	}
	for name, graph := range graphs {
		t.Run(name, func(t *testing.T) {
			s, b := graphtest.Open(t), projection.NewBuilder(m)
			var changes []kg.Change
			err := graph(func(ch kg.Change) error {
				b.Add(ch)
				changes = append(changes, ch)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			err = s.Load(t.Context(), func(apply func([]kg.Change) (kg.Applied, error)) error {
				_, err := apply(changes)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := projection.Load(t.Context(), s, m, projection.DefaultMemory)
			if err != nil {
				t.Fatal(err)
			}
			if d := storetest.Difference(b.Build(1), got); d != "" {
				t.Error(d)
			}
			if size := got.Bytes(); got.Revision != 1 || size > 8<<20 {
				t.Errorf("revision %d, %d bytes", got.Revision, size)
			}
			if _, err := projection.Load(t.Context(), s, m, got.Bytes()-1); kg.CodeOf(err) != kg.Unavailable {
				t.Errorf("in less memory: %v, want UNAVAILABLE", err)
			}
		})
	}
}

// TestAnOrganisationIsWhereItsFirstKnownPlaceIs unless its own position is known.
func TestAnOrganisationIsWhereItsFirstKnownPlaceIs(t *testing.T) {
	b := projectiontest.NewBuilder(t)
	at := func(latitude, longitude float64) kg.Properties {
		return kg.Properties{"location": kg.JSON(fmt.Sprintf(`{"latitude":%v,"longitude":%v}`, latitude, longitude))}
	}
	b.Node("Place", "place:t:a", nil)
	b.Node("Place", "place:t:b", at(43.5, 3.75))
	b.Node("Place", "place:t:c", at(48, 2))
	b.Node("Organization", "org:t:own", at(1, 2))
	for _, org := range []string{"org:t:own", "org:t:placed"} {
		b.Node("Organization", org, nil)
		for _, place := range []string{"place:t:c", "place:t:b", "place:t:a"} {
			b.Link("LOCATED_AT", org, place, nil)
		}
	}
	b.Node("Organization", "org:t:unknown", nil)
	b.Link("LOCATED_AT", "org:t:unknown", "place:t:a", nil)
	g := b.Build(1)
	want := []projection.Position{{Latitude: 1, Longitude: 2}, {Latitude: 43.5, Longitude: 3.75}}
	if d := cmp.Diff(want, g.Position[:2]); d != "" || g.Position[2].Known() {
		t.Errorf("%v (-want +got):\n%s", g.Position[2], d)
	}
}
