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

// layout is how the values of one type of node or relationship lie in its
// table: what every row needs and no row should make again.
type layout struct {
	table   string
	columns []valueColumn
	former  bool   // whether former ids come last
	insert  string // key columns, then values
	update  string // values, then key columns
	read    string // the values of properties by key columns
}

// valueColumn is a column that follows from a property: a part of it, or the
// text of a float.
type valueColumn struct {
	store.Column
	text bool
}

func nodeLayout(t *catalog.Type) *layout {
	return newLayout(t.Name, t.Properties, true, `"key"`)
}

func relationshipLayout(t *catalog.Relationship) *layout {
	return newLayout(t.Name, t.Properties, false, `"src"`, `"dst"`, quote(discriminator))
}

func newLayout(table string, props []*catalog.Property, former bool, key ...string) *layout {
	l := &layout{table: table, former: former}
	for _, p := range props {
		for _, c := range store.Columns(p) {
			l.columns = append(l.columns, valueColumn{Column: c})
		}
		if p.Kind == catalog.Float {
			l.columns = append(l.columns, valueColumn{store.Column{Name: p.Name + textSuffix, Property: p}, true})
		}
	}
	names := make([]string, 0, len(l.columns)+1)
	for _, c := range l.columns {
		names = append(names, quote(c.Name))
	}
	read := selectValues(props, "t")
	if former {
		names = append(names, quote(formerIDs))
		read += ", t." + quote(formerIDs)
	}
	at := strings.Join(key, " = ? and ") + " = ?"
	l.insert = fmt.Sprintf("insert or ignore into %s (%s) values (?%s)", quote(table), strings.Join(append(key, names...), ", "), strings.Repeat(", ?", len(key)+len(names)-1))
	l.update = fmt.Sprintf("update %s set %s = ? where %s", quote(table), strings.Join(names, " = ?, "), at)
	l.read = fmt.Sprintf("select %s from %s t where %s", read, quote(table), at)
	return l
}

// layouts are the layouts of all types of a catalog.
type layouts struct {
	nodes         map[*catalog.Type]*layout
	relationships map[*catalog.Relationship]*layout
}

func newLayouts(c *catalog.Catalog) layouts {
	l := layouts{map[*catalog.Type]*layout{}, map[*catalog.Relationship]*layout{}}
	for _, t := range c.Types {
		l.nodes[t] = nodeLayout(t)
	}
	for _, r := range c.Relationships {
		l.relationships[r] = relationshipLayout(r)
	}
	return l
}

// nodeValues returns the values of a node in the order of its layout.
func (l *layout) nodeValues(n *kg.Node) []any {
	out := l.values(n.ID, n.Properties, n.Records)
	if len(n.FormerIDs) == 0 {
		return append(out, nil)
	}
	return append(out, string(answer.AppendStrings(nil, n.FormerIDs)))
}

func (l *layout) relationshipValues(r *kg.Relationship) []any {
	return l.values("", r.Properties, r.Records)
}

func (l *layout) values(id string, in kg.Properties, records []kg.Record) []any {
	out := make([]any, 0, len(l.columns)+4)
	for _, c := range l.columns {
		v := in[c.Property.Name]
		switch {
		case c.Name == "id":
			v = id
		case c.Name == catalog.Records && len(records) > 0:
			v = store.EncodeRecords(records)
		case c.Name == catalog.Disagreements:
			if text := store.EncodeDisagreements(records); text != "" {
				v = text
			}
		}
		if c.text {
			if f, ok := v.(float64); ok {
				v = kg.FormatFloat(f)
			}
			out = append(out, v)
			continue
		}
		out = append(out, encode(c.Value(v)))
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
		if !p.Computed() {
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
		if !p.Computed() {
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
	var stored, disagreements string
	for i, p := range r.props {
		v := r.values[i]
		switch {
		case v == nil:
		case p.Name == "id":
			id, _ = v.(string)
		case p.Name == catalog.Records:
			stored, _ = v.(string)
		case p.Name == catalog.Disagreements:
			disagreements, _ = v.(string)
		default:
			if props[p.Name], err = decode(p, v); err != nil {
				return "", nil, nil, fmt.Errorf("stored %s: %w", p.Name, err)
			}
		}
	}
	records, err = store.DecodeRecords(stored, disagreements)
	return id, props, records, err
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
	st, err := w.prepare(w.layouts.nodes[t].read)
	if err != nil {
		return nil, err
	}
	r := newReader(t.Properties)
	var former sql.NullString
	if err := st.QueryRowContext(w.rows, key).Scan(append(r.targets(), &former)...); err != nil {
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
	out := &kg.Relationship{Type: like.Type, From: like.From, To: like.To}
	if len(w.layouts.relationships[t].columns) == 0 {
		return out, nil
	}
	st, err := w.prepare(w.layouts.relationships[t].read)
	if err != nil {
		return nil, err
	}
	r := newReader(t.Properties)
	if err := st.QueryRowContext(w.rows, at...).Scan(r.targets()...); err != nil {
		return nil, err
	}
	_, out.Properties, out.Records, err = r.take()
	return out, err
}
