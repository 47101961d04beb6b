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
	for _, p := range programme {
		out = append(out, &kg.Node{
			Type: "Sector", ID: partID(p.code),
			Properties: kg.Properties{"scheme": "H2020", "code": p.code, "labelFr": p.fr, "labelEn": p.en},
			Records:    []kg.Record{programmeRecord},
		})
	}
	return out
}

// programmeRecord cites the table of programme parts.
var programmeRecord = kg.Record{Source: theme.Source, Locator: "programme.go"}

func partID(code string) string { return "sector:h2020:" + code }

// sectorRelationships returns what parts are above others and what parts come
// close to themes.
func sectorRelationships() (out []*kg.Relationship) {
	add := func(typ, from, to string, record kg.Record) {
		out = append(out, &kg.Relationship{Type: typ, From: from, To: to, Records: []kg.Record{record}})
	}
	for _, p := range programme {
		if above := broaderCode(p.code); above != "" {
			add("BROADER", partID(p.code), partID(above), programmeRecord)
		}
	}
	for _, t := range theme.Table {
		for _, code := range t.Close {
			add("CLOSE_MATCH", t.ID(), partID(code), t.Record())
		}
	}
	return out
}
