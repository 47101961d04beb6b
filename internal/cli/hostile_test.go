package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/engine"
	"github.com/maillage/maillage/internal/store/sqlitestore"
)

// hostile is a family of requests to the real API that cost more than they
// look, by their size.
type hostile struct {
	name  string
	sizes []int
	write func(n int) (document, variables string)
}

func document(text func(n int) string) func(int) (string, string) {
	return func(n int) (string, string) { return text(n), "" }
}

// each writes a pattern n times, with the number of the repetition for %d.
func each(n int, pattern string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(pattern, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// nest writes n pairs around a middle.
func nest(n int, open, middle, shut string) string {
	return strings.Repeat(open, n) + middle + strings.Repeat(shut, n)
}

// chain writes n fragments, each of which spreads the next twice below a field.
func chain(n int, on, open, last, shut string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on %s{%s", i, on, each(2, "a%d:"+open+fmt.Sprintf("...F%d", i+1)+shut))
		b.WriteByte('}')
	}
	fmt.Fprintf(&b, " fragment F%d on %s{%s}", n, on, last)
	return b.String()
}

// families are those of package graph, asked of the real API, and some that
// only it has: filters, orders, cursors, dates.
func families() []hostile {
	few, many := []int{3, 10, 28, 60}, []int{10, 300, 1400, 15000}
	const org = `{organization(id:"org:siren:1"){`
	filter := func(open, middle, shut string) func(int) (string, string) {
		return document(func(n int) string { return "{organizations(filter:" + nest(n, open, middle, shut) + "){totalCount}}" })
	}
	variable := func(filter func(n int) string) func(int) (string, string) {
		return func(n int) (string, string) {
			return "query($f:OrganizationFilter){organizations(filter:$f){totalCount}}", `{"f":` + filter(n) + `}`
		}
	}
	return []hostile{
		{"doubling fragments", few, document(func(n int) string {
			return org + "...F0}}" + chain(n, "Organization", "members{nodes{", "id", "}}")
		})},
		{"cyclic fragments", few, document(func(n int) string {
			return org + "...F0}}" + chain(n, "Organization", "members{nodes{", "id ...F0", "}}")
		})},
		{"one fragment many times", many, document(func(n int) string {
			return org + strings.Repeat("...F ", n) + "}} fragment F on Organization{id name members{nodes{id}}}"
		})},
		{"inline fragments deep", many, document(func(n int) string { return "{" + nest(n, "...{", "__typename", "}") + "}" })},
		{"inline fragments wide", many, document(func(n int) string { return org + strings.Repeat("...on Node{id}", n) + "}}" })},
		{"overlapping selections", many, document(func(n int) string { return org + strings.Repeat("members{nodes{members{nodes{id}}}}", n) + "}}" })},
		{"typename", many, document(func(n int) string { return "{" + strings.Repeat("__typename ", n) + "}" })},
		{"aliases of a page", many, document(func(n int) string { return "{" + each(n, "a%d:organizations(first:100){nodes{id}}") + "}" })},
		{"pages in pages", few, document(func(n int) string {
			return "{organizations(first:100){nodes{" + nest(n, "members(first:100){nodes{", "id", "}}") + "}}}"
		})},
		{"pages beside pages", few, document(func(n int) string {
			return "{organizations(first:100){nodes{" + each(n, "a%d:projects(first:100){nodes{organizations(first:100){totalCount}}}") + "}}}"
		})},
		{"sources of sources", few, document(func(n int) string { return org + nest(n, "records{source{", "id", "}}") + "}}" })},
		{"large pages", []int{100, 101, 1 << 20, 1 << 31, 1 << 62}, document(func(n int) string { return fmt.Sprintf("{organizations(first:%d){nodes{id}}}", n) })},
		{"many ids", many, document(func(n int) string { return `{nodes(ids:["org:siren:1"` + strings.Repeat(` "org:x"`, n) + "]){id}}" })},
		{"many values", many, variable(func(n int) string { return `{"id":{"in":["a"` + strings.Repeat(`,"a"`, n) + "]}}" })},
		{"many orders", many, document(func(n int) string {
			return "{organizations(orderBy:[" + strings.Repeat("{field:NAME direction:DESC}", n) + "]){totalCount}}"
		})},
		{"nested filters", many, filter("{and:[", "{name:{eq:\"a\"}}", "]}")},
		{"nested negations", many, filter("{not:", "{name:{eq:\"a\"}}", "}")},
		{"nested filters in a variable", many, variable(func(n int) string { return nest(n, `{"or":[`, `{"name":{"eq":"a"}}`, "]}") })},
		{"wide filters", many, variable(func(n int) string { return `{"or":[{}` + strings.Repeat(`,{"name":{"contains":"a"}}`, n) + "]}" })},
		{"one condition many times", many, filter("{name:{eq:\"a\"} ", "", "}")},
		{"wrong fields of a filter", many, variable(func(n int) string { return `{"` + strings.Repeat("x", n) + `":1}` })},
		{"long text", many, variable(func(n int) string { return `{"name":{"contains":"` + strings.Repeat("é", n) + `"}}` })},
		{"marks upon marks", many, variable(func(n int) string { return `{"name":{"eq":"e` + strings.Repeat("\u0301", n) + `"}}` })},
		{"ligatures that grow", many, variable(func(n int) string { return `{"name":{"startsWith":"` + strings.Repeat("ﷺ", n) + `"}}` })},
		{"long date", many, document(func(n int) string {
			return `{projects(filter:{from:{eq:"` + strings.Repeat("2019/", n) + `"}}){totalCount}}`
		})},
		{"long amount", many, document(func(n int) string {
			return `{projects(filter:{cost:{eq:"1` + strings.Repeat("0", n) + `"}}){totalCount}}`
		})},
		{"long cursor", many, document(func(n int) string { return `{organizations(after:"` + strings.Repeat("5b", n) + `"){totalCount}}` })},
		{"deep cursor", many, document(func(n int) string {
			return fmt.Sprintf(`{organizations(after:"%x"){totalCount}}`, nest(n, "[", "", "]"))
		})},
		{"cursor of another", []int{1}, document(func(int) string {
			return fmt.Sprintf(`{organizations(after:"%x"){totalCount}}`, `[1,"Place id+","x"]`)
		})},
		{"directives", many, document(func(n int) string { return "{__typename " + strings.Repeat("@include(if:true)", n) + "}" })},
		{"unknown fields", many, document(func(n int) string { return org + each(n, "feld%d ") + "}}" })},
		{"long unknown field", many, document(func(n int) string { return "{" + strings.Repeat("f", n) + "}" })},
		{"unknown arguments", many, document(func(n int) string { return "{organizations(" + each(n, "frist%d:1 ") + "){totalCount}}" })},
		{"unknown types", many, document(func(n int) string { return "query(" + each(n, "$a%d:Organisation%d ") + "){__typename}" })},
		{"unknown values of an enum", many, document(func(n int) string {
			return "{organizations(orderBy:[" + each(n, "{field:NAM%d}") + "]){totalCount}}"
		})},
		{"undefined variables", many, document(func(n int) string { return "{nodes(ids:[" + each(n, "$a%d ") + "]){id}}" })},
		{"operations", many, document(func(n int) string { return each(n, "query A%d{__typename}") })},
		{"string", many, document(func(n int) string { return `{organization(id:"` + strings.Repeat("x", n) + `"){id}}` })},
		{"open string", many, document(func(n int) string { return `{organization(id:"` + strings.Repeat("x", n) })},
		{"comments", many, document(func(n int) string { return strings.Repeat("#\n", n) + "{__typename}" })},
		{"numbers", many, document(func(n int) string { return "{organizations(first:" + strings.Repeat("9", n) + "){totalCount}}" })},
		{"floats", many, document(func(n int) string {
			return "{figures(filter:{value:{eq:1e" + strings.Repeat("9", n) + "}}){totalCount}}"
		})},
		{"rubbish", many, document(func(n int) string { return strings.Repeat("\x00\u2028}", n/3) })},
		{"mutations", few, document(func(n int) string { return "mutation{" + each(n, `a%d:rename(id:1){id}`) + "}" })},
		{"deep variables", many, variable(func(n int) string { return nest(n, `{"and":[`, "{}", "]}") })},
		{"unknown variables", many, func(n int) (string, string) { return "{__typename}", "{" + each(n, `"a%d":1,`) + `"z":1}` }},
		{"introspection deep", few, document(func(n int) string { return "{__schema{types{" + nest(n, "fields{type{", "name", "}}") + "}}}" })},
		{"introspection by fragments", few, document(func(n int) string {
			return "{__schema{types{...F0}}}" + chain(n, "__Type", "ofType{", "name fields{name}", "}")
		})},
		{"introspection many times", many, document(func(n int) string {
			return "{" + each(n, "a%d:__schema{types{name fields{name args{name}}}}") + "}"
		})},
	}
}

// TestHostileRequestsToTheRealAPI wants an answer to each that is small and no
// fault of the server. Times depend on the machine and are logged.
func TestHostileRequestsToTheRealAPI(t *testing.T) {
	h := handler(t, filled(t))
	requests, slowest, which := 0, time.Duration(0), ""
	for _, f := range families() {
		t.Run(f.name, func(t *testing.T) {
			for _, n := range f.sizes {
				text, variables := f.write(n)
				for _, r := range hostileRequests(t, text, variables) {
					began := time.Now()
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r)
					requests++
					if took := time.Since(began); took > slowest {
						slowest, which = took, fmt.Sprintf("%s of %d", f.name, n)
					}
					introspected := strings.HasPrefix(w.Body.String(), `{"data":{"`) && strings.Contains(text, "__schema")
					if w.Code >= 500 || !json.Valid(w.Body.Bytes()) || w.Body.Len() > 64<<10 && !introspected || strings.Contains(w.Body.String(), "internal error") {
						t.Errorf("%s of %d: status %d, %d bytes: %.300s", r.Method, n, w.Code, w.Body.Len(), w.Body)
					}
				}
			}
		})
	}
	t.Logf("%d families, %d requests, slowest %s (%s)", len(families()), requests, slowest, which)
}

// handler serves the real API from a SQLite store, without a server around it.
func handler(t *testing.T, address string) http.Handler {
	t.Helper()
	c := catalogtest.Model(t)
	s, err := sqlitestore.Open(t.Context(), filepath.FromSlash(strings.TrimPrefix(address, "sqlite:")), c, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	es, err := graph.NewSchema(c, engine.New(s))
	if err != nil {
		t.Fatal(err)
	}
	return graph.NewHandler(es, graph.DefaultOptions())
}

// hostileRequests sends a document by POST and by GET.
func hostileRequests(t *testing.T, text, variables string) []*http.Request {
	t.Helper()
	encoded, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	body, values := `{"query":`+string(encoded), url.Values{"query": {text}}
	if variables != "" {
		body += `,"variables":` + variables // deeper than encoding/json writes
		values.Set("variables", variables)
	}
	post := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body+"}"))
	post.Header.Set("Content-Type", "application/json")
	get := httptest.NewRequest(http.MethodGet, "/graphql?"+values.Encode(), nil)
	for _, r := range []*http.Request{post, get} {
		r.Header.Set("Accept", "application/graphql-response+json")
	}
	return []*http.Request{post, get}
}
