package ranking_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/projection/projectiontest"
	"github.com/maillage/maillage/internal/ranking"
)

// quick is a training of seconds.
var quick = ranking.Training{Seed: 3, Queries: 300, Sample: 50, Rounds: 30, Rate: .2, Bins: 16}

func TestTrainingIsRepeatable(t *testing.T) {
	w := ranking.NewWindow(projectiontest.Builtin(t), 2014, 2016)
	var texts []string
	for range 2 {
		m, err := ranking.Train(t.Context(), quick, w)
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := m.Write(&text); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text.String())
	}
	if texts[0] != texts[1] {
		t.Errorf("trained twice:\n%s\n%s", texts[0], texts[1])
	}
	// Nothing of councils can be learned before their first is dated.
	if !strings.Contains(texts[0], `"councils": {"below":0,"from":[1,2]`) {
		t.Errorf("what does not vary has lost its documented steps:\n%s", texts[0])
	}
}

func TestTrainingNeedsSomethingToLearnFrom(t *testing.T) {
	_, err := ranking.Train(t.Context(), quick, ranking.NewWindow(projectiontest.Builtin(t), 2030, 2032))
	if err == nil || err.Error() != "nobody came to work together in the years to learn from" {
		t.Errorf("got %v", err)
	}
}

func TestTrainingStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ranking.Train(ctx, quick, ranking.NewWindow(projectiontest.Builtin(t), 2014, 2016)); err == nil {
		t.Error("it went on")
	}
}

func TestNewPartnersWereKnownAndNotMet(t *testing.T) {
	g := projectiontest.Builtin(t)
	w := ranking.NewWindow(g, 2014, 2016)
	queries := w.Queries()
	if len(queries) < 100 {
		t.Fatalf("%d queries", len(queries))
	}
	for _, a := range queries[:100] {
		for _, b := range w.New(a) {
			before := slices.ContainsFunc(w.State.Meetings.Of(a), func(p int32) bool { return slices.Contains(w.State.Members.Of(p), b) })
			later := slices.ContainsFunc(g.Meetings.Of(a), func(p int32) bool { return slices.Contains(g.Members.Of(p), b) })
			if before || !later || !w.Known(b) || a == b {
				t.Errorf("%s and %s: before %t, later %t, known %t", g.Actors.ID(a), g.Actors.ID(b), before, later, w.Known(b))
			}
		}
	}
}
