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

// suggestions answers what is suggested for each of the actors.
func (q *question) suggestions(ctx context.Context, by suggest, o ranking.Options) ([]any, error) {
	o.Today, o.Limit = q.today, integer(q.Args, "first")
	among := make([][]int32, len(q.actors))
	if q.Filter != nil {
		var err error
		if among, err = q.filtered(ctx, by, o); err != nil {
			return nil, err
		}
	}
	lists, err := q.each(ctx, by, o, among)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(q.actors))
	for i, a := range q.actors {
		out[i] = q.suggested(ctx, a, lists[i])
	}
	return out, nil
}

// each returns what is suggested for each of the actors among some.
func (q *question) each(ctx context.Context, by suggest, o ranking.Options, among [][]int32) ([][]ranking.Suggestion, error) {
	lists := make([][]ranking.Suggestion, len(q.actors))
	return lists, q.graph.Expand(ctx, len(q.actors), func(ctx context.Context, i int) (err error) {
		if a := q.actors[i]; a >= 0 {
			o := o
			o.Among = among[i]
			lists[i], err = by(ctx, q.graph, a, o)
		}
		return err
	})
}

// filtered returns among whom suggestions for each actor are sought that meet the
// filter. Which of the best meet it is asked by one statement for all actors; only
// where that leaves too few of an actor, all that meet it are asked for by another.
// Reasons are not looked for before it is known of whom.
func (q *question) filtered(ctx context.Context, by suggest, o ranking.Options) ([][]int32, error) {
	limit := o.Limit
	o.Limit, o.Bare = pool, true
	out := make([][]int32, len(q.actors))
	lists, err := q.each(ctx, by, o, out)
	if err != nil {
		return nil, err
	}
	for i, best := range lists {
		for _, s := range best {
			out[i] = append(out[i], s.Actor)
		}
	}
	if best := sorted(slices.Concat(out...)); len(best) > 0 {
		meeting, err := q.meeting(ctx, best, len(best))
		if err != nil {
			return nil, err
		}
		meeting = sorted(meeting)
		for i, list := range out {
			meets := slices.DeleteFunc(list, func(b int32) bool {
				_, ok := slices.BinarySearch(meeting, b)
				return !ok
			})
			out[i] = sorted(meets[:min(limit, len(meets))])
		}
	}
	short := func(i int) bool { return len(out[i]) < limit && q.actors[i] >= 0 }
	if slices.ContainsFunc(indexes(out), short) {
		all, err := q.meeting(ctx, nil, everybody)
		if err != nil {
			return nil, err
		}
		all = sorted(all)
		for i := range out {
			if short(i) {
				out[i] = all
			}
		}
	}
	return out, nil
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
