package evaluation_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/evaluation"
	"github.com/maillage/maillage/internal/projection/projectiontest"
	"github.com/maillage/maillage/internal/ranking"
)

// window is the built-in graph at the end of 2014, and what came after.
func window(t *testing.T) *ranking.Window {
	t.Helper()
	return ranking.NewWindow(projectiontest.Builtin(t), 2014, 2016)
}

func TestWhoKnowsTheFutureIsRight(t *testing.T) {
	w := window(t)
	oracle := evaluation.Method{Name: "oracle", Rank: func(_ context.Context, a int32, some []int32) (all, among []int32, err error) {
		all = w.New(a)
		for _, b := range all {
			if slices.Contains(some, b) {
				among = append(among, b)
			}
		}
		return all, among, nil
	}}
	silent := evaluation.Method{Name: "silent", Rank: func(context.Context, int32, []int32) (all, among []int32, err error) { return nil, nil, nil }}
	got, err := evaluation.Run(t.Context(), w, evaluation.Options{Queries: 200, Seed: 1}, oracle, silent)
	if err != nil {
		t.Fatal(err)
	}
	all := evaluation.Interval{Mean: 1, Low: 1, High: 1}
	for _, f := range []evaluation.Figures{got[0].All, got[0].Few, got[0].Companies, got[0].Hard} {
		if f.Queries == 0 || f.Hit10 != all || f.NDCG10.Mean < .999999 || f.MRR != all || f.Distinct == 0 {
			t.Errorf("the oracle has %+v", f)
		}
	}
	if f := got[1].All; f.Queries != 200 || f.Hit10.Mean != 0 || f.Recall50.Mean != 0 || f.Distinct != 0 {
		t.Errorf("who says nothing has %+v", f)
	}
}

func TestMethodsAreComparedAlike(t *testing.T) {
	w := window(t)
	run := func() []evaluation.Result {
		methods := append(evaluation.Baselines(w), evaluation.Ours("ours", ranking.Default(), w, 0))
		got, err := evaluation.Run(t.Context(), w, evaluation.Options{Queries: 60, Seed: 2}, methods...)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	one := run()
	if diff := cmp.Diff(one, run()); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
	for _, r := range one {
		f := r.All
		if f.Queries != 60 || !(f.Hit10.Low <= f.Hit10.Mean && f.Hit10.Mean <= f.Hit10.High) || f.Hit10.Mean < .1 || f.Distinct < 10 {
			t.Errorf("%s: %+v", r.Method, f)
		}
	}
}

func TestNothingToMeasure(t *testing.T) {
	w := window(t)
	if _, err := evaluation.Run(t.Context(), ranking.NewWindow(w.State, 2014, 2015), evaluation.Options{Queries: 1}); err == nil {
		t.Error("nobody found a partner, and no error says so")
	}
}
