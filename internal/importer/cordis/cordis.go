// Package cordis imports the participations in Horizon 2020 that CORDIS
// published, from the files of three years in which people have kept them:
//
//	2016  edges, projects, organisations (tabs): a closed graph to May 2016
//	2017  organisations with town and type (commas)
//	2021  participations with role, amounts and dates, without names (commas);
//	      the 17 coarse programme parts of each project
//
// Any of them may be given, plain or gzipped; each is recognised by its header.
// Organisations are org:pic:<participant code>, or org:cordis-md5:<checksum>
// where the files of 2016 did not know the code; projects are
// project:cordis:<record number>.
//
// What wins: the files of 2016 for names, programme, amounts and dates of what
// they hold; 2017 for town and kind; 2021 for role and contribution, for dates
// that are missing, and for all that only it knows. An organisation that only
// 2021 knows has no name and no displayName, so that importing it over a graph
// that has one never hides it: clients show its pic.
//
// Streets are never read, natural persons are left out (see naturalPerson), and
// organisations that may be one are not merged (see Report.Duplicates).
package cordis

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/importer"
)

// Options choose what is imported.
type Options struct {
	// Closed keeps to the organisations, projects and participations of the
	// files of 2016 and takes from the others only what they add to those.
	Closed bool
}

// Report counts what an import found.
type Report struct {
	Organizations  int
	Projects       int
	Participations int

	Persons              int // keys of natural persons left out
	PersonParticipations int // participations left out with them
	WithoutKind          int // organisations whose kind no file says
	DatesFilled          int // projects of 2016 whose first day only 2021 knows
	Roles                int // participations with a role
	Contributions        int // participations with a contribution

	// Duplicates are pairs of organisations of 2016 that the files of 2017
	// suggest to be one: checksum and participant code.
	Duplicates [][2]string
}

// Import reads files, or all files below directories, and emits what they say:
// sources, sectors, organisations and projects, then relationships. Files that
// are none of CORDIS's are skipped below directories; named themselves they are
// rejected as a whole.
func Import(paths []string, opts Options, emit importer.Emit, reject importer.Reject) (Report, error) {
	im := newImport(opts, reject)
	for _, path := range paths {
		err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			name := strings.TrimSuffix(p, ".gz")
			if p != path && !strings.HasSuffix(name, ".csv") && !strings.HasSuffix(name, ".tsv") {
				return nil
			}
			return im.readFile(p, p == path)
		})
		if err != nil {
			return Report{}, err
		}
	}
	im.resolve()
	return im.report, im.emitAll(emit)
}

// location is where a row stands.
type location struct {
	file string
	line int
}

// String returns the locator of the row: file:line.
func (l location) String() string { return fmt.Sprintf("%s:%d", l.file, l.line) }

// known reports whether there is such a row.
func (l location) known() bool { return l.line > 0 }

// The rows of the files, as they are kept until all are read.
type (
	organization struct {
		key, name, shortName, country string
		at                            location
	}
	project struct {
		rcn, acronym, status string
		parts, topics        []string
		from, to             string
		cost, contribution   amount
		call, scheme         string
		at                   location
	}
	edge struct {
		rcn, key string
		at       location
	}
	profile struct { // an organisation of 2017
		organization
		kind, city string
	}
	participation struct { // a row of 2021
		rcn, pic, role, kind, country string
		contribution, cost, granted   amount
		from, to                      string
		at                            location
	}
	partOfProject struct { // a row of the programme parts of 2021
		rcn, code string
		at        location
	}
)

// years are the editions of the data that a file belongs to.
const (
	year2016 = iota
	year2017
	year2021
	years
)

// importState is the state of one import.
type importState struct {
	opts   Options
	reject importer.Reject
	report Report

	organizations []organization
	projects      []project
	edges         []edge
	profiles      []profile
	rows          []participation
	parts         []partOfProject
	seen          map[string]location // keys of rows, to find repetitions
	files         [years]location     // the first row that was read of each edition

	persons   map[string]bool           // keys of natural persons
	byPIC     map[string]*profile       // by participant code
	byName    map[string][]*profile     // by name and country
	profileOf map[string]*profile       // by key of the organisation that it describes
	rowOf     map[string]*participation // by record number and code
	firstRow  map[string]*participation // the first row of a project
}

func newImport(opts Options, reject importer.Reject) *importState {
	return &importState{opts: opts, reject: reject, seen: map[string]location{}}
}

// repeated reports whether a row with the key was read before, and rejects the
// new one if so.
func (im *importState) repeated(key, column string, at location) bool {
	if first, ok := im.seen[key]; ok {
		im.rejectRow(at, column, fmt.Sprintf("repeats line %d of %s", first.line, first.file))
		return true
	}
	im.seen[key] = at
	return false
}

func (im *importState) rejectRow(at location, column, reason string) {
	im.reject(importer.Rejection{File: at.file, Line: at.line, Column: column, Reason: reason})
}

// splitList splits a list at semicolons.
func splitList(s string) (out []string) {
	for _, v := range strings.Split(s, ";") {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
