package sqlitestore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strconv"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/store"
)

// Project streams an extract from one snapshot. Keys are those of the nodes.
func (s *Store) Project(ctx context.Context, x store.Extract, rows store.Rows) (revision int64, err error) {
	// Two that each hold some connections and wait for more would wait for ever.
	s.projecting.Lock()
	defer s.projecting.Unlock()
	err = s.snapshot(ctx, runtime.GOMAXPROCS(0), func(txs []*sql.Tx, present int64) error {
		revision = present
		if err := projectNodes(ctx, txs, x.Nodes, rows.Node); err != nil {
			return err
		}
		return projectLinks(ctx, txs, x.Links, rows.Link)
	})
	return revision, err
}

// snapshot reads in so many transactions of one revision. Every write raises the
// revision, so that they see the same.
func (s *Store) snapshot(ctx context.Context, n int, read func(txs []*sql.Tx, revision int64) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for {
		txs, revisions, err := s.begin(ctx, n)
		same := err == nil && slices.Max(revisions) == slices.Min(revisions)
		if same {
			err = read(txs, revisions[0])
		}
		end(txs)
		if err != nil || same {
			return s.translate(ctx, err)
		}
	}
}

// begin begins transactions, each with the revision that it sees.
func (s *Store) begin(ctx context.Context, n int) (txs []*sql.Tx, revisions []int64, err error) {
	for range n {
		tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return txs, nil, err
		}
		txs = append(txs, tx)
		var revision int64
		if err := tx.QueryRowContext(ctx, `select coalesce(max("revision"), 0) from "change"`).Scan(&revision); err != nil {
			return txs, nil, err
		}
		revisions = append(revisions, revision)
	}
	return txs, revisions, nil
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

// nodeRows are rows of nodes, with the values of all in one list.
type nodeRows struct {
	keys   []int64
	ids    []string
	values []any
}

func projectNodes(ctx context.Context, txs []*sql.Tx, of []store.NodeColumns, yield func(kind int, key int64, id string, values []any) error) error {
	all, err := parts(ctx, txs[0], len(of), func(k int) string { return of[k].Type.Name }, "key")
	if err != nil {
		return err
	}
	return readParts(ctx, txs, all, func(ctx context.Context, tx *sql.Tx, p part) (nodeRows, error) {
		return readNodes(ctx, tx, of[p.kind], p)
	}, func(kind int, n nodeRows) error {
		width := len(of[kind].Properties)
		for i, key := range n.keys {
			if err := yield(kind, key, n.ids[i], n.values[i*width:(i+1)*width]); err != nil {
				return err
			}
		}
		return nil
	})
}

func readNodes(ctx context.Context, tx *sql.Tx, c store.NodeColumns, p part) (nodeRows, error) {
	out, r := nodeRows{values: []any{}}, newColumnReader(c)
	text := fmt.Sprintf(`select n."key", n."id"%s from %s n where n."key" between ? and ?`, r.list(), quote(c.Type.Name))
	rows, err := tx.QueryContext(ctx, text, p.from, p.to)
	if err != nil {
		return out, err
	}
	defer func() { _ = rows.Close() }()
	var key int64
	var id string
	return out, r.each(rows, r.targets(&key, &id), func(values []any) error {
		out.keys, out.ids, out.values = append(out.keys, key), append(out.ids, id), append(out.values, values...)
		return nil
	})
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

func projectLinks(ctx context.Context, txs []*sql.Tx, of []*catalog.Relationship, yield func(kind int, from, to int64) error) error {
	all, err := parts(ctx, txs[0], len(of), func(k int) string { return of[k].Name }, "src")
	if err != nil {
		return err
	}
	return readParts(ctx, txs, all, func(ctx context.Context, tx *sql.Tx, p part) ([][2]int64, error) {
		return readLinks(ctx, tx, of[p.kind], p)
	}, func(kind int, links [][2]int64) error {
		for _, l := range links {
			if err := yield(kind, l[0], l[1]); err != nil {
				return err
			}
		}
		return nil
	})
}

// readLinks reads one row for each node that is left: rows cost more than what
// they hold.
func readLinks(ctx context.Context, tx *sql.Tx, r *catalog.Relationship, p part) (out [][2]int64, err error) {
	text := fmt.Sprintf(`select e."src", group_concat(e."dst", ' ') from %s e where e."src" between ? and ? and %s group by e."src"`, quote(r.Name), shownByDefault(r))
	rows, err := tx.QueryContext(ctx, text, p.from, p.to)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var from any // what is scanned into an int64 goes through reflection
	var ends sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&from, &ends); err != nil {
			return nil, err
		}
		for end := range bytes.SplitSeq(ends, []byte{' '}) {
			to, err := strconv.ParseInt(string(end), 10, 64)
			if err != nil {
				return nil, err
			}
			out = append(out, [2]int64{from.(int64), to})
		}
	}
	return out, rows.Err()
}

// Follow streams what has changed, from one snapshot.
func (s *Store) Follow(ctx context.Context, since int64, x store.Extract, changes store.Changes) (revision int64, err error) {
	err = s.snapshot(ctx, 1, func(txs []*sql.Tx, present int64) error {
		if revision = present; revision == since {
			return nil
		}
		tx := txs[0]
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

// Neighbours streams neighbours from one snapshot, a statement for each frontier.
func (s *Store) Neighbours(ctx context.Context, revision int64, frontiers []store.Frontier, yield func(frontier, node int, neighbour string) error) error {
	return s.snapshot(ctx, 1, func(txs []*sql.Tx, present int64) (err error) {
		if present != revision {
			return store.ErrMoved
		}
		for i := 0; i < len(frontiers) && err == nil; i++ {
			err = neighbours(ctx, txs[0], frontiers[i], func(node int, neighbour string) error { return yield(i, node, neighbour) })
		}
		return err
	})
}

func neighbours(ctx context.Context, tx *sql.Tx, f store.Frontier, yield func(node int, neighbour string) error) error {
	near, far := "src", "dst"
	if f.In {
		near, far = far, near
	}
	text, err := json.Marshal(f.IDs)
	if err != nil {
		return err
	}
	// Cross joins keep the order: from the nodes to their neighbours.
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select i."key", m."id" from json_each(?) i
cross join %s n on n."id" = i."value" cross join %s e on e.%s = n."key" cross join %s m on m."key" = e.%s where %s`,
		quote(f.Of.Name), quote(f.Link.Name), quote(near), quote(f.To.Name), quote(far), shownByDefault(f.Link)), string(text))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var node int
	var neighbour string
	for rows.Next() {
		if err := rows.Scan(&node, &neighbour); err != nil {
			return err
		}
		if err := yield(node, neighbour); err != nil {
			return err
		}
	}
	return rows.Err()
}
