package graph

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/executor"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/maillage/maillage/internal/guard"
)

// documentGate is gqlgen's executor behind our limits. It parses and validates itself
// and hands the document over as if it came from gqlgen's cache: gqlgen would
// otherwise validate before it could be bounded, and keep what was refused.
type documentGate struct {
	*executor.Executor
	documents documents
	limits    guard.Limits
	present   presenter
}

func newDocumentGate(es graphql.ExecutableSchema, opts Options, present presenter) *documentGate {
	exec := executor.New(es)
	exec.SetErrorPresenter(present.present)
	exec.SetRecoverFunc(present.recovered)
	exec.SetQueryCache(prepared{})
	exec.Use(introspection{})
	return &documentGate{
		Executor:  exec,
		documents: newDocuments(es.Schema(), opts),
		limits:    opts.Limits,
		present:   present,
	}
}

// CreateOperationContext prepares an operation, or says why not.
func (g *documentGate) CreateOperationContext(
	ctx context.Context, params *graphql.RawParams,
) (*graphql.OperationContext, gqlerror.List) {
	doc, errs := g.documents.get(params.Query)
	if errs == nil {
		errs = g.check(doc, params)
	}
	if errs != nil {
		return &graphql.OperationContext{RawQuery: params.Query, RecoverFunc: g.present.recovered}, errs
	}
	return g.Executor.CreateOperationContext(context.WithValue(ctx, documentKey{}, doc), params)
}

// check looks at what belongs to the request and not to the document.
func (g *documentGate) check(doc *ast.QueryDocument, params *graphql.RawParams) gqlerror.List {
	if err := guard.CheckVariables(params.Variables, g.limits); err != nil {
		return gqlerror.List{gqlerror.Wrap(err)}
	}
	if doc.Operations.ForName(params.OperationName) != nil {
		return nil
	}
	if params.OperationName == "" {
		return invalid("the document has %d operations: \"operationName\" must say which one to run", len(doc.Operations))
	}
	return invalid("the document has no operation %s", strconv.Quote(params.OperationName))
}

// invalid returns a validation error of our own.
func invalid(format string, args ...any) gqlerror.List {
	err := gqlerror.Errorf(format, args...)
	errcode.Set(err, errcode.ValidationFailed)
	return gqlerror.List{err}
}

// documents parses and validates, and remembers the documents that passed.
type documents struct {
	schema  *ast.Schema
	helpful *rules.Rules // with suggestions
	terse   *rules.Rules
	limits  guard.Limits
	largest int
	cache   *lru.Cache[string, *ast.QueryDocument] // nil: none is kept
}

func newDocuments(schema *ast.Schema, opts Options) documents {
	d := documents{
		schema:  schema,
		helpful: newRules(),
		terse:   newRules(),
		limits:  opts.Limits,
		largest: opts.CachedDocumentSize,
	}
	for _, rule := range []core.Rule{
		rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		d.terse.ReplaceRule(strings.TrimSuffix(rule.Name, "WithoutSuggestions"), rule.RuleFunc)
	}
	// The only error is a size that is not positive.
	if cache, err := lru.New[string, *ast.QueryDocument](opts.CachedDocuments); err == nil {
		d.cache = cache
	}
	return d
}

// maxSuggested is the size in bytes of the largest document for which the
// validator looks for the names that were meant. Each unknown name is compared
// with every name of the schema, letter by letter: 16 KiB of them take a third
// of a second.
const maxSuggested = 2 << 10

func newRules() *rules.Rules {
	r := rules.NewDefaultRules()
	r.AddRule("NumbersInRange", numbersInRange)
	return r
}

// get returns a validated document that is within the limits. The document is
// shared: no one may change it.
func (d *documents) get(text string) (*ast.QueryDocument, gqlerror.List) {
	keep := d.cache != nil && len(text) <= d.largest
	if keep {
		if doc, ok := d.cache.Get(text); ok {
			return doc, nil
		}
		// The document points into its text, which may be part of a body.
		text = strings.Clone(text)
	}
	doc, err := guard.Parse(text, d.limits)
	if err != nil {
		var syntax *gqlerror.Error
		if !errors.As(err, &syntax) {
			return nil, gqlerror.List{gqlerror.Wrap(err)}
		}
		errcode.Set(syntax, errcode.ParseFailed)
		return nil, gqlerror.List{syntax}
	}
	if len(doc.Operations) == 0 {
		return nil, invalid("the document has no operation")
	}
	validation := d.helpful
	if len(text) > maxSuggested {
		validation = d.terse
	}
	if errs := validator.ValidateWithRules(d.schema, doc, validation); len(errs) > 0 {
		for _, err := range errs {
			errcode.Set(err, errcode.ValidationFailed)
		}
		return nil, errs
	}
	if keep {
		d.cache.Add(text, doc)
	}
	return doc, nil
}

// numbersInRange is a validation rule that the validator lacks: gqlgen panics
// on a literal that is no int64 or float64, and Int has 32 bits.
func numbersInRange(observers *core.Events, addError core.AddErrFunc) {
	observers.OnValue(func(_ *core.Walker, value *ast.Value) {
		var err error
		switch value.Kind {
		case ast.IntValue:
			bits := 64
			if value.Definition != nil && value.Definition.Name == "Int" {
				bits = 32
			}
			_, err = strconv.ParseInt(value.Raw, 10, bits)
		case ast.FloatValue:
			_, err = strconv.ParseFloat(value.Raw, 64)
		}
		if err != nil {
			addError(core.Message("The number %s is out of range.", value.Raw), core.At(value.Position))
		}
	})
}

// documentKey is the context key of the document that the gate hands over.
type documentKey struct{}

// prepared is the "cache" of gqlgen's executor: it finds the document that the
// gate has prepared.
type prepared struct{}

// Get returns the prepared document.
func (prepared) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(documentKey{}).(*ast.QueryDocument)
	return doc, ok
}

// Add does nothing: what is worth keeping is kept by the gate.
func (prepared) Add(context.Context, string, *ast.QueryDocument) {}
