package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"
)

// part is a range of a table's rows by a column of keys.
type part struct {
	kind     int // of what is extracted
	from, to int64
}

// partKeys is how many keys a part spans: few enough that what has been read of it
// takes little memory and that all transactions end together.
const partKeys = 1 << 14

// parts returns the parts of n tables by a column with which an index of each
// begins.
func parts(ctx context.Context, tx *sql.Tx, n int, table func(kind int) string, column string) (out []part, err error) {
	for kind := range n {
		var first, last sql.NullInt64
		text := fmt.Sprintf("select (select min(%s) from %s), (select max(%[1]s) from %[2]s)", quote(column), quote(table(kind)))
		if err := tx.QueryRowContext(ctx, text).Scan(&first, &last); err != nil {
			return nil, err
		}
		for at := first.Int64; first.Valid && at <= last.Int64; at += partKeys {
			out = append(out, part{kind, at, at + partKeys - 1})
		}
	}
	return out, nil
}

// readParts reads parts in several transactions side by side, and yields what each
// holds, one at a time and in any order.
func readParts[T any](ctx context.Context, txs []*sql.Tx, all []part, read func(context.Context, *sql.Tx, part) (T, error), yield func(kind int, rows T) error) error {
	todo := make(chan part, len(all))
	for _, p := range all {
		todo <- p
	}
	close(todo)
	var yielding sync.Mutex
	readers, ctx := errgroup.WithContext(ctx)
	for _, tx := range txs {
		readers.Go(func() error {
			for p := range todo {
				rows, err := read(ctx, tx, p)
				if err != nil {
					return err
				}
				yielding.Lock()
				err = yield(p.kind, rows)
				yielding.Unlock()
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	return readers.Wait()
}

// end ends transactions that have only read.
func end(txs []*sql.Tx) {
	for _, tx := range txs {
		_ = tx.Rollback()
	}
}
