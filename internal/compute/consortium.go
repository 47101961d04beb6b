package compute

import (
	"context"
	"fmt"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/match"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/stage"
)

func consortium(ctx context.Context, q *question) ([]any, error) {
	o := match.ConsortiumOptions{MinCountries: integer(q.Args, "minCountries"), First: integer(q.Args, "first"), Today: q.today}
	var err error
	if o.Anchors, err = q.named(ctx, "anchors"); err != nil {
		return nil, err
	}
	if id, given := q.Args["call"].(string); given {
		call, ok := q.graph.Calls.Find(id)
		if !ok {
			return nil, kg.Errorf(kg.BadUserInput, "%s.call: there is no call for proposals with the id %q", q.Path, id)
		}
		o.Call = &call
	}
	needs, _ := q.Args["needs"].([]any)
	for i, v := range needs {
		need, err := q.need(v, fmt.Sprintf("%s.needs[%d]", q.Path, i))
		if err != nil {
			return nil, err
		}
		o.Needs = append(o.Needs, need)
	}
	found, err := projection.Expanded(ctx, q.graph, func(ctx context.Context) ([]match.Consortium, error) {
		return match.Consortia(ctx, q.graph, o)
	})
	if err != nil {
		return nil, err
	}
	out := make([]any, len(found))
	for i, c := range found {
		members, pairs, countries := make([]any, len(c.Members)), make([]any, len(c.Pairs)), make([]any, len(c.Countries))
		for j, m := range c.Members {
			member := stage.Object{"node": q.node(m.Actor), "anchor": m.Anchor, "need": nil, "reasons": reasons(m.Reasons)}
			if m.Need >= 0 {
				member["need"] = m.Need
			}
			members[j] = member
		}
		for j, p := range c.Pairs {
			pairs[j] = stage.Object{"a": q.node(c.Members[p.A].Actor), "b": q.node(c.Members[p.B].Actor), "reasons": reasons(p.Reasons)}
		}
		for j, country := range c.Countries {
			countries[j] = country
		}
		out[i] = stage.Object{"score": c.Score, "countries": countries, "members": members, "pairs": pairs}
	}
	return []any{out}, nil
}

// need reads what a consortium must have.
func (q *question) need(v any, path string) (out match.Need, err error) {
	in, _ := v.(map[string]any)
	out.Kind, _ = in["kind"].(string)
	out.Size, _ = in["size"].(string)
	out.Country, _ = in["country"].(string)
	count, given := in["count"].(int64)
	if !given {
		count = 1
	}
	if count < 1 || count > match.MaxMembers {
		return out, kg.Errorf(kg.BadUserInput, "%s: count must be 1–%d, got %d", path, match.MaxMembers, count)
	}
	out.Count = int(count)
	sectors, _ := in["sectors"].([]any)
	for i, v := range sectors {
		id, _ := v.(string)
		s, ok := q.graph.Sectors.Find(id)
		if !ok {
			return out, kg.Errorf(kg.BadUserInput, "%s.sectors[%d]: there is no sector with the id %q", path, i, id)
		}
		out.Sectors = append(out.Sectors, s)
	}
	return out, nil
}
