package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// cmpEmpty takes a list that is not there for an empty one.
var cmpEmpty = cmpopts.EquateEmpty()

// condition is a filter with the predicate that it stands for.
type condition struct {
	filter string
	holds  func(item) bool
}

// conditions are what logic combines: each does not hold for absent values.
func conditions(a *asker) []condition {
	org := a.Catalog.Type("Organization")
	on := func(filter, property, op string, operand any) condition {
		p := org.Property(property)
		return condition{filter, func(it item) bool { return holds(p, op, it.value(p, false), operand) }}
	}
	return []condition{
		on(`{kind: {eq: COMPANY}}`, "kind", "eq", "COMPANY"),
		on(`{startup: {eq: true}}`, "startup", "eq", true),
		on(`{name: {lt: "m"}}`, "name", "lt", "m"),
		on(`{city: {gte: "sete"}}`, "city", "gte", "sete"),
		on(`{aliases: {includes: "alpha"}}`, "aliases", "includes", "alpha"),
		on(`{foundedIn: {gt: "2011"}}`, "foundedIn", "gt", "2011"),
		on(`{size: {isNull: true}}`, "size", "isNull", true),
		on(`{country: {in: []}}`, "country", "in", []any{}),
		{`{}`, func(item) bool { return true }},
		{`{and: []}`, func(item) bool { return true }},
		{`{or: []}`, func(item) bool { return false }},
		{`{name: null, and: null, not: null}`, func(item) bool { return true }},
	}
}

// logic combines conditions, of which each holds or does not, also where a
// value is absent: "not" is true wherever its part is not.
func logic(t *testing.T, a *asker) {
	items := a.of(a.Catalog.Type("Organization"))
	all := conditions(a)
	var combined []condition
	for i, x := range all {
		y, z := all[(i+1)%len(all)], all[(i+3)%len(all)]
		combined = append(combined, x,
			condition{"{not: " + x.filter + "}", func(it item) bool { return !x.holds(it) }},
			condition{"{not: {not: " + x.filter + "}}", x.holds},
			condition{fmt.Sprintf("{and: [%s, %s]}", x.filter, y.filter), func(it item) bool { return x.holds(it) && y.holds(it) }},
			condition{fmt.Sprintf("{or: [%s, %s]}", x.filter, y.filter), func(it item) bool { return x.holds(it) || y.holds(it) }},
			condition{fmt.Sprintf("{not: {or: [%s, {not: %s}]}}", x.filter, y.filter), func(it item) bool { return !x.holds(it) && y.holds(it) }},
			condition{fmt.Sprintf("{or: [{not: {and: [%s, %s]}}, {and: [%s, {not: %s}]}]}", x.filter, y.filter, y.filter, z.filter), func(it item) bool {
				return !x.holds(it) || !y.holds(it) || !z.holds(it)
			}},
		)
	}
	for _, c := range combined {
		var want []string
		for _, it := range items {
			if c.holds(it) {
				want = append(want, it.key())
			}
		}
		got := a.connection(t, fmt.Sprintf("{ organizations(first: 100, filter: %s) { totalCount edges { node { id } } } }", c.filter), nil)
		if d := cmp.Diff(want, got.ids(), cmpEmpty); d != "" || got.TotalCount != len(want) {
			t.Errorf("%s: totalCount %d, want %d (-want +got):\n%s", c.filter, got.TotalCount, len(want), d)
		}
	}
	edgeLogic(t, a)
}

// edgeLogic mixes conditions on nodes with conditions on relationships.
func edgeLogic(t *testing.T, a *asker) {
	f := a.Catalog.Type("Organization").Field("members")
	seat, name := f.Relationship.Property("seat"), f.Target.Property("name")
	seatLow := func(it item) bool { return holds(seat, "lt", it.value(seat, true), int64(6)) }
	early := func(it item) bool { return holds(name, "lt", it.value(name, false), "m") }
	for _, c := range []condition{
		{`{edge: {seat: {lt: 6}}}`, seatLow},
		{`{edge: {not: {seat: {lt: 6}}}}`, func(it item) bool { return !seatLow(it) }},
		{`{not: {edge: {seat: {lt: 6}}}}`, func(it item) bool { return !seatLow(it) }},
		{`{name: {lt: "m"}, edge: {seat: {lt: 6}}}`, func(it item) bool { return early(it) && seatLow(it) }},
		{`{or: [{name: {lt: "m"}}, {edge: {seat: {lt: 6}}}]}`, func(it item) bool { return early(it) || seatLow(it) }},
		{`{not: {and: [{name: {lt: "m"}}, {not: {edge: {seat: {lt: 6}}}}]}}`, func(it item) bool { return !early(it) || seatLow(it) }},
		{`{edge: {and: [], not: {or: []}}}`, func(item) bool { return true }},
	} {
		var want []string
		for _, it := range a.reach("org:t:council", f, everyStatus...) {
			if c.holds(it) {
				want = append(want, it.key())
			}
		}
		got := a.connection(t, below(f, "", "first: 100, filter: "+c.filter, "totalCount edges { id node { id } }"), vars{"id": "org:t:council"})
		if d := cmp.Diff(want, got.ids(), cmpEmpty); d != "" || got.TotalCount != len(want) {
			t.Errorf("%s: totalCount %d, want %d (-want +got):\n%s", c.filter, got.TotalCount, len(want), d)
		}
	}
}

// statuses asks for relationships that are planned or past, on every field,
// from the node that has most, with what is counted and what is shown.
func statuses(t *testing.T, a *asker) {
	for _, typ := range a.Catalog.Types {
		for _, f := range typ.Fields {
			n, _ := a.busiest(f)
			shown := map[string][]string{"": {"CURRENT"}}
			if f.Relationship.Status != nil {
				shown[", include: PAST"] = []string{"CURRENT", "PAST"}
				shown[", include: [PAST, PLANNED, PAST]"] = everyStatus
			}
			for argument, list := range shown {
				document := fmt.Sprintf("query($id: ID!) { %s(id: $id) { connection: %s(first: 100%s) { totalCount edges { id node { id } } } } }", typ.Single(), f.Name, argument)
				want := keys(a.reach(n.ID, f, list...))
				got := a.connection(t, document, vars{"id": n.ID})
				if d := cmp.Diff(want, got.ids(), cmpEmpty); d != "" || got.TotalCount != len(want) {
					t.Errorf("%s of %s: totalCount %d, want %d (-want +got):\n%s", document, n.ID, got.TotalCount, len(want), d)
				}
			}
		}
	}
}
