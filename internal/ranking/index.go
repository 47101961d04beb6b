package ranking

import (
	"context"
	"math"
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

// index is what is known of a whole graph. It is computed once for each graph; what
// is known of single actors is added when it is first asked for.
type index struct {
	g     *projection.Graph
	today projection.Day // as of which day; what begins later is no news
	news  projection.Day // the last day on which a group began; NoDay where none has a date
	whole bool           // whether no group begins later

	bodies   []bool    // by way: whether its groups are bodies
	meetings []meeting // by group
	activity []float32 // by actor, see numbers
	sectors  sectors
	known    known
	kinds    mix
	country  mix

	everywhere []int32   // the most active actors
	inCountry  [][]int32 // the most active by country
	inPlace    [][]int32 // by place

	queries sync.Pool // of *query
}

// meeting is what walks know of a group.
type meeting struct {
	fresh   float32 // 1 when it begins with the last news, halved every halfLife
	members uint8   // how many; 0 when walks do not go through it
}

// manyGroups is how many groups an actor has whose numbers are computed with the
// index: it takes long, and most questions come to it.
const manyGroups = 100

// newIndex returns the index of a graph as of a day; what begins later is no
// news. A zero day means that all is. It fails when ctx ends.
func newIndex(ctx context.Context, g *projection.Graph, today projection.Day) (*index, error) {
	x := &index{
		g: g, today: today, news: lastNews(g, today), meetings: make([]meeting, g.Groups.Len()),
		activity: make([]float32, g.Actors.Len()), known: make(known, g.Actors.Len()),
	}
	x.whole = x.news == lastNews(g, 0)
	for _, w := range g.Model.Ways {
		x.bodies = append(x.bodies, w.Out.Target == g.Model.Actor)
	}
	x.queries.New = func() any { return newQuery(x) }
	parts := []func(context.Context) error{x.meet, x.tops, x.newSectors}
	if g.Whole() {
		var beside sync.WaitGroup
		defer beside.Wait()
		beside.Go(func() { _ = x.mix(ctx) }) // the others fail with ctx too
		parts = append(parts, x.hubs)
	} else {
		parts = append(parts, x.mix)
	}
	for _, part := range parts {
		if err := part(ctx); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// serves reports whether the index is one as of a day.
func (x *index) serves(today projection.Day) bool {
	return x.today == today || x.whole && (today == 0 || today >= x.news)
}

// latest is the index of a graph as of the day on which it was last asked.
type latest struct {
	turn  chan struct{} // holds a token while somebody looks at it
	index *index
}

type latestKey struct{}

// indexOf returns the index of a graph, which is kept with the graph.
func indexOf(ctx context.Context, g *projection.Graph, today projection.Day) (*index, error) {
	l := g.Keep(latestKey{}, func() any { return &latest{turn: make(chan struct{}, 1)} }).(*latest)
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if l.index == nil || !l.index.serves(today) {
		x, err := newIndex(ctx, g, today)
		if err != nil {
			return nil, err
		}
		l.index = x
	}
	return l.index, nil
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

// decay is what a group counts for so many days after it began, of the first 45
// years.
var decay = func() (out [1 << 14]float32) {
	for days := range out {
		out[days] = float32(math.Exp2(-float64(days) / halfLife))
	}
	return out
}()

// freshness is what a group that begins on a day counts for: of unknown
// days, as much as of one four years ago.
func freshness(news, from projection.Day) float32 {
	switch days := int64(news) - int64(from); {
	case from == projection.NoDay:
		return .25
	case days < 0:
		return 1
	case days < int64(len(decay)):
		return decay[days]
	default:
		return float32(math.Exp2(-float64(days) / halfLife))
	}
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
	return k >= 2 && k <= walkGroup && !x.body(p)
}

// body reports whether a group is a body.
func (x *index) body(p int32) bool { return x.bodies[x.g.Way[p]] }

// steps returns the weights by which walks choose a group: by its members, all
// alike, and by how fresh it is; 0 when they do not go through it.
func (m meeting) steps() (w mass) {
	if m.members == 0 {
		return w
	}
	if m.members <= closeGroup {
		w[0] = float32(m.members)
	}
	w[1], w[2] = 1, m.fresh
	return w
}

// close reports whether all members of a group are partners of each other.
func (x *index) close(p int32) bool {
	return x.joint(p) && x.g.Members.Degree(p) <= closeGroup
}

// meet fills in what is known of groups, and how active their members are.
func (x *index) meet(ctx context.Context) error {
	return x.g.Sweep(ctx, len(x.meetings), x.touchMembers, func(p int32) {
		m := meeting{fresh: freshness(x.news, x.g.From[p])}
		if x.joint(p) {
			m.members = uint8(x.g.Members.Degree(p))
		}
		x.meetings[p] = m
		if m.members > 0 && m.members <= closeGroup {
			for _, a := range x.g.Members.Of(p) {
				x.activity[a] += m.fresh
			}
		}
	})
}

// touchMembers asks for the members of a group, if they are partners.
func (x *index) touchMembers(p int32) {
	if x.close(p) {
		x.g.Members.Of(p)
	}
}

// mix is how often actors of each kind, or country, meet those of another.
type mix struct {
	together [][]float64
	all      []float64 // the sum of the rows
	total    float64
}

func newMix(n int) mix {
	m := mix{together: make([][]float64, n), all: make([]float64, n)}
	for i := range m.together {
		m.together[i] = make([]float64, n)
	}
	return m
}

// pairs counts the pairs of members of a group by what they are.
func (m *mix) pairs(of []uint16) {
	for i, a := range of {
		row := m.together[a]
		for _, b := range of[:i] {
			row[b]++
		}
	}
}

// both makes both orders of pairs count, and sums them up.
func (m *mix) both() {
	for i := range m.together {
		for j := range i + 1 {
			sum := m.together[i][j] + m.together[j][i]
			m.together[i][j], m.together[j][i] = sum, sum
		}
	}
	for _, row := range m.together {
		for j, n := range row {
			m.all[j] += n
			m.total += n
		}
	}
}

// mix counts how often actors of each kind and country meet those of another.
func (x *index) mix(ctx context.Context) error {
	g := x.g
	x.kinds, x.country = newMix(len(g.Kinds)), newMix(len(g.Countries))
	var kinds, countries []uint16
	err := g.Sweep(ctx, len(x.meetings), x.touchMembers, func(p int32) {
		if !x.close(p) {
			return
		}
		kinds, countries = kinds[:0], countries[:0]
		for _, a := range g.Members.Of(p) {
			kinds, countries = append(kinds, uint16(g.Kind[a])), append(countries, g.Country[a])
		}
		x.kinds.pairs(kinds)
		x.country.pairs(countries)
	})
	x.kinds.both()
	x.country.both()
	return err
}

// tops lists the most active actors of each country and place.
func (x *index) tops(ctx context.Context) error {
	g := x.g
	var everywhere top
	countries, places := make([]top, len(g.Countries)), make([]top, g.Places.Len())
	err := g.Sweep(ctx, len(x.activity), func(a int32) { g.ActorPlaces.Of(a) }, func(a int32) {
		v := valued{x.activity[a], a}
		everywhere.offer(v, perKey)
		countries[g.Country[a]].offer(v, perKey)
		for _, p := range g.ActorPlaces.Of(a) {
			places[p].offer(v, perKey)
		}
	})
	x.everywhere, x.inCountry, x.inPlace = everywhere.all(), make([][]int32, len(countries)), make([][]int32, len(places))
	for c, t := range countries {
		x.inCountry[c] = t.all()
	}
	for p, t := range places {
		x.inPlace[p] = t.all()
	}
	return err
}

// hubs computes the numbers of actors with many groups.
func (x *index) hubs(ctx context.Context) error {
	n := newNotes(x)
	for a := range int32(len(x.known)) {
		if x.g.Meetings.Degree(a) >= manyGroups {
			x.of(a, n)
		}
	}
	return ctx.Err()
}

// Partners returns how many others each actor has met in groups of at most 40.
func Partners(ctx context.Context, g *projection.Graph) ([]int32, error) {
	x, err := newIndex(ctx, g, 0)
	if err != nil {
		return nil, err
	}
	out, n := make([]int32, len(x.known)), newNotes(x)
	for a := range out {
		out[a] = x.of(int32(a), n).partners
	}
	return out, nil
}
