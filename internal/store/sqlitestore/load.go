package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// everything is what a load has changed.
var everything = []string{store.Everything}

// Load fills an empty store: it writes a file beside the store's, without
// indexes, counts degrees and builds the indexes at the end, and puts the file
// in the store's place. An interrupted load leaves the store empty. While
// another process has the store open it is not loaded, which is a CONFLICT: that
// process would go on with the file that was replaced.
func (s *Store) Load(ctx context.Context, fill func(apply func([]kg.Change) (kg.Applied, error)) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	alone, err := s.lock.TryLock()
	// A lock does not go back to being shared, and a failed attempt may lose it.
	defer func() { _ = errors.Join(s.lock.Unlock(), s.lock.RLock()) }()
	if err != nil || !alone {
		return kg.Wrap(kg.Conflict, err, "another program has the store open")
	}
	if used, err := s.used(ctx); err != nil || used {
		return kg.Wrap(kg.Conflict, s.translate(ctx, err), "the store is not empty")
	}
	temp := s.path + ".loading"
	remove := func() { _ = errors.Join(os.Remove(temp), os.Remove(temp+"-journal")) }
	remove()
	if err := s.loadFile(ctx, temp, fill); err != nil {
		remove()
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.closePools(); err != nil {
		return err
	}
	// The old file's log must not be replayed into the new file.
	_ = errors.Join(os.Remove(s.path+"-wal"), os.Remove(s.path+"-shm"))
	return errors.Join(os.Rename(temp, s.path), s.openPools(ctx))
}

// used reports whether anything has been written to the file that stands at
// the store's path now, which may be another one than was opened.
func (s *Store) used(ctx context.Context) (used bool, err error) {
	db, err := openPool(s.path, "rw", 1)
	if err != nil {
		return false, err
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(ctx, `select exists (select 1 from "change")`).Scan(&used)
	return used, err
}

func (s *Store) loadFile(ctx context.Context, path string, fill func(apply func([]kg.Change) (kg.Applied, error)) error) error {
	db, err := openPool(path, "rwc", 1, "journal_mode(off)", "synchronous(off)", "locking_mode(exclusive)")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return s.translate(ctx, err)
	}
	defer func() { _ = tx.Rollback() }()
	exec := func(texts ...string) error {
		for _, text := range texts {
			if _, err := tx.ExecContext(ctx, text); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		return nil
	}
	if err := exec(append([]string{baseTables}, tables(s.catalog)...)...); err != nil {
		return s.translate(ctx, err)
	}
	w, err := newWriter(ctx, tx, s)
	if err != nil {
		return err
	}
	w.loading = true
	if err := fill(w.load); err != nil {
		return err
	}
	if err := w.rank(); err != nil {
		return s.translate(ctx, err)
	}
	if err := exec(indexes(s.catalog)...); err != nil {
		return s.translate(ctx, err)
	}
	if err := exec(degreeCounts(s.catalog)...); err != nil {
		return s.translate(ctx, err)
	}
	if err := w.indexAll(); err != nil {
		return s.translate(ctx, err)
	}
	if err := w.log(s.now(), everything, everything); err != nil {
		return s.translate(ctx, err)
	}
	if err := s.writeMeta(ctx, tx); err != nil {
		return s.translate(ctx, err)
	}
	if err := exec("analyze"); err != nil {
		return s.translate(ctx, err)
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return errors.Join(db.Close(), syncFile(path))
}

// load applies a batch within the load. What a batch with invalid changes has
// merged already is merged again by the next try, which changes nothing; the
// next try is told that it did it.
func (w *writer) load(changes []kg.Change) (kg.Applied, error) {
	before := w.done
	err := w.all(changes)
	after := w.done
	var invalid *store.Invalid
	if errors.As(err, &invalid) {
		w.done.Unchanged = before.Unchanged
		w.early += after.Changes() - before.Changes()
		return kg.Applied{}, err
	}
	early := w.early
	w.early = 0
	clear(w.degrees)
	w.nodes, w.rels = w.nodes[:0], w.rels[:0]
	return kg.Applied{
		Revision: after.Revision + 1, Created: after.Created - before.Created + early,
		Updated: after.Updated - before.Updated, Deleted: after.Deleted - before.Deleted, Unchanged: after.Unchanged - before.Unchanged - early,
	}, err
}

// degreeCounts returns the statements that count all degrees.
func degreeCounts(c *catalog.Catalog) (out []string) {
	for _, t := range c.Types {
		for _, f := range t.Fields {
			out = append(out, degreeCount(f))
		}
	}
	return out
}

// degreeCount returns the statement that counts what a field leads to. Degrees
// that are 0 it leaves as they are.
func degreeCount(f *catalog.RelationshipField) string {
	near, far := "src", "dst"
	if f.Direction == catalog.In {
		near, far = far, near
	}
	var where []string
	from := quote(f.Relationship.Name) + " e"
	if !f.Exclusive() {
		from += fmt.Sprintf(` join %s n on n."key" = e.%s`, quote(f.Target.Name), quote(far))
	}
	if st := f.Relationship.Status; st != nil {
		where = append(where, fmt.Sprintf("ifnull(e.%s, %s) = %[2]s", quote(st.Name), literal(store.Current)))
	}
	return fmt.Sprintf(`update %s set %s = d."count" from (select e.%s as "key", count(*) as "count" from %s%s group by 1) d where d."key" = %[1]s."key"`,
		quote(f.Owner.Name), quote(f.Degree()), quote(near), from, and(where))
}

// syncFile makes sure that a file is on the disk before it takes its place.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// writeMeta notes what the file holds.
func (s *Store) writeMeta(ctx context.Context, tx *sql.Tx) error {
	for name, value := range map[string]string{"format": fmt.Sprint(FormatVersion), "catalog": s.catalog.Hash, "model": s.catalog.String()} {
		if _, err := tx.ExecContext(ctx, `insert or replace into "meta" values (?, ?)`, name, value); err != nil {
			return err
		}
	}
	return nil
}
