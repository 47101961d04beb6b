package neo4jstore

import (
	"context"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/text"
)

// Warm runs plans, so that the first that a client asks does not wait for a
// database that has just been started and plans its first statements slowly.
func (s *Store) Warm(ctx context.Context, plans []plan.Normal) error {
	for _, p := range plans {
		if _, err := s.Run(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// WarmUp returns plans that touch what most questions touch: a search, the
// look-up of a node of each type, and the first page of each root connection by
// id and in the order of an index.
func WarmUp(c *catalog.Catalog) (out []plan.Normal) {
	if types := c.Searched(); len(types) > 0 {
		out = append(out, searchOf(types))
	}
	for _, t := range c.Types {
		fields := scalars(t)
		out = append(out, plan.Normalize(plan.Plan{Name: t.Single(), Root: &plan.Lookup{
			IDs: []string{t.Prefix + ":"}, Branches: []plan.Branch{{Type: t, Fields: fields}},
		}}))
		if t.Plural == "" {
			continue
		}
		for _, f := range t.Fields {
			fields = append(fields, &plan.Connection{
				Key: f.Name, Field: f, Target: f.Target, Page: plan.Page{Limit: 1},
				Fields: []plan.ConnectionField{&plan.TotalCount{Key: "totalCount"}, &plan.Edges{Key: "edges", Fields: []plan.Field{
					&plan.Cursor{Key: "cursor"}, &plan.EdgeNode{Key: "node", Fields: []plan.Field{id(f.Target)}},
				}}},
			})
			break
		}
		out = append(out, first(t, nil, fields))
		for _, p := range t.Properties {
			if p.Index {
				out = append(out, first(t, []plan.OrderKey{{Property: p}}, []plan.Field{id(t)}))
				break
			}
		}
	}
	return out
}

// searchOf is the first page of a search for nodes of all types that are
// searched.
func searchOf(types []*catalog.Type) plan.Normal {
	query, err := text.ParseQuery("search")
	if err != nil {
		panic("neo4jstore: one word is no search: " + err.Error())
	}
	s := &plan.Search{Query: query, Every: true, Limit: 1, Counted: true}
	for _, t := range types {
		s.Branches = append(s.Branches, plan.SearchBranch{Branch: plan.Branch{Type: t}})
	}
	return plan.Normalize(plan.Plan{Name: "search", Root: s})
}

// first is a first page of nodes of a type.
func first(t *catalog.Type, order []plan.OrderKey, fields []plan.Field) plan.Normal {
	info := &plan.PageInfo{Key: "pageInfo", Fields: []plan.PageInfoField{{Key: "hasNextPage", Name: "hasNextPage"}, {Key: "endCursor", Name: "endCursor"}}}
	return plan.Normalize(plan.Plan{Name: t.Plural, Root: &plan.Connection{
		Key: t.Plural, Target: t, Order: order, Page: plan.Page{Limit: 1},
		Fields: []plan.ConnectionField{&plan.Nodes{Key: "nodes", Fields: fields}, info},
	}})
}

func id(t *catalog.Type) plan.Field {
	return &plan.Value{Key: "id", Property: t.Properties[0]}
}

func scalars(t *catalog.Type) (out []plan.Field) {
	for _, p := range t.Properties {
		if p.Kind != catalog.Embed && !p.Computed() {
			out = append(out, &plan.Value{Key: p.Name, Property: p})
		}
	}
	return out
}
