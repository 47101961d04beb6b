package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/text"
)

// searches asks for what is called like something, in all ways in which the
// answer may be restricted, page by page.
func searches(t *testing.T, a *asker) {
	for _, s := range []vars{
		{"text": "alpha"}, {"text": "ÉNERGIE alpha"}, {"text": "energy"}, {"text": "l'œuvre"}, {"text": "STRASSE"}, {"text": "straß"},
		{"text": "zed"}, {"text": "ze"}, {"text": "fly ash"}, {"text": "ash fly"}, {"text": "ash"}, {"text": "first"}, {"text": "call first"},
		{"text": "T 2026 03"}, {"text": "T-2026"}, {"text": "900 000 001"}, {"text": "9000"}, {"text": "hôpital"}, {"text": "chu"}, {"text": "東京"}, {"text": "𝒜lpha"},
		{"text": "sete"}, {"text": "h2020-eu.3.3"}, {"text": "35.11Z"}, {"text": "electricite"}, {"text": "crop"}, {"text": "nothing at all"}, {"text": "Ivy"},
		{"text": "of"}, {"text": "the valley"}, {"text": "vallée positive"}, {"text": "Ada Œrsted"}, {"text": "Long " + strings.Repeat("x", 100)}, {"text": "sit"},
		{"text": "alpha", "kinds": []any{"ORGANIZATION"}}, {"text": "ash", "kinds": []any{"PROJECT", "NEED"}}, {"text": "ash", "kinds": []any{}},
		{"text": "alpha", "country": []any{"FR", "US"}}, {"text": "alpha", "country": []any{}}, {"text": "energy", "country": []any{"fr"}},
		{"text": "alpha", "within": []any{"place:t:herault"}}, {"text": "sete", "within": []any{"place:t:fr"}}, {"text": "energy", "within": []any{"sector:t:energy"}},
		{"text": "alpha", "within": []any{"place:t:fr"}, "country": []any{"FR"}, "kinds": []any{"ORGANIZATION", "PLACE"}},
	} {
		for _, first := range []int{1, 3, 100} {
			s["first"] = first
			a.search(t, s)
		}
	}
	org := a.root("Organization")
	org.finds(t, a, false,
		`{search: "alpha"}`, `{search: "alpha", country: {eq: "FR"}}`, `{not: {search: "alpha"}}`, `{or: [{search: "zed"}, {search: "gmbh"}]}`,
		`{and: [{search: "alpha"}, {search: "energie"}]}`, `{projects: {some: {search: "ash"}}}`, `{projects: {none: {search: "birch"}}}`,
		`{projects: {count: {of: {search: "elan"}, gte: 1}}}`, `{search: "alpha", projects: {some: {id: {eq: "project:t:ash"}}}}`, `{search: "900000001"}`,
	)
	org.finds(t, a, true, `{search: "nothing at all"}`)
	a.root("Sector").finds(t, a, false, `{search: "energie"}`, `{search: "energy", within: ["sector:t:energy"]}`)
	a.below("org:t:council", "members").finds(t, a, false, `{search: "alpha"}`)
	for _, p := range SearchPayloads() {
		a.literally(t, p)
	}
	for _, wrong := range []string{"", " ", "*", "'", strings.Repeat("a", 129), "1 2 3 4 5 6 7 8 9"} {
		if _, err := a.bytes(t.Context(), searchDocument, vars{"text": wrong, "first": 1}); kg.CodeOf(err) != kg.BadUserInput {
			t.Errorf("a search for %q: %v", wrong, err)
		}
	}
}

// foundByMany searches for what so many nodes are called that the index is read
// in parts: more of a prominence than are counted, and some of each other, and less
// than are counted of which the first fill pages. What is renamed, gone, or better
// connected than before is found as it is now.
func foundByMany(t *testing.T, open Open) {
	s := open(t)
	var changes []kg.Change
	id := func(i int) string { return fmt.Sprintf("org:t:%04d", i*7919%10007) }
	for i := range plan.MaxTotal + 150 {
		name := fmt.Sprintf("%d crowd", i)
		switch {
		case i%15 == 0:
			name = fmt.Sprintf("Assembly crowd %d", i)
		case i%5 == 0:
			name = fmt.Sprintf("Crowd %d", i)
		case i%3 == 0:
			name = fmt.Sprintf("%d crowd assembly", i)
		}
		changes = append(changes, organization(id(i), kg.Properties{"name": name}))
	}
	for i := range 40 {
		project := fmt.Sprintf("project:t:%d", i)
		changes = append(changes, kg.Change{Node: &kg.Node{Type: "Project", ID: project}})
		for org := range 40 - i {
			changes = append(changes, rel("PARTICIPATES_IN", id(org*3), project, nil))
		}
	}
	fill(t, s, changes)
	a := &asker{Graph: graphOf(t, changes), store: s}
	a.search(t, vars{"text": "crowd", "first": 100})
	for _, text := range []string{"assembly", "assem", "assembly crowd"} {
		a.search(t, vars{"text": text, "first": 30})
	}

	later := []kg.Change{
		organization(id(0), kg.Properties{"name": "Nobody"}),
		rel("PARTICIPATES_IN", id(7), "project:t:0", nil), rel("PARTICIPATES_IN", id(7), "project:t:1", nil), rel("PARTICIPATES_IN", id(7), "project:t:2", nil),
	}
	gone := id(3)
	fill(t, s, append(later, kg.Change{Action: kg.Delete, Node: &kg.Node{Type: "Organization", ID: gone}}))
	var left []kg.Change
	for _, ch := range append(changes[1:], later...) {
		if n, r := ch.Node, ch.Relationship; (n == nil || n.ID != gone) && (r == nil || r.From != gone) {
			left = append(left, ch)
		}
	}
	a.Graph = graphOf(t, left)
	for _, text := range []string{"crowd 35", "nobody", "9 crowd", "crowd"} {
		a.search(t, vars{"text": text, "first": 100, "kinds": []any{"ORGANIZATION"}})
	}
}

// literally searches for a text that means something to an index: what is found
// is what its words find, or it has none.
func (a *asker) literally(t *testing.T, payload string) {
	t.Helper()
	v := vars{"text": payload, "first": 100}
	if _, err := text.ParseQuery(payload); err != nil {
		if _, err := a.bytes(t.Context(), searchDocument, v); kg.CodeOf(err) != kg.BadUserInput {
			t.Errorf("a search for %q: %v", payload, err)
		}
		return
	}
	a.search(t, v)
	a.root("Organization").ask(t, a, filter{"search": payload})
}

const searchDocument = `query($text: String!, $kinds: [NodeKind!], $within: [ID!], $country: [String!], $first: Int!, $after: String) {
	search(text: $text, kinds: $kinds, within: $within, country: $country, first: $first, after: $after) {
		totalCount { value atLeast } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id }
		edges { cursor tier highlights { field value start end } node { id } }
	}
}`

// searchPage is what a search answers.
type searchPage struct {
	TotalCount struct {
		Value   int
		AtLeast bool
	}
	PageInfo pageInfo
	Nodes    []struct{ ID string }
	Edges    []struct {
		Cursor, Tier string
		Highlights   []struct {
			Field, Value string
			Start, End   int
		}
		Node struct{ ID string }
	}
}

// search asks for all pages of a search and compares them with what is right.
func (a *asker) search(t *testing.T, s vars) {
	t.Helper()
	var want, got []string
	for _, r := range a.ranked(s) {
		want = append(want, r.tier+" "+r.node.ID)
	}
	v := vars{}
	for name, value := range s {
		v[name] = value
	}
	for n := 0; ; n++ {
		p := ask[searchPage](t, a, searchDocument, v)
		for i, e := range p.Edges {
			got = append(got, e.Tier+" "+e.Node.ID)
			if p.Nodes[i].ID != e.Node.ID {
				t.Errorf("%v: node %s stands beside the edge of %s", s, p.Nodes[i].ID, e.Node.ID)
			}
			if len(e.Highlights) == 0 {
				t.Errorf("%v: nothing is highlighted in %s", s, e.Node.ID)
			}
			for _, h := range e.Highlights {
				a.highlighted(t, e.Node.ID, h.Field, h.Value, h.Start, h.End)
			}
		}
		if p.TotalCount.Value != min(len(want), plan.MaxTotal) || p.TotalCount.AtLeast != (len(want) > plan.MaxTotal) {
			t.Errorf("%v: %+v, want %d", s, p.TotalCount, len(want))
		}
		if p.PageInfo.HasPreviousPage != (n > 0) || len(p.Edges) > 0 && *p.PageInfo.StartCursor != p.Edges[0].Cursor {
			t.Errorf("%v: page %d: %+v", s, n, p.PageInfo)
		}
		if !p.PageInfo.HasNextPage || n > len(want) {
			break
		}
		v["after"] = *p.PageInfo.EndCursor
	}
	if d := gocmp.Diff(want, got, cmpEmpty); d != "" {
		t.Errorf("search %v (-want +got):\n%s", s, d)
	}
}

// highlighted checks that a word stands in a text of the node.
func (a *asker) highlighted(t *testing.T, id, field, value string, start, end int) {
	t.Helper()
	n := a.nodes[id]
	there := valuesOf(n.Properties[field])
	runes := []rune(value)
	if !slices.Contains(there, value) || start < 0 || start >= end || end > len(runes) || len(text.Tokens(string(runes[start:end]))) == 0 {
		t.Errorf("%s: no word at %d–%d of %s %q", id, start, end, field, value)
	}
}

func valuesOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	}
	return nil
}

func query(s string) text.Query {
	q, err := text.ParseQuery(s)
	if err != nil {
		panic(err)
	}
	return q
}

// result is a node that a search finds.
type result struct {
	node       *kg.Node
	tier       string
	rank       int
	prominence int64
}

// ranked is what a search finds, in order.
func (g *Graph) ranked(s vars) (out []result) {
	q := query(s["text"].(string))
	for _, n := range g.Nodes {
		t := g.Catalog.Type(n.Type)
		tier, found := g.tier(n, q)
		if !found || !g.isSought(n, t, s) {
			continue
		}
		count := int64(0)
		for _, f := range t.Fields {
			count += g.degree(n.ID, f)
		}
		out = append(out, result{n, []string{"IDENTIFIER", "WHOLE_NAME", "NAME_PREFIX", "NAME", "ALIAS", "REST"}[tier], tier, store.Prominence(t, count)})
	}
	slices.SortFunc(out, func(a, b result) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.prominence, a.prominence), strings.Compare(a.node.ID, b.node.ID))
	})
	return out
}

// isSought reports whether a node is of the kinds and countries that are asked
// for, and lies where.
func (g *Graph) isSought(n *kg.Node, t *catalog.Type, s vars) bool {
	if kinds, some := s["kinds"].([]any); some && !slices.Contains(kinds, any(api.Kind(t))) {
		return false
	}
	if countries, some := s["country"].([]any); some {
		if t.Search.Country == nil {
			return false
		}
		country, there := n.Properties[t.Search.Country.Name].(string)
		if !there || !slices.ContainsFunc(countries, func(c any) bool { return strings.EqualFold(country, c.(string)) }) {
			return false
		}
	}
	if within, some := s["within"].([]any); some {
		return (t.Hierarchy != nil || t.Within != nil) && g.lies(n.ID, t, texts(within))
	}
	return true
}

// tier tells how a search finds a node, if at all: 0 by an identifier, 1 by a
// whole name, 2 by a name that begins so, 3 by words of names, 4 of names and
// aliases, 5 of anything.
func (g *Graph) tier(n *kg.Node, q text.Query) (int, bool) {
	s := g.Catalog.Type(n.Type).Search
	if s == nil {
		return 0, false
	}
	of := func(props ...[]*catalog.Property) (out []string) {
		for _, list := range props {
			for _, p := range list {
				out = append(out, valuesOf(n.Properties[p.Name])...)
			}
		}
		return out
	}
	begins := func(word string, i int) bool {
		return word == q.Words[i] || i == len(q.Words)-1 && q.Prefix != "" && strings.HasPrefix(word, q.Prefix)
	}
	all := func(values []string) bool {
		var words []string
		for _, v := range values {
			words = append(words, text.Tokens(v)...)
		}
		for i := range q.Words {
			if !slices.ContainsFunc(words, func(w string) bool { return begins(w, i) }) {
				return false
			}
		}
		return true
	}
	named := of(s.Names, s.Aliases)
	switch {
	case slices.ContainsFunc(of(s.Identifiers), func(v string) bool { return text.Identifier(v) == q.Identifier && q.Identifier != "" }):
		return 0, true
	case slices.ContainsFunc(named, func(v string) bool { return slices.Equal(text.Tokens(v), q.Words) }):
		return 1, true
	case slices.ContainsFunc(named, func(v string) bool {
		words := text.Tokens(v)
		last := len(q.Words) - 1
		return len(words) > last && slices.Equal(words[:last], q.Words[:last]) && begins(words[last], last)
	}):
		return 2, true
	case all(of(s.Names)):
		return 3, true
	case all(named):
		return 4, true
	case all(of(s.Identifiers, s.Names, s.Aliases, s.Rest)):
		return 5, true
	}
	return 0, false
}
