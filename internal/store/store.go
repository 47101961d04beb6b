// Package store defines what an engine's database does for it: run a plan as
// one statement, apply changes, and stream the graph. It also holds what all
// stores do alike, so that they cannot differ in it: checking and merging
// changes, and the keys by which values sort.
package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// Store is a database that holds a graph. Its methods may be called
// concurrently. Their errors are *kg.Error where a client may know them:
// TIMEOUT when a deadline passed, UNAVAILABLE when the database cannot be
// reached; anything else is internal.
type Store interface {
	// Run answers a plan by one statement, which may run a second time where a
	// condition names a node by a former id. When ctx ends, the statement ends in
	// the database too.
	Run(ctx context.Context, p plan.Normal) (answer.Object, error)
	// Explain returns the statement of a plan. It does not touch the database.
	Explain(p plan.Normal) Statement
	// Apply makes changes, in their order, in one transaction, raises the revision
	// when any of them changes anything, and appends them to the change log. Changes that
	// the graph cannot take are an *Invalid error and nothing is applied.
	Apply(ctx context.Context, changes []kg.Change) (kg.Applied, error)
	// Scan calls yield with every node and then every relationship in the
	// order of exports, see jsonl. The changes must not be kept.
	Scan(ctx context.Context, yield func(kg.Change) error) error
	// Project streams the nodes of an extract, in any order, and then its
	// relationships. It returns the revision of which they are. A database without
	// snapshots shows of later revisions some and not others; Follow from that
	// revision on makes up for it.
	Project(ctx context.Context, x Extract, rows Rows) (revision int64, err error)
	// Follow streams what has changed of an extract after a revision, as it is
	// now, and returns the revision of which that is. It fails with ErrGap when
	// the change log does not tell. When nothing has changed it costs next to
	// nothing.
	Follow(ctx context.Context, since int64, x Extract, changes Changes) (revision int64, err error)
	// Neighbours streams who is related to nodes over relationships that are shown
	// by default, all of a revision: of each frontier, by the number of a node in it,
	// the id of each neighbour. Where several relationships lead to one it may come
	// several times. It fails with ErrMoved when the graph is of another revision.
	Neighbours(ctx context.Context, revision int64, frontiers []Frontier, yield func(frontier, node int, neighbour string) error) error
	// Init makes what the store needs in its database: tables, constraints and
	// indexes. Doing it again changes nothing.
	Init(ctx context.Context) error
	// Ready reports whether the store can answer now.
	Ready(ctx context.Context) error
	// Close ends the use of the store.
	Close() error
}

// Loader is a store that can fill an empty database faster than by Apply.
type Loader interface {
	// Load calls fill with a function that applies changes like Store.Apply.
	// The graph is there when fill has returned without an error, or not at all.
	Load(ctx context.Context, fill func(apply func([]kg.Change) (kg.Applied, error)) error) error
}

// Statement is the text that a database runs, and the values of its parameters
// in order: ?1, ?2 … in SQL, $p1, $p2 … in Cypher.
type Statement struct {
	Text string
	Args []any
}

// Invalid reports changes that cannot be applied, by their index.
type Invalid struct{ Reasons map[int]string }

// Error returns one of the reasons, and how many there are.
func (e *Invalid) Error() string {
	for i, r := range e.Reasons {
		if len(e.Reasons) == 1 {
			return fmt.Sprintf("change %d cannot be applied: %s", i+1, r)
		}
		return fmt.Sprintf("%d changes cannot be applied, such as number %d: %s", len(e.Reasons), i+1, r)
	}
	return "no change is invalid"
}

// Add notes a reason.
func (e *Invalid) Add(i int, format string, args ...any) {
	if e.Reasons == nil {
		e.Reasons = map[int]string{}
	}
	e.Reasons[i] = fmt.Sprintf(format, args...)
}

// Kind returns the kind of database that an address names: sqlite or neo4j.
// An empty result means that it names none.
func Kind(address string) string {
	scheme, _, _ := strings.Cut(address, ":")
	switch {
	case scheme == "sqlite":
		return "sqlite"
	case strings.HasPrefix(scheme, "neo4j"), strings.HasPrefix(scheme, "bolt"):
		return "neo4j"
	}
	return ""
}
