package sqlitestore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// Apply makes changes in one transaction.
func (s *Store) Apply(ctx context.Context, changes []kg.Change) (kg.Applied, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.RLock()
	defer s.mu.RUnlock()
	out, err := s.apply(ctx, changes)
	var invalid *store.Invalid
	if errors.As(err, &invalid) {
		return out, err
	}
	return out, s.translate(ctx, err)
}

func (s *Store) apply(ctx context.Context, changes []kg.Change) (kg.Applied, error) {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return kg.Applied{}, err
	}
	defer func() { _ = tx.Rollback() }()
	w, err := newWriter(ctx, tx, s)
	if err != nil {
		return kg.Applied{}, err
	}
	if err := w.all(changes); err != nil {
		return kg.Applied{}, err
	}
	if err := w.rank(); err != nil {
		return kg.Applied{}, err
	}
	if err := w.addDegrees(); err != nil {
		return kg.Applied{}, err
	}
	if err := w.index(); err != nil {
		return kg.Applied{}, err
	}
	if err := w.log(s.now(), w.nodes, w.rels); err != nil {
		return kg.Applied{}, err
	}
	return w.done, tx.Commit()
}

// writer makes changes within one transaction.
type writer struct {
	ctx context.Context
	// rows is the context of the statements of single rows: they are too short
	// to be cancelled, and a context that can be would cost a goroutine each.
	rows    context.Context
	tx      *sql.Tx
	store   *Store
	catalog *catalog.Catalog
	merger  store.Merger // with the ranks before the write
	layouts layouts
	loading bool // whether every node that there is has come through this writer
	early   int  // changes that a refused batch of a load has merged already
	stmts   map[string]*sql.Stmt
	nextKey int64
	keys    map[string]int64  // of nodes met so far, by id; 0 when absent
	present map[string]string // the ids of nodes, by those former ids that have been met
	degrees map[*catalog.RelationshipField]map[int64]int
	changed map[int64]touched // nodes that are searched, by key
	nodes   []string          // ids of changed nodes, for the log
	rels    []string
	done    kg.Applied
}

func newWriter(ctx context.Context, tx *sql.Tx, s *Store) (*writer, error) {
	w := &writer{
		ctx: ctx, rows: context.WithoutCancel(ctx), tx: tx, store: s, catalog: s.catalog, layouts: s.layouts,
		merger: store.Merger{Catalog: s.catalog}, stmts: map[string]*sql.Stmt{}, keys: map[string]int64{}, present: map[string]string{},
		degrees: map[*catalog.RelationshipField]map[int64]int{}, changed: map[int64]touched{},
	}
	err := tx.QueryRowContext(ctx, `select coalesce((select cast("value" as integer) from "meta" where "name" = 'next_key'), 1)`).Scan(&w.nextKey)
	if err != nil {
		return nil, err
	}
	if w.merger.Ranks, err = w.ranks(); err != nil {
		return nil, err
	}
	return w, tx.QueryRowContext(ctx, `select coalesce(max("revision"), 0) from "change"`).Scan(&w.done.Revision)
}

// all makes changes, or reports all that are invalid.
func (w *writer) all(changes []kg.Change) error {
	invalid := &store.Invalid{}
	for i, ch := range changes {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		ch, bad := store.Fit(w.catalog, ch)
		var err error
		switch {
		case bad != nil:
		case ch.Node != nil && ch.Action == kg.Delete:
			err = w.deleteNode(ch.Node.ID)
		case ch.Node != nil:
			bad, err = w.node(ch)
		case ch.Action == kg.Delete:
			err = w.deleteRelationship(ch.Relationship)
		default:
			bad, err = w.relationship(ch)
		}
		if err != nil {
			return err
		}
		if bad != nil {
			invalid.Add(i, "%s", bad)
		}
	}
	if len(invalid.Reasons) > 0 {
		return invalid
	}
	return nil
}

// node merges or replaces a node. The first result says why it cannot be.
func (w *writer) node(ch kg.Change) (bad, err error) {
	n := ch.Node
	t := w.catalog.Type(n.Type)
	layout := w.layouts.nodes[t]
	key, err := w.key(n.ID)
	if err != nil {
		return nil, err
	}
	if ch.Node, err = store.Present(t, n, w.presentID); err != nil {
		return nil, err
	}
	if key == 0 {
		merged, _ := w.merger.Node(nil, ch)
		if bad := store.Complete(t, merged); bad != nil {
			return bad, nil
		}
		key = w.nextKey
		w.nextKey++
		w.keys[n.ID] = key
		w.done.Created++
		w.nodes = append(w.nodes, n.ID)
		if _, err := w.exec(`insert into "node_id" values (?, ?, ?)`, n.ID, key, t.Name); err != nil {
			return nil, err
		}
		if bad, err := w.formerIDs(t, merged, key); bad != nil || err != nil {
			return bad, err
		}
		w.touch(t, key)
		_, err := w.exec(layout.insert, append([]any{key}, layout.nodeValues(merged)...)...)
		return nil, err
	}
	old, err := w.readNode(t, key)
	if err != nil {
		return nil, err
	}
	merged, changed := w.merger.Node(old, ch)
	if !changed {
		w.done.Unchanged++
		return nil, nil
	}
	if bad := store.Complete(t, merged); ch.Action == kg.Replace && bad != nil {
		return bad, nil
	}
	w.done.Updated++
	w.nodes = append(w.nodes, merged.ID)
	for _, id := range old.FormerIDs {
		if id != merged.ID && !slices.Contains(merged.FormerIDs, id) {
			if err := w.forget(id); err != nil {
				return nil, err
			}
		}
	}
	if bad, err := w.formerIDs(t, merged, key); bad != nil || err != nil {
		return bad, err
	}
	w.touch(t, key)
	_, err = w.exec(layout.update, append(layout.nodeValues(merged), key)...)
	return nil, err
}

// touch notes that a node is to be indexed. A load indexes all at its end.
func (w *writer) touch(t *catalog.Type, key int64) {
	if t.Search != nil && !w.loading {
		w.changed[key] = touched{t, true}
	}
}

// formerIDs makes a node answer to its former ids.
func (w *writer) formerIDs(t *catalog.Type, n *kg.Node, key int64) (bad, err error) {
	for _, id := range n.FormerIDs {
		there, err := w.key(id)
		if err != nil {
			return nil, err
		}
		if there != 0 && there != key {
			return errors.New("former id " + strconv.Quote(id) + " is the id of another node"), nil
		}
		if there == 0 {
			w.keys[id], w.present[id] = key, n.ID
			if _, err := w.exec(`insert into "node_id" values (?, ?, ?)`, id, key, t.Name); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

// ends returns the keys of the ends of a relationship, 0 for those that are
// absent.
func (w *writer) ends(r *kg.Relationship) (out [2]int64, err error) {
	for i, id := range []string{r.From, r.To} {
		if out[i], err = w.key(id); err != nil {
			return out, err
		}
	}
	return out, nil
}

// relationship merges or replaces a relationship. The first result says why it
// cannot be.
func (w *writer) relationship(ch kg.Change) (bad, err error) {
	r := ch.Relationship
	t := w.catalog.Relationship(r.Type)
	layout := w.layouts.relationships[t]
	ends, err := w.ends(r)
	if err != nil {
		return nil, err
	}
	for i, id := range []string{r.From, r.To} {
		if ends[i] == 0 {
			return errors.New(r.Type + ": there is no node " + strconv.Quote(id)), nil
		}
	}
	disc := t.Discriminator(r.Properties)
	merged, _ := w.merger.Relationship(nil, ch)
	if bad := store.CompleteRelationship(t, merged); bad != nil {
		return bad, nil
	}
	at := []any{ends[0], ends[1], disc}
	res, err := w.exec(layout.insert, append(at, layout.relationshipValues(merged)...)...)
	if err != nil {
		return nil, err
	}
	visible, delta := store.Visible(t, merged.Properties), 1
	if added, err := res.RowsAffected(); err != nil || added == 0 {
		old, err := w.readRelationship(t, r, at)
		if err != nil {
			return nil, err
		}
		var changed bool
		if merged, changed = w.merger.Relationship(old, ch); !changed {
			w.done.Unchanged++
			return nil, nil
		}
		w.done.Updated++
		if _, err := w.exec(layout.update, append(layout.relationshipValues(merged), at...)...); err != nil {
			return nil, err
		}
		was := store.Visible(t, old.Properties)
		visible = store.Visible(t, merged.Properties)
		if was == visible {
			delta = 0
		} else if was {
			delta = -1
		}
		visible = true
	} else {
		w.done.Created++
	}
	w.rels = append(w.rels, w.relationshipID(t, merged))
	if visible && delta != 0 {
		w.count(t, r, ends, delta)
	}
	return nil, nil
}

// relationshipID returns the id of a relationship between the nodes' present
// ids, under which it stands in the log.
func (w *writer) relationshipID(t *catalog.Relationship, r *kg.Relationship) string {
	between := *r
	for _, end := range []*string{&between.From, &between.To} {
		if id, former := w.present[*end]; former {
			*end = id
		}
	}
	return t.ID(&between)
}

// count notes that fields see one relationship more or less.
func (w *writer) count(t *catalog.Relationship, r *kg.Relationship, ends [2]int64, delta int) {
	for _, f := range w.catalog.Fields(t, w.catalog.TypeOfID(r.From), w.catalog.TypeOfID(r.To)) {
		if w.degrees[f] == nil {
			w.degrees[f] = map[int64]int{}
		}
		key := ends[0]
		if f.Direction == catalog.In {
			key = ends[1]
		}
		w.degrees[f][key] += delta
	}
}

func (w *writer) addDegrees() error {
	for f, deltas := range w.degrees {
		text := "update " + quote(f.Owner.Name) + " set " + quote(f.Degree()) + " = " + quote(f.Degree()) + ` + ? where "key" = ?`
		for key, d := range deltas {
			if d == 0 {
				continue
			}
			if _, err := w.exec(text, d, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// log raises the revision when anything has changed and appends what did.
func (w *writer) log(at time.Time, nodes, rels []string) error {
	if w.done.Changes() == 0 {
		return nil
	}
	w.done.Revision++
	if _, err := w.exec(`insert or replace into "meta" values ('next_key', ?)`, strconv.FormatInt(w.nextKey, 10)); err != nil {
		return err
	}
	_, err := w.exec(`insert into "change" values (?, ?, ?, ?)`, w.done.Revision, at.UTC().Format(time.RFC3339),
		string(answer.AppendStrings(nil, nodes)), string(answer.AppendStrings(nil, rels)))
	return err
}

// key returns the key of a node, by id or former id, or 0.
func (w *writer) key(id string) (int64, error) {
	if key, ok := w.keys[id]; ok || w.loading {
		return key, nil
	}
	st, err := w.prepare(`select i."key", n."id" from "node_id" i join ` + quote(w.catalog.TypeOfID(id).Name) + ` n on n."key" = i."key" where i."id" = ?`)
	if err != nil {
		return 0, err
	}
	var key int64
	var present string
	if err := st.QueryRowContext(w.rows, id).Scan(&key, &present); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	if w.keys[id] = key; key != 0 && present != id {
		w.present[id] = present
	}
	return key, nil
}

// presentID returns the id of the node that an id or former id names, or the
// same when it names none.
func (w *writer) presentID(id string) (string, error) {
	if w.catalog.TypeOfID(id) == nil {
		return id, nil
	}
	if _, err := w.key(id); err != nil {
		return "", err
	}
	return cmp.Or(w.present[id], id), nil
}

// exec runs a statement that is prepared once in the transaction.
func (w *writer) exec(text string, args ...any) (sql.Result, error) {
	st, err := w.prepare(text)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(w.rows, args...)
}

func (w *writer) prepare(text string) (*sql.Stmt, error) {
	if st := w.stmts[text]; st != nil {
		return st, nil
	}
	st, err := w.tx.PrepareContext(w.ctx, text)
	if err == nil {
		w.stmts[text] = st
	}
	return st, err
}
