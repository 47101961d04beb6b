package catalog

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// Computed is a field that no store answers but an algorithm, which goes by the
// name of the field.
type Computed struct {
	Name string
	// Definition is the field as the model declares it. Its types are types of
	// node, Node, and types that the API has as the model declares them.
	Definition *ast.FieldDefinition
}

// rootType is the type of the model that holds the computed fields at the root.
const rootType = "Query"

// computed reads the computed fields of a type.
func computed(d *ast.Definition) (out []*Computed) {
	for _, f := range d.Fields {
		if f.Directives.ForName("computed") != nil {
			out = append(out, &Computed{Name: f.Name, Definition: f})
		}
	}
	return out
}

// root reads the computed fields at the root: the model declares no others there.
func (l *loader) root() error {
	d := l.defs[rootType]
	if d == nil {
		return nil
	}
	l.c.Computed = computed(d)
	if len(l.c.Computed) < len(d.Fields) {
		return fmt.Errorf("schema: what a model declares of %s is @computed", rootType)
	}
	return nil
}

// Computes returns the computed field of a name, or nil.
func (t *Type) Computes(name string) *Computed { return named(t.Computed, name) }

// Computes returns the computed field of a name at the root, or nil.
func (c *Catalog) Computes(name string) *Computed { return named(c.Computed, name) }

func named(fields []*Computed, name string) *Computed {
	for _, f := range fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}
