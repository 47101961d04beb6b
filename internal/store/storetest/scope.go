package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// scope is what a root field shows: relationships of more statuses than the
// current ones, and nodes and relationships as of a date.
type scope struct {
	include []string
	asOf    string // empty for now
}

// in returns the graph in a scope.
func (g *Graph) in(asOf string, include ...string) *Graph {
	out := *g
	out.scope = scope{include, asOf}
	return &out
}

// statuses returns the statuses of the relationships that are shown.
func (s scope) statuses() []string { return append([]string{store.Current}, s.include...) }

// shows reports whether a relationship of some properties is shown where
// relationships of some statuses are. Without a status it is current. As of a
// date it has to last then; what is past and has an end was current until then.
func (s scope) shows(r *catalog.Relationship, props kg.Properties, statuses []string) bool {
	ok := r.Status == nil
	if !ok {
		status, _ := props[r.Status.Name].(string)
		ended := s.asOf != "" && status == "PAST" && r.Period != nil && r.Period.To != nil && props[r.Period.To.Name] != nil
		ok = ended || slices.Contains(statuses, cmp.Or(status, store.Current))
	}
	return ok && s.during(r.Period, props)
}

// during reports whether a period may contain the date of the scope.
func (s scope) during(p *catalog.Period, props kg.Properties) bool {
	if s.asOf == "" || p == nil {
		return true
	}
	value := func(p *catalog.Property) (d kg.Date, there bool) {
		if p == nil || props[p.Name] == nil {
			return d, false
		}
		return date(props[p.Name]), true
	}
	first, last := kg.OpenFirst, kg.OpenLast
	if d, there := value(p.From); there {
		first = d.First
		if p.Moment {
			last = d.Last
		}
	}
	if d, there := value(p.To); there {
		last = d.Last
	}
	at := date(s.asOf)
	return first <= at.Last && at.First <= last
}

// lives reports whether something holds on the day of the questions: its end is
// known, and it may contain the day.
func lives(p *catalog.Property, props kg.Properties) bool {
	today := scope{asOf: Now().Format(time.DateOnly)}
	return props[p.Period.To.Name] != nil && today.during(p.Period, props)
}

// in returns an asker whose questions are asked in a scope.
func (a *asker) in(asOf string, include ...string) *asker {
	return &asker{Graph: a.Graph.in(asOf, include...), store: a.store}
}

// variables adds the scope to the variables of a document.
func (s scope) variables(v vars) vars {
	out := vars{"include": s.include}
	if s.asOf != "" {
		out["asOf"] = s.asOf
	}
	for name, value := range v {
		out[name] = value
	}
	return out
}

// Every question of the suite that is asked in a scope has these variables, and
// passes them to its root field.
const (
	scopeVariables = "$asOf: Date, $include: [FactStatus!]"
	scopeArguments = "asOf: $asOf, include: $include"
)

// inScopes asks as of several dates, and for relationships of more statuses, what
// else is asked of now: what is shown below a node, found by conditions, counted,
// grouped, added up, sorted by and computed.
func inScopes(t *testing.T, a *asker) {
	for _, date := range []string{"2015", "2019-09-01", "../2012", "2021/.."} {
		t.Run(date, func(t *testing.T) { asOf(t, a.in(date)) })
	}
	t.Run("include", func(t *testing.T) { including(t, a.in("", "PAST")) })
}

func asOf(t *testing.T, a *asker) {
	for _, typ := range []string{"Project", "Event", "Need"} {
		a.root(typ).ask(t, a, filter{})
	}
	for _, at := range [][2]string{
		{"org:t:alpha", "projects"}, {"org:t:alpha", "sectors"}, {"org:t:alpha", "memberOf"}, {"org:t:alpha", "subsidiaries"},
		{"need:t:lab", "organizations"}, {"org:t:council", "organises"}, {"org:t:gamma", "partners"},
	} {
		a.below(at[0], at[1]).ask(t, a, filter{})
	}
	org := a.root("Organization")
	for _, in := range []string{
		`{projects: {some: {kind: {eq: RESEARCH}}}}`, `{memberOf: {some: {id: {eq: "org:t:chamber"}}}}`, `{projects: {count: {gte: 2}}}`,
		`{supportedBy: {none: {edge: {purpose: {isNull: true}}}}}`, `{within: ["place:t:sete"]}`, `{synergies: {some: {}, include: [PLANNED]}}`,
		`{partners: {some: {id: {in: ["org:t:beta", "org:t:zed"]}}}}`, `{partners: {some: {edge: {closeProjectCount: {gt: 0}}}}}`,
	} {
		org.ask(t, a, parse(in))
	}
	org.groupings(t, a, filter{}, grouping{by: "PROJECTS"}, grouping{by: "SECTORS", level: 1})
	a.below("org:t:alpha", "projects").figures(t, a, filter{})
	walkOnce(t, a, order{"-PROJECTS_COUNT"})
	shared(t, a, "org:t:alpha")
}

func including(t *testing.T, a *asker) {
	a.below("org:t:alpha", "partners").ask(t, a, filter{})
	org := a.root("Organization")
	for _, in := range []string{
		`{memberOf: {some: {id: {eq: "org:t:chamber"}}}}`, `{sectors: {count: {gte: 2}}}`, `{within: ["place:t:sete"]}`, `{sectors: {in: ["sector:t:energy"]}}`,
		`{sectors: {some: {}, include: []}}`, `{partners: {some: {id: {in: ["org:t:strasse", "org:t:zed"]}}}}`,
	} {
		org.ask(t, a, parse(in))
	}
	org.groupings(t, a, filter{}, grouping{by: "SECTORS"})
	walkOnce(t, a, order{"SECTORS_COUNT"})
	shared(t, a, "org:t:alpha")
}

// walkOnce walks all organisations in an order, in pages of one size.
func walkOnce(t *testing.T, a *asker, o order) {
	typ := a.Catalog.Type("Organization")
	walk{
		document: fmt.Sprintf("query(%s, %s) { %s(%s, %s, %s) { %s } }", pageVariables, scopeVariables, typ.Plural, pageArguments, scopeArguments, orderBy(o.keys(typ, nil)...), fmt.Sprintf(pageSelection, "")),
		want:     keys(a.sortItems(a.of(typ), o.keys(typ, nil))),
	}.forward(t, a, 7)
}
