// Package observe wraps a store so that somebody sees what it runs.
package observe

import (
	"context"
	"time"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// Run is one run of a plan.
type Run struct {
	Plan      plan.Normal
	Statement store.Statement
	Bytes     int
	Duration  time.Duration
	Err       error
}

// Store is a store whose runs are reported to See after they have ended.
type Store struct {
	store.Store
	See func(Run)
}

// Run answers a plan and reports it.
func (s Store) Run(ctx context.Context, p plan.Normal) (answer.Object, error) {
	start := time.Now()
	out, err := s.Store.Run(ctx, p)
	s.See(Run{Plan: p, Statement: s.Explain(p), Bytes: len(out.JSON), Duration: time.Since(start), Err: err})
	return out, err
}
