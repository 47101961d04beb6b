package planner

import (
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// near reads from where and how far a node may be.
func (s *selector) near(v any, t *catalog.Type, path string) (plan.Predicate, error) {
	if v == nil {
		return nil, nil
	}
	from, err := s.origin(v, path)
	if err != nil {
		return nil, err
	}
	in, _ := v.(map[string]any)
	km, ok := number(in["km"])
	if !ok || km < 0 {
		return nil, badInput(path+".km", "%v is no distance: write kilometres, from 0", in["km"])
	}
	return plan.Near{Property: t.Location, From: from, Chord: kg.Chord(km)}, nil
}

// origin reads a place or a point from which distances are measured.
func (s *selector) origin(v any, path string) (out plan.Origin, err error) {
	in, _ := v.(map[string]any)
	place, point := in["place"], in["point"]
	if (place == nil) == (point == nil) {
		return out, badInput(path, "distances are from either a place or a point, such as {place: \"place:insee:34172\"}")
	}
	if place != nil {
		id, ok := place.(string)
		if !ok || !validText(id) {
			return out, badInput(path+".place", "%#v is no id", place)
		}
		if out.Type, out.ID = s.catalog.TypeOfID(id), id; out.Type == nil || out.Type.Location == nil {
			return out, badInput(path+".place", "id %q names no node of a type with a location", id)
		}
		return out, nil
	}
	degrees, _ := point.(map[string]any)
	lat, ok1 := number(degrees["latitude"])
	lon, ok2 := number(degrees["longitude"])
	at := kg.Point{Latitude: lat, Longitude: lon}
	if !ok1 || !ok2 || !at.Valid() {
		return out, badInput(path+".point", "latitude is -90–90 and longitude -180–180, got %v and %v", degrees["latitude"], degrees["longitude"])
	}
	out.At = at.Geocentric()
	return out, nil
}
