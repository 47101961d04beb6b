package plan_test

import (
	"testing"

	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/plan"
)

// TestAsOf: what is shown as of a date, by bounds and status.
func TestAsOf(t *testing.T) {
	member := catalogtest.Model(t).Relationship("MEMBER_OF")
	for _, tt := range []struct {
		asOf             string
		from, to, status any
		include          string
		want             bool
	}{
		// Bounds that are not there, or open, are open.
		{"2019", nil, nil, nil, "", true},
		{"2019", "2019-09/..", nil, nil, "", true},
		{"2018", "2019-09/..", nil, nil, "", false},
		{"2020-12-31", nil, "../2020", nil, "", true},
		{"2021-01-01", nil, "../2020", nil, "", false},
		{"0001", "../2020", nil, nil, "", true},
		{"9998", nil, "2020/..", nil, "", true},
		// A month and a year mean all of their days, on either side.
		{"2019-09-01", "2019-09", "2019-09", nil, "", true},
		{"2019-09-30", "2019-09", "2019-09", nil, "", true},
		{"2019-10-01", "2019-09", "2019-09", nil, "", false},
		{"2019-08-31", "2019-09", nil, nil, "", false},
		{"2019", "2019-12-31", nil, nil, "", true},
		{"2019", nil, "2019-01-01", nil, "", true},
		{"2019-06", "2019-06-30", "2019-07", nil, "", true},
		{"2019?", "2019~", "2019%", nil, "", true},
		// A date that is an interval asks whether the two may overlap.
		{"2017/2019", "2019-12", nil, nil, "", true},
		{"2017/2018", "2019", nil, nil, "", false},
		{"../2018", "2019", nil, nil, "", false},
		{"2020/..", nil, "2019", nil, "", false},
		{"2020/..", nil, "2019/2021", nil, "", true},
		// The status: what is past was current until its end.
		{"2019", nil, nil, "CURRENT", "", true},
		{"2018", nil, "2018", "PAST", "", true},
		{"2019", nil, "2018", "PAST", "", false},
		{"2019", nil, "2018", "PAST", "PAST", false},
		{"2018", "2017", nil, "PAST", "", false},
		{"2018", "2017", nil, "PAST", "PAST", true},
		{"2016", "2017", nil, "PAST", "PAST", false},
		// What is planned stays a plan.
		{"2025", "2020", "2030", "PLANNED", "", false},
		{"2025", "2020", "2030", "PLANNED", "PAST", false},
		{"2025", "2020", "2030", "PLANNED", "PLANNED", true},
		{"2019", "2020", nil, "PLANNED", "PLANNED", false},
		// An end before the beginning leaves nothing.
		{"2019", "2020", "2018", nil, "", false},
	} {
		scope := plan.Scope{AsOf: tt.asOf}
		if tt.include != "" {
			scope.Include = []string{tt.include}
		}
		props := map[string]any{"from": tt.from, "to": tt.to, "status": tt.status}
		got := holds(scope.Relationship(member), func(term plan.Term) bool { return matches(t, term, props[term.Property.Name]) })
		if got != tt.want {
			t.Errorf("from %v to %v, %v, as of %s including %q: %t", tt.from, tt.to, tt.status, tt.asOf, tt.include, got)
		}
	}
}

// TestMoment: an event without an end ends as it begins.
func TestMoment(t *testing.T) {
	event := catalogtest.Model(t).Type("Event")
	for _, tt := range []struct {
		asOf     string
		from, to any
		want     bool
	}{
		{"2019-10-01", "2019-10", nil, true}, {"2019-10-31", "2019-10", nil, true}, {"2019-11-01", "2019-10", nil, false},
		{"2019-11-01", "2019-10", "2019-12", true}, {"2019", nil, nil, true}, {"2019", nil, "2018", false},
	} {
		props := map[string]any{"from": tt.from, "to": tt.to}
		got := holds(plan.Scope{AsOf: tt.asOf}.Node(event), func(term plan.Term) bool { return matches(t, term, props[term.Property.Name]) })
		if got != tt.want {
			t.Errorf("from %v to %v, as of %s: %t", tt.from, tt.to, tt.asOf, got)
		}
	}
}

// TestLive: the day of a deadline is the last, and there has to be one.
func TestLive(t *testing.T) {
	live := catalogtest.Model(t).Type("FundingCall").Property("live")
	for _, tt := range []struct {
		day           string
		opens, closes any
		want          bool
	}{
		{"2026-03-31", "2026-01-15", "2026-03-31", true}, {"2026-04-01", "2026-01-15", "2026-03-31", false}, {"2026-01-14", "2026-01-15", "2026-03-31", false},
		{"2026-03-31", nil, "2026-03", true}, {"2026-03-31", "2026-01-15", nil, false}, {"2026-03-31", nil, nil, false},
	} {
		props := map[string]any{"opens": tt.opens, "closes": tt.closes}
		got := holds(plan.Live(live, false, tt.day), func(term plan.Term) bool { return matches(t, term, props[term.Property.Name]) })
		if got != tt.want {
			t.Errorf("opens %v closes %v, on %s: %t", tt.opens, tt.closes, tt.day, got)
		}
	}
}
