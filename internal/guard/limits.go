// Package guard refuses documents and variables that would cost more to
// validate, plan or answer than any honest question does.
//
// It runs before validation, because validation is where small documents blow
// up: a kilobyte of fragments that spread each other twice expands to millions
// of fields. The guard therefore measures every fragment once and adds the
// measures up, so that its own cost is linear in the text.
package guard

import (
	"fmt"

	"github.com/maillage/maillage/internal/kg"
)

// Limits bounds what one request may ask. Every limit is the largest value
// that passes.
type Limits struct {
	Document int // bytes of the document
	Tokens   int // tokens of the document

	DataDepth          int // nested levels of fields
	IntrospectionDepth int // nested levels of fields from __schema or __type on
	ValueDepth         int // nested levels of lists and objects in a literal

	Aliases    int // as written
	Directives int // as written
	Fragments  int // definitions
	SameKey    int // uses of one response key between the same two braces

	Fields             int // of all operations together, with fragments expanded
	IntrospectionRoots int // __schema and __type in one operation
	IntrospectionLists int // nested lists below them: fields, inputFields, …

	QueryRoots    int // root fields of a query or subscription, expanded
	MutationRoots int // root fields of a mutation, expanded

	VariablesDepth int // nested levels of lists and objects
	VariablesSize  int // bytes, as compact JSON
}

// Default returns the limits of the public service. The introspection depth is
// that of the query of graphql-js, which every tool sends first.
func Default() Limits {
	return Limits{
		Document:           16 << 10,
		Tokens:             1500,
		DataDepth:          35,
		IntrospectionDepth: 15,
		ValueDepth:         32,
		Aliases:            30,
		Directives:         30,
		Fragments:          30,
		SameKey:            5,
		Fields:             500,
		IntrospectionRoots: 1,
		IntrospectionLists: 1,
		QueryRoots:         10,
		MutationRoots:      5,
		VariablesDepth:     32,
		VariablesSize:      16 << 10,
	}
}

// Validate reports the first limit that is not positive: none of them can be
// switched off by a zero.
func (l Limits) Validate() error {
	for _, limit := range []struct {
		name  string
		value int
	}{
		{"document", l.Document},
		{"tokens", l.Tokens},
		{"data depth", l.DataDepth},
		{"introspection depth", l.IntrospectionDepth},
		{"value depth", l.ValueDepth},
		{"aliases", l.Aliases},
		{"directives", l.Directives},
		{"fragments", l.Fragments},
		{"same key", l.SameKey},
		{"fields", l.Fields},
		{"introspection roots", l.IntrospectionRoots},
		{"introspection lists", l.IntrospectionLists},
		{"query roots", l.QueryRoots},
		{"mutation roots", l.MutationRoots},
		{"variables depth", l.VariablesDepth},
		{"variables size", l.VariablesSize},
	} {
		if limit.value < 1 {
			return fmt.Errorf("limit of %s must be at least 1, got %d", limit.name, limit.value)
		}
	}
	return nil
}

// refuse returns the one kind of error this package has.
func refuse(format string, args ...any) error {
	return kg.Errorf(kg.QueryTooComplex, format, args...)
}
