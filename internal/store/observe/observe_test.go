package observe_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/observe"
)

// fixed is a store that gives one answer.
type fixed struct {
	store.Store
	json string
	err  error
}

func (s fixed) Run(context.Context, plan.Normal) (answer.Object, error) {
	return answer.Object{JSON: []byte(s.json)}, s.err
}

func (s fixed) Explain(p plan.Normal) store.Statement {
	return store.Statement{Text: "select " + p.Plan().Name}
}

func stats(name string) plan.Normal {
	return plan.Normalize(plan.Plan{Name: name, Root: &plan.Stats{}})
}

// TestRunsAreNotedPerRequest runs two requests, of which one collects, with root
// fields that run at the same time.
func TestRunsAreNotedPerRequest(t *testing.T) {
	failure := errors.New("the disk is on fire")
	ctx, runs := observe.Collect(t.Context())
	_, others := observe.Collect(t.Context())
	var wg sync.WaitGroup
	for position, field := range []string{"c", "a", "b"} {
		wg.Go(func() {
			_, err := observe.Answer(observe.Named(ctx, field, position), fixed{json: "{}", err: failure}, stats(field))
			if !errors.Is(err, failure) {
				t.Errorf("%s: %v", field, err)
			}
		})
		wg.Go(func() {
			out, err := observe.Answer(observe.Named(t.Context(), field, position), fixed{json: `{"a":1}`}, stats(field))
			if err != nil || string(out.JSON) != `{"a":1}` {
				t.Errorf("%s, where nobody collects: %s, %v", field, out.JSON, err)
			}
		})
	}
	wg.Wait()
	got := ""
	for _, r := range runs.List() {
		got += r.Field + " " + r.Statement.Text + "; "
		if !errors.Is(r.Err, failure) || r.Plan.Plan().Name != r.Field {
			t.Errorf("noted: %+v", r)
		}
	}
	if want := "c select c; a select a; b select b; "; got != want {
		t.Errorf("noted %s, want %s", got, want)
	}
	if n := len(others.List()); n != 0 {
		t.Errorf("another request has %d runs", n)
	}
}

func TestRowsAreTheItemsOfTheRootField(t *testing.T) {
	target := &catalog.Type{Properties: []*catalog.Property{{Name: "id"}}}
	page := func(fields ...plan.ConnectionField) plan.Root {
		return &plan.Connection{Target: target, Fields: fields}
	}
	total, nodes, edges := &plan.TotalCount{Key: "totalCount"}, &plan.Nodes{Key: "n"}, &plan.Edges{Key: "e"}
	for _, c := range []struct {
		root plan.Root
		json string
		err  error
		rows int
		ok   bool
	}{
		{&plan.Lookup{}, `{"id":"a","nodes":[1,2]}`, nil, 1, true},
		{&plan.Lookup{}, `null`, nil, 0, true},
		{&plan.Lookup{}, `null`, context.Canceled, 0, false},
		{&plan.Lookup{List: true}, `[{"id":"a"},null,{"id":"b"}]`, nil, 2, true},
		{&plan.Lookup{List: true}, `[]`, nil, 0, true},
		{page(total, nodes), `{"totalCount":7,"n":[{"n":[1,2,3]},{}]}`, nil, 2, true},
		{page(edges, nodes), `{"e":[{}],"n":[{}]}`, nil, 1, true},
		{page(edges), `{"e":[]}`, nil, 0, true},
		{page(total), `{"totalCount":7}`, nil, 0, false},
		{&plan.Search{Limit: 2}, `{"Count":9,"Ranks":[{"Tier":1,"Prominence":3,"ID":"a"},{"Tier":1,"Prominence":2,"ID":"b"},{"Tier":2,"Prominence":3,"ID":"c"}],"Nodes":[]}`, nil, 2, true},
		{&plan.Search{Limit: 2}, `{"Count":0,"Ranks":[],"Nodes":[]}`, nil, 0, true},
		{&plan.Stats{}, `{"nodes":[{"type":"Place","count":3}]}`, nil, 0, false},
	} {
		n, ok := observe.Run{Plan: plan.Normalize(plan.Plan{Root: c.root}), Answer: answer.Object{JSON: []byte(c.json)}, Err: c.err}.Rows()
		if n != c.rows || ok != c.ok {
			t.Errorf("%s: %d, %t, want %d, %t", c.json, n, ok, c.rows, c.ok)
		}
	}
}
