package cordis

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/importer/theme"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// emitAll emits the graph: nodes first, then relationships.
func (im *importState) emitAll(emit importer.Emit) error {
	node := func(n *kg.Node) error { return emit(kg.Change{Node: n}) }
	relationship := func(r *kg.Relationship) error { return emit(kg.Change{Relationship: r}) }
	about := im.aboutRelationships()
	taking := im.participations()
	steps := []func() error{
		func() error { return each(im.sourceNodes(), node) },
		func() error { return each(sectorNodes(), node) },
		func() error { return (&organizationWriter{im: im, node: node}).write() },
		func() error { return im.emitProjects(about, node) },
		func() error { return each(sectorRelationships(), relationship) },
		func() error { return each(about, relationship) },
		func() error { return each(taking, relationship) },
		func() error { return each(activities(taking, about), relationship) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func each[T any](list []T, f func(T) error) error {
	for _, v := range list {
		if err := f(v); err != nil {
			return err
		}
	}
	return nil
}

// statement is what one row states of a node: properties under a record.
type statement struct {
	props  kg.Properties
	record kg.Record
}

func state(source string, at location, derivation string, props kg.Properties) statement {
	for name, v := range props {
		switch v := v.(type) {
		case string:
			if v == "" {
				delete(props, name)
			}
		case []string:
			if len(v) == 0 {
				delete(props, name)
			}
		case amount:
			if props[name] = v.hundredths; !v.known {
				delete(props, name)
			}
		}
	}
	return statement{props, kg.Record{Source: source, Locator: at.String(), Derivation: derivation}}
}

// nodeOf unites statements to a node. The first to state a property is shown;
// each record names the properties that it states, and has the values that are
// not shown.
func nodeOf(typ, id string, statements ...statement) *kg.Node {
	n := &kg.Node{Type: typ, ID: id}
	n.Properties, n.Records = unite(statements)
	return n
}

// unite unites statements to properties and records.
func unite(statements []statement) (kg.Properties, []kg.Record) {
	props := kg.Properties{}
	for _, s := range statements {
		for name, v := range s.props {
			if _, ok := props[name]; !ok {
				props[name] = v
			}
		}
	}
	var records []kg.Record
	for _, s := range statements {
		s.record.Properties = []string{}
		for _, name := range slices.Sorted(maps.Keys(s.props)) {
			s.record.Properties = append(s.record.Properties, name)
			if v := s.props[name]; !reflect.DeepEqual(v, props[name]) {
				s.record.Overridden = append(s.record.Overridden, kg.Override{Property: name, Value: store.FormatValue(amounts, v)})
			}
		}
		if len(s.props) == len(props) {
			s.record.Properties = nil // all
		}
		records = append(records, s.record)
	}
	return props, records
}

// amounts is what all numbers here are.
var amounts = &catalog.Property{Kind: catalog.Decimal}

// emitProjects emits the projects of 2016 and, unless the graph is closed,
// those that only 2021 knows; about says to which programme parts those belong.
func (im *importState) emitProjects(about []*kg.Relationship, node func(*kg.Node) error) error {
	done := map[string]bool{}
	finish := func(rcn string, statements ...statement) error {
		done[rcn] = true
		im.report.Projects++
		return node(nodeOf("Project", projectID(rcn), statements...))
	}
	for _, p := range im.projects {
		statements := []statement{state(source2016, p.at, "", kg.Properties{
			"label": p.acronym, "acronym": p.acronym, "kind": "RESEARCH", "status": p.status, "from": p.from, "to": p.to,
			"cost": p.cost, "contribution": p.contribution, "currency": "EUR", "programme": p.parts, "topics": p.topics,
			"call": p.call, "fundingScheme": p.scheme,
		})}
		if r := im.firstRow[p.rcn]; r != nil {
			missing := state(source2021, r.at, "", kg.Properties{"from": r.from, "to": r.to})
			if p.from == "" && r.from != "" {
				im.report.DatesFilled++
			}
			statements = append(statements, missing)
		}
		if err := finish(p.rcn, statements...); err != nil {
			return err
		}
	}
	if im.opts.Closed {
		return nil
	}
	parts := map[string][]string{}
	for _, r := range about {
		if code, ok := strings.CutPrefix(r.To, theme.PartID("")); ok {
			parts[r.From] = append(parts[r.From], code)
		}
	}
	for i := range im.rows {
		r := im.firstRow[im.rows[i].rcn]
		if done[r.rcn] {
			continue
		}
		err := finish(r.rcn, state(source2021, r.at, "", kg.Properties{
			"kind": "RESEARCH", "from": r.from, "to": r.to, "cost": r.cost, "contribution": r.granted, "currency": "EUR",
			"programme": slices.Sorted(slices.Values(parts[projectID(r.rcn)])),
		}))
		if err != nil {
			return err
		}
	}
	return nil
}
