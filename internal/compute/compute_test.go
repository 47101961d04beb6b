package compute_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/compute"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
	"github.com/maillage/maillage/internal/ranking"
	"github.com/maillage/maillage/internal/stage"
)

// acquaintances is the projection of a graph in which Beta knows three others, and
// what its store answers. Alpha was called org:t:old.
//
//	Alpha ─ project:1 ─ Beta ─ project:2 ─ Gamma
//	                     └──── project:3 ─ Delta
type acquaintances struct {
	*compute.Computer
	meeting []string // who meets every filter
	plans   []*plan.Plan
}

func newAcquaintances(t *testing.T) *acquaintances {
	t.Helper()
	b := projectiontest.NewBuilder(t)
	for _, id := range []string{"org:t:alpha", "org:t:beta", "org:t:delta", "org:t:gamma"} {
		b.Node("Organization", id, kg.Properties{"name": id})
	}
	for i, other := range []string{"org:t:alpha", "org:t:gamma", "org:t:delta"} {
		id := fmt.Sprintf("project:%d", i+1)
		b.Node("Project", id, kg.Properties{"label": id, "from": "2020"})
		b.Link("PARTICIPATES_IN", "org:t:beta", id, nil)
		b.Link("PARTICIPATES_IN", other, id, nil)
	}
	g := b.Build(7)
	a := &acquaintances{}
	a.Computer = &compute.Computer{
		Graph:  func(context.Context) (*projection.Graph, error) { return g, nil },
		Ranker: ranking.Default(),
		Run:    a.run,
		Now:    func() time.Time { return time.Date(2021, 1, 31, 12, 0, 0, 0, time.UTC) },
	}
	return a
}

func (a *acquaintances) run(_ context.Context, p plan.Normal) (answer.Object, error) {
	a.plans = append(a.plans, p.Plan())
	type node struct {
		ID string `json:"id"`
	}
	var out any
	switch r := p.Plan().Root.(type) {
	case *plan.Lookup:
		nodes := make([]*node, len(r.IDs))
		for i, id := range r.IDs {
			if id == "org:t:old" {
				nodes[i] = &node{"org:t:alpha"}
			}
		}
		out = nodes
	case *plan.Connection:
		nodes := []node{}
		for _, id := range a.meeting[:min(len(a.meeting), r.Page.Limit)] {
			nodes = append(nodes, node{id})
		}
		out = map[string]any{"nodes": nodes}
	}
	text, err := json.Marshal(out)
	return answer.Object{JSON: text}, err
}

// suggested are the ids that are suggested in a value.
func suggested(v any) (ids []string) {
	for _, node := range v.(stage.Object)["nodes"].([]any) {
		ids = append(ids, string(node.(stage.Node)))
	}
	slices.Sort(ids)
	return ids
}

func TestSuggestionsAreForEachOfTheNodes(t *testing.T) {
	for _, c := range []struct {
		name       string
		nodes      []string
		first      int64
		filter     plan.Predicate
		meeting    []string
		want       [][]string
		statements int
	}{
		{"two", []string{"org:t:alpha", "org:t:beta"}, 9, nil, nil, [][]string{{"org:t:delta", "org:t:gamma"}, nil}, 0},
		{"a former id and nobody", []string{"org:t:old", "org:t:nobody"}, 9, nil, nil, [][]string{{"org:t:delta", "org:t:gamma"}, nil}, 1},
		{"enough of the best meet a filter", []string{"org:t:alpha"}, 1, plan.And{}, []string{"org:t:gamma"}, [][]string{{"org:t:gamma"}}, 1},
		{"too few of the best meet it", []string{"org:t:alpha", "org:t:gamma"}, 9, plan.And{}, []string{"org:t:delta", "org:t:unseen"}, [][]string{{"org:t:delta"}, {"org:t:delta"}}, 2},
		{"nobody meets it", []string{"org:t:alpha"}, 9, plan.And{}, nil, [][]string{nil}, 2},
	} {
		a := newAcquaintances(t)
		a.meeting = c.meeting
		got, err := a.Compute(t.Context(), &plan.Computed{
			Name: "suggestedPartners", Path: "suggestedPartners", Filter: c.filter,
			Args: plan.Arguments{"first": c.first, "favourLesserKnown": 0.1, "includePartners": false},
		}, c.nodes)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var ids [][]string
		for _, v := range got {
			ids = append(ids, suggested(v))
			if v.(stage.Object)["revision"] != int64(7) {
				t.Errorf("%s: revision %v", c.name, v.(stage.Object)["revision"])
			}
		}
		if d := cmp.Diff(c.want, ids); d != "" || len(a.plans) != c.statements {
			t.Errorf("%s: %d statements, want %d; suggested (-want +got):\n%s", c.name, len(a.plans), c.statements, d)
		}
	}
}

// TestReasonsSayNothingWhereThereIsNothing looks at what is absent of a reason.
func TestReasonsSayNothingWhereThereIsNothing(t *testing.T) {
	got, err := newAcquaintances(t).Compute(t.Context(), &plan.Computed{Name: "suggestedPartners", Args: plan.Arguments{"first": int64(1)}}, []string{"org:t:alpha"})
	if err != nil {
		t.Fatal(err)
	}
	edge := got[0].(stage.Object)["edges"].([]any)[0].(stage.Object)
	for _, v := range edge["reasons"].([]any) {
		r := v.(stage.Object)
		if r["code"] != ranking.SharedPartners {
			continue
		}
		delete(r, "weight")
		want := stage.Object{"code": "SHARED_PARTNERS", "count": 1, "value": nil, "text": nil, "evidence": []any{stage.Node("org:t:beta")}}
		if d := cmp.Diff(want, r); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		return
	}
	t.Errorf("no partners in common: %v", edge)
}

func TestArgumentsThatMakeNoSenseAreNamed(t *testing.T) {
	needs := func(need map[string]any) plan.Arguments {
		return plan.Arguments{"needs": []any{need}, "first": int64(1)}
	}
	many := make([]string, 2001)
	for i := range many {
		many[i] = "org:t:alpha"
	}
	for _, c := range []struct {
		field string
		args  plan.Arguments
		want  string
	}{
		{"paths", plan.Arguments{"from": "org:t:nobody", "to": "org:t:beta"}, `f.from: there is no Organization with the id "org:t:nobody"`},
		{"paths", plan.Arguments{"from": "org:t:alpha", "to": "project:1"}, `f.to: id "project:1" names no Organization; their ids begin with "org:"`},
		{"paths", plan.Arguments{"from": "org:t:alpha", "to": "org:t:beta", "avoid": []any{"org:t:gamma", "org:t:nobody"}}, `f.avoid: there is no Organization with the id "org:t:nobody"`},
		{"paths", plan.Arguments{"from": "org:t:alpha", "to": "org:t:old", "first": int64(3), "maxSteps": int64(4)}, "f: "}, // from one to itself
		{"subgraph", plan.Arguments{"around": []any{"sector:nace2:01"}}, `f.around: there is no organisation, project, synergy, sector or place with the id "sector:nace2:01"`},
		{"organizationPairs", plan.Arguments{"first": int64(3)}, "f.of: more than 2000 organisations meet it; ask for fewer"},
		{"organizationPairs", plan.Arguments{"first": int64(3), "after": "xyz"}, "f.after: no cursor of this connection: "},
		{"consortium", plan.Arguments{"call": "call:none"}, `f.call: there is no call for proposals with the id "call:none"`},
		{"consortium", needs(map[string]any{"count": int64(0)}), "f.needs[0]: count must be 1–"},
		{"consortium", needs(map[string]any{"sectors": []any{"sector:nace2:01"}}), `f.needs[0].sectors[0]: there is no sector with the id "sector:nace2:01"`},
		{"opportunities", plan.Arguments{"kinds": []any{"LOTTERY"}}, "f: kinds: LOTTERY is no kind of opportunity"},
	} {
		a := newAcquaintances(t)
		a.meeting = many
		var nodes []string
		if c.field == "opportunities" {
			nodes = []string{"org:t:alpha"}
		}
		_, err := a.Compute(t.Context(), &plan.Computed{Name: c.field, Path: "f", Args: c.args, Filter: plan.And{}}, nodes)
		if kg.CodeOf(err) != kg.BadUserInput || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s%s: %v, want %s", c.field, c.args, err, c.want)
		}
	}
	if _, err := newAcquaintances(t).Compute(t.Context(), &plan.Computed{Name: "horoscope"}, nil); err == nil || err.Error() != "there is no algorithm for the field horoscope" {
		t.Errorf("a field without an algorithm: %v", err)
	}
}
