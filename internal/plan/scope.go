package plan

import (
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
)

// Statuses with a meaning of their own: what has no status is current, and what
// is past may have been current once.
const (
	Current = "CURRENT"
	past    = "PAST"
)

// Scope says which relationships and nodes are shown.
//
// As of now their status decides: those that are current, or have no status, and
// those of the statuses to be included. As of a date their period must be able to
// contain it: it begins no later than the last day that the date may mean, and
// ends no earlier than the first; a bound without a value is open. What is past
// by its status is shown where its end is known: it was current until then. What
// is planned stays a plan, whatever has been planned for.
type Scope struct {
	Include []string // statuses that are shown besides CURRENT, sorted
	AsOf    string   // a date in EDTF; empty for now
}

// Statuses returns the statuses of the relationships of a type that are shown;
// nil where they have none.
func (s Scope) Statuses(r *catalog.Relationship) []string {
	if r.Status == nil {
		return nil
	}
	out := append([]string{Current}, s.Include...)
	slices.Sort(out)
	return slices.Compact(out)
}

// Usual reports whether a field shows what it shows when nothing is said: what
// its stored degree counts.
func (s Scope) Usual(f *catalog.RelationshipField) bool {
	return f.Derived == nil && len(s.Statuses(f.Relationship)) <= 1 && s.Relationship(f.Relationship) == nil && s.Node(f.Target) == nil
}

// Node returns the condition on which nodes of a type are shown; nil when they
// always are.
func (s Scope) Node(t *catalog.Type) Predicate {
	if s.AsOf == "" || t.Period == nil {
		return nil
	}
	return predicate(during(t.Period, false, s.AsOf))
}

// Relationship returns the condition on which relationships of a type are shown
// as of a date, their status included. It is nil where their status alone
// decides, see Statuses.
func (s Scope) Relationship(r *catalog.Relationship) Predicate {
	if s.AsOf == "" || r.Period == nil {
		return nil
	}
	out := And{during(r.Period, true, s.AsOf)}
	if r.Status != nil {
		var list []any
		for _, v := range s.Statuses(r) {
			list = append(list, v)
		}
		shown := Or{Absent(r.Status, true, true), Compare(r.Status, true, OpIn, list)}
		if to := r.Period.To; to != nil {
			shown = append(shown, And{Compare(r.Status, true, OpEq, past), Absent(to, true, false)})
		}
		out = append(out, shown)
	}
	return predicate(out)
}

// Live returns the condition that a period with a known end may contain a day,
// written as YYYY-MM-DD.
func Live(p *catalog.Property, edge bool, day string) Predicate {
	return predicate(And{begun(p.Period, edge, day), Compare(p.Period.To, edge, OpGte, day)})
}

// begun returns the condition that a period may have begun by a date.
func begun(p *catalog.Period, edge bool, date string) Predicate {
	if p.From == nil {
		return And{}
	}
	return Or{Absent(p.From, edge, true), Compare(p.From, edge, OpLte, date)}
}

// during returns the condition that a period may contain a date.
func during(p *catalog.Period, edge bool, date string) Predicate {
	out := And{begun(p, edge, date)}
	open := Predicate(And{})
	if p.Moment {
		open = Or{Absent(p.From, edge, true), Compare(p.From, edge, OpGte, date)}
	}
	if p.To == nil {
		return append(out, open)
	}
	return append(out, Or{And{Absent(p.To, edge, true), open}, Compare(p.To, edge, OpGte, date)})
}

// of prints the name of a field with what is shown of it, where that is not
// what is usual: "sectors CURRENT+PAST as-of 2016".
func (s Scope) of(f *catalog.RelationshipField, name string) string {
	if len(s.Include) > 0 && (f.Relationship.Status != nil || f.Derived != nil) {
		name += " " + Current + "+" + strings.Join(s.Include, "+")
	}
	if s.AsOf != "" {
		name += " as-of " + s.AsOf
	}
	return name
}
