package neo4jstore

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/store"
)

// hits is what a statement costs in the database: exact and repeatable, unlike
// time.
type hits struct {
	all, index int64
	operators  string
}

// profile runs a statement and counts what its operators read.
func profile(t testing.TB, s *Store, st store.Statement) hits {
	t.Helper()
	p, err := s.profile(t.Context(), st)
	if err != nil {
		t.Fatalf("%s\n%v", st.Text, err)
	}
	out := hits{all: p.Total(), operators: p.String()}
	for _, op := range p.All() {
		if strings.Contains(op.Operator, "Index") {
			out.index += op.DBHits
		}
	}
	t.Logf("%d hits, %d in indexes: %s", out.all, out.index, strings.Join(strings.Fields(st.Text), " "))
	return out
}

// budgets checks what statements may read, by the arithmetic of root pages: the
// index operator at most a page and three, then for each row two for each
// property outside the index and one.
func budgets(t *testing.T, s *Store) {
	const first = 20
	t.Run("look-up", func(t *testing.T) {
		for q, properties := range map[string]int64{
			`{ organization(id: "org:test:a") { id } }`:                          1,
			`{ organization(id: "org:test:a") { id name city country kind } }`:   5,
			`{ organization(id: "org:test:a") { projects { totalCount } } }`:     1,
			`{ node(id: "org:test:a") { ... on Organization { displayName } } }`: 1,
		} {
			h := profile(t, s, s.Explain(planOf(t, q, nil)))
			if h.all > 3+properties {
				t.Errorf("%s: %d hits for %d properties\n%s", q, h.all, properties, h.operators)
			}
		}
		h := profile(t, s, s.Explain(planOf(t, `{ organization(id: "org:test:former-a") { id } }`, nil)))
		if h.all > 8 {
			t.Errorf("by a former id: %d hits\n%s", h.all, h.operators)
		}
	})
	t.Run("first pages", func(t *testing.T) {
		for _, order := range []string{"", "NAME", "NAME:DESC", "KIND", "PROJECTS_COUNT:DESC", "SIREN"} {
			q := fmt.Sprintf(`{ organizations(first: %d, %s) { nodes { id displayName } } }`, first, orderBy(order))
			h := profile(t, s, s.Explain(planOf(t, q, nil)))
			if h.index > first+3 || h.all > h.index+first*3 {
				t.Errorf("%s: %d hits, %d of them in the index\n%s", q, h.all, h.index, h.operators)
			}
		}
	})
	t.Run("deep pages", func(t *testing.T) {
		for _, order := range []string{"", "NAME", "NAME:DESC", "CITY", "KIND:DESC"} {
			q := fmt.Sprintf(`query($c: String) { organizations(first: %d, after: $c, %s) { pageInfo { endCursor } nodes { id displayName } } }`, first, orderBy(order))
			h1 := profile(t, s, s.Explain(planOf(t, q, nil)))
			p := planOf(t, q, map[string]any{"c": deep50(t, s, q)})
			h := profile(t, s, s.Explain(p))
			ties := int64(2)
			if order == "CITY" || order == "KIND:DESC" {
				ties = first + 2 // both seeks fill a page
			}
			if h.index > h1.index+ties || h.all > h1.all+ties {
				t.Errorf("%s: page 50 has %d hits, %d in the index; page 1 %d, %d\n%s", q, h.all, h.index, h1.all, h1.index, h.operators)
			}
		}
	})
	t.Run("restricted", func(t *testing.T) {
		for _, q := range []string{
			`{ companies(first: 20) { nodes { id } } }`,
			`{ organizations(first: 20, filter: {country: {eq: "fr"}}) { nodes { id } } }`,
		} {
			h := profile(t, s, s.Explain(planOf(t, q, nil)))
			if h.index > first+3 {
				t.Errorf("%s: %d hits\n%s", q, h.index, h.operators)
			}
		}
	})
	t.Run("few", func(t *testing.T) {
		h := profile(t, s, s.Explain(planOf(t, `{ organizations(filter: {pic: {eq: "000000001"}}, orderBy: [{field: NAME}]) { nodes { id } } }`, nil)))
		if h.all > 20 {
			t.Errorf("%d hits for one node\n%s", h.all, h.operators)
		}
		h = profile(t, s, s.Explain(planOf(t, `{ organizations(first: 20, filter: {name: {gt: "b"}}) { nodes { id } } }`, nil)))
		if h.all > probe+10*first {
			t.Errorf("%d hits for a page of most nodes\n%s", h.all, h.operators)
		}
	})
	t.Run("nested pages", func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 0))
		for range 20 {
			from := string(rune('a'+r.IntN(26))) + string(rune('a'+r.IntN(26)))
			byHand := store.Statement{Text: nestedByHand, Args: []any{from, 20, 10, 5}}
			compiled := s.Explain(planOf(t, nestedPage, map[string]any{"from": from}))
			if d := cmp.Diff(value(t, s, byHand), value(t, s, compiled)); d != "" {
				t.Fatalf("from %q (-by hand +compiled):\n%s", from, d)
			}
			want, h := profile(t, s, byHand), profile(t, s, compiled)
			if float64(h.all) > 1.05*float64(want.all) {
				t.Errorf("from %q: %d hits, by hand %d\n%s", from, h.all, want.all, h.operators)
			}
		}
	})
	t.Run("counts", func(t *testing.T) {
		for q, most := range map[string]int64{
			`{ organizations { totalCount } }`:                                                                      1,
			`{ stats { nodes { count } relationships { count } } }`:                                                 50,
			`{ sector(id: "sector:theme:cybersecurity") { organizations { totalCount } projects { totalCount } } }`: 6,
		} {
			h := profile(t, s, s.Explain(planOf(t, q, nil)))
			if h.all > most {
				t.Errorf("%s: %d hits, at most %d expected\n%s", q, h.all, most, h.operators)
			}
		}
	})
	t.Run("the extra row is not descended into", func(t *testing.T) {
		const q = `{ organizations(first: 1, orderBy: [{field: PROJECTS_COUNT, direction: DESC}]) { %s nodes { projects(first: 3) { nodes { organizations(first: 3) { nodes { id } } } } } } }`
		without := profile(t, s, s.Explain(planOf(t, fmt.Sprintf(q, ""), nil)))
		with := profile(t, s, s.Explain(planOf(t, fmt.Sprintf(q, "pageInfo { hasNextPage }"), nil)))
		if with.all > without.all+5 {
			t.Errorf("%d hits with hasNextPage, %d without\n%s", with.all, without.all, with.operators)
		}
	})
}

// value returns what a statement answers.
func value(t testing.TB, s *Store, st store.Statement) any {
	t.Helper()
	v, err := s.query(t.Context(), st)
	if err != nil {
		t.Fatalf("%s\n%v", st.Text, err)
	}
	return v
}

// nestedPage is a page of three levels, and nestedByHand the same as somebody
// would write it who knows the database well.
const (
	nestedPage = `query($from: String!) { organizations(first: 20, orderBy: [{field: NAME}], filter: {name: {gte: $from}}) { nodes { id name
		projects(first: 10, orderBy: [{field: FROM}]) { nodes { id label
			organizations(first: 5, orderBy: [{field: NAME}]) { nodes { id name } } } } } } }`
	nestedByHand = `
MATCH (o:Organization) WHERE o.name_key >= $p1 AND o.id IS NOT NULL AND o.name IS NOT NULL WITH o ORDER BY o.name_key, o.id LIMIT $p2
CALL (o) { MATCH (o)-[:PARTICIPATES_IN]->(p) WITH p ORDER BY p.from_key, p.id LIMIT $p3
  CALL (p) { MATCH (p)<-[:PARTICIPATES_IN]-(x) WITH x ORDER BY x.name_key, x.id LIMIT $p4
    RETURN collect([x.id, x.name]) AS organizations }
  RETURN collect([p.id, p.label, organizations]) AS projects }
RETURN [collect([o.id, o.name, projects])] AS a`
)

// deep50 follows a query's cursors for fifty pages.
func deep50(t testing.TB, s *Store, query string) string {
	t.Helper()
	vars := map[string]any{}
	for range 50 {
		var out struct{ PageInfo struct{ EndCursor string } }
		p := planOf(t, query, vars)
		if err := json.Unmarshal([]byte(run(t, s, p)), &out); err != nil {
			t.Fatal(err)
		}
		vars = map[string]any{"c": out.PageInfo.EndCursor}
	}
	return vars["c"].(string)
}
