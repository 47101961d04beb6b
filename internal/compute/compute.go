// Package compute answers computed fields: it hands the arguments of a field to
// the algorithm that goes by its name, and its results to what writes them. The
// algorithms know nothing of the API, and run over a projection of the graph.
package compute

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/ranking"
	"github.com/maillage/maillage/internal/stage"
)

// Computer computes fields.
type Computer struct {
	// Graph returns the projection that is current.
	Graph func(context.Context) (*projection.Graph, error)
	// Ranker suggests partners.
	Ranker *ranking.Ranker
	// Run answers plans: which nodes meet a filter, and what former ids stand for.
	Run stage.Run
	// Now tells the day on which questions are asked.
	Now func() time.Time
}

// Compute returns the values of a computed field, see stage.Compute. Its errors are
// BAD_USER_INPUT where arguments make no sense, and name them by their path.
func (c *Computer) Compute(ctx context.Context, f *plan.Computed, nodes []string) ([]any, error) {
	answer, ok := algorithms[f.Name]
	if !ok {
		return nil, fmt.Errorf("there is no algorithm for the field %s", f.Name)
	}
	g, err := c.Graph(ctx)
	if err != nil {
		return nil, err
	}
	q := &question{Computed: f, computer: c, graph: g, today: projection.DayOf(c.Now())}
	if nodes != nil {
		if q.actors, err = q.find(ctx, nodes, f.Path); err != nil {
			return nil, err
		}
	}
	values, err := answer(ctx, q)
	if kg.CodeOf(err) == kg.BadUserInput && !strings.HasPrefix(err.Error(), f.Path+":") && !strings.HasPrefix(err.Error(), f.Path+".") {
		// Algorithms do not know where they are asked.
		err = kg.Wrap(kg.BadUserInput, err, "%s: %v", f.Path, err)
	}
	return values, err
}

// algorithms are the algorithms by the names of their fields. Each returns a value
// for each of the actors of the question, or one at the root.
var algorithms = map[string]func(context.Context, *question) ([]any, error){
	"consortium":           consortium,
	"opportunities":        opportunities,
	"organizationPairs":    organizationPairs,
	"paths":                rootPaths,
	"subgraph":             subgraph,
	"suggestedPartners":    suggestedPartners,
	"similarOrganizations": similarOrganizations,
}

// question is one computed field with what it is asked of.
type question struct {
	*plan.Computed
	computer *Computer
	graph    *projection.Graph
	today    projection.Day
	actors   []int32 // on which the field stands; -1 for one that is not in the projection yet
}

// integer returns an argument that is a number.
func integer(args plan.Arguments, name string) int { n, _ := args[name].(int64); return int(n) }

// texts returns an argument that is a list of texts, ids or enum values; nil when
// it is not given.
func (q *question) texts(name string) (out []string) {
	list, _ := q.Args[name].([]any)
	for _, v := range list {
		text, _ := v.(string)
		out = append(out, text)
	}
	return out
}

// named returns the actors that an argument names, each of which must be there.
func (q *question) named(ctx context.Context, name string) ([]int32, error) {
	ids := q.texts(name)
	if id, one := q.Args[name].(string); one {
		ids = []string{id}
	}
	path := q.Path + "." + name
	out, err := q.find(ctx, ids, path)
	if err != nil {
		return nil, err
	}
	for i, a := range out {
		if a < 0 {
			return nil, kg.Errorf(kg.BadUserInput, "%s: there is no %s with the id %q", path, q.graph.Model.Actor.Name, ids[i])
		}
	}
	return out, nil
}

// find returns the actors of ids and former ids; -1 where there is none.
func (q *question) find(ctx context.Context, ids []string, path string) ([]int32, error) {
	out := make([]int32, len(ids))
	var missed []string
	for i, id := range ids {
		if kg.Prefix(id) != q.graph.Model.Actor.Prefix {
			return nil, kg.Errorf(kg.BadUserInput, "%s: id %q names no %s; their ids begin with %q", path, id, q.graph.Model.Actor.Name, q.graph.Model.Actor.Prefix+":")
		}
		a, ok := q.graph.Actors.Find(id)
		if !ok {
			a = -1
			missed = append(missed, id)
		}
		out[i] = a
	}
	if len(missed) == 0 {
		return out, nil
	}
	current, err := q.computer.current(ctx, q.Name, q.graph.Model, missed)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if out[i] < 0 {
			if a, ok := q.graph.Actors.Find(current[0]); ok {
				out[i] = a
			}
			current = current[1:]
		}
	}
	return out, nil
}
