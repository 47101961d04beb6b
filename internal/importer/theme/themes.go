// Package theme holds the fields of work in the words that people use, such as
// cybersecurity, the parts of Horizon 2020, and the rules by which projects and calls
// belong to them.
package theme

import (
	"path"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/kg"
)

// Theme is a field of work. Counts beside the rules are of the files of 2016,
// natural persons included.
type Theme struct {
	Code   string
	FR, EN string
	Other  []string // further labels

	// A project belongs to it by a topic, which is meant with all its years
	// (LCE-01 is also LCE-01-2014), by a part of the programme, without those
	// below it, or by its record number.
	Topics   []string
	Parts    []string
	Projects []string
	// A call belongs to it by its identifier, in patterns of path.Match: a
	// family of topics, never the whole cluster, or single ones.
	Calls []string

	Close []string // programme parts that come close
}

// Source is the id of the source of the table: its records cite it.
const Source = "source:maillage:sectors"

// Table is the table of themes and rules.
var Table = []Theme{
	{ // 23 projects, 171 organisations. Not all of "secure societies", which is mostly about disasters.
		Code: "cybersecurity", FR: "Cybersécurité", EN: "Cybersecurity",
		Other:  []string{"Digital security", "Sécurité informatique", "Sécurité numérique"},
		Topics: []string{"DS-*", "ICT-32"},
		Calls:  []string{"HORIZON-CL3-*-CS-ECCC-*"}, // increased cybersecurity
	},
	{ // 74 projects, 572 organisations.
		Code: "renewable-energy", FR: "Énergies renouvelables", EN: "Renewable energy",
		Other:  []string{"EnR", "Renewables", "Énergie renouvelable"},
		Topics: []string{"LCE-01", "LCE-02", "LCE-03", "LCE-04", "LCE-11", "LCE-12", "LCE-14"},
		Parts:  []string{"H2020-EU.3.3.2.1.", "H2020-EU.3.3.2.2.", "H2020-EU.3.3.2.4.", "H2020-EU.3.3.3."},
		Calls: []string{
			// The energy supply of cluster 5 without its grids, data and storage of carbon.
			"HORIZON-CL5-*-D3-0[3-9]", "HORIZON-CL5-*-D3-1[0-7]",
			"RENEWFM-*", "LIFE-*-CET-RENEWHC",
			"HORIZON-CL4-2027-02-MAT-PROD-32-two-stage", // renewable energy for process industries
		},
		Close: []string{"H2020-EU.3.3.2.1.", "H2020-EU.3.3.2.2.", "H2020-EU.3.3.2.4.", "H2020-EU.3.3.3."},
	},
	{ // 6 projects, 74 organisations: no topic or part is about textiles, so the projects are picked by hand.
		Code: "textiles", FR: "Textile", EN: "Textiles",
		Other: []string{"Clothing", "Habillement", "Textiles"},
		Projects: []string{
			"193902", // ArcInTex ETN: textiles in architecture
			"194179", // ETexWeld: welding of e-textiles
			"196815", // RESYNTEX: textile waste as a raw material
			"196830", // ECWRTI: reuse of water in the textile industry
			"196847", // Trash-2-Cash: fibres from waste
			"197255", // TCBL: textile and clothing business labs
		},
		Calls: []string{
			"HORIZON-CL4-2027-01-MAT-PROD-08", // circularity of textiles
			"HORIZON-CL6-2026-01-CIRCBIO-02",  // recycling of mixed textile waste
			"HORIZON-CL6-2026-01-CIRCBIO-04",  // collection, sorting and repair of textiles
			"HORIZON-JU-CBE-2026-RIA-03",      // bio-based fibres
			"EDF-2026-DA-MATCOMP-SMT-STEP",    // smart textiles
		},
	},
	{ // 9 projects, 148 organisations.
		Code: "industrial-symbiosis", FR: "Symbiose industrielle", EN: "Industrial symbiosis",
		Other:  []string{"Industrial ecology", "Écologie industrielle"},
		Topics: []string{"WASTE-1", "SPIRE-06"},
		Calls: []string{ // no family is about it: those whose text asks for it
			"HORIZON-CL5-2027-07-D3-32",
			"HORIZON-CL6-2026-01-CIRCBIO-02",
			"HORIZON-CL6-2027-01-CIRCBIO-09",
		},
		Close: []string{"H2020-EU.2.1.5.3.", "H2020-EU.3.5.4."},
	},
}

// ID returns the id of the theme's sector.
func (t Theme) ID() string { return "sector:theme:" + t.Code }

// Sector returns the theme as a node.
func (t Theme) Sector() *kg.Node {
	return &kg.Node{
		Type: "Sector", ID: t.ID(),
		Properties: kg.Properties{"scheme": "THEME", "code": t.Code, "labelFr": t.FR, "labelEn": t.EN, "alternativeLabels": t.Other},
		Records:    []kg.Record{t.Record()},
	}
}

// Record cites the table.
func (t Theme) Record() kg.Record { return kg.Record{Source: Source, Locator: "themes.go"} }

// OfProject returns the rule by which a project belongs to the theme, or "".
func (t Theme) OfProject(rcn string, topics, parts []string) string {
	if slices.Contains(t.Projects, rcn) {
		return "project " + rcn
	}
	for _, want := range t.Topics {
		for _, topic := range topics {
			stem, open := strings.CutSuffix(want, "*")
			if topic == want || open && strings.HasPrefix(topic, stem) || strings.HasPrefix(topic, want+"-") {
				return "topic " + want
			}
		}
	}
	for _, want := range t.Parts {
		if slices.Contains(parts, want) {
			return "programme " + want
		}
	}
	return ""
}

// OfCall returns the rule by which a call belongs to the theme, or "".
func (t Theme) OfCall(identifier string) string { return ofCall(t.Calls, identifier) }

// ofCall returns which of some patterns a call meets, as a rule, or "".
func ofCall(patterns []string, identifier string) string {
	for _, want := range patterns {
		if is, err := path.Match(want, identifier); err == nil && is {
			return "call " + want
		}
	}
	return ""
}

// SourceNode returns the source of the project's own tables of sectors.
func SourceNode() *kg.Node {
	return &kg.Node{
		Type: "Source", ID: Source,
		Properties: kg.Properties{
			"title":     "Maillage: programme parts, themes and the rules that assign projects and calls to them",
			"publisher": "Maillage",
			"licence":   "Apache-2.0",
		},
		Records: []kg.Record{{Source: Source, Locator: "internal/importer"}},
	}
}
