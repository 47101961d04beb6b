package projection

import "context"

// pause is how much is looked at, each a step through memory or a few, until the
// context is asked: some milliseconds at most.
const pause = 1 << 13

// Work is how much an algorithm has looked at. Now and then it asks a context
// whether anybody still waits for the answer, first of all at the beginning.
type Work struct {
	Done  int
	ctx   context.Context
	asked int
	err   error
}

// NewWork returns work that has not begun.
func NewWork(ctx context.Context) *Work { return &Work{ctx: ctx, asked: -pause} }

// Look notes that so much more is looked at. It returns the error of the context
// from when it is known.
func (w *Work) Look(n int) error {
	if w.Done += n; w.err == nil && w.Done >= w.asked+pause {
		w.asked, w.err = w.Done, w.ctx.Err()
	}
	return w.err
}
