package planner

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// selector walks selections.
type selector struct {
	catalog *catalog.Catalog
	keys    *keys
	vars    map[string]any
	today   string     // as YYYY-MM-DD
	scope   plan.Scope // what the root field says is shown
	hops    int
	// relations counts how deep the filter that is being read lies in others.
	relations int
}

// collected is a response key with all the fields that share it. Validation has
// made sure that they agree on name and arguments.
type collected struct {
	key        string
	field      *ast.Field
	selections []ast.SelectionSet
}

// collect gathers the fields of selections on a type in the order of their
// response keys' first appearance, through fragments, minding @skip and
// @include.
func (s *selector) collect(sets []ast.SelectionSet, typ string) (out []collected) {
	index := map[string]int{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				if !s.included(sel.Directives) {
					continue
				}
				i, ok := index[sel.Alias]
				if !ok {
					i = len(out)
					index[sel.Alias] = i
					out = append(out, collected{key: sel.Alias, field: sel})
				}
				if len(sel.SelectionSet) > 0 {
					out[i].selections = append(out[i].selections, sel.SelectionSet)
				}
			case *ast.InlineFragment:
				if s.included(sel.Directives) && applies(sel.TypeCondition, typ) {
					walk(sel.SelectionSet)
				}
			case *ast.FragmentSpread:
				if s.included(sel.Directives) && applies(sel.Definition.TypeCondition, typ) {
					walk(sel.Definition.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		walk(set)
	}
	return out
}

// applies reports whether a type condition holds for an object type. Node is
// the only interface of an API.
func applies(condition, typ string) bool {
	return condition == "" || condition == typ || condition == "Node"
}

func (s *selector) included(directives ast.DirectiveList) bool {
	holds := func(name string) (value, given bool) {
		d := directives.ForName(name)
		if d == nil {
			return false, false
		}
		v, _ := d.ArgumentMap(s.vars)["if"].(bool)
		return v, true
	}
	if skip, given := holds("skip"); given && skip {
		return false
	}
	if include, given := holds("include"); given && !include {
		return false
	}
	return true
}

// node plans a selection on a node of a type.
func (s *selector) node(sets []ast.SelectionSet, t *catalog.Type, path string) (out []plan.Field, err error) {
	for _, c := range s.collect(sets, t.Name) {
		if c.field.Name == "__typename" {
			out = append(out, &plan.Typename{Key: c.key, Name: t.Name})
			continue
		}
		if rf := t.Field(c.field.Name); rf != nil {
			conn, err := s.related(c, rf, s.scope, path+"."+c.key)
			if err != nil {
				return nil, err
			}
			out = append(out, conn)
			continue
		}
		if facts := t.Fact(c.field.Name); facts != nil {
			f, err := s.facts(c, facts, path+"."+c.key)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
			continue
		}
		if t.Computes(c.field.Name) != nil {
			f, err := s.computed(c, path+"."+c.key)
			if err != nil {
				return nil, err
			}
			f.Key = c.key
			out = append(out, f)
			continue
		}
		f, err := s.property(c, t.Property(c.field.Name), false, path)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// related plans the connection of a relationship, in a scope where it says
// nothing itself.
func (s *selector) related(c collected, rf *catalog.RelationshipField, scope plan.Scope, path string) (conn *plan.Connection, err error) {
	err = s.hop(path, func() (err error) {
		conn, err = s.connectionOf(c.field, c.selections, rf.Target, rf, scope, path)
		return err
	})
	if err != nil {
		return nil, err
	}
	conn.Key = c.key
	return conn, nil
}

// hop plans what lies one relationship further.
func (s *selector) hop(path string, further func() error) error {
	if s.hops == MaxHops {
		return kg.Errorf(kg.QueryTooComplex, "%s: a selection goes at most %d relationships deep", path, MaxHops)
	}
	s.hops++
	defer func() { s.hops-- }()
	return further()
}

func (s *selector) property(c collected, p *catalog.Property, edge bool, path string) (plan.Field, error) {
	if p == nil {
		return nil, kg.Errorf(kg.Internal, "%s.%s has no plan", path, c.field.Name)
	}
	switch p.Kind {
	case catalog.Localized:
		f := &plan.Value{Key: c.key, Edge: edge}
		f.Property, f.Fallback = inLanguage(p, c.field.ArgumentMap(s.vars)["lang"])
		return f, nil
	case catalog.Live:
		return &plan.Test{Key: c.key, Property: p, Edge: edge, Of: plan.Live(p, edge, s.today)}, nil
	case catalog.Embed:
		f := &plan.Embedded{Key: c.key, Property: p, Edge: edge}
		for _, sub := range s.collect(c.selections, p.Embedded.Name) {
			e := plan.EmbeddedField{Key: sub.key, Typename: p.Embedded.Name}
			for i := range p.Embedded.Fields {
				if p.Embedded.Fields[i].Name == sub.field.Name {
					e.Field, e.Typename = &p.Embedded.Fields[i], ""
				}
			}
			if e.Field != nil && e.Field.Reference != nil {
				at := path + "." + c.key + "." + sub.key
				err := s.hop(at, func() (err error) {
					e.Fields, err = s.node(sub.selections, e.Field.Reference, at)
					return err
				})
				if err != nil {
					return nil, err
				}
			}
			f.Fields = append(f.Fields, e)
		}
		return f, nil
	}
	return &plan.Value{Key: c.key, Property: p, Edge: edge}, nil
}

// connection plans a connection at the root.
func (s *selector) connection(f *ast.Field, set ast.SelectionSet, t *catalog.Type, rf *catalog.RelationshipField, path string) (*plan.Connection, error) {
	return s.connectionOf(f, []ast.SelectionSet{set}, t, rf, s.scope, path)
}

func (s *selector) connectionOf(f *ast.Field, sets []ast.SelectionSet, t *catalog.Type, rf *catalog.RelationshipField, scope plan.Scope, path string) (*plan.Connection, error) {
	out := &plan.Connection{Field: rf, Target: t, Scope: scope}
	if err := s.arguments(out, f.ArgumentMap(s.vars), path); err != nil {
		return nil, err
	}
	name := t.Name
	if rf != nil {
		name = rf.ConnectionType()
	}
	for _, c := range s.collect(sets, name+"Connection") {
		switch c.field.Name {
		case "__typename":
			out.Fields = append(out.Fields, &plan.Typename{Key: c.key, Name: name + "Connection"})
		case "totalCount":
			out.Fields = append(out.Fields, &plan.TotalCount{Key: c.key})
		case "facets":
			facets, err := s.facets(c, out, path+"."+c.key)
			if err != nil {
				return nil, err
			}
			out.Fields = append(out.Fields, facets)
		case "aggregate":
			out.Fields = append(out.Fields, &plan.Aggregate{Key: c.key, Fields: s.aggregate(c.selections, name+"Aggregate", t.Properties, rf, false)})
		case "pageInfo":
			info := &plan.PageInfo{Key: c.key}
			for _, p := range s.collect(c.selections, "PageInfo") {
				info.Fields = append(info.Fields, plan.PageInfoField{Key: p.key, Name: p.field.Name})
			}
			out.Fields = append(out.Fields, info)
		case "nodes":
			fields, err := s.node(c.selections, t, path+"."+c.key)
			if err != nil {
				return nil, err
			}
			out.Fields = append(out.Fields, &plan.Nodes{Key: c.key, Fields: fields})
		case "edges":
			fields, err := s.edge(c.selections, out, name+"Edge", path+"."+c.key)
			if err != nil {
				return nil, err
			}
			out.Fields = append(out.Fields, &plan.Edges{Key: c.key, Fields: fields})
		}
	}
	return out, nil
}

func (s *selector) edge(sets []ast.SelectionSet, of *plan.Connection, typ, path string) (out []plan.Field, err error) {
	t, rf := of.Target, of.Field
	for _, c := range s.collect(sets, typ) {
		switch c.field.Name {
		case "__typename":
			out = append(out, &plan.Typename{Key: c.key, Name: typ})
		case "cursor":
			out = append(out, &plan.Cursor{Key: c.key})
		case "id":
			out = append(out, &plan.EdgeID{Key: c.key})
		case "node":
			fields, err := s.node(c.selections, t, path+"."+c.key)
			if err != nil {
				return nil, err
			}
			out = append(out, &plan.EdgeNode{Key: c.key, Fields: fields})
		default:
			if d := rf.Derived; d != nil && d.Between(c.field.Name) != nil {
				way := d.Between(c.field.Name)
				// Unless it says so itself it shows what has been counted.
				between, err := s.related(c, way.Out, of.Scope, path+"."+c.key)
				if err != nil {
					return nil, err
				}
				between.Shared = way.Back
				out = append(out, between)
				continue
			}
			f, err := s.property(c, rf.Relationship.Property(c.field.Name), true, path)
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	return out, nil
}

// stats plans a selection on Stats and on its parts, whose types are named
// after their fields.
func (s *selector) stats(sets []ast.SelectionSet, typ, path string) (out []plan.StatsField, err error) {
	for _, c := range s.collect(sets, typ) {
		f := plan.StatsField{Key: c.key, Name: c.field.Name}
		switch f.Name {
		case "__typename":
			f.Name, f.Typename = "", typ
		case "nodes":
			f.Fields, err = s.stats(c.selections, "NodeCount", path)
		case "relationships":
			f.Fields, err = s.stats(c.selections, "RelationshipCount", path)
		case "projection":
			f.Own = true
			f.Members, err = (&memberSelector{selector: s}).members(c.selections, "Projection", path+"."+c.key)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// validText mirrors what can be stored: see answer.ValidText.
func validText(s string) bool {
	return !strings.ContainsAny(s, "\x00\U0010FFFF") && strings.ToValidUTF8(s, "") == s
}
