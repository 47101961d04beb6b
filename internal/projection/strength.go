package projection

import "math"

const (
	// Fresh is the strength of the tie of two who are alone in a group, now.
	// Strengths are integers, so that sums of them are the same in any order.
	Fresh = 1_000_000_000
	// quarter is a quarter of a year in days, and halfLife after how many of them
	// a tie is half as strong.
	quarter, halfLife = 91, 16
)

// ages is how strong a tie is by its age in quarters.
var ages = func() (out [160]int64) {
	for q := range out {
		out[q] = int64(math.Round(Fresh * math.Exp2(-float64(q)/halfLife)))
	}
	return out
}()

// Strength returns how strong a tie a group of so many members, two at least,
// makes between any two of them: Fresh/(members-1), halved for every four years since it ended before
// the latest news of the graph. What has no dates counts as four years old,
// unless groups of its kind never have any.
func (g *Graph) Strength(group int32, members int) int64 {
	age := ages[0]
	last := g.To[group]
	if last == NoDay {
		last = g.From[group]
	}
	switch {
	case last != NoDay:
		age = ages[min(max(0, int(g.Latest)-int(last))/quarter, len(ages)-1)]
	case g.Model.Ways[g.Way[group]].Out.Target.Period != nil:
		age = ages[halfLife]
	}
	return max(1, age/int64(max(1, members-1))) // members may be missed, see Expand
}
