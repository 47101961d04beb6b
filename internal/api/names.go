package api

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/maillage/maillage/internal/catalog"
)

// FilterType returns the name of the input type that filters a property, or ""
// when the property cannot be filtered.
func FilterType(p *catalog.Property) string {
	switch p.Kind {
	case catalog.Embed:
		if len(p.Comparable()) == 0 {
			return ""
		}
		return p.TypeName + "ListFilter"
	case catalog.Localized:
		return ""
	case catalog.Live:
		return "BooleanFilter"
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
	Sum         *catalog.Property // of the relationships of Degree; nil for their number
	Distance    bool              // whether it is the distance to Property, a location
}

// OrderKeys returns what a connection to the type can be ordered by: sortable
// properties of the node, counts of its relationships and sums of their
// properties, and, as EDGE_…, sortable properties of the relationship. The field
// is nil at the root.
func OrderKeys(t *catalog.Type, f *catalog.RelationshipField) (out []OrderKey) {
	for _, p := range t.Properties {
		if p.Kind.Sortable() {
			out = append(out, OrderKey{Name: screaming(p.Name), Description: p.Description, Property: p})
		}
	}
	for _, rf := range t.Fields {
		out = append(out, OrderKey{Name: screaming(rf.Name) + "_COUNT", Description: "The number of its " + rf.Name + ".", Degree: rf})
		for _, p := range rf.Relationship.Properties {
			if Summable(p) {
				name := screaming(rf.Name) + "_" + screaming(p.Name) + "_SUM"
				out = append(out, OrderKey{Name: name, Description: fmt.Sprintf("The sum of %s over its %s.", p.Name, rf.Name), Degree: rf, Sum: p})
			}
		}
	}
	for _, rf := range t.Derived {
		if d := rf.Derived; d.Order != "" {
			out = append(out, OrderKey{Name: d.Order, Description: fmt.Sprintf("The number of its %s whose %s is positive.", rf.Name, d.By.Name), Degree: rf})
		}
	}
	if t.Location != nil {
		out = append(out, OrderKey{Name: "DISTANCE", Description: "The distance from a place or a point, given as from.", Property: t.Location, Distance: true})
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

// FacetKey is something by which the items of a connection fall into groups.
// Exactly one of Property and Field is set.
type FacetKey struct {
	Name        string // the enum value
	Description string
	Property    *catalog.Property
	Edge        bool // whether Property is one of the relationship
	Field       *catalog.RelationshipField
}

// FacetKeys returns what the items of a connection to the type can be grouped
// by: properties of the node that have few or readable values, related nodes,
// and, as EDGE_…, properties of the relationship. The field is nil at the root.
func FacetKeys(t *catalog.Type, f *catalog.RelationshipField) (out []FacetKey) {
	for _, p := range t.Properties {
		if groups(p) {
			out = append(out, FacetKey{Name: screaming(p.Name), Description: p.Description, Property: p})
		}
	}
	for _, rf := range t.Fields {
		out = append(out, FacetKey{Name: screaming(rf.Name), Description: rf.Description, Field: rf})
	}
	if f == nil {
		return out
	}
	for _, p := range f.Relationship.Properties {
		if groups(p) {
			out = append(out, FacetKey{Name: "EDGE_" + screaming(p.Name), Description: p.Description, Property: p, Edge: true})
		}
	}
	return out
}

func groups(p *catalog.Property) bool {
	switch p.Kind {
	case catalog.String, catalog.Enum, catalog.Boolean, catalog.Int, catalog.Date, catalog.Live:
		return true
	}
	return false
}

// Summable reports whether values of a property can be added up without loss.
func Summable(p *catalog.Property) bool { return p.Kind == catalog.Int || p.Kind == catalog.Decimal }

// SummaryType returns the name of the type that holds the figures of a
// property, or "" when there are none.
func SummaryType(p *catalog.Property) string {
	switch p.Kind {
	case catalog.Int, catalog.Decimal, catalog.Float, catalog.Date:
		return p.Kind.String() + "Summary"
	}
	return ""
}

func summarized(props []*catalog.Property) (out []*catalog.Property) {
	for _, p := range props {
		if SummaryType(p) != "" {
			out = append(out, p)
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
