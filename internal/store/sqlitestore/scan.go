package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// Scan streams the graph from one snapshot.
func (s *Store) Scan(ctx context.Context, yield func(kg.Change) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s.translate(ctx, err)
	}
	defer func() { _ = tx.Rollback() }()
	return s.scan(ctx, tx, func([]*catalog.Property, string) string { return "" }, yield)
}

// scan streams what meets a condition, which is given the properties of a type
// and the name of its table.
func (s *Store) scan(ctx context.Context, tx *sql.Tx, where func(props []*catalog.Property, alias string) string, yield func(kg.Change) error) error {
	for _, t := range s.catalog.Types {
		if err := s.scanNodes(ctx, tx, t, where(t.Properties, "n"), yield); err != nil {
			return err
		}
	}
	for _, r := range s.catalog.Relationships {
		for _, from := range r.Sources() {
			if err := s.scanRelationships(ctx, tx, r, from, where(r.Properties, "e"), yield); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) scanNodes(ctx context.Context, tx *sql.Tx, t *catalog.Type, where string, yield func(kg.Change) error) error {
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select %s, n.%s from %s n %s order by n."id"`, selectValues(t.Properties, "n"), quote(formerIDs), quote(t.Name), where))
	if err != nil {
		return s.translate(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	r := newReader(t.Properties)
	var former sql.NullString
	targets := append(r.targets(), &former)
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return s.translate(ctx, err)
		}
		n, err := r.node(t, former)
		if err != nil {
			return err
		}
		if err := yield(kg.Change{Node: n}); err != nil {
			return err
		}
	}
	return s.translate(ctx, rows.Err())
}

// scanRelationships streams the relationships that leave nodes of a type by
// the ids of both ends.
func (s *Store) scanRelationships(ctx context.Context, tx *sql.Tx, t *catalog.Relationship, from *catalog.Type, where string, yield func(kg.Change) error) error {
	var targets, joins []string
	for i, e := range t.Ends {
		if e.From == from {
			targets = append(targets, fmt.Sprintf(`d%d."id"`, i))
			joins = append(joins, fmt.Sprintf(` left join %s d%d on d%[2]d."key" = e."dst"`, quote(e.To.Name), i))
		}
	}
	to := targets[0]
	if len(targets) > 1 {
		to = "coalesce(" + strings.Join(targets, ", ") + ")"
	}
	cols := ""
	if len(t.Properties) > 0 {
		cols = ", " + selectValues(t.Properties, "e")
	}
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`select s."id", %s as "to"%s from %s s cross join %s e on e."src" = s."key"%s %s order by s."id", "to", e.%s`,
		to, cols, quote(from.Name), quote(t.Name), strings.Join(joins, ""), where, quote(discriminator)))
	if err != nil {
		return s.translate(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	rel := &kg.Relationship{Type: t.Name}
	r := newReader(t.Properties)
	into := append([]any{&rel.From, &rel.To}, r.targets()...)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return s.translate(ctx, err)
		}
		if _, rel.Properties, rel.Records, err = r.take(); err != nil {
			return err
		}
		if err := yield(kg.Change{Relationship: &kg.Relationship{Type: rel.Type, From: rel.From, To: rel.To, Properties: rel.Properties, Records: rel.Records}}); err != nil {
			return err
		}
	}
	return s.translate(ctx, rows.Err())
}
