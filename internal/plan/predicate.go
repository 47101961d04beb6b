package plan

import (
	"slices"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/text"
)

// Predicate is a condition on a node and, in a connection, on the relationship
// that leads to it: And, Or, Not, Term, Exists, Tally, Distinct, Within, Near,
// Among or Matches. It holds or it does not: a comparison with an absent value
// does not hold, and its negation does.
type Predicate interface{ predicate() }

// And holds when all its parts hold; without parts it holds.
type And []Predicate

// Or holds when one of its parts holds; without parts it does not.
type Or []Predicate

// Not holds when its part does not.
type Not struct{ Of Predicate }

// Term compares one stored part of a property with a value.
type Term struct {
	Property *catalog.Property
	Edge     bool // whether it is a property of the relationship
	Part     Part
	Op       Op
	Value    any // string, int64, float64, bool; []any for In; nil for IsNull and NotNull
	// Lasting is whether the ids of In are known to be none that nodes had before.
	Lasting bool
}

// Lasting holds of the nodes of a type that have one of some ids, which are known
// to be none that nodes had before.
func Lasting(t *catalog.Type, ids []any) Predicate {
	return Term{Property: t.Property("id"), Op: In, Value: ids, Lasting: true}
}

// Named reports whether a term holds of the nodes of some ids. A former id names
// the node that had it, wherever ids name nodes.
func (t Term) Named() bool {
	return !t.Edge && t.Property.Name == "id" && (t.Op == Eq || t.Op == In)
}

// Related are the nodes to which a field leads, as far as a scope shows them,
// and which meet a condition on node and relationship.
type Related struct {
	Field *catalog.RelationshipField
	Scope Scope
	Of    Predicate // nil when there is none
}

// Stored reports whether stores keep how many there are.
func (r Related) Stored() bool { return r.Of == nil && r.Scope.Usual(r.Field) }

// OneWay returns the count that must be positive, where nothing else is asked
// of the nodes of a derived field: then only its way has to be gone.
func (r Related) OneWay() (catalog.WayCount, bool) {
	t, ok := r.Of.(Term)
	positive := t.Op == Gt && t.Value == int64(0) || t.Op == Gte && t.Value == int64(1)
	if r.Field.Derived == nil || !ok || !t.Edge || !positive {
		return catalog.WayCount{}, false
	}
	i := slices.IndexFunc(r.Field.Derived.Counts, func(c catalog.WayCount) bool { return c.Property == t.Property })
	if i < 0 {
		return catalog.WayCount{}, false
	}
	return r.Field.Derived.Counts[i], true
}

// Exists holds when there is a related node.
type Exists struct{ Related }

// Tally compares how many related nodes there are, or the sum of a property of
// their relationships, with a number. A sum of nothing is nought.
type Tally struct {
	Related
	Sum   *catalog.Property // nil to count
	Op    Op
	Value int64
}

// Distinct holds when there are different related nodes, one in each group of
// ids.
type Distinct struct {
	Related
	Groups [][]any
}

// Within holds for the nodes of some ids, and for all beneath them.
type Within struct {
	Up    *catalog.RelationshipField // leads to the nodes directly above
	Scope Scope                      // of the relationships on the way up
	IDs   []any
}

// Origin is a place from which distances are measured: that of a node with a
// location, or a point.
type Origin struct {
	Type *catalog.Type // of the node; nil for a point
	ID   string
	At   [3]int64 // of a point, see kg.Point
}

// Near holds for nodes so near to an origin: no farther in a straight line, in
// centimetres. It does not hold for nodes, nor from origins, without a location.
type Near struct {
	Property *catalog.Property
	From     Origin
	Chord    int64
}

// Among holds when one of the objects of a stored list meets all conditions.
type Among struct {
	Property *catalog.Property
	Edge     bool
	Of       []FieldTerm
}

// FieldTerm holds when a field of a stored object has one of some values, or
// begins with one. Texts are compared as they are.
type FieldTerm struct {
	Field  *catalog.EmbeddedField
	Values []any // strings
	Begins bool  // only of a text
}

func (And) predicate()      {}
func (Or) predicate()       {}
func (Not) predicate()      {}
func (Term) predicate()     {}
func (Exists) predicate()   {}
func (Tally) predicate()    {}
func (Distinct) predicate() {}
func (Within) predicate()   {}
func (Near) predicate()     {}
func (Among) predicate()    {}

// Part is what of a property is compared: stores keep, beside the value, keys
// that compare the same on every engine.
type Part int

// The parts of a property.
const (
	// Whole is the value as it was given.
	Whole Part = iota
	// Key is what the property sorts by: the folded text, the first day of a
	// date and then its precision and last day, or the value itself.
	Key
	// Last is the last day that a date may mean.
	Last
	// X, Y and Z are where a point is from the centre of the Earth, in
	// centimetres, see kg.Point.
	X
	Y
	Z
)

// Op is a primitive comparison.
type Op string

// The primitive comparisons.
const (
	Eq       Op = "="
	Lt       Op = "<"
	Lte      Op = "<="
	Gt       Op = ">"
	Gte      Op = ">="
	In       Op = "in"
	Contains Op = "contains" // a text has the value in it
	Includes Op = "includes" // a list of folded texts has the value in it
	IsNull   Op = "null"
	NotNull  Op = "not-null"
)

// Comparison is an operator of the API, by its name there.
type Comparison string

// The operators of the API.
const (
	OpEq         Comparison = "eq"
	OpIn         Comparison = "in"
	OpExact      Comparison = "exact"
	OpContains   Comparison = "contains"
	OpStartsWith Comparison = "startsWith"
	OpLt         Comparison = "lt"
	OpLte        Comparison = "lte"
	OpGt         Comparison = "gt"
	OpGte        Comparison = "gte"
	OpIncludes   Comparison = "includes"
	OpBeginsIn   Comparison = "beginsIn"
)

// Absent returns the predicate that a property has no value, or that it has.
func Absent(p *catalog.Property, edge, absent bool) Predicate {
	op := NotNull
	if absent {
		op = IsNull
	}
	return Term{Property: p, Edge: edge, Op: op}
}

// Compare lowers an operator of the API to primitive comparisons. The value is
// one that kg.Properties could hold for the property, or a list of them for
// OpIn; dates must parse.
func Compare(p *catalog.Property, edge bool, op Comparison, value any) Predicate {
	term := func(part Part, op Op, v any) Term { return Term{Property: p, Edge: edge, Part: part, Op: op, Value: v} }
	present := term(Whole, NotNull, nil)
	switch {
	case p.Kind == catalog.Date:
		return compareDate(term, op, value.(string))
	case op == OpIncludes:
		return term(Key, Includes, text.Fold(value.(string)))
	case op == OpExact:
		return term(Whole, Eq, value)
	}
	part := Whole
	if HasKey(p) {
		part = Key
	}
	if p.Kind == catalog.String {
		value = fold(value)
	}
	switch op {
	case OpIn:
		return term(part, In, value)
	case OpContains:
		if value == "" {
			return present
		}
		return term(part, Contains, value)
	case OpStartsWith:
		if value == "" {
			return present
		}
		return And{term(part, Gte, value), term(part, Lt, text.Successor(value.(string)))}
	case OpGt, OpGte:
		// Where a value is absent its key is the greatest of all.
		c := term(part, map[Comparison]Op{OpGt: Gt, OpGte: Gte}[op], value)
		if part == Key {
			return And{c, present}
		}
		return c
	case OpLt:
		return term(part, Lt, value)
	case OpLte:
		return term(part, Lte, value)
	}
	return term(part, Eq, value)
}

// compareDate compares intervals: before means that one ends before the other
// begins, and "not after" is the opposite of after.
func compareDate(term func(Part, Op, any) Term, op Comparison, value string) Predicate {
	d, err := kg.ParseDate(value)
	if err != nil {
		panic("plan: " + err.Error()) // the planner has parsed it
	}
	// A key begins with the first day, so that a day followed by "~", which is
	// greater than any digit, separates keys by their first day.
	upTo := func(day string) string { return day + "~" }
	switch op {
	case OpLt:
		return term(Last, Lt, d.First)
	case OpLte:
		return term(Key, Lt, upTo(d.Last))
	case OpGt:
		return And{term(Key, Gt, upTo(d.Last)), term(Whole, NotNull, nil)}
	case OpGte:
		return term(Last, Gte, d.First)
	case OpBeginsIn:
		return And{term(Key, Gte, d.First), term(Key, Lt, upTo(d.Last))}
	}
	return And{term(Key, Gte, d.First), term(Key, Lt, upTo(d.First)), term(Last, Eq, d.Last)}
}

// HasKey reports whether stores keep a sort key beside the values of the
// property: texts and dates always have one, other properties when indexed.
// The id is its own key.
func HasKey(p *catalog.Property) bool {
	return p.Name != "id" && (p.Kind == catalog.String || p.Kind == catalog.Date || p.Index)
}

func fold(v any) any {
	switch v := v.(type) {
	case string:
		return text.Fold(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = text.Fold(v[i].(string))
		}
		return out
	}
	return v
}

// Pinned reports whether only few nodes can meet a condition: those of some
// ids, those beneath them, or what is related to them. Such nodes are found
// first, and what leads to them from there.
func Pinned(p Predicate) bool {
	switch p := p.(type) {
	case And:
		return slices.ContainsFunc(p, Pinned)
	case Or:
		return len(p) > 0 && !slices.ContainsFunc(p, func(part Predicate) bool { return !Pinned(part) })
	case Term:
		return p.Named()
	case Within, Near, Matches:
		return true
	case Exists:
		return Pinned(p.Of) && (p.Field.Derived == nil || !OnEdge(p.Of))
	case Tally:
		return p.Sum == nil && Positive(p) && Pinned(p.Of) && (p.Field.Derived == nil || !OnEdge(p.Of))
	}
	return false
}

// Anchor returns the part of a condition from which the nodes that meet it are
// found, however many there are of the type: that which names few nodes by the
// shortest way; a search comes after what names nodes by id. It is nil when there
// is none.
func Anchor(p Predicate) (best Predicate) {
	for _, part := range Parts(p) {
		if _, either := part.(Or); either || !Pinned(part) {
			continue
		}
		if best == nil || far(part) < far(best) {
			best = part
		}
	}
	return best
}

// far orders conditions by how few nodes they are expected to begin from.
func far(p Predicate) int {
	switch p := p.(type) {
	case Matches:
		return 1
	case Exists:
		return 2 + far(Anchor(p.Of))
	case Tally:
		return 2 + far(Anchor(p.Of))
	}
	return 0
}

// steps returns over how many relationships a condition goes to what is named.
func steps(p Predicate) int {
	switch p := p.(type) {
	case Exists:
		return 1 + steps(Anchor(p.Of))
	case Tally:
		return 1 + steps(Anchor(p.Of))
	}
	return 0
}

// Parts returns what must all hold.
func Parts(p Predicate) []Predicate {
	switch p := p.(type) {
	case nil:
		return nil
	case And:
		return p
	}
	return []Predicate{p}
}

// Positive reports whether a comparison holds only of numbers above nought.
func Positive(t Tally) bool {
	switch t.Op {
	case Gt:
		return t.Value >= 0
	case Gte, Eq:
		return t.Value >= 1
	}
	return false
}

// OnEdge reports whether a condition is also on the relationship that leads to
// the node.
func OnEdge(p Predicate) bool {
	switch p := p.(type) {
	case And:
		return slices.ContainsFunc(p, OnEdge)
	case Or:
		return slices.ContainsFunc(p, OnEdge)
	case Not:
		return OnEdge(p.Of)
	case Term:
		return p.Edge
	case Among:
		return p.Edge
	}
	return false
}
