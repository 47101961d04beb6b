package storetest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
)

// sizes are the sizes of pages that are walked.
var sizes = []int{1, 2, 3, 7}

// pageArguments are the variables and arguments of a page.
const (
	pageVariables = "$first: Int, $after: String, $last: Int, $before: String"
	pageArguments = "first: $first, after: $after, last: $last, before: $before"
	pageSelection = "totalCount edges { cursor %s node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
)

// order names keys of an order: "NAME" ascending, "-NAME" descending.
type order []string

// keys returns the keys of an order of a connection.
func (o order) keys(t *catalog.Type, f *catalog.RelationshipField) (out []by) {
	for _, name := range o {
		desc := name[0] == '-'
		if desc {
			name = name[1:]
		}
		out = append(out, by{orderKey(t, f, name), desc})
	}
	return out
}

// pages walks root connections in orders of every kind, by keys that tie, that
// are absent, and that go in different directions.
func pages(t *testing.T, a *asker) {
	for _, test := range []struct {
		typ    string
		filter string
		orders []order
	}{
		{"Organization", "", []order{
			nil, {"ID"}, {"-ID"}, {"NAME"}, {"-NAME"}, {"ACTIVITY"}, {"-ACTIVITY"}, {"KIND"}, {"-SIZE"}, {"FOUNDED_IN"}, {"-FOUNDED_IN"},
			{"PROJECTS_COUNT"}, {"-PROJECTS_COUNT"}, {"-MEMBERS_COUNT"}, {"COUNTRY", "-NAME"}, {"-COUNTRY", "NAME"}, {"-KIND", "CITY", "-PROJECTS_COUNT"},
			{"-PROJECTS_COUNT", "-NAME"}, {"NAME", "-NAME", "ID", "-CITY"},
		}},
		{"Organization", `{or: [{country: {eq: "FR"}}, {name: {isNull: true}}]}`, []order{{"-NAME"}, {"SECTORS_COUNT", "-CITY"}}},
		{"Project", "", []order{{"FROM"}, {"-FROM"}, {"-TO"}, {"COST"}, {"-COST"}, {"CONTRIBUTION"}, {"-CONTRIBUTION", "LABEL"}, {"LABEL", "-COST"}}},
		{"Figure", "", []order{{"VALUE"}, {"-VALUE"}, {"METRIC", "-RATIO"}}},
		{"StrategicAxis", "", []order{{"ORDER"}, {"-ORDER"}, {"-TITLE", "ORDER"}}},
		{"Place", "", []order{{"POPULATION"}, {"-POPULATION"}}},
		{"Claim", "", []order{{"RECORDED_AT"}, {"-RECORDED_AT", "SUBJECT"}, {"-CONFIDENCE"}}},
	} {
		rootPages(t, a, test.typ, test.filter, test.orders...)
	}
}

// rootPages walks the nodes of a type that a filter lets through.
func rootPages(t *testing.T, a *asker, name, filter string, orders ...order) {
	typ := a.Catalog.Type(name)
	items, argument := a.of(typ), ""
	if filter != "" {
		in := parse(filter)
		items = slices.DeleteFunc(items, func(it item) bool { return !a.meets(it, in, about{typ: typ}) })
		argument = "filter: " + filter + ", "
	}
	for _, o := range orders {
		t.Run(fmt.Sprint(name, o), func(t *testing.T) {
			w := walk{
				document: fmt.Sprintf("query(%s) { %s(%s%s, %s) { %s } }", pageVariables, typ.Plural, argument, pageArguments, orderBy(o.keys(typ, nil)...), fmt.Sprintf(pageSelection, "")),
				want:     keys(a.sortItems(items, o.keys(typ, nil))),
			}
			w.run(t, a)
		})
	}
}

// nestedPages walks connections below a node, in which a node may come several
// times.
func nestedPages(t *testing.T, a *asker) {
	for _, test := range []struct {
		id, field string
		orders    []order
	}{
		{"org:t:council", "members", []order{nil, {"NAME"}, {"-NAME"}, {"EDGE_SEAT"}, {"-EDGE_SEAT"}, {"EDGE_LIST_ORDER"}, {"-EDGE_SEAT", "EDGE_LIST_ORDER"}, {"EDGE_STATUS", "-NAME"}, {"-PROJECTS_COUNT", "EDGE_SEAT"}}},
		{"org:t:alpha", "projects", []order{nil, {"-ID"}, {"EDGE_CONTRIBUTION"}, {"-EDGE_CONTRIBUTION"}, {"EDGE_ROLE"}, {"-EDGE_ROLE", "FROM"}, {"ORGANIZATIONS_COUNT"}}},
		{"org:t:alpha", "people", []order{nil, {"ID"}, {"-ID"}, {"-NAME"}, {"EDGE_TITLE"}, {"-EDGE_TITLE"}, {"EDGE_STATUS"}, {"-EDGE_TO"}}},
		{"org:t:council", "engagedPeople", []order{nil, {"-NAME"}, {"EDGE_ROLE"}}},
		{"org:t:mirror", "engaged", []order{nil, {"-EDGE_ROLE"}}},
		{"org:t:mirror", "members", []order{nil}},
		{"org:t:alpha", "sectors", []order{nil, {"EDGE_FROM"}, {"-EDGE_FROM", "EDGE_BASIS"}, {"EDGE_PROJECT_COUNT"}}},
		{"org:t:none", "projects", []order{nil}},
	} {
		relatedPages(t, a, test.id, test.field, test.orders...)
	}
}

// relatedPages walks what a field of a node leads to, in whichever status.
func relatedPages(t *testing.T, a *asker, id, field string, orders ...order) {
	f := a.Catalog.TypeOfID(id).Field(field)
	of := "id"
	if f.Derived != nil {
		of = ""
	}
	for _, o := range orders {
		t.Run(fmt.Sprint(id, ".", field, o), func(t *testing.T) {
			w := walk{
				document: below(f, pageVariables, pageArguments+", "+orderBy(o.keys(f.Target, f)...), fmt.Sprintf(pageSelection, of)),
				id:       id,
				want:     keys(a.sortItems(a.reach(id, f, everyStatus...), o.keys(f.Target, f))),
			}
			w.run(t, a)
		})
	}
}

// walk goes through all pages of a connection, forward and backward.
type walk struct {
	document string // with the variables first, after, last, before and perhaps id
	id       string
	want     []string
}

func (w walk) run(t *testing.T, a *asker) {
	for _, size := range sizes {
		w.forward(t, a, size)
		w.backward(t, a, size)
	}
}

func (w walk) forward(t *testing.T, a *asker, size int) {
	t.Helper()
	var got []string
	var after any
	for {
		c := a.connection(t, w.document, vars{"id": w.id, "first": size, "after": after})
		got = append(got, c.ids()...)
		w.check(t, fmt.Sprintf("first %d after %d", size, len(got)-len(c.Edges)), c, pageInfo{
			HasNextPage: len(got) < len(w.want), HasPreviousPage: after != nil,
		})
		if len(c.Edges) > size {
			t.Errorf("first %d: %d items", size, len(c.Edges))
		}
		if !c.PageInfo.HasNextPage || len(c.Edges) == 0 || len(got) > len(w.want) {
			break
		}
		after = *c.PageInfo.EndCursor
	}
	if d := cmp.Diff(w.want, got, cmpEmpty); d != "" {
		t.Errorf("forward by %d (-want +got):\n%s", size, d)
	}
}

func (w walk) backward(t *testing.T, a *asker, size int) {
	t.Helper()
	var got []string
	var before any
	for {
		c := a.connection(t, w.document, vars{"id": w.id, "last": size, "before": before})
		got = append(c.ids(), got...)
		w.check(t, fmt.Sprintf("last %d before %d", size, len(got)-len(c.Edges)), c, pageInfo{
			HasNextPage: before != nil, HasPreviousPage: len(got) < len(w.want),
		})
		if len(c.Edges) > size {
			t.Errorf("last %d: %d items", size, len(c.Edges))
		}
		if !c.PageInfo.HasPreviousPage || len(c.Edges) == 0 || len(got) > len(w.want) {
			break
		}
		before = *c.PageInfo.StartCursor
	}
	if d := cmp.Diff(w.want, got, cmpEmpty); d != "" {
		t.Errorf("backward by %d (-want +got):\n%s", size, d)
	}
}

// check compares what a page says of itself. The cursors at its ends are those
// of its first and last item.
func (w walk) check(t *testing.T, at string, c connection, want pageInfo) {
	t.Helper()
	if c.TotalCount != len(w.want) {
		t.Errorf("%s: totalCount %d, want %d", at, c.TotalCount, len(w.want))
	}
	if n := len(c.Edges); n > 0 {
		want.StartCursor, want.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	if d := cmp.Diff(want, c.PageInfo); d != "" {
		t.Errorf("%s: pageInfo (-want +got):\n%s", at, d)
	}
}

// pagesOfPages walks pages below the items of a page: each parent has a page of
// its own, and the one item more that is read to know of a next page is not
// shown.
func pagesOfPages(t *testing.T, a *asker) {
	org := a.Catalog.Type("Organization")
	f := org.Field("projects")
	document := `query($first: Int, $inner: Int, $last: Int, $before: String) {
		organizations(first: $first, last: $last, before: $before, orderBy: [{field: PROJECTS_COUNT, direction: DESC}]) {
			pageInfo { hasNextPage hasPreviousPage }
			edges { node { id connection: projects(first: $inner, orderBy: [{field: COST}]) {
				totalCount edges { cursor id node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
			} } }
		}
	}`
	parents := keys(a.sortItems(a.of(org), order{"-PROJECTS_COUNT"}.keys(org, nil)))
	check := func(got connection, want []string, inner int) {
		t.Helper()
		if d := cmp.Diff(want, got.ids()); d != "" {
			t.Errorf("parents (-want +got):\n%s", d)
		}
		for _, e := range got.Edges {
			all := keys(a.sortItems(a.reach(e.Node.ID, f), order{"COST"}.keys(f.Target, f)))
			w := walk{want: all}
			w.check(t, e.Node.ID, *e.Node.Connection, pageInfo{HasNextPage: len(all) > inner})
			if d := cmp.Diff(all[:min(inner, len(all))], e.Node.Connection.ids(), cmpEmpty); d != "" {
				t.Errorf("%s: first %d (-want +got):\n%s", e.Node.ID, inner, d)
			}
		}
	}
	for _, inner := range sizes {
		for _, first := range sizes {
			check(a.connection(t, document, vars{"first": first, "inner": inner}), parents[:first], inner)
			check(a.connection(t, document, vars{"last": first, "inner": inner}), parents[len(parents)-first:], inner)
		}
	}
}

// windows asks for what lies between two cursors, from either end.
func windows(t *testing.T, a *asker) {
	typ := a.Catalog.Type("Project")
	for _, o := range []order{nil, {"COST"}, {"-FROM"}, {"KIND", "-COST"}} {
		document := fmt.Sprintf("query(%s) { %s(%s, %s) { %s } }", pageVariables, typ.Plural, pageArguments, orderBy(o.keys(typ, nil)...), fmt.Sprintf(pageSelection, ""))
		all := a.connection(t, document, vars{"first": 100})
		cursor := func(i int) any {
			if i < 0 || i >= len(all.Edges) {
				return nil
			}
			return all.Edges[i].Cursor
		}
		w := walk{want: all.ids()}
		for _, span := range [][2]int{{-1, 5}, {2, 3}, {2, 8}, {3, 3}, {8, 2}, {4, len(w.want)}} {
			between := w.want[min(span[0]+1, len(w.want)):max(span[1], min(span[0]+1, len(w.want)))]
			for _, size := range []int{1, 3, 100} {
				n := min(size, len(between))
				for _, backward := range []bool{false, true} {
					v, want := vars{"first": size}, between[:n]
					info := pageInfo{HasNextPage: len(between) > size, HasPreviousPage: span[0] >= 0}
					if backward {
						v, want = vars{"last": size}, between[len(between)-n:]
						info = pageInfo{HasNextPage: span[1] < len(w.want), HasPreviousPage: len(between) > size}
					}
					v["after"], v["before"] = cursor(span[0]), cursor(span[1])
					got := a.connection(t, document, v)
					if d := cmp.Diff(want, got.ids(), cmpEmpty); d != "" {
						t.Errorf("%v between %v, %d, backward %t (-want +got):\n%s", o, span, size, backward, d)
					}
					w.check(t, fmt.Sprint(o, span, size, backward), got, info)
				}
			}
		}
	}
}
