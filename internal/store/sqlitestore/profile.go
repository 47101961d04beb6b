package sqlitestore

import (
	"context"
	"errors"
	"strings"

	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

var _ store.Profiler = (*Store)(nil)

// Profile returns the lines of EXPLAIN QUERY PLAN, below a root of that name as
// SQLite's own shell shows them. The statement is not run: SQLite does not
// measure what it does.
func (s *Store) Profile(ctx context.Context, p plan.Normal) (store.Profile, error) {
	st := s.Explain(p)
	s.mu.RLock()
	defer s.mu.RUnlock()
	rows, err := s.read.QueryContext(ctx, "explain query plan "+st.Text, st.Args...)
	if err != nil {
		return store.Profile{}, s.translate(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	children := map[int][]line{} // by the id of the line above
	for rows.Next() {
		var l line
		var parent, unused int
		if err := rows.Scan(&l.id, &parent, &unused, &l.text); err != nil {
			return store.Profile{}, s.translate(ctx, err)
		}
		children[parent] = append(children[parent], l)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return store.Profile{}, s.translate(ctx, err)
	}
	return tree(line{text: "QUERY PLAN"}, children), nil
}

// line is a line of EXPLAIN QUERY PLAN; 0 is the id of the root, which has none.
type line struct {
	id   int
	text string
}

// tree puts the lines below a line into it.
func tree(l line, children map[int][]line) (out store.Profile) {
	out.Operator, out.Details, _ = strings.Cut(l.text, " ")
	for _, c := range children[l.id] {
		out.Children = append(out.Children, tree(c, children))
	}
	return out
}
