package kg

import (
	"cmp"
	"slices"
	"strings"
)

// Properties are the values of a node or relationship by property name. A
// value is one of
//
//	string    text, identifiers, enum names, EDTF dates, RFC 3339 instants
//	int64     integers, and decimals as a count of hundredths
//	float64   finite floating point numbers
//	bool
//	[]string  lists of text; an empty list is stored as absent
//	JSON      embedded objects and lists of them, as canonical JSON
//
// An absent value is an absent key, never nil.
type Properties map[string]any

// JSON is canonical JSON text: keys sorted, no insignificant white space.
type JSON string

// Record is what one source states of a node or relationship.
type Record struct {
	Source  string `json:"source"`  // id of the Source node
	Locator string `json:"locator"` // file and row, or offsets in a text
	// Properties are those that the source states: all when nil, and none when
	// empty, of a source that only states that the node or relationship exists.
	Properties []string `json:"properties,omitempty"`
	Derivation string   `json:"derivation,omitempty"` // EXPLICIT when empty, or INFERRED
	// Overridden are the values that the source states and that are not shown, by
	// property.
	Overridden []Override `json:"-"`
}

// Override is a value that a record states of a property and that is not shown.
type Override struct {
	Property string
	Value    string // the value as text, see store.FormatValue
	// Instead is the source whose value is shown, or "" when that was given without
	// a record, and Rule is why. Apart from Edited both follow from the records, and
	// need not be given.
	Instead string
	Rule    Rule
}

// Rule says why one value is shown and not another.
type Rule string

// The rules, in the order in which they are looked at.
const (
	Edited     Rule = "EDITED"     // it was given without a source
	Explicit   Rule = "EXPLICIT"   // its source says it, the other was inferred
	Precedence Rule = "PRECEDENCE" // its source has precedence
	Later      Rule = "LATER"      // its source was published later
	Order      Rule = "ORDER"      // its source and locator come first
)

// Node is a node of the graph as imports, exports and changes carry it.
type Node struct {
	Type       string // label, as in schema.graphqls
	ID         string // global id: prefix, colon, natural key
	FormerIDs  []string
	Properties Properties
	Records    []Record
}

// Relationship is a relationship of the graph as imports, exports and changes
// carry it. Its id follows from its ends, its type and the key properties that
// the schema names, see RelationshipID.
type Relationship struct {
	Type       string
	From, To   string // ids of the ends
	Properties Properties
	Records    []Record
}

// RelationshipID returns the id of a relationship: its type, its ends and its
// discriminator. Ids of nodes hold no "|", so that different relationships
// never share an id.
func RelationshipID(typ, from, to, discriminator string) string {
	return typ + "|" + from + "|" + to + discriminator
}

// Discriminator returns what tells a relationship apart from others of its type
// between the same nodes: "|" and a value for each key property, where "|" is
// written "%7C" and "%" is written "%25". It is empty without key properties.
func Discriminator(key ...string) string {
	var b strings.Builder
	for _, k := range key {
		b.WriteString("|" + keyEscaper.Replace(k))
	}
	return b.String()
}

var keyEscaper = strings.NewReplacer("%", "%25", "|", "%7C")

// Prefix returns what an id begins with, up to the first colon, which names
// the type of its node. It is empty when there is no colon.
func Prefix(id string) string {
	p, _, ok := strings.Cut(id, ":")
	if !ok {
		return ""
	}
	return p
}

// MergeRecords returns the union of two lists of records, one per source and
// locator: those of the second list replace their like in the first. The
// result is sorted by source and locator.
func MergeRecords(old, add []Record) []Record {
	all := slices.Concat(old, add)
	SortRecords(all)
	out := all[:0]
	for _, r := range all {
		if n := len(out); n > 0 && CompareRecords(out[n-1], r) == 0 {
			out[n-1] = r // the later of the two
		} else {
			out = append(out, r)
		}
	}
	return out
}

// SortRecords sorts records by source and locator, the order in which they are
// stored and exported.
func SortRecords(records []Record) { slices.SortStableFunc(records, CompareRecords) }

// CompareRecords compares records by source and locator, which name a record.
func CompareRecords(a, b Record) int {
	return cmp.Or(strings.Compare(a.Source, b.Source), strings.Compare(a.Locator, b.Locator))
}
