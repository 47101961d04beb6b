package plan

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
)

// String prints the plan as an S-expression, one field a line. Equal plans
// print equal text. An anchor is the part of a filter from which the nodes are
// found, behind the number of relationships that lead from there.
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
	case *Search:
		w.search(r, p.Name)
	case *Computed:
		w.computed(r, p.Name)
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
	case *Test:
		w.line("(test %s %s %s)", f.Key, propertyName(f.Property, f.Edge), PredicateString(f.Of))
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
	case *Facts:
		w.facts(f)
	case *Computed:
		w.computed(f, f.Key)
	}
}

func (w *printer) connection(c *Connection, key string) {
	if c.Field == nil {
		w.open("connection %s %s", key, c.Target.Name)
	} else {
		w.open("connection %s %s %s %s", key, c.Field.Relationship.Name, c.Field.Direction, c.Target.Name)
	}
	switch {
	case c.Field == nil:
	case c.Field.Derived != nil:
		if len(c.Scope.Include) > 0 {
			w.line("(status %s %s)", Current, strings.Join(c.Scope.Include, " "))
		}
	default:
		if shown := c.Scope.Statuses(c.Field.Relationship); len(shown) > 0 {
			w.line("(status %s)", strings.Join(shown, " "))
		}
	}
	if c.Scope.AsOf != "" {
		w.line("(as-of %s)", c.Scope.AsOf)
	}
	if c.Shared != nil {
		w.line("(shared %s)", c.Shared.Name)
	}
	if c.Filter != nil {
		w.line("(filter %s)", PredicateString(c.Filter))
	}
	if anchor := Anchor(c.Filter); c.Field == nil && anchor != nil {
		w.line("(anchor %d %s)", steps(anchor), PredicateString(anchor))
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
		case *Facets:
			w.open("facets %s by %s%s first %d", f.Key, f.By, across(f.Across), f.Limit)
			w.facet(f.Fields)
			w.close()
		case *Aggregate:
			w.open("aggregate %s", f.Key)
			w.aggregate(f.Fields)
			w.close()
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

func (w *printer) facet(fields []FacetField) {
	for _, f := range fields {
		switch {
		case f.Name == "":
			w.line("(typename %s %s)", f.Key, f.Typename)
		case f.Name == "across":
			w.open("across %s", f.Key)
			w.facet(f.Fields)
			w.close()
		case f.Fallback != nil:
			w.line("(%s %s %s else %s)", f.Name, f.Key, f.Label.Name, f.Fallback.Name)
		case f.Label != nil:
			w.line("(%s %s %s)", f.Name, f.Key, f.Label.Name)
		default:
			w.line("(%s %s)", f.Name, f.Key)
		}
	}
}

func (w *printer) aggregate(fields []AggregateField) {
	for _, f := range fields {
		switch {
		case f.Typename != "":
			w.line("(typename %s %s)", f.Key, f.Typename)
		case len(f.Fields) == 0:
			w.line("(%s %s)", f.Name, f.Key)
		case f.Name != "":
			w.open("%s %s", f.Name, f.Key)
			w.aggregate(f.Fields)
			w.close()
		default:
			w.open("of %s %s", f.Key, f.Property.Name)
			w.aggregate(f.Fields)
			w.close()
		}
	}
}

// String prints the key, such as country, edge.role, from:4 or sectors@2.
func (k FacetKey) String() string {
	switch {
	case k.Field != nil && k.Level > 0:
		return k.Scope.of(k.Field, fmt.Sprintf("%s@%d", k.Field.Name, k.Level))
	case k.Field != nil:
		return k.Scope.of(k.Field, k.Field.Name)
	case k.Digits > 0:
		return fmt.Sprintf("%s:%d", propertyName(k.Property, k.Edge), k.Digits)
	}
	if k.Of != nil {
		return propertyName(k.Property, k.Edge) + " " + PredicateString(k.Of)
	}
	return propertyName(k.Property, k.Edge)
}

func across(k *FacetKey) string {
	if k == nil {
		return ""
	}
	return " across " + k.String()
}

func propertyName(p *catalog.Property, edge bool) string {
	if edge {
		return "edge." + p.Name
	}
	return p.Name
}

func (w *printer) stats(fields []StatsField) {
	for _, f := range fields {
		if f.Name == "" {
			w.line("(typename %s %s)", f.Key, f.Typename)
			continue
		}
		if f.Own {
			w.open("own %s %s", f.Name, f.Key)
			w.members(f.Members)
			w.close()
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
	case k.Distance != nil:
		name = "distance(" + k.Distance.String() + ")"
	case k.EdgeID:
		name = "edge.id"
	case k.Sum != nil:
		name = k.Degree.Name + "_" + k.Sum.Name + "_sum"
	case k.Degree != nil:
		name = k.Scope.of(k.Degree, k.Degree.Degree())
	default:
		name = propertyName(k.Property, k.Edge)
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
		name := propertyName(p.Property, p.Edge) + [...]string{"", ".key", ".last", ".x", ".y", ".z"}[p.Part]
		switch v := p.Value.(type) {
		case nil:
			return fmt.Sprintf("(%s %s)", p.Op, name)
		case []any:
			return fmt.Sprintf("(%s %s%s)", p.Op, name, quoted(v))
		default:
			return fmt.Sprintf("(%s %s%s)", p.Op, name, quoted([]any{v}))
		}
	case Exists:
		return "(some " + related(p.Related) + ")"
	case Tally:
		if p.Sum != nil {
			return fmt.Sprintf("(%s (sum %s %s) %d)", p.Op, p.Sum.Name, related(p.Related), p.Value)
		}
		return fmt.Sprintf("(%s (count %s) %d)", p.Op, related(p.Related), p.Value)
	case Distinct:
		s := "(distinct " + related(p.Related)
		for _, g := range p.Groups {
			s += " (" + strings.TrimPrefix(quoted(g), " ") + ")"
		}
		return s + ")"
	case Near:
		return fmt.Sprintf("(near %s %s %d)", p.Property.Name, p.From, p.Chord)
	case Among:
		s := "(among " + propertyName(p.Property, p.Edge)
		for _, t := range p.Of {
			op := In
			if t.Begins {
				op = "begins"
			}
			s += fmt.Sprintf(" (%s %s%s)", op, t.Field.Name, quoted(t.Values))
		}
		return s + ")"
	case Matches:
		return fmt.Sprintf("(search %q)", p.Query.Text)
	case Within:
		return fmt.Sprintf("(within %s%s)", p.Scope.of(p.Up, p.Up.Name), quoted(p.IDs))
	}
	return "()"
}

// String prints the id of the node, or the point.
func (o Origin) String() string {
	if o.Type != nil {
		return strconv.Quote(o.ID)
	}
	return strings.Trim(fmt.Sprint(o.At), "[]")
}

func related(r Related) string {
	s := r.Scope.of(r.Field, r.Field.Name)
	if r.Of != nil {
		s += " " + PredicateString(r.Of)
	}
	return s
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
