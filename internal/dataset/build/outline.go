package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// ring is a closed line of points, each longitude and latitude in degrees.
type ring [][2]float64

// polygon is an outer ring and the holes in it.
type polygon []ring

// outline is a named area of one or more polygons.
type outline struct {
	name     string
	code     string
	polygons []polygon
}

// centre returns the centroid of polygons, rounded to five decimals (a metre),
// as the JSON of a Point. On areas of this size the plane is good enough.
func centre(polygons []polygon) string {
	var area, x, y float64
	for _, p := range polygons {
		for i, r := range p {
			a, cx, cy := r.moments()
			if (a < 0) != (i > 0) {
				a, cx, cy = -a, -cx, -cy
			}
			area, x, y = area+a, x+cx, y+cy
		}
	}
	round := func(f float64) string { return strconv.FormatFloat(math.Round(f*1e5)/1e5, 'f', -1, 64) }
	return fmt.Sprintf(`{"latitude":%s,"longitude":%s}`, round(y/area), round(x/area))
}

// moments returns the signed area of a ring and its first moments. They are
// taken about the first point, so that nothing is lost to rounding.
func (r ring) moments() (area, x, y float64) {
	if len(r) == 0 {
		return 0, 0, 0
	}
	o := r[0]
	for i := range r {
		a, b := r[i], r[(i+1)%len(r)]
		ax, ay, bx, by := a[0]-o[0], a[1]-o[1], b[0]-o[0], b[1]-o[1]
		cross := ax*by - bx*ay
		area += cross / 2
		x += (ax + bx) * cross / 6
		y += (ay + by) * cross / 6
	}
	return area, x + o[0]*area, y + o[1]*area
}

// readGeoJSON reads the outlines of a collection of polygons.
func readGeoJSON(r io.Reader, nameKey, codeKey string) ([]outline, error) {
	var doc struct {
		Features []struct {
			Properties map[string]any
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.NewDecoder(r).Decode(&doc); err != nil {
		return nil, err
	}
	var out []outline
	for _, f := range doc.Features {
		o := outline{}
		o.name, _ = f.Properties[nameKey].(string)
		o.code, _ = f.Properties[codeKey].(string)
		var err error
		switch f.Geometry.Type {
		case "Polygon":
			o.polygons = make([]polygon, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &o.polygons[0])
		case "MultiPolygon":
			err = json.Unmarshal(f.Geometry.Coordinates, &o.polygons)
		default:
			err = fmt.Errorf("geometry %s", f.Geometry.Type)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.name, err)
		}
		out = append(out, o)
	}
	return out, nil
}

// readKML reads the outlines of the placemarks of a KML document.
func readKML(r io.Reader) ([]outline, error) {
	type boundary struct {
		Coordinates string `xml:"LinearRing>coordinates"`
	}
	type area struct {
		Outer boundary   `xml:"outerBoundaryIs"`
		Inner []boundary `xml:"innerBoundaryIs"`
	}
	var doc struct {
		Placemarks []struct {
			Name   string `xml:"name"`
			Single []area `xml:"Polygon"`
			Multi  []area `xml:"MultiGeometry>Polygon"`
		} `xml:"Document>Folder>Placemark"`
	}
	if err := xml.NewDecoder(r).Decode(&doc); err != nil {
		return nil, err
	}
	var out []outline
	for _, p := range doc.Placemarks {
		o := outline{name: p.Name}
		for _, a := range append(p.Single, p.Multi...) {
			var poly polygon
			for _, b := range append([]boundary{a.Outer}, a.Inner...) {
				r, err := parseRing(b.Coordinates)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", p.Name, err)
				}
				poly = append(poly, r)
			}
			o.polygons = append(o.polygons, poly)
		}
		out = append(out, o)
	}
	return out, nil
}

// parseRing reads KML coordinates: longitude,latitude pairs with spaces between.
func parseRing(s string) (ring, error) {
	var r ring
	for _, pair := range strings.Fields(s) {
		parts := strings.Split(pair, ",")
		if len(parts) < 2 {
			return nil, fmt.Errorf("%q is no coordinate", pair)
		}
		x, err := strconv.ParseFloat(parts[0], 64)
		if err != nil {
			return nil, err
		}
		y, err := strconv.ParseFloat(parts[1], 64)
		if err != nil {
			return nil, err
		}
		r = append(r, [2]float64{x, y})
	}
	return r, nil
}
