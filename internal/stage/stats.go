package stage

import (
	"context"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/plan"
)

// Stats answers figures of the graph by one statement, and puts in place those
// that no store knows: own returns these by the names of their fields.
func Stats(ctx context.Context, statement Run, own func(context.Context) (Object, error), p plan.Normal) (answer.Object, error) {
	fields := p.Plan().Root.(*plan.Stats).Fields
	out, err := statement(ctx, p)
	if err != nil || !slices.ContainsFunc(fields, func(f plan.StatsField) bool { return f.Own }) {
		return out, err
	}
	values, err := own(ctx)
	if err != nil {
		return answer.Object{}, err
	}
	spliced, err := members(out.JSON, fields, func(f plan.StatsField) string { return f.Key },
		func(f plan.StatsField, raw jsontext.Value) (jsontext.Value, error) {
			if !f.Own {
				return raw, nil
			}
			return Nodes(nil).Write(f.Members, values[f.Name])
		})
	return answer.Object{JSON: spliced}, err
}
