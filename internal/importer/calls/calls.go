// Package calls imports calls for proposals as the portal "EU Funding & Tenders"
// describes them: JSON objects one after the other, plain or gzipped, with or
// without a byte order mark.
//
// A call is call:eu:<topic identifier>. Identifiers, titles, deadlines, amounts
// and addresses are read; descriptions, contacts and the word "open", which is
// wrong as soon as a deadline passes, are not. Themes and parts of Horizon 2020 that
// calls are about follow from the identifier, see package theme, and are emitted with
// the calls.
package calls

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/importer/theme"
	"github.com/maillage/maillage/internal/kg"
)

// source is the id of the source that records cite.
const source = "source:eu-calls:2026-08"

// entry is what is read of an entry of the portal.
type entry struct {
	Reference      string       `json:"reference"`
	TopicID        string       `json:"topicId"`
	CallIdentifier string       `json:"callIdentifier"`
	Title          string       `json:"title"`
	Programme      string       `json:"programme"`
	Deadline       string       `json:"deadline"`
	BudgetMin      *json.Number `json:"budgetMin"`
	BudgetMax      *json.Number `json:"budgetMax"`
	ExpectedGrants *json.Number `json:"expectedGrants"`
	TypesOfAction  string       `json:"typesOfAction"`
	PortalURL      string       `json:"portalUrl"`
}

// Import reads a file and emits the source, the themes, the calls, and what the
// calls are about. An entry that cannot be used is rejected by its number in the
// file; behind text that is not JSON nothing more is read, which is rejected too.
func Import(file string, emit importer.Emit, reject importer.Reject) error {
	in, err := importer.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	name := filepath.Base(file)
	begun := false // whether the tables are emitted: not for a file without a call
	dec := json.NewDecoder(transform.NewReader(in, unicode.BOMOverride(transform.Nop)))
	for n := 1; ; n++ {
		var e entry
		err := dec.Decode(&e)
		if errors.Is(err, io.EOF) {
			return nil
		}
		refuse := func(column, format string, args ...any) {
			reject(importer.Rejection{File: name, Column: column, Reason: fmt.Sprintf("entry %d: ", n) + fmt.Sprintf(format, args...)})
		}
		var typ *json.UnmarshalTypeError
		switch {
		case errors.As(err, &typ):
			refuse(typ.Field, "is a %s, must be a %s", typ.Value, typ.Type)
			continue
		case err != nil:
			refuse("", "is not JSON, and what follows is not read: %v", err)
			return nil
		}
		call := e.node(n, refuse)
		if call == nil {
			continue
		}
		if !begun {
			if err := emitTables(name, emit); err != nil {
				return err
			}
			begun = true
		}
		if err := emit(kg.Change{Node: call}); err != nil {
			return err
		}
		if err := emitAbout(call, emit); err != nil {
			return err
		}
	}
}

// emitTables emits what the calls refer to.
func emitTables(file string, emit importer.Emit) error {
	nodes := []*kg.Node{{
		Type: "Source", ID: source,
		Properties: kg.Properties{
			"title":       "EU Funding & Tenders: calls for proposals, collected in August 2026",
			"url":         "https://ec.europa.eu/info/funding-tenders/opportunities/portal",
			"publisher":   "European Commission",
			"retrievedAt": "2026-08",
			"licence":     "© European Union, reuse under Decision 2011/833/EU with the source named; collection under Apache-2.0 and MIT",
		},
		Records: []kg.Record{{Source: source, Locator: file}},
	}, theme.SourceNode()}
	for _, t := range theme.Table {
		nodes = append(nodes, t.Sector())
	}
	parts := theme.OfFamilies()
	for _, p := range parts {
		nodes = append(nodes, p.Sector())
	}
	for _, n := range nodes {
		if err := emit(kg.Change{Node: n}); err != nil {
			return err
		}
	}
	for _, p := range parts {
		if below := p.Below(); below != nil {
			if err := emit(kg.Change{Relationship: below}); err != nil {
				return err
			}
		}
	}
	return nil
}

// emitAbout emits what a call is about.
func emitAbout(call *kg.Node, emit importer.Emit) error {
	identifier := call.Properties["identifier"].(string)
	about := func(sector, rule string) error {
		if rule == "" {
			return nil
		}
		return emit(kg.Change{Relationship: &kg.Relationship{
			Type: "ABOUT", From: call.ID, To: sector, Properties: kg.Properties{"rule": rule},
			Records: []kg.Record{{Source: source, Locator: call.Records[0].Locator, Derivation: "INFERRED"}},
		}})
	}
	for _, t := range theme.Table {
		if err := about(t.ID(), t.OfCall(identifier)); err != nil {
			return err
		}
	}
	for _, f := range theme.Families {
		if err := about(theme.PartID(f.Part), f.OfCall(identifier)); err != nil {
			return err
		}
	}
	return nil
}

// node returns the call of the n-th entry, or nil when it has no usable identifier.
// Single values that cannot be used are left out and refused.
func (e entry) node(n int, refuse func(column, format string, args ...any)) *kg.Node {
	identifier := strings.TrimSpace(e.TopicID)
	if identifier == "" || strings.ContainsAny(identifier, "|% ") {
		refuse("topicId", "%q is not an identifier: letters, digits, - and / make one", e.TopicID)
		return nil
	}
	props := kg.Properties{"identifier": identifier}
	set := func(name, value string) {
		if value = strings.Join(strings.Fields(repair(value)), " "); value != "" {
			props[name] = value
		}
	}
	set("title", e.Title)
	set("programme", e.Programme)
	set("actionType", e.TypesOfAction)
	set("url", e.PortalURL)
	if call := strings.TrimSpace(e.CallIdentifier); call != identifier {
		set("partOf", call)
	}
	if e.Deadline != "" {
		if _, err := time.Parse(time.DateOnly, e.Deadline); err != nil {
			refuse("deadline", "%q is not a day as in 2026-09-17", e.Deadline)
		} else {
			props["deadlines"], props["closes"] = []string{e.Deadline}, e.Deadline
		}
	}
	for _, f := range []struct {
		column, name string
		value        *json.Number
		unit         int64
	}{
		{"budgetMin", "grantFrom", e.BudgetMin, 100},
		{"budgetMax", "grantTo", e.BudgetMax, 100},
		{"expectedGrants", "grants", e.ExpectedGrants, 1},
	} {
		if f.value == nil {
			continue
		}
		n, err := strconv.ParseInt(f.value.String(), 10, 32)
		switch {
		case err != nil || n < 0:
			refuse(f.column, "%s is not a whole number below 2147483648", f.value)
		case n > 0: // 0 stands where nothing is known
			props[f.name] = n * f.unit
		}
	}
	at := cmp.Or(e.Reference, fmt.Sprintf("entry %d", n))
	records := []kg.Record{{Source: source, Locator: at}}
	if least := partners(e.TypesOfAction); least > 0 {
		records[0].Properties = slices.Sorted(maps.Keys(props))
		records = append(records, kg.Record{Source: source, Locator: at + ", Horizon Europe general annexes B", Properties: []string{"minimumPartners"}, Derivation: "INFERRED"})
		props["minimumPartners"] = least
	}
	return &kg.Node{Type: "FundingCall", ID: "call:eu:" + identifier, Properties: props, Records: records}
}
