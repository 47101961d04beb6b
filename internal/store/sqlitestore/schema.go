package sqlitestore

import (
	"fmt"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// FormatVersion is the version of the layout of the file. A file with a newer
// one is refused.
const FormatVersion = 1

// Columns that only this store keeps, beside those of package store.
const (
	textSuffix    = "_text"      // the shortest decimal text of a float, from which it is written
	discriminator = "_disc"      // what tells a relationship apart, see catalog
	formerIDs     = "_formerIds" // of a node, as a JSON list
)

// The layout: a table for each type of node and of relationship. One integer
// key runs across all nodes; node_id finds it by id and by former id. Meta has
// the format version and the catalog, change the log of writes.
const baseTables = `
create table if not exists "meta" ("name" text primary key, "value" text not null) without rowid;
create table if not exists "node_id" ("id" text primary key, "key" integer not null, "type" text not null) without rowid;
create table if not exists "change" ("revision" integer primary key, "at" text not null, "nodes" text not null, "relationships" text not null);
` + searchTables

// dropSamples drops the samples of values that analyze takes. With them SQLite
// plans a prepared statement anew for each value that is compared with an index,
// which takes longer than many a statement; the statements do not need it, since
// the planner chooses by the counts of the catalog where to begin.
const dropSamples = `drop table if exists "sqlite_stat4";`

// column is a column of a table with its declared type.
type column struct{ name, typ string }

func (c column) ddl() string { return quote(c.name) + " " + c.typ }

// nodeColumns returns the columns of a node table after its key: what is kept
// of each property, then the degrees.
func nodeColumns(t *catalog.Type) (out []column) {
	out = propertyColumns(t.Properties)
	out = append(out, column{formerIDs, "text"})
	for _, f := range t.Fields {
		out = append(out, column{f.Degree(), "integer not null default 0"})
	}
	return out
}

// propertyColumns returns what is kept of properties.
func propertyColumns(props []*catalog.Property) (out []column) {
	for _, p := range props {
		for _, c := range store.Columns(p) {
			out = append(out, column{c.Name, columnType(c)})
		}
		if p.Kind == catalog.Float {
			out = append(out, column{p.Name + textSuffix, "text"})
		}
	}
	return out
}

func columnType(c store.Column) string {
	if c.Part >= plan.X {
		return "integer"
	}
	switch c.Property.Kind {
	case catalog.Int, catalog.Decimal, catalog.Boolean:
		return "integer"
	case catalog.Float:
		return "real"
	}
	return "text"
}

// tables returns the statements that make the tables of a catalog.
func tables(c *catalog.Catalog) (out []string) {
	for _, t := range c.Types {
		out = append(out, fmt.Sprintf(`create table if not exists %s ("key" integer primary key, %s)`, quote(t.Name), join(nodeColumns(t))))
	}
	for _, r := range c.Relationships {
		cols := append([]column{{"src", "integer not null"}, {"dst", "integer not null"}, {discriminator, "text not null"}}, propertyColumns(r.Properties)...)
		out = append(out, fmt.Sprintf(`create table if not exists %s (%s, primary key ("src", "dst", %s)) without rowid`, quote(r.Name), join(cols), quote(discriminator)))
	}
	return out
}

// indexes returns the statements that make the indexes of a catalog: ids,
// indexed properties and degrees, each followed by the id that breaks ties, and
// the reverse of each relationship.
func indexes(c *catalog.Catalog) (out []string) {
	add := func(table, name, unique string, cols ...string) {
		for i := range cols {
			cols[i] = quote(cols[i])
		}
		out = append(out, fmt.Sprintf("create %sindex if not exists %s on %s (%s)", unique, quote(table+"."+name), quote(table), strings.Join(cols, ", ")))
	}
	for _, t := range c.Types {
		add(t.Name, "id", "unique ", "id")
		for _, p := range t.Properties {
			if !p.Index {
				continue
			}
			for _, col := range store.Columns(p) {
				if col.Name != p.Name || len(store.Columns(p)) == 1 {
					add(t.Name, col.Name, "", col.Name, "id")
				}
			}
		}
		if p := t.Location; p != nil {
			add(t.Name, p.Name, "", store.ColumnName(p, plan.X))
		}
		for _, f := range t.Fields {
			if f.Index {
				add(t.Name, f.Degree(), "", f.Degree(), "id")
			}
		}
	}
	for _, r := range c.Relationships {
		add(r.Name, "reverse", "", "dst", "src", discriminator)
	}
	return out
}

func join(cols []column) string {
	list := make([]string, len(cols))
	for i, c := range cols {
		list[i] = c.ddl()
	}
	return strings.Join(list, ", ")
}
