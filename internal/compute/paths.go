package compute

import (
	"context"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/paths"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/stage"
)

func rootPaths(ctx context.Context, q *question) ([]any, error) {
	from, err := q.named(ctx, "from")
	if err != nil {
		return nil, err
	}
	to, err := q.named(ctx, "to")
	if err != nil {
		return nil, err
	}
	avoid, err := q.named(ctx, "avoid")
	if err != nil {
		return nil, err
	}
	found, err := q.paths(ctx, from[0], to[0], q.Args, paths.Options{Through: q.texts("through"), Avoid: avoid})
	return []any{found}, err
}

// paths answers the closest paths between two actors.
func (q *question) paths(ctx context.Context, from, to int32, args plan.Arguments, o paths.Options) ([]any, error) {
	o.First, o.MaxSteps = integer(args, "first"), integer(args, "maxSteps")
	found, err := projection.Expanded(ctx, q.graph, func(ctx context.Context) (paths.Result, error) {
		return paths.Find(ctx, q.graph, from, to, o)
	})
	if err != nil {
		return nil, err
	}
	if len(found.Paths) == 0 && !found.Complete {
		return nil, kg.Errorf(kg.QueryTooComplex, "%s: there are more ways than are looked at for one question; ask for fewer steps (maxSteps) or other ties (through)", q.Path)
	}
	out := make([]any, len(found.Paths))
	for i, p := range found.Paths {
		nodes, steps := []any{q.node(from)}, make([]any, len(p.Steps))
		for j, s := range p.Steps {
			nodes = append(nodes, q.node(s.To))
			steps[j] = stage.Object{"from": q.node(s.From), "to": q.node(s.To), "weight": s.Weight, "count": s.Count, "ties": q.ties(s.Evidence)}
		}
		out[i] = stage.Object{"weight": p.Weight, "steps": steps, "nodes": nodes, "complete": found.Complete}
	}
	return out, nil
}

// ties answers what ties two actors.
func (q *question) ties(evidence []paths.Evidence) []any {
	out := make([]any, len(evidence))
	for i, e := range evidence {
		o := stage.Object{"kind": e.Relationship, "node": nil, "reverse": e.In}
		if e.Group >= 0 {
			o["node"] = stage.Node(q.graph.Groups.ID(e.Group))
		}
		out[i] = o
	}
	return out
}

func (q *question) node(actor int32) stage.Node { return stage.Node(q.graph.Actors.ID(actor)) }
