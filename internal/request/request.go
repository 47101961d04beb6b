// Package request is what is known of one request while it is served: its id,
// the name of its operation, what it has cost and how many statements it ran.
// The server puts it into the context, the layers below report to it, and the
// server writes it to the log. Every function is safe without a request in the
// context, and for concurrent use.
package request

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/maillage/maillage/internal/kg"
)

// Budget is what a client may still spend, in cost points.
type Budget interface {
	// Spend takes points from the budget, or says how long to wait until
	// they would be there.
	Spend(points int) (wait time.Duration, ok bool)
}

// Request is one request being served.
type Request struct {
	id         string
	budget     Budget
	operation  atomic.Pointer[string]
	cost       atomic.Int64
	statements atomic.Int64
	wait       atomic.Int64
}

// New returns a request. Without a budget nothing is refused.
func New(id string, budget Budget) *Request {
	return &Request{id: id, budget: budget}
}

type key struct{}

// With returns a context that carries the request.
func With(ctx context.Context, r *Request) context.Context {
	return context.WithValue(ctx, key{}, r)
}

// From returns the request of a context, or nil.
func From(ctx context.Context) *Request {
	r, _ := ctx.Value(key{}).(*Request)
	return r
}

// ID returns the id of the request, which joins an answer to the log.
func ID(ctx context.Context) string {
	if r := From(ctx); r != nil {
		return r.id
	}
	return ""
}

// Charge spends cost points, before the work is done. It returns a *kg.Error
// with code RATE_LIMITED when the client has too few left; then nothing is
// spent.
func Charge(ctx context.Context, points int) error {
	r := From(ctx)
	if r == nil || points <= 0 {
		return nil
	}
	if r.budget != nil {
		if wait, ok := r.budget.Spend(points); !ok {
			r.wait.Store(int64(wait))
			return kg.Errorf(kg.RateLimited,
				"this costs %d points and your budget has fewer left; try again in %s", points, wait.Round(time.Second))
		}
	}
	r.cost.Add(int64(points))
	return nil
}

// CountStatement reports that a statement is sent to the store.
func CountStatement(ctx context.Context) {
	if r := From(ctx); r != nil {
		r.statements.Add(1)
	}
}

// SetOperation reports the name of the operation.
func SetOperation(ctx context.Context, name string) {
	if r := From(ctx); r != nil {
		r.operation.Store(&name)
	}
}

// ID returns the id of the request.
func (r *Request) ID() string { return r.id }

// Cost returns the points charged so far.
func (r *Request) Cost() int64 { return r.cost.Load() }

// Statements returns the number of statements sent so far.
func (r *Request) Statements() int64 { return r.statements.Load() }

// Wait returns how long the client should wait after a refused charge.
func (r *Request) Wait() time.Duration { return time.Duration(r.wait.Load()) }

// Operation returns the name of the operation, or the empty string.
func (r *Request) Operation() string {
	if name := r.operation.Load(); name != nil {
		return *name
	}
	return ""
}
