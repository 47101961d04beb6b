package match_test

import (
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/dataset"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/match"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
)

// today is the day of the tests: 2026-11-24.
var today = projection.Day(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC).Unix() / 86400)

// world is a projection beside what it was made of, for checks that do not use it.
type world struct {
	*projection.Graph
	nodes map[string]kg.Properties
	links map[[3]string]bool  // type, from, to
	below map[string][]string // by node: the sectors that it is about, with all beneath them
}

func newWorld(t testing.TB, read func(*catalog.Catalog, func(kg.Change) error) error) *world {
	t.Helper()
	c, _ := projectiontest.Model(t)
	b := projectiontest.NewBuilder(t)
	w := &world{nodes: map[string]kg.Properties{}, links: map[[3]string]bool{}, below: map[string][]string{}}
	err := read(c, func(ch kg.Change) error {
		b.Add(ch)
		if n := ch.Node; n != nil {
			w.nodes[n.ID] = n.Properties
		}
		if r := ch.Relationship; r != nil {
			w.links[[3]string{r.Type, r.From, r.To}] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Graph = b.Build(1)
	return w
}

// invented is a world of sawmills and weavers, none of which exists:
//
//	sawmill ─OFFERS→ chips of oak, sawdust, chips by volume
//	board   ─NEEDS→ chips (wood.chips, a month)      boiler ─NEEDS→ waste wood (03 01)
//	weaver  ─NEEDS→ study of a fibre, an old study   lab ─OFFERS→ studies of yarn
//	bakery  ─OFFERS→ studies of flour
//	weaver, lab in LOOM (yarn, to 2027); dyer, lab, board in VAT (food, to 2019)
//	yarn ─BROADER→ textiles; calls about textiles: live, past, not yet open
func invented(t testing.TB) *world {
	t.Helper()
	return newWorld(t, func(c *catalog.Catalog, emit func(kg.Change) error) error {
		in, err := os.Open("testdata/invented.jsonl")
		if err != nil {
			return err
		}
		defer func() { _ = in.Close() }()
		return jsonl.Decode(in, c, emit, func(e *jsonl.Error) error { return e })
	})
}

func (w *world) actor(t testing.TB, id string) int32 {
	t.Helper()
	a, ok := w.Actors.Find(id)
	if !ok {
		t.Fatalf("%s is not there", id)
	}
	return a
}

func TestOpportunities(t *testing.T) {
	w := invented(t)
	for _, c := range []struct {
		actor string
		want  []string // kind, own, with, other: codes
	}{
		{"board", []string{
			"RESOURCE need:example:chips offer:example:chips org:example:sawmill: RESOURCE_MATCH QUANTITY_OVERLAP NEARBY STANDS_FOR",
			"- CALL NO_FIELD", "- NEED_OFFER NOTHING_DECLARED",
		}},
		{"boiler", []string{
			"RESOURCE need:example:heat offer:example:dust org:example:sawmill: RESOURCE_MATCH QUANTITY_OVERLAP NO_END NEARBY",
			"- CALL NO_FIELD", "- NEED_OFFER NOTHING_DECLARED",
		}},
		{"sawmill", []string{
			"RESOURCE offer:example:chips need:example:chips org:example:board: RESOURCE_MATCH QUANTITY_OVERLAP NEARBY STANDS_FOR",
			"RESOURCE offer:example:dust need:example:heat org:example:boiler: RESOURCE_MATCH QUANTITY_OVERLAP NO_END NEARBY",
			"- CALL NO_FIELD", "- NEED_OFFER NOTHING_DECLARED",
		}},
		{"weaver", []string{
			"NEED_OFFER need:example:fibre offer:example:study org:example:lab: COMPLEMENTARY_NEED_OFFER SAME_FIELD WORKED_TOGETHER STANDS_FOR",
			"CALL  call:example:textiles : FOCUS FITS_FIELD EXPERIENCE CLOSES_IN PARTNERS_FIT",
			"- RESOURCE NOTHING_DECLARED",
		}},
		{"dyer", []string{
			"CALL  call:example:textiles : FITS_FIELD CLOSES_IN PARTNERS_FIT",
			"- NEED_OFFER NOTHING_DECLARED", "- RESOURCE NOTHING_DECLARED",
		}},
		{"bakery", []string{"- CALL NO_CALL_FITS", "- NEED_OFFER NOTHING_MEETS", "- RESOURCE NOTHING_DECLARED"}},
	} {
		a := w.actor(t, "org:example:"+c.actor)
		f, err := match.Opportunities(t.Context(), w.Graph, a, match.Options{Today: today, First: 10, Partners: 5})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range f.Opportunities {
			other := ""
			if o.Other >= 0 {
				other = w.Actors.ID(o.Other)
			}
			line := o.Kind + " " + o.Own + " " + o.With + " " + other + ":"
			for _, r := range o.Reasons {
				line += " " + r.Code
			}
			got = append(got, line)
		}
		for _, m := range f.Missing {
			got = append(got, "- "+m.Kind+" "+m.Code)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.actor, d)
		}
		w.check(t, a, f)
	}
}

// TestWeights adds up one opportunity by hand: chips of oak lie one level below
// chips; 100 t a month are twice 600 t a year; the offer stands for 38 days.
func TestWeights(t *testing.T) {
	w := invented(t)
	f, err := match.Opportunities(t.Context(), w.Graph, w.actor(t, "org:example:board"), match.Options{Today: today, First: 1, Kinds: []string{match.Resource}})
	if err != nil {
		t.Fatal(err)
	}
	o := f.Opportunities[0]
	km := w.Position[o.Other].Kilometres(w.Position[w.actor(t, "org:example:board")])
	if km < 19 || km > 20 {
		t.Errorf("%v km", km)
	}
	want := .5 + .5 + .25*38/180 + 1/(2+km/25)
	if math.Abs(o.Score-want) > 4./(1<<20) {
		t.Errorf("%v, want %v", o.Score, want)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	w := invented(t)
	a := w.actor(t, "org:example:weaver")
	_, err := match.Opportunities(t.Context(), w.Graph, a, match.Options{Kinds: []string{"LOTTERY"}})
	if kg.CodeOf(err) != kg.BadUserInput || !strings.Contains(err.Error(), "write CALL, NEED_OFFER, RESOURCE") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := match.Opportunities(ctx, w.Graph, a, match.Options{Today: today, First: 1}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	f, err := match.Opportunities(t.Context(), w.Graph, a, match.Options{Today: today, First: 1})
	if err != nil || len(f.Opportunities) != 1 || f.Total != 2 || f.Opportunities[0].Partners != nil {
		t.Error(f, err)
	}
}

// TestBuiltinCalls holds the calls of organisations of the built-in data to what
// the data says, and to being few.
func TestBuiltinCalls(t *testing.T) {
	w := newWorld(t, dataset.Builtin)
	step := 1
	if testing.Short() {
		step = 10
	}
	var totals []int
	for a := int32(0); int(a) < w.Actors.Len(); a += int32(step) {
		f, err := match.Opportunities(t.Context(), w.Graph, a, match.Options{Today: today, First: 10, Partners: 2})
		if err != nil {
			t.Fatal(err)
		}
		w.check(t, a, f)
		if f.Total > 0 {
			totals = append(totals, f.Total)
		}
	}
	slices.Sort(totals)
	if n := len(totals); n < 800/step || totals[n/2] > 13 {
		t.Errorf("%d organisations have calls, half of them more than %d", n, totals[n/2])
	}
}

// TestBuiltinConsortia asks for a consortium for a call about textiles: three
// countries, a textile company and a research centre.
func TestBuiltinConsortia(t *testing.T) {
	w := newWorld(t, dataset.Builtin)
	call, _ := w.Calls.Find("call:eu:HORIZON-CL4-2027-01-MAT-PROD-08")
	textiles, _ := w.Sectors.Find("sector:theme:textiles")
	o := match.ConsortiumOptions{
		Call: &call, Anchors: []int32{w.actor(t, "org:montpellier:main-gauche")},
		Needs:        []match.Need{{Kind: "COMPANY", Sectors: []int32{textiles}, Count: 2}, {Kind: "RESEARCH"}},
		MinCountries: 3, First: 3, Today: today,
	}
	found, err := match.Consortia(t.Context(), w.Graph, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range found {
		score := c.Score
		for _, m := range c.Members {
			own, part := w.Actors.ID(m.Actor), 0.0
			for _, r := range m.Reasons {
				part += r.Weight
			}
			w.checkReasons(t, own, -1, w.about(w.Calls.ID(call)), part, m.Reasons)
			score -= part
		}
		for _, p := range c.Pairs {
			part := 0.0
			for _, r := range p.Reasons {
				part += r.Weight
			}
			w.checkReasons(t, w.Actors.ID(c.Members[p.A].Actor), c.Members[p.B].Actor, nil, part, p.Reasons)
			score -= part
		}
		if score != 0 || len(c.Members) != 3 || len(c.Countries) != 3 || !c.Members[0].Anchor || c.Members[0].Need != 0 {
			t.Errorf("%+v", c)
		}
	}
	again, err := match.Consortia(t.Context(), w.Graph, o)
	if d := cmp.Diff(found, again, cmpopts.EquateNaNs()); err != nil || len(found) != 3 || d != "" {
		t.Errorf("%d, %v\n%s", len(found), err, d)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := match.Consortia(ctx, w.Graph, o); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// check holds what was found to the nodes and relationships of the world.
func (w *world) check(t *testing.T, actor int32, f match.Found) {
	t.Helper()
	own := w.Actors.ID(actor)
	for i, o := range f.Opportunities {
		if i > 0 && o.Score > f.Opportunities[i-1].Score {
			t.Errorf("%s: %s comes too late", own, o.With)
		}
		about := w.about(o.With)
		w.checkReasons(t, own, o.Other, about, o.Score, o.Reasons)
		if o.Kind == match.Call {
			if d, _ := kg.ParseDate(w.text(o.With, "closes")); d.Last < "2026-11-24" {
				t.Errorf("%s is past", o.With)
			}
		} else if w.text(o.Own, "kind") != w.text(o.With, "kind") || !w.links[[3]string{"NEEDS", own, o.Own}] && !w.links[[3]string{"OFFERS", own, o.Own}] {
			t.Errorf("%s: %s, %s", own, o.Own, o.With)
		}
		for _, p := range o.Partners {
			w.checkReasons(t, w.Actors.ID(p.Actor), actor, about, p.Score, p.Reasons)
		}
	}
}

func (w *world) text(id, property string) string {
	s, _ := w.nodes[id][property].(string)
	return s
}

// about returns the sectors of a node, each with all beneath it.
func (w *world) about(id string) []string {
	if out, ok := w.below[id]; ok {
		return out
	}
	var out []string
	for s := range w.nodes {
		if w.links[[3]string{"ABOUT", id, s}] {
			out = append(out, s)
		}
	}
	for i := 0; i < len(out); i++ {
		for s := range w.nodes {
			if w.links[[3]string{"BROADER", s, out[i]}] && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	w.below[id] = out
	return out
}

// checkReasons holds the reasons for one organisation, and maybe another, to
// the relationships that must be there.
func (w *world) checkReasons(t *testing.T, own string, other int32, about []string, score float64, reasons []projection.Reason) {
	t.Helper()
	left := score
	for _, r := range slices.Backward(reasons) {
		left -= r.Weight // exact in any order
		if r.Weight <= 0 || len(r.Evidence) > 5 {
			t.Errorf("%s: %+v", own, r)
		}
		for _, id := range r.Evidence {
			if w.nodes[id] == nil {
				t.Errorf("%s: there is no %s", r.Code, id)
			}
		}
		supports := func(id string) bool { return true }
		switch r.Code {
		case match.FitsField:
			supports = func(id string) bool {
				return w.links[[3]string{"ACTIVE_IN", own, id}] && slices.Contains(about, id)
			}
		case match.Experience, match.Focus:
			supports = func(id string) bool {
				return w.links[[3]string{"PARTICIPATES_IN", own, id}] && slices.ContainsFunc(about, func(s string) bool { return w.links[[3]string{"ABOUT", id, s}] })
			}
		case match.PartnersFit:
			supports = func(id string) bool {
				return slices.ContainsFunc(about, func(s string) bool { return w.links[[3]string{"ACTIVE_IN", id, s}] })
			}
		case match.WorkedTogether:
			supports = func(id string) bool {
				return w.links[[3]string{"PARTICIPATES_IN", own, id}] && w.links[[3]string{"PARTICIPATES_IN", w.Actors.ID(other), id}]
			}
		case match.SameCouncil:
			supports = func(id string) bool {
				return w.links[[3]string{"MEMBER_OF", own, id}] && w.links[[3]string{"MEMBER_OF", w.Actors.ID(other), id}]
			}
		}
		for _, id := range r.Evidence {
			if !supports(id) {
				t.Errorf("%s: %s does not support %s", own, id, r.Code)
			}
		}
	}
	if left != 0 {
		t.Errorf("%s: the reasons are %v off the score", own, left)
	}
}
