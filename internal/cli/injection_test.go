package cli_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store/storetest"
)

// reply is what a client reads.
type reply struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct{ Code kg.Code }
	}
}

// ask sends a document by POST. No answer is a fault of the server.
func ask(t *testing.T, h http.Handler, document string, variables map[string]any) reply {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var out reply
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code >= 500 {
		t.Fatalf("%s %v: status %d, %v: %.300s", document, variables, w.Code, err, w.Body)
	}
	for _, e := range out.Errors {
		switch e.Extensions.Code {
		case kg.BadUserInput, kg.QueryTooComplex, "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED":
		default:
			t.Errorf("%s %v: %s: %s", document, variables, e.Extensions.Code, e.Message)
		}
	}
	return out
}

// fixture fills a store with the graph of the conformance suite.
func fixture(t *testing.T) string {
	t.Helper()
	lines, err := storetest.Fixture().JSONL()
	if err != nil {
		t.Fatal(err)
	}
	address, _ := storeIn(t)
	mustRun(t, "import", "jsonl", write(t, "fixture.jsonl", lines), "--store", address)
	return address
}

// TestPayloadsAreText sends payloads in every kind of argument. As a variable
// and as a literal of the document a text is the same question; where no text
// may stand, the answer says so.
func TestPayloadsAreText(t *testing.T) {
	h := handler(t, fixture(t))
	before := ask(t, h, "{ stats { revision nodes { count } relationships { count } } }", nil)
	texts := []string{ // what a text may stand for
		`organizations(filter: {name: {eq: %s}}) { totalCount nodes { id } }`,
		`organizations(filter: {name: {exact: %s}}) { totalCount nodes { id } }`,
		`organizations(filter: {name: {in: ["Zed", %s]}}) { totalCount nodes { id } }`,
		`organizations(filter: {name: {contains: %s}}) { totalCount nodes { id } }`,
		`organizations(filter: {name: {startsWith: %s}}) { totalCount nodes { id } }`,
		`organizations(filter: {city: {lt: %s}}, orderBy: {field: CITY}) { totalCount nodes { id } }`,
		`organizations(filter: {city: {lte: %s}}, orderBy: {field: CITY, direction: DESC}) { totalCount nodes { id } }`,
		`organizations(filter: {activity: {gt: %s}}) { totalCount nodes { id } }`,
		`organizations(filter: {activity: {gte: %s}}) { totalCount nodes { id } }`,
		`organizations(filter: {not: {aliases: {includes: %s}}}) { totalCount nodes { id } }`,
		`organizations(filter: {people: {some: {edge: {title: {gt: %s}}}}}) { totalCount nodes { id } }`,
		`organizations(filter: {projects: {count: {of: {label: {gt: %s}}, gte: 1}}}) { facets(by: KIND) { value count } }`,
		`organizations(filter: {projects: {sum: {of: {label: {lt: %s}}, contribution: {gte: "1"}}}}) { aggregate { count } }`,
		`organization(id: "org:t:council") { members(filter: {name: {gte: %s}}) { totalCount nodes { id } } }`,
	}
	ids := []string{ // what an id may stand for
		`organizations(filter: {id: {eq: %s}}) { totalCount }`, `organizations(filter: {within: [%s]}) { totalCount }`,
		`organizations(filter: {sectors: {in: [%s]}}) { totalCount }`, `organizations(filter: {partners: {some: {id: {eq: %s}}}}) { totalCount }`,
		`organizations(filter: {projects: {between: [[%s], ["project:t:ash"]]}}) { totalCount }`,
		`node(id: %s) { id }`, `nodes(ids: ["org:t:alpha", %s]) { id }`, `organization(id: %s) { id }`,
	}
	refused := map[string]string{ // what takes no text, with the type of its variable
		`organizations(after: %s) { totalCount }`:                                    "String",
		`organizations(before: %s) { totalCount }`:                                   "String",
		`organizations(filter: {kind: {eq: %s}}) { totalCount }`:                     "OrganizationKind",
		`organizations(filter: {kind: {in: [%s]}}) { totalCount }`:                   "OrganizationKind!",
		`organizations(filter: {startup: {eq: %s}}) { totalCount }`:                  "Boolean",
		`organizations(filter: {foundedIn: {beginsIn: %s}}) { totalCount }`:          "Date",
		`organizations(filter: {projects: {count: {eq: %s}}}) { totalCount }`:        "Int",
		`organizations(filter: {members: {include: [%s], some: {}}}) { totalCount }`: "FactStatus!",
		`organizations(orderBy: {field: %s}) { totalCount }`:                         "OrganizationOrderField!",
		`organizations(orderBy: {field: NAME, direction: %s}) { totalCount }`:        "OrderDirection!",
		`organizations(first: %s) { totalCount }`:                                    "Int",
		`organizations { facets(by: %s) { count } }`:                                 "OrganizationFacetKey!",
		`organizations { facets(by: KIND, across: %s) { count } }`:                   "OrganizationFacetKey",
		`organizations { facets(by: FOUNDED_IN, interval: %s) { count } }`:           "DateInterval!",
		`organizations { facets(by: SECTORS, level: %s) { count } }`:                 "Int",
		`organizations(filter: %s) { totalCount }`:                                   "OrganizationFilter",
		`projects(filter: {cost: {gte: %s}}) { totalCount }`:                         "Decimal",
		`claims(filter: {recordedAt: {lt: %s}}) { totalCount }`:                      "DateTime",
		`figures(filter: {value: {lt: %s}}) { totalCount }`:                          "Float",
		`sectors { nodes { label(lang: %s) } }`:                                      "Lang!",
	}
	requests := 0
	send := func(document string, variables map[string]any) reply {
		requests++
		return ask(t, h, document, variables)
	}
	for _, p := range storetest.Payloads() {
		encoded, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		literal := string(encoded)
		for i, field := range slices.Concat(texts, ids) {
			typ := map[bool]string{true: "String!", false: "ID!"}[i < len(texts)]
			asVariable := send("query($v: "+typ+") { "+fmt.Sprintf(field, "$v")+" }", map[string]any{"v": p})
			asLiteral := send("{ "+fmt.Sprintf(field, literal)+" }", nil)
			if string(asVariable.Data) != string(asLiteral.Data) || len(asVariable.Errors) != len(asLiteral.Errors) || i < len(texts) && asVariable.Errors != nil {
				t.Errorf("%s with %s: %s %v as a variable, %s %v as a literal", field, literal, asVariable.Data, asVariable.Errors, asLiteral.Data, asLiteral.Errors)
			}
		}
		for field, typ := range refused {
			for _, r := range []reply{
				send("query($v: "+typ+") { "+fmt.Sprintf(field, "$v")+" }", map[string]any{"v": p}),
				send("{ "+fmt.Sprintf(field, literal)+" }", nil),
			} {
				if r.Errors == nil {
					t.Errorf("%s takes %s: %s", field, literal, r.Data)
				}
			}
			// Not even written as a text.
			send("{ "+fmt.Sprintf(field, p)+" }", nil)
		}
		send("query($f: OrganizationFilter, $o: [OrganizationOrder!]) { organizations(filter: $f, orderBy: $o) { totalCount } }",
			map[string]any{"f": map[string]any{p: map[string]any{"eq": 1}}, "o": []any{map[string]any{"field": "NAME", p: "ASC"}}, p: p})
	}
	if after := ask(t, h, "{ stats { revision nodes { count } relationships { count } } }", nil); string(after.Data) != string(before.Data) {
		t.Errorf("the graph was %s and is %s", before.Data, after.Data)
	}
	t.Logf("%d payloads in %d arguments, %d requests", len(storetest.Payloads()), len(texts)+len(ids)+len(refused), requests)
}

// TestBadCursorsAreRefused sends cursors of other connections and orders, and
// broken ones.
func TestBadCursorsAreRefused(t *testing.T) {
	h := handler(t, fixture(t))
	fields := []string{
		"organizations(%s)", "organizations(orderBy: {field: NAME} %s)", "organizations(orderBy: {field: NAME direction: DESC} %s)",
		"organizations(orderBy: [{field: WELL_CONNECTED} {field: FOUNDED_IN}] %s)", "organizations(orderBy: {field: PROJECTS_CONTRIBUTION_SUM} %s)",
		"projects(%s)", "projects(orderBy: {field: COST} %s)", "figures(orderBy: {field: VALUE} %s)", "places(%s)", "sectors(%s)",
	}
	var cursors []string // three of each
	for _, f := range fields {
		var got map[string]struct{ Edges []struct{ Cursor string } }
		if err := json.Unmarshal(ask(t, h, "{"+fmt.Sprintf(f, "first: 3")+" { edges { cursor } } }", nil).Data, &got); err != nil {
			t.Fatal(err)
		}
		for _, c := range got {
			for _, e := range c.Edges {
				cursors = append(cursors, e.Cursor)
			}
		}
	}
	r := rand.New(rand.NewPCG(7, 8))
	sent := 0
	for i, f := range fields {
		bad := slices.Concat(cursors[:3*i], cursors[3*i+3:])
		for _, c := range cursors[3*i : 3*i+3] {
			for range 30 {
				bad = append(bad, broken(r, c))
			}
		}
		for _, c := range bad {
			argument := []string{"after", "before"}[sent%2]
			sent++
			got := ask(t, h, "query($c: String) {"+fmt.Sprintf(f, argument+": $c")+" { totalCount } }", map[string]any{"c": c})
			if len(got.Errors) != 1 || got.Errors[0].Extensions.Code != kg.BadUserInput {
				t.Errorf("%s takes %s: %s %v", f, c, got.Data, got.Errors)
			}
		}
	}
	t.Logf("%d cursors at %d connections, each BAD_USER_INPUT", sent, len(fields))
}

// broken breaks a cursor so that nothing can be read from it, or that it has
// another arity or another version.
func broken(r *rand.Rand, cursor string) string {
	i := r.IntN(len(cursor))
	switch r.IntN(6) {
	case 0:
		return cursor[:i]
	case 1: // half a byte more
		return cursor[:i] + "5" + cursor[i:]
	case 2: // half a byte less
		return cursor[:i] + cursor[i+1:]
	case 3: // no digit
		return cursor[:i] + "g" + cursor[i+1:]
	case 4: // twice
		return cursor + cursor
	}
	text, _ := hex.DecodeString(cursor)
	return hex.EncodeToString([]byte([]string{
		strings.Replace(string(text), "[1,", "[2,", 1), strings.TrimSuffix(string(text), "]") + ",null]", strings.TrimSuffix(string(text), "]"), "[" + string(text) + "]",
	}[r.IntN(4)]))
}
