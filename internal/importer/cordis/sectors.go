package cordis

import "github.com/maillage/maillage/internal/kg"

// sectorNodes returns the themes and programme parts of the tables.
func sectorNodes() (out []*kg.Node) {
	for _, t := range themes {
		n := sectorNode(themeID(t.code), "THEME", t.code, t.fr, t.en)
		n.Properties["alternativeLabels"] = t.other
		out = append(out, n)
	}
	for _, p := range programme {
		out = append(out, sectorNode(partID(p.code), "H2020", p.code, p.fr, p.en))
	}
	return out
}

func sectorNode(id, scheme, code, fr, en string) *kg.Node {
	return &kg.Node{
		Type: "Sector", ID: id,
		Properties: kg.Properties{"scheme": scheme, "code": code, "labelFr": fr, "labelEn": en},
		Records:    []kg.Record{ownRecord(scheme)},
	}
}

// ownRecord cites the table of a scheme.
func ownRecord(scheme string) kg.Record {
	if scheme == "THEME" {
		return kg.Record{Source: sourceOwn, Locator: "themes.go"}
	}
	return kg.Record{Source: sourceOwn, Locator: "programme.go"}
}

// sectorRelationships returns what parts are above others and what parts come
// close to themes.
func sectorRelationships() (out []*kg.Relationship) {
	add := func(typ, from, to, scheme string) {
		out = append(out, &kg.Relationship{Type: typ, From: from, To: to, Records: []kg.Record{ownRecord(scheme)}})
	}
	for _, p := range programme {
		if above := broaderCode(p.code); above != "" {
			add("BROADER", partID(p.code), partID(above), "H2020")
		}
	}
	for _, t := range themes {
		for _, code := range t.close {
			add("CLOSE_MATCH", themeID(t.code), partID(code), "THEME")
		}
	}
	return out
}
