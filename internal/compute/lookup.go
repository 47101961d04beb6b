package compute

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/projection"
)

// The response keys of the statements of this package.
const (
	idKey    = "id"
	nodesKey = "nodes"
)

// current returns the ids that actors have now; "" for one that is not there.
func (c *Computer) current(ctx context.Context, name string, m *projection.Model, ids []string) ([]string, error) {
	out, err := c.Run(ctx, plan.Normalize(plan.Plan{Name: name, Root: &plan.Lookup{
		IDs: ids, List: true, Branches: []plan.Branch{{Type: m.Actor, Fields: idField(m)}},
	}}))
	if err != nil {
		return nil, err
	}
	var nodes []*struct{ ID string }
	if err := json.Unmarshal(out.JSON, &nodes); err != nil {
		return nil, fmt.Errorf("ids: %w", err)
	}
	current := make([]string, len(nodes))
	for i, n := range nodes {
		if n != nil {
			current[i] = n.ID
		}
	}
	return current, nil
}

func idField(m *projection.Model) []plan.Field {
	return []plan.Field{&plan.Value{Key: idKey, Property: m.Actor.Properties[0]}}
}

// meeting returns the actors that meet a filter, in order and at most limit, by
// one statement. Where among is given they are of these.
func (q *question) meeting(ctx context.Context, among []int32, limit int) ([]int32, error) {
	filter := plan.And{q.Filter}
	if among != nil {
		ids := make([]any, len(among))
		for i, a := range among {
			ids[i] = q.graph.Actors.ID(a)
		}
		filter = append(filter, plan.Lasting(q.graph.Model.Actor, ids))
	}
	out, err := q.computer.Run(ctx, plan.Normalize(plan.Plan{Name: q.Name, Root: &plan.Connection{
		Target: q.graph.Model.Actor, Filter: filter, Page: plan.Page{Limit: limit},
		Fields: []plan.ConnectionField{&plan.Nodes{Key: nodesKey, Fields: idField(q.graph.Model)}},
	}}))
	if err != nil {
		return nil, err
	}
	var page struct{ Nodes []struct{ ID string } }
	if err := json.Unmarshal(out.JSON, &page); err != nil {
		return nil, fmt.Errorf("nodes that meet a filter: %w", err)
	}
	found := make([]int32, 0, len(page.Nodes))
	for _, n := range page.Nodes {
		if a, ok := q.graph.Actors.Find(n.ID); ok { // else it was written since
			found = append(found, a)
		}
	}
	return found, nil
}
