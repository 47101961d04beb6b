// Package sqlitestore keeps a graph in one SQLite file. It is the embedded
// default of the service and the reference for every other store: one SELECT
// makes the finished JSON of an answer.
package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/gofrs/flock"
	lru "github.com/hashicorp/golang-lru/v2"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// Store is a graph in a SQLite file.
type Store struct {
	path    string
	catalog *catalog.Catalog
	layouts layouts
	now     func() time.Time
	// lock is held by every process that has the store open, and by one alone
	// while it loads. It stands beside the file, which a load replaces.
	lock *flock.Flock

	mu    sync.RWMutex // held for writing while Load puts another file in place
	read  *sql.DB
	write *sql.DB
	stmts *lru.Cache[string, *sql.Stmt]

	writing    sync.Mutex // one writer at a time
	projecting sync.Mutex // one Project at a time
}

// Options are what a store may be told.
type Options struct {
	// Now is the clock of the change log; time.Now when nil.
	Now func() time.Time
}

// preparedStatements is how many statements are kept prepared.
const preparedStatements = 500

// Open opens the file of a graph, or makes an empty one. A file that holds
// another model is migrated where only types and properties have been added,
// and refused otherwise. Its errors say what is wrong with the file.
func Open(ctx context.Context, path string, c *catalog.Catalog, opts Options) (*Store, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	s := &Store{path: path, catalog: c, layouts: newLayouts(c), now: opts.Now, lock: flock.New(path + ".lock")}
	if err := s.open(ctx); err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if err := usable(s.path); err != nil {
		return err
	}
	free, err := s.lock.TryRLock()
	if err != nil {
		return fmt.Errorf("the file cannot be locked: %w", reason(err))
	}
	if !free {
		return errors.New("another program is filling it")
	}
	if err := s.openPools(ctx); err != nil {
		return errors.Join(err, s.lock.Unlock())
	}
	return nil
}

// openPools opens the pools on the file and makes what it lacks.
func (s *Store) openPools(ctx context.Context) (err error) {
	if s.write, err = openPool(s.path, "rw", 1, "journal_mode(wal)", "synchronous(normal)"); err != nil {
		return err
	}
	if err := s.Init(ctx); err != nil {
		_ = s.write.Close()
		return plain(err)
	}
	if s.read, err = openPool(s.path, "rw", 2*runtime.GOMAXPROCS(0), "query_only(1)"); err != nil {
		_ = s.write.Close()
		return err
	}
	s.stmts, err = lru.NewWithEvict(preparedStatements, func(_ string, st *sql.Stmt) { _ = st.Close() })
	return err
}

// usable reports in words why a file cannot be a store; SQLite's own messages
// do not tell a missing folder from a missing right.
func usable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		dir := filepath.Dir(path)
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Errorf("there is no folder %s", dir)
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
		if err != nil {
			return fmt.Errorf("the file cannot be made: %w", reason(err))
		}
		return f.Close()
	case err != nil:
		return reason(err)
	case info.IsDir():
		return fmt.Errorf("it is a folder, not a file")
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("the file cannot be opened for writing: %w", reason(err))
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 16)
	if n, _ := f.Read(head); n > 0 && string(head) != "SQLite format 3\x00" {
		return fmt.Errorf("the file is no SQLite database")
	}
	return nil
}

// reason returns the cause of a file error without the path, which stands in
// the message already.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// openPool opens connections to a file, which mode "rw" asks to be there: a
// file that goes away is an error, not an empty graph.
func openPool(path, mode string, conns int, pragmas ...string) (*sql.DB, error) {
	q := url.Values{"mode": {mode}, "_pragma": append([]string{"busy_timeout(5000)", "cache_size(-65536)", "mmap_size(268435456)"}, pragmas...)}
	if conns == 1 { // the writer, which must not find out late that it has to wait
		q.Set("_txlock", "immediate")
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// Init makes tables and indexes that are missing and checks that the file
// holds this model.
func (s *Store) Init(ctx context.Context) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, baseTables+dropSamples); err != nil {
		return err
	}
	if err := s.migrate(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// migrate brings the file to the catalog: new tables, columns and indexes are
// added, anything else is refused.
func (s *Store) migrate(ctx context.Context, tx *sql.Tx) error {
	meta := map[string]string{}
	rows, err := tx.QueryContext(ctx, `select "name", "value" from "meta"`)
	if err != nil {
		return err
	}
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return err
		}
		meta[name] = value
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	version := fmt.Sprint(FormatVersion)
	switch {
	case meta["format"] != "" && meta["format"] != version:
		return fmt.Errorf("the file has format %s and this program knows format %s: use a newer maillage, or export it there and import it here", meta["format"], version)
	case meta["catalog"] == s.catalog.Hash:
		return nil
	case meta["model"] != "":
		if gone := catalog.Missing(meta["model"], s.catalog.String()); gone != "" {
			return fmt.Errorf("the file holds a model that this program does not extend (%s): export it with the program that made it, then import it here", gone)
		}
	}
	added, err := s.addColumns(ctx, tx)
	if err != nil {
		return err
	}
	texts := append(tables(s.catalog), indexes(s.catalog)...)
	for _, f := range added {
		texts = append(texts, degreeCount(f))
	}
	for _, text := range texts {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	w, err := newWriter(ctx, tx, s)
	if err != nil {
		return err
	}
	if err := w.indexAll(); err != nil {
		return err
	}
	return s.writeMeta(ctx, tx)
}

// addColumns adds the columns that tables of an older model lack. It returns
// the fields whose degrees are among them, to be counted.
func (s *Store) addColumns(ctx context.Context, tx *sql.Tx) (degrees []*catalog.RelationshipField, err error) {
	for _, t := range s.catalog.Types {
		added, err := addTo(ctx, tx, t.Name, nodeColumns(t), t.Properties)
		if err != nil {
			return nil, err
		}
		for _, f := range t.Fields {
			if added[f.Degree()] {
				degrees = append(degrees, f)
			}
		}
	}
	for _, r := range s.catalog.Relationships {
		if _, err := addTo(ctx, tx, r.Name, propertyColumns(r.Properties), r.Properties); err != nil {
			return nil, err
		}
	}
	return degrees, nil
}

// addTo adds the columns that a table lacks, if there is the table, and gives
// its rows the sort keys of absent values. It returns what it has added.
func addTo(ctx context.Context, tx *sql.Tx, table string, want []column, props []*catalog.Property) (map[string]bool, error) {
	have, err := columnsOf(ctx, tx, table)
	if err != nil || len(have) == 0 {
		return nil, err
	}
	added := map[string]bool{}
	for _, c := range want {
		if have[c.name] {
			continue
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("alter table %s add column %s", quote(table), c.ddl())); err != nil {
			return nil, err
		}
		added[c.name] = true
	}
	for _, p := range props {
		name := store.ColumnName(p, plan.Key)
		if !p.Index || !added[name] {
			continue
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("update %s set %s = ?", quote(table), quote(name)), store.Greatest(p.Kind)); err != nil {
			return nil, err
		}
	}
	for _, p := range props {
		if p.Point() && added[store.ColumnName(p, plan.X)] {
			if err := locate(ctx, tx, table, p); err != nil {
				return nil, err
			}
		}
	}
	return added, nil
}

// locate fills the new columns of a point.
func locate(ctx context.Context, tx *sql.Tx, table string, p *catalog.Property) error {
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select "key", %s from %s where %[1]s is not null`, quote(p.Name), quote(table)))
	if err != nil {
		return err
	}
	values := map[int64]string{}
	for rows.Next() {
		var key int64
		var text string
		if err := rows.Scan(&key, &text); err != nil {
			return errors.Join(err, rows.Close())
		}
		values[key] = text
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for key, text := range values {
		for _, c := range store.Columns(p) {
			if c.Part < plan.X {
				continue
			}
			if _, err := tx.ExecContext(ctx, fmt.Sprintf(`update %s set %s = ? where "key" = ?`, quote(table), quote(c.Name)), c.Value(kg.JSON(text)), key); err != nil {
				return err
			}
		}
	}
	return nil
}

func columnsOf(ctx context.Context, tx *sql.Tx, table string) (map[string]bool, error) {
	rows, err := tx.QueryContext(ctx, `select name from pragma_table_info(?)`, table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out[name] = true
	}
	return out, rows.Err()
}

// Run answers a plan.
func (s *Store) Run(ctx context.Context, p plan.Normal) (answer.Object, error) {
	st := s.Explain(p)
	s.mu.RLock()
	defer s.mu.RUnlock()
	rows, err := s.query(ctx, st)
	if err != nil {
		return answer.Object{}, s.translate(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	var out sql.RawBytes
	if !rows.Next() {
		return answer.Object{}, s.translate(ctx, errors.Join(rows.Err(), errors.New("the statement answered no row")))
	}
	if err := rows.Scan(&out); err != nil {
		return answer.Object{}, s.translate(ctx, err)
	}
	if out == nil {
		return answer.Object{JSON: []byte("null")}, nil
	}
	return answer.Object{JSON: append([]byte(nil), out...)}, nil
}

// query runs a statement that is kept prepared. One that another goroutine has
// just dropped from the cache is prepared anew.
func (s *Store) query(ctx context.Context, st store.Statement) (*sql.Rows, error) {
	for {
		prepared, cached := s.stmts.Get(st.Text)
		if !cached {
			var err error
			if prepared, err = s.read.PrepareContext(ctx, st.Text); err != nil {
				return nil, err
			}
			s.stmts.Add(st.Text, prepared)
		}
		rows, err := prepared.QueryContext(ctx, st.Args...)
		if err == nil || !cached || err.Error() != "sql: statement is closed" {
			return rows, err
		}
		s.stmts.Remove(st.Text)
	}
}

// Explain returns the statement of a plan.
func (s *Store) Explain(p plan.Normal) store.Statement { return Compile(p, s.catalog) }

// Ready reports whether the file can be read.
func (s *Store) Ready(ctx context.Context) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var one int
	return s.translate(ctx, s.read.QueryRowContext(ctx, `select 1 from "meta" limit 1`).Scan(&one))
}

// Close closes the file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.closePools(), s.lock.Unlock())
}

func (s *Store) closePools() error {
	s.stmts.Purge()
	return errors.Join(s.read.Close(), s.write.Close())
}

// translate turns errors of the driver into those of the domain.
func (s *Store) translate(ctx context.Context, err error) error {
	var e *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return kg.Wrap(kg.Timeout, err, "the question took longer than it may")
	case ctx.Err() != nil:
		return kg.Wrap(kg.Timeout, err, "the question was withdrawn")
	case errors.As(err, &e):
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return kg.Wrap(kg.Unavailable, err, "the store is busy")
		case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return kg.Wrap(kg.Unavailable, err, "the store's file cannot be used")
		}
	}
	return err
}

// plain makes SQLite's words for a damaged file into ours.
func plain(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return errors.New("the file is damaged or no SQLite database")
		case sqlite3.SQLITE_BUSY:
			return errors.New("another program is writing to the file")
		case sqlite3.SQLITE_FULL:
			return errors.New("the disk is full")
		}
	}
	return err
}
