package importer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// applied is a store without Load that remembers the sizes of what it applies,
// and may do something before each.
type applied struct {
	store.Store
	sizes  []int
	before func()
}

func (a *applied) Apply(ctx context.Context, changes []kg.Change) (kg.Applied, error) {
	if a.before != nil {
		a.before()
	}
	a.sizes = append(a.sizes, len(changes))
	return a.Store.Apply(ctx, changes)
}

// places returns a source of n places.
func places(n int) importer.Source {
	return func(emit importer.Emit, _ importer.Reject) error {
		for i := range n {
			if err := emit(place(fmt.Sprintf("place:%03d", i))); err != nil {
				return err
			}
		}
		return nil
	}
}

func place(id string) kg.Change {
	return kg.Change{Node: &kg.Node{Type: "Place", ID: id, Properties: kg.Properties{"name": id, "kind": "SITE"}}}
}

// ids returns the ids of the nodes in a store.
func ids(t *testing.T, s store.Store) (out []string) {
	t.Helper()
	err := s.Scan(t.Context(), func(ch kg.Change) error {
		if ch.Node != nil {
			out = append(out, ch.Node.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRunAppliesBatchesAndTellsHowFarItIs(t *testing.T) {
	c, s := catalogtest.Model(t), graphtest.Open(t)
	a := &applied{Store: s}
	var progress []int
	result, err := importer.Run(t.Context(), a, places(5), importer.Options{Catalog: c, Batch: 2, Progress: func(n int) { progress = append(progress, n) }})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{2, 2, 1}, a.sizes); diff != "" {
		t.Errorf("batches (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{2, 4, 5}, progress); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	want := importer.Result{Applied: kg.Applied{Revision: 3, Created: 5}}
	if result != want {
		t.Errorf("%+v, want %+v", result, want)
	}
	result, err = importer.Run(t.Context(), a, places(6), importer.Options{Catalog: c})
	want = importer.Result{Applied: kg.Applied{Revision: 4, Created: 1, Unchanged: 5}}
	if err != nil || result != want {
		t.Errorf("again with one more: %+v, %v, want %+v", result, err, want)
	}
}

func TestAnEmptyStoreIsLoadedInOneGo(t *testing.T) {
	c, s := catalogtest.Model(t), graphtest.Open(t)
	for i, want := range []kg.Applied{
		{Revision: 1, Created: 5},
		{Revision: 1, Unchanged: 5}, // now by Apply
	} {
		result, err := importer.Run(t.Context(), s, places(5), importer.Options{Catalog: c, Batch: 2})
		if err != nil || result.Applied != want {
			t.Errorf("run %d: %+v, %v", i, result, err)
		}
	}
}

func TestALoadThatFailsLeavesNothing(t *testing.T) {
	c, s := catalogtest.Model(t), graphtest.Open(t)
	broken := errors.New("the file ends too early")
	result, err := importer.Run(t.Context(), s, func(emit importer.Emit, reject importer.Reject) error {
		if err := places(5)(emit, reject); err != nil {
			return err
		}
		return broken
	}, importer.Options{Catalog: c, Batch: 2})
	if !errors.Is(err, broken) || result != (importer.Result{}) || len(ids(t, s)) != 0 {
		t.Errorf("%+v, %v, store %v", result, err, ids(t, s))
	}
}

func TestADryRunChecksAndWritesNothing(t *testing.T) {
	c, s := catalogtest.Model(t), graphtest.Open(t)
	var rejected []string
	result, err := importer.Run(t.Context(), nil, func(emit importer.Emit, reject importer.Reject) error {
		reject(importer.Rejection{File: "a.csv", Line: 3, Column: "cost", Reason: "no amount"})
		bad := place("place:1")
		bad.Node.Properties["kind"] = "MOON"
		return errors.Join(emit(bad), emit(place("place:2")), emit(place("org:3")))
	}, importer.Options{Catalog: c, DryRun: true, Reject: func(r importer.Rejection) { rejected = append(rejected, r.String()) }})
	if err != nil || result.Created != 1 || result.Rejected != 3 || len(ids(t, s)) != 0 {
		t.Errorf("%+v, %v", result, err)
	}
	want := []string{
		"a.csv:3: cost: no amount",
		`place:1: Place.kind: "MOON" is none of BUSINESS_PARK, COMMUNE, COUNTRY, DEPARTMENT, DISTRICT, EPCI, REGION, SITE`,
		`org:3: id "org:3" does not begin with "place:"`,
	}
	if diff := cmp.Diff(want, rejected); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatTheStoreRefusesIsRejectedAndTheRestApplied(t *testing.T) {
	partOf := func(from, to string) kg.Change {
		return kg.Change{Relationship: &kg.Relationship{Type: "PART_OF", From: from, To: to, Records: []kg.Record{{Source: "source:a", Locator: "places.csv:7"}}}}
	}
	for _, by := range []string{"load", "apply"} {
		c, s := catalogtest.Model(t), graphtest.Open(t)
		target := store.Store(s)
		if by == "apply" {
			target = &applied{Store: s}
		}
		var rejected []string
		result, err := importer.Run(t.Context(), target, func(emit importer.Emit, _ importer.Reject) error {
			return errors.Join(emit(place("place:1")), emit(place("place:2")), emit(partOf("place:1", "place:9")), emit(partOf("place:1", "place:2")), emit(place("place:3")))
		}, importer.Options{Catalog: c, Batch: 4, Reject: func(r importer.Rejection) { rejected = append(rejected, r.String()) }})
		if err != nil || result.Created != 4 || result.Unchanged != 0 || result.Rejected != 1 {
			t.Errorf("%s: %+v, %v", by, result, err)
		}
		if len(rejected) != 1 || !strings.HasPrefix(rejected[0], "places.csv:7 (PART_OF place:1 place:9): ") || !strings.Contains(rejected[0], "place:9") {
			t.Errorf("%s: %q", by, rejected)
		}
		if diff := cmp.Diff([]string{"place:1", "place:2", "place:3"}, ids(t, s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", by, diff)
		}
	}
}

// TestAnInterruptedImportIsResumed cancels an import after two batches, runs
// it again, and finds what one run would have left.
func TestAnInterruptedImportIsResumed(t *testing.T) {
	c, s := catalogtest.Model(t), graphtest.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	batches := 0
	opts := importer.Options{Catalog: c, Batch: 10, Progress: func(int) {
		if batches++; batches == 2 {
			cancel()
		}
	}}
	a := &applied{Store: s}
	result, err := importer.Run(ctx, a, places(50), opts)
	if !errors.Is(err, context.Canceled) || result.Created != 20 || len(ids(t, s)) != 20 {
		t.Fatalf("interrupted: %+v, %v, %d in the store", result, err, len(ids(t, s)))
	}
	result, err = importer.Run(t.Context(), a, places(50), importer.Options{Catalog: c, Batch: 10})
	if err != nil || result.Created != 30 || result.Unchanged != 20 || len(ids(t, s)) != 50 {
		t.Errorf("resumed: %+v, %v, %d in the store", result, err, len(ids(t, s)))
	}
}

// TestABatchIsWholeOrNotThere cancels while a batch is being written.
func TestABatchIsWholeOrNotThere(t *testing.T) {
	c, s := catalogtest.Model(t), graphtest.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a := &applied{Store: s}
	a.before = func() {
		if len(a.sizes) == 1 {
			cancel()
		}
	}
	if _, err := importer.Run(ctx, a, places(50), importer.Options{Catalog: c, Batch: 10}); err == nil || len(ids(t, s)) != 10 {
		t.Errorf("%v, %d in the store", err, len(ids(t, s)))
	}
}

func TestAnErrorOfTheSourceEndsTheImport(t *testing.T) {
	c, s := catalogtest.Model(t), graphtest.Open(t)
	broken := errors.New("broken")
	a := &applied{Store: s}
	result, err := importer.Run(t.Context(), a, func(emit importer.Emit, reject importer.Reject) error {
		return errors.Join(places(5)(emit, reject), broken)
	}, importer.Options{Catalog: c, Batch: 2})
	if !errors.Is(err, broken) || result.Created != 4 {
		t.Errorf("%+v, %v", result, err)
	}
}
