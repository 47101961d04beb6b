// Package engine answers plans over any store: it refuses what costs too much,
// counts statements, and gives errors their final form. It knows neither
// GraphQL nor a database.
package engine

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/compute"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/ranking"
	"github.com/maillage/maillage/internal/request"
	"github.com/maillage/maillage/internal/search"
	"github.com/maillage/maillage/internal/stage"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/observe"
)

// DefaultMaxCost is the cost that one plan may have.
const DefaultMaxCost = 10_000

// Engine answers plans. Its fields are set before its first use.
type Engine struct {
	Store store.Store
	// MaxCost is the cost that one plan may have, in the points of plan.Cost.
	MaxCost int
	// Now tells the day on which questions are asked.
	Now func() time.Time
	// Projection is that over which fields are computed; nil where there is none.
	Projection *projection.Follower

	ranker     *ranking.Ranker
	statements atomic.Int64
}

// New returns an engine over a store with the default limits.
func New(s store.Store) *Engine {
	return &Engine{Store: s, MaxCost: DefaultMaxCost, Now: time.Now, ranker: ranking.Default()}
}

// compute returns the values of a computed field.
func (e *Engine) compute(ctx context.Context, f *plan.Computed, nodes []string) ([]any, error) {
	c := &compute.Computer{Graph: e.graph, Ranker: e.ranker, Run: e.answer, Now: e.Now}
	return c.Compute(ctx, f, nodes)
}

// Run answers a plan by one statement for each of its stages. Its errors are
// *kg.Error.
func (e *Engine) Run(ctx context.Context, p plan.Normal) (answer.Object, error) {
	cost := p.Cost()
	if cost > e.MaxCost {
		return answer.Object{}, kg.Errorf(kg.QueryTooComplex,
			"%s: the selection costs %d points, of which %d are allowed; ask for smaller pages (first) or fewer levels", p.Plan().Name, cost, e.MaxCost)
	}
	if err := request.Charge(ctx, cost); err != nil {
		return answer.Object{}, err
	}
	if e.Projection == nil {
		out, err := e.answer(ctx, p)
		return out, final(err)
	}
	for {
		before := e.Projection.Last()
		out, err := e.answer(ctx, p)
		if !errors.Is(err, store.ErrMoved) {
			return out, final(err)
		}
		// What is expanded through the store has been written to meanwhile.
		if err := e.Projection.After(ctx, before); err != nil {
			return answer.Object{}, err
		}
	}
}

// answer answers a plan in as many stages as it needs.
func (e *Engine) answer(ctx context.Context, p plan.Normal) (answer.Object, error) {
	switch p.Plan().Root.(type) {
	case *plan.Search:
		return search.Answer(ctx, e.below, p)
	case *plan.Computed:
		return stage.Root(ctx, e.answer, e.compute, p.Plan())
	case *plan.Stats:
		return stage.Stats(ctx, e.statement, e.own, p)
	}
	return e.below(ctx, p)
}

// below answers a plan by one statement, and what is computed below its root by
// further stages.
func (e *Engine) below(ctx context.Context, p plan.Normal) (answer.Object, error) {
	if len(p.Plan().Computations()) > 0 {
		return stage.Below(ctx, e.answer, e.compute, e.statement, p)
	}
	return e.statement(ctx, p)
}

// statement answers a plan by one statement.
func (e *Engine) statement(ctx context.Context, p plan.Normal) (answer.Object, error) {
	e.count(ctx)
	return observe.Answer(ctx, e.Store, p)
}

// count counts a statement, of the request and in all.
func (e *Engine) count(ctx context.Context) {
	request.CountStatement(ctx)
	e.statements.Add(1)
}

// Statements returns how many statements have been run.
func (e *Engine) Statements() int64 { return e.statements.Load() }

// final makes sure that an error has a code.
func final(err error) error {
	var coded *kg.Error
	if err == nil || errors.As(err, &coded) {
		return err
	}
	return kg.Wrap(kg.Internal, err, "internal error")
}
