package planner

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// facets plans the groups of a connection's items.
func (s *selector) facets(c collected, conn *plan.Connection, path string) (*plan.Facets, error) {
	args := c.field.ArgumentMap(s.vars)
	out := &plan.Facets{Key: c.key}
	by, err := s.facetKey(conn, "by", args, path)
	if err != nil {
		return nil, err
	}
	out.By = by
	if args["across"] != nil {
		across, err := s.facetKey(conn, "across", args, path)
		if err != nil {
			return nil, err
		}
		out.Across = &across
	}
	if args["level"] != nil && out.By.Level == 0 && (out.Across == nil || out.Across.Level == 0) {
		return nil, badInput(path+".level", "%v has no levels: they are those of a hierarchy", args["by"])
	}
	if out.Limit, err = limit(args, path); err != nil {
		return nil, err
	}
	out.Fields = s.facetFields(c.selections, "Facet", out.By, out.Across)
	return out, nil
}

func (s *selector) facetKey(conn *plan.Connection, name string, args map[string]any, path string) (plan.FacetKey, error) {
	k, found := s.keys.facet(conn, args[name])
	if !found {
		return plan.FacetKey{}, badInput(path+"."+name, "%v is nothing to group by", args[name])
	}
	out := plan.FacetKey{Property: k.Property, Edge: k.Edge, Field: k.Field}
	switch {
	case k.Field != nil:
		out.Scope = s.scope
		if args["level"] != nil && k.Field.Target.Hierarchy != nil {
			n, ok := integer(args["level"])
			if !ok || n < 1 || n > MaxLevel {
				return out, badInput(path+".level", "level must be 1–%d, got %v", MaxLevel, args["level"])
			}
			out.Level = int(n)
		}
	case k.Property.Kind == catalog.Live:
		out.Of = plan.Live(k.Property, k.Edge, s.today)
	case k.Property.Kind == catalog.Date:
		out.Digits = len("2006")
		if args["interval"] == "MONTH" {
			out.Digits = len("2006-01")
		}
	}
	return out, nil
}

func (s *selector) facetFields(sets []ast.SelectionSet, typ string, by plan.FacetKey, across *plan.FacetKey) (out []plan.FacetField) {
	for _, c := range s.collect(sets, typ) {
		f := plan.FacetField{Key: c.key, Name: c.field.Name}
		switch f.Name {
		case "__typename":
			f.Name, f.Typename = "", typ
		case "label":
			if by.Field != nil && by.Field.Target.Label != nil {
				f.Label, f.Fallback = inLanguage(by.Field.Target.Label, c.field.ArgumentMap(s.vars)["lang"])
			}
		case "across":
			if across != nil {
				f.Fields = s.facetFields(c.selections, "FacetValue", *across, nil)
			}
		}
		out = append(out, f)
	}
	return out
}

// inLanguage returns the property that answers a text in a language, and what
// answers in its absence.
func inLanguage(p *catalog.Property, lang any) (text, fallback *catalog.Property) {
	switch {
	case p.Kind != catalog.Localized:
		return p, nil
	case lang == "FR":
		return p.FR, p.EN
	}
	return p.EN, p.FR
}

// aggregate plans figures over a connection's items.
func (s *selector) aggregate(sets []ast.SelectionSet, typ string, props []*catalog.Property, f *catalog.RelationshipField, edge bool) (out []plan.AggregateField) {
	for _, c := range s.collect(sets, typ) {
		a := plan.AggregateField{Key: c.key, Name: c.field.Name, Edge: edge}
		switch a.Name {
		case "__typename":
			a.Name, a.Typename = "", typ
		case "count":
		case "edge":
			a.Fields = s.aggregate(c.selections, f.ConnectionType()+"EdgeAggregate", f.Relationship.Properties, nil, true)
		default:
			i := slices.IndexFunc(props, func(p *catalog.Property) bool { return p.Name == a.Name })
			a.Name, a.Property = "", props[i]
			for _, figure := range s.collect(c.selections, api.SummaryType(a.Property)) {
				x := plan.AggregateField{Key: figure.key, Name: figure.field.Name, Property: a.Property, Edge: edge}
				if x.Name == "__typename" {
					x = plan.AggregateField{Key: figure.key, Typename: api.SummaryType(a.Property)}
				}
				a.Fields = append(a.Fields, x)
			}
		}
		out = append(out, a)
	}
	return out
}
