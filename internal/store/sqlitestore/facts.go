package sqlitestore

import (
	"fmt"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// facts writes the list of what others say of a row. Who says what is a table of
// its own, which is grouped into facts and looked into for each.
func (b *compiler) facts(f *plan.Facts, r row) string {
	said, fact := b.alias("c"), b.alias("f")
	from, where := b.reach(f.Stating(), r.col("key"), here, true)
	where = append(where, b.holds(f.Filter, here)...)
	by, value := b.group(plan.FacetKey{Property: f.Facts.By}), b.group(plan.FacetKey{Property: f.Facts.Value})
	distinct := ""
	if len(f.Facts.Of.Relationship.Key) > 0 {
		distinct = "distinct " // several relationships may lead from the same node
	}
	table := fmt.Sprintf(`select %sn."key" as k, n."id" as id, %s as p, %s as v, %s as pt, %s as vt from %s%s`,
		distinct, by.order, value.order, by.value, value.value, from, and(where))
	parts := make([]string, 0, 2*len(f.Fields))
	for _, field := range f.Fields {
		v := ""
		switch field.Name {
		case "":
			v = literal(field.Typename)
		case f.Facts.By.Name:
			v = fact + ".pt"
		case f.Facts.Value.Name:
			v = fact + ".vt"
		case catalog.FactCount:
			v = fact + `."count"`
		case catalog.FactDisagree:
			v = b.disagree(f, said, fact)
		case f.Facts.Of.Name:
			v = b.stating(f, field, said, fact)
		}
		parts = append(parts, literal(field.Key), v)
	}
	return fmt.Sprintf(`json((with %[1]s as (%[2]s) select json_group_array(json_object(%[3]s)) from (select min(id), p, v, pt, vt, count(*) as "count" from %[1]s group by p, v order by p, v limit %[4]s) %[5]s))`,
		said, table, strings.Join(parts, ", "), b.arg(f.Limit), fact)
}

// stating writes the list of the nodes that state a fact.
func (b *compiler) stating(f *plan.Facts, field plan.FactField, said, fact string) string {
	t := f.Facts.Of.Target
	rows := row{typ: t, exposed: b.alias("r"), columns: &[]exposed{}}
	object := b.object(field.Fields, rows, nil)
	rows.col("key") // there is always a column
	cols := make([]string, len(*rows.columns))
	for i, col := range *rows.columns {
		cols[i] = col.expr + " as " + quote(col.name)
	}
	return fmt.Sprintf(`json((select json_group_array(%s) from (select %s from %s c cross join %s n on n."key" = c.k where c.p = %[5]s.p and c.v = %[5]s.v order by n."id" limit %[6]s) %[7]s))`,
		object, strings.Join(cols, ", "), said, quote(t.Name), fact, b.arg(field.Limit), rows.exposed)
}

// disagree writes whether there is another value of which no source says both.
func (b *compiler) disagree(f *plan.Facts, said, fact string) string {
	sources := plan.Related{Field: f.Facts.Sources, Scope: f.Scope}
	_, far := ends(f.Facts.Sources)
	mine, other := names{b.alias("n"), b.alias("e")}, names{b.alias("n"), b.alias("e")}
	ours, whereOurs := b.reach(sources, "o.k", mine, false)
	theirs, whereTheirs := b.reach(sources, "m.k", other, false)
	whereOurs = append([]string{fmt.Sprintf("o.p = %s.p and o.v = %[1]s.v", fact)}, whereOurs...)
	whereTheirs = append(whereTheirs, fmt.Sprintf("%s.%s in (select %s.%s from %s o cross join %s%s)", other.edge, far, mine.edge, far, said, ours, and(whereOurs)))
	return fmt.Sprintf("json(iif(exists (select 1 from %s m where m.p = %s.p and m.v <> %[2]s.v group by m.v having not max(exists (select 1 from %s%s))), 'true', 'false'))",
		said, fact, theirs, and(whereTheirs))
}
