package projection

import (
	"fmt"

	"github.com/maillage/maillage/internal/catalog"
)

// Names of the model that mean something to the algorithms. No other file of
// the package knows any.
const (
	actorType     = "Organization"
	partnersField = "partners"
	kindName      = "kind"
	countryName   = "country"
	sectorType    = "Sector"
	placeType     = "Place"
	sizeName      = "size"
	needType      = "Need"
	offerType     = "Offer"
	callType      = "FundingCall"
	exchangeKind  = "kind"
	classField    = "materialClass"
	quantityField = "quantity"
	unitField     = "unit"
	periodField   = "period"
	leastField    = "minimumPartners"
)

// Resource is the kind of needs and offers of materials and energy.
const Resource = "RESOURCE"

// Model is what of a catalog's graph is projected.
type Model struct {
	Actor   *catalog.Type           // those that work together: organisations
	Ways    []*catalog.Way          // over what they are found to work together, by kind of group
	Direct  []*catalog.Relationship // from one actor to another
	Kind    *catalog.Property       // what an actor is
	Country *catalog.Property
	Size    *catalog.Property // nil when the model has none
	Sector  *catalog.Type
	Place   *catalog.Type
	Need    *Declared // nil when the model has none
	Offer   *Declared
	Call    *catalog.Type // of calls for proposals; nil when the model has none

	layout *layout
}

// Declared is a type of what actors declare: what they need, or offer.
type Declared struct {
	Type    *catalog.Type
	By      *catalog.RelationshipField // to those who declare it
	Sectors *catalog.RelationshipField // to what it is about
}

// NewModel returns the model of a catalog, or nil when its graph has nobody
// that works together.
func NewModel(c *catalog.Catalog) (*Model, error) {
	m := &Model{Actor: c.Type(actorType), Sector: c.Type(sectorType), Place: c.Type(placeType)}
	if m.Actor == nil || m.Actor.Field(partnersField) == nil {
		return nil, nil
	}
	derived := m.Actor.Field(partnersField).Derived
	if derived == nil {
		return nil, fmt.Errorf("%s.%s is not derived", actorType, partnersField)
	}
	m.Ways = derived.Ways
	for _, r := range c.Relationships {
		if r.Joins(m.Actor, m.Actor) {
			m.Direct = append(m.Direct, r)
		}
	}
	m.Kind, m.Country = m.Actor.Property(kindName), m.Actor.Property(countryName)
	if m.Kind == nil || m.Country == nil || m.Sector == nil || m.Sector.Hierarchy == nil || m.Place == nil || m.Place.Hierarchy == nil {
		return nil, fmt.Errorf("the model has %s.%s, but not all of %s.%s, %[1]s.%s, %s and %s with their hierarchies",
			actorType, partnersField, actorType, kindName, countryName, sectorType, placeType)
	}
	m.Size = m.Actor.Property(sizeName)
	m.Need, m.Offer = m.declared(c.Type(needType)), m.declared(c.Type(offerType))
	m.Call = c.Type(callType)
	m.layout = newLayout(m)
	return m, nil
}

// columns returns what is kept of the nodes of a kind.
func (m *Model) columns(k kindOf) (c columns) {
	property := k.typ.Property
	switch k.space {
	case actors:
		c.kind, c.size, c.country = enumColumn(m.Kind), enumColumn(m.Size), textColumn(m.Country)
		c.at = positionColumn(k.typ.Location)
	case places:
		c.at = positionColumn(k.typ.Location)
	case groups:
		c.from, c.to = dayColumns(k.typ.Period)
	case needs, offers:
		c.word, c.class = textColumn(property(exchangeKind)), textColumn(property(classField))
		c.amount = amountColumn(property(quantityField), property(unitField), property(periodField))
		_, c.to = dayColumns(k.typ.Period)
	case calls:
		c.from, c.to = dayColumns(k.typ.Period)
		c.least = countColumn(property(leastField))
	}
	return c
}

// typ returns the type of what is declared; nil when there is none.
func (d *Declared) typ() *catalog.Type {
	if d == nil {
		return nil
	}
	return d.Type
}

func (m *Model) declared(t *catalog.Type) *Declared {
	if t == nil {
		return nil
	}
	d := &Declared{Type: t, By: fieldTo(t, m.Actor), Sectors: fieldTo(t, m.Sector)}
	if d.By == nil || d.Sectors == nil {
		return nil
	}
	return d
}

// fieldTo returns the first field of a type that leads to another.
func fieldTo(t, target *catalog.Type) *catalog.RelationshipField {
	for _, f := range t.Fields {
		if f.Target == target {
			return f
		}
	}
	return nil
}
