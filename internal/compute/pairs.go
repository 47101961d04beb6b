package compute

import (
	"context"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/paths"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/stage"
)

// maxPaired is among how many organisations pairs are sought.
const maxPaired = 2000

func organizationPairs(ctx context.Context, q *question) ([]any, error) {
	apart, _ := q.Args["apart"].(bool)
	tag := "pairs"
	if apart {
		tag = "pairs apart"
	}
	o := paths.PairOptions{Through: q.texts("through"), Apart: apart, First: integer(q.Args, "first")}
	if cursor, given := q.Args["after"].(string); given {
		values, err := plan.ReadCursor(cursor, tag, catalog.Float, catalog.ID, catalog.ID)
		if err != nil {
			return nil, kg.Errorf(kg.BadUserInput, "%s.after: no cursor of this connection: %v", q.Path, err)
		}
		o.After = &paths.Cursor{Weight: values[0].(float64), A: values[1].(string), B: values[2].(string)}
	}
	of, err := q.meeting(ctx, nil, maxPaired+1)
	if err != nil {
		return nil, err
	}
	if len(of) > maxPaired {
		return nil, kg.Errorf(kg.BadUserInput, "%s.of: more than %d organisations meet it; ask for fewer", q.Path, maxPaired)
	}
	found, err := projection.Expanded(ctx, q.graph, func(ctx context.Context) (paths.PairResult, error) {
		return paths.Pairs(ctx, q.graph, sorted(of), o)
	})
	if err != nil {
		return nil, err
	}
	info := stage.Object{"hasNextPage": found.More, "hasPreviousPage": o.After != nil, "startCursor": nil, "endCursor": nil}
	edges := make([]any, len(found.Pairs))
	for i, p := range found.Pairs {
		cursor := plan.WriteCursor(tag, p.Weight, q.graph.Actors.ID(p.A), q.graph.Actors.ID(p.B))
		e := stage.Object{"cursor": cursor, "a": q.node(p.A), "b": q.node(p.B), "weight": nil, "count": p.Count, "ties": q.ties(p.Evidence)}
		if !apart {
			e["weight"] = p.Weight
		}
		if edges[i] = e; i == 0 {
			info["startCursor"] = cursor
		}
		info["endCursor"] = cursor
	}
	return []any{stage.Object{"edges": edges, "pageInfo": info, "totalCount": found.Total, "revision": q.graph.Revision}}, nil
}
