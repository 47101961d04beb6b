package catalog

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// Facts is a computed field of a type: what the nodes of a relationship say of a
// node, a fact for each value of a subject. It is not stored.
type Facts struct {
	Name        string
	Description string
	TypeName    string             // of a fact
	Of          *RelationshipField // leads to the nodes that say something
	By          *Property          // what a node of them speaks of
	Value       *Property          // what it says of that
	Sources     *RelationshipField // leads from such a node to who says it
}

// Names of the fields of a fact beside those of By and Value. The nodes that
// state a fact are under the name of Facts.Of.
const (
	FactCount    = "count"
	FactDisagree = "disagree"
)

// Fact returns the field of a name that is computed of what others say, or nil.
func (t *Type) Fact(name string) *Facts {
	for _, f := range t.Facts {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// facts reads the fields of a type that collect what is said of its nodes.
func (l *loader) facts(d *ast.Definition) error {
	t := l.c.types[d.Name]
	for _, f := range d.Fields {
		dir := f.Directives.ForName("facts")
		if dir == nil {
			continue
		}
		facts, err := l.factsField(t, f, dir)
		if err != nil {
			return fmt.Errorf("field %s: %w", f.Name, err)
		}
		t.Facts = append(t.Facts, facts)
	}
	return nil
}

func (l *loader) factsField(t *Type, f *ast.FieldDefinition, dir *ast.Directive) (*Facts, error) {
	out := &Facts{Name: f.Name, Description: f.Description, TypeName: f.Type.Name(), Of: t.fields[argument(dir, "of")]}
	if out.Of == nil || out.Of.Derived != nil {
		return nil, fmt.Errorf("@facts: of: %q is no relationship of %s", argument(dir, "of"), t.Name)
	}
	target := out.Of.Target
	for _, p := range []struct {
		argument string
		to       **Property
	}{{"by", &out.By}, {"value", &out.Value}} {
		name := argument(dir, p.argument)
		if *p.to = target.properties[name]; *p.to == nil || (*p.to).Kind != Enum && (*p.to).Kind != String {
			return nil, fmt.Errorf("@facts: %s: %q is no text or enum of %s", p.argument, name, target.Name)
		}
	}
	if out.Sources = target.fields[argument(dir, "sources")]; out.Sources == nil || out.Sources.Derived != nil {
		return nil, fmt.Errorf("@facts: sources: %q is no relationship of %s", argument(dir, "sources"), target.Name)
	}
	fact := l.defs[out.TypeName]
	if f.Type.String() != "["+out.TypeName+"!]!" || fact == nil || fact.Kind != ast.Object || l.c.types[out.TypeName] != nil {
		return nil, fmt.Errorf("facts are a list of one type that is no node, such as `[Fact!]!`")
	}
	shape := map[string]string{
		out.By.Name: factType(out.By), out.Value.Name: factType(out.Value),
		out.Of.Name: "[" + target.Name + "!]!", FactCount: "Int!", FactDisagree: "Boolean!",
	}
	for _, field := range fact.Fields {
		if want := shape[field.Name]; want != field.Type.String() {
			return nil, fmt.Errorf("%s.%s is no field of a fact here: these are %v", out.TypeName, field.Name, shape)
		}
		if first := field.Arguments.ForName("first"); field.Name == out.Of.Name && (first == nil || first.Type.String() != "Int!") {
			return nil, fmt.Errorf("%s.%s needs an argument `first: Int!`", out.TypeName, field.Name)
		}
	}
	return out, nil
}

// factType writes the type that a property has in a fact.
func factType(p *Property) string {
	if p.Required {
		return p.TypeName + "!"
	}
	return p.TypeName
}
