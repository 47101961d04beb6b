package planner

import (
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// facts plans what others say of a node.
func (s *selector) facts(c collected, f *catalog.Facts, path string) (*plan.Facts, error) {
	out := &plan.Facts{Key: c.key, Facts: f, Scope: s.scope}
	args := c.field.ArgumentMap(s.vars)
	var err error
	if out.Filter, err = s.filter(args["filter"], ofNode(f.Of.Target, f.Of), path+".filter"); err != nil {
		return nil, err
	}
	if out.Limit, err = limit(args, path); err != nil {
		return nil, err
	}
	for _, c := range s.collect(c.selections, f.TypeName) {
		field := plan.FactField{Key: c.key, Name: c.field.Name}
		at := path + "." + c.key
		switch field.Name {
		case "__typename":
			field.Name, field.Typename = "", f.TypeName
		case f.Of.Name:
			if field.Limit, err = limit(c.field.ArgumentMap(s.vars), at); err != nil {
				return nil, err
			}
			err = s.hop(at, func() (err error) {
				field.Fields, err = s.node(c.selections, f.Of.Target, at)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		out.Fields = append(out.Fields, field)
	}
	return out, nil
}
