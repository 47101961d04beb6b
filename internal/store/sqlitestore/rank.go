package sqlitestore

import (
	"fmt"
	"maps"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// ranks reads the ranks of all sources that have one.
func (w *writer) ranks() (store.Ranks, error) {
	p := w.catalog.Precedence
	if p == nil {
		return nil, nil
	}
	number, date := quote(p.Number.Name), quote(p.Date.Name)
	rows, err := w.tx.QueryContext(w.ctx, fmt.Sprintf(`select "id", %s, %s from %s where %[1]s is not null or %[2]s is not null`, number, date, quote(p.Type.Name)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := store.Ranks{}
	for rows.Next() {
		var id string
		var n, d any
		if err := rows.Scan(&id, &n, &d); err != nil {
			return nil, err
		}
		out[id] = store.RankOf(n, d)
	}
	return out, rows.Err()
}

// rank shows anew what records disagree about, when the ranks of sources have
// changed.
func (w *writer) rank() error {
	ranks, err := w.ranks()
	if err != nil || maps.Equal(ranks, w.merger.Ranks) {
		return err
	}
	w.merger.Ranks = ranks
	changes, err := w.disputed()
	if err != nil {
		return err
	}
	unchanged := w.done.Unchanged
	err = w.all(changes)
	w.done.Unchanged = unchanged
	return err
}

// disputed returns what records disagree about, as changes that add nothing.
func (w *writer) disputed() (out []kg.Change, err error) {
	err = w.store.scan(w.ctx, w.tx, func(props []*catalog.Property, alias string) string {
		if !slices.ContainsFunc(props, func(p *catalog.Property) bool { return p.Name == catalog.Disagreements }) {
			return "where false"
		}
		return fmt.Sprintf("where %s.%s is not null", alias, quote(catalog.Disagreements))
	}, func(ch kg.Change) error {
		out = append(out, ch)
		return nil
	})
	return out, err
}
