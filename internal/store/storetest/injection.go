package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/kg"
)

// Payloads returns 200 texts that would change a statement into which they were
// written: each closes a literal, a list or a pattern, and goes on in SQL, in
// Cypher or in GraphQL.
func Payloads() (out []string) {
	closers := []string{"'", `"`, "`", `\`, `\'`, "')", `"})`, "`)", "'}]", `\u0027`, "*/ ", "\n", "’", "'' ", "%_"}
	goesOn := []string{
		` OR 1=1 --`, `; DROP TABLE "Organization"; --`, ` UNION SELECT "id" FROM "Organization" --`, `; ATTACH DATABASE '/tmp/x' AS y --`,
		` || (SELECT group_concat("name") FROM "Organization") || `, ` AND randomblob(1000000000) --`, ` RETURN 1 UNION MATCH (m) DETACH DELETE m //`,
		` WITH 1 AS x CALL db.labels() YIELD label RETURN label //`, ` LOAD CSV FROM "file:///etc/passwd" AS l RETURN l //`, ` SET n.name = "x" //`,
		` }) { id } } #`, ` }}) { totalCount } organizations(filter: {name: {eq: "`, ` $p1 ?1 :a @b {p} ${x}`, ` <script>alert(1)</script>`,
	}
	for _, c := range closers {
		for _, g := range goesOn {
			out = append(out, c+g)
		}
	}
	return out[:200]
}

// SearchPayloads returns 200 texts that mean something in the languages of
// full-text indexes, SQLite's or Lucene's.
func SearchPayloads() (out []string) {
	words := []string{"alpha", "Énergie", "zed", "900000001", "w_alpha_", "n_alpha", "k_organization", "AND", "energ*", `"`}
	for _, form := range []string{
		"%s*", "*%s", "%s?", "%s~2", "%s^3", "+%s -zed", "-%s", "NOT %s", "%s OR zed", "%s AND NOT energie",
		`"%s energie"~4`, "[%s TO zz]", "{%s}: a", "tokens:%s", "(%s", "%s)) OR ((a", `%s\`, "/%s.*/", "NEAR(%s energie, 5)", "^%s || !zed && alpha",
	} {
		for _, w := range words {
			out = append(out, fmt.Sprintf(form, w))
		}
	}
	return out
}

// injection stores payloads wherever there is text, ids too, and asks for each
// in every argument that takes text: it is found where it stands, as any other
// text is.
func injection(t *testing.T, open Open) {
	s := open(t)
	payloads := Payloads()
	// An id has neither | nor %.
	id := func(p string) string { return "org:t:" + strings.NewReplacer("|", "¦", "%", "٪").Replace(p) }
	changes := []kg.Change{{Node: &kg.Node{Type: "Person", ID: "person:t:ada", Properties: kg.Properties{"name": "Ada"}}}}
	for _, p := range payloads {
		changes = append(changes, organization(id(p), kg.Properties{"name": p, "city": p, "legalForm": p, "aliases": []string{"a", p}}),
			rel("HAS_ROLE_AT", "person:t:ada", id(p), kg.Properties{"title": p}))
	}
	fill(t, s, changes)
	g := graphOf(t, changes)
	a := &asker{Graph: g, store: s}
	want, err := g.JSONL()
	if err != nil {
		t.Fatal(err)
	}

	org := a.root("Organization")
	asked := 0
	for i, p := range payloads {
		is := func(op string) filter { return filter{op: p} }
		for _, in := range []filter{
			{"name": is("eq")}, {"name": is("exact")}, {"name": is("contains")}, {"name": is("startsWith")}, {"name": is("gt")},
			{"name": filter{"in": []any{p, payloads[(i+1)%len(payloads)]}}}, {"legalForm": is("exact")}, {"legalForm": is("lte")}, {"aliases": is("includes")},
			{"id": filter{"in": []any{id(p), p}}}, {"within": []any{id(p)}}, {"sectors": filter{"in": []any{p}}},
			{"people": filter{"some": filter{"edge": filter{"title": is("eq")}}}}, {"people": filter{"between": []any{[]any{p, "person:t:ada"}}}},
		} {
			org.ask(t, a, in)
			asked++
		}
		one := ask[struct{ ID, Name string }](t, a, "query($id: ID!) { organization(id: $id) { id name } }", vars{"id": id(p)})
		if one.ID != id(p) || one.Name != p {
			t.Errorf("%q is answered as %+v", p, one)
		}
		// Written into the document it is the same text.
		literal, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if n := a.connection(t, fmt.Sprintf("{ organizations(filter: {name: {exact: %s}}) { totalCount } }", literal), nil).TotalCount; n != 1 {
			t.Errorf("%s is found %d times", literal, n)
		}
		asked += 2
	}
	rootPages(t, a, "Organization", "", order{"-CITY"})
	a.below("person:t:ada", "roles").groupings(t, a, filter{}, grouping{by: "EDGE_TITLE", first: 100})
	if got := export(t, s); got != want {
		t.Error("the graph is another than before")
	}
	t.Logf("%d payloads, %d questions", len(payloads), asked)
}
