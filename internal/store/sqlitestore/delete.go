package sqlitestore

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// deleteNode deletes the node of an id with all its relationships.
func (w *writer) deleteNode(id string) error {
	t := w.catalog.TypeOfID(id)
	key, err := w.key(id)
	if err != nil {
		return err
	}
	var n *kg.Node
	if key != 0 {
		if n, err = w.readNode(t, key); err != nil {
			return err
		}
	}
	if n == nil || n.ID != id {
		w.done.Unchanged++
		return nil
	}
	if err := w.detach(t, n.ID, key); err != nil {
		return err
	}
	for _, id := range append(n.FormerIDs, n.ID) {
		if err := w.forget(id); err != nil {
			return err
		}
	}
	w.done.Deleted++
	w.nodes = append(w.nodes, n.ID)
	w.touch(t, key)
	_, err = w.exec(fmt.Sprintf(`delete from %s where "key" = ?`, quote(t.Name)), key)
	return err
}

// forget makes an id one of no node.
func (w *writer) forget(id string) error {
	w.keys[id] = 0
	delete(w.present, id)
	_, err := w.exec(`delete from "node_id" where "id" = ?`, id)
	return err
}

// detach deletes all relationships of a node.
func (w *writer) detach(t *catalog.Type, id string, key int64) error {
	for _, r := range w.catalog.Relationships {
		for _, e := range r.Ends {
			for _, d := range []catalog.Direction{catalog.Out, catalog.In} {
				if err := w.detachEnd(r, e, d, t, id, key); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// detachEnd deletes the relationships of a node that lead in one direction to
// nodes of one type.
func (w *writer) detachEnd(r *catalog.Relationship, e catalog.Ends, d catalog.Direction, t *catalog.Type, id string, key int64) error {
	near, far, owner, other := "src", "dst", e.From, e.To
	if d == catalog.In {
		near, far, owner, other = far, near, other, owner
	}
	if owner != t {
		return nil
	}
	gone, err := w.related(r, near, far, other, key)
	if err != nil {
		return err
	}
	for _, g := range gone {
		rel := &kg.Relationship{Type: r.Name, From: id, To: g.id, Properties: g.props}
		ends := [2]int64{key, g.key}
		if d == catalog.In {
			rel.From, rel.To = rel.To, rel.From
			slices.Reverse(ends[:])
		}
		if err := w.drop(r, rel, ends); err != nil {
			return err
		}
	}
	return nil
}

// farEnd is where a relationship of a node leads, and its properties.
type farEnd struct {
	id    string
	key   int64
	props kg.Properties
}

// related returns the relationships of a node whose other end is of a type.
func (w *writer) related(r *catalog.Relationship, near, far string, other *catalog.Type, key int64) (out []farEnd, err error) {
	values := ""
	if len(r.Properties) > 0 {
		values = ", " + selectValues(r.Properties, "e")
	}
	st, err := w.prepare(fmt.Sprintf(`select n."id", n."key"%s from %s e join %s n on n."key" = e.%s where e.%s = ?`,
		values, quote(r.Name), quote(other.Name), quote(far), quote(near)))
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(w.rows, key)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	read := newReader(r.Properties)
	for rows.Next() {
		var f farEnd
		if err := rows.Scan(append([]any{&f.id, &f.key}, read.targets()...)...); err != nil {
			return nil, err
		}
		if _, f.props, _, err = read.take(); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// deleteRelationship deletes a relationship.
func (w *writer) deleteRelationship(r *kg.Relationship) error {
	t := w.catalog.Relationship(r.Type)
	ends, err := w.ends(r)
	if err != nil {
		return err
	}
	old, err := w.readRelationship(t, r, []any{ends[0], ends[1], t.Discriminator(r.Properties)})
	if errors.Is(err, sql.ErrNoRows) {
		w.done.Unchanged++
		return nil
	}
	if err != nil {
		return err
	}
	return w.drop(t, old, ends)
}

// drop deletes a relationship, if it is there.
func (w *writer) drop(t *catalog.Relationship, r *kg.Relationship, ends [2]int64) error {
	res, err := w.exec(fmt.Sprintf(`delete from %s where "src" = ? and "dst" = ? and %s = ?`, quote(t.Name), quote(discriminator)), ends[0], ends[1], t.Discriminator(r.Properties))
	if err != nil {
		return err
	}
	if gone, err := res.RowsAffected(); err != nil || gone == 0 {
		w.done.Unchanged++
		return err
	}
	w.done.Deleted++
	w.rels = append(w.rels, w.relationshipID(t, r))
	if store.Visible(t, r.Properties) {
		w.count(t, r, ends, -1)
	}
	return nil
}
