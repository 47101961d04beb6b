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
	Source     string   `json:"source"`               // id of the Source node
	Locator    string   `json:"locator"`              // file and row, or offsets in a text
	Properties []string `json:"properties,omitempty"` // what the source states; all of it when empty
	Derivation string   `json:"derivation,omitempty"` // EXPLICIT when empty, or INFERRED
}

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
		if n := len(out); n > 0 && compareRecords(out[n-1], r) == 0 {
			out[n-1] = r // the later of the two
		} else {
			out = append(out, r)
		}
	}
	return out
}

// SortRecords sorts records by source and locator, the order in which they are
// stored and exported.
func SortRecords(records []Record) { slices.SortStableFunc(records, compareRecords) }

func compareRecords(a, b Record) int {
	return cmp.Or(strings.Compare(a.Source, b.Source), strings.Compare(a.Locator, b.Locator))
}
