package kg

import "math"

// Point is a place on the globe in degrees (WGS 84).
type Point struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// earthRadius is the mean radius of the Earth in centimetres.
const earthRadius = 637_100_880

// Valid reports whether the point is on the globe.
func (p Point) Valid() bool {
	return math.Abs(p.Latitude) <= 90 && math.Abs(p.Longitude) <= 180
}

// Geocentric returns where the point is from the centre of the Earth, in whole
// centimetres along three axes: towards 0° N 0° E, 0° N 90° E, and the north
// pole. Distances between such points are computed in integers, which all
// databases do alike.
func (p Point) Geocentric() [3]int64 {
	lat, lon := p.Latitude*math.Pi/180, p.Longitude*math.Pi/180
	at := func(x float64) int64 { return int64(math.Round(earthRadius * x)) }
	return [3]int64{at(math.Cos(lat) * math.Cos(lon)), at(math.Cos(lat) * math.Sin(lon)), at(math.Sin(lat))}
}

// Chord returns the straight line, in whole centimetres, between two points so
// many kilometres apart along a great circle. Half a great circle is the most.
func Chord(km float64) int64 {
	angle := min(km*100_000/earthRadius, math.Pi)
	return int64(math.Round(2 * earthRadius * math.Sin(angle/2)))
}
