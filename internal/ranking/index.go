package ranking

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/maillage/maillage/internal/projection"
)

const (
	// closeGroup is the most members of a group that makes partners: in larger
	// ones nobody meets everybody.
	closeGroup = 40
	// walkGroup is the most members of a group that a walk goes through.
	walkGroup = 200
	// year is a year in days, halfLife what halves the weight of a group, and
	// recent how long before the last news a group is recent.
	year     = 365.25
	halfLife = 2 * year
	recent   = 2 * year
	// perKey is how many of the most active actors are kept for each country,
	// sector and place.
	perKey = 150
)

// index is what the features need to know of a whole graph. It is computed once
// for each graph and does not change.
type index struct {
	g     *projection.Graph
	today projection.Day // as of which day; what begins later is no news
	news  projection.Day // the last day on which a group began; NoDay where none has a date
	whole bool           // whether no group begins later

	fresh    []float32    // by group: 1 when it begins with the last news, halved every halfLife
	through  [][3]float32 // by group: the weights by which the walks choose it, 0 when they do not go through it
	outgoing [][3]float32 // by actor: the sum of the weights of its groups, for each walk
	partners []int32      // by actor: how many others it meets in groups of at most closeGroup
	groups   []int32      // by actor: groups with another member
	latest   []int32      // by actor: those of the recent years
	thisYear []int32      // by actor: those of the last year
	reachNow []float32    // by actor: others met, by fresh
	reach    []float32    // by actor: others met in the latest, each as often as met
	activity []float32    // by actor: the sum of the fresh of its groups

	fields   fields
	together [][]float64 // by kind and kind: how often actors of such kinds meet
	abroad   [][]float64 // by country and country

	everywhere []int32   // the most active actors
	inCountry  [][]int32 // the most active by country
	inSector   [][]int32 // by sector, with those below
	inPlace    [][]int32 // by place

	queries sync.Pool // of *query
}

// newIndex returns the index of a graph as of a day; what begins later is no
// news. A zero day means that all is.
func newIndex(g *projection.Graph, today projection.Day) *index {
	n := g.Actors.Len()
	x := &index{
		g: g, today: today, news: lastNews(g, today), fresh: make([]float32, g.Groups.Len()), through: make([][3]float32, g.Groups.Len()), outgoing: make([][3]float32, n), partners: make([]int32, n),
		groups: make([]int32, n), latest: make([]int32, n), thisYear: make([]int32, n), reach: make([]float32, n), reachNow: make([]float32, n), activity: make([]float32, n),
	}
	x.whole = x.news == lastNews(g, 0)
	for p := range x.fresh {
		x.fresh[p] = freshness(x.news, g.From[p])
		x.through[p] = x.steps(int32(p))
	}
	x.count()
	x.fields = newFields(g, x.fresh)
	x.mix()
	x.tops()
	x.queries.New = func() any { return newQuery(x) }
	return x
}

// serves reports whether the index is that of a graph as of a day.
func (x *index) serves(g *projection.Graph, today projection.Day) bool {
	return x.g == g && (x.today == today || x.whole && (today == 0 || today >= x.news))
}

// lastNews returns the last day, up to today, on which a group began.
func lastNews(g *projection.Graph, today projection.Day) projection.Day {
	last := projection.NoDay
	for p, from := range g.From {
		if from > last && (today == 0 || from <= today) && g.Members.Degree(int32(p)) > 0 {
			last = from
		}
	}
	return last
}

// freshness is what a group that begins on a day counts for: of unknown
// days, as much as of one four years ago.
func freshness(news, from projection.Day) float32 {
	if from == projection.NoDay {
		return .25
	}
	return float32(math.Exp2(-math.Max(0, float64(news-from)) / halfLife))
}

// age returns how many days before the last news a group began, and whether
// that is known.
func (x *index) age(p int32) (float64, bool) {
	from := x.g.From[p]
	return math.Max(0, float64(x.news-from)), from != projection.NoDay
}

// joint reports whether the members of a group work together: there are several,
// not too many, and it is no body, whose members only sit together.
func (x *index) joint(p int32) bool {
	k := x.g.Members.Degree(p)
	return k >= 2 && k <= walkGroup && !x.g.Body(p)
}

// steps returns the weights by which walks choose a group: by its members, all
// alike, and by how fresh it is.
func (x *index) steps(p int32) (w [3]float32) {
	if !x.joint(p) {
		return w
	}
	if k := x.g.Members.Degree(p); k <= closeGroup {
		w[0] = float32(k)
	}
	w[1], w[2] = 1, x.fresh[p]
	return w
}

// close reports whether all members of a group are partners of each other.
func (x *index) close(p int32) bool {
	return x.joint(p) && x.g.Members.Degree(p) <= closeGroup
}

// count fills in what is known of each actor alone.
func (x *index) count() {
	met := make([]int32, x.g.Actors.Len()) // by actor: 1 + the last that met it
	for a := range x.partners {
		for _, p := range x.g.Meetings.Of(int32(a)) {
			k := x.g.Members.Degree(p)
			if k < 2 || x.g.Body(p) {
				continue
			}
			x.groups[a]++
			w := x.through[p]
			for v := range w {
				x.outgoing[a][v] += w[v]
			}
			if k > closeGroup {
				continue
			}
			x.activity[a] += x.fresh[p]
			x.reachNow[a] += x.fresh[p] * float32(k-1)
			if age, ok := x.age(p); ok && age <= recent {
				x.latest[a]++
				x.reach[a] += float32(k - 1)
				if age <= year {
					x.thisYear[a]++
				}
			}
			for _, b := range x.g.Members.Of(p) {
				if b != int32(a) && met[b] != int32(a)+1 {
					met[b] = int32(a) + 1
					x.partners[a]++
				}
			}
		}
	}
}

// mix counts how often actors of each kind and country meet those of another.
func (x *index) mix() {
	g := x.g
	x.together, x.abroad = square(len(g.Kinds)), square(len(g.Countries))
	for p := range int32(g.Groups.Len()) {
		if !x.close(p) {
			continue
		}
		members := g.Members.Of(p)
		pairs(x.together, members, func(a int32) int { return int(g.Kind[a]) })
		pairs(x.abroad, members, func(a int32) int { return int(g.Country[a]) })
	}
}

// pairs counts the pairs of members of a group by what they are.
func pairs(count [][]float64, members []int32, what func(int32) int) {
	for i, a := range members {
		for _, b := range members[:i] {
			count[what(a)][what(b)]++
			count[what(b)][what(a)]++
		}
	}
}

func square(n int) [][]float64 {
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, n)
	}
	return out
}

// tops lists the most active actors of each country, sector and place.
func (x *index) tops() {
	g := x.g
	order := make([]int32, g.Actors.Len())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(x.activity[b], x.activity[a]), cmp.Compare(a, b))
	})
	x.everywhere = order[:min(perKey, len(order))]
	x.inCountry = make([][]int32, len(g.Countries))
	x.inPlace = make([][]int32, g.Places.Len())
	for _, a := range order {
		if c := g.Country[a]; c != 0 && len(x.inCountry[c]) < perKey {
			x.inCountry[c] = append(x.inCountry[c], a)
		}
		for _, p := range g.ActorPlaces.Of(a) {
			if len(x.inPlace[p]) < perKey {
				x.inPlace[p] = append(x.inPlace[p], a)
			}
		}
	}
	x.inSector = x.fields.tops(g.Sectors.Len(), perKey)
}

// Partners returns how many others each actor has met in groups of at most 40.
func Partners(g *projection.Graph) []int32 { return newIndex(g, 0).partners }
