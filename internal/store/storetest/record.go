package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// said returns what conditions may ask of each record, or of each value that a
// record states and that is not shown. A record that does not say so is explicit.
func said(p *catalog.Property, records []kg.Record) (out []map[string]string) {
	for _, r := range records {
		derivation := cmp.Or(r.Derivation, "EXPLICIT")
		if p.Name == catalog.Records {
			out = append(out, map[string]string{"source": r.Source, "derivation": derivation, "locator": r.Locator})
			continue
		}
		for _, o := range r.Overridden {
			out = append(out, map[string]string{"source": r.Source, "derivation": derivation, "instead": o.Instead, "rule": string(o.Rule), "locator": r.Locator, "property": o.Property, "value": o.Value})
		}
	}
	return out
}

// recorded reports whether some of these, or none, meet what is asked of one.
func recorded(all []map[string]string, in filter) bool {
	some := func(in any) bool {
		of := in.(filter)
		return slices.ContainsFunc(all, func(r map[string]string) bool {
			for name, value := range r {
				if !chosen(value, of[name]) {
					return false
				}
			}
			return true
		})
	}
	return (in["some"] == nil || some(in["some"])) && (in["none"] == nil || !some(in["none"]))
}

func chosen(v string, in any) bool {
	of, _ := in.(filter)
	prefix, _ := of["startsWith"].(string)
	return (of["eq"] == nil || of["eq"] == v) && (of["in"] == nil || slices.Contains(texts(of["in"]), v)) && strings.HasPrefix(v, prefix)
}

// records asks for nodes and relationships by the records that support them.
func records(t *testing.T, a *asker) {
	org := a.root("Organization")
	org.finds(t, a, false,
		`{records: {some: {}}}`, `{records: {none: {}}}`, `{records: {some: {source: {eq: "source:t:press"}}}}`, `{records: {none: {source: {in: ["source:t:press", "source:t:gone"]}}}}`,
		`{records: {some: {derivation: {eq: INFERRED}}}}`, `{records: {some: {source: {eq: "source:t:register"}, derivation: {in: [EXPLICIT]}}}}`,
		`{projects: {some: {edge: {records: {some: {derivation: {eq: INFERRED}}}}}}}`, `{not: {records: {some: {source: {in: ["source:t:register"]}}, none: {derivation: {eq: INFERRED}}}}}`,
		`{memberOf: {count: {of: {edge: {records: {some: {source: {eq: "source:t:press"}}}}}, gte: 1}}}`,
	)
	org.finds(t, a, true, `{records: {some: {source: {in: []}}}}`, `{records: {some: null, none: {source: {eq: "org:t:alpha"}}}}`)
	org.finds(t, a, false,
		`{records: {some: {locator: {eq: "row 1"}}}}`, `{records: {some: {locator: {in: ["row 1", "page 3", "ROW 2"]}}}}`, `{records: {some: {locator: {startsWith: "0-"}}}}`,
		`{records: {none: {locator: {startsWith: "row "}}}}`, `{records: {some: {source: {eq: "source:t:register"}, locator: {startsWith: ""}, derivation: {eq: EXPLICIT}}}}`,
	)
	org.finds(t, a, true, `{records: {some: {locator: {eq: "Row 1"}}}}`, `{records: {some: {locator: {in: []}}}}`, `{records: {some: {source: {eq: "source:t:press"}, locator: {eq: "row 1"}}}}`)
	a.below("org:t:alpha", "projects").finds(t, a, false, `{edge: {records: {some: {source: {eq: "source:t:register"}}}}}`, `{edge: {not: {records: {none: {}}}}}`)
	// One record has to be all that is asked: whichever source there is, with
	// whichever derivation.
	pairs := map[bool]int{}
	for _, source := range a.of(a.Catalog.Type("Source")) {
		for _, derivation := range []string{"EXPLICIT", "INFERRED"} {
			for _, typ := range []string{"Organization", "Project", "Claim"} {
				q := a.root(typ)
				n := q.ask(t, a, parse(fmt.Sprintf(`{records: {some: {source: {eq: %q}, derivation: {eq: %s}}}}`, source.node.ID, derivation)))
				pairs[n > 0]++
			}
		}
	}
	if pairs[true] == 0 || pairs[false] == 0 {
		t.Errorf("pairs that are found and not: %v", pairs)
	}
}

// locators: a locator is compared to the letter, whatever is written in it, and
// so is a value that is not shown.
func locators(t *testing.T, open Open) {
	s := open(t)
	texts := []string{`a`, `A`, `a\`, `a"`, `"locator":"a"`, `a","locator":"b`, `\"locator\":\"c`, "a\u2028\tb", "é", "\U0001F600", "a%_*?"}
	changes := []kg.Change{source("source:t:a", nil), source("source:t:b", nil)}
	for i, text := range texts {
		id := fmt.Sprintf("org:t:%02d", i)
		changes = append(changes,
			organization(id, kg.Properties{"name": "N", "city": text}, kg.Record{Source: "source:t:b", Locator: text}),
			organization(id, kg.Properties{"name": "N", "city": "shown"}, kg.Record{Source: "source:t:a", Locator: "z"}))
	}
	fill(t, s, changes)
	a := &asker{Graph: Fixture(), store: s}
	found := func(condition, text string) []string {
		return a.connection(t, "query($is: String!) { organizations(filter: {"+condition+"}, orderBy: [{field: ID}]) { edges { node { id } } } }", vars{"is": text}).ids()
	}
	for i, text := range texts {
		var same, longer []string
		for j, other := range texts {
			if other == text {
				same = append(same, fmt.Sprintf("org:t:%02d", j))
			}
			if strings.HasPrefix(other, text) {
				longer = append(longer, fmt.Sprintf("org:t:%02d", j))
			}
		}
		for condition, want := range map[string][]string{
			`records: {some: {locator: {eq: $is}}}`:                                            same,
			`records: {some: {locator: {startsWith: $is}, source: {eq: "source:t:b"}}}`:        longer,
			`records: {some: {locator: {in: ["z", $is]}, source: {eq: "source:t:b"}}}`:         same,
			`records: {some: {locator: {eq: $is}, source: {eq: "source:t:a"}}}`:                nil,
			`disagreements: {some: {value: {eq: $is}, property: {eq: "city"}}}`:                same,
			`disagreements: {some: {value: {startsWith: $is}, locator: {startsWith: $is}}}`:    longer,
			`disagreements: {some: {value: {eq: $is}, property: {in: ["name", "disCity"]}}}`:   nil,
			`disagreements: {some: {property: {startsWith: "ci"}, locator: {in: [$is, "z"]}}}`: same,
		} {
			if got := found(condition, text); !slices.Equal(got, want) {
				t.Errorf("%d: %s with %q finds %v, want %v", i, condition, text, got, want)
			}
		}
	}
}
