package storetest

import (
	gocmp "cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/text"
)

// facet is a group as a connection answers it.
type facet struct {
	Value, Label *string
	Across       *facetValue
	Count        int
}

type facetValue struct{ Value, Label *string }

// grouping says how the items of a connection fall into groups.
type grouping struct {
	by, across string
	month      bool
	level      int
	first      int // 20 when it is 0
}

// arguments writes the grouping as clients do.
func (s grouping) arguments() string {
	out := "by: " + s.by
	if s.across != "" {
		out += ", across: " + s.across
	}
	if s.month {
		out += ", interval: MONTH"
	}
	if s.level > 0 {
		out += fmt.Sprintf(", level: %d", s.level)
	}
	if s.first > 0 {
		out += fmt.Sprintf(", first: %d", s.first)
	}
	return out
}

// belongs is one value of a key that an item has.
type belongs struct {
	facetValue
	by string // equal for items of one group; empty of none
	at any    // by which groups of equal size are ordered
}

// groups returns the groups of items.
func (g *Graph) groups(items []item, of about, s grouping) (out []facet) {
	keys := []string{s.by}
	if s.across != "" {
		keys = append(keys, s.across)
	}
	type group struct {
		facet
		at []any
	}
	byKey := map[string]*group{}
	for _, it := range items { // in the order of their ids: the first gives the spelling
		values := make([][]belongs, 2)
		values[1] = []belongs{{}}
		for i, name := range keys {
			values[i] = g.belongs(it, facetKey(of, name), s)
		}
		for _, v := range values[0] {
			for _, w := range values[1] {
				key := v.by + "\x00" + w.by
				if byKey[key] == nil {
					byKey[key] = &group{facet: facet{Value: v.Value, Label: v.Label}, at: []any{v.at, w.at}}
					if s.across != "" {
						byKey[key].Across = &w.facetValue
					}
				}
				byKey[key].Count++
			}
		}
	}
	var list []*group
	for _, k := range sortedKeys(byKey) {
		list = append(list, byKey[k])
	}
	slices.SortStableFunc(list, func(a, b *group) int {
		return gocmp.Or(b.Count-a.Count, compareGroups(a.at[0], b.at[0]), compareGroups(a.at[1], b.at[1]))
	})
	for _, one := range list[:min(len(list), gocmp.Or(s.first, 20))] {
		out = append(out, one.facet)
	}
	return out
}

// compareGroups orders the values of groups; nothing comes last.
func compareGroups(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	if n, ok := a.(int64); ok {
		return gocmp.Compare(n, b.(int64))
	}
	return strings.Compare(a.(string), b.(string))
}

func facetKey(of about, name string) api.FacetKey {
	for _, k := range api.FacetKeys(of.typ, of.field) {
		if k.Name == name {
			return k
		}
	}
	panic(fmt.Sprintf("storetest: %s has no group %s", of.typ.Name, name))
}

// belongs returns the values of a key that an item has, each once.
func (g *Graph) belongs(it item, k api.FacetKey, s grouping) (out []belongs) {
	if k.Field != nil {
		for _, n := range g.related(it.node.ID, k.Field, s.level) {
			out = append(out, belongs{facetValue: facetValue{&n.node.ID, label(n.node, k.Field.Target)}, by: "=" + n.node.ID, at: n.node.ID})
		}
		return orNone(out)
	}
	v := it.value(k.Property, k.Edge)
	if v == nil {
		return orNone(nil)
	}
	shown := fmt.Sprint(v)
	b := belongs{by: "=" + shown, at: shown}
	switch k.Property.Kind {
	case catalog.String:
		b.by, b.at = "="+text.Fold(shown), text.Fold(shown)
	case catalog.Int:
		b.at = v
	case catalog.Date:
		shown = date(v).First[:len("2006")]
		if s.month {
			shown = date(v).First[:len("2006-01")]
		}
		if shown < "0001" {
			return orNone(nil) // it has no beginning
		}
		b.by, b.at = "="+shown, shown
	}
	b.facetValue = facetValue{&shown, &shown}
	return []belongs{b}
}

func orNone(list []belongs) []belongs {
	if len(list) == 0 {
		return []belongs{{}}
	}
	return list
}

// related returns the nodes to which a field leads, or those above them on a
// level of the hierarchy, each once.
func (g *Graph) related(id string, f *catalog.RelationshipField, level int) (out []item) {
	for _, it := range g.reach(id, f, g.statuses()...) {
		nodes := []item{it}
		if up := f.Target.Hierarchy; up != nil && level > 0 {
			nodes = slices.DeleteFunc(g.of(f.Target), func(above item) bool {
				id, ids := it.node.ID, []string{above.node.ID}
				return !g.levels(above.node.ID, up)[level] || id != above.node.ID && !g.beneath(id, up, ids)
			})
		}
		for _, n := range nodes {
			if !slices.ContainsFunc(out, func(o item) bool { return o.node == n.node }) {
				out = append(out, n)
			}
		}
	}
	return out
}

// levels returns the levels of a hierarchy on which a node is: 1 at its top,
// and one more than those directly above it.
func (g *Graph) levels(id string, up *catalog.RelationshipField) map[int]bool {
	const most = 10
	out := map[int]bool{}
	here := []string{id}
	for steps := 1; steps <= most && len(here) > 0; steps++ {
		var next []string
		for _, id := range here {
			above := g.reach(id, up, g.statuses()...)
			out[steps] = out[steps] || len(above) == 0
			for _, it := range above {
				if !slices.Contains(next, it.node.ID) {
					next = append(next, it.node.ID)
				}
			}
		}
		here = next
	}
	return out
}

// label returns what people call a node, in English where there is a choice.
func label(n *kg.Node, t *catalog.Type) *string {
	p := t.Label
	if p == nil {
		return &n.ID
	}
	candidates := []*catalog.Property{p}
	if p.Kind == catalog.Localized {
		candidates = []*catalog.Property{p.EN, p.FR}
	}
	for _, p := range candidates {
		if v, ok := n.Properties[p.Name].(string); ok {
			return &v
		}
	}
	return nil
}

// groupings compares the groups of a connection with those of the graph, and
// what a filter by a group's value finds with its count.
func (q question) groupings(t *testing.T, a *asker, in filter, groupings ...grouping) {
	t.Helper()
	items := q.through(a, in)
	for _, s := range groupings {
		answer := ask[struct {
			Facets     []facet
			Connection struct{ Facets []facet }
		}](t, a, q.facetsOf(s), vars{"f": in, "id": q.id})
		got := slices.Concat(answer.Facets, answer.Connection.Facets)
		if d := cmp.Diff(a.groups(items, q.about, s), got, cmpEmpty); d != "" {
			t.Errorf("%s of %v (-want +got):\n%s", s.arguments(), in, d)
		}
		if s.across != "" {
			continue
		}
		for _, one := range got {
			of := filterBy(q.about, s, one.Value)
			if of == nil {
				continue
			}
			if len(in) > 0 {
				of = filter{"and": []any{in, of}}
			}
			if found := a.connection(t, q.document, vars{"f": of, "id": q.id}); found.TotalCount != one.Count || len(found.Edges) != one.Count {
				t.Errorf("%s: %v finds %d, and the group has %d", s.arguments(), of, found.TotalCount, one.Count)
			}
		}
	}
}

// filterBy returns the filter that finds a group; nil when there is none.
func filterBy(of about, s grouping, value *string) filter {
	k := facetKey(of, s.by)
	if k.Field != nil {
		in := filter{}
		switch {
		case value == nil && s.level > 0:
			return nil
		case value == nil:
			in["none"] = filter{}
		case s.level > 0:
			in["in"] = []any{*value}
		default:
			in["some"] = filter{"id": filter{"eq": *value}}
		}
		return filter{k.Field.Name: in}
	}
	on := func(op string, v any) filter {
		in := filter{k.Property.Name: filter{op: v}}
		if k.Edge {
			return filter{"edge": in}
		}
		return in
	}
	switch {
	case value == nil && k.Property.Kind == catalog.Date:
		// Neither does a date begin anywhere whose beginning is open.
		return filter{"or": []any{on("isNull", true), filter{"and": []any{on("lte", "0001"), filter{"not": on("beginsIn", "0001")}}}}}
	case value == nil:
		return on("isNull", true)
	case k.Property.Kind == catalog.Date:
		return on("beginsIn", *value)
	case k.Property.Kind == catalog.Boolean, k.Property.Kind == catalog.Live:
		return on("eq", *value == "true")
	case k.Property.Kind == catalog.Int:
		n, err := strconv.ParseInt(*value, 10, 64)
		if err != nil {
			panic(err)
		}
		return on("eq", n)
	}
	return on("eq", *value)
}

// facetsOf writes a question for the groups of a connection.
func (q question) facetsOf(s grouping) string {
	selection := fmt.Sprintf("facets(%s) { value label across { value label } count }", s.arguments())
	if q.field != nil {
		return below(q.field, "$f: "+q.field.ConnectionType()+"Filter", "first: 1, filter: $f", selection)
	}
	return fmt.Sprintf("query($f: %sFilter, %s) { %s(first: 1, filter: $f, %s) { %s } }", q.typ.Name, scopeVariables, q.typ.Plural, scopeArguments, selection)
}

// facets groups items by keys of every kind: enums, texts that differ in case
// and accents, truth values, dates of every precision, integers, related nodes
// and those above them, and what lies on relationships.
func facets(t *testing.T, a *asker) {
	a.root("Organization").groupings(t, a, filter{},
		grouping{by: "KIND"}, grouping{by: "CITY"}, grouping{by: "CITY", first: 3}, grouping{by: "LEGAL_FORM"}, grouping{by: "STARTUP"},
		grouping{by: "FOUNDED_IN"}, grouping{by: "FOUNDED_IN", month: true}, grouping{by: "PROJECTS", first: 100}, grouping{by: "PEOPLE"},
		grouping{by: "SECTORS", level: 1}, grouping{by: "SECTORS", level: 2}, grouping{by: "SECTORS", level: 3}, grouping{by: "SECTORS", level: 4},
		grouping{by: "KIND", across: "COUNTRY", first: 100}, grouping{by: "PROJECTS", across: "SECTORS", level: 1, first: 100}, grouping{by: "SECTORS", across: "STARTUP"},
	)
	a.root("Organization").groupings(t, a, parse(`{projects: {some: {kind: {eq: RESEARCH}}}}`), grouping{by: "SECTORS"})
	a.root("Project").groupings(t, a, filter{}, grouping{by: "FROM"}, grouping{by: "TO", across: "STATUS"})
	a.root("FundingCall").groupings(t, a, filter{}, grouping{by: "LIVE"}, grouping{by: "LIVE", across: "CLOSES"})
	a.root("Place").groupings(t, a, filter{}, grouping{by: "POPULATION"})
	a.root("Sector").groupings(t, a, filter{}, grouping{by: "NARROWER", level: 2})
	// Below a node an item is a relationship, of whichever status.
	a.below("org:t:council", "members").groupings(t, a, filter{}, grouping{by: "EDGE_SEAT"}, grouping{by: "EDGE_STATUS", across: "COUNTRY"})
	a.below("org:t:alpha", "people").groupings(t, a, filter{}, grouping{by: "EDGE_TITLE"}, grouping{by: "NAME"}, grouping{by: "ROLES"})
	a.below("sector:t:energy", "organizations").groupings(t, a, filter{}, grouping{by: "EDGE_FROM", month: true})
	facetsOfPages(t, a)
}

// facetsOfPages groups what lies below each item of a page, by two keys under
// aliases, whatever page of it is shown.
func facetsOfPages(t *testing.T, a *asker) {
	type node struct {
		ID       string
		Projects struct {
			Nodes    []struct{ ID string }
			Kinds, X []facet
		}
	}
	got := ask[struct{ Nodes []node }](t, a, `{ organizations(last: 12, filter: {projects: {some: {}}}) { nodes { id projects(first: 1, orderBy: {field: FROM}) {
		kinds: facets(by: KIND) { value label count } x: facets(by: EDGE_ROLE, across: SECTORS, level: 1) { value label across { value label } count } nodes { id }
	} } } }`, nil)
	if len(got.Nodes) != 12 {
		t.Errorf("%d nodes", len(got.Nodes))
	}
	for _, n := range got.Nodes {
		q := a.below(n.ID, "projects")
		want := [][]facet{a.groups(q.items, q.about, grouping{by: "KIND"}), a.groups(q.items, q.about, grouping{by: "EDGE_ROLE", across: "SECTORS", level: 1})}
		if d := cmp.Diff(want, [][]facet{n.Projects.Kinds, n.Projects.X}, cmpEmpty); d != "" {
			t.Errorf("%s (-want +got):\n%s", n.ID, d)
		}
	}
}
