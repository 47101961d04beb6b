// Package observe lets who serves a request see what it runs: runs of plans are
// noted where the context asks for it, and nothing is done where it does not.
package observe

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// Run is one run of a plan.
type Run struct {
	Field     string // the response key of the root field that it answers; see [Named]
	Plan      plan.Normal
	Statement store.Statement
	Answer    answer.Object
	Duration  time.Duration
	Err       error

	position int
}

// Rows returns how many items are in the answer: the nodes that a look-up has
// found, or the items on the page of a root connection or a search, whichever
// their selection. There are none to count when the run has failed, in the counts of
// the graph, and in a connection of which neither nodes nor edges are selected.
func (r Run) Rows() (n int, ok bool) {
	if r.Err != nil {
		return 0, false
	}
	switch root := r.Plan.Plan().Root.(type) {
	case *plan.Lookup:
		switch {
		case root.List:
			return present(r.Answer.JSON), true
		case r.Answer.Null():
			return 0, true
		}
		return 1, true
	case *plan.Search:
		var ranked plan.Ranked
		err := json.Unmarshal(r.Answer.JSON, &ranked)
		return min(len(ranked.Ranks), root.Limit), err == nil
	case *plan.Connection:
		for _, f := range root.Fields {
			switch f.(type) {
			case *plan.Edges, *plan.Nodes:
				var fields map[string]jsontext.Value
				if json.Unmarshal(r.Answer.JSON, &fields) != nil {
					return 0, false
				}
				return present(fields[f.ResponseKey()]), true
			}
		}
	}
	return 0, false
}

// present counts the elements of a list that are not null.
func present(list []byte) (n int) {
	var elements []*jsontext.Value
	if json.Unmarshal(list, &elements) != nil {
		return 0
	}
	for _, e := range elements {
		if e != nil {
			n++
		}
	}
	return n
}

// Runs are the runs of one request.
type Runs struct {
	mu   sync.Mutex
	list []Run
}

// List returns the runs that have ended, in the order in which their fields
// stand in the document: they run at the same time.
func (r *Runs) List() []Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortStableFunc(r.list, func(a, b Run) int { return cmp.Compare(a.position, b.position) })
	return slices.Clone(r.list)
}

// key is the context key of a collector.
type key struct{}

// collector is where runs are noted, and what for.
type collector struct {
	runs     *Runs
	field    string
	position int
}

// Collect returns a context whose runs are noted.
func Collect(ctx context.Context) (context.Context, *Runs) {
	runs := &Runs{}
	return context.WithValue(ctx, key{}, collector{runs: runs}), runs
}

// Named says which root field the runs of a context answer, by its response key
// and its position in the document.
func Named(ctx context.Context, field string, position int) context.Context {
	c, ok := ctx.Value(key{}).(collector)
	if !ok {
		return ctx // nobody collects
	}
	c.field, c.position = field, position
	return context.WithValue(ctx, key{}, c)
}

// Answer runs a plan, and notes the run where somebody collects.
func Answer(ctx context.Context, s store.Store, p plan.Normal) (answer.Object, error) {
	c, ok := ctx.Value(key{}).(collector)
	if !ok {
		return s.Run(ctx, p)
	}
	start := time.Now()
	out, err := s.Run(ctx, p)
	run := Run{Field: c.field, Plan: p, Answer: out, Duration: time.Since(start), Err: err, position: c.position}
	run.Statement = s.Explain(p) // not in the time that the run took
	c.runs.mu.Lock()
	defer c.runs.mu.Unlock()
	c.runs.list = append(c.runs.list, run)
	return out, err
}
