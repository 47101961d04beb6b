// Package jsonl reads and writes graphs as canonical JSON Lines: one node or
// relationship a line, keys sorted, no insignificant white space, nodes by
// (type, id) and then relationships by (type, from, to, id). Equal graphs are
// equal bytes.
//
// A node and a relationship are written as
//
//	{"formerIds":[…],"id":"org:pic:952966025","properties":{…},"records":[…],"type":"Organization"}
//	{"from":"org:pic:952966025","properties":{…},"records":[…],"to":"project:cordis:193157","type":"PARTICIPATES_IN"}
//
// where formerIds, properties and records are left out when they are empty. A
// record is {"derivation":"INFERRED","edited":{"city":"…"},"locator":"…","overridden":{"name":"…"},"properties":[…],"source":"…"};
// derivation stands only when it is INFERRED, properties only when the source
// states some or none of them, and not all; overridden has what it states and is
// not shown, each value as a text, edited the same where an edit is shown. Texts, enums, dates and instants are strings, decimals
// strings with two decimals, integers and floats numbers, embedded values
// objects.
package jsonl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// Error says what is wrong with one line.
type Error struct {
	Line     int    // from 1
	Property string // the property or key at fault; empty when it is the line as a whole
	Reason   string
}

// Error returns line, property and reason in one text.
func (e *Error) Error() string {
	if e.Property == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	}
	return fmt.Sprintf("line %d: %s: %s", e.Line, e.Property, e.Reason)
}

// Sort puts changes into canonical order.
func Sort(c *catalog.Catalog, changes []kg.Change) {
	slices.SortFunc(changes, func(a, b kg.Change) int {
		switch {
		case a.Node != nil && b.Node != nil:
			return cmp.Or(strings.Compare(a.Node.Type, b.Node.Type), strings.Compare(a.Node.ID, b.Node.ID))
		case a.Node != nil:
			return -1
		case b.Node != nil:
			return 1
		}
		x, y := a.Relationship, b.Relationship
		if d := cmp.Or(strings.Compare(x.Type, y.Type), strings.Compare(x.From, y.From), strings.Compare(x.To, y.To)); d != 0 {
			return d
		}
		r := c.Relationship(x.Type)
		return strings.Compare(r.Discriminator(x.Properties), r.Discriminator(y.Properties))
	})
}
