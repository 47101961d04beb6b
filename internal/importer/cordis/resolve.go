package cordis

import "fmt"

// resolve joins the rows of all files: it finds the profile of each
// organisation, natural persons, and the row of 2021 for each participation.
func (im *importState) resolve() {
	im.indexProfiles()
	im.persons = map[string]bool{}
	im.profileOf = map[string]*profile{}
	known := map[string]bool{}
	for _, o := range im.organizations {
		known[o.key] = true
	}
	for _, o := range im.organizations {
		p := im.profileFor(o)
		if p != nil {
			im.profileOf[o.key] = p
		}
		company := p == nil || p.kind == "" || p.kind == "COMPANY"
		switch {
		case naturalPerson(o.key, o.name, company):
			im.persons[o.key] = true
		case p != nil && p.key != o.key && known[p.key]:
			im.report.Duplicates = append(im.report.Duplicates, [2]string{o.key, p.key})
		}
	}
	for _, p := range im.profiles {
		if naturalPerson(p.key, p.name, p.kind == "" || p.kind == "COMPANY") {
			im.persons[p.key] = true
		}
	}
	im.indexRows()
	im.checkEdges(known)
}

// indexProfiles makes the organisations of 2017 findable by code and by name
// with country.
func (im *importState) indexProfiles() {
	im.byName = map[string][]*profile{}
	im.byPIC = map[string]*profile{}
	for i := range im.profiles {
		p := &im.profiles[i]
		im.byName[nameAndCountry(p.organization)] = append(im.byName[nameAndCountry(p.organization)], p)
		im.byPIC[p.key] = p
	}
}

func nameAndCountry(o organization) string { return matchKey(o.name) + "|" + o.country }

// profileFor returns the organisation of 2017 that describes one of 2016: the
// one with the same participant code; for an organisation without a code the
// one of the same name in the same country, if there is just one.
func (im *importState) profileFor(o organization) *profile {
	if picShape.MatchString(o.key) {
		return im.byPIC[o.key]
	}
	if same := im.byName[nameAndCountry(o)]; len(same) == 1 {
		return same[0]
	}
	return nil
}

// indexRows makes the rows of 2021 findable by participation and by project,
// and leaves out those of natural persons.
func (im *importState) indexRows() {
	im.rowOf = map[string]*participation{}
	im.firstRow = map[string]*participation{}
	for i := range im.rows {
		r := &im.rows[i]
		if im.firstRow[r.rcn] == nil {
			im.firstRow[r.rcn] = r
		}
		if naturalPerson(r.pic, "", false) {
			im.persons[r.pic] = true
		}
		im.rowOf[r.rcn+" "+r.pic] = r
	}
}

// checkEdges rejects participations of unknown projects and organisations.
func (im *importState) checkEdges(known map[string]bool) {
	projects := map[string]bool{}
	for _, p := range im.projects {
		projects[p.rcn] = true
	}
	kept := im.edges[:0]
	for _, e := range im.edges {
		switch {
		case !projects[e.rcn]:
			im.rejectRow(e.at, "projectRcn", fmt.Sprintf("no project has the record number %s", e.rcn))
		case !known[e.key]:
			im.rejectRow(e.at, "new_org_id", fmt.Sprintf("no organisation has the key %s", e.key))
		default:
			kept = append(kept, e)
		}
	}
	im.edges = kept
}
