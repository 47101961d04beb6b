package stage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/stage"
)

// statement answers every plan with the same text.
func statement(text string) stage.Run {
	return func(context.Context, plan.Normal) (answer.Object, error) {
		return answer.Object{JSON: []byte(text)}, nil
	}
}

func TestStatsPutInPlaceWhatNoStoreKnows(t *testing.T) {
	stats := func(fields ...plan.StatsField) plan.Normal {
		return plan.Normalize(plan.Plan{Name: "stats", Root: &plan.Stats{Fields: fields}})
	}
	revision := plan.StatsField{Key: "r", Name: "revision"}
	memory := plan.StatsField{Key: "m", Name: "memory", Own: true, Members: []plan.Member{{Key: "b", Name: "bytes"}, {Key: "t", Typename: "Memory"}}}
	failure := errors.New("no memory")
	for _, c := range []struct {
		name      string
		plan      plan.Normal
		statement string
		own       stage.Object
		err       error
		want      string
	}{
		{"of the store alone", stats(revision), `{"r":3}`, nil, failure, `{"r":3}`}, // own is not asked
		{"between", stats(memory, revision), `{"m":null,"r":3}`, stage.Object{"memory": stage.Object{"bytes": int64(5)}}, nil, `{"m":{"b":5,"t":"Memory"},"r":3}`},
		{"unknown", stats(revision, memory), `{"r":3,"m":null}`, stage.Object{"memory": nil}, nil, `{"r":3,"m":null}`},
		{"failing", stats(memory), `{"m":null}`, nil, failure, ""},
	} {
		own := func(context.Context) (stage.Object, error) { return c.own, c.err }
		got, err := stage.Stats(t.Context(), statement(c.statement), own, c.plan)
		if string(got.JSON) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: %s, %v", c.name, got.JSON, err)
		}
	}
}
