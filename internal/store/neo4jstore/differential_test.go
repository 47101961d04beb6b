package neo4jstore

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/store"
)

// questions cover the language of plans: every kind of root, field, predicate,
// order and page.
var questions = []string{
	// Look-ups.
	`{ organization(id: "org:test:a") { id name displayName aliases activity kind size smeAtGrant startup siren country city foundedIn website __typename } }`,
	`{ organization(id: "org:test:former-b") { id name } }`,
	`{ organization(id: "org:test:nobody") { id name } }`,
	`{ organization(id: "org:test:f") { id name aliases kind smeAtGrant location { latitude } records { locator } projects { totalCount } } }`,
	`{ node(id: "project:test:1") { __typename id ... on Project { cost contribution from to programme topics status } } }`,
	`{ node(id: "claim:test:1") { ... on Claim { subject predicate confidence recordedAt passages { startOffset endOffset quote __typename } stance } } }`,
	`{ nodes(ids: ["org:test:a", "sector:theme:cybersecurity", "org:test:former-a", "project:test:2", "org:test:a", "org:test:nobody"]) { __typename id ... on Organization { n: name id } ... on Sector { label(lang: FR) en: label(lang: EN) } ... on Project { label } } }`,
	`{ nodes(ids: []) { id } }`,
	`{ nodes(ids: ["figure:test:1", "figure:test:2", "figure:test:3"]) { ... on Figure { value unit target ratio metric } } }`,
	`{ nodes(ids: ["org:test:a", "org:test:b"]) { ... on Organization { projects(first: 1) { edges { cursor } pageInfo { hasNextPage } } } } }`,

	// Embedded values and the nodes to which they refer.
	`{ organization(id: "org:test:a") { location { latitude longitude __typename } records { __typename locator derivation properties source { id title publisher } } } }`,
	`{ organization(id: "org:test:a") { records { source { records { locator source { id } } claims { totalCount nodes { id predicate } } } again: source { title } } } }`,
	`{ organization(id: "org:test:a") { projects { edges { records { locator source { title } } node { records { source { id } } } } } } }`,
	`{ organizations(first: 3, orderBy: [{field: PROJECTS_COUNT, direction: DESC}]) { nodes { id records { locator properties source { id title } } } } }`,
	`{ place(id: "place:test:1") { population location { latitude longitude } parts { totalCount } partOf { nodes { name population location { latitude } } } } }`,

	// Connections: what is selected of them.
	`{ organization(id: "org:test:a") { projects { __typename totalCount pageInfo { __typename hasNextPage hasPreviousPage startCursor endCursor } edges { __typename id cursor role contribution ended node { label } } nodes { id } } } }`,
	`{ organization(id: "org:test:a") { projects { totalCount } sectors { pageInfo { hasPreviousPage } } } }`,
	`{ organization(id: "org:test:a") { projects { pageInfo { startCursor } } } }`,
	`{ organization(id: "org:test:f") { projects { pageInfo { startCursor endCursor hasNextPage hasPreviousPage } edges { cursor } nodes { id } } } }`,
	`{ organizations { totalCount } }`,
	`{ organizations { __typename pageInfo { hasPreviousPage __typename } } }`,
	`{ organizations(first: 2) { a: totalCount b: nodes { x: id y: id } c: edges { d: node { id } e: cursor } f: edges { node { name } } } }`,
	`{ organizations(first: 5) { pageInfo { hasNextPage endCursor } nodes { id name projects(first: 3) { pageInfo { hasNextPage } nodes { id organizations(first: 2, orderBy: [{field: NAME}]) { totalCount nodes { name } } } } } } }`,
	`{ companies(first: 3) { totalCount pageInfo { hasNextPage } nodes { id kind } } }`,
	`{ companies(last: 3, orderBy: [{field: NAME, direction: DESC}]) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { name } } }`,
	`{ stats { nodes { type count __typename } relationships { type count } __typename } }`,
	`{ stats { n: nodes { t: type } r: relationships { c: count } } }`,

	// Orders.
	`{ organizations(first: 4, orderBy: [{field: NAME}]) { edges { cursor node { name } } } }`,
	`{ organizations(last: 4, orderBy: [{field: NAME}]) { edges { cursor node { name } } } }`,
	`{ organizations(first: 20, filter: {name: {startsWith: "corner"}}, orderBy: [{field: NAME}, {field: ID, direction: DESC}]) { nodes { id name } } }`,
	`{ organizations(first: 20, filter: {displayName: {startsWith: "a "}}, orderBy: [{field: DISPLAY_NAME, direction: DESC}]) { edges { cursor node { id displayName } } } }`,
	`{ organizations(first: 9, orderBy: [{field: KIND, direction: DESC}, {field: CITY}, {field: NAME, direction: DESC}]) { edges { cursor node { kind city name } } } }`,
	`{ organizations(first: 9, orderBy: [{field: ACTIVITY, direction: DESC}]) { edges { cursor node { id activity } } } }`,
	`{ organizations(first: 9, orderBy: [{field: FOUNDED_IN}]) { edges { cursor node { id foundedIn } } } }`,
	`{ organizations(last: 9, orderBy: [{field: FOUNDED_IN}]) { edges { cursor node { id foundedIn } } } }`,
	`{ organizations(first: 9, orderBy: [{field: SYNERGIES_COUNT, direction: DESC}, {field: PEOPLE_COUNT, direction: DESC}]) { edges { cursor node { id people { totalCount } } } } }`,
	`{ projects(first: 9, orderBy: [{field: COST, direction: DESC}]) { edges { cursor node { id cost } } } }`,
	`{ projects(first: 9, orderBy: [{field: CONTRIBUTION}]) { edges { cursor node { id contribution } } } }`,
	`{ projects(first: 9, orderBy: [{field: FROM}, {field: TO, direction: DESC}]) { edges { cursor node { id from to } } } }`,
	`{ figures(first: 9, orderBy: [{field: VALUE}]) { edges { cursor node { id value } } } }`,
	`{ figures(first: 9, orderBy: [{field: TARGET, direction: DESC}]) { edges { cursor node { id target } } } }`,
	`{ strategicAxes(orderBy: [{field: ORDER}]) { edges { cursor node { order title } } } }`,
	`{ claims(orderBy: [{field: SUBJECT}, {field: RECORDED_AT}]) { edges { cursor node { subject } } } }`,
	`{ project(id: "project:test:1") { organizations(orderBy: [{field: EDGE_CONTRIBUTION, direction: DESC}, {field: EDGE_ROLE}]) { edges { cursor role contribution node { name } } } } }`,
	`{ strategy(id: "strategy:test:s") { axes(include: [PAST], orderBy: [{field: EDGE_ORDER}]) { edges { cursor order status node { title order } } } } }`,
	`{ sector(id: "sector:theme:cybersecurity") { organizations(first: 6, orderBy: [{field: EDGE_PROJECT_COUNT, direction: DESC}, {field: NAME}]) { totalCount edges { cursor id basis projectCount node { name } } } } }`,

	// Relationships with keys, statuses and several types of ends.
	`{ organization(id: "org:test:a") { people { totalCount edges { id cursor title status from to node { name } } } } }`,
	`{ organization(id: "org:test:a") { people(include: [PAST]) { totalCount edges { id title status } } } }`,
	`{ organization(id: "org:test:a") { people(include: [PAST, PLANNED, CURRENT], orderBy: [{field: EDGE_TITLE, direction: DESC}]) { totalCount pageInfo { hasNextPage } edges { id cursor title node { aliases } } } } }`,
	`{ organization(id: "org:test:a") { people(include: [PLANNED], last: 2) { pageInfo { hasPreviousPage startCursor } edges { title node { name roles { totalCount nodes { name } } } } } } }`,
	`{ organization(id: "org:test:a") { strategies { totalCount edges { role node { name } } } engagedIn { totalCount nodes { name } } engaged { totalCount } members { totalCount nodes { name } } memberOf { nodes { name members(include: [PAST]) { totalCount nodes { id } } } } } }`,
	`{ organization(id: "org:test:b") { engaged { totalCount edges { role id } } engagedPeople { totalCount edges { role id node { name } } } strategies { nodes { name } } } }`,
	`{ strategy(id: "strategy:test:s") { organizations(include: [PLANNED]) { totalCount edges { role node { id } } } parts { nodes { name } } partOf { totalCount } } }`,
	`{ place(id: "place:test:1") { organizations { totalCount nodes { id } } projects { totalCount nodes { id } } all: projects(include: [PLANNED]) { totalCount edges { kind status node { id } } } events { totalCount } partOf { nodes { name } } } }`,
	`{ claim(id: "claim:test:1") { organizations { totalCount nodes { id } } projects { totalCount nodes { id } } sources { nodes { title } } speakers { nodes { name } } } }`,

	// Filters.
	`{ organizations(filter: {name: {eq: "CORNER B"}}) { totalCount nodes { id name } } }`,
	`{ organizations(filter: {name: {exact: "CORNER B"}}) { totalCount nodes { id } } }`,
	`{ organizations(filter: {name: {contains: "rner"}, kind: {isNull: true}}) { totalCount nodes { id } } }`,
	`{ organizations(filter: {name: {contains: ""}}, first: 1) { totalCount } }`,
	`{ organizations(filter: {name: {isNull: true}}) { totalCount nodes { id } } }`,
	`{ organizations(filter: {not: {name: {contains: "e"}}}, first: 5, orderBy: [{field: NAME, direction: DESC}]) { totalCount edges { cursor node { id name } } } }`,
	`{ organizations(filter: {not: {smeAtGrant: {eq: true}}}, first: 5) { totalCount nodes { id } } }`,
	`{ organizations(filter: {smeAtGrant: {eq: false}, startup: {isNull: true}}) { totalCount nodes { id } } }`,
	`{ organizations(filter: {or: [{pic: {eq: "000000001"}}, {siren: {in: ["123456788", "1"]}}, {kind: {in: [COUNCIL, THINK_TANK]}}]}, first: 50) { totalCount nodes { id } } }`,
	`{ organizations(filter: {or: []}) { totalCount nodes { id } } }`,
	`{ organizations(filter: {and: []}, first: 1) { totalCount nodes { id } } }`,
	`{ organizations(filter: {name: {in: []}}) { totalCount nodes { id } } }`,
	`{ organizations(filter: {not: {name: {in: []}}}, first: 1) { totalCount } }`,
	`{ organizations(filter: {id: {in: ["org:test:c", "org:test:a", "org:test:x"]}}, orderBy: [{field: NAME, direction: DESC}]) { totalCount nodes { id } } }`,
	`{ organizations(filter: {id: {eq: "org:test:c"}}) { totalCount nodes { id } } }`,
	`{ organizations(filter: {aliases: {includes: "eclair"}}) { totalCount nodes { id aliases } } }`,
	`{ organizations(filter: {aliases: {isNull: true}, country: {eq: "fr"}}, first: 3) { totalCount nodes { id } } }`,
	`{ organizations(filter: {country: {eq: "de"}}, first: 4, orderBy: [{field: NAME}]) { totalCount pageInfo { hasNextPage endCursor } nodes { id name } } }`,
	`{ organizations(filter: {country: {gt: "F", lte: "it"}, not: {country: {eq: "fr"}}}, first: 4, orderBy: [{field: COUNTRY, direction: DESC}]) { totalCount nodes { country name } } }`,
	`{ organizations(filter: {foundedIn: {lte: "1998-03"}}, orderBy: [{field: FOUNDED_IN}]) { totalCount nodes { id foundedIn } } }`,
	`{ organizations(filter: {foundedIn: {gte: "1998-06-30"}}) { totalCount nodes { id foundedIn } } }`,
	`{ organizations(filter: {foundedIn: {eq: "1998-03-01"}}) { nodes { id } } }`,
	`{ organizations(filter: {not: {foundedIn: {lt: "1999"}}}, first: 3) { totalCount nodes { id } } }`,
	`{ projects(filter: {cost: {gte: "1000000.00", lt: 2000000}}, first: 3, orderBy: [{field: COST}]) { totalCount edges { cursor node { cost } } } }`,
	`{ projects(filter: {cost: {in: ["0.05", 12345678901]}}) { totalCount nodes { id } } }`,
	`{ figures(filter: {value: {gt: -3, lte: 0.1}}) { totalCount nodes { id value } } }`,
	`{ places(filter: {population: {lt: 1}}) { totalCount nodes { id population } } }`,
	`{ claims(filter: {recordedAt: {gte: "2026-01-31T13:00:00+01:00"}, confidence: {gt: 0.5}}) { totalCount nodes { id } } }`,
	`{ organizations(filter: {pic: {eq: "000000001"}}, orderBy: [{field: NAME, direction: DESC}]) { totalCount pageInfo { hasNextPage } nodes { id projects { totalCount nodes { id } } } } }`,
	`{ organizations(filter: {siren: {in: ["123456788", "123456789"]}, name: {startsWith: "corner"}}, last: 1) { totalCount pageInfo { hasPreviousPage } edges { cursor node { id } } } }`,
	`{ organizations(filter: {country: {in: ["it", "fr"]}}, first: 7, orderBy: [{field: COUNTRY, direction: DESC}]) { totalCount pageInfo { hasNextPage endCursor } nodes { id country } } }`,
	`{ organizations(filter: {city: {in: ["montpellier", "sete"]}}, first: 7, orderBy: [{field: CITY}]) { totalCount pageInfo { hasNextPage endCursor } nodes { id city } } }`,
	`{ organizations(filter: {name: {startsWith: "s"}}, first: 7) { totalCount pageInfo { hasNextPage endCursor } nodes { id name } } }`,
	`{ organizations(filter: {country: {gte: "a"}}, first: 7, orderBy: [{field: PROJECTS_COUNT, direction: DESC}]) { totalCount pageInfo { hasNextPage endCursor } nodes { id country } } }`,
	`{ organization(id: "org:test:a") { projects(filter: {edge: {role: {eq: OWNER}}}) { totalCount nodes { id } } } }`,
	`{ project(id: "project:test:1") { organizations(filter: {kind: {eq: COMPANY}, edge: {not: {contribution: {gt: "999.99"}}}}) { totalCount edges { id contribution node { id } } } } }`,
	`{ project(id: "project:test:1") { organizations(filter: {or: [{name: {eq: "corner a"}}, {edge: {ended: {eq: false}}}]}) { totalCount nodes { id } } } }`,
	`{ sectors(filter: {scheme: {eq: THEME}}, first: 3, orderBy: [{field: LABEL_FR}]) { totalCount nodes { label(lang: FR) projects(filter: {from: {gte: "2016"}}, first: 2, orderBy: [{field: FROM, direction: DESC}]) { totalCount pageInfo { hasNextPage } nodes { label from organizations(last: 2) { totalCount nodes { displayName } } } } } } }`,
}

// TestGraph loads the sample into both engines once, for all that only reads.
func TestGraph(t *testing.T) {
	s, ref := empty(t), reference(t)
	if got, want := run(t, s, planOf(t, `{ stats { revision updatedAt } }`, nil)), `{"revision":0,"updatedAt":null}`; got != want {
		t.Errorf("before Init: %s", got)
	}
	if got, want := run(t, s, planOf(t, questions[0], nil)), "null"; got != want {
		t.Errorf("before Init: %s", got)
	}
	if got, want := run(t, s, planOf(t, `{ organizations(orderBy: [{field: NAME}]) { nodes { id } } }`, nil)), `{"nodes":[]}`; got != want {
		t.Errorf("before Init: %s", got)
	}
	if err := s.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := run(t, s, planOf(t, `{ organizations(orderBy: [{field: NAME}]) { nodes { id } } }`, nil)), `{"nodes":[]}`; got != want {
		t.Errorf("after Init: %s", got)
	}
	apply(t, s, sample())
	apply(t, ref, sample())

	t.Run("questions", func(t *testing.T) {
		for _, q := range append(questions, `{ stats { revision updatedAt } }`) {
			same(t, s, ref, q, nil)
		}
	})
	t.Run("export", func(t *testing.T) {
		if got, want := string(export(t, s)), string(export(t, ref)); got != want {
			t.Errorf("exports differ: %s", firstDifference(got, want))
		}
	})
	t.Run("pages", func(t *testing.T) { pages(t, s, ref) })
	t.Run("budgets", func(t *testing.T) { budgets(t, s) })
	t.Run("same text", func(t *testing.T) {
		a := s.Explain(planOf(t, `{ organizations(first: 3, filter: {name: {in: ["a"]}}) { nodes { id projects(first: 1) { nodes { id } } } } }`, nil))
		b := s.Explain(planOf(t, `{ organizations(first: 9, filter: {name: {in: ["b", "c"]}}) { nodes { id projects(first: 5) { nodes { id } } } } }`, nil))
		if a.Text != b.Text {
			t.Errorf("plans of one shape have two texts:\n%s\n%s", a.Text, b.Text)
		}
	})
}

// pages walks connections to their ends, both ways, in orders with and without
// an index, with many ties and with absent values.
func pages(t *testing.T, s, ref store.Store) {
	filters := map[string][]string{
		``:     {`filter: {kind: {eq: COMPANY}}`, `filter: {displayName: {contains: "s"}}`, `filter: {name: {gt: "r"}}`, `filter: {name: {gt: "b"}}`},
		`NAME`: {`filter: {kind: {eq: COMPANY}}`, `filter: {name: {startsWith: "c"}}`, `filter: {country: {in: ["fr", "de"]}}`, `filter: {country: {eq: "it"}}`},
	}
	for _, order := range []string{
		``, `ID:DESC`, `NAME`, `NAME:DESC`, `KIND`, `KIND:DESC,CITY`, `PROJECTS_COUNT:DESC`, `SIREN`, `FOUNDED_IN`,
		`ACTIVITY:DESC`, `COUNTRY,PROJECTS_COUNT:DESC,NAME`, `SYNERGIES_COUNT`, `CITY:DESC,ID`,
	} {
		for _, way := range [][3]string{{"first", "after", "endCursor"}, {"last", "before", "startCursor"}} {
			for _, filter := range append(filters[order], "filter: {}") {
				q := fmt.Sprintf(`query($c: String) { organizations(%s: 97, %s: $c, %s, %s) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } } }`,
					way[0], way[1], orderBy(order), filter)
				walk(t, s, ref, q, way[2], "organizations")
			}
		}
	}
	walk(t, s, ref, `query($c: String) { organizations(first: 40, after: $c, before: "`+cursorOf(t, ref)+`", orderBy: [{field: NAME}]) { pageInfo { endCursor } edges { cursor node { name } } } }`, "endCursor", "organizations")
	for _, order := range []string{``, `NAME:DESC`, `EDGE_PROJECT_COUNT:DESC,COUNTRY`, `EDGE_BASIS,PROJECTS_COUNT`} {
		q := fmt.Sprintf(`query($c: String) { sector(id: "sector:theme:cybersecurity") { organizations(first: 13, after: $c, %s) { pageInfo { hasNextPage endCursor } edges { cursor node { id projects(first: 1) { nodes { id } } } } } } }`, orderBy(order))
		walk(t, s, ref, q, "endCursor", "sector", "organizations")
	}
	walk(t, s, ref, `query($c: String) { organizations(first: 1, after: $c, filter: {name: {startsWith: "corner"}}, orderBy: [{field: LEGAL_FORM}, {field: DISPLAY_NAME}]) { pageInfo { endCursor } edges { cursor node { displayName } } } }`, "endCursor", "organizations")
	q := `query($c: String) { organization(id: "org:test:a") { people(include: [PAST, PLANNED], last: 1, before: $c) { pageInfo { startCursor } edges { id cursor } } } }`
	walk(t, s, ref, q, "startCursor", "organization", "people")
}

// cursorOf is a position in the middle of the names.
func cursorOf(t *testing.T, ref store.Store) string {
	var out struct {
		Edges []struct{ Cursor string }
	}
	text := run(t, ref, planOf(t, `{ organizations(first: 1, orderBy: [{field: NAME}], filter: {name: {startsWith: "m"}}) { edges { cursor } } }`, nil))
	if err := json.Unmarshal([]byte(text), &out); err != nil || len(out.Edges) == 0 {
		t.Fatal(text, err)
	}
	return out.Edges[0].Cursor
}

// orderBy writes NAME:DESC,ID as the argument.
func orderBy(order string) string {
	if order == "" {
		return "orderBy: []"
	}
	var keys []string
	for _, k := range strings.Split(order, ",") {
		name, direction, found := strings.Cut(k, ":")
		if !found {
			direction = "ASC"
		}
		keys = append(keys, fmt.Sprintf("{field: %s, direction: %s}", name, direction))
	}
	return "orderBy: [" + strings.Join(keys, ", ") + "]"
}

// walk follows a cursor until there is none, and compares page by page.
func walk(t *testing.T, s, ref store.Store, query, cursor string, path ...string) {
	t.Helper()
	vars := map[string]any{}
	for n := 0; ; n++ {
		text := same(t, s, ref, query, vars)
		var at any
		if err := json.Unmarshal([]byte(text), &at); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, key := range append(path[1:], "pageInfo", cursor) {
			at, _ = at.(map[string]any)[key]
		}
		next, ok := at.(string)
		if !ok {
			if n < 2 {
				t.Errorf("%s: only %d pages", query, n)
			}
			return
		}
		vars = map[string]any{"c": next}
	}
}

// same asks both stores and compares the bytes of their answers.
func same(t *testing.T, s, ref store.Store, query string, vars map[string]any) string {
	t.Helper()
	p := planOf(t, query, vars)
	got, want := run(t, s, p), run(t, ref, p)
	if got != want {
		t.Errorf("%s %v\n%s\n%s", query, vars, s.Explain(p).Text, firstDifference(got, want))
	}
	return want
}

func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, min(i-80, len(s))):min(len(s), i+120)] }
	return fmt.Sprintf("at %d: %q against %q", i, cut(a), cut(b))
}
