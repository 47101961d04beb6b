package dataset

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/kg"
)

// cordis reports whether a node or relationship is stated by CORDIS.
func cordis(records []kg.Record) bool {
	return slices.ContainsFunc(records, func(r kg.Record) bool { return strings.HasPrefix(r.Source, "source:cordis:") })
}

// The counts of the raw files, and what the natural persons among the
// organisations take with them.
const (
	rawOrganizations, rawProjects, rawParticipations = 12_326, 7_574, 31_868
	rawRoles, rawContributions                       = 27_216, 26_024

	persons, personParticipations, personRoles, personContributions = 85, 96, 76, 66
)

func TestH2020Counts(t *testing.T) {
	g := builtin(t)
	got := map[string]int{}
	for _, n := range g.nodes {
		if !cordis(n.Records) {
			continue
		}
		got[n.Type]++
		for _, name := range []string{"kind", "city", "displayName", "pic", "from", "to"} {
			if n.Properties[name] == nil {
				got[n.Type+" without "+name]++
			}
		}
		for _, r := range n.Records {
			if n.Type == "Project" && r.Source == "source:cordis:h2020-2016" && r.Properties != nil && !slices.Contains(r.Properties, "from") && n.Properties["from"] != nil {
				got["first days filled"]++
			}
			if n.Type == "Project" && len(r.Overridden) > 0 {
				got["projects of which 2021 has other days"]++
			}
		}
	}
	for _, r := range g.relationships {
		if !cordis(r.Records) {
			continue
		}
		got[r.Type]++
		if r.Type == "PARTICIPATES_IN" && r.Properties["role"] != nil {
			got["roles"]++
		}
		if r.Type == "PARTICIPATES_IN" && r.Properties["contribution"] != nil {
			got["contributions"]++
		}
	}
	for what, want := range map[string]int{
		"Organization":                     rawOrganizations - persons,
		"LOCATED_AT":                       20,
		"Organization without kind":        224 - 27,
		"Organization without displayName": 0,
		"Project":                          rawProjects,
		"Project without from":             767 - 732,
		"Project without to":               0,
		"first days filled":                732,

		"projects of which 2021 has other days": 4110,
		"PARTICIPATES_IN":                       rawParticipations - personParticipations,
		"roles":                                 rawRoles - personRoles,
		"contributions":                         rawContributions - personContributions,
		"Source":                                3,
	} {
		if got[what] != want {
			t.Errorf("%s: %d, want %d", what, got[what], want)
		}
	}
}

// TestThemes counts the projects, organisations and calls of each theme. Three
// of the 572 organisations in renewable energy are natural persons.
func TestThemes(t *testing.T) {
	g := builtin(t)
	for _, tt := range []struct {
		theme                   string
		projects, organizations int
		calls                   int
	}{
		{"cybersecurity", 23, 171, 7},
		{"renewable-energy", 74, 572 - 3, 16},
		{"textiles", 6, 74, 5},
		{"industrial-symbiosis", 9, 148, 3},
	} {
		id := "sector:theme:" + tt.theme
		n := g.node(t, id)
		if n.Properties["labelFr"] == nil || n.Properties["labelEn"] == nil {
			t.Errorf("%s lacks a label", id)
		}
		projects, organizations, calls := 0, 0, 0
		for _, r := range g.to("ABOUT", id) {
			if strings.HasPrefix(r.From, "call:") {
				calls++
			} else {
				projects++
			}
			if r.Properties["rule"] == nil {
				t.Errorf("%s: %s without a rule", id, r.From)
			}
		}
		for _, r := range g.to("ACTIVE_IN", id) {
			if r.Properties["basis"] == "DERIVED" {
				organizations++
			}
		}
		if projects != tt.projects || organizations != tt.organizations || calls != tt.calls {
			t.Errorf("%s: %d projects, %d organisations, %d calls", id, projects, organizations, calls)
		}
	}
}

// TestActivitiesFollowFromProjects recomputes one derived activity.
func TestActivitiesFollowFromProjects(t *testing.T) {
	g := builtin(t)
	for _, r := range g.to("ACTIVE_IN", "sector:theme:industrial-symbiosis") {
		n := int64(0)
		for _, p := range g.from("PARTICIPATES_IN", r.From) {
			if g.relationships[kg.RelationshipID("ABOUT", p.To, r.To, "")] != nil {
				n++
			}
		}
		if r.Properties["projectCount"] != n {
			t.Errorf("%s: projectCount is %v, want %d", r.From, r.Properties["projectCount"], n)
		}
	}
}

func TestProgrammeTree(t *testing.T) {
	g := builtin(t)
	inUse := map[string]bool{}
	for _, n := range g.nodes {
		if n.Type == "Project" {
			codes, _ := n.Properties["programme"].([]string)
			for _, code := range codes {
				inUse[code] = true
				g.relationship(t, "ABOUT", n.ID, "sector:h2020:"+code)
			}
		}
	}
	if len(inUse) != 114 {
		t.Errorf("%d codes in use", len(inUse))
	}
	for code := range inUse {
		n := g.node(t, "sector:h2020:"+code)
		if n.Properties["labelFr"] == nil || n.Properties["labelEn"] == nil || n.Properties["scheme"] != "H2020" {
			t.Errorf("%s: %v", code, n.Properties)
		}
	}
	g.relationship(t, "BROADER", "sector:h2020:H2020-EU.3.3.2.1.", "sector:h2020:H2020-EU.3.3.2.")
	g.relationship(t, "CLOSE_MATCH", "sector:theme:renewable-energy", "sector:h2020:H2020-EU.3.3.2.1.")
}

func TestCountriesAreISO(t *testing.T) {
	seen := map[any]int{}
	for _, n := range builtin(t).nodes {
		if n.Type == "Organization" {
			seen[n.Properties["country"]]++
		}
	}
	if seen["EL"]+seen["UK"] > 0 || seen["GR"] == 0 || seen["GB"] == 0 || seen["NA"] != 3 {
		t.Errorf("EL %d, UK %d, GR %d, GB %d, NA %d", seen["EL"], seen["UK"], seen["GR"], seen["GB"], seen["NA"])
	}
}

// TestKnownOrganizations looks at those that the documentation names.
func TestKnownOrganizations(t *testing.T) {
	g := builtin(t)
	sikemia := g.node(t, "org:pic:952966025").Properties
	if sikemia["displayName"] != "Sikemia SAS" || sikemia["name"] != "SIKEMIA SAS" || sikemia["city"] != "Montpellier" || sikemia["kind"] != "COMPANY" {
		t.Errorf("Sikemia: %v", sikemia)
	}
	idate := g.node(t, "org:cordis-md5:cf8476477cba9b66c4090325c4b7b761")
	if idate.Properties["pic"] != "999628360" {
		t.Errorf("IDATE: %v", idate.Properties)
	}
	for _, r := range idate.Records {
		if slices.Contains(r.Properties, "pic") && r.Derivation != "INFERRED" {
			t.Errorf("IDATE's code was found by name: %+v", r)
		}
	}
}

// TestLostLetters: names that have lost letters are shown with those that the edition
// of 2017 has, which its record says, and else as they are.
func TestLostLetters(t *testing.T) {
	lost, shown := 0, 0
	for _, n := range builtin(t).nodes {
		name, _ := n.Properties["name"].(string)
		if n.Type != "Organization" || !strings.ContainsRune(name, '\uFFFD') {
			continue
		}
		lost++
		display := n.Properties["displayName"].(string)
		source := "source:cordis:h2020-2017"
		if strings.ContainsRune(display, '\uFFFD') {
			shown++
			source = "source:cordis:h2020-2016"
			if display != strings.Join(strings.Fields(name), " ") {
				t.Errorf("%s is shown as %s", name, display)
			}
		}
		for _, r := range n.Records {
			says := len(r.Properties) == 0 || slices.Contains(r.Properties, "displayName")
			if says != (r.Source == source) {
				t.Errorf("%s is shown as %s by %+v", name, display, r)
			}
		}
	}
	if lost != 119 || shown != 24 {
		t.Errorf("%d names have lost letters, of which %d are shown without", lost, shown)
	}
}

// TestHiddenDuplicatesStand checks that organisations which share a code only
// by their names have not been merged.
func TestHiddenDuplicatesStand(t *testing.T) {
	g, pairs := builtin(t), 0
	for _, n := range g.nodes {
		pic, _ := n.Properties["pic"].(string)
		if strings.HasPrefix(n.ID, "org:cordis-md5:") && g.nodes["org:pic:"+pic] != nil {
			pairs++
		}
	}
	if pairs != 50 {
		t.Errorf("%d pairs", pairs)
	}
}

// TestNoPrivateData checks the text of all files for what must not be shipped.
func TestNoPrivateData(t *testing.T) {
	email := regexp.MustCompile(`[\w.+-]+@[\w-]+\.\w+`)
	for _, name := range Files {
		r, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), `"street"`) {
			t.Errorf("%s: a street", name)
		}
		if m := email.Find(text); m != nil {
			t.Errorf("%s: an e-mail address: %s", name, m)
		}
	}
	for _, n := range builtin(t).nodes {
		for name := range n.Properties {
			if name == "postalCode" {
				t.Errorf("%s: a postal code", n.ID)
			}
		}
	}
}

// TestNoNaturalPersons samples the keys that the importer leaves out.
func TestNoNaturalPersons(t *testing.T) {
	g := builtin(t)
	for _, id := range []string{"org:pic:928383703", "org:cordis-md5:4c79143fe103134d330a78346f5b87d8", "org:pic:989958042", "org:pic:945718961"} {
		if g.nodes[id] != nil {
			t.Errorf("%s is a natural person", id)
		}
	}
	g.node(t, "org:pic:934718094") // a firm that bears a person's name stays
}
