package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/text"
)

// fact is what claims say of a node, as it is answered.
type fact struct {
	Predicate string
	Value     *string
	Count     int
	Disagree  bool
	Claims    []node
}

// factsOf computes the facts that claims state.
func (g *Graph) factsOf(claims []item, first, each int) (out []fact) {
	type group struct {
		fact
		key     [2]string // what it is about, and the value by which it is compared
		sources []string
	}
	sources := g.Catalog.Type("Claim").Field("sources")
	var groups []*group
	for _, c := range claims { // in the order of their ids: the first gives the spelling
		key := [2]string{c.node.Properties["predicate"].(string), store.Greatest(catalog.String).(string)}
		value, there := c.node.Properties["value"].(string)
		if there {
			key[1] = text.Fold(value)
		}
		i := slices.IndexFunc(groups, func(o *group) bool { return o.key == key })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &group{fact: fact{Predicate: key[0]}, key: key})
			if there {
				groups[i].Value = &value
			}
		}
		of := groups[i]
		of.Count++
		if len(of.Claims) < each {
			of.Claims = append(of.Claims, node{ID: c.node.ID})
		}
		for _, s := range g.reach(c.node.ID, sources) {
			of.sources = append(of.sources, s.node.ID)
		}
	}
	for _, a := range groups {
		a.Disagree = slices.ContainsFunc(groups, func(b *group) bool {
			both := slices.ContainsFunc(a.sources, func(s string) bool { return slices.Contains(b.sources, s) })
			return a.key[0] == b.key[0] && a.key[1] != b.key[1] && !both
		})
	}
	slices.SortFunc(groups, func(a, b *group) int {
		return cmp.Or(strings.Compare(a.key[0], b.key[0]), strings.Compare(a.key[1], b.key[1]))
	})
	for _, a := range groups[:min(first, len(groups))] {
		out = append(out, a.fact)
	}
	return out
}

// facts compares what random claims say of nodes: values that differ in case and
// accents only, or past the 256th character, or that are absent, said by no
// source, by one, by several.
func facts(t *testing.T, open Open) {
	r := rand.New(rand.NewPCG(6, 1))
	long := strings.Repeat("x", 256)
	values := []string{"60", "72", "Été", "ete", "ÉTÉ ", "\U0001F600", "\uFFFD", long + "a", long + "b", ""}
	var lines strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&lines, format+"\n", args...) }
	for i := range 5 {
		line(`{"id":"org:t:%d","type":"Organization"}`, i)
		line(`{"id":"source:t:%d","properties":{"title":"S"},"type":"Source"}`, i)
	}
	for i := range 120 {
		value := ""
		if v := r.IntN(len(values) + 1); v < len(values) {
			value = fmt.Sprintf(`,"value":%q`, values[v])
		}
		about := r.IntN(4) // nothing is said of the last
		line(`{"id":"claim:t:%d","properties":{"derivation":"EXPLICIT","predicate":%q,"stance":"STATED","status":%q,"subject":"org:t:%d"%s},"type":"Claim"}`,
			i, one(draw{r, nil}, []string{"HEADCOUNT", "MOVES", "NAME", "PERIOD", "TOPIC"}), one(draw{r, nil}, everyStatus), about, value)
		line(`{"from":"claim:t:%d","to":"org:t:%d","type":"SUBJECT"}`, i, about)
		for s := range 5 {
			if r.IntN(8) == 0 {
				line(`{"from":"claim:t:%d","to":"source:t:%d","type":"FROM"}`, i, s)
			}
		}
	}
	g, err := NewGraph(Fixture().Model, []byte(lines.String()))
	if err != nil {
		t.Fatal(err)
	}
	a := &asker{Graph: g, store: open(t)}
	fill(t, a.store, g.Changes())
	const document = `query($id: ID!, $f: OrganizationClaimsFilter, $first: Int!, $each: Int!) { organization(id: $id) {
		facts(filter: $f, first: $first) { predicate value count disagree claims(first: $each) { id } }
		bare: facts(filter: $f, first: $first) { said: value count } } }`
	said := map[bool]int{}
	for i := range 5 {
		id := fmt.Sprintf("org:t:%d", i)
		q := a.below(id, "claims")
		for _, f := range []string{`{}`, `{status: {eq: CURRENT}}`, `{predicate: {in: [HEADCOUNT, TOPIC]}}`, `{sources: {some: {id: {eq: "source:t:1"}}}}`, `{value: {isNull: false}, sources: {none: {}}}`, `{id: {in: []}}`} {
			for _, size := range [][2]int{{100, 100}, {3, 1}} {
				want := g.factsOf(q.through(a, parse(f)), size[0], size[1])
				got := ask[struct {
					Facts []fact
					Bare  []struct {
						Said  *string
						Count int
					}
				}](t, a, document, vars{"id": id, "f": parse(f), "first": size[0], "each": size[1]})
				if d := gocmp.Diff(want, got.Facts, cmpEmpty); d != "" {
					t.Errorf("%s: %s, %v (-want +got):\n%s", id, f, size, d)
				}
				for i, one := range got.Bare {
					if d := gocmp.Diff(want[i].Value, one.Said); d != "" || want[i].Count != one.Count {
						t.Errorf("%s: %s: the same under aliases: %v, want %v", id, f, one, want[i])
					}
				}
				for _, one := range want {
					said[one.Disagree]++
				}
			}
		}
	}
	if said[true] == 0 || said[false] == 0 {
		t.Errorf("facts that disagree and not: %v", said)
	}
}
