package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/kg"
)

const (
	metropolis     = "243400017" // SIREN of Montpellier Méditerranée Métropole
	metropolisName = "Montpellier Méditerranée Métropole"

	sourceOwn         = "source:maillage:places"
	sourceCommunes    = "source:insee:cog-2024"
	sourcePopulations = "source:insee:populations-2021"
	sourceEPCI        = "source:dinum:epci"
	sourceOutlines    = "source:ign:admin-express-2018"
	sourceParks       = "source:montpellier:zac-2014"
	sourceDistricts   = "source:montpellier:quartiers-2014"
)

var (
	departments = map[string]string{"34": "Hérault"}
	regions     = map[string]string{"76": "Occitanie"}

	// parks are business parks by the words with which the names of their
	// development zones begin: a park may have grown by extensions.
	parks = map[string]string{"ZAC Parc 2000": "parc-2000", "ZAC Garosud": "garosud"}

	// districts are the names of the districts of Montpellier by their code;
	// the file has them in capitals without accents.
	districts = map[string]string{
		"HO": "Hôpitaux-Facultés", "PA": "Mosson", "CV": "Les Cévennes", "MI": "Port Marianne",
		"MC": "Montpellier Centre", "CX": "Croix d'Argent", "PR": "Prés d'Arènes",
	}
)

// places returns the communes of the metropolis with what lies above them, and
// the districts and business parks of Montpellier.
func places(raw string) ([]kg.Change, error) {
	b := &placeBuilder{raw: raw, area: map[string][]polygon{}, population: map[string]int64{}}
	for _, step := range []func() error{b.outlines, b.populations, b.communes, b.above, b.inside} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return append(placeSources(), b.changes...), nil
}

// placeBuilder carries what the steps of places share.
type placeBuilder struct {
	raw        string
	area       map[string][]polygon // of Hérault's communes, by code
	whole      []polygon            // the whole of Hérault
	member     []polygon            // the communes of the metropolis
	population map[string]int64     // by commune, and dep:34, reg:76
	lines      map[string]int       // line of each commune in the file of populations
	total      int64                // inhabitants of the metropolis
	changes    []kg.Change
}

// open opens the file of a name, wherever it is below the raw directory.
func (b *placeBuilder) open(name string) (io.ReadCloser, error) {
	path, err := find(b.raw, name)
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// find returns the path of the file of a name, wherever it is below a directory.
func find(dir, name string) (found string, err error) {
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() == name {
			found = p
			return fs.SkipAll
		}
		return err
	})
	if err == nil && found == "" {
		err = fmt.Errorf("no %s below %s", name, dir)
	}
	return found, err
}

// table calls row for each row of a delimited file with a header.
func (b *placeBuilder) table(name string, delim rune, row func(line int, v map[string]string) error) error {
	f, err := b.open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.Comma = delim
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	for {
		values, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		v := map[string]string{}
		for i, h := range header {
			v[h] = values[i]
		}
		line, _ := r.FieldPos(0)
		if err := row(line, v); err != nil {
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
}

func (b *placeBuilder) outlines() error {
	f, err := b.open("communes-34-herault.geojson")
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	list, err := readGeoJSON(f, "nom", "code")
	for _, o := range list {
		b.area[o.code] = o.polygons
		b.whole = append(b.whole, o.polygons...)
	}
	return err
}

func (b *placeBuilder) populations() error {
	b.lines = map[string]int{}
	return b.table("donnees_communes.csv", ';', func(line int, v map[string]string) error {
		n, err := strconv.ParseInt(v["PMUN"], 10, 32)
		if err != nil {
			return err
		}
		b.population[v["COM"]] = n
		b.lines[v["COM"]] = line
		b.population["dep:"+v["DEP"]] += n
		b.population["reg:"+v["REG"]] += n
		return nil
	})
}

func (b *placeBuilder) communes() error {
	f, err := b.open("epci.json")
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	epci := map[string]string{}
	if err := json.NewDecoder(f).Decode(&epci); err != nil {
		return fmt.Errorf("epci.json: %w", err)
	}
	return b.table("cog_communes.csv", ',', func(line int, v map[string]string) error {
		code := v["COM"]
		if v["TYPECOM"] != "COM" || epci[code] != metropolis {
			return nil
		}
		if b.area[code] == nil || b.lines[code] == 0 {
			return fmt.Errorf("no outline or population of %s", code)
		}
		b.total += b.population[code]
		b.member = append(b.member, b.area[code]...)
		b.node(communeID(code), v["LIBELLE"], "COMMUNE", code, centre(b.area[code]), b.population[code],
			kg.Record{Source: sourceCommunes, Locator: fmt.Sprintf("v_commune_2024.csv:%d", line), Properties: []string{"code", "kind", "name"}},
			kg.Record{Source: sourcePopulations, Locator: fmt.Sprintf("donnees_communes.csv:%d", b.lines[code]), Properties: []string{"population"}},
			kg.Record{Source: sourceOutlines, Locator: "communes-34-herault.geojson: " + code, Properties: []string{"location"}, Derivation: "INFERRED"})
		b.partOf(communeID(code), epciID, kg.Record{Source: sourceEPCI, Locator: "epci.json: " + code})
		return nil
	})
}

// above adds the metropolis, its department, region and country.
func (b *placeBuilder) above() error {
	sum := func(what string) kg.Record {
		return kg.Record{Source: sourcePopulations, Locator: "donnees_communes.csv: sum over " + what, Properties: []string{"population"}, Derivation: "INFERRED"}
	}
	cog := func(locator string) kg.Record {
		return kg.Record{Source: sourceCommunes, Locator: locator, Properties: []string{"code", "kind", "name"}}
	}
	outlined := kg.Record{Source: sourceOutlines, Locator: "communes-34-herault.geojson", Properties: []string{"location"}, Derivation: "INFERRED"}
	b.node(epciID, metropolisName, "EPCI", metropolis, centre(b.member), b.total,
		kg.Record{Source: sourceEPCI, Locator: "epci.json: " + metropolis, Properties: []string{"code", "kind"}},
		kg.Record{Source: sourceOwn, Locator: "places.go", Properties: []string{"name"}}, sum("EPCI "+metropolis), outlined)
	b.node("place:departement:34", departments["34"], "DEPARTMENT", "34", centre(b.whole), b.population["dep:34"],
		cog("v_commune_2024.csv: DEP 34"), sum("DEP 34"), outlined)
	b.node("place:region:76", regions["76"], "REGION", "76", "", b.population["reg:76"], cog("v_commune_2024.csv: REG 76"), sum("REG 76"))
	b.node("place:country:FR", "France", "COUNTRY", "FR", "", 0, kg.Record{Source: sourceCommunes, Locator: "v_commune_2024.csv"})
	b.partOf(epciID, "place:departement:34", kg.Record{Source: sourceCommunes, Locator: "v_commune_2024.csv: DEP 34", Derivation: "INFERRED"})
	b.partOf("place:departement:34", "place:region:76", kg.Record{Source: sourceCommunes, Locator: "v_commune_2024.csv: DEP 34"})
	b.partOf("place:region:76", "place:country:FR", kg.Record{Source: sourceCommunes, Locator: "v_commune_2024.csv: REG 76"})
	return nil
}

// inside adds the districts and business parks of Montpellier.
func (b *placeBuilder) inside() error {
	montpellier := communeID("34172")
	f, err := b.open("Quartiers.geojson")
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	list, err := readGeoJSON(f, "LIBQUART", "QUARTMNO")
	if err != nil {
		return fmt.Errorf("reading Quartiers.geojson: %w", err)
	}
	for _, o := range list {
		id := "place:montpellier:quartier-" + strings.ToLower(o.code)
		r := kg.Record{Source: sourceDistricts, Locator: "VilleMTP_MTP_Quartiers.geojson: " + o.code}
		b.partOf(id, montpellier, r)
		r.Properties = []string{"code", "kind", "location"}
		b.node(id, districts[o.code], "DISTRICT", o.code, centre(o.polygons), 0, r,
			kg.Record{Source: sourceOwn, Locator: "places.go", Properties: []string{"name"}, Derivation: "INFERRED"})
	}
	k, err := b.open("ZAC.kml")
	if err != nil {
		return err
	}
	defer func() { _ = k.Close() }()
	zones, err := readKML(k)
	if err != nil {
		return fmt.Errorf("reading ZAC.kml: %w", err)
	}
	for start, slug := range parks {
		var polygons []polygon
		for _, z := range zones {
			if strings.HasPrefix(z.name, start) {
				polygons = append(polygons, z.polygons...)
			}
		}
		if polygons == nil {
			return fmt.Errorf("ZAC.kml: no zone begins with %q", start)
		}
		r := kg.Record{Source: sourceParks, Locator: "VilleMTP_MTP_ZAC.kml: " + start}
		b.node("place:montpellier:"+slug, strings.TrimPrefix(start, "ZAC "), "BUSINESS_PARK", "", centre(polygons), 0, r)
		b.partOf("place:montpellier:"+slug, montpellier, r)
	}
	return nil
}

const epciID = "place:epci:" + metropolis

func communeID(code string) string { return "place:insee:" + code }

func (b *placeBuilder) node(id, name, kind, code, location string, population int64, records ...kg.Record) {
	props := kg.Properties{"name": name, "kind": kind}
	if code != "" {
		props["code"] = code
	}
	if location != "" {
		props["location"] = kg.JSON(location)
	}
	if population > 0 {
		props["population"] = population
	}
	b.changes = append(b.changes, kg.Change{Node: &kg.Node{Type: "Place", ID: id, Properties: props, Records: records}})
}

func (b *placeBuilder) partOf(from, to string, r kg.Record) {
	b.changes = append(b.changes, kg.Change{Relationship: &kg.Relationship{Type: "PART_OF", From: from, To: to, Records: []kg.Record{r}}})
}

// placeSources returns the sources that records of places cite.
func placeSources() (out []kg.Change) {
	const open = "Licence Ouverte / Open Licence"
	const insee = "free reuse with the source named (Insee)"
	list := []struct{ id, title, url, publisher, publishedAt, licence, locator string }{
		{sourceCommunes, "Code officiel géographique 2024", "https://www.insee.fr", "Insee", "2024", insee, "v_commune_2024.csv"},
		{sourcePopulations, "Populations légales 2021", "https://www.insee.fr", "Insee", "2024", insee, "donnees_communes.csv"},
		{sourceEPCI, "Communes et EPCI, liste de l'Annuaire des entreprises", "https://github.com/annuaire-entreprises-data-gouv-fr/search-infra", "DINUM", "", "MIT", "epci.json"},
		{sourceOutlines, "Contours des communes de l'Hérault, Admin Express COG 2018", "https://github.com/gregoiredavid/france-geojson", "IGN", "2018", open, "communes-34-herault.geojson"},
		{sourceParks, "Zones d'aménagement concerté", "http://opendata.montpelliernumerique.fr", "Ville de Montpellier", "2014-01-29", open, "VilleMTP_MTP_ZAC.kml"},
		{sourceDistricts, "Quartiers de Montpellier", "http://opendata.montpelliernumerique.fr", "Ville de Montpellier", "2014-05-20", open, "VilleMTP_MTP_Quartiers.geojson"},
		{sourceOwn, "Maillage: names of the metropolis and of the districts, with their accents", "", "Maillage", "", "Apache-2.0", "internal/dataset/build/places.go"},
	}
	for _, s := range list {
		props := kg.Properties{"title": s.title, "publisher": s.publisher, "licence": s.licence}
		if s.url != "" {
			props["url"] = s.url
		}
		if s.publishedAt != "" {
			props["publishedAt"] = s.publishedAt
		}
		out = append(out, kg.Change{Node: &kg.Node{Type: "Source", ID: s.id, Properties: props, Records: []kg.Record{{Source: s.id, Locator: s.locator}}}})
	}
	return out
}
