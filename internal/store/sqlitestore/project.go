package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/store"
)

// Project streams an extract from one snapshot. Keys are those of the nodes.
func (s *Store) Project(ctx context.Context, x store.Extract, rows store.Rows) (revision int64, err error) {
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		if revision, err = presentRevision(ctx, tx); err != nil {
			return err
		}
		for k := range x.Nodes {
			if err := projectNodes(ctx, tx, k, x.Nodes[k], rows.Node); err != nil {
				return err
			}
		}
		for k, r := range x.Links {
			if err := projectLinks(ctx, tx, k, r, rows.Link); err != nil {
				return err
			}
		}
		return nil
	})
	return revision, err
}

// snapshot reads in one transaction.
func (s *Store) snapshot(ctx context.Context, read func(*sql.Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s.translate(ctx, err)
	}
	defer func() { _ = tx.Rollback() }()
	return s.translate(ctx, read(tx))
}

func presentRevision(ctx context.Context, tx *sql.Tx) (revision int64, err error) {
	err = tx.QueryRowContext(ctx, `select coalesce(max("revision"), 0) from "change"`).Scan(&revision)
	return revision, err
}

// columnReader reads the values of some properties.
type columnReader struct {
	props       []*catalog.Property
	raw, values []any
}

func newColumnReader(c store.NodeColumns) *columnReader {
	return &columnReader{c.Properties, make([]any, len(c.Properties)), make([]any, len(c.Properties))}
}

// targets returns where to scan what comes first, and then the columns.
func (r *columnReader) targets(first ...any) []any {
	for i := range r.raw {
		first = append(first, &r.raw[i])
	}
	return first
}

// take returns what has been scanned. It is overwritten by the next.
func (r *columnReader) take() (_ []any, err error) {
	for i, p := range r.props {
		if r.values[i] = r.raw[i]; r.raw[i] == nil {
			continue
		}
		if r.values[i], err = decode(p, r.raw[i]); err != nil {
			return nil, fmt.Errorf("stored %s: %w", p.Name, err)
		}
	}
	return r.values, nil
}

// list writes the columns behind others.
func (r *columnReader) list() string {
	if len(r.props) == 0 {
		return ""
	}
	return ", " + selectValues(r.props, "n")
}

func projectNodes(ctx context.Context, tx *sql.Tx, kind int, c store.NodeColumns, yield func(int, int64, string, []any) error) error {
	r := newColumnReader(c)
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select n."key", n."id"%s from %s n`, r.list(), quote(c.Type.Name)))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var key int64
	var id string
	return r.each(rows, r.targets(&key, &id), func(values []any) error { return yield(kind, key, id, values) })
}

// each calls yield with the values of each row, which is scanned into targets.
func (r *columnReader) each(rows *sql.Rows, targets []any, yield func(values []any) error) error {
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		values, err := r.take()
		if err != nil {
			return err
		}
		if err := yield(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// shownByDefault writes the condition that a relationship is shown by default.
func shownByDefault(r *catalog.Relationship) string {
	if r.Status == nil {
		return "true"
	}
	return fmt.Sprintf("ifnull(e.%s, %s) = %[2]s", quote(r.Status.Name), literal(store.Current))
}

func projectLinks(ctx context.Context, tx *sql.Tx, kind int, r *catalog.Relationship, yield func(kind int, from, to int64) error) error {
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select e."src", e."dst" from %s e where %s`, quote(r.Name), shownByDefault(r)))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var from, to any // what is scanned into an int64 goes through reflection
	for rows.Next() {
		if err := rows.Scan(&from, &to); err != nil {
			return err
		}
		if err := yield(kind, from.(int64), to.(int64)); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Follow streams what has changed, from one snapshot.
func (s *Store) Follow(ctx context.Context, since int64, x store.Extract, changes store.Changes) (revision int64, err error) {
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		if revision, err = presentRevision(ctx, tx); err != nil || revision == since {
			return err
		}
		log, err := readLog(ctx, tx, since)
		if err == nil && log.Revision != revision {
			err = store.ErrGap
		}
		if err != nil {
			return err
		}
		changed := x.Changed(s.catalog, log)
		for k, ids := range changed.Nodes {
			if err := followNodes(ctx, tx, k, x.Nodes[k], ids, changes.Node); err != nil {
				return err
			}
		}
		for k, pairs := range changed.Links {
			if err := followLinks(ctx, tx, k, x.Links[k], pairs, changes.Link); err != nil {
				return err
			}
		}
		return nil
	})
	return revision, err
}

// readLog reads the entries after a revision, or fails with store.ErrGap.
func readLog(ctx context.Context, tx *sql.Tx, since int64) (store.Log, error) {
	log := store.Log{Revision: since}
	rows, err := tx.QueryContext(ctx, `select "revision", "nodes", "relationships" from "change" where "revision" > ? order by "revision"`, since)
	if err != nil {
		return log, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var at int64
		var texts [2]string
		if err := rows.Scan(&at, &texts[0], &texts[1]); err != nil {
			return log, err
		}
		var ids [2][]string
		for i := range texts {
			if err := json.Unmarshal([]byte(texts[i]), &ids[i]); err != nil {
				return log, err
			}
		}
		if err := log.Add(at, ids[0], ids[1]); err != nil {
			return log, err
		}
	}
	return log, rows.Err()
}

func followNodes(ctx context.Context, tx *sql.Tx, kind int, c store.NodeColumns, ids []string, yield func(kind int, id string, there bool, values []any) error) error {
	if len(ids) == 0 {
		return nil
	}
	r := newColumnReader(c)
	text, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select i."value", n."key" is not null%s from json_each(?) i left join %s n on n."id" = i."value"`,
		r.list(), quote(c.Type.Name)), string(text))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var id string
	var there bool
	return r.each(rows, r.targets(&id, &there), func(values []any) error { return yield(kind, id, there, values) })
}

func followLinks(ctx context.Context, tx *sql.Tx, kind int, r *catalog.Relationship, pairs [][2]string, yield func(kind int, from, to string, there bool) error) error {
	if len(pairs) == 0 {
		return nil
	}
	text, err := json.Marshal(pairs)
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select p."value" ->> 0, p."value" ->> 1, exists (select 1 from %s e
where e."src" = (select "key" from "node_id" where "id" = p."value" ->> 0) and e."dst" = (select "key" from "node_id" where "id" = p."value" ->> 1) and %s) from json_each(?) p`,
		quote(r.Name), shownByDefault(r)), string(text))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var from, to string
	var there bool
	for rows.Next() {
		if err := rows.Scan(&from, &to, &there); err != nil {
			return err
		}
		if err := yield(kind, from, to, there); err != nil {
			return err
		}
	}
	return rows.Err()
}
