package cordis

import (
	"slices"
	"strings"
)

// theme is a field in the words that people use, and the rule by which a
// project belongs to it. Counts are of the files of 2016, natural persons
// included.
type theme struct {
	code   string
	fr, en string
	other  []string // further labels

	topics   []string // a topic is meant with all its years: LCE-01 is also LCE-01-2014
	parts    []string // parts of the programme, without those below them
	projects []string // single projects by record number

	close []string // programme parts that come close
}

// themes is the table of rules.
var themes = []theme{
	{ // 23 projects, 171 organisations. Not all of "secure societies", which is mostly about disasters.
		code: "cybersecurity", fr: "Cybersécurité", en: "Cybersecurity",
		other:  []string{"Digital security", "Sécurité informatique", "Sécurité numérique"},
		topics: []string{"DS-*", "ICT-32"},
	},
	{ // 74 projects, 572 organisations.
		code: "renewable-energy", fr: "Énergies renouvelables", en: "Renewable energy",
		other:  []string{"EnR", "Renewables", "Énergie renouvelable"},
		topics: []string{"LCE-01", "LCE-02", "LCE-03", "LCE-04", "LCE-11", "LCE-12", "LCE-14"},
		parts:  []string{"H2020-EU.3.3.2.1.", "H2020-EU.3.3.2.2.", "H2020-EU.3.3.2.4.", "H2020-EU.3.3.3."},
		close:  []string{"H2020-EU.3.3.2.1.", "H2020-EU.3.3.2.2.", "H2020-EU.3.3.2.4.", "H2020-EU.3.3.3."},
	},
	{ // 6 projects, 74 organisations: no topic or part is about textiles, so the projects are picked by hand.
		code: "textiles", fr: "Textile", en: "Textiles",
		other: []string{"Clothing", "Habillement", "Textiles"},
		projects: []string{
			"193902", // ArcInTex ETN: textiles in architecture
			"194179", // ETexWeld: welding of e-textiles
			"196815", // RESYNTEX: textile waste as a raw material
			"196830", // ECWRTI: reuse of water in the textile industry
			"196847", // Trash-2-Cash: fibres from waste
			"197255", // TCBL: textile and clothing business labs
		},
	},
	{ // 9 projects, 148 organisations.
		code: "industrial-symbiosis", fr: "Symbiose industrielle", en: "Industrial symbiosis",
		other:  []string{"Industrial ecology", "Écologie industrielle"},
		topics: []string{"WASTE-1", "SPIRE-06"},
		close:  []string{"H2020-EU.2.1.5.3.", "H2020-EU.3.5.4."},
	},
}

// rule returns the rule by which a project belongs to the theme, or "".
func (t theme) rule(rcn string, topics, parts []string) string {
	if slices.Contains(t.projects, rcn) {
		return "project " + rcn
	}
	for _, want := range t.topics {
		for _, topic := range topics {
			stem, open := strings.CutSuffix(want, "*")
			if topic == want || open && strings.HasPrefix(topic, stem) || strings.HasPrefix(topic, want+"-") {
				return "topic " + want
			}
		}
	}
	for _, want := range t.parts {
		if slices.Contains(parts, want) {
			return "programme " + want
		}
	}
	return ""
}

func themeID(code string) string { return "sector:theme:" + code }
func partID(code string) string  { return "sector:h2020:" + code }
