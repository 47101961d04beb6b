package compute

import (
	"context"

	"github.com/maillage/maillage/internal/match"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/stage"
)

// maxPartners is how many partners are named with a call.
const maxPartners = 10

func opportunities(ctx context.Context, q *question) ([]any, error) {
	all := make([]match.Found, len(q.actors))
	err := q.graph.Expand(ctx, len(q.actors), func(ctx context.Context, i int) (err error) {
		if a := q.actors[i]; a >= 0 {
			all[i], err = match.Opportunities(ctx, q.graph, a, match.Options{Kinds: q.texts("kinds"), Today: q.today, First: integer(q.Args, "first"), Partners: maxPartners})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]any, len(q.actors))
	for i, found := range all {
		edges, missing := make([]any, len(found.Opportunities)), make([]any, len(found.Missing))
		for j, o := range found.Opportunities {
			edges[j] = q.opportunity(o)
		}
		for j, m := range found.Missing {
			missing[j] = stage.Object{"kind": m.Kind, "code": m.Code}
		}
		out[i] = stage.Object{"edges": edges, "totalCount": found.Total, "missing": missing, "revision": q.graph.Revision}
	}
	return out, nil
}

func (q *question) opportunity(o match.Opportunity) stage.Object {
	out := stage.Object{
		"kind": o.Kind, "node": stage.Node(o.With), "own": nil, "organization": nil, "score": o.Score, "reasons": reasons(o.Reasons),
		"partners": stage.Lazy(func(args plan.Arguments) (any, error) {
			list := o.Partners[:min(len(o.Partners), integer(args, "first"))]
			partners := make([]any, len(list))
			for i, p := range list {
				partners[i] = stage.Object{"node": q.node(p.Actor), "score": p.Score, "reasons": reasons(p.Reasons)}
			}
			return partners, nil
		}),
	}
	if o.Own != "" {
		out["own"] = stage.Node(o.Own)
	}
	if o.Other >= 0 {
		out["organization"] = q.node(o.Other)
	}
	return out
}
