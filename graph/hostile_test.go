package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/graph"
)

// repeat writes a pattern n times, with the number of the repetition for %d.
func repeat(n int, pattern string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(pattern, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// nested writes n pairs around a middle.
func nested(n int, open, middle, shut string) string {
	return strings.Repeat(open, n) + middle + strings.Repeat(shut, n)
}

// fragmentChain writes n fragments; each spreads the next one `spreads` times.
func fragmentChain(n, spreads int, on, field, last string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on %s{", i, on)
		for j := range spreads {
			fmt.Fprintf(&b, "a%d:%s{...F%d}", j, field, i+1)
		}
		b.WriteByte('}')
	}
	fmt.Fprintf(&b, " fragment F%d on %s{%s}", n, on, last)
	return b.String()
}

// hostile is a family of documents that cost more than they look. The sizes
// go from allowed to far beyond.
type hostile struct {
	name  string
	sizes []int
	query func(n int) (query, variables string)
}

func query(write func(n int) string) func(int) (string, string) {
	return func(n int) (string, string) { return write(n), "" }
}

func families() []hostile {
	small, large := []int{5, 28, 29, 60}, []int{10, 300, 1400, 15000}
	return []hostile{
		{"doubling fragments", small, query(func(n int) string {
			return "{organization(id:1){...F0}}" + fragmentChain(n, 2, "Organization", "partners", "id")
		})},
		{"fragments without fields", small, query(func(n int) string {
			var b strings.Builder
			b.WriteString("{...F0}")
			for i := range n {
				fmt.Fprintf(&b, " fragment F%d on Query{...F%d ...F%d}", i, i+1, i+1)
			}
			fmt.Fprintf(&b, " fragment F%d on Query{__typename}", n)
			return b.String()
		})},
		{"triangle of fragments", small, query(func(n int) string {
			var b strings.Builder
			b.WriteString("{...F0}")
			for i := range n {
				fmt.Fprintf(&b, " fragment F%d on Query{__typename %s}", i, repeat(min(i, 40), "...F%d "))
			}
			return b.String()
		})},
		{"cyclic fragments", small, query(func(n int) string {
			return "{organization(id:1){...F0}}" + fragmentChain(n, 2, "Organization", "partners", "id ...F0")
		})},
		{"self spread", small, query(func(n int) string {
			return "{...F}" + " fragment F on Query{" + strings.Repeat("...F ", n) + "}"
		})},
		{"one fragment many times", large, query(func(n int) string {
			return "{organization(id:1){" + strings.Repeat("...F ", n) + "}} fragment F on Organization{id name partners{id}}"
		})},
		{"inline fragments deep", large, query(func(n int) string {
			return "{" + nested(n, "...{", "__typename", "}") + "}"
		})},
		{"inline fragments wide", large, query(func(n int) string {
			return "{organization(id:1){" + strings.Repeat("...{id}", n) + "}}"
		})},
		{"overlapping in inline fragments", large, query(func(n int) string {
			return "{organization(id:1){" + repeat(n, "...{id partners{id name partners{id}}}") + "}}"
		})},
		{"typename", large, query(func(n int) string { return "{" + strings.Repeat("__typename ", n) + "}" })},
		{"aliases", large, query(func(n int) string { return "{" + repeat(n, "a%d:__typename ") + "}" })},
		{"aliases of a large field", large, query(func(n int) string { return "{" + repeat(n, "a%d:organizations(first:1000000){id}") + "}" })},
		{"deep", large, query(func(n int) string { return "{organization(id:1){" + nested(n, "partners{", "id", "}") + "}}" })},
		{"deep in a fragment", large, query(func(n int) string {
			return "{organization(id:1){...F}} fragment F on Organization{" + nested(n, "partners{", "id", "}") + "}"
		})},
		{"directives", large, query(func(n int) string { return "{__typename " + strings.Repeat("@include(if:true)", n) + "}" })},
		{"unknown directives", large, query(func(n int) string { return "{__typename " + repeat(n, "@d%d") + "}" })},
		{"unknown fields", large, query(func(n int) string { return "{wide{" + repeat(n, "feld%d ") + "}}" })},
		{"long unknown field", []int{100, 8000, 16000}, query(func(n int) string { return "{wide{" + strings.Repeat("f", n) + "}}" })},
		{"unknown arguments", large, query(func(n int) string { return "{organizations(" + repeat(n, "frist%d:1 ") + "){id}}" })},
		{"unknown types", large, query(func(n int) string { return "query(" + repeat(n, "$a%d:Organisation%d ") + "){__typename}" })},
		{"unused variables", large, query(func(n int) string { return "query(" + repeat(n, "$a%d:Int ") + "){__typename}" })},
		{"one variable many times", large, query(func(n int) string { return "query(" + strings.Repeat("$a:Int ", n) + "){__typename}" })},
		{"undefined variables", large, query(func(n int) string {
			return "{organizations(filter:{tags:[" + repeat(n, "$a%d ") + "]}){id}}"
		})},
		{"operations", large, query(func(n int) string { return repeat(n, "query A%d{__typename}") })},
		{"operations of one name", large, query(func(n int) string { return strings.Repeat("query A{__typename}", n) })},
		{"operations over one fragment", large, query(func(n int) string {
			return repeat(n, "query A%d{...F}") + " fragment F on Query{organization(id:1){id name partners{id name}}}"
		})},
		{"fragments of one name", large, query(func(n int) string {
			return "{...F}" + strings.Repeat("fragment F on Query{__typename ...F}", n)
		})},
		{"introspection deep", small, query(func(n int) string {
			return "{__schema{types{" + nested(n, "fields{type{", "name", "}}") + "}}}"
		})},
		{"introspection of types", small, query(func(n int) string {
			return "{__schema{types{name fields{name type{" + nested(n, "ofType{", "name", "}") + "}}}}}"
		})},
		{"introspection by fragments", small, query(func(n int) string {
			return "{__schema{types{...F0}}}" + fragmentChain(n, 2, "__Type", "ofType", "name fields{name}")
		})},
		{"introspection many times", large, query(func(n int) string { return "{" + repeat(n, "a%d:__schema{types{name fields{name args{name}}}}") + "}" })},
		{"string", []int{1000, 16000, 60000}, query(func(n int) string { return `{organization(id:"` + strings.Repeat("x", n) + `"){id}}` })},
		{"escapes", []int{1000, 10000}, query(func(n int) string { return `{organization(id:"` + strings.Repeat(`\u00e9`, n) + `"){id}}` })},
		{"block string", []int{1000, 15000}, query(func(n int) string {
			return `{organization(id:"""` + strings.Repeat("\n x", n/3) + `"""){id}}`
		})},
		{"open string", []int{1000, 15000}, query(func(n int) string { return `{organization(id:"` + strings.Repeat("x", n) })},
		{"comments", large, query(func(n int) string { return strings.Repeat("#\n", n) + "{__typename}" })},
		{"one comment", []int{1000, 15000}, query(func(n int) string { return "#" + strings.Repeat("x", n) + "\n{__typename}" })},
		{"list literal", large, query(func(n int) string {
			return "{organizations(filter:{tags:[" + strings.Repeat(`"a" `, n) + "]}){id}}"
		})},
		{"deep list literal", large, query(func(n int) string {
			return "{organizations(filter:" + nested(n, "[", "1", "]") + "){id}}"
		})},
		{"deep object literal", large, query(func(n int) string {
			return "{organizations(filter:" + nested(n, "{and:[", "{size:1}", "]}") + "){id}}"
		})},
		{"object of one key", large, query(func(n int) string {
			return "{organizations(filter:{" + strings.Repeat("size:1 ", n) + "}){id}}"
		})},
		{"numbers", []int{9, 19, 20, 400, 9000}, query(func(n int) string { return "{organizations(first:" + strings.Repeat("9", n) + "){id}}" })},
		{"floats", []int{9, 309, 400, 9000}, query(func(n int) string {
			return "{organization(id:1,amount:1e" + strings.Repeat("9", n) + "){id}}"
		})},
		{"rubbish", []int{10, 1000, 16000}, query(func(n int) string { return strings.Repeat("\x00\u2028}", n/3) })},
		{"mutations", []int{1, 5, 6, 200}, query(func(n int) string { return "mutation{" + repeat(n, `a%d:rename(id:1,name:"x"){id}`) + "}" })},
		{"deep variables", []int{10, 31, 100, 9000}, func(n int) (string, string) {
			return "query($f:Filter){organizations(filter:$f){id}}", `{"f":` + nested(n, `{"and":[`, `{}`, `]}`) + `}`
		}},
		{"many variables", large, func(n int) (string, string) {
			return "query($f:Filter){organizations(filter:$f){id}}", `{"f":{"tags":[` + strings.Repeat(`"a",`, n) + `"a"]}}`
		}},
		{"unknown variables", large, func(n int) (string, string) {
			return "{__typename}", "{" + repeat(n, `"a%d":1,`) + `"z":1}`
		}},
		{"wrong variables", []int{1, 1000, 15000}, func(n int) (string, string) {
			return "query($f:Filter){organizations(filter:$f){id}}", `{"f":{"` + strings.Repeat("x", n) + `":1}}`
		}},
		{"large number variable", []int{10, 20, 400, 15000}, func(n int) (string, string) {
			return "query($n:Int){organizations(first:$n){id}}", `{"n":` + strings.Repeat("9", n) + `}`
		}},
	}
}

// TestHostile sends documents made to be expensive. Times are logged, since
// they depend on the machine; what a client gets is asserted.
func TestHostile(t *testing.T) {
	s := newStub()
	wide := &strings.Builder{}
	wide.WriteString(stubSDL + "extend type Query{wide:Wide} type Wide{")
	wide.WriteString(repeat(300, "field%d:String "))
	wide.WriteString("}")
	s.schema = gqlparser.MustLoadSchema(&ast.Source{Name: "wide.graphqls", Input: wide.String()})
	h := graph.NewHandler(s, graph.DefaultOptions())

	var slowest time.Duration
	requests := 0
	for _, family := range families() {
		t.Run(family.name, func(t *testing.T) {
			for _, n := range family.sizes {
				text, variables := family.query(n)
				for method, c := range hostileCalls(text, variables) {
					start := time.Now()
					w := c.do(h)
					took := time.Since(start)
					requests++
					slowest = max(slowest, took)
					if took > 250*time.Millisecond {
						t.Logf("%s of %d: %s", method, n, took)
					}
					if w.Code >= 500 || w.Body.Len() > 64<<10 || !json.Valid(w.Body.Bytes()) {
						t.Errorf("%s of %d: status %d, %d bytes: %.300s", method, n, w.Code, w.Body.Len(), w.Body)
					}
					if n == family.sizes[len(family.sizes)-1] && method == "POST" {
						t.Logf("largest: %d in %s: %.160s", w.Code, took, w.Body)
					}
				}
			}
		})
	}
	t.Logf("%d families, %d requests, slowest %s", len(families()), requests, slowest)
}

func hostileCalls(text, variables string) map[string]call {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	body := `{"query":` + string(encoded)
	values := url.Values{"query": {text}}
	if variables != "" {
		// Not encoded again: it is deeper than encoding/json takes.
		body += `,"variables":` + variables
		values.Set("variables", variables)
	}
	return map[string]call{
		"POST": {method: http.MethodPost, body: body + "}", accept: graphqlJSON},
		"GET":  {method: http.MethodGet, target: "/graphql?" + values.Encode(), accept: graphqlJSON},
	}
}
