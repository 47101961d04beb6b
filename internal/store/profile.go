package store

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"text/tabwriter"

	"github.com/maillage/maillage/internal/plan"
)

// Profiler is a store that can tell how its database answers a plan.
type Profiler interface {
	// Profile returns the operators of a plan's statement. Where they are
	// Measured the statement has been run for it.
	Profile(ctx context.Context, p plan.Normal) (Profile, error)
}

// Profile is an operator of a statement, in the words of the database, with the
// operators below it.
type Profile struct {
	Operator string // such as NodeIndexSeek or SEARCH
	Details  string // what it works on; may be empty
	// Measured is whether Rows and DBHits are known: some databases only tell
	// what they would do. All operators of a statement are alike in it.
	Measured bool
	Rows     int64 // that the operator has passed on
	DBHits   int64 // reads of the storage by the operator itself
	Children []Profile
}

// All yields the operator and all below it, each with its depth.
func (p Profile) All() iter.Seq2[int, Profile] {
	return func(yield func(int, Profile) bool) { p.walk(0, yield) }
}

func (p Profile) walk(depth int, yield func(int, Profile) bool) bool {
	if !yield(depth, p) {
		return false
	}
	for _, c := range p.Children {
		if !c.walk(depth+1, yield) {
			return false
		}
	}
	return true
}

// Total returns the reads of the storage by the operator and all below it.
func (p Profile) Total() (hits int64) {
	for _, op := range p.All() {
		hits += op.DBHits
	}
	return hits
}

// String prints one operator a line, each indented below the one that it feeds.
func (p Profile) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	if p.Measured {
		fmt.Fprintln(w, "operator\trows\tdbHits\tdetails")
	}
	for depth, op := range p.All() {
		fmt.Fprint(w, strings.Repeat("  ", depth), op.Operator)
		if p.Measured {
			fmt.Fprintf(w, "\t%d\t%d\t%s\n", op.Rows, op.DBHits, op.Details)
		} else {
			fmt.Fprintln(w, strings.TrimRight(" "+op.Details, " "))
		}
	}
	_ = w.Flush() // a Builder takes everything
	return b.String()
}
