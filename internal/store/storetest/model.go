package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/planner"
	"github.com/maillage/maillage/internal/search"
	"github.com/maillage/maillage/internal/store"
)

// Model is a model of a graph with its API: all that is needed to plan what a
// document asks. No generated code is involved, so that any model will do.
type Model struct {
	Catalog *catalog.Catalog

	schema  *ast.Schema
	planner *planner.Planner

	mu        sync.Mutex
	documents map[string]*ast.QueryDocument
}

// NewModel reads a model and its API, as schema.graphqls has the one and
// api.SDL makes the other of it.
func NewModel(model, sdl string) (*Model, error) {
	c, err := catalog.Load(model)
	if err != nil {
		return nil, err
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "api.graphqls", Input: sdl})
	if err != nil {
		return nil, fmt.Errorf("the API does not parse: %w", err)
	}
	return &Model{Catalog: c, schema: schema, planner: planner.New(c, Now), documents: map[string]*ast.QueryDocument{}}, nil
}

// Now is when the questions of tests are asked.
func Now() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC) }

// Plan returns the plan of the one root field that a document asks for, once
// validated and with its variables coerced.
func (m *Model) Plan(document string, variables map[string]any) (plan.Normal, error) {
	doc, err := m.document(document)
	if err != nil {
		return plan.Normal{}, err
	}
	op := doc.Operations[0]
	coerced, err := validator.VariableValues(m.schema, op, variables)
	if err != nil {
		return plan.Normal{}, err
	}
	field, ok := op.SelectionSet[0].(*ast.Field)
	if !ok || len(op.SelectionSet) != 1 || len(doc.Operations) != 1 {
		return plan.Normal{}, errors.New("the document asks for more than one root field")
	}
	return m.planner.Plan(planner.Field{Field: field, Selections: field.SelectionSet, Variables: coerced})
}

// Answer returns the JSON with which a store answers the one root field that a
// document asks for.
func (m *Model) Answer(ctx context.Context, s store.Store, document string, variables map[string]any) ([]byte, error) {
	p, err := m.Plan(document, variables)
	if err != nil {
		return nil, err
	}
	run := s.Run
	if _, ok := p.Plan().Root.(*plan.Search); ok {
		run = func(ctx context.Context, p plan.Normal) (answer.Object, error) {
			return search.Answer(ctx, s.Run, p)
		}
	}
	out, err := run(ctx, p)
	return out.JSON, err
}

// document parses and validates a document once.
func (m *Model) document(text string) (*ast.QueryDocument, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if doc := m.documents[text]; doc != nil {
		return doc, nil
	}
	doc, errs := gqlparser.LoadQueryWithRules(m.schema, text, nil)
	if errs != nil {
		return nil, errs
	}
	m.documents[text] = doc
	return doc, nil
}
