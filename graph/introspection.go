package graph

import (
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// introspectionCost is charged for walking the schema, in points. It takes as
// long as the most expensive data: a fifth of a second for the query that
// tools send, whose answer is over a megabyte.
const introspectionCost = 1000

// introspection switches introspection on: the API is meant to be explored.
type introspection struct{}

// ExtensionName names the extension.
func (introspection) ExtensionName() string { return "Introspection" }

// Validate has nothing to check.
func (introspection) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext allows introspection in the operation.
func (introspection) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	op.DisableIntrospection = false
	return nil
}

// answers keeps the answers to the last questions about the schema, which does
// not change while the service runs: tools all send one of a few.
type answers struct {
	cache *lru.Cache[string, json.RawMessage]
}

func newAnswers() answers {
	const kept = 4 // of at most MaxAnswer each
	// The only error is a size that is not positive.
	cache, err := lru.New[string, json.RawMessage](kept)
	if err != nil {
		panic(err)
	}
	return answers{cache: cache}
}

// introspects reports whether an operation asks about the schema, and whether
// it asks for nothing else, so that its answer is always the same.
func introspects(op *graphql.OperationContext) (some, only bool) {
	some, only = rootsOf(op.Operation.SelectionSet)
	return some, some && only && len(op.Operation.VariableDefinitions) == 0
}

// rootsOf looks at the root fields of a validated, hence finite, document.
func rootsOf(set ast.SelectionSet) (some, only bool) {
	only = true
	for _, selection := range set {
		var below ast.SelectionSet
		switch s := selection.(type) {
		case *ast.Field:
			asks := s.Name == "__schema" || s.Name == "__type"
			some = some || asks
			only = only && (asks || s.Name == "__typename")
			continue
		case *ast.InlineFragment:
			below = s.SelectionSet
		case *ast.FragmentSpread:
			below = s.Definition.SelectionSet
		}
		s, o := rootsOf(below)
		some, only = some || s, only && o
	}
	return some, only
}

// known returns the answer to an operation that has been asked before.
func (a answers) known(op *graphql.OperationContext) (json.RawMessage, bool) {
	return a.cache.Get(op.OperationName + "\n" + op.RawQuery)
}

// keep remembers an answer.
func (a answers) keep(op *graphql.OperationContext, data json.RawMessage) {
	a.cache.Add(op.OperationName+"\n"+op.RawQuery, data)
}
