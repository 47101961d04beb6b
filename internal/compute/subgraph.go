package compute

import (
	"context"
	"slices"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/neighbourhood"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/stage"
)

func subgraph(ctx context.Context, q *question) ([]any, error) {
	around, err := q.refs(ctx, "around")
	if err != nil {
		return nil, err
	}
	found, err := projection.Expanded(ctx, q.graph, func(ctx context.Context) (*neighbourhood.Graph, error) {
		return neighbourhood.Subgraph(ctx, q.graph, around, neighbourhood.Options{
			Steps: integer(q.Args, "steps"), First: integer(q.Args, "first"), Through: q.texts("through"), Kinds: q.kinds(),
		})
	})
	if err != nil {
		return nil, err
	}
	out := stage.Object{"truncated": found.Truncated, "revision": q.graph.Revision}
	nodes, links, totals, total := make([]any, len(found.Nodes)), make([]any, len(found.Links)), make([]any, len(found.Totals)), 0
	for i, n := range found.Nodes {
		nodes[i] = stage.Object{"node": stage.Node(q.graph.ID(n.Ref)), "steps": n.Steps, "links": n.Links}
	}
	for i, l := range found.Links {
		o := stage.Object{
			"source": q.graph.ID(found.Nodes[l.Source].Ref), "target": q.graph.ID(found.Nodes[l.Target].Ref),
			"kind": l.Relationship, "node": nil, "count": l.Count,
		}
		if l.Group >= 0 {
			o["node"] = stage.Node(q.graph.Groups.ID(l.Group))
		}
		links[i] = o
	}
	for i, t := range found.Totals {
		totals[i] = stage.Object{"type": t.Type.Name, "count": t.Count}
		total += t.Count
	}
	out["nodes"], out["links"], out["totals"], out["total"] = nodes, links, totals, total
	return []any{out}, nil
}

// refs returns the nodes of the projection that an argument names, each of which
// must be there.
func (q *question) refs(ctx context.Context, name string) ([]projection.Ref, error) {
	ids := q.texts(name)
	out := make([]projection.Ref, len(ids))
	for i, id := range ids {
		if kg.Prefix(id) == q.graph.Model.Actor.Prefix {
			found, err := q.find(ctx, ids[i:i+1], q.Path+"."+name)
			if err != nil {
				return nil, err
			}
			if found[0] >= 0 {
				out[i] = projection.Ref{Part: projection.ActorPart, Number: found[0]}
				continue
			}
		}
		ref, ok := q.graph.Find(id)
		if !ok {
			return nil, kg.Errorf(kg.BadUserInput, "%s.%s: there is no organisation, project, synergy, sector or place with the id %q", q.Path, name, id)
		}
		out[i] = ref
	}
	return out, nil
}

// kinds returns the names of the types that the argument kinds names.
func (q *question) kinds() (out []string) {
	kinds := q.texts("kinds")
	m := q.graph.Model
	types := []*catalog.Type{m.Actor, m.Sector, m.Place}
	for _, w := range m.Ways {
		types = append(types, w.Out.Target)
	}
	for _, t := range types {
		if slices.Contains(kinds, api.Kind(t)) && !slices.Contains(out, t.Name) {
			out = append(out, t.Name)
		}
	}
	return out
}
