package ranking

import (
	"math"
	"slices"
)

// Codes of reasons.
const (
	SharedPartners = "SHARED_PARTNERS"  // Count of partners in common; Evidence: some of them
	CloseInNetwork = "CLOSE_IN_NETWORK" // partners of partners lead there
	SameField      = "SAME_FIELD"       // Value: cosine of the sectors, to 1; Evidence: sectors in common
	SameCouncil    = "SAME_COUNCIL"     // Count of bodies in common; Evidence: some of them
	SameCountry    = "SAME_COUNTRY"     // Text: the country
	UsualCountry   = "USUAL_COUNTRY"    // Text: the country; Value: how many times as often as by chance it is met
	Nearby         = "NEARBY"           // Value: km, where both positions are known; Evidence: places in common
	UsualKind      = "USUAL_KIND"       // Text: the kind; Value: how many times as often as by chance it is met
	SameKind       = "SAME_KIND"        // Text: the kind
	ActiveNow      = "ACTIVE_NOW"       // Count of groups begun in the two years before the last news; Evidence: the latest
	WellConnected  = "WELL_CONNECTED"   // Count of partners in groups of at most 40, bodies apart
	Experienced    = "EXPERIENCED"      // Count of groups
	LesserKnown    = "LESSER_KNOWN"     // Count of partners in groups of at most 40; never counts for it
)

// The features of a pair, by number.
const (
	viaPartnersBySize = iota
	viaPartners
	viaPartnersNow
	sharedPartners
	neighbourhood
	adamicAdar
	pageRankBySize // and the next two by the other walks
	pageRank
	pageRankNow
	newcomerRank
	reachNow
	furtherBySize
	further
	furtherNow
	fieldCosine
	fieldPresence
	councils
	country
	countryLift
	closeness
	kindLift
	kind
	latestGroups
	groupsThisYear
	latestReach
	activity
	partners
	groups
	newcomerVia
	newcomerFurther
	newcomerPresence
	newcomerReach
	newcomerPartners
	featureCount
)

// feature says of a number that is known of a pair how it is called in the
// model, and to which reason it belongs. What stands for nothing known is none.
type feature struct {
	name, code string
	none       float64
	falling    bool // whether less may count for more
}

// features are all that a model may be made of. Those of one reason stand
// together, in the order in which their contributions are added.
var features = [featureCount]feature{
	viaPartnersBySize: {name: "viaPartnersBySize", code: SharedPartners},
	viaPartners:       {name: "viaPartners", code: SharedPartners},
	viaPartnersNow:    {name: "viaPartnersNow", code: SharedPartners},
	sharedPartners:    {name: "sharedPartners", code: SharedPartners},
	neighbourhood:     {name: "neighbourhood", code: SharedPartners},
	adamicAdar:        {name: "adamicAdar", code: SharedPartners},
	newcomerVia:       {name: "newcomerVia", code: SharedPartners},
	furtherBySize:     {name: "furtherBySize", code: CloseInNetwork},
	further:           {name: "further", code: CloseInNetwork},
	furtherNow:        {name: "furtherNow", code: CloseInNetwork},
	pageRankBySize:    {name: "pageRankBySize", code: CloseInNetwork},
	pageRank:          {name: "pageRank", code: CloseInNetwork},
	pageRankNow:       {name: "pageRankNow", code: CloseInNetwork},
	newcomerRank:      {name: "newcomerRank", code: CloseInNetwork},
	newcomerFurther:   {name: "newcomerFurther", code: CloseInNetwork},
	fieldCosine:       {name: "fieldCosine", code: SameField},
	fieldPresence:     {name: "fieldPresence", code: SameField},
	newcomerPresence:  {name: "newcomerPresence", code: SameField},
	councils:          {name: "councils", code: SameCouncil},
	country:           {name: "country", code: SameCountry},
	countryLift:       {name: "countryLift", code: UsualCountry, none: 1},
	closeness:         {name: "closeness", code: Nearby},
	kindLift:          {name: "kindLift", code: UsualKind, none: 1},
	kind:              {name: "kind", code: SameKind},
	latestGroups:      {name: "latestGroups", code: ActiveNow},
	groupsThisYear:    {name: "groupsThisYear", code: ActiveNow},
	latestReach:       {name: "latestReach", code: ActiveNow},
	reachNow:          {name: "reachNow", code: Experienced},
	newcomerReach:     {name: "newcomerReach", code: ActiveNow},
	partners:          {name: "partners", code: WellConnected, falling: true},
	newcomerPartners:  {name: "newcomerPartners", code: WellConnected, falling: true},
	activity:          {name: "activity", code: Experienced},
	groups:            {name: "groups", code: Experienced, falling: true},
}

// codes are the reasons of suggestions, in the order in which equal ones stand.
var codes = [...]string{
	SharedPartners, CloseInNetwork, SameField, SameCouncil, SameCountry, UsualCountry, Nearby, UsualKind, SameKind,
	ActiveNow, WellConnected, Experienced, LesserKnown,
}

// codeOf is the reason of each feature.
var codeOf = func() (out [featureCount]int) {
	for i, f := range features {
		out[i] = slices.Index(codes[:], f.code)
	}
	return out
}()

// newcomer is how many partners an actor has at most for whom the newcomer
// features speak: the same numbers as others, which weigh more or less where
// little is known.
const newcomer = 9

// measure returns the features of the pair of a query's actor and another, but for
// those that compare finds.
func (q *query) measure(b int32) (f [featureCount]float64) {
	x, g, k := q.index, q.index.g, q.numbers(b)
	place := q.walker.places.find(b)
	two, three := q.walker.steps[2].of(place), q.walker.steps[3].of(place)
	f[viaPartnersBySize], f[viaPartners], f[viaPartnersNow] = float64(two[0]), float64(two[1]), float64(two[2])
	f[furtherBySize], f[further], f[furtherNow] = float64(three[0]), float64(three[1]), float64(three[2])
	for v, rank := range ranks(two, three) {
		f[pageRankBySize+v] = rank
	}
	f[fieldCosine], f[fieldPresence] = x.sectors.compare(&q.self.fields, &k.fields)
	f[councils] = float64(len(q.sharedCouncils(b)))
	if g.Country[b] != 0 && g.Country[b] == g.Country[q.actor] {
		f[country] = 1
	}
	if g.Kind[b] != 0 && g.Kind[b] == g.Kind[q.actor] {
		f[kind] = 1
	}
	f[countryLift] = q.countries[g.Country[b]]
	f[kindLift] = q.kinds[g.Kind[b]]
	f[closeness] = q.closeness(b)
	f[reachNow], f[latestReach], f[activity] = float64(k.reachNow), float64(k.reach), float64(k.activity)
	f[latestGroups], f[groupsThisYear] = float64(k.latest), float64(k.thisYear)
	f[partners], f[groups] = float64(k.partners), float64(k.groups)
	if q.self.partners <= newcomer {
		f[newcomerRank] = f[pageRankBySize]
		f[newcomerVia], f[newcomerFurther] = f[viaPartners], f[further]
		f[newcomerPresence], f[newcomerReach], f[newcomerPartners] = f[fieldPresence], f[latestReach], f[partners]
	}
	return f
}

// compare fills in what the partners in common say, which takes the longest.
func (q *query) compare(b int32, f *[featureCount]float64) {
	if f[viaPartners] > 0 {
		n, sum := q.countShared(b)
		f[sharedPartners], f[adamicAdar] = float64(n), sum
		f[neighbourhood] = neighbours(f[sharedPartners], q.self.partners, f[partners])
	}
}

// neighbours returns the cosine of two actors' partners.
func neighbours(shared float64, a int32, b float64) float64 {
	return shared / math.Sqrt(float64(a+1)*(b+1))
}

// lift returns by which factor the actor meets each kind (or country) more often
// than by chance: by its own meetings and, as if they were some ten more, by
// those of actors of its own kind. Where nothing is known it is 1.
func (x *mix) lift(own []float64, mine int) []float64 {
	const weight = 10
	out := make([]float64, len(own))
	met, meets := 0.0, 0.0
	for j := range own {
		met += own[j]
		meets += x.together[mine][j]
	}
	for j := range own {
		chance := x.all[j] / x.total
		if out[j] = 1; j == 0 || x.all[j] == 0 {
			continue
		}
		expected := chance
		if mine != 0 && meets > 0 {
			expected = (x.together[mine][j] + weight*chance) / (meets + weight)
		}
		out[j] = (own[j] + weight*expected) / (met + weight) / chance
	}
	return out
}

// whole returns all features of a pair.
func (q *query) whole(b int32) [featureCount]float64 {
	f := q.measure(b)
	q.compare(b, &f)
	return f
}

// sharedCouncils returns the bodies of which both are members.
func (q *query) sharedCouncils(b int32) (out []int32) {
	if len(q.councils) == 0 {
		return nil
	}
	for _, p := range q.index.spread(b) {
		if slices.Contains(q.councils, p) {
			out = append(out, p)
		}
	}
	return out
}

// kilometres returns how far an actor is from that of the query; NaN when that is
// not known.
func (q *query) kilometres(b int32) float64 {
	at := q.index.g.Position
	return at[q.actor].Kilometres(at[b])
}

// closeness returns 1 over how many km apart an actor is from that of the query, at least
// one; of unknown positions in a common place, as of 10 km; else 0.
func (q *query) closeness(b int32) float64 {
	if km := q.kilometres(b); !math.IsNaN(km) {
		return 1 / math.Max(1, km)
	}
	if len(q.sharedPlaces(b)) > 0 {
		return .1
	}
	return 0
}

// sharedPlaces returns the places in which both are.
func (q *query) sharedPlaces(b int32) (out []int32) {
	mine := q.index.g.ActorPlaces.Of(q.actor)
	for _, p := range q.index.g.ActorPlaces.Of(b) {
		if slices.Contains(mine, p) {
			out = append(out, p)
		}
	}
	return out
}
