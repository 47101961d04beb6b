package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
)

// wipeBatch is how many nodes, with their relationships, one transaction deletes.
const wipeBatch = 5000

// Wipe empties the database: constraints, indexes, relationships, nodes. The
// caller holds it alone, see [Server.Exclusive]. What remains are the names of
// labels and properties, which Neo4j never forgets, and users.
//
// A server named by NEO4J_URI may be somebody's real one. It is wiped only
// with NEO4J_TESTS=required in the environment.
func (s *Server) Wipe(ctx context.Context) error {
	if s.external() && os.Getenv(EnvTests) != "required" {
		return fmt.Errorf("neo4jtest: wipe: everything in %s would be deleted; set %s=required if that is what it is for", s.uri, EnvTests)
	}
	if err := s.wipe(ctx); err != nil {
		return fmt.Errorf("neo4jtest: wipe: %w", err)
	}
	return nil
}

// Settle makes the database plan from now on with the statistics of what it
// holds. It takes them in the background, so that the same statement on the same
// data would be planned now one way, now another.
func (s *Server) Settle(ctx context.Context) error {
	err := s.session(ctx, func(session neo4j.SessionWithContext) error {
		_, err := run(ctx, session, "CALL db.prepareForReplanning(60)")
		return err
	})
	if err != nil {
		return fmt.Errorf("neo4jtest: settle %s: %w", s.uri, err)
	}
	return nil
}

// session runs something in a session of its own.
func (s *Server) session(ctx context.Context, do func(neo4j.SessionWithContext) error) (err error) {
	driver, err := s.driver()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, driver.Close(ctx)) }()
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer func() { err = errors.Join(err, session.Close(ctx)) }()
	return do(session)
}

func (s *Server) wipe(ctx context.Context) error {
	return s.session(ctx, func(session neo4j.SessionWithContext) error { return empty(ctx, session) })
}

// empty deletes all there is in the database.
func empty(ctx context.Context, session neo4j.SessionWithContext) error {
	// Indexes go first: nodes are then deleted without keeping them up to date.
	constraints, err := run(ctx, session, "SHOW CONSTRAINTS YIELD name")
	if err != nil {
		return err
	}
	for _, name := range constraints {
		if _, err := run(ctx, session, "DROP CONSTRAINT "+quote(name)+" IF EXISTS"); err != nil {
			return err
		}
	}
	// A lookup index is part of a new database: without it every label is a scan.
	indexes, err := run(ctx, session, "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")
	if err != nil {
		return err
	}
	for _, name := range indexes {
		if _, err := run(ctx, session, "DROP INDEX "+quote(name)+" IF EXISTS"); err != nil {
			return err
		}
	}
	_, err = run(ctx, session, fmt.Sprintf(
		"MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF %d ROWS", wipeBatch))
	return err
}

// run executes a statement outside any transaction of ours, as those here
// demand, and returns its first column.
func run(ctx context.Context, session neo4j.SessionWithContext, cypher string) ([]string, error) {
	result, err := session.Run(ctx, cypher, nil)
	if err != nil {
		return nil, err
	}
	records, err := result.Collect(ctx)
	if err != nil {
		return nil, err
	}
	var column []string
	for _, r := range records {
		column = append(column, fmt.Sprint(r.Values[0]))
	}
	return column, nil
}

func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func (s *Server) driver() (neo4j.DriverWithContext, error) {
	auth := neo4j.NoAuth()
	if s.username != "" {
		auth = neo4j.BasicAuth(s.username, s.password, "")
	}
	return neo4j.NewDriverWithContext(s.uri, auth, func(c *config.Config) { c.TelemetryDisabled = true })
}

// waitUntilReady waits until the server answers a statement, or refuses the
// login, or has ended; nil stands for one whose end cannot be known.
func (s *Server) waitUntilReady(ctx context.Context, ended <-chan struct{}) (err error) {
	driver, err := s.driver()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, driver.Close(ctx)) }()
	for {
		_, err := neo4j.ExecuteQuery(ctx, driver, "RETURN 1", nil, neo4j.EagerResultTransformer)
		var refused *neo4j.Neo4jError
		if err == nil || errors.As(err, &refused) && strings.HasPrefix(refused.Code, "Neo.ClientError.Security.") {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-ended:
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}
