package kg_test

import (
	"math"
	"testing"

	"github.com/maillage/maillage/internal/kg"
)

func TestChordsMeasureGreatCircles(t *testing.T) {
	squared := func(a, b kg.Point) (sum int64) {
		p, q := a.Geocentric(), b.Geocentric()
		for i := range p {
			sum += (p[i] - q[i]) * (p[i] - q[i])
		}
		return sum
	}
	for _, c := range []struct {
		name string
		a, b kg.Point
		km   float64 // by the haversine formula
	}{
		{"Montpellier to Sète", kg.Point{Latitude: 43.6119, Longitude: 3.8772}, kg.Point{Latitude: 43.404, Longitude: 3.693}, 27.47},
		{"Montpellier to Paris", kg.Point{Latitude: 43.6119, Longitude: 3.8772}, kg.Point{Latitude: 48.8566, Longitude: 2.3522}, 595.1},
		{"over the date line", kg.Point{Longitude: 179.9}, kg.Point{Longitude: -179.9}, 22.24},
		{"pole to pole", kg.Point{Latitude: 90}, kg.Point{Latitude: -90}, 20015.1},
		{"nowhere", kg.Point{Latitude: 1, Longitude: 1}, kg.Point{Latitude: 1, Longitude: 1}, 0},
	} {
		got := math.Sqrt(float64(squared(c.a, c.b)))
		for _, near := range []struct {
			km   float64
			more bool
		}{{c.km * 0.999, false}, {c.km*1.001 + 0.001, true}} {
			if more := float64(kg.Chord(near.km)) >= got; c.km > 0 && c.km < 20000 && more != near.more {
				t.Errorf("%s: %.0f cm, within %f km: %t", c.name, got, near.km, more)
			}
		}
	}
	if kg.Chord(1e9) != kg.Chord(20015.2) {
		t.Error("more than half a great circle is half a great circle")
	}
}
