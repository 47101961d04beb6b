package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// Source streams changes to emit and reports bad rows to reject.
type Source func(emit Emit, reject Reject) error

// Options are how an import is run.
type Options struct {
	Batch    int // changes a transaction; 2,000 when zero
	DryRun   bool
	Catalog  *catalog.Catalog
	Progress func(done int) // called after each batch
	Reject   Reject
}

// Result is what an import did.
type Result struct {
	kg.Applied
	Rejected int
}

// defaultBatch keeps a transaction short and its cost well spread.
const defaultBatch = 2000

// Run imports a source into a store, batch by batch, each in one transaction.
// What is there already is merged, so that an import which was interrupted is
// resumed by running it again. An empty store that can load does so in one go.
// A dry run checks each change by itself and writes nothing.
func Run(ctx context.Context, s store.Store, source Source, opts Options) (Result, error) {
	r := &run{ctx: ctx, opts: opts}
	if r.opts.Batch == 0 {
		r.opts.Batch = defaultBatch
	}
	if opts.DryRun {
		return r.result, r.from(source, func(changes []kg.Change) (kg.Applied, error) { return check(opts.Catalog, changes) })
	}
	if loader, ok := s.(store.Loader); ok {
		err := loader.Load(ctx, func(apply func([]kg.Change) (kg.Applied, error)) error { return r.from(source, apply) })
		if kg.CodeOf(err) != kg.Conflict {
			if err != nil {
				r.result.Applied = kg.Applied{} // a load that fails leaves nothing
			}
			return r.result, err
		}
	}
	err := r.from(source, func(changes []kg.Change) (kg.Applied, error) { return s.Apply(ctx, changes) })
	return r.result, err
}

type run struct {
	ctx    context.Context
	opts   Options
	batch  []kg.Change
	result Result
	done   int
}

func (r *run) from(source Source, apply func([]kg.Change) (kg.Applied, error)) error {
	reject := func(rejection Rejection) {
		r.result.Rejected++
		if r.opts.Reject != nil {
			r.opts.Reject(rejection)
		}
	}
	emit := func(ch kg.Change) error {
		r.batch = append(r.batch, ch)
		if len(r.batch) < r.opts.Batch {
			return nil
		}
		return r.flush(apply, reject)
	}
	if err := source(emit, reject); err != nil {
		return err
	}
	return r.flush(apply, reject)
}

// flush applies the batch; changes that the store cannot take are rejected and
// the others applied.
func (r *run) flush(apply func([]kg.Change) (kg.Applied, error), reject Reject) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	all := len(r.batch)
	done, err := apply(r.batch)
	var invalid *store.Invalid
	if errors.As(err, &invalid) {
		var valid []kg.Change
		for i, ch := range r.batch {
			if reason, bad := invalid.Reasons[i]; bad {
				reject(Rejection{File: origin(ch), Reason: reason})
			} else {
				valid = append(valid, ch)
			}
		}
		done, err = apply(valid)
	}
	if err != nil {
		return err
	}
	r.result.Applied = r.result.Add(done)
	r.done += all
	r.batch = slices.Delete(r.batch, 0, all)
	if r.opts.Progress != nil {
		r.opts.Progress(r.done)
	}
	return nil
}

// origin says where a change that a store refused came from: its first record.
func origin(ch kg.Change) string {
	records, what := []kg.Record(nil), ""
	if ch.Node != nil {
		records, what = ch.Node.Records, ch.Node.ID
	} else if ch.Relationship != nil {
		records, what = ch.Relationship.Records, ch.Relationship.Type+" "+ch.Relationship.From+" "+ch.Relationship.To
	}
	if len(records) > 0 {
		return fmt.Sprintf("%s (%s)", records[0].Locator, what)
	}
	return what
}

// check reports the changes that fit the model as created.
func check(c *catalog.Catalog, changes []kg.Change) (kg.Applied, error) {
	invalid := &store.Invalid{}
	for i, ch := range changes {
		if err := store.Check(c, ch); err != nil {
			invalid.Add(i, "%s", err)
		}
	}
	if len(invalid.Reasons) > 0 {
		return kg.Applied{}, invalid
	}
	return kg.Applied{Created: len(changes)}, nil
}
