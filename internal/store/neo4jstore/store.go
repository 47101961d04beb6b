// Package neo4jstore keeps a graph in Neo4j 5.26 or newer, Community included:
// one Cypher statement makes the answer of a plan, as one record of positional
// lists that is written out as JSON here. Its answers equal those of
// sqlitestore to the byte.
package neo4jstore

import (
	"context"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// Store is a graph in a Neo4j database.
type Store struct {
	driver    neo4j.DriverWithContext
	catalog   *catalog.Catalog
	opts      Options
	bookmarks neo4j.BookmarkManager // what a cluster's members must have seen; nil for one server
	breaker   *breaker
	kept      *kept

	writing chan struct{} // holds the one writer of this process
}

// Auth is a login. It prints without the password. Without a user name none is
// made.
type Auth struct{ Username, Password string }

// String returns the user name.
func (a Auth) String() string { return a.Username }

// GoString returns the user name.
func (a Auth) GoString() string { return a.Username }

// Options are what a store may be told.
type Options struct {
	// Now is the clock of the change log; time.Now when nil.
	Now func() time.Time
	// Database is the name of the database; the user's own when empty.
	Database string
	// PoolSize is how many connections there may be to one server; 50 when zero.
	PoolSize int
	// Timeout bounds calls whose context has no deadline, so that a network that
	// swallows everything cannot hold them for ever; 30 seconds when zero. Scans
	// and the building of indexes take their time.
	Timeout time.Duration
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.PoolSize == 0 {
		o.PoolSize = 50
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	return o
}

// Open connects to a database at an address with one of the schemes neo4j and
// bolt, also with +s and +ssc. It writes nothing: an empty database answers as
// an empty graph until Init or Apply. A database that holds a newer format or
// another model is refused. Errors say in one line what is wrong and never hold
// the password.
func Open(ctx context.Context, address string, auth Auth, c *catalog.Catalog, opts Options) (*Store, error) {
	s, err := connect(ctx, address, auth, c, opts.withDefaults())
	if err != nil {
		return nil, err
	}
	if _, err := s.meta(ctx); err != nil {
		_ = s.Close()
		return nil, refusal(address, auth, err)
	}
	return s, nil
}

// Run answers a plan. Where conditions name former ids its statement runs again,
// with the ids that last.
func (s *Store) Run(ctx context.Context, p plan.Normal) (answer.Object, error) {
	c := compile(p, s.catalog, s.kept, nil)
	value, err := s.query(ctx, c.Statement)
	if former := c.formerIDs(value); len(former) > 0 {
		c = compile(p, s.catalog, s.kept, former)
		value, err = s.query(ctx, c.Statement)
	}
	if err != nil {
		return answer.Object{}, err
	}
	json, err := c.decode(value)
	return answer.Object{JSON: json}, err
}

// Explain returns the statement of a plan.
func (s *Store) Explain(p plan.Normal) store.Statement {
	return compile(p, s.catalog, s.kept, nil).Statement
}

// Ready reports whether the database answers.
func (s *Store) Ready(ctx context.Context) error {
	_, err := s.query(ctx, store.Statement{Text: "RETURN 1"})
	return err
}

// Close closes all connections.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return s.driver.Close(ctx)
}

var (
	_ store.Store    = (*Store)(nil)
	_ store.Profiler = (*Store)(nil)
	_ error          = (*unknownOutcome)(nil)
)
