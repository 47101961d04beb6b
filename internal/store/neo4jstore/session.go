package neo4jstore

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

const (
	// retryTime is how long a transaction is tried again.
	retryTime = 5 * time.Second
	// closeTimeout bounds the return of a connection, for which the context of
	// the call may be too old.
	closeTimeout = time.Second
	// fetchSize is how many records are on the way at once.
	fetchSize = 1000
)

// parameters returns the arguments of a statement under their names.
func parameters(args []any) map[string]any {
	out := make(map[string]any, len(args))
	for i, v := range args {
		out[placeholder(i)[1:]] = v
	}
	return out
}

// query runs a statement that answers one record of one value, as a
// transaction of its own: that is one round trip.
func (s *Store) query(ctx context.Context, st store.Statement) (value any, err error) {
	params := parameters(st.Args)
	err = s.try(ctx, neo4j.AccessModeRead, func(ctx context.Context, session neo4j.SessionWithContext) error {
		result, err := session.Run(ctx, st.Text, params, remaining(ctx))
		if err != nil {
			return err
		}
		record, err := result.Single(ctx)
		if err != nil {
			return err
		}
		value = record.Values[0]
		return nil
	})
	return value, err
}

// remaining gives a transaction the time that its context has left, so that the
// server ends it even when it cannot be told.
func remaining(ctx context.Context) func(*neo4j.TransactionConfig) {
	deadline, there := ctx.Deadline()
	if !there {
		return neo4j.WithTxTimeout(0) // without end
	}
	return neo4j.WithTxTimeout(max(time.Until(deadline), time.Millisecond))
}

// bounded returns a context with a deadline.
func (s *Store) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, there := ctx.Deadline(); there {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.opts.Timeout)
}

// try runs work on a session within a deadline, and again where that may help.
func (s *Store) try(ctx context.Context, mode neo4j.AccessMode, work func(context.Context, neo4j.SessionWithContext) error) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	return s.retry(ctx, func() error { return s.session(ctx, mode, work) })
}

// retry repeats work that failed for a reason which may be gone, for as long as
// retryTime. Connections that the pool holds to a server that has ended fail
// one by one, so those failures cost no pause; that no connection can be made
// is reported at once.
func (s *Store) retry(ctx context.Context, work func() error) error {
	start, pause, broken := time.Now(), 20*time.Millisecond, 0
	for {
		if err := ctx.Err(); err != nil {
			return translate(ctx, err)
		}
		if !s.breaker.allow() {
			return kg.Errorf(kg.Unavailable, "the database cannot be reached")
		}
		err := work()
		if err == nil || ctx.Err() == nil { // who gave up has learnt nothing
			s.breaker.note(!notConnected(err))
		}
		var unknown *unknownOutcome
		switch {
		case err == nil, errors.As(err, &unknown), ctx.Err() != nil, time.Since(start) > retryTime:
			return translate(ctx, err)
		case lost(err) && !notConnected(err) && !busy(err) && broken <= s.opts.PoolSize:
			broken++
			continue
		case !retryable(err):
			return translate(ctx, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause + rand.N(pause)):
		}
		pause = min(2*pause, time.Second)
	}
}

// session runs work on a session. It is closed outside the context, which may
// have ended: the connection has to go back, or be dropped, all the same.
func (s *Store) session(ctx context.Context, mode neo4j.AccessMode, work func(context.Context, neo4j.SessionWithContext) error) error {
	session := s.driver.NewSession(ctx, neo4j.SessionConfig{
		AccessMode: mode, DatabaseName: s.opts.Database, BookmarkManager: s.bookmarks, FetchSize: fetchSize,
	})
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		_ = session.Close(ctx)
	}()
	return work(ctx, session)
}

// unknownOutcome says that a connection was lost while a transaction was being
// committed: it may have been or not.
type unknownOutcome struct{ cause error }

// Error returns the cause.
func (e *unknownOutcome) Error() string { return "outcome unknown: " + e.cause.Error() }

// Unwrap returns the cause.
func (e *unknownOutcome) Unwrap() error { return e.cause }

// transact runs work in one transaction that writes, and commits it when work
// says so.
func (s *Store) transact(ctx context.Context, work func(context.Context, neo4j.ExplicitTransaction) (commit bool, err error)) error {
	return s.try(ctx, neo4j.AccessModeWrite, func(ctx context.Context, session neo4j.SessionWithContext) error {
		tx, err := session.BeginTransaction(ctx, remaining(ctx))
		if err != nil {
			return err
		}
		defer func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
			defer cancel()
			_ = tx.Close(ctx) // rolls back what is not committed
		}()
		commit, err := work(ctx, tx)
		if err != nil || !commit {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := tx.Commit(ctx); err != nil {
			if serverCode(err) == "" {
				return &unknownOutcome{err}
			}
			return err
		}
		return nil
	})
}

// one runs a statement of a transaction that answers at most one record, and
// returns its values.
func one(ctx context.Context, tx neo4j.ExplicitTransaction, text string, args ...any) ([]any, error) {
	result, err := tx.Run(ctx, text, parameters(args))
	if err != nil {
		return nil, err
	}
	records, err := result.Collect(ctx)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	return records[0].Values, nil
}
