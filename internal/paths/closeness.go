package paths

import (
	"math"

	"github.com/maillage/maillage/internal/projection"
)

// The strength of a tie is counted in units, weights and penalties in
// millionths: sums of integers are the same in any order.
const (
	// fresh is the strength of a tie between two alone, now.
	fresh = 1_000_000_000
	// millionths is how many units of a weight make one.
	millionths = 1_000_000
	// quarter is a quarter of a year, in days.
	quarter = 91
	// halfLife is after how many quarters a tie is half as strong.
	halfLife = 16
	// introduced is how many links of an organisation that is passed through
	// make it half as easy to be introduced by it.
	introduced = 25
	// largest is how many members a group may have for any of them to know each
	// other.
	largest = 1000
)

// ages is by how much ties have weakened, by their age in quarters.
var ages = func() (out [160]int64) {
	for q := range out {
		out[q] = int64(math.Round(fresh * math.Exp2(-float64(q)/halfLife)))
	}
	return out
}()

// strength returns how strong a tie a group of some members makes between two of
// them: 1/(members-1), halved for every four years since it ended. What has no
// dates counts as four years old, unless its kind never has any.
func strength(g *projection.Graph, group int32, members int) int64 {
	age := ages[0]
	last := g.To[group]
	if last == projection.NoDay {
		last = g.From[group]
	}
	switch {
	case last != projection.NoDay:
		age = ages[min(max(0, int(g.Latest)-int(last))/quarter, len(ages)-1)]
	case g.Model.Ways[g.Way[group]].Out.Target.Period != nil:
		age = ages[halfLife]
	}
	return max(1, age/int64(members-1))
}

// weight returns how far apart two are that are tied by some strength in all:
// ln(1 + 1/strength), at least a millionth.
func weight(strength int64) int32 {
	return max(1, int32(math.Round(millionths*math.Log1p(fresh/float64(strength)))))
}

// penalty returns what it costs to pass through an organisation: the more links
// it has, the less it knows of each.
func penalty(g *projection.Graph, actor int32) int32 {
	links := g.Meetings.Degree(actor) + g.Direct.Degree(actor)
	return int32(math.Round(millionths * math.Log1p(float64(links)/introduced)))
}
