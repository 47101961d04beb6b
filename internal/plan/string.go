package plan

import (
	"fmt"
	"strconv"
	"strings"
)

// String prints the plan as an S-expression, one field a line. Equal plans
// print equal text.
func (p *Plan) String() string {
	w := &printer{}
	switch r := p.Root.(type) {
	case *Lookup:
		what := "lookup"
		if r.List {
			what = "lookups"
		}
		w.open("%s %s (ids%s)", what, p.Name, quoted(r.IDs))
		for _, b := range r.Branches {
			w.open("on %s", b.Type.Name)
			w.fields(b.Fields)
			w.close()
		}
		w.close()
	case *Connection:
		w.connection(r, p.Name)
	case *Stats:
		w.open("stats %s", p.Name)
		w.stats(r.Fields)
		w.close()
	}
	return w.b.String()
}

type printer struct {
	b     strings.Builder
	depth int
}

func (w *printer) line(format string, args ...any) {
	if w.b.Len() > 0 {
		w.b.WriteByte('\n')
	}
	w.b.WriteString(strings.Repeat("  ", w.depth))
	fmt.Fprintf(&w.b, format, args...)
}

func (w *printer) open(format string, args ...any) {
	w.line("("+format, args...)
	w.depth++
}

func (w *printer) close() {
	w.b.WriteByte(')')
	w.depth--
}

func (w *printer) fields(fields []Field) {
	for _, f := range fields {
		w.field(f)
	}
}

func (w *printer) field(f Field) {
	switch f := f.(type) {
	case *Typename:
		w.line("(typename %s %s)", f.Key, f.Name)
	case *Value:
		what := "value"
		if f.Edge {
			what = "edge-value"
		}
		if f.Fallback != nil {
			w.line("(%s %s %s else %s)", what, f.Key, f.Property.Name, f.Fallback.Name)
			return
		}
		w.line("(%s %s %s)", what, f.Key, f.Property.Name)
	case *Embedded:
		w.open("embedded %s %s", f.Key, f.Property.Name)
		for _, e := range f.Fields {
			switch {
			case e.Field == nil:
				w.line("(typename %s %s)", e.Key, e.Typename)
			case e.Field.Reference != nil:
				w.open("reference %s %s", e.Key, e.Field.Name)
				w.fields(e.Fields)
				w.close()
			default:
				w.line("(value %s %s)", e.Key, e.Field.Name)
			}
		}
		w.close()
	case *Cursor:
		w.line("(cursor %s)", f.Key)
	case *EdgeID:
		w.line("(edge-id %s)", f.Key)
	case *EdgeNode:
		w.open("node %s", f.Key)
		w.fields(f.Fields)
		w.close()
	case *Connection:
		w.connection(f, f.Key)
	}
}

func (w *printer) connection(c *Connection, key string) {
	if c.Field == nil {
		w.open("connection %s %s", key, c.Target.Name)
	} else {
		w.open("connection %s %s %s %s", key, c.Field.Relationship.Name, c.Field.Direction, c.Target.Name)
	}
	if len(c.Statuses) > 0 {
		w.line("(status %s)", strings.Join(c.Statuses, " "))
	}
	if c.Filter != nil {
		w.line("(filter %s)", PredicateString(c.Filter))
	}
	keys := make([]string, len(c.Order))
	for i, k := range c.Order {
		keys[i] = k.String()
	}
	w.line("(order %s)", strings.Join(keys, " "))
	w.line("(page %s)", c.Page)
	for _, f := range c.Fields {
		switch f := f.(type) {
		case *Typename:
			w.line("(typename %s %s)", f.Key, f.Name)
		case *TotalCount:
			w.line("(total-count %s)", f.Key)
		case *PageInfo:
			parts := make([]string, len(f.Fields))
			for i, p := range f.Fields {
				parts[i] = p.Key + ":" + p.Name
			}
			w.line("(page-info %s %s)", f.Key, strings.Join(parts, " "))
		case *Edges:
			w.open("edges %s", f.Key)
			w.fields(f.Fields)
			w.close()
		case *Nodes:
			w.open("nodes %s", f.Key)
			w.fields(f.Fields)
			w.close()
		}
	}
	w.close()
}

func (w *printer) stats(fields []StatsField) {
	for _, f := range fields {
		if f.Name == "" {
			w.line("(typename %s %s)", f.Key, f.Typename)
			continue
		}
		if len(f.Fields) == 0 {
			w.line("(%s %s)", f.Name, f.Key)
			continue
		}
		w.open("%s %s", f.Name, f.Key)
		w.stats(f.Fields)
		w.close()
	}
}

// String prints the key as its name and + or -: name+, projects_count-,
// edge.role+, edge.id+.
func (k OrderKey) String() string {
	var name string
	switch {
	case k.EdgeID:
		name = "edge.id"
	case k.Degree != nil:
		name = k.Degree.Degree()
	case k.Edge:
		name = "edge." + k.Property.Name
	default:
		name = k.Property.Name
	}
	if k.Desc {
		return name + "-"
	}
	return name + "+"
}

// String prints the page, such as "first 20 +1 after [x 1]".
func (p Page) String() string {
	s := "first "
	if p.Backward {
		s = "last "
	}
	s += strconv.Itoa(p.Limit)
	if p.Extra {
		s += " +1"
	}
	if p.After != nil {
		s += " after" + quoted(p.After)
	}
	if p.Before != nil {
		s += " before" + quoted(p.Before)
	}
	return s
}

// PredicateString prints a predicate, such as (and (= name.key "orange") ...).
func PredicateString(p Predicate) string {
	list := func(op string, parts []Predicate) string {
		s := "(" + op
		for _, part := range parts {
			s += " " + PredicateString(part)
		}
		return s + ")"
	}
	switch p := p.(type) {
	case And:
		return list("and", p)
	case Or:
		return list("or", p)
	case Not:
		return "(not " + PredicateString(p.Of) + ")"
	case Term:
		name := p.Property.Name + [...]string{"", ".key", ".last"}[p.Part]
		if p.Edge {
			name = "edge." + name
		}
		switch v := p.Value.(type) {
		case nil:
			return fmt.Sprintf("(%s %s)", p.Op, name)
		case []any:
			return fmt.Sprintf("(%s %s%s)", p.Op, name, quoted(v))
		default:
			return fmt.Sprintf("(%s %s%s)", p.Op, name, quoted([]any{v}))
		}
	}
	return "()"
}

func quoted[T any](values []T) string {
	var b strings.Builder
	for _, v := range values {
		b.WriteByte(' ')
		if s, ok := any(v).(string); ok {
			b.WriteString(strconv.Quote(s))
		} else {
			fmt.Fprint(&b, v)
		}
	}
	return b.String()
}
