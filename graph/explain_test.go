package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/graph"
	ready "github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/engine"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/sqlitestore"
	"github.com/maillage/maillage/internal/store/storetest"
)

// explained is an entry of extensions.explain.
type explained struct {
	Field, Plan  string
	Cost         int
	Statement    string
	Parameters   []string
	Rows         *int
	Bytes        int
	Milliseconds float64
}

// faulty is a store that does not answer some root fields.
type faulty struct {
	store.Store
	err  map[string]error // by the name of the root field
	args []any            // of all statements, when not nil
}

func (s faulty) Run(ctx context.Context, p plan.Normal) (ready.Object, error) {
	if err := s.err[p.Plan().Name]; err != nil {
		return ready.Object{}, err
	}
	return s.Store.Run(ctx, p)
}

func (s faulty) Explain(p plan.Normal) store.Statement {
	st := s.Store.Explain(p)
	if s.args != nil {
		st.Args = s.args
	}
	return st
}

// fixture returns a store that holds the fixture.
func fixture(t *testing.T) store.Store {
	t.Helper()
	g := storetest.Fixture()
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), g.Catalog, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Apply(t.Context(), g.Changes()); err != nil {
		t.Fatal(err)
	}
	return s
}

// serve returns the handler over a store.
func serve(t *testing.T, s store.Store, explain bool) http.Handler {
	t.Helper()
	es, err := graph.NewSchema(storetest.Fixture().Catalog, engine.New(s))
	if err != nil {
		t.Fatal(err)
	}
	opts := graph.DefaultOptions()
	opts.Explain = explain
	return graph.NewHandler(es, opts)
}

// explanation returns the answer to a document and what explains it.
func explanation(t *testing.T, h http.Handler, c call) (data map[string]json.RawMessage, list []explained, body string) {
	t.Helper()
	w := c.do(h)
	var a struct {
		Data       map[string]json.RawMessage
		Extensions *struct{ Explain *[]explained }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%v in %s", err, w.Body)
	}
	if a.Extensions == nil || a.Extensions.Explain == nil {
		t.Fatalf("nothing is explained: %s", w.Body)
	}
	return a.Data, *a.Extensions.Explain, w.Body.String()
}

func TestExplainTellsWhatEachRootFieldBecame(t *testing.T) {
	s := fixture(t)
	document := `query($ids: [ID!]!) {
		second: organization(id: "org:t:none") { id }
		...F
		first: organization(id: "org:t:absent") { id }
		organizations(first: 3) { totalCount edges { node { id } } }
		__typename
		counted: organizations { totalCount }
	}
	fragment F on Query { nodes(ids: $ids) { id } }`
	body, err := json.Marshal(map[string]any{"query": document, "variables": map[string]any{"ids": []string{"org:t:alpha", "org:t:absent", "org:t:alpha"}}})
	if err != nil {
		t.Fatal(err)
	}
	ask := call{method: "POST", body: string(body)}
	data, list, explainedBody := explanation(t, serve(t, s, true), ask)

	plain := ask.do(serve(t, s, false)).Body.String()
	if !strings.HasPrefix(explainedBody, strings.TrimSuffix(plain, "}")+`,"extensions":{"explain":[`) {
		t.Errorf("with an explanation the answer is another:\n%s\n%s", explainedBody, plain)
	}
	rows := func(n int) *int { return &n }
	want := []explained{
		{Field: "second", Cost: 1, Rows: rows(1), Parameters: []string{"string"}},
		{Field: "first", Cost: 1, Rows: rows(0), Parameters: []string{"string"}},
		{Field: "organizations", Cost: 4, Rows: rows(3), Parameters: []string{"int"}},
		{Field: "counted", Cost: 21, Parameters: []string{}},
		{Field: "nodes", Cost: 3, Rows: rows(2), Parameters: []string{"string"}}, // its fragment stands at the end
	}
	for i, e := range list {
		if e.Bytes != len(data[e.Field]) {
			t.Errorf("%s: %d bytes, want those of %s", e.Field, e.Bytes, data[e.Field])
		}
		if !strings.HasPrefix(e.Plan, "(") || !strings.HasPrefix(e.Statement, "select ") || e.Milliseconds <= 0 {
			t.Errorf("%+v", e)
		}
		if strings.Contains(e.Statement+strings.Join(e.Parameters, ""), "org:t:") {
			t.Errorf("the statement of %s shows a value: %+v", e.Field, e)
		}
		list[i].Bytes, list[i].Plan, list[i].Statement, list[i].Milliseconds = 0, "", "", 0
	}
	if d := cmp.Diff(want, list); d != "" {
		t.Errorf("explained (-want +got):\n%s", d)
	}
}

// TestExplainTellsWhatRanBeforeAnError: fields that fail, that are refused, and
// documents of which nothing is run.
func TestExplainTellsWhatRanBeforeAnError(t *testing.T) {
	s := faulty{Store: fixture(t), err: map[string]error{"place": kg.Errorf(kg.Timeout, "the question took longer than it may")}}
	h := serve(t, s, true)
	for query, want := range map[string]string{
		`{ place(id: "place:t:1") { id } stats { revision } }`:                              "place failed; stats 14;",
		`{ place(id: "place:t:1") { id } }`:                                                 "place failed;", // status 504, without data
		`{ stats { revision } a: organization(id: "place:t:1") { id } }`:                    "stats 14;",     // refused by the planner
		`{ organizations(first: 100) { nodes { projects(first: 100) { nodes { id } } } } }`: "",              // and by the engine
		`{ stats { revision } `:                                                             "",
		`{ nope }`:                                                                          "",
		`{ __typename }`:                                                                    "",
		`{ __schema { queryType { name } } }`:                                               "",
	} {
		for _, c := range []call{postQuery(query, ""), getQuery(query, graphqlJSON)} {
			_, list, body := explanation(t, h, c)
			got := ""
			for _, e := range list {
				if e.Rows == nil && e.Bytes == 0 {
					got += e.Field + " failed; "
				} else {
					got += fmt.Sprintf("%s %d; ", e.Field, e.Bytes)
				}
			}
			if strings.TrimSpace(got) != want {
				t.Errorf("%s %s: %q, want %q: %s", c.method, query, got, want, body)
			}
		}
	}
	if w := postQuery("", "text/html").do(h); strings.Contains(w.Body.String(), "extensions\":{\"explain") {
		t.Errorf("a request that is none is explained: %s", w.Body)
	}
}

func TestParametersAreShownByTheirShape(t *testing.T) {
	s := faulty{Store: fixture(t), args: []any{
		"secret", 7, int64(-7), 1.5, true, nil, []string{"secret", "b", "c"}, []string{"secret"}, []any{}, []any{int64(1), int64(2)}, []any{"secret", 1.5}, []any{nil, nil},
		[][]string{{"secret"}}, map[string]any{"secret": 1},
	}}
	_, list, body := explanation(t, serve(t, s, true), postQuery(`{ stats { revision } }`, ""))
	want := []string{
		"string", "int", "int", "float", "boolean", "null", "list of 3 strings", "list of 1 string", "list of 0 values", "list of 2 ints", "list of 2 values", "list of 2 nulls",
		"list of 1 list", "map",
	}
	if d := cmp.Diff(want, list[0].Parameters); d != "" || strings.Contains(body, "secret") {
		t.Errorf("shapes (-want +got):\n%s\n%s", d, body)
	}
}

// TestClientsCannotAskForExplanations asks in all ways in which one might.
func TestClientsCannotAskForExplanations(t *testing.T) {
	h := serve(t, fixture(t), false)
	for name, c := range map[string]call{
		"extensions": {method: "POST", body: `{"query":"{stats{revision}}","extensions":{"explain":true}}`},
		"variables":  {method: "POST", body: `{"query":"{stats{revision}}","variables":{"explain":true}}`},
		"address":    {method: "POST", target: "/graphql?explain=1", body: `{"query":"{stats{revision}}"}`},
		"header":     {method: "POST", body: `{"query":"{stats{revision}}"}`, header: map[string]string{"Maillage-Explain": "1", "X-Explain": "1"}},
		"get":        {method: "GET", target: "/graphql?query=%7Bstats%7Brevision%7D%7D&explain=1&extensions=%7B%22explain%22:true%7D"},
	} {
		if w := c.do(h); w.Body.String() != `{"data":{"stats":{"revision":1}}}` {
			t.Errorf("by %s: %s", name, w.Body)
		}
	}
}
