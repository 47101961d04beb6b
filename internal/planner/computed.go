package planner

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// computed plans a field that an algorithm answers.
func (s *selector) computed(c collected, path string) (*plan.Computed, error) {
	out := &plan.Computed{Path: path, Name: c.field.Name}
	args, err := s.given(c.field, path)
	if err != nil {
		return nil, err
	}
	for _, d := range c.field.Definition.Arguments {
		if t := s.catalog.Type(strings.TrimSuffix(d.Type.Name(), "Filter")); t != nil && d.Type.Elem == nil && d.Type.Name() != t.Name {
			out.Target = t
			if out.Filter, err = s.filter(args[d.Name], ofNode(t, nil), path+"."+d.Name); err != nil {
				return nil, err
			}
			delete(args, d.Name)
		}
	}
	if within := args["within"]; within != nil && out.Target != nil {
		in, err := s.within(within, out.Target, path+".within")
		if err != nil {
			return nil, err
		}
		out.Filter = plan.And{filterOrTrue(out.Filter), in}
		delete(args, "within")
	}
	out.Args = args
	w := &memberSelector{selector: s}
	for _, t := range s.catalog.Types {
		w.branches = append(w.branches, plan.Branch{Type: t})
	}
	if out.Fields, err = w.members(c.selections, c.field.Definition.Type.Name(), path); err != nil {
		return nil, err
	}
	for _, b := range w.branches {
		if len(b.Fields) > 0 {
			out.Branches = append(out.Branches, b)
		}
	}
	return out, nil
}

// given returns the arguments of a field without those that are null, numbers
// as int64 and float64. What the model bounds lies within its bounds.
func (s *selector) given(f *ast.Field, path string) (plan.Arguments, error) {
	out := plan.Arguments{}
	values := f.ArgumentMap(s.vars)
	for _, d := range f.Definition.Arguments {
		v := values[d.Name]
		if v == nil {
			continue
		}
		v, err := s.plain(v, d.Type, path+"."+d.Name)
		if err != nil {
			return nil, err
		}
		if err := bounded(v, d, path); err != nil {
			return nil, err
		}
		out[d.Name] = v
	}
	return out, nil
}

// plain turns an input value into what plan.Arguments holds. Ids must be of a
// type of node.
func (s *selector) plain(v any, t *ast.Type, path string) (any, error) {
	if t.Elem != nil {
		in, _ := list(v)
		out := make([]any, len(in))
		for i, v := range in {
			var err error
			if out[i], err = s.plain(v, t.Elem, path+"["+strconv.Itoa(i)+"]"); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	switch t.Name() {
	case "Int":
		n, ok := integer(v)
		if !ok {
			return nil, badInput(path, "%v is no integer", v)
		}
		return n, nil
	case "Float":
		n, ok := number(v)
		if !ok {
			return nil, badInput(path, "%v is no finite number", v)
		}
		return n, nil
	case "ID":
		id, ok := v.(string)
		if !ok || !validText(id) || s.catalog.TypeOfID(id) == nil {
			return nil, badInput(path, "%#v is no id: write it with its prefix, like \"org:pic:952966025\"", v)
		}
		return id, nil
	case "String":
		text, ok := v.(string)
		if !ok || !validText(text) {
			return nil, badInput(path, "the text has characters that no stored text has")
		}
		return text, nil
	}
	return plainInput(v), nil
}

// plainInput turns the numbers in an input object into int64 and float64.
func plainInput(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, part := range v {
			out[name] = plainInput(part)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, part := range v {
			out[i] = plainInput(part)
		}
		return out
	case string, bool, nil:
		return v
	}
	if n, ok := integer(v); ok {
		return n
	}
	if n, ok := number(v); ok {
		return n
	}
	return v
}

// bounded checks a value against the bounds that the model gives its argument.
func bounded(v any, d *ast.ArgumentDefinition, path string) error {
	dir := d.Directives.ForName(api.RangeDirective)
	if dir == nil {
		return nil
	}
	bounds := dir.ArgumentMap(nil)
	least, _ := number(bounds["min"])
	most, _ := number(bounds["max"])
	switch v := v.(type) {
	case []any:
		if n := float64(len(v)); n < least || n > most {
			return badInput(path+"."+d.Name, "it takes %v–%v values, got %d", least, most, len(v))
		}
	default:
		if n, ok := number(v); ok && (n < least || n > most) {
			return badInput(path, "%s must be %v–%v, got %v", d.Name, least, most, v)
		}
	}
	return nil
}

// memberSelector walks the selection of what is written in Go. Each node that is
// selected gets a slot in the look-up of every type that it may have.
type memberSelector struct {
	*selector
	branches []plan.Branch // by type
	slots    int
	names    map[string]bool // of the fields that are selected
}

// members plans a selection on a type of the API.
func (w *memberSelector) members(sets []ast.SelectionSet, typ, path string) (out []plan.Member, err error) {
	for _, c := range w.collect(sets, typ) {
		m := plan.Member{Key: c.key, Name: c.field.Name}
		at := path + "." + c.key
		if m.Name == "__typename" {
			m.Name, m.Typename = "", typ
			out = append(out, m)
			continue
		}
		if w.names != nil {
			w.names[m.Name] = true
		}
		switch of := c.field.Definition.Type.Name(); {
		case of == "Node" || w.catalog.Type(of) != nil:
			m.Slot, err = w.slot(c.selections, w.catalog.Type(of), at)
		case len(c.selections) > 0:
			m.Fields, err = w.members(c.selections, of, at)
		}
		if err == nil && len(c.field.Definition.Arguments) > 0 {
			m.Args, err = w.given(c.field, at)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// slot plans a node of a type, or of any where it is nil. A slot begins with a
// digit, which no property does.
func (w *memberSelector) slot(sets []ast.SelectionSet, typ *catalog.Type, path string) (string, error) {
	slot := strconv.Itoa(w.slots)
	w.slots++
	for i, b := range w.branches {
		if typ != nil && b.Type != typ {
			continue
		}
		err := w.hop(path, func() error {
			fields, err := w.node(sets, b.Type, path)
			w.branches[i].Fields = append(w.branches[i].Fields, &plan.EdgeNode{Key: slot, Fields: fields})
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return slot, nil
}
