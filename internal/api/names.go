package api

import (
	"strings"
	"unicode"

	"github.com/maillage/maillage/internal/catalog"
)

// FilterType returns the name of the input type that filters a property, or ""
// when the property cannot be filtered.
func FilterType(p *catalog.Property) string {
	switch p.Kind {
	case catalog.Embed, catalog.Localized:
		return ""
	case catalog.StringList:
		return "StringListFilter"
	}
	return p.TypeName + "Filter"
}

// OrderKey is something that a connection can be ordered by. Exactly one of
// Property and Degree is set.
type OrderKey struct {
	Name        string // the enum value
	Description string
	Property    *catalog.Property
	Edge        bool // whether Property is one of the relationship
	Degree      *catalog.RelationshipField
}

// OrderKeys returns what a connection to the type can be ordered by: sortable
// properties of the node, counts of its relationships, and, as EDGE_…, sortable
// properties of the relationship. The field is nil at the root.
func OrderKeys(t *catalog.Type, f *catalog.RelationshipField) (out []OrderKey) {
	for _, p := range t.Properties {
		if p.Kind.Sortable() {
			out = append(out, OrderKey{Name: screaming(p.Name), Description: p.Description, Property: p})
		}
	}
	for _, rf := range t.Fields {
		out = append(out, OrderKey{Name: screaming(rf.Name) + "_COUNT", Description: "The number of its " + rf.Name + ".", Degree: rf})
	}
	if f == nil {
		return out
	}
	for _, p := range f.Relationship.Properties {
		if p.Kind.Sortable() {
			out = append(out, OrderKey{Name: "EDGE_" + screaming(p.Name), Description: p.Description, Property: p, Edge: true})
		}
	}
	return out
}

// screaming turns smeAtGrant into SME_AT_GRANT.
func screaming(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}
