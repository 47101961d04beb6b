package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// cancellation: a context that has ended ends every method, as a timeout that a
// client may know of, and a write that it ends is not made.
func cancellation(t *testing.T, open Open) {
	s := open(t)
	a := &asker{Graph: Fixture(), store: s}
	fill(t, s, a.Changes()[:20])
	before := export(t, s)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	late, done := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer done()
	for name, ctx := range map[string]context.Context{"cancelled": cancelled, "past its deadline": late} {
		_, err := a.bytes(ctx, "{ organizations { totalCount } }", nil)
		timeout(t, name+": Run", err)
		_, err = s.Apply(ctx, []kg.Change{organization("org:t:late", nil)})
		timeout(t, name+": Apply", err)
		timeout(t, name+": Scan", s.Scan(ctx, func(kg.Change) error { return nil }))
		timeout(t, name+": Ready", s.Ready(ctx))
	}
	if after := export(t, s); after != before {
		t.Errorf("a write that was cancelled was made:\n%s", after)
	}
	// Cancelled while it streams.
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	n := 0
	err := s.Scan(ctx, func(kg.Change) error {
		if n++; n == 2 {
			stop()
			return ctx.Err()
		}
		return nil
	})
	if err == nil {
		t.Error("a scan goes on after its context was cancelled")
	}
	apply(t, s, kg.Applied{Revision: 2, Created: 1}, organization("org:t:late", nil))
}

func timeout(t *testing.T, what string, err error) {
	t.Helper()
	if kg.CodeOf(err) != kg.Timeout {
		t.Errorf("%s: %v, want %s", what, err, kg.Timeout)
	}
}

// closing: a closed store answers with errors, and does not panic.
func closing(t *testing.T, open Open) {
	s := open(t)
	a := &asker{Graph: Fixture(), store: s}
	fill(t, s, []kg.Change{organization("org:t:a", nil)})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, run := a.bytes(t.Context(), "{ organizations { totalCount } }", nil)
	_, write := s.Apply(t.Context(), []kg.Change{organization("org:t:b", nil)})
	for name, err := range map[string]error{
		"Run": run, "Apply": write, "Ready": s.Ready(t.Context()), "Scan": s.Scan(t.Context(), func(kg.Change) error { return nil }),
	} {
		if err == nil || errors.As(err, new(*store.Invalid)) {
			t.Errorf("%s on a closed store: %v", name, err)
		}
	}
}
