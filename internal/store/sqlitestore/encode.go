package sqlitestore

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// insertNode returns the statement that inserts a node: key, then nodeValues.
func insertNode(t *catalog.Type) string {
	names := names(storedColumns(t))
	return fmt.Sprintf(`insert into %s ("key", %s) values (?%s)`, quote(t.Name), strings.Join(names, ", "), strings.Repeat(", ?", len(names)))
}

// updateNode returns the statement that updates a node: nodeValues, then key.
func updateNode(t *catalog.Type) string {
	return fmt.Sprintf(`update %s set %s = ? where "key" = ?`, quote(t.Name), strings.Join(names(storedColumns(t)), " = ?, "))
}

// storedColumns returns the columns of a node's own values, without degrees.
func storedColumns(t *catalog.Type) []column {
	return append(propertyColumns(t.Properties), column{name: formerIDs})
}

func insertRelationship(t *catalog.Relationship) string {
	names := append([]string{`"src"`, `"dst"`, quote(discriminator)}, names(propertyColumns(t.Properties))...)
	return fmt.Sprintf(`insert or ignore into %s (%s) values (?%s)`, quote(t.Name), strings.Join(names, ", "), strings.Repeat(", ?", len(names)-1))
}

func updateRelationship(t *catalog.Relationship) string {
	return fmt.Sprintf(`update %s set %s = ? where "src" = ? and "dst" = ? and %s = ?`,
		quote(t.Name), strings.Join(names(propertyColumns(t.Properties)), " = ?, "), quote(discriminator))
}

func names(cols []column) []string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = quote(c.name)
	}
	return out
}

// nodeValues returns the values of a node in the order of storedColumns.
func nodeValues(t *catalog.Type, n *kg.Node) []any {
	props := kg.Properties{"id": n.ID}
	for k, v := range n.Properties {
		props[k] = v
	}
	out := values(t.Properties, props, n.Records)
	if len(n.FormerIDs) == 0 {
		return append(out, nil)
	}
	return append(out, string(answer.AppendStrings(nil, n.FormerIDs)))
}

func relationshipValues(t *catalog.Relationship, r *kg.Relationship) []any {
	return values(t.Properties, r.Properties, r.Records)
}

// values returns what the columns of properties hold, in the order of
// propertyColumns.
func values(props []*catalog.Property, in kg.Properties, records []kg.Record) (out []any) {
	for _, p := range props {
		v := in[p.Name]
		if p.Name == catalog.Records && len(records) > 0 {
			v = store.EncodeRecords(records)
		}
		for _, c := range store.Columns(p) {
			out = append(out, encode(c.Value(v)))
		}
		if p.Kind == catalog.Float {
			if f, ok := v.(float64); ok {
				out = append(out, kg.FormatFloat(f))
			} else {
				out = append(out, nil)
			}
		}
	}
	return out
}

func encode(v any) any {
	switch v := v.(type) {
	case []string:
		return string(answer.AppendStrings(nil, v))
	case kg.JSON:
		return string(v)
	}
	return v
}

// selectValues returns the columns that hold the values of properties, without
// their keys.
func selectValues(props []*catalog.Property, alias string) string {
	var out []string
	for _, p := range props {
		if p.Kind != catalog.Localized {
			out = append(out, alias+"."+quote(p.Name))
		}
	}
	return strings.Join(out, ", ")
}

// reader receives the columns of selectValues.
type reader struct {
	props  []*catalog.Property
	values []any
}

func newReader(props []*catalog.Property) *reader {
	r := &reader{}
	for _, p := range props {
		if p.Kind != catalog.Localized {
			r.props = append(r.props, p)
			r.values = append(r.values, nil)
		}
	}
	return r
}

// targets returns where to scan the columns.
func (r *reader) targets() []any {
	out := make([]any, len(r.values))
	for i := range r.values {
		out[i] = &r.values[i]
	}
	return out
}

// take returns what has been scanned.
func (r *reader) take() (id string, props kg.Properties, records []kg.Record, err error) {
	props = kg.Properties{}
	for i, p := range r.props {
		v := r.values[i]
		switch {
		case v == nil:
		case p.Name == "id":
			id, _ = v.(string)
		case p.Name == catalog.Records:
			text, _ := v.(string)
			if records, err = store.DecodeRecords(text); err != nil {
				return "", nil, nil, err
			}
		default:
			if props[p.Name], err = decode(p, v); err != nil {
				return "", nil, nil, fmt.Errorf("stored %s: %w", p.Name, err)
			}
		}
	}
	return id, props, records, nil
}

func decode(p *catalog.Property, v any) (any, error) {
	switch p.Kind {
	case catalog.Boolean:
		return v.(int64) != 0, nil
	case catalog.StringList:
		var out []string
		err := json.Unmarshal([]byte(v.(string)), &out)
		return out, err
	case catalog.Embed:
		return kg.JSON(v.(string)), nil
	}
	return v, nil
}

func (w *writer) readNode(t *catalog.Type, key int64) (*kg.Node, error) {
	st, err := w.prepare(fmt.Sprintf(`select %s, n.%s from %s n where n."key" = ?`, selectValues(t.Properties, "n"), quote(formerIDs), quote(t.Name)))
	if err != nil {
		return nil, err
	}
	r := newReader(t.Properties)
	var former sql.NullString
	if err := st.QueryRowContext(w.ctx, key).Scan(append(r.targets(), &former)...); err != nil {
		return nil, err
	}
	return r.node(t, former)
}

func (r *reader) node(t *catalog.Type, former sql.NullString) (*kg.Node, error) {
	n := &kg.Node{Type: t.Name}
	var err error
	if n.ID, n.Properties, n.Records, err = r.take(); err != nil {
		return nil, err
	}
	if former.Valid {
		err = json.Unmarshal([]byte(former.String), &n.FormerIDs)
	}
	return n, err
}

func (w *writer) readRelationship(t *catalog.Relationship, like *kg.Relationship, at []any) (*kg.Relationship, error) {
	out := &kg.Relationship{Type: like.Type, From: like.From, To: like.To, Properties: kg.Properties{}}
	if len(t.Properties) == 0 {
		return out, nil
	}
	st, err := w.prepare(fmt.Sprintf(`select %s from %s e where e."src" = ? and e."dst" = ? and e.%s = ?`, selectValues(t.Properties, "e"), quote(t.Name), quote(discriminator)))
	if err != nil {
		return nil, err
	}
	r := newReader(t.Properties)
	if err := st.QueryRowContext(w.ctx, at...).Scan(r.targets()...); err != nil {
		return nil, err
	}
	_, out.Properties, out.Records, err = r.take()
	return out, err
}
