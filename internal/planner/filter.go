package planner

import (
	"strconv"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// subject is what a filter is about: a node and perhaps the relationship that
// leads to it, or a relationship alone.
type subject struct {
	typ   *catalog.Type // nil for a relationship alone
	props []*catalog.Property
	field *catalog.RelationshipField // whose relationship has conditions under edge; nil when there is none
	edge  bool
}

func ofNode(t *catalog.Type, f *catalog.RelationshipField) subject {
	return subject{typ: t, props: t.Properties, field: f}
}

// filter reads a filter. All conditions of one object hold together.
func (s *selector) filter(v any, of subject, path string) (plan.Predicate, error) {
	if v == nil {
		return nil, nil
	}
	in, ok := v.(map[string]any)
	if !ok {
		return nil, badInput(path, "conditions are an object, such as {name: {eq: …}}")
	}
	var out plan.And
	add := func(p plan.Predicate, err error) error {
		if p != nil {
			out = append(out, p)
		}
		return err
	}
	for _, p := range of.props {
		if in[p.Name] == nil {
			continue
		}
		read := conditions
		switch p.Kind {
		case catalog.Embed:
			read = among
		case catalog.Live:
			read = s.live
		}
		if err := add(read(in[p.Name], p, of.edge, path+"."+p.Name)); err != nil {
			return nil, err
		}
	}
	if of.field != nil && in["edge"] != nil {
		edge := subject{props: of.field.Relationship.Properties, edge: true}
		if err := add(s.filter(in["edge"], edge, path+".edge")); err != nil {
			return nil, err
		}
	}
	if of.typ != nil {
		for _, f := range of.typ.Connections() {
			if err := add(s.relation(in[f.Name], f, path+"."+f.Name)); err != nil {
				return nil, err
			}
		}
		if err := add(s.within(in["within"], of.typ, path+".within")); err != nil {
			return nil, err
		}
		if err := add(matches(in["search"], of.typ, path+".search")); err != nil {
			return nil, err
		}
		if err := add(s.near(in["near"], of.typ, path+".near")); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"and", "or"} {
		parts, given := list(in[name])
		if !given {
			continue
		}
		var all plan.And
		for i, part := range parts {
			p, err := s.filter(part, of, path+"."+name+"["+strconv.Itoa(i)+"]")
			if err != nil {
				return nil, err
			}
			all = append(all, filterOrTrue(p))
		}
		if name == "or" {
			out = append(out, plan.Or(all))
		} else {
			out = append(out, all)
		}
	}
	if in["not"] != nil {
		p, err := s.filter(in["not"], of, path+".not")
		if err != nil {
			return nil, err
		}
		out = append(out, plan.Not{Of: filterOrTrue(p)})
	}
	return out, nil
}

// live reads the conditions on whether something holds today, which is never
// absent.
func (s *selector) live(v any, p *catalog.Property, edge bool, path string) (plan.Predicate, error) {
	in, ok := v.(map[string]any)
	if !ok {
		return nil, badInput(path, "conditions are an object, such as {eq: true}")
	}
	var out plan.And
	for _, name := range []string{"eq", "isNull"} {
		v, given := in[name]
		if !given {
			continue
		}
		if v == nil {
			return nil, badInput(path+"."+name, "null compares with nothing; leave it out")
		}
		is, ok := v.(bool)
		switch {
		case !ok:
			return nil, badInput(path+"."+name, "%v is neither true nor false", v)
		case name == "isNull" && is:
			out = append(out, plan.Or{})
		case name == "isNull":
		case is:
			out = append(out, plan.Live(p, edge, s.today))
		default:
			out = append(out, plan.Not{Of: plan.Live(p, edge, s.today)})
		}
	}
	return out, nil
}

// relation reads the conditions on what a field leads to.
func (s *selector) relation(v any, f *catalog.RelationshipField, path string) (plan.Predicate, error) {
	if v == nil {
		return nil, nil
	}
	in, ok := v.(map[string]any)
	if !ok {
		return nil, badInput(path, "conditions are an object, such as {some: {…}}")
	}
	if s.relations == MaxRelations {
		return nil, kg.Errorf(kg.QueryTooComplex, "%s: conditions go over at most %d relationships", path, MaxRelations)
	}
	s.relations++
	defer func() { s.relations-- }()

	related := plan.Related{Field: f, Scope: including(s.scope, in["include"])}
	of := func(v any, path string) (plan.Related, error) {
		p, err := s.filter(v, ofNode(f.Target, f), path)
		r := related
		r.Of = p
		return r, err
	}
	var out plan.And
	for _, quantifier := range []struct {
		name string
		make func(plan.Related) plan.Predicate
	}{
		{"some", func(r plan.Related) plan.Predicate { return plan.Exists{Related: r} }},
		{"none", func(r plan.Related) plan.Predicate { return plan.Not{Of: plan.Exists{Related: r}} }},
		{"every", func(r plan.Related) plan.Predicate {
			r.Of = plan.Not{Of: filterOrTrue(r.Of)}
			return plan.Not{Of: plan.Exists{Related: r}}
		}},
	} {
		if in[quantifier.name] == nil {
			continue
		}
		r, err := of(in[quantifier.name], path+"."+quantifier.name)
		if err != nil {
			return nil, err
		}
		out = append(out, quantifier.make(r))
	}
	for _, tally := range []string{"count", "sum"} {
		given, _ := in[tally].(map[string]any)
		if given == nil {
			continue
		}
		r, err := of(given["of"], path+"."+tally+".of")
		if err != nil {
			return nil, err
		}
		p, err := tallies(r, given, tally == "sum", path+"."+tally)
		if err != nil {
			return nil, err
		}
		out = append(out, p...)
	}
	if in["between"] != nil {
		p, err := distinct(related, in["between"], path+".between")
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	if in["in"] != nil {
		ids, err := idList(in["in"], path+".in")
		if err != nil {
			return nil, err
		}
		related.Of = plan.Within{Up: f.Target.Hierarchy, Scope: s.scope, IDs: ids}
		if in["narrower"] == false {
			related.Of = plan.Compare(f.Target.Properties[0], false, plan.OpIn, ids)
		}
		out = append(out, plan.Exists{Related: related})
	}
	return out, nil
}

// tallies reads the conditions on the number of related nodes, or on sums.
func tallies(r plan.Related, in map[string]any, sum bool, path string) (out plan.And, err error) {
	compare := func(p *catalog.Property, in map[string]any, path string) error {
		kind := &catalog.Property{Name: "count", Kind: catalog.Int}
		if p != nil {
			kind = p
		}
		for _, op := range []struct {
			name string
			op   plan.Op
		}{{"eq", plan.Eq}, {"lt", plan.Lt}, {"lte", plan.Lte}, {"gt", plan.Gt}, {"gte", plan.Gte}} {
			v, given := in[op.name]
			if !given {
				continue
			}
			if v == nil {
				return badInput(path+"."+op.name, "null compares with nothing; leave it out")
			}
			n, err := scalar(v, kind, path+"."+op.name)
			if err != nil {
				return err
			}
			out = append(out, plan.Tally{Related: r, Sum: p, Op: op.op, Value: n.(int64)})
		}
		return nil
	}
	if !sum {
		return out, compare(nil, in, path)
	}
	for _, p := range r.Field.Relationship.Properties {
		if conditions, ok := in[p.Name].(map[string]any); ok && api.Summable(p) {
			if err := compare(p, conditions, path+"."+p.Name); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func distinct(r plan.Related, v any, path string) (plan.Predicate, error) {
	groups, _ := list(v)
	if len(groups) < 1 || len(groups) > MaxGroups {
		return nil, badInput(path, "it takes 1 to %d lists of ids, got %d", MaxGroups, len(groups))
	}
	out := plan.Distinct{Related: r}
	for i, g := range groups {
		ids, err := idList(g, path+"["+strconv.Itoa(i)+"]")
		if err != nil {
			return nil, err
		}
		out.Groups = append(out.Groups, ids)
	}
	return out, nil
}

// within reads the ids of nodes in which, or beneath which, a node lies.
func (s *selector) within(v any, t *catalog.Type, path string) (plan.Predicate, error) {
	if v == nil {
		return nil, nil
	}
	ids, err := idList(v, path)
	if err != nil {
		return nil, err
	}
	if t.Hierarchy != nil {
		return plan.Within{Up: t.Hierarchy, Scope: s.scope, IDs: ids}, nil
	}
	in := plan.Related{Field: t.Within, Scope: s.scope}
	in.Of = plan.Within{Up: t.Within.Target.Hierarchy, Scope: s.scope, IDs: ids}
	return plan.Exists{Related: in}, nil
}

func idList(v any, path string) ([]any, error) {
	out, err := operand(v, &catalog.Property{Name: "id", Kind: catalog.ID}, plan.OpIn, path)
	if err != nil {
		return nil, err
	}
	return out.([]any), nil
}
