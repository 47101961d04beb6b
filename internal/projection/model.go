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
	statusCurrent = "CURRENT"
)

// Model is what of a catalog's graph is projected.
type Model struct {
	Actor   *catalog.Type           // those that work together: organisations
	Ways    []*catalog.Way          // over what they are found to work together, by kind of group
	Direct  []*catalog.Relationship // from one actor to another
	Kind    *catalog.Property       // what an actor is
	Country *catalog.Property
	Sector  *catalog.Type
	Place   *catalog.Type
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
	return m, nil
}
