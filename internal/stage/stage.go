// Package stage answers what one statement cannot: where a field is computed, the
// statement around it answers the id of a node in its place, the computation
// finds values and nodes, a look-up answers what is selected of the nodes, and all
// is put together. Statements are as many as there are stages, however many nodes
// a field stands on.
package stage

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/plan"
)

// Run answers a plan.
type Run func(context.Context, plan.Normal) (answer.Object, error)

// Compute returns a value for each of the nodes on which a computed field stands,
// see Object; at the root there are no nodes and there is one value.
type Compute func(ctx context.Context, c *plan.Computed, nodes []string) ([]any, error)

// Root answers a computed root field.
func Root(ctx context.Context, run Run, compute Compute, p *plan.Plan) (answer.Object, error) {
	c := p.Root.(*plan.Computed)
	values, err := compute(ctx, c, nil)
	if err != nil {
		return answer.Object{}, err
	}
	texts, err := write(ctx, run, p.Name, c, values)
	if err != nil {
		return answer.Object{}, err
	}
	return answer.Object{JSON: texts[0]}, nil
}

// Below answers a plan with computed fields below its root.
func Below(ctx context.Context, run Run, compute Compute, statement Run, p plan.Normal) (answer.Object, error) {
	out, err := statement(ctx, p)
	if err != nil || out.Null() {
		return out, err
	}
	nodes := map[*plan.Computed][]string{}
	at := map[*plan.Computed]map[string]int{}
	w := newWalker(p.Plan(), func(c *plan.Computed, raw jsontext.Value) (jsontext.Value, error) {
		var id string
		if err := json.Unmarshal(raw, &id); err != nil {
			return nil, fmt.Errorf("id of a computed field: %w", err)
		}
		if at[c] == nil {
			at[c] = map[string]int{}
		}
		if _, seen := at[c][id]; !seen {
			at[c][id] = len(nodes[c])
			nodes[c] = append(nodes[c], id)
		}
		return raw, nil
	})
	if _, err := w.root(out.JSON); err != nil {
		return answer.Object{}, err
	}
	texts := map[*plan.Computed][][]byte{}
	for _, c := range p.Plan().Computations() {
		if len(nodes[c]) == 0 {
			continue
		}
		values, err := compute(ctx, c, nodes[c])
		if err != nil {
			return answer.Object{}, err
		}
		if texts[c], err = write(ctx, run, p.Plan().Name, c, values); err != nil {
			return answer.Object{}, err
		}
	}
	w.replace = func(c *plan.Computed, raw jsontext.Value) (jsontext.Value, error) {
		var id string
		err := json.Unmarshal(raw, &id)
		return texts[c][at[c][id]], err
	}
	spliced, err := w.root(out.JSON)
	return answer.Object{JSON: spliced}, err
}

// write writes the values of a computed field. All nodes that they hold are
// looked up by one statement.
func write(ctx context.Context, run Run, name string, c *plan.Computed, values []any) ([][]byte, error) {
	trees := make([]any, len(values))
	var ids []string
	for i, v := range values {
		var err error
		if trees[i], err = resolve(c.Fields, v, &ids); err != nil {
			return nil, err
		}
	}
	nodes, err := LookUp(ctx, run, name, c.Branches, ids)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, len(trees))
	for i, t := range trees {
		out[i] = nodes.write(c.Fields, t)
	}
	return out, nil
}
