package store

import (
	"math/bits"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/text"
)

// MaxProminence is that of a node with all the relationships there can be.
const MaxProminence = 127

// Prominence returns how prominent a node of a type with so many relationships
// is: two steps for each doubling, so that few writes change it.
func Prominence(t *catalog.Type, relationships int64) int64 {
	relationships /= t.Search.Scale
	if relationships <= 0 {
		return 0
	}
	n := bits.Len64(uint64(relationships))
	out := int64(2*n - 1)
	if n > 1 && relationships>>(n-2)&1 == 1 {
		out++
	}
	return out
}

// Tokens returns what an index holds of a node of a searched type.
func Tokens(t *catalog.Type, props kg.Properties) []string {
	d := text.Document{Kind: t.Name}
	if t.Search.Country != nil {
		d.Country, _ = props[t.Search.Country.Name].(string)
	}
	for _, role := range []struct {
		props []*catalog.Property
		to    *[]string
	}{{t.Search.Identifiers, &d.Identifiers}, {t.Search.Names, &d.Names}, {t.Search.Aliases, &d.Aliases}, {t.Search.Rest, &d.Rest}} {
		for _, p := range role.props {
			switch v := props[p.Name].(type) {
			case string:
				*role.to = append(*role.to, v)
			case []string:
				*role.to = append(*role.to, v...)
			}
		}
	}
	return d.Tokens()
}
