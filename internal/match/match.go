// Package match finds what organisations could do for each other now: needs
// that offers meet, resources that one gives off and another can use, calls for
// proposals that fit, and consortia to answer them.
//
// All of it is computed over a projection when it is asked for, and never
// stored. What must hold is decided first; what is left is ranked by a score
// that is the sum of its reasons, each with the nodes that support it.
package match

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
)

// Kinds of opportunities.
const (
	NeedOffer = "NEED_OFFER" // a need that an offer meets
	Resource  = "RESOURCE"   // a resource that one gives off and the other can use
	Call      = "CALL"       // a live call for proposals
)

// Kinds are all kinds of opportunities.
var Kinds = []string{Call, NeedOffer, Resource}

// Codes of reasons.
const (
	ComplementaryNeedOffer = "COMPLEMENTARY_NEED_OFFER" // text is the kind of exchange; ids of need and offer
	ResourceMatch          = "RESOURCE_MATCH"           // text is the class of material; ids of need and offer
	QuantityOverlap        = "QUANTITY_OVERLAP"         // value is the lesser quantity by the greater
	StandsFor              = "STANDS_FOR"               // count of days until the first of the two expires
	NoEnd                  = "NO_END"                   // neither expires
	Nearby                 = "NEARBY"                   // value is km
	SameCountry            = "SAME_COUNTRY"             // text is the country
	SameField              = "SAME_FIELD"               // ids of the sectors of need and offer
	FitsField              = "FITS_FIELD"               // count and ids of the sectors in which it works
	Experience             = "EXPERIENCE"               // count and ids of projects in the field
	Focus                  = "FOCUS"                    // value is the share of its projects in the field
	PartnersFit            = "PARTNERS_FIT"             // count and ids of partners that fit the call too
	ClosesIn               = "CLOSES_IN"                // count of days until the last deadline
	WorkedTogether         = "WORKED_TOGETHER"          // count and ids of groups
	SameCouncil            = "SAME_COUNCIL"             // count and ids of bodies
	OpenCall               = "OPEN_CALL"                // ids of the call and of the sectors
)

// Codes of what there is none of.
const (
	NothingDeclared = "NOTHING_DECLARED" // it declares no need and no offer of the kind
	NothingMeets    = "NOTHING_MEETS"    // no other declares what would meet them
	NoField         = "NO_FIELD"         // it is not known in which sectors it works
	NoLiveCall      = "NO_LIVE_CALL"     // no call is open
	NoCallFits      = "NO_CALL_FITS"     // no open call is about a sector in which it works
)

// Options says what is asked for.
type Options struct {
	Kinds    []string       // of opportunities; all when it is empty
	Today    projection.Day // the day on which needs, offers and calls must stand
	First    int            // how many opportunities
	Partners int            // how many partners are named with each call
}

// Opportunity is something that an organisation could do now.
type Opportunity struct {
	Kind     string
	Own      string              // id of the organisation's own need or offer; "" of a call
	With     string              // id of the call, or of the other's need or offer
	Other    int32               // the actor that declares it; -1 of a call
	Score    float64             // the sum of the weights of the reasons
	Reasons  []projection.Reason // the weightiest first, as everywhere
	Partners []Partner           // of a call: with whom it could be answered, the best first
}

// Partner is an organisation with which a call could be answered.
type Partner struct {
	Actor   int32
	Score   float64 // the sum of the weights of the reasons
	Reasons []projection.Reason
}

// Missing says why there is no opportunity of a kind.
type Missing struct{ Kind, Code string }

// Found is what an organisation could do.
type Found struct {
	Opportunities []Opportunity // the best first
	Total         int           // how many there are before First cuts them
	Missing       []Missing     // the kinds of which there is none, in the order of Kinds
}

// Opportunities returns what an actor could do now. The time it takes is linear
// in what is declared, in the calls and in the partners of the actor.
func Opportunities(ctx context.Context, g *projection.Graph, actor int32, o Options) (Found, error) {
	for _, k := range o.Kinds {
		if !slices.Contains(Kinds, k) {
			return Found{}, kg.Errorf(kg.BadUserInput, "kinds: %s is no kind of opportunity: write %s", k, strings.Join(Kinds, ", "))
		}
	}
	var found Found
	work := projection.NewWork(ctx)
	for _, kind := range Kinds {
		if len(o.Kinds) > 0 && !slices.Contains(o.Kinds, kind) {
			continue
		}
		search := exchanges
		if kind == Call {
			search = calls
		}
		list, why, err := search(work, g, actor, kind, o)
		if err != nil {
			return Found{}, err
		}
		if len(list) == 0 {
			found.Missing = append(found.Missing, Missing{kind, why})
		}
		found.Opportunities = append(found.Opportunities, list...)
	}
	slices.SortFunc(found.Opportunities, func(a, b Opportunity) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.With, b.With), strings.Compare(a.Own, b.Own), cmp.Compare(a.Other, b.Other))
	})
	found.Total = len(found.Opportunities)
	found.Opportunities = found.Opportunities[:min(o.First, found.Total)]
	return found, nil
}

// reason returns a reason that has no measure. The weight is rounded to a
// multiple of 2^-20, so that sums of weights are exact in any order.
func reason(code string, weight float64) projection.Reason {
	return projection.Reason{Code: code, Weight: rounded(weight), Value: math.NaN()}
}

// rounded returns the multiple of 2^-20 next to a weight.
func rounded(weight float64) float64 { return math.Round(weight*(1<<20)) / (1 << 20) }

// weightiest orders reasons, the weightiest first; those of one weight stay as
// they are.
func weightiest(reasons []projection.Reason) []projection.Reason {
	slices.SortStableFunc(reasons, func(a, b projection.Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	return reasons
}

// sum returns the score that reasons make.
func sum(reasons []projection.Reason) (score float64) {
	for _, r := range reasons {
		score += r.Weight
	}
	return score
}

// evidence is how many nodes at most support a reason.
const evidence = 5
