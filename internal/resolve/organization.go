package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/kg"
)

// organization is what is compared of a node.
type organization struct {
	id                  string
	name                string // as it is written
	country, city, kind string
	identifiers         map[string]identifier
	keys                []nameKey
}

// identifier is a code by which somebody keeps organisations apart.
type identifier struct {
	value    string
	inferred bool // whether it was only concluded that the code is its own
}

// nodeType is the type of the nodes that are resolved.
const nodeType = "Organization"

// identifiers are the properties that identify an organisation, and the kinds of
// natural keys that ids are made of: the first that an organisation has is the
// one to be known by.
var identifiers = []string{"siren", "pic", "lei", "vat"}

func read(n *kg.Node) *organization {
	o := &organization{
		id: n.ID, name: textOf(n, "name"), country: textOf(n, "country"), city: squeeze(textOf(n, "city")), kind: textOf(n, "kind"),
		identifiers: map[string]identifier{},
	}
	for _, p := range identifiers {
		if v := textOf(n, p); v != "" {
			o.identifiers[p] = identifier{v, inferred(n, p)}
		}
	}
	aliases, _ := n.Properties["aliases"].([]string)
	o.keys = nameKeys(o.name, aliases)
	return o
}

func textOf(n *kg.Node, property string) string {
	s, _ := n.Properties[property].(string)
	return s
}

// inferredRecord is the derivation of a record that was concluded.
const inferredRecord = "INFERRED"

// inferred reports whether records say a property, and none explicitly.
func inferred(n *kg.Node, property string) bool {
	saying := slices.DeleteFunc(slices.Clone(n.Records), func(r kg.Record) bool { return !states(r, property) })
	return len(saying) > 0 && !slices.ContainsFunc(saying, func(r kg.Record) bool { return r.Derivation != inferredRecord })
}

// states reports whether a record is about a property.
func states(r kg.Record, property string) bool {
	return r.Properties == nil || slices.Contains(r.Properties, property)
}

// stated reports whether some record is about a property.
func stated(records []kg.Record, property string) bool {
	return slices.ContainsFunc(records, func(r kg.Record) bool { return states(r, property) })
}

// compareIDs orders ids by how well they serve as the lasting one of an
// organisation: by the kind of their natural key, then as texts.
func compareIDs(a, b string) int {
	rank := func(id string) int {
		kind, _, _ := strings.Cut(strings.TrimPrefix(id, kg.Prefix(id)+":"), ":")
		if i := slices.Index(identifiers, kind); i >= 0 {
			return i
		}
		return len(identifiers)
	}
	return cmp.Or(rank(a)-rank(b), strings.Compare(a, b))
}
