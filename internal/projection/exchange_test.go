package projection_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
)

// TestDeclarationsAreProjected has organisation a need and b offer; what b no
// longer offers is nobody's.
func TestDeclarationsAreProjected(t *testing.T) {
	b := projectiontest.NewBuilder(t)
	b.Node("Organization", "org:t:a", kg.Properties{"size": "SMALL"})
	b.Node("Organization", "org:t:b", nil)
	b.Node("Sector", "sector:theme:x", kg.Properties{"scheme": "THEME", "code": "x"})
	b.Node("Need", "need:t:chips", kg.Properties{"kind": "RESOURCE", "materialClass": "wood.chips", "quantity": 2.5, "unit": "TNE", "period": "P1M", "expires": "2027-02"})
	b.Node("Offer", "offer:t:help", kg.Properties{"kind": "TECHNOLOGY"})
	b.Node("Offer", "offer:t:past", kg.Properties{"kind": "BUSINESS", "expires": "2027/.."})
	b.Node("FundingCall", "call:t:one", kg.Properties{"opens": "2026-03", "closes": "2026-09-30", "minimumPartners": int64(3)})
	b.Node("FundingCall", "call:t:two", nil)
	b.Link("NEEDS", "org:t:a", "need:t:chips", nil)
	b.Link("OFFERS", "org:t:b", "offer:t:help", kg.Properties{"status": "CURRENT"})
	b.Link("OFFERS", "org:t:b", "offer:t:past", kg.Properties{"status": "PAST"})
	b.Link("ABOUT", "offer:t:help", "sector:theme:x", nil)
	b.Link("ABOUT", "call:t:one", "sector:theme:x", nil)
	g := b.Build(1)

	type exchange struct {
		ID, Kind, Class string
		Until           projection.Day
		Amount          projection.Amount
		By, About       []int32
	}
	exchanges := func(e projection.Exchanges) (out []exchange) {
		for i := range int32(e.Len()) {
			out = append(out, exchange{e.ID(i), e.Kind[i], e.Class[i], e.Until[i], e.Amount[i], e.Actors.Of(i), e.Sectors.Of(i)})
		}
		return out
	}
	none := projection.Amount{Quantity: math.NaN()}
	equal := []cmp.Option{cmpopts.EquateNaNs(), cmpopts.EquateEmpty()}
	want := []exchange{{
		"need:t:chips", projection.Resource, "wood.chips", 20_877, // 28 February 2027
		projection.Amount{Quantity: 2.5, Unit: "TNE", Period: "P1M"}, []int32{0}, nil,
	}}
	if d := cmp.Diff(want, exchanges(g.Needs), equal...); d != "" {
		t.Error(d)
	}
	want = []exchange{
		{"offer:t:help", "TECHNOLOGY", "", projection.NoDay, none, []int32{1}, []int32{0}},
		{"offer:t:past", "BUSINESS", "", projection.NoDay, none, nil, nil},
	}
	if d := cmp.Diff(want, exchanges(g.Offers), equal...); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int32{0}, g.Offers.ByActor.Of(1)); d != "" {
		t.Error(d)
	}
	day := projection.Day(20_513) // 1 March 2026
	if d := cmp.Diff([]projection.Day{day, projection.NoDay}, g.Calls.From); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]projection.Day{day + 213, projection.NoDay}, g.Calls.To); d != "" {
		t.Error(d)
	}
	if g.Calls.Least[0] != 3 || g.Calls.Least[1] != 0 || len(g.Calls.Sectors.Of(0)) != 1 {
		t.Errorf("%v, %v", g.Calls.Least, g.Calls.Sectors.Of(0))
	}
	if g.Sizes[g.Size[0]] != "SMALL" || g.Sizes[g.Size[1]] != "" {
		t.Errorf("%v of %v", g.Size, g.Sizes)
	}
}
