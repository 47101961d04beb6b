package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/graph/generated"
	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/engine"
	"github.com/maillage/maillage/internal/planner"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/store/observe"
)

//go:generate go run ../internal/api/gen ../schema.graphqls .
//go:generate sh -c "cd .. && go tool gqlgen generate"

// resolver answers root fields by planning them. Nothing below a root field is
// ever resolved: answers write themselves.
type resolver struct {
	planner *planner.Planner
	engine  *engine.Engine
}

// Query returns the resolvers of the root fields of a query.
func (r resolver) Query() generated.QueryResolver { return generated.Root(r.answer) }

func (r resolver) answer(ctx context.Context) (*answer.Object, error) {
	fc, oc := graphql.GetFieldContext(ctx), graphql.GetOperationContext(ctx)
	p, err := r.planner.Plan(planner.Field{Field: fc.Field.Field, Selections: fc.Field.Selections, Variables: oc.Variables})
	if err != nil {
		return nil, err
	}
	out, err := r.engine.Run(observe.Named(ctx, fc.Field.Alias, fc.Field.Position.Start), p)
	if err != nil || out.Null() {
		return nil, err
	}
	return &out, nil
}

// NewSchema returns the service's schema over an engine. Documents are
// validated against the whole API, of which gqlgen has generated the root.
func NewSchema(c *catalog.Catalog, e *engine.Engine) (graphql.ExecutableSchema, error) {
	full, err := gqlparser.LoadSchema(&ast.Source{Name: "api.graphqls", Input: generated.API})
	if err != nil {
		return nil, fmt.Errorf("the API does not parse: %w", err)
	}
	if e.Projection == nil {
		if err := e.Project(c, projection.DefaultMemory); err != nil {
			return nil, err
		}
	}
	return generated.NewExecutableSchema(generated.Config{
		Schema:    full,
		Resolvers: resolver{planner: planner.New(c, e.Now), engine: e},
	}), nil
}
