package neo4jstore

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/text"
)

// TestKept compiles searches that differ in one thing each, all of them twice and
// in turn, and compares text, arguments and answers with what nothing is kept for.
func TestKept(t *testing.T) {
	const document = `query($text: String!, $first: Int!, $after: String, $kinds: [NodeKind!], $within: [ID!]) {
		search(text: $text, first: $first, after: $after, kinds: $kinds, within: $within) `
	after := plan.Rank{Tier: text.TierName, Prominence: 3, ID: "org:t:a"}.Cursor()
	var plans []plan.Normal
	for _, of := range []string{
		`{ edges { node { id } } }`, `{ totalCount { value } edges { node { id } } }`, `{ edges { cursor } }`, `{ nodes { id } }`,
		`{ edges { node { ... on Organization { name } } } }`, `{ edges { node { ... on Organization { displayName } } } }`,
		`{ edges { node { ... on Organization { called: name } } } }`, `{ edges { node { ... on Project { title } } } }`,
		`{ edges { node { __typename } } }`, `{ edges { node { kind: __typename } } }`, `{ edges { highlights { field } } }`,
		`{ edges { node { ... on Organization { live: name } } node { ... on Organization { name } } } }`,
		`{ edges { node { ... on Organization { projects(first: 2) { totalCount } } } } }`, `{ edges { node { ... on Organization { records { source { id } } } } } }`,
	} {
		for _, vars := range []map[string]any{
			{"text": "alpha", "first": 10}, {"text": "alpha beta", "first": 10}, {"text": "alpha", "first": 1}, {"text": "alpha", "first": 10, "after": after},
			{"text": "alpha", "first": 10, "kinds": []any{"ORGANIZATION"}}, {"text": "alpha", "first": 10, "within": []any{"sector:t:energy"}},
		} {
			plans = append(plans, planOf(t, document+of+" }", vars))
		}
	}
	c, _ := model()
	k := keep(c)
	row := make([]any, 64)
	row[0], row[1], row[2] = int64(3), int64(1), "org:t:a"
	record := []any{[]any{row, row}, int64(2), nil, nil}
	for range 2 {
		for _, p := range plans {
			want, got := compile(p, c, keep(c), nil), compile(p, c, k, nil)
			if d := cmp.Diff(want.Statement, got.Statement); d != "" {
				t.Fatalf("%s\nstatement (-alone +kept):\n%s", p.Plan(), d)
			}
			alone, err := want.decode(record)
			shared, err2 := got.decode(record)
			if string(alone) != string(shared) || (err == nil) != (err2 == nil) {
				t.Fatalf("%s\nalone  %s, %v\nkept %s, %v", p.Plan(), alone, err, shared, err2)
			}
		}
	}
	if k.shapes.Len() == 0 {
		t.Error("nothing was kept")
	}
}

// TestKeptIsBounded keeps no more shapes than it may.
func TestKeptIsBounded(t *testing.T) {
	c, _ := model()
	k := keep(c)
	for first := range maxKept + 10 {
		k.shapes.Add(strconv.Itoa(first), shaped{})
	}
	if n := k.shapes.Len(); n == 0 || n > maxKept {
		t.Errorf("%d shapes are kept, at most %d may be", n, maxKept)
	}
}
