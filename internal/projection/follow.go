package projection

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// Follow returns a graph as it is now: brought up to date by the changes that the
// store tells of, or opened anew where it cannot tell, and where the graph is in
// memory in part. Without any it is the same.
func Follow(ctx context.Context, s store.Store, g *Graph, memory int64) (*Graph, error) {
	start := time.Now()
	d := NewDelta(g.Model)
	revision, err := s.Follow(ctx, g.Revision, g.Model.Extract(), d.Changes())
	switch {
	case errors.Is(err, store.ErrGap):
		return Open(ctx, s, g.Model, memory)
	case err != nil:
		return nil, err
	case revision == g.Revision:
		return g, nil
	case !g.Whole() && d.Empty():
		next := *g
		next.Revision = revision
		return &next, nil
	case !g.Whole():
		return Open(ctx, s, g.Model, memory)
	}
	next := g.With(d, revision)
	if next.Bytes() > memory {
		return Open(ctx, s, g.Model, memory)
	}
	next.BuildTime, next.UpdateTime = g.BuildTime, time.Since(start)
	return next, nil
}

const (
	// pollInterval is how long a Follower waits before it looks for changes. It
	// waits at least as long as it took to see the last ones, and longer after
	// errors.
	pollInterval = 100 * time.Millisecond
	maxInterval  = 30 * time.Second
)

// Follower keeps the projection of what a store holds. While it runs, the graph is
// as it was last seen; else it is brought up to date whenever it is asked for. Its
// methods may be called concurrently.
type Follower struct {
	// Prepare, unless nil, makes ready what is computed once for a graph. While the
	// follower runs, the last graph answers until the next is prepared. It is set
	// before the first use.
	Prepare func(context.Context, *Graph) error

	store    store.Store
	model    *Model
	memory   int64
	updating sync.Mutex
	current  atomic.Pointer[Graph]
	running  atomic.Bool
	first    chan struct{} // closed when it runs and there is a graph, or failure why there is none yet
	failure  atomic.Pointer[error]
}

// NewFollower returns a follower of a store whose graph may take so many bytes of
// memory.
func NewFollower(s store.Store, m *Model, memory int64) *Follower {
	return &Follower{store: s, model: m, memory: memory, first: make(chan struct{})}
}

// Run builds the projection and follows the store until ctx ends. Errors leave
// the graph as it is; report is told of them as they begin. It runs once.
func (f *Follower) Run(ctx context.Context, report func(error)) {
	f.running.Store(true)
	wait, reported := pollInterval, ""
	for ctx.Err() == nil {
		start := time.Now()
		_, err := f.update(ctx)
		switch {
		case err == nil:
			wait, reported = min(max(pollInterval, time.Since(start)), maxInterval), ""
		case ctx.Err() != nil:
			return
		case errors.Is(err, store.ErrMoved): // the next is there already
			wait = pollInterval
			f.failure.Store(&err)
		default:
			wait = min(2*wait, maxInterval)
			if text := err.Error(); text != reported {
				reported = text
				report(err)
			}
			f.failure.Store(&err)
		}
		select {
		case <-f.first:
		default:
			close(f.first)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// update puts the graph in place as it is now, and returns it.
func (f *Follower) update(ctx context.Context) (g *Graph, err error) {
	f.updating.Lock()
	defer f.updating.Unlock()
	last := f.current.Load()
	if last == nil {
		g, err = Open(ctx, f.store, f.model, f.memory)
	} else {
		g, err = Follow(ctx, f.store, last, f.memory)
	}
	if err == nil && g != last && f.Prepare != nil && f.running.Load() {
		err = f.Prepare(ctx, g)
	}
	if err != nil {
		return nil, err
	}
	f.current.Store(g)
	return g, nil
}

// Current returns the graph. Until there is one that was seen, it waits as long as
// ctx lets it, which is UNAVAILABLE at the end.
func (f *Follower) Current(ctx context.Context) (*Graph, error) {
	if !f.running.Load() {
		return f.update(ctx)
	}
	if g := f.current.Load(); g != nil {
		return g, nil
	}
	select {
	case <-f.first:
	case <-ctx.Done():
		return nil, kg.Wrap(kg.Unavailable, ctx.Err(), "the projection of the graph is being built: ask again in some seconds")
	}
	if g := f.current.Load(); g != nil {
		return g, nil
	}
	return nil, *f.failure.Load()
}

// After waits until another graph than one is in place, or, while the follower does
// not run, can be. It is UNAVAILABLE when ctx ends before.
func (f *Follower) After(ctx context.Context, g *Graph) error {
	for f.running.Load() && f.current.Load() == g {
		select {
		case <-time.After(pollInterval / 10):
		case <-ctx.Done():
			return kg.Wrap(kg.Unavailable, ctx.Err(), "the graph changes while it is read: ask again in some seconds")
		}
	}
	return nil
}

// Last returns the graph as it was last seen, or nil when there is none yet.
func (f *Follower) Last() *Graph { return f.current.Load() }

// Running reports whether the graph follows the store by itself.
func (f *Follower) Running() bool { return f.running.Load() }
