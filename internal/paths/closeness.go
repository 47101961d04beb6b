package paths

import (
	"math"

	"github.com/maillage/maillage/internal/projection"
)

// Weights and penalties are counted in millionths: sums of integers are the
// same in any order.
const (
	// millionths is how many units of a weight make one.
	millionths = 1_000_000
	// introduced is how many links of an organisation that is passed through
	// make it half as easy to be introduced by it.
	introduced = 25
	// largest is how many members a group may have for any of them to know each
	// other.
	largest = 1000
)

// weight returns how far apart two are that are tied by some strength in all:
// ln(1 + 1/strength), at least a millionth.
func weight(strength int64) int32 {
	return max(1, int32(math.Round(millionths*math.Log1p(projection.Fresh/float64(strength)))))
}

// penalty returns what it costs to pass through an organisation: the more links
// it has, the less it knows of each.
func penalty(g *projection.Graph, actor int32) int32 {
	links := g.Meetings.Degree(actor) + g.Direct.Degree(actor)
	return int32(math.Round(millionths * math.Log1p(float64(links)/introduced)))
}
