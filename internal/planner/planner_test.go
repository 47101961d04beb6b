package planner_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/maillage/maillage/graph/generated"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/planner"
)

// product returns the catalog and the API of the product.
var product = sync.OnceValues(func() (*catalog.Catalog, *ast.Schema) {
	c, err := catalogtest.Load()
	if err != nil {
		panic(err)
	}
	return c, gqlparser.MustLoadSchema(&ast.Source{Name: "api.graphqls", Input: generated.API})
})

// planOf plans the first root field of a document.
func planOf(t testing.TB, document string, variables map[string]any) (plan.Normal, error) {
	t.Helper()
	c, schema := product()
	doc, errs := gqlparser.LoadQueryWithRules(schema, document, rules.NewDefaultRules())
	if errs != nil {
		t.Fatalf("%s: %v", document, errs)
	}
	op := doc.Operations[0]
	vars, err := validator.VariableValues(schema, op, variables)
	if err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	f := op.SelectionSet[0].(*ast.Field)
	return planner.New(c, func() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC) }).Plan(planner.Field{Field: f, Selections: f.SelectionSet, Variables: vars})
}

func TestSelectionsBecomePlans(t *testing.T) {
	for _, tt := range []struct {
		name, document string
		variables      map[string]any
		want           string
	}{
		{"a node", `{ organization(id: "org:1") { name n: name __typename } }`, nil, `(lookup organization (ids "org:1")
  (on Organization
    (value name name)
    (value n name)
    (typename __typename Organization)))`},
		{"any node", `{ node(id: "org:1") { id ... on Organization { name } ... on Project { title } ... on Node { id } } }`, nil, `(lookup node (ids "org:1")
  (on Organization
    (value id id)
    (value name name)))`},
		{"nodes of two types", `{ nodes(ids: ["project:1", "org:1", "org:2"]) { id ... on Project { acronym } } }`, nil, `(lookups nodes (ids "project:1" "org:1" "org:2")
  (on Organization
    (value id id))
  (on Project
    (value id id)
    (value acronym acronym)))`},
		{"one id as a list", `{ nodes(ids: "org:1") { id } }`, nil, `(lookups nodes (ids "org:1")
  (on Organization
    (value id id)))`},
		{"a page with nothing said", `{ places { totalCount } }`, nil, `(connection places Place
  (order id+)
  (page first 20)
  (total-count totalCount))`},
		{"a scope", `{ organization(id: "org:1", asOf: "2019", include: PAST) { supports(orderBy: {field: SUPPORTS_COUNT}) { totalCount } engaged(include: []) { totalCount } } }`, nil, `(lookup organization (ids "org:1")
  (on Organization
    (connection supports SUPPORTS OUT Organization
      (status CURRENT PAST)
      (as-of 2019)
      (order supports_count CURRENT+PAST as-of 2019+ id+)
      (page first 20)
      (total-count totalCount))
    (connection engaged INVOLVED_IN IN Organization
      (status CURRENT)
      (as-of 2019)
      (order id+ edge.id+)
      (page first 20)
      (total-count totalCount))))`},
		{"nodes as of a date", `{ events(asOf: "2019") { facets(by: ORGANIZERS) { count } } }`, nil, `(connection events Event
  (as-of 2019)
  (filter (and (or (null from) (< from.key "2019-12-31~")) (or (and (null to) (or (null from) (>= from.last "2019-01-01"))) (>= to.last "2019-01-01"))))
  (order id+)
  (page first 20)
  (facets facets by organizers as-of 2019 first 20
    (count count)))`},
		{"a view", `{ companies(filter: {name: {eq: "É"}}) { totalCount } }`, nil, `(connection companies Organization
  (filter (and (= kind.key "COMPANY") (= name.key "e")))
  (order id+)
  (page first 20)
  (total-count totalCount))`},
		{"fields of one key are one", `{ organization(id: "org:1") { projects { nodes { id } } ...F } } fragment F on Organization { projects { nodes { acronym } } }`, nil,
			`(lookup organization (ids "org:1")
  (on Organization
    (connection projects PARTICIPATES_IN OUT Project
      (order id+)
      (page first 20)
      (nodes nodes
        (value id id)
        (value acronym acronym)))))`},
		{"skip and include", `query($yes: Boolean!, $no: Boolean!) { organization(id: "org:1") { id @skip(if: $yes) name @include(if: $no) city @skip(if: $no) kind @include(if: $yes) ... @include(if: $no) { vat } } }`,
			map[string]any{"yes": true, "no": false}, `(lookup organization (ids "org:1")
  (on Organization
    (value city city)
    (value kind kind)))`},
		{"a localized text", `{ sector(id: "sector:1") { fr: label(lang: FR) en: label(lang: EN) } }`, nil, `(lookup sector (ids "sector:1")
  (on Sector
    (value fr labelFr else labelEn)
    (value en labelEn else labelFr)))`},
		{"statuses", `{ organization(id: "org:1") { members(first: 1, include: [PAST, CURRENT]) { edges { id seat node { id } cursor __typename } __typename } } }`, nil,
			`(lookup organization (ids "org:1")
  (on Organization
    (connection members MEMBER_OF IN Organization
      (status CURRENT PAST)
      (order id+)
      (page first 1)
      (edges edges
        (edge-id id)
        (edge-value seat seat)
        (node node
          (value id id))
        (cursor cursor)
        (typename __typename OrganizationMembersEdge))
      (typename __typename OrganizationMembersConnection))))`},
		{"stored objects", `{ organization(id: "org:1") { records { locator source { title } __typename } location { latitude } } }`, nil, `(lookup organization (ids "org:1")
  (on Organization
    (embedded records records
      (value locator locator)
      (reference source source
        (value title title))
      (typename __typename Record))
    (embedded location location
      (value latitude latitude))))`},
		{"variables", `query($f: ProjectFilter, $n: Int, $o: [ProjectOrder!]) { projects(filter: $f, last: $n, orderBy: $o) { pageInfo { more: hasPreviousPage } } }`,
			map[string]any{"f": map[string]any{"cost": map[string]any{"gt": "1.5"}, "or": []any{}}, "n": 3, "o": map[string]any{"field": "FROM"}},
			`(connection projects Project
  (filter (and (> cost.key 150) (not-null cost) (or)))
  (order from+ id+)
  (page last 3 +1)
  (page-info pageInfo more:hasPreviousPage))`},
		{"stats", `{ stats { revision nodes { n: count __typename } __typename } }`, nil, `(stats stats
  (revision revision)
  (nodes nodes
    (count n)
    (typename __typename NodeCount))
  (typename __typename Stats))`},
		{"stats of the projection", `{ stats { projection { n: actors __typename } } }`, nil, `(stats stats
  (own projection projection
    (actors n)
    (typename __typename Projection)))`},
	} {
		got, err := planOf(t, tt.document, tt.variables)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestFiltersBecomePredicates(t *testing.T) {
	for _, tt := range []struct{ field, filter, want string }{
		{"organizations", `{}`, "()"},
		{"organizations", `{name: null}`, "()"},
		{"organizations", `{name: {}}`, "()"},
		{"organizations", `{and: []}`, "()"},
		{"organizations", `{or: []}`, "(or)"},
		{"organizations", `{or: [{}]}`, "()"},
		{"organizations", `{not: {}}`, "(or)"},
		{"organizations", `{not: {not: {city: {exact: "Paris"}}}}`, `(= city "Paris")`},
		{"organizations", `{and: [{city: {eq: "A"}}, {and: [{city: {eq: "B"}}, {kind: {eq: OTHER}}]}]}`, `(and (= city.key "a") (= city.key "b") (= kind.key "OTHER"))`},
		{"organizations", `{or: {city: {eq: "A"}}}`, `(= city.key "a")`},
		{"organizations", `{name: {startsWith: "É", isNull: false}}`, `(and (not-null name) (>= name.key "e") (< name.key "f"))`},
		{"organizations", `{id: {in: ["org:1", "x"]}}`, `(in id "org:1" "x")`},
		{"organizations", `{kind: {in: []}}`, `(in kind.key)`},
		{"organizations", `{aliases: {includes: "É"}}`, `(includes aliases.key "e")`},
		{"organizations", `{startup: {eq: true}}`, `(= startup true)`},
		{"claims", `{confidence: {lte: 1}}`, `(<= confidence 1)`},
		{"claims", `{recordedAt: {gt: "2026-01-31T13:00:00+01:00"}}`, `(> recordedAt "2026-01-31T12:00:00Z")`},
		{"projects", `{cost: {in: ["1", 2, "-0.5"]}}`, `(in cost.key 100 200 -50)`},
		{"organizations", `{projects: {some: {label: {eq: "É"}, edge: {role: {eq: COORDINATOR}}}}}`, `(some projects (and (= label.key "e") (= edge.role "COORDINATOR")))`},
		{"organizations", `{projects: {some: {}}}`, `(some projects)`},
		{"organizations", `{projects: {none: {sectors: {some: {id: {eq: "sector:a"}}}}}}`, `(not (some projects (some sectors (= id "sector:a"))))`},
		{"organizations", `{projects: {every: {}}}`, `(not (some projects (or)))`},
		{"organizations", `{members: {every: {city: {exact: "Paris"}}, include: [PAST]}}`, `(not (some members CURRENT+PAST (not (= city "Paris"))))`},
		{"organizations", `{projects: {count: {gte: 3, lt: 5, of: {from: {gte: "2015"}}}}}`, `(and (< (count projects (>= from.last "2015-01-01")) 5) (>= (count projects (>= from.last "2015-01-01")) 3))`},
		{"organizations", `{projects: {sum: {contribution: {gt: "1.5"}}}}`, `(> (sum contribution projects) 150)`},
		{"organizations", `{sectors: {in: ["sector:a", "sector:b"]}}`, `(some sectors (within broader "sector:a" "sector:b"))`},
		{"organizations", `{sectors: {in: "sector:a", narrower: false}}`, `(some sectors (in id "sector:a"))`},
		{"organizations", `{within: ["place:a"]}`, `(some places (within partOf "place:a"))`},
		{"places", `{within: ["place:a"]}`, `(within partOf "place:a")`},
		{"places", `{near: {place: "place:a", km: 1}}`, `(near location "place:a" 100000)`},
		{"synergies", `{organizations: {between: [["org:a"], ["org:b", "org:c"]]}}`, `(distinct organizations ("org:a") ("org:b" "org:c"))`},
		{"organizations", `{partners: {count: {gte: 10, of: {edge: {closeProjectCount: {gt: 0}}}}}}`, `(>= (count partners (> edge.closeProjectCount 0)) 10)`},
		{"fundingCalls", `{live: {eq: false}}`, `(not (and (or (null opens) (< opens.key "2026-01-31~")) (>= closes.last "2026-01-31")))`},
		{"organizations", `{records: {some: {source: {eq: "source:1"}, derivation: {in: [INFERRED]}}, none: {}}}`,
			`(and (among records (in source "source:1") (in derivation "INFERRED")) (not (among records)))`},
		{"projects", `{from: {beginsIn: "2019-05"}}`, `(and (>= from.key "2019-05-01") (< from.key "2019-05-31~"))`},
		{"projects", `{from: {eq: "2019"}}`, `(and (>= from.key "2019-01-01") (< from.key "2019-01-01~") (= from.last "2019-12-31"))`},
	} {
		n, err := planOf(t, `{ `+tt.field+`(filter: `+tt.filter+`) { totalCount } }`, nil)
		if err != nil {
			t.Errorf("%s: %v", tt.filter, err)
			continue
		}
		if got := plan.PredicateString(n.Plan().Root.(*plan.Connection).Filter); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.filter, got, tt.want)
		}
	}
}
