package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/text"
)

// matches evaluates a lowered comparison on a value as a store does, on the
// parts that it keeps; nil is an absent value.
func matches(t *testing.T, p plan.Predicate, value any) bool {
	return holds(p, func(term plan.Term) bool {
		have := value
		if value == nil && term.Part == plan.Key && term.Property.Index {
			have = plan.AbsentText
		}
		if s, ok := value.(string); ok && term.Part != plan.Whole {
			have = text.Fold(s)
			if term.Property.Kind == catalog.Date {
				d := mustDate(t, s)
				have = map[plan.Part]any{plan.Key: d.SortKey(), plan.Last: d.Last}[term.Part]
			}
		}
		switch term.Op {
		case plan.IsNull:
			return have == nil
		case plan.NotNull:
			return have != nil
		}
		if have == nil {
			return false
		}
		if list, ok := have.([]string); ok {
			return slices.ContainsFunc(list, func(s string) bool { return text.Fold(s) == term.Value })
		}
		s := have.(string)
		switch term.Op {
		case plan.In:
			return slices.Contains(term.Value.([]any), any(s))
		case plan.Contains:
			return strings.Contains(s, term.Value.(string))
		case plan.Eq:
			return s == term.Value
		case plan.Lt:
			return s < term.Value.(string)
		case plan.Lte:
			return s <= term.Value.(string)
		case plan.Gt:
			return s > term.Value.(string)
		case plan.Gte:
			return s >= term.Value.(string)
		}
		t.Fatalf("unknown comparison %s", term.Op)
		return false
	})
}

func mustDate(t *testing.T, s string) kg.Date {
	t.Helper()
	d, err := kg.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDatesCompareAsIntervals compares every pair of these dates by their days.
func TestDatesCompareAsIntervals(t *testing.T) {
	dates := []string{
		"2018", "2019", "2020", "2019-01", "2019-12", "2019-01-01", "2019-12-31", "2018-12-31", "2020-01-01", "2020-05-01", "2019?",
		"2019/2020", "2018-07/2019-06", "2019-01-01/2019-12-31", "../2019", "../2018", "2019/..", "2020/..", "2019-06/..",
	}
	org := catalogtest.Model(t).Type("Project")
	indexed, bare := org.Property("from"), catalogtest.Model(t).Type("Event").Property("to")
	if !indexed.Index || bare.Index {
		t.Fatal("choose a date with an index and one without")
	}
	days := func(op plan.Comparison, a, b kg.Date) bool {
		switch op {
		case plan.OpLt:
			return a.Last < b.First
		case plan.OpLte:
			return a.First <= b.Last
		case plan.OpGt:
			return a.First > b.Last
		case plan.OpGte:
			return a.Last >= b.First
		}
		return a.First == b.First && a.Last == b.Last
	}
	for _, p := range []*catalog.Property{indexed, bare} {
		for _, op := range []plan.Comparison{plan.OpEq, plan.OpLt, plan.OpLte, plan.OpGt, plan.OpGte} {
			for _, than := range dates {
				lowered := plan.Compare(p, false, op, than)
				for _, value := range dates {
					if got, want := matches(t, lowered, value), days(op, mustDate(t, value), mustDate(t, than)); got != want {
						t.Errorf("%s %s %s: %v, by days %v", value, op, than, got, want)
					}
				}
				if matches(t, lowered, nil) {
					t.Errorf("an absent date is %s %s", op, than)
				}
			}
		}
	}
	for _, c := range []struct {
		value string
		op    plan.Comparison
		than  string
		want  bool
	}{
		{"2020-05-01", plan.OpLte, "2020", true}, {"2020-05-01", plan.OpGte, "2020", true}, {"2020-05-01", plan.OpLt, "2020", false},
		{"2019", plan.OpEq, "2019-01-01/2019-12-31", true}, {"2019-01", plan.OpEq, "2019", false}, {"2019/..", plan.OpGt, "2018", true},
	} {
		if got := matches(t, plan.Compare(indexed, false, c.op, c.than), c.value); got != c.want {
			t.Errorf("%s %s %s: %v", c.value, c.op, c.than, got)
		}
	}
}

func TestTextsCompareWithoutCaseAndAccents(t *testing.T) {
	org := catalogtest.Model(t).Type("Organization")
	long := strings.Repeat("é", 300)
	for _, c := range []struct {
		op     plan.Comparison
		than   any
		match  []any
		differ []any
	}{
		{plan.OpEq, "Électricité", []any{"électricité", "ELECTRICITE"}, []any{"électricités", "", nil}},
		{plan.OpExact, "Électricité", []any{"Électricité"}, []any{"ELECTRICITE", "électricité", nil}},
		{plan.OpIn, []any{"Œuvre", "b"}, []any{"oeuvre", "B"}, []any{"c", nil}},
		{plan.OpIn, []any{}, nil, []any{"", "a", nil}},
		{plan.OpContains, "TRIC", []any{"Électricité"}, []any{"Elect", nil}},
		{plan.OpContains, "", []any{"", "a"}, []any{nil}},
		{plan.OpStartsWith, "élec", []any{"Électricité", "elec"}, []any{"ele", "x électricité", nil}},
		{plan.OpStartsWith, "", []any{"", "a"}, []any{nil}},
		{plan.OpStartsWith, "100%_", []any{"100%_x"}, []any{"100 x", nil}},
		{plan.OpLt, "b", []any{"A", "á", ""}, []any{"b", "B", "c", nil}},
		{plan.OpLte, "b", []any{"A", "B"}, []any{"c", "ba", nil}},
		{plan.OpGt, "b", []any{"C", "ba"}, []any{"B", "a", nil}},
		{plan.OpGte, "b", []any{"C", "B"}, []any{"a", "", nil}},
		{plan.OpEq, long + "x", []any{long + "y", strings.Repeat("e", 256)}, []any{strings.Repeat("e", 255)}},
	} {
		for _, name := range []string{"name", "activity"} { // with an index and without
			lowered := plan.Compare(org.Property(name), false, c.op, c.than)
			for _, v := range c.match {
				if !matches(t, lowered, v) {
					t.Errorf("%s: %v is not %s %v", name, v, c.op, c.than)
				}
			}
			for _, v := range c.differ {
				if matches(t, lowered, v) {
					t.Errorf("%s: %v is %s %v", name, v, c.op, c.than)
				}
			}
		}
	}
	aliases := plan.Compare(org.Property("aliases"), false, plan.OpIncludes, "ÉDF")
	if !matches(t, aliases, []string{"x", "edf"}) || matches(t, aliases, []string{"edf2"}) || matches(t, aliases, nil) {
		t.Errorf("a list: %s", plan.PredicateString(aliases))
	}
	for _, absent := range []bool{true, false} {
		if p := plan.Absent(org.Property("name"), false, absent); matches(t, p, nil) != absent || matches(t, p, "") == absent {
			t.Errorf("absent %v: %s", absent, plan.PredicateString(p))
		}
	}
}

func TestNumbersCompareByTheColumnWithAnIndex(t *testing.T) {
	c := catalogtest.Model(t)
	seat := c.Relationship("MEMBER_OF").Property("seat")
	order := c.Type("StrategicAxis").Property("order")
	for _, tt := range []struct {
		p    *catalog.Property
		edge bool
		op   plan.Comparison
		want string
	}{
		{order, false, plan.OpGt, "(and (> order.key 3) (not-null order))"},
		{order, false, plan.OpLt, "(< order.key 3)"},
		{order, false, plan.OpLte, "(<= order.key 3)"},
		{order, false, plan.OpEq, "(= order.key 3)"},
		{seat, true, plan.OpGte, "(>= edge.seat 3)"},
		{seat, true, plan.OpEq, "(= edge.seat 3)"},
	} {
		if got := plan.PredicateString(plan.Compare(tt.p, tt.edge, tt.op, int64(3))); got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.p.Name, tt.op, got, tt.want)
		}
	}
}

func TestADateThatWasNotParsedIsAFault(t *testing.T) {
	defer func() {
		if cause := recover(); cause == nil || !strings.Contains(fmt.Sprint(cause), "is no date") {
			t.Errorf("recovered %v", cause)
		}
	}()
	plan.Compare(catalogtest.Model(t).Type("Project").Property("from"), false, plan.OpEq, "soon")
}

func TestPinnedConditionsAreMetByFew(t *testing.T) {
	c := catalogtest.Model(t)
	org, project := c.Type("Organization"), c.Type("Project")
	id := plan.Compare(project.Properties[0], false, plan.OpEq, "project:1")
	name := plan.Compare(org.Property("name"), false, plan.OpEq, "a")
	projects := plan.Related{Field: org.Field("projects")}
	of := func(p plan.Predicate) plan.Related {
		r := projects
		r.Of = p
		return r
	}
	some := plan.Exists{Related: of(id)}
	deeper := plan.Exists{Related: of(plan.Exists{Related: plan.Related{Field: project.Field("organizations"), Of: plan.Compare(org.Properties[0], false, plan.OpIn, []any{"org:1"})}})}
	for _, tt := range []struct {
		p      plan.Predicate
		pinned bool
	}{
		{nil, false},
		{name, false},
		{some, true},
		{deeper, true},
		{plan.Exists{Related: projects}, false},
		{plan.Not{Of: some}, false},
		{plan.And{name, some}, true},
		{plan.Or{name, some}, false},
		{plan.Or{some, deeper}, true},
		{plan.Or{}, false},
		{plan.Tally{Related: of(id), Op: plan.Gte, Value: 1}, true},
		{plan.Tally{Related: of(id), Op: plan.Gte, Value: 0}, false},
		{plan.Tally{Related: of(id), Op: plan.Lt, Value: 3}, false},
		{plan.Tally{Related: projects, Op: plan.Gt, Value: 3}, false},
	} {
		if got := plan.Pinned(tt.p); got != tt.pinned {
			t.Errorf("%s: %t", plan.PredicateString(tt.p), got)
		}
	}
	if got := plan.PredicateString(plan.Anchor(plan.And{name, deeper, some})); got != plan.PredicateString(some) {
		t.Errorf("the anchor is %s", got)
	}
	if got := plan.Anchor(plan.And{name, plan.Or{some, deeper}}); got != nil {
		t.Errorf("the anchor is %s", plan.PredicateString(got))
	}
}
