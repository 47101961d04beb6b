package graph_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/internal/kg"
)

// stubSDL has enough for hostile documents: recursion, arguments, inputs, an
// interface and a mutation.
const stubSDL = `
scalar Decimal
interface Node { id: ID! }
input Filter { and: [Filter!] name: String size: Int tags: [String!] }
type Organization implements Node {
  id: ID!
  name(lang: String): String
  partners(first: Int, filter: Filter): [Organization!]
  projects(first: Int): [Project!]
}
type Project implements Node { id: ID! title: String organizations(first: Int): [Organization!] }
type Query {
  node(id: ID!): Node
  organization(id: ID!, amount: Decimal): Organization
  organizations(first: Int, filter: Filter): [Organization!]
  big: String
  slow: String
  fail(code: String!): String
  panics: String
  argument(first: Int): String
}
type Mutation { rename(id: ID!, name: String!): Organization }
type Subscription { changes: Int }
`

// stub answers what a test tells it to, without gqlgen's generated code. Like
// generated code it takes the operation from the context and returns bytes.
type stub struct {
	schema *ast.Schema
	big    int
	seen   chan context.Context // receives the context of slow
}

func newStub() *stub {
	return &stub{
		schema: gqlparser.MustLoadSchema(&ast.Source{Name: "stub.graphqls", Input: stubSDL}),
		seen:   make(chan context.Context, 1),
	}
}

func (s *stub) Schema() *ast.Schema { return s.schema }

func (s *stub) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (s *stub) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	return oneShot(func(ctx context.Context) *graphql.Response {
		fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query", "Mutation"})
		var out strings.Builder
		out.WriteByte('{')
		for i, field := range fields {
			if i > 0 {
				out.WriteByte(',')
			}
			fmt.Fprintf(&out, "%q:%s", field.Alias, s.field(ctx, field))
		}
		out.WriteByte('}')
		return &graphql.Response{Data: []byte(out.String())}
	})
}

func (s *stub) field(ctx context.Context, field graphql.CollectedField) string {
	fc := &graphql.FieldContext{Field: field, Args: map[string]any{}}
	ctx = graphql.WithFieldContext(ctx, fc)
	switch field.Name {
	case "__typename":
		return `"Query"`
	case "big":
		return `"` + strings.Repeat("x", s.big) + `"`
	case "slow":
		s.seen <- ctx
		<-ctx.Done()
		time.Sleep(time.Millisecond)
		graphql.AddError(ctx, fmt.Errorf("driver: %w at 10.0.0.7:7687", ctx.Err()))
		return "null"
	case "panics":
		panic("secret of the panic")
	case "argument":
		fc.Args = nil
		_, err := graphql.UnmarshalInt32(int64(5_000_000_000))
		graphql.AddError(ctx, err)
		return "null"
	case "fail":
		code := field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)["code"].(string)
		var err error = kg.Wrap(kg.Code(code), fmt.Errorf("driver at 10.0.0.7:7687"), "it failed")
		if code == "PLAIN" {
			err = fmt.Errorf("driver at 10.0.0.7:7687")
		}
		graphql.AddError(ctx, err)
		return "null"
	}
	return "null"
}

// oneShot returns a handler that answers once, as generated code does.
func oneShot(answer func(context.Context) *graphql.Response) graphql.ResponseHandler {
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		return answer(ctx)
	}
}
