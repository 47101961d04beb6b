package sqlitestore

import (
	"fmt"
	"strings"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// names are the aliases under which a condition finds a node and the
// relationship that leads to it.
type names struct{ node, edge string }

// predicate writes a condition on a row.
func (b *compiler) predicate(p plan.Predicate, n names) string {
	join := func(parts []plan.Predicate, op, none string) string {
		if len(parts) == 0 {
			return none
		}
		list := make([]string, len(parts))
		for i, part := range parts {
			list[i] = b.predicate(part, n)
		}
		return "(" + strings.Join(list, op) + ")"
	}
	switch p := p.(type) {
	case plan.And:
		return join(p, " and ", "1")
	case plan.Or:
		return join(p, " or ", "0")
	case plan.Not:
		return "not ifnull(" + b.predicate(p.Of, n) + ", 0)"
	case plan.Term:
		return b.term(p, n)
	case plan.Exists:
		return b.exists(p.Related, n)
	case plan.Tally:
		return b.compareTally(p, n)
	case plan.Distinct:
		return b.distinct(p, n)
	case plan.Near:
		return b.near(p, n)
	case plan.Among:
		return b.among(p, n)
	case plan.Matches:
		return b.matches(p, n)
	case plan.Within:
		return fmt.Sprintf(`%s."key" in (%s)`, n.node, b.beneath(p))
	}
	panic(fmt.Sprintf("sqlitestore: no predicate %T", p))
}

// keys writes the keys of the nodes of some ids, or former ids.
func (b *compiler) keys(ids []any) string {
	return fmt.Sprintf(`select "key" from "node_id" where "id" in (select value from json_each(%s))`, b.arg(jsonList(ids)))
}

// key writes the key of the node of an id, or former id.
func (b *compiler) key(id any) string {
	return fmt.Sprintf(`(select "key" from "node_id" where "id" = %s)`, b.arg(id))
}

func (b *compiler) term(t plan.Term, n names) string {
	if t.Named() {
		if t.Op == plan.In {
			return fmt.Sprintf(`%s."key" in (%s)`, n.node, b.keys(t.Value.([]any)))
		}
		return fmt.Sprintf(`%s."key" = %s`, n.node, b.key(t.Value))
	}
	col := n.node
	if t.Edge {
		col = n.edge
	}
	col += "." + quote(store.ColumnName(t.Property, t.Part))
	switch t.Op {
	case plan.IsNull:
		return col + " is null"
	case plan.NotNull:
		return col + " is not null"
	case plan.In:
		return fmt.Sprintf("%s in (select value from json_each(%s))", col, b.arg(jsonList(t.Value.([]any))))
	case plan.Contains:
		return fmt.Sprintf("instr(%s, %s) > 0", col, b.arg(t.Value))
	case plan.Includes:
		return fmt.Sprintf("exists (select 1 from json_each(%s) where value = %s)", col, b.arg(t.Value))
	}
	return fmt.Sprintf("%s %s %s", col, t.Op, b.arg(t.Value))
}

// among writes that one of the objects of a stored list meets all conditions.
func (b *compiler) among(p plan.Among, n names) string {
	alias, j := n.node, b.alias("j")
	if p.Edge {
		alias = n.edge
	}
	var where []string
	for _, t := range p.Of {
		value := fmt.Sprintf("%s.value ->> %s", j, literal("$."+t.Field.Name))
		if otherwise := t.Field.Otherwise(); otherwise != "" {
			value = fmt.Sprintf("ifnull(%s, %s)", value, literal(otherwise))
		}
		if t.Begins {
			prefix := b.arg(t.Values[0])
			where = append(where, fmt.Sprintf("substr(%s, 1, length(%s)) = %[2]s", value, prefix))
			continue
		}
		where = append(where, fmt.Sprintf("%s in (select value from json_each(%s))", value, b.arg(jsonList(t.Values))))
	}
	return fmt.Sprintf("exists (select 1 from json_each(%s.%s) %s%s)", alias, quote(p.Property.Name), j, and(where))
}

// jsonList writes the values of an IN as one parameter, so that the text does
// not depend on how many there are.
func jsonList(values []any) string {
	out := []byte{'['}
	for i, v := range values {
		if i > 0 {
			out = append(out, ',')
		}
		switch v := v.(type) {
		case string:
			out = answer.AppendString(out, v)
		case float64:
			out = answer.AppendFloat(out, v)
		default:
			out = fmt.Append(out, v)
		}
	}
	return string(append(out, ']'))
}
