package projection

import "math"

// earthRadius is the mean radius of the Earth in kilometres.
const earthRadius = 6371.0088

// Kilometres returns how far apart two points are along a great circle; NaN
// when one of them is not known.
func (p Position) Kilometres(q Position) float64 {
	if !p.Known() || !q.Known() {
		return math.NaN()
	}
	const degree = math.Pi / 180
	lat, lon := float64(q.Latitude-p.Latitude)*degree, float64(q.Longitude-p.Longitude)*degree
	h := square(math.Sin(lat/2)) + math.Cos(float64(p.Latitude)*degree)*math.Cos(float64(q.Latitude)*degree)*square(math.Sin(lon/2))
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

func square(x float64) float64 { return x * x }
