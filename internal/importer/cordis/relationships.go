package cordis

import (
	"strings"

	"github.com/maillage/maillage/internal/importer/theme"
	"github.com/maillage/maillage/internal/kg"
)

// participations returns who takes part in what: the edges of 2016 with what
// 2021 adds to them and, unless the graph is closed, the rest of 2021.
func (im *importState) participations() (out []*kg.Relationship) {
	done := map[string]bool{}
	add := func(rcn, key string, statements ...statement) {
		done[rcn+" "+key] = true
		if im.persons[key] {
			im.report.PersonParticipations++
			return
		}
		id, err := organizationID(key)
		if err != nil {
			return // rows with such a key were rejected when they were read
		}
		r := &kg.Relationship{Type: "PARTICIPATES_IN", From: id, To: projectID(rcn)}
		r.Properties, r.Records = unite(statements)
		im.report.Participations++
		if r.Properties["role"] != nil {
			im.report.Roles++
		}
		if r.Properties["contribution"] != nil {
			im.report.Contributions++
		}
		out = append(out, r)
	}
	stated := func(r *participation) statement {
		return state(source2021, r.at, "", kg.Properties{"role": r.role, "contribution": r.contribution})
	}
	for _, e := range im.edges {
		statements := []statement{state(source2016, e.at, "", nil)}
		if r := im.rowOf[e.rcn+" "+e.key]; r != nil {
			statements = append(statements, stated(r))
		}
		add(e.rcn, e.key, statements...)
	}
	if im.opts.Closed {
		return out
	}
	for i := range im.rows {
		if r := &im.rows[i]; !done[r.rcn+" "+r.pic] {
			add(r.rcn, r.pic, stated(r))
		}
	}
	return out
}

// aboutRelationships returns what projects are about: the programme parts that
// 2016 names, the themes to which a rule assigns them and, for projects that
// only 2021 knows, its coarse programme parts.
func (im *importState) aboutRelationships() (out []*kg.Relationship) {
	known := map[string]bool{}
	for _, p := range im.projects {
		known[p.rcn] = true
		for _, code := range p.parts {
			out = append(out, about(p.rcn, theme.PartID(code), "", kg.Record{Source: source2016, Locator: p.at.String()}))
		}
		for _, t := range theme.Table {
			if rule := t.OfProject(p.rcn, p.topics, p.parts); rule != "" {
				out = append(out, about(p.rcn, t.ID(), rule, kg.Record{Source: source2016, Locator: p.at.String(), Derivation: "INFERRED"}))
			}
		}
	}
	if im.opts.Closed {
		return out
	}
	for _, p := range im.parts {
		if !known[p.rcn] && im.firstRow[p.rcn] != nil {
			out = append(out, about(p.rcn, theme.PartID(p.code), "", kg.Record{Source: source2021, Locator: p.at.String()}))
		}
	}
	return out
}

func about(rcn, sector, rule string, record kg.Record) *kg.Relationship {
	r := &kg.Relationship{Type: "ABOUT", From: projectID(rcn), To: sector, Properties: kg.Properties{}, Records: []kg.Record{record}}
	if rule != "" {
		r.Properties["rule"] = rule
	}
	return r
}

// activities derives in which sectors organisations are active: those of their
// projects, with the number of these.
func activities(taking, about []*kg.Relationship) (out []*kg.Relationship) {
	sectors := map[string][]*kg.Relationship{}
	for _, a := range about {
		sectors[a.From] = append(sectors[a.From], a)
	}
	found := map[[2]string]*kg.Relationship{}
	for _, t := range taking {
		for _, a := range sectors[t.To] {
			ends := [2]string{t.From, a.To}
			r := found[ends]
			if r == nil {
				r = &kg.Relationship{Type: "ACTIVE_IN", From: t.From, To: a.To, Properties: kg.Properties{
					"basis": "DERIVED", "projectCount": int64(0), "status": "CURRENT",
				}}
				found[ends] = r
				out = append(out, r)
			}
			r.Properties["projectCount"] = r.Properties["projectCount"].(int64) + 1
			r.Records = kg.MergeRecords(r.Records, []kg.Record{derivedFrom(t.Records[0], a.Records[0])})
		}
	}
	return out
}

// derivedFrom cites the files of the two rows from which an activity follows:
// in which project an organisation takes part, and what that is about.
func derivedFrom(taking, about kg.Record) kg.Record {
	file := func(r kg.Record) string { return r.Locator[:strings.LastIndexByte(r.Locator, ':')] }
	return kg.Record{Source: about.Source, Locator: file(taking) + ", " + file(about), Derivation: "INFERRED"}
}
