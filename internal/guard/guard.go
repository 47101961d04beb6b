package guard

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Parse parses a document and checks it. The error is a *kg.Error with code
// QUERY_TOO_COMPLEX for a document that is past a limit, and the parser's own
// *gqlerror.Error for one that is not GraphQL.
func Parse(text string, limits Limits) (*ast.QueryDocument, error) {
	if len(text) > limits.Document {
		return nil, refuse("the document is %d bytes long, the limit is %d", len(text), limits.Document)
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, limits.Tokens)
	if err != nil {
		// The parser has no type for these two.
		switch {
		case strings.Contains(err.Error(), "exceeded token limit"):
			return nil, refuse("the document has too many tokens, the limit is %d", limits.Tokens)
		case strings.Contains(err.Error(), "exceeded maximum nesting depth"):
			return nil, refuse("the document nests more than %d levels deep", parser.MaxNestingDepth)
		}
		return nil, err
	}
	if err := Check(doc, limits); err != nil {
		return nil, err
	}
	return doc, nil
}

// Check reports the first limit that a parsed, not yet validated document is
// past, as a *kg.Error with code QUERY_TOO_COMPLEX. It is total: unknown and
// doubly defined fragments are left to the validator, and fragments that
// spread themselves are refused here, since they have no size.
func Check(doc *ast.QueryDocument, limits Limits) error {
	if n := len(doc.Fragments); n > limits.Fragments {
		return refuse("the document has %d fragments, the limit is %d", n, limits.Fragments)
	}
	written := writing{limits: limits}
	for _, op := range doc.Operations {
		written.variables(op.VariableDefinitions)
		written.directives(op.Directives)
		written.selections(op.SelectionSet)
	}
	for _, fragment := range doc.Fragments {
		written.variables(fragment.VariableDefinition)
		written.directives(fragment.Directives)
		written.selections(fragment.SelectionSet)
	}
	if written.err != nil {
		return written.err
	}
	return expansion(doc, limits)
}

// writing counts what stands in the text, fragments not expanded. The first
// error stops it.
type writing struct {
	limits       Limits
	aliases      int
	directiveSum int
	err          error
}

func (w *writing) selections(set ast.SelectionSet) {
	if w.err != nil {
		return
	}
	w.keys(set)
	for _, selection := range set {
		if w.err != nil {
			return
		}
		switch s := selection.(type) {
		case *ast.Field:
			if s.Alias != s.Name {
				if w.aliases++; w.aliases > w.limits.Aliases {
					w.err = refuse("too many aliases: %q at %s is number %d, the limit is %d",
						short(s.Alias), at(s.Position), w.aliases, w.limits.Aliases)
					return
				}
			}
			w.arguments(s.Arguments)
			w.directives(s.Directives)
			w.selections(s.SelectionSet)
		case *ast.InlineFragment:
			w.directives(s.Directives)
			w.selections(s.SelectionSet)
		case *ast.FragmentSpread:
			w.directives(s.Directives)
		}
	}
}

// keys counts the uses of each response key between two braces. The validator
// compares all uses of a key in pairs; those that come through fragments are
// bounded by the limit on expanded fields, and are common in honest documents,
// where each component of a page brings a fragment with the fields it needs.
func (w *writing) keys(set ast.SelectionSet) {
	if len(set) <= w.limits.SameKey {
		return
	}
	uses := make(map[string]int, len(set))
	for _, selection := range set {
		field, ok := selection.(*ast.Field)
		if !ok {
			continue
		}
		if uses[field.Alias]++; uses[field.Alias] > w.limits.SameKey {
			w.err = refuse("%q at %s is used more than %d times in one selection set",
				short(field.Alias), at(field.Position), w.limits.SameKey)
			return
		}
	}
}

func (w *writing) directives(list ast.DirectiveList) {
	for _, directive := range list {
		if w.err != nil {
			return
		}
		if w.directiveSum++; w.directiveSum > w.limits.Directives {
			w.err = refuse("too many directives: @%s at %s is number %d, the limit is %d",
				short(directive.Name), at(directive.Position), w.directiveSum, w.limits.Directives)
			return
		}
		w.arguments(directive.Arguments)
	}
}

func (w *writing) arguments(list ast.ArgumentList) {
	for _, argument := range list {
		w.value(argument.Value, 1)
	}
}

func (w *writing) variables(list ast.VariableDefinitionList) {
	for _, variable := range list {
		w.value(variable.DefaultValue, 1)
		w.directives(variable.Directives)
	}
}

func (w *writing) value(value *ast.Value, depth int) {
	if w.err != nil || value == nil || (value.Kind != ast.ListValue && value.Kind != ast.ObjectValue) {
		return
	}
	if depth > w.limits.ValueDepth {
		w.err = refuse("the value at %s nests more than %d levels deep", at(value.Position), w.limits.ValueDepth)
		return
	}
	for _, child := range value.Children {
		w.value(child.Value, depth+1)
	}
}

// at says where something stands, as line:column.
func at(position *ast.Position) string {
	if position == nil {
		return "an unknown place"
	}
	return strconv.Itoa(position.Line) + ":" + strconv.Itoa(position.Column)
}

// short cuts a name for a message: a name can be as long as the document.
func short(name string) string {
	const most = 40
	if len(name) <= most {
		return name
	}
	return name[:most] + "…"
}

// operationName names an operation for a message.
func operationName(op *ast.OperationDefinition) string {
	if op.Name == "" {
		return "the operation"
	}
	return "operation " + strconv.Quote(short(op.Name))
}
