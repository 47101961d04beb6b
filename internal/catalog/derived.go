package catalog

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// roles reads what the node directive says of fields and properties: which is
// the label, and which leads up a hierarchy.
func (l *loader) roles(d *ast.Definition) error {
	t, node := l.c.types[d.Name], d.Directives.ForName("node")
	if name := argument(node, "label"); name != "" {
		t.Label = t.properties[name]
		if t.Label == nil || (t.Label.Kind != String && t.Label.Kind != Localized) {
			return fmt.Errorf("the label %q is no text of the type", name)
		}
	}
	if name := argument(node, "hierarchy"); name != "" {
		t.Hierarchy = t.fields[name]
		if t.Hierarchy == nil || t.Hierarchy.Derived != nil || t.Hierarchy.Target != t {
			return fmt.Errorf("the hierarchy %q is no relationship to the type itself", name)
		}
	}
	for _, f := range d.Fields {
		if dir := f.Directives.ForName("relationship"); dir != nil && argument(dir, "within") == "true" {
			if t.Within != nil {
				return fmt.Errorf("field %s: %s is what nodes lie within already", f.Name, t.Within.Name)
			}
			t.Within = t.fields[f.Name]
		}
	}
	return nil
}

// derived reads the computed connections of a type.
func (l *loader) derived(d *ast.Definition) error {
	t := l.c.types[d.Name]
	for _, f := range d.Fields {
		dir := f.Directives.ForName("derived")
		if dir == nil {
			continue
		}
		rf, err := l.derivedField(t, f, dir)
		if err != nil {
			return fmt.Errorf("field %s: %w", f.Name, err)
		}
		t.Derived = append(t.Derived, rf)
		t.fields[rf.Name] = rf
	}
	return nil
}

func (l *loader) derivedField(t *Type, f *ast.FieldDefinition, dir *ast.Directive) (*RelationshipField, error) {
	name := argument(dir, "properties")
	props := l.defs[name]
	if f.Type.Elem == nil || f.Type.Elem.NamedType != t.Name {
		return nil, fmt.Errorf("a derived field leads to a list of its own type, such as `[%s!]!` here", t.Name)
	}
	if props == nil || props.Directives.ForName("relationshipProperties") == nil {
		return nil, fmt.Errorf("%s is no type with @relationshipProperties", name)
	}
	r := &Relationship{Name: t.Name + "." + f.Name, PropertiesType: name, Description: props.Description, Ends: []Ends{{t, t}}, properties: map[string]*Property{}}
	out := &RelationshipField{Owner: t, Name: f.Name, Description: f.Description, Relationship: r, Target: t, Derived: &Derived{Order: argument(dir, "order")}}
	for _, pf := range props.Fields {
		if between := pf.Directives.ForName("between"); between != nil {
			w, err := l.way(t, pf, argument(between, "path"))
			if err != nil {
				return nil, fmt.Errorf("%s.%s: %w", name, pf.Name, err)
			}
			out.Derived.Ways = append(out.Derived.Ways, w)
		}
	}
	if len(out.Derived.Ways) == 0 {
		return nil, fmt.Errorf("%s has no field with @between", name)
	}
	list, err := l.propertiesOf(props)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, p := range list {
		if err := out.Derived.property(p, props.Fields.ForName(p.Name)); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", name, p.Name, err)
		}
		r.properties[p.Name] = p
	}
	r.Properties = list
	if out.Derived.Order != "" {
		out.Derived.By = r.properties[argument(dir, "by")]
		if out.Derived.By == nil || out.Derived.By.Kind != Int {
			return nil, fmt.Errorf("the order %s is by a count of %s", out.Derived.Order, name)
		}
	}
	return out, nil
}

// way reads a path, such as projects.organizations.
func (l *loader) way(t *Type, f *ast.FieldDefinition, path string) (*Way, error) {
	first, second, _ := strings.Cut(path, ".")
	out := t.fields[first]
	if out == nil {
		return nil, fmt.Errorf("path %q does not begin with a relationship of %s", path, t.Name)
	}
	back := out.Target.fields[second]
	if back == nil || back.Target != t || back.Relationship != out.Relationship || back.Direction == out.Direction {
		return nil, fmt.Errorf("path %q does not go back over the relationship by which it came", path)
	}
	return &Way{Name: f.Name, Description: f.Description, Out: out, Back: back}, nil
}

// property reads what a property of a derived relationship is computed from.
func (d *Derived) property(p *Property, f *ast.FieldDefinition) error {
	count, first, last := f.Directives.ForName("count"), f.Directives.ForName("first"), f.Directives.ForName("last")
	switch {
	case count != nil && p.Kind == Int:
		w := d.Between(argument(count, "of"))
		if w == nil {
			return fmt.Errorf("it counts %q, which is no field with @between", argument(count, "of"))
		}
		c := WayCount{Property: p, Way: w}
		if n := argument(count, "atMost"); n != "" {
			most, err := strconv.Atoi(n)
			if err != nil || most < 1 {
				return fmt.Errorf("atMost is a number from 1")
			}
			c.AtMost = most
		}
		d.Counts = append(d.Counts, c)
	case first != nil && p.Kind == Date:
		d.Spans = append(d.Spans, Span{Property: p, Of: argument(first, "of")})
	case last != nil && p.Kind == Date:
		d.Spans = append(d.Spans, Span{Property: p, Of: argument(last, "of"), Last: true})
	default:
		return fmt.Errorf("a property of what is derived is an Int with @count, or a Date with @first or @last")
	}
	return nil
}
