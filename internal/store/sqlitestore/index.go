package sqlitestore

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/store"
)

// relationships writes how many relationships a node of a type has.
func relationships(t *catalog.Type, alias string) string {
	counts := []string{"0"}
	for _, f := range t.Fields {
		counts = append(counts, alias+"."+quote(f.Degree()))
	}
	return strings.Join(counts, " + ")
}

// touched is a node that a writer has changed, or whose degrees it has.
type touched struct {
	typ     *catalog.Type
	rewrite bool // whether its properties may have changed
}

// index brings what is searched up to date with what has been written.
func (w *writer) index() error {
	all := w.changed
	for f, deltas := range w.degrees {
		for key, d := range deltas {
			if _, there := all[key]; !there && d != 0 && f.Owner.Search != nil {
				all[key] = touched{typ: f.Owner}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if err := w.indexNode(key, all[key]); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) indexNode(key int64, t touched) error {
	st, err := w.prepare(fmt.Sprintf(`select (select %s from %s n where "key" = ?1), (select "prominence" from "search" where "key" = ?1)`, relationships(t.typ, "n"), quote(t.typ.Name)))
	if err != nil {
		return err
	}
	var degrees, was sql.NullInt64
	if err := st.QueryRowContext(w.rows, key).Scan(&degrees, &was); err != nil {
		return err
	}
	prominence := store.Prominence(t.typ, degrees.Int64)
	if was.Valid && degrees.Valid && was.Int64 == prominence && !t.rewrite {
		return nil
	}
	if was.Valid {
		if _, err := w.exec(`delete from "search_index" where rowid = ?`, rank(key, was.Int64)); err != nil {
			return err
		}
	}
	if !degrees.Valid { // the node is gone
		_, err := w.exec(`delete from "search" where "key" = ?`, key)
		return err
	}
	n, err := w.readNode(t.typ, key)
	if err != nil {
		return err
	}
	_, err = w.exec(`insert or replace into "search" values (?, ?, ?)`, key, prominence, n.ID)
	return errors.Join(err, w.addTokens(t.typ, key, prominence, n.Properties))
}

func (w *writer) addTokens(t *catalog.Type, key, prominence int64, props map[string]any) error {
	_, err := w.exec(`insert into "search_index" (rowid, "tokens") values (?, ?)`, rank(key, prominence), strings.Join(store.Tokens(t, props), " "))
	return err
}

// indexBatch is how many nodes are read at a time to be indexed.
const indexBatch = 1000

// indexAll indexes all nodes anew.
func (w *writer) indexAll() error {
	for _, text := range []string{`insert into "search_index" ("search_index") values ('delete-all')`, `delete from "search"`} {
		if _, err := w.exec(text); err != nil {
			return err
		}
	}
	for _, t := range w.catalog.Searched() {
		for after := int64(0); after >= 0; {
			var err error
			if after, err = w.indexSome(t, after); err != nil {
				return err
			}
		}
	}
	// In one piece it is searched several times as fast.
	_, err := w.exec(`insert into "search_index" ("search_index") values ('optimize')`)
	return err
}

// indexSome indexes nodes of a type whose keys come after one. It returns the
// last of them, or -1 when there are no more.
func (w *writer) indexSome(t *catalog.Type, after int64) (int64, error) {
	st, err := w.prepare(fmt.Sprintf(`select n."key", %s, %s from %s n where n."key" > ? order by n."key" limit %d`,
		relationships(t, "n"), selectValues(t.Properties, "n"), quote(t.Name), indexBatch))
	if err != nil {
		return 0, err
	}
	rows, err := st.QueryContext(w.ctx, after)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	var degrees int64
	n := 0
	r := newReader(t.Properties)
	for targets := append([]any{&after, &degrees}, r.targets()...); rows.Next(); n++ {
		if err := rows.Scan(targets...); err != nil {
			return 0, err
		}
		id, props, _, err := r.take()
		if err != nil {
			return 0, err
		}
		prominence := store.Prominence(t, degrees)
		if _, err := w.exec(`insert into "search" values (?, ?, ?)`, after, prominence, id); err != nil {
			return 0, err
		}
		if err := w.addTokens(t, after, prominence, props); err != nil {
			return 0, err
		}
	}
	if err := rows.Err(); err != nil || n < indexBatch {
		return -1, err
	}
	return after, nil
}
