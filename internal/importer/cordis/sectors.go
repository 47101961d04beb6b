package cordis

import (
	"github.com/maillage/maillage/internal/importer/theme"
	"github.com/maillage/maillage/internal/kg"
)

// sectorNodes returns the themes and programme parts of the tables.
func sectorNodes() (out []*kg.Node) {
	for _, t := range theme.Table {
		out = append(out, t.Sector())
	}
	for _, p := range theme.Programme {
		out = append(out, p.Sector())
	}
	return out
}

// sectorRelationships returns what parts are above others and what parts come
// close to themes.
func sectorRelationships() (out []*kg.Relationship) {
	for _, p := range theme.Programme {
		if below := p.Below(); below != nil {
			out = append(out, below)
		}
	}
	for _, t := range theme.Table {
		for _, code := range t.Close {
			out = append(out, &kg.Relationship{Type: "CLOSE_MATCH", From: t.ID(), To: theme.PartID(code), Records: []kg.Record{t.Record()}})
		}
	}
	return out
}
