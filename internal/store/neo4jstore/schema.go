package neo4jstore

import (
	"fmt"
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// FormatVersion is the version of the layout of the database. A newer one is
// refused.
const FormatVersion = 1

// The layout: a label for each type of node with what store.Columns says as
// properties, a relationship type for each of the model's, and nodes of the
// store's own. An Alias has a former id and leads to the node that had it; the
// one Meta node has the format, the model and the revision, and is locked by
// whoever writes; a Change is an entry of the log.
const (
	aliasLabel  = "Alias"
	aliasOf     = "ALIAS_OF"
	metaLabel   = "Meta"
	metaName    = "maillage"
	changeLabel = "Change"
)

// Properties that only this store keeps. Names in a schema hold no underscore
// and "id" is taken, so that these are free.
const (
	discriminator = "_disc"      // of a relationship whose type has a key, see catalog
	formerIDs     = "_formerIds" // of a node
)

// besideName names the list of the values that a field of the objects of a
// property has, in their order: ids to which it refers, or values of an enum.
func besideName(p *catalog.Property, f *catalog.EmbeddedField) string {
	return p.Name + "_" + f.Name
}

// reserved reports a name of the model that the store keeps for itself, or "".
func reserved(c *catalog.Catalog) string {
	for _, name := range []string{aliasLabel, metaLabel, changeLabel} {
		if c.Type(name) != nil {
			return name
		}
	}
	if c.Relationship(aliasOf) != nil {
		return aliasOf
	}
	return ""
}

// definition is a constraint or an index by its name.
type definition struct{ name, text string }

// constraints returns what is unique: ids of nodes, of relationships and of
// the store's own nodes.
func constraints(c *catalog.Catalog) (out []definition) {
	add := func(pattern, owner, label, property string) {
		name := label + "." + property
		out = append(out, definition{name, fmt.Sprintf("CREATE CONSTRAINT %s IF NOT EXISTS FOR %s REQUIRE %s.%s IS UNIQUE",
			quote(name), fmt.Sprintf(pattern, quote(label)), owner, quote(property))})
	}
	const node, relationship = "(n:%s)", "()-[e:%s]-()"
	add(node, "n", metaLabel, "name")
	add(node, "n", changeLabel, "revision")
	add(node, "n", changeLabel, "operation")
	add(node, "n", aliasLabel, "id")
	for _, t := range c.Types {
		add(node, "n", t.Name, "id")
	}
	for _, r := range c.Relationships {
		add(relationship, "e", r.Name, "id")
	}
	return out
}

// indexes returns the indexes of a catalog: indexed properties and degrees,
// each followed by the id that breaks ties, and that of what is searched.
func indexes(c *catalog.Catalog) (out []definition) {
	for _, t := range c.Types {
		for _, key := range indexedKeys(t) {
			name := t.Name + "." + key
			out = append(out, definition{name, fmt.Sprintf("CREATE INDEX %s IF NOT EXISTS FOR (n:%s) ON (n.%s, n.id)", quote(name), quote(t.Name), quote(key))})
		}
	}
	if d, ok := searchIndex(c); ok {
		out = append(out, d)
	}
	return out
}

// indexedKeys returns the stored properties of a type that have an index.
func indexedKeys(t *catalog.Type) (out []string) {
	for _, p := range t.Properties {
		if !p.Index {
			continue
		}
		cols := store.Columns(p)
		for _, col := range cols {
			if col.Name != p.Name || len(cols) == 1 {
				out = append(out, col.Name)
			}
		}
	}
	if t.Location != nil {
		out = append(out, store.ColumnName(t.Location, plan.X))
	}
	for _, f := range t.Fields {
		if f.Index {
			out = append(out, f.Degree())
		}
	}
	return slices.Compact(out)
}
