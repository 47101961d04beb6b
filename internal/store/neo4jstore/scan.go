package neo4jstore

import (
	"context"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// idleTimeout is how long a scan waits for the next record.
const idleTimeout = 2 * time.Minute

// Scan streams the graph within one transaction, some hundred records at a
// time. The database knows no snapshots: what is written meanwhile may be in it
// or not.
func (s *Store) Scan(ctx context.Context, yield func(kg.Change) error) error {
	var refused error // what yield has answered
	err := s.streaming(ctx, func(ctx context.Context, tx neo4j.ExplicitTransaction, idle *time.Timer) error {
		return s.scan(ctx, tx, func(ch kg.Change) error {
			idle.Stop()
			refused = yield(ch)
			idle.Reset(idleTimeout)
			return refused
		})
	})
	if refused != nil {
		return refused
	}
	return err
}

// streaming reads within one transaction. It ends when the timer has run out,
// which is to be reset at each record.
func (s *Store) streaming(ctx context.Context, read func(ctx context.Context, tx neo4j.ExplicitTransaction, idle *time.Timer) error) error {
	if !s.breaker.allow() {
		return kg.Errorf(kg.Unavailable, "the database cannot be reached")
	}
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	idle := time.AfterFunc(idleTimeout, cancel)
	defer idle.Stop()
	err := s.session(waiting, neo4j.AccessModeRead, func(ctx context.Context, session neo4j.SessionWithContext) error {
		tx, err := session.BeginTransaction(ctx, remaining(ctx))
		if err != nil {
			return err
		}
		defer func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
			defer cancel()
			_ = tx.Close(ctx)
		}()
		return read(ctx, tx, idle)
	})
	return translate(waiting, err)
}

func (s *Store) scan(ctx context.Context, tx neo4j.ExplicitTransaction, yield func(kg.Change) error) error {
	for _, t := range s.catalog.Types {
		text := fmt.Sprintf("MATCH (n:%s) USING INDEX n:%[1]s(id) WHERE n.id IS NOT NULL RETURN properties(n) ORDER BY n.id", quote(t.Name))
		err := stream(ctx, tx, text, nil, func(values []any) error {
			stored, _ := values[0].(map[string]any)
			n, err := decodeNode(t, stored)
			if err != nil {
				return err
			}
			return yield(kg.Change{Node: n})
		})
		if err != nil {
			return err
		}
	}
	for _, r := range s.catalog.Relationships {
		for _, from := range r.Sources() {
			if err := scanRelationships(ctx, tx, r, from, yield); err != nil {
				return err
			}
		}
	}
	return nil
}

// scanRelationships streams the relationships that leave nodes of a type, node
// by node, so that only those of one node are sorted at a time.
func scanRelationships(ctx context.Context, tx neo4j.ExplicitTransaction, t *catalog.Relationship, from *catalog.Type, yield func(kg.Change) error) error {
	order := "b.id"
	if len(t.Key) > 0 {
		order += ", e." + discriminator
	}
	text := fmt.Sprintf(`MATCH (a:%s) USING INDEX a:%[1]s(id) WHERE a.id IS NOT NULL
WITH a ORDER BY a.id
CALL (a) {
  MATCH (a)-[e:%s]->(b) WITH e, b ORDER BY %s
  RETURN b.id AS id, properties(e) AS stored
}
RETURN a.id, id, stored`, quote(from.Name), quote(t.Name), order)
	return stream(ctx, tx, text, nil, func(values []any) error {
		a, _ := values[0].(string)
		b, _ := values[1].(string)
		stored, _ := values[2].(map[string]any)
		r, err := decodeRelationship(t, original(a), original(b), stored)
		if err != nil {
			return err
		}
		return yield(kg.Change{Relationship: r})
	})
}

// stream runs a statement and gives its records away as they come.
func stream(ctx context.Context, tx neo4j.ExplicitTransaction, text string, params map[string]any, take func(values []any) error) error {
	result, err := tx.Run(ctx, text, params)
	if err != nil {
		return err
	}
	var record *neo4j.Record
	for result.NextRecord(ctx, &record) {
		if err := take(record.Values); err != nil {
			return err
		}
	}
	return result.Err()
}
