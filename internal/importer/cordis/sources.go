package cordis

import (
	"github.com/maillage/maillage/internal/importer/theme"
	"github.com/maillage/maillage/internal/kg"
)

// The sources that records cite.
const (
	source2016  = "source:cordis:h2020-2016"
	source2017  = "source:cordis:h2020-2017"
	source2021  = "source:cordis:h2020-2021"
	reuse       = "MIT (collection); CORDIS data © European Union, reuse under Decision 2011/833/EU with the source named"
	cordisOwner = "Publications Office of the European Union (CORDIS)"
)

// sourceNodes returns the sources of the editions that were read, and that of
// the project's own tables.
func (im *importState) sourceNodes() []*kg.Node {
	out := []*kg.Node{theme.SourceNode()}
	editions := [years]struct {
		id    string
		props kg.Properties
	}{
		year2016: {source2016, kg.Properties{
			"title":       "CORDIS, Horizon 2020: projects, organisations and participations to May 2016",
			"url":         "https://github.com/spaghetti-open-data/eu-research-funding-network",
			"publisher":   cordisOwner,
			"publishedAt": "2016-05",
			"precedence":  int64(2), // the graph of 2016, to which later editions add
			"licence":     reuse,
		}},
		year2017: {source2017, kg.Properties{
			"title":       "CORDIS, Horizon 2020: organisations with town and type, mid-2017",
			"url":         "https://github.com/spaghetti-open-data/ODFest2017-horizon2020-network",
			"publisher":   cordisOwner,
			"publishedAt": "2017",
			"precedence":  int64(1),
			"licence":     reuse,
		}},
		year2021: {source2021, kg.Properties{
			"title":       "CORDIS, Horizon 2020: participations with roles and amounts, export of December 2020",
			"url":         "https://github.com/zambujo/eunets",
			"publisher":   cordisOwner,
			"publishedAt": "2020-12",
			"licence":     reuse,
		}},
	}
	for year, e := range editions {
		if im.files[year].known() {
			out = append(out, sourceNode(e.id, im.files[year].file, e.props))
		}
	}
	return out
}

// sourceNode returns a source, whose own record is itself.
func sourceNode(id, locator string, props kg.Properties) *kg.Node {
	return &kg.Node{Type: "Source", ID: id, Properties: props, Records: []kg.Record{{Source: id, Locator: locator}}}
}
