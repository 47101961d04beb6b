// Package plan holds what a root field asks of a graph, as plain data: where it
// begins, what it selects, and how connections are filtered, ordered and cut.
// Plans print as S-expressions and know nothing of any database. Only a Normal
// plan can be compiled.
package plan

import "github.com/maillage/maillage/internal/catalog"

// Plan is a plan of one root field as the planner makes it.
type Plan struct {
	Name string // of the root field
	Root Root
}

// Root is what a root field asks for: *Lookup, *Connection, *Search, *Computed
// or *Stats.
type Root interface{ root() }

// Lookup finds nodes by their ids, or by former ids. It answers one object or
// null, or, as a List, an object or null for each id in order.
type Lookup struct {
	IDs      []string
	List     bool
	Branches []Branch // one for each type that the ids' prefixes name, by name
}

// Branch is what is selected of the nodes of one type.
type Branch struct {
	Type   *catalog.Type
	Fields []Field
}

// Stats asks for the counts of the graph.
type Stats struct{ Fields []StatsField }

// StatsField is a field of the type Stats, or of its parts, by response key.
type StatsField struct {
	Key      string
	Name     string // nodes, relationships, revision, updatedAt, projection; of a part: type, count
	Typename string // answered when Name is empty
	Fields   []StatsField
	// Own is whether the service knows it and no store does, which answers null in
	// its place; then Members are what is selected of it.
	Own     bool
	Members []Member
}

// Field is something selected of a node or of an edge, under a response key:
// *Typename, *Value, *Test, *Embedded, *Connection, of a node also *Facts and
// *Computed, and of an edge *Cursor, *EdgeID and *EdgeNode.
type Field interface {
	ResponseKey() string
}

// Typename answers the name of a type.
type Typename struct{ Key, Name string }

// Value answers a property. Fallback answers where the property is absent.
type Value struct {
	Key      string
	Property *catalog.Property
	Fallback *catalog.Property
	Edge     bool // whether it is a property of the relationship
}

// Test answers whether a condition holds of the node or of the relationship: the
// value of a computed property.
type Test struct {
	Key      string
	Property *catalog.Property
	Edge     bool
	Of       Predicate
}

// Embedded answers a stored object, or a list of them.
type Embedded struct {
	Key      string
	Property *catalog.Property
	Edge     bool
	Fields   []EmbeddedField
}

// EmbeddedField is a field of a stored object. Of a reference, Fields are what
// is selected of the node.
type EmbeddedField struct {
	Key      string
	Typename string                 // answered when Field is nil
	Field    *catalog.EmbeddedField // what is answered
	Fields   []Field
}

// Cursor answers the position of an edge.
type Cursor struct{ Key string }

// EdgeID answers the id of the relationship.
type EdgeID struct{ Key string }

// EdgeNode answers the node of an edge.
type EdgeNode struct {
	Key    string
	Fields []Field
}

// Connection is a page of nodes: all of a type when Field is nil, else those
// that a relationship leads to.
type Connection struct {
	Key    string
	Field  *catalog.RelationshipField
	Target *catalog.Type
	Scope  Scope // which relationships and nodes it shows
	// Shared leads back from the nodes to the node of which the connection shows
	// what it shares with another: the nodes between, of an edge of a derived
	// connection. It is nil elsewhere.
	Shared *catalog.RelationshipField
	Filter Predicate // nil when there is none
	Order  []OrderKey
	Page   Page
	Fields []ConnectionField
}

// ConnectionField is something selected of a connection: *Typename, *Edges,
// *Nodes, *TotalCount, *PageInfo, *Facets or *Aggregate.
type ConnectionField interface {
	ResponseKey() string
}

// Edges answers the edges of a page.
type Edges struct {
	Key    string
	Fields []Field
}

// Nodes answers the nodes of a page.
type Nodes struct {
	Key    string
	Fields []Field
}

// TotalCount answers how many items are on all pages.
type TotalCount struct{ Key string }

// PageInfo answers where a page begins and ends.
type PageInfo struct {
	Key    string
	Fields []PageInfoField
}

// Facets answers how the items of all pages fall into groups: the largest first,
// by value among equals.
type Facets struct {
	Key    string
	By     FacetKey
	Across *FacetKey // makes the groups pairs; nil when there is one key
	Limit  int
	Fields []FacetField
}

// FacetKey is what items are grouped by: a property of the node or of the
// relationship, or related nodes, in which case an item is in as many groups.
type FacetKey struct {
	Property *catalog.Property
	Edge     bool
	Of       Predicate // what holds or not, of a computed property
	// Digits is how much of a date's first day is the group: 4 for its year, 7
	// for its month.
	Digits int
	Field  *catalog.RelationshipField
	Scope  Scope
	// Level takes, in place of a related node, those above it that are so many
	// steps from the top of the hierarchy, where 1 is the top; 0 takes the node.
	Level int
}

// FacetField is a field of a group: value, label or count, of its second key
// when Across, or __typename. Label is the property of a related node that is
// answered, Fallback what is in its absence.
type FacetField struct {
	Key      string
	Name     string // value, label, count, across; empty for Typename
	Typename string
	Label    *catalog.Property
	Fallback *catalog.Property
	Fields   []FacetField // of across
}

// Aggregate answers figures over the items of all pages.
type Aggregate struct {
	Key    string
	Fields []AggregateField
}

// AggregateField is the count of the items, figures of one property, those of
// the relationship's properties under edge, or __typename.
type AggregateField struct {
	Key      string
	Name     string // count, edge, sum, avg, min, max; empty for Typename and of a Property
	Typename string
	Property *catalog.Property // of sum, avg, min and max too
	Edge     bool
	Fields   []AggregateField
}

// PageInfoField is a field of PageInfo, or __typename.
type PageInfoField struct{ Key, Name string }

// Page says which part of an order is asked for: at most Limit items from its
// start, or Backward from its end, strictly between two positions. A position
// holds a value for each key of the order and is nil when open.
type Page struct {
	Limit         int
	Backward      bool
	After, Before []any
	// Extra is whether one more item is fetched to know if there is more. It is
	// set by Normalize.
	Extra bool
}

// Fetch returns how many items a statement reads: the limit, and the extra one.
func (p Page) Fetch() int {
	if p.Extra {
		return p.Limit + 1
	}
	return p.Limit
}

// OrderKey is one key of an order: a property of the node or of the
// relationship, a count of relationships of the node, or the relationship's id.
type OrderKey struct {
	Property *catalog.Property
	Edge     bool
	// Degree is the field whose relationships are counted. Of a derived field
	// those with a positive Derived.By count; with Sum it is not their number but
	// the sum of the property.
	Degree *catalog.RelationshipField
	Sum    *catalog.Property
	Scope  Scope // of what is counted
	EdgeID bool
	// Distance is from where the distance to the node's location is the key; nil
	// of other keys. Its Property is the location.
	Distance *Origin
	Desc     bool
}

// Stored reports whether the store keeps the value of the key.
func (k OrderKey) Stored() bool {
	return k.Distance == nil && (k.Degree == nil || (k.Sum == nil && k.Scope.Usual(k.Degree)))
}

// Related returns what a key that is not stored counts or sums.
func (k OrderKey) Related() Related {
	r := Related{Field: k.Degree, Scope: k.Scope}
	if d := k.Degree.Derived; d != nil && k.Sum == nil {
		r.Of = Term{Property: d.By, Edge: true, Op: Gt, Value: int64(0)}
	}
	return r
}

func (*Lookup) root()     {}
func (*Connection) root() {}
func (*Stats) root()      {}

// ResponseKey returns the key under which the field is answered.
func (f *Typename) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *Value) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *Test) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *Embedded) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *Cursor) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *EdgeID) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *EdgeNode) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *Connection) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *Edges) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *Nodes) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *TotalCount) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *Facets) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *Aggregate) ResponseKey() string { return f.Key }

// ResponseKey returns the key under which the field is answered.
func (f *PageInfo) ResponseKey() string { return f.Key }
