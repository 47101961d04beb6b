package guard

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/maillage/maillage/internal/kg"
)

func TestParse(t *testing.T) {
	rep := strings.Repeat
	for _, c := range []struct {
		name, text string
		want       string // part of the message; empty passes
	}{
		{"plain", `{ organization(id: "org:pic:1") { name } }`, ""},
		{"not GraphQL", `{ a`, "Expected Name, found <EOF>"},
		{"bytes at the limit", `{a}` + rep(" ", 16<<10-3), ""},
		{"bytes over", `{a}` + rep(" ", 16<<10-2), "the document is 16385 bytes long, the limit is 16384"},
		{"tokens at the limit", "query(" + rep("$a:A ", 373) + "){a}", ""},
		{"tokens over", "query(" + rep("$a:A ", 374) + "){a}", "too many tokens, the limit is 1500"},
		{"parser's nesting", `{a(b:` + rep("[", 1200), "nests more than 1000 levels deep"},

		{"depth at the limit", rep("{a", 35) + rep("}", 35), ""},
		{"depth over", rep("{a", 36) + rep("}", 36), "the operation at 1:1 is 36 levels of fields deep, the limit is 35"},
		{"depth by fragments", "{a{...F}} fragment F on T " + rep("{b", 35) + rep("}", 35), "36 levels of fields deep"},
		{"depth of an unused fragment", "{a} fragment F on T " + rep("{b", 36) + rep("}", 36), `fragment "F" at 1:5 is 36 levels`},
		{"introspection at the limit", "{__schema" + rep("{a", 14) + rep("}", 15), ""},
		{"introspection over", "{__schema" + rep("{a", 15) + rep("}", 16), "the introspection in the operation at 1:1 is 16 levels of fields deep, the limit is 15"},
		{"introspection by a fragment", "query Q{...F} fragment F on Query{__type(name:\"A\")" + rep("{a", 15) + rep("}", 16), `the introspection in operation "Q" at 1:1`},

		{"two introspections", "{__schema{a} __type(name:1){b}}", "asks for __schema or __type 2 times, the limit is 1"},
		{"introspection lists", "{__schema{types{fields{type{fields{name}}}}}}", "nests 2 lists"},
		{"introspection lists by a fragment", "{__schema{types{fields{...F}}}} fragment F on __Field{args{type{inputFields{name}}}}", "nests 2 lists"},
		{"introspection alias", "{__schema{types{a:name}}}", "has aliases below __schema"},
		{"introspection alias by a fragment", "{__schema{types{...F}}} fragment F on __Type{a:name}", "has aliases below"},
		{"introspection beside data", "{a:__type(name:1){fields{name}} b:c{fields{fields{d:e}}}}", ""},
		{"aliases at the limit", "{a{" + aliases(30) + "}}", ""},
		{"aliases over", "{\n" + aliases(31) + "}", `too many aliases: "k30" at 2:181 is number 31, the limit is 30`},
		{"directives at the limit", "{a" + rep("@d", 30) + "}", ""},
		{"directives over", "query @d{a" + rep("@d", 30) + "}", "too many directives: @d at 1:70 is number 31, the limit is 30"},
		{"fragments at the limit", "{a}" + fragments(30), ""},
		{"fragments over", "{a}" + fragments(31), "31 fragments, the limit is 30"},

		{"key at the limit", "{" + rep("a ", 5) + "}", ""},
		{"key over", "{" + rep("a ", 6) + "}", `"a" at 1:12 is used more than 5 times in one selection set`},
		{"key is the alias", "{b:a b:c b:d b:e b:f b:g}", `"b" at 1:22 is used more than 5 times`},
		{"key by fragments", "{c{" + rep("...{a} ", 20) + "}}", ""},

		{"fields at the limit", "{c" + wide(499) + "}", ""},
		{"fields over", "{c" + wide(500) + "}", "the operation at 1:1 takes the document to more than 500 fields"},
		{"fields of two operations", "query A{c" + wide(300) + "} query B{c" + wide(300) + "}", `operation "B" at 1:`},
		{"fields of an unused fragment", "{a} fragment F on T" + wide(501), `fragment "F" at 1:5 expands to more than 500`},
		{"doubling", doubling(29), "more than 500 fields"},

		{"roots at the limit", "{" + names(10) + "}", ""},
		{"roots over", "{" + names(11) + "}", "has 11 root fields, the limit is 10"},
		{"roots by fragments", "{" + names(10) + " ...F} fragment F on Query{b}", "has 11 root fields"},
		{"mutations over", "mutation{" + names(6) + "}", "has 6 mutations, the limit is 5"},

		{"literal at the limit", "{a(b:" + rep("[", 32) + rep("]", 32) + ")}", ""},
		{"literal over", "{a(b:" + rep("[", 33) + rep("]", 33) + ")}", "the value at 1:38 nests more than 32 levels deep"},
		{"default over", "query($a:A=" + rep("{b:", 33) + "1" + rep("}", 33) + "){a}", "nests more than 32 levels deep"},

		{"self", "{...F} fragment F on T{...F}", `fragment "F" at 1:8 spreads itself`},
		{"cycle", "{...F} fragment F on T{a{...G}} fragment G on T{...H} fragment H on T{...F}", `spreads itself`},
		{"unused cycle", "{a} fragment F on T{...G} fragment G on T{...F}", `spreads itself`},
		{"unknown fragment", "{...F}", ""},
		{"two of a name", "{...F} fragment F on T{a} fragment F on T{...F}", ""},
		{"long name", "{" + rep("x", 9000) + ":a " + strings.ReplaceAll(aliases(31), "k", "l") + "}", "too many aliases"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := Parse(c.text, Default())
			if c.want == "" {
				if err != nil || doc == nil {
					t.Fatalf("Parse: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("Parse: %v, want …%s…", err, c.want)
			}
			if len(err.Error()) > 300 {
				t.Errorf("message of %d bytes", len(err.Error()))
			}
			if c.name != "not GraphQL" && kg.CodeOf(err) != kg.QueryTooComplex {
				t.Errorf("code %s", kg.CodeOf(err))
			}
		})
	}
}

// TestIntrospectionQuery keeps the limits above what every tool sends first:
// the query of graphql-js with all its options.
func TestIntrospectionQuery(t *testing.T) {
	text, err := os.ReadFile("testdata/introspection.graphql")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Parse(string(text), Default())
	if err != nil {
		t.Fatal(err)
	}
	size, err := newMeasurer(doc).selections(doc.Operations[0].SelectionSet)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", size)
}

func TestCheckVariables(t *testing.T) {
	nest := func(open, shut string, n int) string {
		return strings.Repeat(open, n) + "1" + strings.Repeat(shut, n)
	}
	for _, c := range []struct{ name, text, want string }{
		{"none", `{}`, ""},
		{"depth at the limit", `{"a":` + nest("[", "]", 31) + `}`, ""},
		{"lists over", `{"a":` + nest("[", "]", 32) + `}`, `variable "a" nests too deep, the limit is 32 levels`},
		{"objects over", `{"a":` + nest(`{"b":`, "}", 32) + `}`, "nests too deep"},
		{"size", `{"a":"` + strings.Repeat("x", 16<<10-8) + `"}`, ""},
		{"size over", `{"a":"` + strings.Repeat("x", 16<<10) + `"}`, "more than 16384 bytes"},
		{"many numbers", `{"a":[` + strings.Repeat("123456789,", 1700) + `1]}`, "more than 16384 bytes"},
		{"long keys", `{"a":{"` + strings.Repeat("x", 17<<10) + `":1}}`, "more than 16384 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var values map[string]any
			dec := json.NewDecoder(strings.NewReader(c.text))
			dec.UseNumber()
			if err := dec.Decode(&values); err != nil {
				t.Fatal(err)
			}
			err := CheckVariables(values, Default())
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Fatalf("CheckVariables: %v, want %q", err, c.want)
			}
		})
	}
}

func TestDefaultIsValid(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Fatal(err)
	}
	l := Default()
	l.Fields = 0
	if err := l.Validate(); err == nil || !strings.Contains(err.Error(), "fields") {
		t.Fatalf("a zero limit: %v", err)
	}
}

// FuzzMeasure compares the measures with those of a plain expansion.
func FuzzMeasure(f *testing.F) {
	for _, text := range []string{
		"{a{b c}}", "{a ...F} fragment F on T{b{...G} ...G} fragment G on T{c{d}}",
		"{...F} fragment F on T{...F}", "{__schema{a{...F}}} fragment F on T{b ...{c}}",
		"query A{a} mutation B{b{...F}} fragment F on T{x y}", doubling(5),
		"{...F} fragment F on T{a} fragment F on T{...F}", "{...F ...G} fragment F on T{a{...G}} fragment G on T{b{...F}}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 400 {
			return
		}
		doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, 150)
		if err != nil {
			return
		}
		m := newMeasurer(doc)
		for _, op := range doc.Operations {
			n := naive{doc: doc}
			want := n.selections(op.SelectionSet, nil)
			got, err := m.selections(op.SelectionSet)
			if n.steps > 20_000 {
				continue // too large to expand
			}
			if n.cyclic != (err != nil) {
				t.Fatalf("%s\ncyclic %v, got error %v", text, n.cyclic, err)
			}
			if !n.cyclic && got != want {
				t.Fatalf("%s\ngot %+v, want %+v", text, got, want)
			}
		}
		_ = Check(doc, Default())
	})
}

// naive expands fragments each time it meets them.
type naive struct {
	doc    *ast.QueryDocument
	steps  int
	cyclic bool
}

func (n *naive) selections(set ast.SelectionSet, path []string) extent {
	var sum extent
	for _, selection := range set {
		if n.steps++; n.steps > 20_000 {
			return sum
		}
		var size extent
		switch s := selection.(type) {
		case *ast.Field:
			size = n.selections(s.SelectionSet, path).under(s)
		case *ast.InlineFragment:
			size = n.selections(s.SelectionSet, path)
		case *ast.FragmentSpread:
			for _, open := range path {
				if open == s.Name {
					n.cyclic = true
					return sum
				}
			}
			if fragment := n.doc.Fragments.ForName(s.Name); fragment != nil {
				size = n.selections(fragment.SelectionSet, append(path[:len(path):len(path)], s.Name))
			}
		}
		sum.fields += size.fields
		sum.top += size.top
		sum.data = max(sum.data, size.data)
		sum.introspection = max(sum.introspection, size.introspection)
		sum.introspected += size.introspected
		sum.lists = max(sum.lists, size.lists)
		sum.aliased = sum.aliased || size.aliased
		sum.schema.lists = max(sum.schema.lists, size.schema.lists)
		sum.schema.aliased = sum.schema.aliased || size.schema.aliased
	}
	return sum
}

func BenchmarkCheckDoubling(b *testing.B) {
	doc, err := parser.ParseQuery(&ast.Source{Input: doubling(29)})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if Check(doc, Default()) == nil {
			b.Fatal("passed")
		}
	}
}

func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%02d:a ", i)
	}
	return b.String()
}

func fragments(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on T{a}", i)
	}
	return b.String()
}

func names(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "f%d ", i)
	}
	return b.String()
}

// wide returns a selection set of n fields.
func wide(n int) string { return "{" + names(n) + "}" }

// doubling returns n fragments, each of which spreads the next one twice.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("{...F0}")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on T{a{...F%d} b{...F%d}}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on T{a}", n)
	return b.String()
}
