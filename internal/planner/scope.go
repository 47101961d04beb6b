package planner

import (
	"slices"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// scope reads include and asOf of a root field. They hold for all that is asked
// below it.
func scope(args map[string]any, path string) (plan.Scope, error) {
	out := including(plan.Scope{}, args["include"])
	if args["asOf"] == nil {
		return out, nil
	}
	date, ok := args["asOf"].(string)
	if !ok {
		return out, badInput(path+".asOf", "%v is no Date: write it in quotes", args["asOf"])
	}
	if _, err := kg.ParseDate(date); err != nil {
		return out, badInput(path+".asOf", "%v", err)
	}
	out.AsOf = date
	return out, nil
}

// including returns a scope with the statuses that a connection or a condition
// asks for in place of those that are asked for around it.
func including(in plan.Scope, include any) plan.Scope {
	more, given := list(include)
	if !given {
		return in
	}
	in.Include = nil
	for _, v := range more {
		if v, ok := v.(string); ok && v != plan.Current && !slices.Contains(in.Include, v) {
			in.Include = append(in.Include, v)
		}
	}
	slices.Sort(in.Include)
	return in
}

// counting returns the scope in which a key of an order counts; other keys have
// none.
func (s *selector) counting(k api.OrderKey) plan.Scope {
	if k.Degree == nil {
		return plan.Scope{}
	}
	return s.scope
}
