package compute

import (
	"context"
	"math"
	"slices"

	"github.com/maillage/maillage/internal/paths"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/ranking"
	"github.com/maillage/maillage/internal/stage"
)

// pool is among how many of the best suggestions those are sought that meet a
// filter, before all that meet it are looked at.
const pool = 200

// everybody is how many nodes meet a filter at most.
const everybody = math.MaxInt32

// suggest is one of the methods of a ranker.
type suggest func(context.Context, *projection.Graph, int32, ranking.Options) ([]ranking.Suggestion, error)

func suggestedPartners(ctx context.Context, q *question) ([]any, error) {
	lesserKnown, _ := q.Args["favourLesserKnown"].(float64)
	partners, _ := q.Args["includePartners"].(bool)
	return q.suggestions(ctx, q.computer.Ranker.Suggest, ranking.Options{LesserKnown: lesserKnown, Partners: partners})
}

func similarOrganizations(ctx context.Context, q *question) ([]any, error) {
	return q.suggestions(ctx, q.computer.Ranker.Similar, ranking.Options{})
}

// suggestions answers what is suggested for each of the actors. Which of the best
// meet the filter is asked by one statement for all; only where that leaves too
// few of an actor, all that meet it are asked for by another.
func (q *question) suggestions(ctx context.Context, by suggest, o ranking.Options) ([]any, error) {
	o.Today, o.Limit = q.today, integer(q.Args, "first")
	limit := o.Limit
	if q.Filter != nil {
		o.Limit = pool
	}
	found := make([][]ranking.Suggestion, len(q.actors))
	for i, a := range q.actors {
		if a < 0 {
			continue
		}
		var err error
		if found[i], err = by(ctx, q.graph, a, o); err != nil {
			return nil, err
		}
	}
	if q.Filter != nil {
		if err := q.filter(ctx, by, o, found, limit); err != nil {
			return nil, err
		}
	}
	out := make([]any, len(found))
	for i, list := range found {
		out[i] = q.suggested(ctx, q.actors[i], list)
	}
	return out, nil
}

// filter leaves in what is found only those that meet the filter.
func (q *question) filter(ctx context.Context, by suggest, o ranking.Options, found [][]ranking.Suggestion, limit int) error {
	var among []int32
	for _, list := range found {
		for _, s := range list {
			among = append(among, s.Actor)
		}
	}
	if len(among) > 0 {
		meeting, err := q.meeting(ctx, sorted(among), len(among))
		if err != nil {
			return err
		}
		for i, list := range found {
			found[i] = slices.DeleteFunc(list, func(s ranking.Suggestion) bool {
				_, meets := slices.BinarySearch(meeting, s.Actor)
				return !meets
			})
		}
	}
	short := func(i int) bool { return len(found[i]) < limit && q.actors[i] >= 0 }
	if slices.ContainsFunc(indexes(found), short) {
		all, err := q.meeting(ctx, nil, everybody)
		if err != nil {
			return err
		}
		o.Among, o.Limit = sorted(all), limit
		for i := range found {
			if short(i) {
				if found[i], err = by(ctx, q.graph, q.actors[i], o); err != nil {
					return err
				}
			}
		}
	}
	for i, list := range found {
		found[i] = list[:min(limit, len(list))]
	}
	return nil
}

// sorted returns numbers in ascending order, each once.
func sorted(in []int32) []int32 {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}

func indexes[T any](list []T) []int {
	out := make([]int, len(list))
	for i := range out {
		out[i] = i
	}
	return out
}

// suggested writes what is suggested for an actor.
func (q *question) suggested(ctx context.Context, from int32, list []ranking.Suggestion) stage.Object {
	edges, nodes := make([]any, len(list)), make([]any, len(list))
	for i, s := range list {
		node := q.node(s.Actor)
		nodes[i] = node
		edges[i] = stage.Object{
			"node": node, "score": s.Score, "strength": string(s.Strength), "reasons": reasons(s.Reasons),
			"paths": stage.Lazy(func(args plan.Arguments) (any, error) {
				return q.paths(ctx, from, s.Actor, args, paths.Options{})
			}),
		}
	}
	return stage.Object{"edges": edges, "nodes": nodes, "revision": q.graph.Revision}
}

// reasons writes the reasons of a score.
func reasons(list []projection.Reason) []any {
	out := make([]any, len(list))
	for i, r := range list {
		evidence := make([]any, len(r.Evidence))
		for j, id := range r.Evidence {
			evidence[j] = stage.Node(id)
		}
		o := stage.Object{"code": r.Code, "weight": r.Weight, "count": nil, "value": nil, "text": nil, "evidence": evidence}
		if r.Count != 0 {
			o["count"] = r.Count
		}
		if !math.IsNaN(r.Value) {
			o["value"] = r.Value
		}
		if r.Text != "" {
			o["text"] = r.Text
		}
		out[i] = o
	}
	return out
}
