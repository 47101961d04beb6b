package catalog

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

var scalarKinds = map[string]Kind{
	"String": String, "ID": ID, "Int": Int, "Float": Float, "Boolean": Boolean,
	"Date": Date, "DateTime": DateTime, "Decimal": Decimal,
}

// taken are names that filters have beside those of the properties.
var taken = []string{"and", "or", "not", "edge", "within", "near", "search"}

// notStored are the directives of fields that are no properties.
var notStored = []string{"relationship", "derived", "between", "facts", "computed"}

// propertiesOf returns the properties that a type declares, in its order.
func (l *loader) propertiesOf(d *ast.Definition) (out []*Property, err error) {
	for _, f := range d.Fields {
		if slices.ContainsFunc(notStored, func(name string) bool { return f.Directives.ForName(name) != nil }) {
			continue
		}
		p, err := l.property(f)
		if err == nil && slices.Contains(taken, p.Name) {
			err = fmt.Errorf("the name is taken by filters")
		}
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Name, err)
		}
		out = append(out, p)
	}
	// A localized text names its parts wherever they stand in the type.
	for i, p := range out {
		if p.Kind != Localized {
			continue
		}
		dir := d.Fields.ForName(p.Name).Directives.ForName("localized")
		part := func(lang string) *Property {
			j := slices.IndexFunc(out, func(o *Property) bool { return o.Name == argument(dir, lang) && o.Kind == String })
			if j < 0 {
				err = fmt.Errorf("field %s: @localized names two text properties", p.Name)
				return nil
			}
			return out[j]
		}
		out[i].FR, out[i].EN = part("fr"), part("en")
	}
	return out, err
}

func (l *loader) property(f *ast.FieldDefinition) (*Property, error) {
	if !nameShape.MatchString(f.Name) {
		return nil, fmt.Errorf("a property is named with letters and digits only")
	}
	p := &Property{
		Name: f.Name, Description: f.Description, TypeName: f.Type.Name(), Required: f.Type.NonNull,
		Index: f.Directives.ForName("index") != nil, List: f.Type.Elem != nil,
	}
	switch {
	case f.Directives.ForName("localized") != nil:
		p.Kind = Localized
	case f.Directives.ForName("live") != nil:
		if f.Type.String() != "Boolean!" {
			return nil, fmt.Errorf("what is @live has the type Boolean! and no other")
		}
		p.Kind = Live
	case p.List && p.TypeName == "String":
		p.Kind, p.List = StringList, false
	case !p.List && scalarKinds[p.TypeName] != 0:
		p.Kind = scalarKinds[p.TypeName]
	case !p.List && l.defs[p.TypeName] != nil && l.defs[p.TypeName].Kind == ast.Enum:
		p.Kind = Enum
		for _, v := range l.defs[p.TypeName].EnumValues {
			p.Enum = append(p.Enum, v.Name)
		}
		slices.Sort(p.Enum)
	case l.defs[p.TypeName] != nil && l.c.types[p.TypeName] == nil && l.defs[p.TypeName].Kind == ast.Object:
		p.Kind = Embed
		e, err := l.embed(p.TypeName)
		if err != nil {
			return nil, err
		}
		p.Embedded = e
	default:
		return nil, fmt.Errorf("%s is no type of property; a list of nodes needs @relationship", f.Type)
	}
	if p.Index && !p.Kind.Sortable() {
		return nil, fmt.Errorf("%s cannot be indexed", f.Type)
	}
	return p, nil
}

func (l *loader) embed(name string) (*Embedded, error) {
	if e := l.embedded[name]; e != nil {
		return e, nil
	}
	d := l.defs[name]
	e := &Embedded{Name: name, Description: d.Description}
	for _, f := range d.Fields {
		ef := EmbeddedField{Name: f.Name, Description: f.Description, SDL: f.Type.String(), Default: "null"}
		def := l.defs[f.Type.Name()]
		if f.Directives.ForName("precedence") != nil {
			l.precedence = f
		}
		switch {
		case l.c.types[f.Type.Name()] != nil && f.Type.Elem == nil:
			ef.Reference = l.c.types[f.Type.Name()]
		case f.Type.Elem != nil && f.Type.Name() == "String":
			ef.StringList = true
			if f.Type.NonNull {
				ef.Default = "[]"
			}
		case f.Type.Elem == nil && scalarKinds[f.Type.Name()] != 0:
		case f.Type.Elem == nil && def != nil && def.Kind == ast.Enum && len(def.EnumValues) > 0:
			for _, v := range def.EnumValues {
				ef.Enum = append(ef.Enum, v.Name)
			}
			slices.Sort(ef.Enum)
			if f.Type.NonNull {
				ef.Default = `"` + def.EnumValues[0].Name + `"`
			}
		default:
			return nil, fmt.Errorf("%s.%s: %s cannot stand in a stored value", name, f.Name, f.Type)
		}
		e.Fields = append(e.Fields, ef)
	}
	l.embedded[name] = e
	l.c.Embedded = append(l.c.Embedded, e)
	return e, nil
}
