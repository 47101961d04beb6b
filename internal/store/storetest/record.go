package storetest

import (
	"cmp"
	"fmt"
	"slices"
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
			out = append(out, map[string]string{"source": r.Source, "derivation": derivation})
			continue
		}
		for _, o := range r.Overridden {
			out = append(out, map[string]string{"source": r.Source, "derivation": derivation, "instead": o.Instead, "rule": string(o.Rule)})
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
