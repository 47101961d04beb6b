package guard

import (
	"math"

	"github.com/vektah/gqlparser/v2/ast"
)

// extent is the size of a selection set with its fragments expanded. Counts
// saturate, because they grow exponentially with the text.
type extent struct {
	fields        int // on all levels
	top           int // on the first level
	data          int // levels
	introspection int // levels from __schema or __type on

	introspected int  // uses of __schema and __type on the first level
	lists        int  // nested lists that introspection has
	aliased      bool // whether an alias is on any level
	schema       load // what is asked below __schema and __type
}

// load is what makes introspection expensive: the schema has thousands of
// members, gqlgen walks them one by one, and each nested list or alias
// multiplies them again. The questions of tools need neither.
type load struct {
	lists   int
	aliased bool
}

// expansion checks the sizes that fragments have once they are expanded.
func expansion(doc *ast.QueryDocument, limits Limits) error {
	m := newMeasurer(doc)
	total := 0
	for _, op := range doc.Operations {
		size, err := m.selections(op.SelectionSet)
		if err != nil {
			return err
		}
		name, where := operationName(op), at(op.Position)
		total = add(total, size.fields)
		roots, kind := limits.QueryRoots, "root fields"
		if op.Operation == ast.Mutation {
			roots, kind = limits.MutationRoots, "mutations"
		}
		switch {
		case size.data > limits.DataDepth:
			return refuse("%s at %s is %d levels of fields deep, the limit is %d", name, where, size.data, limits.DataDepth)
		case size.introspection > limits.IntrospectionDepth:
			return refuse("the introspection in %s at %s is %d levels of fields deep, the limit is %d",
				name, where, size.introspection, limits.IntrospectionDepth)
		case size.introspected > limits.IntrospectionRoots:
			return refuse("%s at %s asks for __schema or __type %d times, the limit is %d",
				name, where, size.introspected, limits.IntrospectionRoots)
		case size.schema.lists > limits.IntrospectionLists:
			return refuse("the introspection in %s at %s nests %d lists of fields, inputFields, interfaces, possibleTypes or enumValues, the limit is %d",
				name, where, size.schema.lists, limits.IntrospectionLists)
		case size.schema.aliased:
			return refuse("the introspection in %s at %s has aliases below __schema or __type, which is not allowed", name, where)
		case total > limits.Fields:
			return refuse("%s at %s takes the document to more than %d fields, fragments expanded", name, where, limits.Fields)
		case size.top > roots:
			return refuse("%s at %s has %d %s, the limit is %d", name, where, size.top, kind, roots)
		}
	}
	// Unused fragments are validated too.
	for _, fragment := range doc.Fragments {
		size, err := m.fragment(fragment)
		if err != nil {
			return err
		}
		if size.fields > limits.Fields {
			return refuse("fragment %q at %s expands to more than %d fields",
				short(fragment.Name), at(fragment.Position), limits.Fields)
		}
		if size.data > limits.DataDepth {
			return refuse("fragment %q at %s is %d levels of fields deep, the limit is %d",
				short(fragment.Name), at(fragment.Position), size.data, limits.DataDepth)
		}
	}
	return nil
}

// measurer measures each fragment once.
type measurer struct {
	fragments map[string]*ast.FragmentDefinition
	known     map[*ast.FragmentDefinition]extent
	open      map[*ast.FragmentDefinition]bool
}

func newMeasurer(doc *ast.QueryDocument) *measurer {
	m := &measurer{
		fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)),
		known:     make(map[*ast.FragmentDefinition]extent, len(doc.Fragments)),
		open:      map[*ast.FragmentDefinition]bool{},
	}
	for _, fragment := range doc.Fragments {
		// Of fragments of one name the validator, too, takes the first.
		if _, ok := m.fragments[fragment.Name]; !ok {
			m.fragments[fragment.Name] = fragment
		}
	}
	return m
}

func (m *measurer) fragment(fragment *ast.FragmentDefinition) (extent, error) {
	if size, ok := m.known[fragment]; ok {
		return size, nil
	}
	if m.open[fragment] {
		return extent{}, refuse("fragment %q at %s spreads itself and would never end",
			short(fragment.Name), at(fragment.Position))
	}
	m.open[fragment] = true
	size, err := m.selections(fragment.SelectionSet)
	delete(m.open, fragment)
	if err == nil {
		m.known[fragment] = size
	}
	return size, err
}

func (m *measurer) selections(set ast.SelectionSet) (extent, error) {
	var sum extent
	for _, selection := range set {
		var (
			size extent
			err  error
		)
		switch s := selection.(type) {
		case *ast.Field:
			size, err = m.selections(s.SelectionSet)
			size = size.under(s)
		case *ast.InlineFragment:
			size, err = m.selections(s.SelectionSet)
		case *ast.FragmentSpread:
			if fragment, ok := m.fragments[s.Name]; ok {
				size, err = m.fragment(fragment)
			}
		}
		if err != nil {
			return extent{}, err
		}
		sum.fields = add(sum.fields, size.fields)
		sum.top = add(sum.top, size.top)
		sum.data = max(sum.data, size.data)
		sum.introspection = max(sum.introspection, size.introspection)
		sum.introspected = add(sum.introspected, size.introspected)
		sum.lists = max(sum.lists, size.lists)
		sum.aliased = sum.aliased || size.aliased
		sum.schema.lists = max(sum.schema.lists, size.schema.lists)
		sum.schema.aliased = sum.schema.aliased || size.schema.aliased
	}
	return sum, nil
}

// under returns the extent of a field whose selection set has the extent e.
func (e extent) under(field *ast.Field) extent {
	levels := add(max(e.data, e.introspection), 1)
	above := extent{
		fields:  add(e.fields, 1),
		top:     1,
		lists:   e.lists,
		aliased: e.aliased || field.Alias != field.Name,
		schema:  e.schema,
	}
	switch field.Name {
	case "__schema", "__type":
		above.introspection = levels
		above.introspected = 1
		above.schema = load{lists: e.lists, aliased: e.aliased}
	case "fields", "inputFields", "interfaces", "possibleTypes", "enumValues":
		above.data = levels
		above.lists = add(e.lists, 1)
	default:
		above.data = levels
	}
	return above
}

// add adds two counts, and stays at the largest.
func add(a, b int) int {
	if a > math.MaxInt32-b {
		return math.MaxInt32
	}
	return a + b
}
