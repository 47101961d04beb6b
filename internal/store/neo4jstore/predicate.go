package neo4jstore

import (
	"fmt"
	"strings"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// storedKey returns the stored property by which a key of an order compares,
// and the stored form of what stands for an absent one; nil where it is never
// absent.
func storedKey(k plan.OrderKey) (name string, absent any) {
	switch {
	case k.EdgeID:
		return discriminator, nil
	case k.Degree != nil:
		if k.Degree.Index {
			return k.Degree.Degree(), nil
		}
		return k.Degree.Degree(), int64(0)
	}
	name = store.ColumnName(k.Property, plan.Key)
	if k.Property.Index || k.Property.Name == "id" {
		return name, nil
	}
	return name, sortableValue(store.Greatest(k.Property.Kind))
}

// sortKey writes what a key of an order compares, never null.
func (b *compiler) sortKey(k plan.OrderKey, s *scope) string {
	switch {
	case k.Distance != nil:
		return fmt.Sprintf("coalesce(%s, %s)", b.distance(k.Property, *k.Distance, s), b.constant(store.Greatest(catalog.Int)))
	case !k.Stored():
		return b.tally(k.Related(), k.Sum, s)
	}
	name, absent := storedKey(k)
	col := s.property(name, k.Edge || k.EdgeID)
	if absent == nil {
		return col
	}
	return fmt.Sprintf("coalesce(%s, %s)", col, b.constant(absent))
}

// beyond writes that a row comes strictly after a position in an order, or
// strictly before it.
func (b *compiler) beyond(order []plan.OrderKey, position []any, before bool, s *scope) string {
	text := ""
	for i := len(order) - 1; i >= 0; i-- {
		key, arg := b.sortKey(order[i], s), b.arg(sortableValue(position[i]))
		op := comparison(order[i], before)
		switch {
		case text == "":
			text = fmt.Sprintf("%s %s %s", key, op, arg)
		case i > 0:
			text = fmt.Sprintf("(%s %s %s OR %[1]s = %[3]s AND %[4]s)", key, op, arg, text)
		default:
			// The first key alone bounds the scan of an index.
			text = fmt.Sprintf("%s %s= %s AND (%[1]s %[2]s %[3]s OR %[4]s)", key, op, arg, text)
		}
	}
	return text
}

func comparison(k plan.OrderKey, before bool) string {
	if k.Desc != before {
		return "<"
	}
	return ">"
}

// predicate writes a condition on a row.
func (b *compiler) predicate(p plan.Predicate, s *scope) string {
	join := func(parts []plan.Predicate, op string, none bool) string {
		if len(parts) == 0 {
			// A literal would be folded, and a hint beside it refused.
			return b.constant(none)
		}
		list := make([]string, len(parts))
		for i, part := range parts {
			list[i] = b.predicate(part, s)
		}
		return "(" + strings.Join(list, op) + ")"
	}
	switch p := p.(type) {
	case plan.And:
		return join(p, " AND ", true)
	case plan.Or:
		return join(p, " OR ", false)
	case plan.Not:
		return "NOT coalesce(" + b.predicate(p.Of, s) + ", false)"
	case plan.Term:
		return b.term(p, s)
	case plan.Exists:
		return b.exists(p.Related, s)
	case plan.Tally:
		return fmt.Sprintf("%s %s %s", b.tally(p.Related, p.Sum, s), p.Op, b.arg(p.Value))
	case plan.Distinct:
		return b.distinct(p, s)
	case plan.Near:
		return b.near(p, s)
	case plan.Among:
		return b.among(p, s)
	case plan.Matches:
		return b.matches(p, s.node)
	case plan.Within:
		return b.within(p, s)
	}
	panic(fmt.Sprintf("neo4jstore: no predicate %T", p))
}

func (b *compiler) term(t plan.Term, s *scope) string {
	col := s.property(store.ColumnName(t.Property, t.Part), t.Edge)
	if t.Named() && !t.Lasting {
		if t.Op == plan.In {
			return fmt.Sprintf("%s IN %s", col, b.ids(t.Value.([]any)))
		}
		return fmt.Sprintf("%s = %s", col, b.id(t.Value.(string)))
	}
	value := t.Value
	if ordered(t) {
		value = sortableValue(value)
	}
	switch t.Op {
	case plan.IsNull:
		return col + " IS NULL"
	case plan.NotNull:
		return col + " IS NOT NULL"
	case plan.In:
		return fmt.Sprintf("%s IN %s", col, b.arg(value))
	case plan.Contains:
		return fmt.Sprintf("%s CONTAINS %s", col, b.arg(value))
	case plan.Includes:
		return fmt.Sprintf("%s IN %s", b.arg(value), col)
	}
	return fmt.Sprintf("%s %s %s", col, t.Op, b.arg(value))
}

// among writes that one of the objects of a stored list meets all conditions.
// Of each field that can be compared there is a list of its own, in their order,
// but of texts, see textOf.
func (b *compiler) among(p plan.Among, s *scope) string {
	if len(p.Of) == 0 {
		return s.property(p.Property.Name, p.Edge) + " IS NOT NULL"
	}
	i := "i" + b.number()
	list := func(f *catalog.EmbeddedField) string { return s.property(besideName(p.Property, f), p.Edge) }
	where := make([]string, len(p.Of))
	for n, t := range p.Of {
		if t.Field.Text() {
			where[n] = b.textOf(t, s.property(p.Property.Name, p.Edge), i)
			continue
		}
		value := list(t.Field) + "[" + i + "]"
		values := make([]any, len(t.Values))
		for i, v := range t.Values {
			values[i] = v
			if t.Field.Reference != nil {
				values[i] = sortableValue(v)
			}
		}
		if otherwise := t.Field.Otherwise(); otherwise != "" {
			value = fmt.Sprintf("coalesce(%s, %s)", value, b.constant(otherwise))
		}
		where[n] = fmt.Sprintf("%s IN %s", value, b.arg(values))
	}
	return fmt.Sprintf("any(%s IN range(0, coalesce(size(%s), 0) - 1) WHERE %s)", i, list(p.Property.Comparable()[0]), strings.Join(where, " AND "))
}

// textOf writes that the text of a field of the object of a number is one of
// some, or begins with one. It is cut out of their JSON, so that it is not stored
// twice: each object has the field, and nothing else is written like its name,
// since objects are flat and quotes in texts are escaped.
func (b *compiler) textOf(t plan.FieldTerm, list, number string) string {
	begins := make([]any, len(t.Values))
	for i, v := range t.Values {
		written := string(answer.AppendString(nil, v.(string)))
		if t.Begins {
			written = strings.TrimSuffix(written, `"`)
		}
		begins[i] = written
	}
	x := "x" + b.number()
	return fmt.Sprintf("any(%s IN %s WHERE split(%s, %s)[%s + 1] STARTS WITH %[1]s)", x, b.arg(begins), list, b.constant(`"`+t.Field.Name+`":`), number)
}

// ordered reports whether what a term compares is stored in its sortable form.
func ordered(t plan.Term) bool {
	switch {
	case t.Property.Name == "id", t.Property.Kind == catalog.Float:
		return true
	}
	return t.Part == plan.Key && t.Op != plan.Includes
}
