package planner

import (
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// among reads the conditions on the objects of a stored list: that one of them
// meets some, or that none does.
func among(v any, p *catalog.Property, edge bool, path string) (plan.Predicate, error) {
	in, ok := v.(map[string]any)
	if !ok {
		return nil, badInput(path, "conditions are an object, such as {some: {…}}")
	}
	var out plan.And
	for _, quantifier := range []string{"some", "none"} {
		if in[quantifier] == nil {
			continue
		}
		one, err := object(in[quantifier], p, edge, path+"."+quantifier)
		if err != nil {
			return nil, err
		}
		if quantifier == "none" {
			out = append(out, plan.Not{Of: one})
		} else {
			out = append(out, one)
		}
	}
	return out, nil
}

// object reads conditions that one stored object has to meet.
func object(v any, p *catalog.Property, edge bool, path string) (plan.Predicate, error) {
	in, ok := v.(map[string]any)
	if !ok {
		return nil, badInput(path, "conditions are an object, such as {%s: {eq: …}}", p.Comparable()[0].Name)
	}
	out := plan.Among{Property: p, Edge: edge}
	for _, f := range p.Comparable() {
		given, ok := in[f.Name].(map[string]any)
		if !ok {
			continue
		}
		at := path + "." + f.Name
		kind, ops := &catalog.Property{Name: f.Name, Kind: catalog.ID}, []plan.Comparison{plan.OpEq, plan.OpIn}
		switch {
		case f.Text():
			kind.Kind, ops = catalog.String, append(ops, plan.OpStartsWith)
		case f.Reference == nil:
			kind.Kind, kind.Enum = catalog.Enum, f.Enum
		}
		for _, op := range ops {
			v, there := given[string(op)]
			if !there {
				continue
			}
			if v == nil {
				return nil, badInput(at+"."+string(op), "null compares with nothing; leave it out")
			}
			x, err := operand(v, kind, op, at+"."+string(op))
			if err != nil {
				return nil, err
			}
			values, ok := x.([]any)
			if !ok {
				values = []any{x}
			}
			out.Of = append(out.Of, plan.FieldTerm{Field: f, Values: slices.Clone(values), Begins: op == plan.OpStartsWith})
		}
	}
	return out, nil
}
