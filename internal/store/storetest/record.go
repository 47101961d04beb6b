package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/maillage/maillage/internal/kg"
)

// recorded reports whether some of the records of a fact, or none, meet what is
// asked of one. A record that does not say so is explicit.
func recorded(records []kg.Record, in filter) bool {
	some := func(in any) bool {
		of := in.(filter)
		return slices.ContainsFunc(records, func(r kg.Record) bool {
			return chosen(r.Source, of["source"]) && chosen(cmp.Or(r.Derivation, "EXPLICIT"), of["derivation"])
		})
	}
	return (in["some"] == nil || some(in["some"])) && (in["none"] == nil || !some(in["none"]))
}

func chosen(v string, in any) bool {
	of, _ := in.(filter)
	return (of["eq"] == nil || of["eq"] == v) && (of["in"] == nil || slices.Contains(texts(of["in"]), v))
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
