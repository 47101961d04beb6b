package cordis

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/importer/theme"
)

// format is one kind of file: the columns that tell it from others, the
// edition to which it belongs, and what becomes of a row. A row that returns
// an error is rejected.
type format struct {
	columns []string
	year    int
	read    func(*importState, map[string]string, location) error
}

// formats are tried in order: the file of 2017 also has the columns of projects,
// all empty.
var formats = []format{
	{[]string{"orgId", "name", "shortName", "activityType", "city", "country"}, year2017, (*importState).readProfile},
	{[]string{"projectRcn", "new_org_id"}, year2016, (*importState).readEdge},
	{[]string{"new_org_id", "name", "shortName", "country"}, year2016, (*importState).readOrganization},
	{[]string{"rcn", "acronym", "status", "programme", "topics", "startDate", "endDate", "totalCost", "ecMaxContribution", "call", "fundingScheme"}, year2016, (*importState).readProject},
	{[]string{"rcn", "role", "pic", "type", "contribution", "country", "start_date", "end_date", "max_contribution", "total_cost"}, year2021, (*importState).readParticipation},
	{[]string{"rcn", "programme_part"}, year2021, (*importState).readPart},
}

// columnError is an error in one column of a row.
type columnError struct {
	column string
	err    error
}

func (e *columnError) Error() string { return e.column + ": " + e.err.Error() }

// columns collects the values of a row and the first error among them.
type columns struct {
	values map[string]string
	err    error
}

func (c *columns) fail(column string, err error) {
	if err != nil && c.err == nil {
		c.err = &columnError{column, err}
	}
}

// get parses the value of a column; errors are kept for the end of the row.
func get[T any](c *columns, column string, parse func(string) (T, error)) T {
	v, err := parse(c.values[column])
	c.fail(column, err)
	return v
}

// readFile reads a file of any of the formats.
func (im *importState) readFile(path string, named bool) error {
	name := filepath.Base(path)
	f, err := importer.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	t, err := newTable(f)
	if err != nil {
		im.rejectRow(location{file: name}, "", err.Error())
		return nil
	}
	i := slices.IndexFunc(formats, func(f format) bool {
		return !slices.ContainsFunc(f.columns, func(c string) bool { return !slices.Contains(t.columns, c) })
	})
	if i < 0 {
		if named {
			im.rejectRow(location{file: name}, "", "its header is that of no CORDIS file")
		}
		return nil
	}
	for {
		r, ok, err := t.read()
		if err != nil {
			im.rejectRow(location{name, t.line + 1}, "", "the file cannot be read on: "+err.Error())
			return nil
		}
		if !ok {
			return nil
		}
		at := location{name, r.line}
		if r.bad != "" {
			im.rejectRow(at, "", r.bad)
			continue
		}
		var bad *columnError
		switch err := formats[i].read(im, r.values, at); {
		case errors.As(err, &bad):
			im.rejectRow(at, bad.column, bad.err.Error())
		case err != nil:
			im.rejectRow(at, "", err.Error())
		case !im.files[formats[i].year].known():
			im.files[formats[i].year] = at
		}
	}
}

func (im *importState) readOrganization(v map[string]string, at location) error {
	c := &columns{values: v}
	o := organization{
		key: v["new_org_id"], name: get(c, "name", required), shortName: squeeze(v["shortName"]),
		country: get(c, "country", parseCountry), at: at,
	}
	_, err := organizationID(o.key)
	c.fail("new_org_id", err)
	if c.err == nil && !im.repeated("organisation "+o.key, "new_org_id", at) {
		im.organizations = append(im.organizations, o)
	}
	return c.err
}

func (im *importState) readProject(v map[string]string, at location) error {
	c := &columns{values: v}
	p := project{
		rcn: get(c, "rcn", recordNumber), acronym: squeeze(v["acronym"]), status: get(c, "status", parseStatus),
		parts: im.knownParts(v["programme"], at), topics: splitList(v["topics"]),
		from: get(c, "startDate", parseDay), to: get(c, "endDate", parseDay),
		cost: get(c, "totalCost", parseAmount), contribution: get(c, "ecMaxContribution", parseAmount),
		call: v["call"], scheme: v["fundingScheme"], at: at,
	}
	if p.from != "" && p.to != "" && p.to < p.from {
		c.fail("endDate", errors.New("the project ends before it begins"))
	}
	if c.err == nil && !im.repeated("project "+p.rcn, "rcn", at) {
		im.projects = append(im.projects, p)
	}
	return c.err
}

// knownParts reads a list of programme parts. A code that the table lacks is
// reported and left out, and the rest of the row stands.
func (im *importState) knownParts(list string, at location) (out []string) {
	for _, code := range splitList(list) {
		if !slices.ContainsFunc(theme.Programme, func(p theme.Part) bool { return p.Code == code }) {
			im.rejectRow(at, "programme", fmt.Sprintf("%q is no part of Horizon 2020", code))
			continue
		}
		out = append(out, code)
	}
	return out
}

func (im *importState) readEdge(v map[string]string, at location) error {
	c := &columns{values: v}
	e := edge{rcn: get(c, "projectRcn", recordNumber), key: v["new_org_id"], at: at}
	_, err := organizationID(e.key)
	c.fail("new_org_id", err)
	if c.err == nil && !im.repeated("edge "+e.rcn+" "+e.key, "", at) {
		im.edges = append(im.edges, e)
	}
	return c.err
}

func (im *importState) readProfile(v map[string]string, at location) error {
	c := &columns{values: v}
	p := profile{
		organization: organization{
			key: get(c, "orgId", participantCode), name: get(c, "name", required), shortName: repair(squeeze(v["shortName"])),
			country: get(c, "country", parseCountry), at: at,
		},
		kind: get(c, "activityType", parseKind), city: cityName(v["city"], v["country"]),
	}
	if c.err == nil && !im.repeated("profile "+p.key, "orgId", at) {
		im.profiles = append(im.profiles, p)
	}
	return c.err
}

func (im *importState) readParticipation(v map[string]string, at location) error {
	c := &columns{values: v}
	p := participation{
		rcn: get(c, "rcn", recordNumber), pic: get(c, "pic", participantCode), role: get(c, "role", parseRole),
		kind: get(c, "type", parseKind), country: get(c, "country", parseCountry),
		contribution: get(c, "contribution", parseAmount), cost: get(c, "total_cost", parseAmount), granted: get(c, "max_contribution", parseAmount),
		from: get(c, "start_date", parseDay), to: get(c, "end_date", parseDay), at: at,
	}
	if c.err == nil && !im.repeated("participation "+p.rcn+" "+p.pic, "", at) {
		im.rows = append(im.rows, p)
	}
	return c.err
}

func (im *importState) readPart(v map[string]string, at location) error {
	c := &columns{values: v}
	p := partOfProject{rcn: get(c, "rcn", recordNumber), code: get(c, "programme_part", parsePart), at: at}
	if c.err == nil && !im.repeated("part "+p.rcn+" "+p.code, "", at) {
		im.parts = append(im.parts, p)
	}
	return c.err
}
