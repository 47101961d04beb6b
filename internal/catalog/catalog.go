// Package catalog reads the model in schema.graphqls once and answers what the
// graph is made of: types with their properties, relationships with their ends
// and properties. Planner, stores, imports and exports all ask it, so that a
// new type or property is an edit of the schema and of nothing else.
package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/kg"
)

// Catalog is a model of a graph. It does not change after Load.
type Catalog struct {
	Types         []*Type         // by name
	Relationships []*Relationship // by name
	Embedded      []*Embedded     // by name
	Computed      []*Computed     // at the root, in the order of the schema
	Precedence    *Precedence     // nil when no type of node decides between records
	Hash          string          // hexadecimal SHA-256 of String, the model without its descriptions

	types         map[string]*Type
	prefixes      map[string]*Type
	relationships map[string]*Relationship
}

// Type is a type of node: a label on Neo4j, a table on SQLite.
type Type struct {
	Name        string
	Prefix      string // what its ids begin with, without the colon
	Plural      string // root connection; empty when the type is not listed
	Description string
	Views       []View
	Properties  []*Property          // in the order of the schema; the first is id
	Fields      []*RelationshipField // in the order of the schema
	Derived     []*RelationshipField // computed from others, in the order of the schema
	Facts       []*Facts             // computed from what others say, in the order of the schema
	Computed    []*Computed          // answered by algorithms, in the order of the schema
	Label       *Property            // what people call a node of the type; nil when nothing is said
	Location    *Property            // where a node is: its first point; nil when it has none
	// Hierarchy leads from a node to those directly above it; nil when the type
	// is flat.
	Hierarchy *RelationshipField
	// Within leads to the nodes in which a node of the type lies; nil when there
	// are none.
	Within *RelationshipField
	Period *Period // when a node holds; nil when it always does
	Search *Search // by what its nodes are found; nil when they are not searched

	properties map[string]*Property
	fields     map[string]*RelationshipField
}

// View is a further root connection over a type, restricted to one value of a
// property.
type View struct {
	Name     string
	Property *Property
	Equals   string
}

// Kind is the kind of a property's value.
type Kind int

// The kinds, with the Go type of their values in kg.Properties.
const (
	String     Kind = iota + 1 // string
	ID                         // string, an id
	Int                        // int64 within 32 bits
	Float                      // float64, finite
	Boolean                    // bool
	Date                       // string, EDTF
	DateTime                   // string, RFC 3339 in UTC
	Decimal                    // int64, hundredths
	Enum                       // string, one of Property.Enum
	StringList                 // []string
	Embed                      // kg.JSON: an object, or a list of them
	Localized                  // computed from two String properties, never stored
	Live                       // bool, computed from a Period and the day, never stored
)

var kindNames = [...]string{"", "String", "ID", "Int", "Float", "Boolean", "Date", "DateTime", "Decimal", "Enum", "StringList", "Embed", "Localized", "Live"}

// String returns the name of the kind.
func (k Kind) String() string { return kindNames[k] }

// Sortable reports whether values of the kind have an order in which
// connections can be sorted.
func (k Kind) Sortable() bool {
	switch k {
	case String, ID, Int, Float, Date, DateTime, Decimal, Enum:
		return true
	}
	return false
}

// References returns the properties that name other nodes, or relationships, by
// their ids.
func (t *Type) References() (out []*Property) {
	for _, p := range t.Properties {
		if p.Kind == ID && p.Name != "id" {
			out = append(out, p)
		}
	}
	return out
}

// Property is a property of a node type or of a relationship.
type Property struct {
	Name        string
	Description string
	Kind        Kind
	TypeName    string   // the name of its GraphQL type, without list and non-null
	Enum        []string // the values of an enum, sorted
	Required    bool
	Index       bool
	List        bool      // of an embedded: whether it is a list
	Embedded    *Embedded // the shape of an embedded
	FR, EN      *Property // where a localized text takes its value from
	Period      *Period   // of a live: what today lies in
}

// Computed reports whether values of the property are never stored.
func (p *Property) Computed() bool { return p.Kind == Localized || p.Kind == Live }

// Embedded is a type of value that is stored inside a node or relationship.
type Embedded struct {
	Name        string
	Description string
	Fields      []EmbeddedField
}

// EmbeddedField is a field of an embedded value: plain JSON, or the node of
// the type Reference whose id is stored.
type EmbeddedField struct {
	Name        string
	Description string
	SDL         string // its type in the schema, such as "String!"
	Reference   *Type
	Enum        []string // the values of an enum, sorted
	StringList  bool
	Default     string // JSON that is written when the value is absent
}

// Comparable reports whether a stored object can be found by the field: by the
// id of a node, by a value of an enum, or by a text that is always there.
func (f *EmbeddedField) Comparable() bool {
	return f.Reference != nil || len(f.Enum) > 0 || f.Text()
}

// Text reports whether every stored object has a text in the field.
func (f *EmbeddedField) Text() bool { return f.SDL == "String!" }

// TypeName is the name of the field's type in the schema, without non-null.
func (f *EmbeddedField) TypeName() string { return strings.TrimSuffix(f.SDL, "!") }

// Otherwise is the text that an enum without a value has, or "".
func (f *EmbeddedField) Otherwise() string {
	if f.Default == "null" {
		return ""
	}
	return strings.Trim(f.Default, `"`)
}

// Comparable returns the fields by which one of the stored objects of a list can
// be found: the first is a reference, without which there are none.
func (p *Property) Comparable() (out []*EmbeddedField) {
	if p.Kind != Embed || !p.List {
		return nil
	}
	for i := range p.Embedded.Fields {
		if f := &p.Embedded.Fields[i]; f.Comparable() {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b *EmbeddedField) int {
		return strings.Compare(fmt.Sprint(a.Reference == nil), fmt.Sprint(b.Reference == nil))
	})
	if len(out) == 0 || out[0].Reference == nil {
		return nil
	}
	return out
}

// Direction is the direction of a relationship seen from a field.
type Direction int

// The directions.
const (
	Out Direction = iota
	In
)

// String returns OUT or IN.
func (d Direction) String() string {
	if d == In {
		return "IN"
	}
	return "OUT"
}

// RelationshipField is a relationship seen from one of its ends: a connection
// in the API, and a stored count of what it reaches by default (its degree).
type RelationshipField struct {
	Owner        *Type
	Name         string
	Description  string
	Relationship *Relationship
	Direction    Direction
	Target       *Type
	Index        bool // whether the degree is indexed
	// Derived says how the field is computed; nil for one that is stored. The
	// relationship of a derived field is not stored either: it has what one pair
	// of nodes shares as its properties.
	Derived *Derived
}

// Derived is what a computed field is made of: the nodes that are reached over
// two relationships, each once, with what lies between.
type Derived struct {
	Ways   []*Way
	Counts []WayCount
	Spans  []Span
	// Order is the name of the order by how many nodes have a positive By; empty
	// when there is none.
	Order string
	By    *Property
}

// Way leads over a node between: Out to it, Back on to the nodes of the owner's
// type.
type Way struct {
	Name        string // the connection of an edge that shows the nodes between
	Description string
	Out, Back   *RelationshipField
}

// WayCount is a property of a derived relationship: how many nodes lie between
// on a way. With AtMost, those with more relationships back are left out.
type WayCount struct {
	Property *Property
	Way      *Way
	AtMost   int
}

// Span is a property of a derived relationship: the first or the last of a date
// of the nodes between, where they have it.
type Span struct {
	Property *Property
	Of       string
	Last     bool
}

// On returns the date of the nodes between on a way, or nil where they have none.
func (s Span) On(w *Way) *Property {
	p := w.Out.Target.Property(s.Of)
	if p == nil || p.Kind != Date {
		return nil
	}
	return p
}

// Between returns the way that an edge shows under a name, or nil.
func (d *Derived) Between(name string) *Way {
	for _, w := range d.Ways {
		if w.Name == name {
			return w
		}
	}
	return nil
}

// Degree is the name of the stored count of the field.
func (f *RelationshipField) Degree() string { return f.Name + "_count" }

// ConnectionType is the prefix of the names of the API types of the field,
// such as OrganizationProjects.
func (f *RelationshipField) ConnectionType() string {
	return f.Owner.Name + strings.ToUpper(f.Name[:1]) + f.Name[1:]
}

// Exclusive reports whether all relationships that leave the field's owner in
// its direction end at the field's target: then the label of the far end says
// nothing.
func (f *RelationshipField) Exclusive() bool {
	for _, e := range f.Relationship.Ends {
		near, far := e.From, e.To
		if f.Direction == In {
			near, far = far, near
		}
		if near == f.Owner && far != f.Target {
			return false
		}
	}
	return true
}

// Relationship is a type of relationship.
type Relationship struct {
	Name           string
	PropertiesType string // the schema type of its properties; empty when it has none
	Description    string // of the properties type
	Properties     []*Property
	Key            []*Property // what tells apart relationships between the same nodes
	Ends           []Ends
	Status         *Property // the property of type FactStatus, if any
	Period         *Period   // when a relationship holds; nil when it always does

	properties map[string]*Property
}

// Ends are the types that a relationship may join.
type Ends struct{ From, To *Type }

// Names of the properties that hold provenance: what is stated by whom, and what
// of it is not shown.
const (
	Records       = "records"
	Disagreements = "disagreements"
)

// Provenance reports whether a property of the name holds provenance: it is not
// set like others.
func Provenance(name string) bool { return name == Records || name == Disagreements }

// Precedence says which records are believed where records disagree: those of the
// source with the greater number, then of that with the later date.
type Precedence struct {
	Type         *Type // of sources
	Number, Date *Property
}

// Type returns the type of a name, or nil.
func (c *Catalog) Type(name string) *Type { return c.types[name] }

// TypeOfID returns the type that the prefix of an id names, or nil.
func (c *Catalog) TypeOfID(id string) *Type {
	prefix, _, ok := strings.Cut(id, ":")
	if !ok {
		return nil
	}
	return c.prefixes[prefix]
}

// Relationship returns the relationship of a name, or nil.
func (c *Catalog) Relationship(name string) *Relationship { return c.relationships[name] }

// Property returns the property of a name, or nil.
func (t *Type) Property(name string) *Property { return t.properties[name] }

// Connections returns the stored and the derived fields.
func (t *Type) Connections() []*RelationshipField {
	return append(slices.Clone(t.Fields), t.Derived...)
}

// Field returns the relationship field of a name, stored or derived, or nil.
func (t *Type) Field(name string) *RelationshipField { return t.fields[name] }

// Single is the name of the root field that looks up one node of the type.
func (t *Type) Single() string { return strings.ToLower(t.Name[:1]) + t.Name[1:] }

// Property returns the property of a name, or nil.
func (r *Relationship) Property(name string) *Property { return r.properties[name] }

// Joins reports whether the relationship may lead from one type to the other.
func (r *Relationship) Joins(from, to *Type) bool {
	return slices.Contains(r.Ends, Ends{from, to})
}

// Fields returns the fields of all types through which a relationship between
// nodes of the given types is seen: those that count it.
func (c *Catalog) Fields(r *Relationship, from, to *Type) (out []*RelationshipField) {
	for _, f := range from.Fields {
		if f.Relationship == r && f.Direction == Out && f.Target == to {
			out = append(out, f)
		}
	}
	for _, f := range to.Fields {
		if f.Relationship == r && f.Direction == In && f.Target == from {
			out = append(out, f)
		}
	}
	return out
}

// String writes the model as one line per type, relationship and enum, without
// descriptions: equal models write equal text.
func (c *Catalog) String() string {
	var b strings.Builder
	for _, t := range c.Types {
		fmt.Fprintf(&b, "type %s %s", t.Name, t.Prefix)
		for _, p := range t.Properties {
			b.WriteString(" " + p.signature())
		}
		for _, f := range t.Fields {
			fmt.Fprintf(&b, " %s:%s-%s->%s", f.Name, f.Relationship.Name, f.Direction, f.Target.Name)
			if f.Index {
				b.WriteString("@index")
			}
		}
		b.WriteByte('\n')
	}
	for _, t := range c.Searched() {
		fmt.Fprintf(&b, "%s %s %s\n", searchLine, t.Name, t.Search)
	}
	for _, r := range c.Relationships {
		fmt.Fprintf(&b, "relationship %s", r.Name)
		for _, p := range r.Properties {
			b.WriteString(" " + p.signature())
		}
		for _, k := range r.Key {
			b.WriteString(" key:" + k.Name)
		}
		b.WriteByte('\n')
	}
	enums := c.enums()
	for _, name := range slices.Sorted(maps.Keys(enums)) {
		fmt.Fprintf(&b, "enum %s %s\n", name, strings.Join(enums[name], " "))
	}
	return b.String()
}

// enums returns the values of the enums that properties have, by name.
func (c *Catalog) enums() map[string][]string {
	out := map[string][]string{}
	add := func(props []*Property) {
		for _, p := range props {
			if len(p.Enum) > 0 {
				out[p.TypeName] = p.Enum
			}
		}
	}
	for _, t := range c.Types {
		add(t.Properties)
	}
	for _, r := range c.Relationships {
		add(r.Properties)
	}
	return out
}

func (p *Property) signature() string {
	s := p.Name + ":" + p.Kind.String()
	if p.List {
		s += "[]"
	}
	if p.Index {
		s += "@index"
	}
	// What stores keep beside it.
	if p.Point() {
		s += " " + p.Name + "_x:Int"
	}
	for _, f := range p.Comparable() {
		if len(f.Enum) > 0 {
			s += " " + p.Name + "_" + f.Name + ":Enum"
		}
	}
	return s
}

// Point reports whether values of the property are points on the globe: objects
// with a latitude and a longitude.
func (p *Property) Point() bool {
	if p.Kind != Embed || p.List {
		return false
	}
	has := func(name string) bool {
		return slices.ContainsFunc(p.Embedded.Fields, func(f EmbeddedField) bool { return f.Name == name && f.SDL == "Float!" })
	}
	return has("latitude") && has("longitude")
}

func (c *Catalog) finish() {
	slices.SortFunc(c.Types, func(a, b *Type) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(c.Relationships, func(a, b *Relationship) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(c.Embedded, func(a, b *Embedded) int { return strings.Compare(a.Name, b.Name) })
	for _, r := range c.Relationships {
		slices.SortFunc(r.Ends, func(a, b Ends) int {
			if d := strings.Compare(a.From.Name, b.From.Name); d != 0 {
				return d
			}
			return strings.Compare(a.To.Name, b.To.Name)
		})
		r.Ends = slices.Compact(r.Ends)
	}
	sum := sha256.Sum256([]byte(c.String()))
	c.Hash = hex.EncodeToString(sum[:])
}

// Discriminator returns what tells a relationship with the given properties
// apart from others between the same nodes, see kg.Discriminator.
func (r *Relationship) Discriminator(props kg.Properties) string {
	values := make([]string, len(r.Key))
	for i, k := range r.Key {
		values[i], _ = props[k.Name].(string)
	}
	return kg.Discriminator(values...)
}

// ID returns the id of a relationship of the type.
func (r *Relationship) ID(rel *kg.Relationship) string {
	return kg.RelationshipID(rel.Type, rel.From, rel.To, r.Discriminator(rel.Properties))
}

// Sources returns the types that the relationship leaves, in the order of their
// ids.
func (r *Relationship) Sources() (out []*Type) {
	for _, e := range r.Ends {
		if !slices.Contains(out, e.From) {
			out = append(out, e.From)
		}
	}
	slices.SortFunc(out, func(a, b *Type) int { return strings.Compare(a.Prefix+":", b.Prefix+":") })
	return out
}
