package stage_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/stage"
)

// organization is the type of the nodes of these tests.
func organization(t *testing.T) *catalog.Type {
	t.Helper()
	return catalogtest.Model(t).Type("Organization")
}

// answers is a store that answers statements in turn and remembers them.
type answers struct {
	texts []string
	asked []*plan.Plan
}

func (a *answers) run(_ context.Context, p plan.Normal) (answer.Object, error) {
	a.asked = append(a.asked, p.Plan())
	if len(a.texts) == 0 {
		return answer.Object{}, errors.New("nothing more is answered")
	}
	text := a.texts[0]
	a.texts = a.texts[1:]
	return answer.Object{JSON: []byte(text)}, nil
}

// lookedUp are the ids of the last statement.
func (a *answers) lookedUp() []string { return a.asked[len(a.asked)-1].Root.(*plan.Lookup).IDs }

// friends is a computed field that answers nodes with a score.
func friends(typ *catalog.Type) *plan.Computed {
	return &plan.Computed{
		Key: "f", Name: "friends",
		Fields: []plan.Member{
			{Key: "edges", Name: "edges", Fields: []plan.Member{
				{Key: "s", Name: "score"}, {Key: "n", Name: "node", Slot: "0"}, {Key: "t", Typename: "Edge"},
			}},
		},
		Branches: []plan.Branch{{Type: typ, Fields: []plan.Field{&plan.EdgeNode{Key: "0", Fields: []plan.Field{&plan.Value{Key: "name", Property: typ.Property("name")}}}}}},
	}
}

// edge is one of the friends.
func edge(score float64, id string) stage.Object {
	return stage.Object{"score": score, "node": stage.Node(id)}
}

func TestARootFieldIsComputedAndThenLookedUp(t *testing.T) {
	c := friends(organization(t))
	compute := func(_ context.Context, of *plan.Computed, nodes []string) ([]any, error) {
		if of != c || nodes != nil {
			t.Errorf("computed: %v of %q", of, nodes)
		}
		return []any{stage.Object{"edges": []any{edge(2, "org:a"), edge(1.5, "org:gone"), edge(1, "org:b"), edge(.5, "org:a")}}}, nil
	}
	store := &answers{texts: []string{`[{"0":{"name":"A"}},null,{"0":{"name":"B"}}]`}}
	got, err := stage.Root(t.Context(), store.run, compute, &plan.Plan{Name: "friends", Root: c})
	want := `{"edges":[{"s":2,"n":{"name":"A"},"t":"Edge"},{"s":1,"n":{"name":"B"},"t":"Edge"},{"s":0.5,"n":{"name":"A"},"t":"Edge"}]}`
	if err != nil || string(got.JSON) != want {
		t.Errorf("%s, %v\nwant %s", got.JSON, err, want)
	}
	if d := cmp.Diff([]string{"org:a", "org:gone", "org:b"}, store.lookedUp()); len(store.asked) != 1 || d != "" {
		t.Errorf("%d statements, ids looked up (-want +got):\n%s", len(store.asked), d)
	}
}

// TestFieldsBelowAreComputedOnceForAll has a computed field below the members of
// two nodes, who have one member in common.
func TestFieldsBelowAreComputedOnceForAll(t *testing.T) {
	typ := organization(t)
	c := friends(typ)
	members := &plan.Connection{
		Key: "members", Field: typ.Field("members"), Target: typ, Page: plan.Page{Limit: 9},
		Fields: []plan.ConnectionField{
			&plan.Nodes{Key: "nodes", Fields: []plan.Field{&plan.Value{Key: "id", Property: typ.Properties[0]}, c}},
			&plan.TotalCount{Key: "n"},
		},
	}
	p := plan.Normalize(plan.Plan{Name: "nodes", Root: &plan.Lookup{
		List: true, IDs: []string{"org:x", "org:nobody", "org:y"}, Branches: []plan.Branch{{Type: typ, Fields: []plan.Field{members}}},
	}})
	statement := &answers{texts: []string{
		`[{"members":{"nodes":[{"id":"org:a","f":"org:a"},{"id":"org:b","f":"org:b"}],"n":2}},null,{"members":{"nodes":[{"id":"org:b","f":"org:b"}],"n":1}}]`,
	}}
	var asked []string
	compute := func(_ context.Context, _ *plan.Computed, nodes []string) ([]any, error) {
		asked = nodes
		return []any{stage.Object{"edges": []any{edge(1, "org:b")}}, stage.Object{"edges": []any{}}}, nil
	}
	nodes := &answers{texts: []string{`[{"0":{"name":"B"}}]`}}
	got, err := stage.Below(t.Context(), nodes.run, compute, statement.run, p)
	of := `{"id":"org:b","f":{"edges":[]}}`
	want := `[{"members":{"nodes":[{"id":"org:a","f":{"edges":[{"s":1,"n":{"name":"B"},"t":"Edge"}]}},` + of + `],"n":2}},null,{"members":{"nodes":[` + of + `],"n":1}}]`
	if err != nil || string(got.JSON) != want {
		t.Errorf("%s, %v\nwant %s", got.JSON, err, want)
	}
	if d := cmp.Diff([]string{"org:a", "org:b"}, asked); d != "" || len(statement.asked)+len(nodes.asked) != 2 {
		t.Errorf("%d statements; computed of (-want +got):\n%s", len(statement.asked)+len(nodes.asked), d)
	}
}

// TestFieldsBelowASearchAreComputed has a computed field on the nodes of one type
// that a search finds.
func TestFieldsBelowASearchAreComputed(t *testing.T) {
	typ := organization(t)
	node := &plan.EdgeNode{Key: "0", Fields: []plan.Field{friends(typ)}}
	p := plan.Normalize(plan.Plan{Name: "search", Root: &plan.Search{Branches: []plan.SearchBranch{{Branch: plan.Branch{Type: typ, Fields: []plan.Field{node}}}}}})
	const ranks = `{"Count":3,"Ranks":[{"Tier":1,"Prominence":2,"ID":"org:x"},{"Tier":1,"Prominence":1,"ID":"place:x"},{"Tier":2,"Prominence":1,"ID":"org:y"}],"Nodes":`
	compute := func(_ context.Context, _ *plan.Computed, nodes []string) ([]any, error) {
		if d := cmp.Diff([]string{"org:x"}, nodes); d != "" {
			t.Errorf("computed of (-want +got):\n%s", d)
		}
		return []any{stage.Object{"edges": []any{}}}, nil
	}
	got, err := stage.Below(t.Context(), nil, compute, statement(ranks+`[{"0":{"f":"org:x"}},{"0":{"f":"no id"}}]}`), p)
	if want := ranks + `[{"0":{"f":{"edges":[]}}},{"0":{"f":"no id"}}]}`; err != nil || string(got.JSON) != want {
		t.Errorf("%s, %v\nwant %s", got.JSON, err, want)
	}
	if _, err := stage.Below(t.Context(), nil, compute, statement(`[]`), p); err == nil || !strings.Contains(err.Error(), "ranks: ") {
		t.Errorf("of what is no answer to a search: %v", err)
	}
}

func TestWhatIsNotThereIsNotComputed(t *testing.T) {
	typ := organization(t)
	p := plan.Normalize(plan.Plan{Name: "organization", Root: &plan.Lookup{IDs: []string{"org:x"}, Branches: []plan.Branch{{Type: typ, Fields: []plan.Field{friends(typ)}}}}})
	got, err := stage.Below(t.Context(), nil, nil, statement("null"), p)
	if err != nil || string(got.JSON) != "null" {
		t.Errorf("%s, %v", got.JSON, err)
	}
}

func TestErrorsOfStagesAreHandedOn(t *testing.T) {
	typ := organization(t)
	failure := errors.New("no algorithm")
	failing := func(context.Context, *plan.Computed, []string) ([]any, error) { return nil, failure }
	found := func(context.Context, *plan.Computed, []string) ([]any, error) {
		return []any{stage.Object{"edges": []any{edge(1, "org:a")}}}, nil
	}
	root := &plan.Plan{Name: "friends", Root: friends(typ)}
	if _, err := stage.Root(t.Context(), nil, failing, root); !errors.Is(err, failure) {
		t.Errorf("of the algorithm: %v", err)
	}
	if _, err := stage.Root(t.Context(), (&answers{}).run, found, root); err == nil {
		t.Error("of the look-up: none")
	}
	if _, err := stage.Root(t.Context(), statement("{}"), found, root); err == nil || !strings.Contains(err.Error(), "nodes: ") {
		t.Errorf("of what is looked up: %v", err)
	}
}

func TestValuesAreWrittenAsSelected(t *testing.T) {
	double := stage.Lazy(func(args plan.Arguments) (any, error) { return 2 * args["n"].(int64), nil })
	nodes := stage.Nodes{"org:a": {"0": []byte(`{"name":"A"}`)}, "org:gone": nil}
	member := func(name string) []plan.Member {
		return []plan.Member{{Key: "k", Name: name, Slot: "0", Args: plan.Arguments{"n": int64(21)}}}
	}
	for _, c := range []struct {
		name  string
		value any
		want  string
	}{
		{"nothing", nil, `{"k":null}`},
		{"a condition", true, `{"k":true}`},
		{"a count", 3, `{"k":3}`},
		{"a long count", int64(1) << 40, `{"k":1099511627776}`},
		{"a measure", 0.1, `{"k":0.1}`},
		{"a text", "a\"é", `{"k":"a\"é"}`},
		{"a node", stage.Node("org:a"), `{"k":{"name":"A"}}`},
		{"a list", []any{"a", []any{}, nil}, `{"k":["a",[],null]}`},
		{"what is computed where it is selected", double, `{"k":42}`},
		{"a list with one that is gone", []any{stage.Node("org:gone"), stage.Node("org:a"), stage.Node("org:gone")}, `{"k":[{"name":"A"}]}`},
		{"one that is gone", stage.Node("org:gone"), `null`},
	} {
		got, err := nodes.Write(member("v"), stage.Object{"v": c.value})
		if string(got) != c.want || err != nil {
			t.Errorf("%s: %s, %v, want %s", c.name, got, err, c.want)
		}
	}
	if _, err := nodes.Write(member("w"), stage.Object{"v": 1}); err == nil || err.Error() != "nothing is computed for the field w" {
		t.Errorf("a field that nobody computes: %v", err)
	}
	failure := errors.New("too much")
	lazy := stage.Lazy(func(plan.Arguments) (any, error) { return nil, failure })
	if _, err := nodes.Write(member("v"), stage.Object{"v": lazy}); !errors.Is(err, failure) {
		t.Errorf("an error where it is selected: %v", err)
	}
}
