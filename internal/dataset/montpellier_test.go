package dataset

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/kg"
)

const (
	council    = "org:montpellier:cmip"
	metropolis = "org:siren:243400017"
	mainGauche = "org:montpellier:main-gauche"
	garosud    = "project:montpellier:main-gauche-garosud"
	edf        = "org:montpellier:edf"
	subsidiary = "org:montpellier:edf-filiale-renouvelables"
	strategy   = "strategy:montpellier:industrie-positive"
	roadmap    = "strategy:montpellier:feuille-de-route-2020-2040"
	session    = "event:montpellier:cmip-session-1"
	article    = "source:montpellier:article"
)

// want compares properties with their expected values; nil means absent.
func want(t *testing.T, what string, got kg.Properties, wants kg.Properties) {
	t.Helper()
	for name, v := range wants {
		if got[name] != v {
			t.Errorf("%s: %s is %v, want %v", what, name, got[name], v)
		}
	}
}

// claim returns a claim of the Montpellier graph.
func (g *graph) claim(t testing.TB, name string) kg.Properties {
	t.Helper()
	return g.node(t, "claim:montpellier:"+name).Properties
}

// The ten traps of the article.

// Trap 1: the sentences about €10 M, Garosud and Parc 2000 never name Main
// Gauche; a second passage does.
func TestTrapCoreference(t *testing.T) {
	g := builtin(t)
	for _, name := range []string{"f14", "f15", "f16", "f17", "f18", "f19", "f20", "f21"} {
		c := g.claim(t, name)
		var passages []struct{ StartOffset, EndOffset int }
		if err := json.Unmarshal([]byte(c["passages"].(kg.JSON)), &passages); err != nil {
			t.Fatal(err)
		}
		if c["derivation"] != "INFERRED" || len(passages) != 2 || passages[1].StartOffset != 1782 || passages[1].EndOffset != 1836 {
			t.Errorf("%s: %v", name, c)
		}
	}
	p := g.node(t, garosud)
	want(t, garosud, p.Properties, kg.Properties{"kind": "INVESTMENT", "status": "PLANNED", "cost": int64(1_000_000_000), "currency": "EUR", "to": "../2020"})
	for _, r := range append(p.Records, g.relationship(t, "LOCATED_AT", mainGauche, "place:montpellier:parc-2000").Records...) {
		if r.Source == article && (r.Derivation != "INFERRED" || strings.Count(r.Locator, "-") != 2) {
			t.Errorf("%+v", r)
		}
	}
}

// Trap 2: Étienne and Etienne Bussières are one person.
func TestTrapOnePersonTwoSpellings(t *testing.T) {
	g, n := builtin(t), 0
	for id, p := range g.nodes {
		name, _ := p.Properties["name"].(string)
		if p.Type == "Person" && strings.HasSuffix(name, "Bussières") {
			n++
			if name != "Étienne Bussières" || !slices.Equal(p.Properties["aliases"].([]string), []string{"Etienne Bussières"}) {
				t.Errorf("%s: %v", id, p.Properties)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d persons", n)
	}
}

// Trap 3: sixteen seats, seventeen organisations; Netia was a subsidiary of
// Orange until 2017.
func TestTrapSeats(t *testing.T) {
	g := builtin(t)
	members := g.to("MEMBER_OF", council)
	seats, places := map[any][]string{}, map[any]bool{}
	for _, m := range members {
		seats[m.Properties["seat"]] = append(seats[m.Properties["seat"]], m.From)
		places[m.Properties["listOrder"]] = true
		want(t, m.From, m.Properties, kg.Properties{"status": "CURRENT"})
	}
	if len(members) != 17 || len(seats) != 16 || len(places) != 17 {
		t.Errorf("%d members, %d seats, %d places in the list", len(members), len(seats), len(places))
	}
	if !slices.Equal(seats[int64(4)], []string{"org:montpellier:netia", "org:montpellier:radio-act"}) {
		t.Errorf("seat 4: %v", seats[int64(4)])
	}
	past := g.relationship(t, "SUBSIDIARY_OF", "org:montpellier:netia", "org:montpellier:orange")
	want(t, "Netia and Orange", past.Properties, kg.Properties{"status": "PAST", "to": "../2017"})
	want(t, "members", g.claim(t, "m00"), kg.Properties{"predicate": "MEMBER_COUNT", "value": "16"})
}

// Trap 4: the subsidiary of EDF has no name, and its coming site is no place of
// it or of EDF today.
func TestTrapUnnamedSubsidiary(t *testing.T) {
	g := builtin(t)
	want(t, subsidiary, g.node(t, subsidiary).Properties, kg.Properties{"name": nil, "displayName": nil})
	want(t, subsidiary, g.relationship(t, "SUBSIDIARY_OF", subsidiary, edf).Properties, kg.Properties{"status": "CURRENT"})
	site := "project:montpellier:edf-site-renouvelables"
	want(t, site, g.node(t, site).Properties, kg.Properties{"kind": "SITE_OPENING", "status": "PLANNED"})
	want(t, site, g.relationship(t, "LOCATED_AT", site, "place:insee:34172").Properties, kg.Properties{"status": "PLANNED"})
	for _, id := range []string{edf, subsidiary} {
		if l := g.from("LOCATED_AT", id); len(l) > 0 {
			t.Errorf("%s is located at %s", id, l[0].To)
		}
	}
}

// Trap 5: CMA is the Chambre de Métiers et de l'Artisanat; the Métropole is
// SIREN 243400017 with 31 communes.
func TestTrapAbbreviations(t *testing.T) {
	g := builtin(t)
	cma := g.node(t, "org:montpellier:cma").Properties
	want(t, "CMA", cma, kg.Properties{"name": "Chambre de Métiers et de l’Artisanat", "kind": "CHAMBER"})
	if !slices.Contains(cma["aliases"].([]string), "CMA") {
		t.Errorf("CMA: %v", cma)
	}
	want(t, metropolis, g.node(t, metropolis).Properties, kg.Properties{"name": "Montpellier Méditerranée Métropole", "siren": "243400017", "kind": "PUBLIC_BODY"})
	communes := g.to("PART_OF", "place:epci:243400017")
	if len(communes) != 31 {
		t.Errorf("%d communes", len(communes))
	}
	total := int64(0)
	for _, c := range communes {
		n := g.node(t, c.From)
		total += n.Properties["population"].(int64)
		if n.Properties["location"] == nil {
			t.Errorf("%s has no location", c.From)
		}
	}
	want(t, "EPCI", g.node(t, "place:epci:243400017").Properties, kg.Properties{"population": total, "kind": "EPCI"})
}

// Trap 6: 2011 is the founding year of Seclab by inference.
func TestTrapFoundingYear(t *testing.T) {
	g := builtin(t)
	n := g.node(t, "org:montpellier:seclab")
	want(t, "Seclab", n.Properties, kg.Properties{"foundedIn": "2011"})
	want(t, "f28", g.claim(t, "f28"), kg.Properties{"derivation": "INFERRED", "predicate": "FOUNDED_IN", "value": "2011"})
	for _, r := range n.Records {
		if slices.Contains(r.Properties, "foundedIn") && r.Derivation != "INFERRED" {
			t.Errorf("%+v", r)
		}
	}
}

// Trap 7: dates are bounds, and the article has no date of its own.
func TestTrapDatesAreBounds(t *testing.T) {
	g := builtin(t)
	want(t, garosud, g.node(t, garosud).Properties, kg.Properties{"from": nil, "to": "../2020"})
	want(t, "article", g.node(t, article).Properties, kg.Properties{"publishedAt": "2019-07/2019-09"})
	want(t, "council", g.relationship(t, "INVOLVED_IN", council, roadmap, "CO_BUILDS").Properties, kg.Properties{"from": "2019-09/..", "status": "PLANNED"})
	pilot := g.relationship(t, "INVOLVED_IN", "person:montpellier:gerard-lannelongue", "org:montpellier:think-tank-industrie", "LEADS")
	want(t, "think tank", pilot.Properties, kg.Properties{"from": "2019-02", "to": "2019-07", "status": "PAST"})
}

// Trap 8: five is a ratio without a base, 60 a value and 180 a target.
func TestTrapFigures(t *testing.T) {
	g := builtin(t)
	capacity, headcount := "figure:montpellier:main-gauche-capacity", "figure:montpellier:main-gauche-headcount"
	want(t, capacity, g.node(t, capacity).Properties, kg.Properties{"metric": "CAPACITY", "ratio": 5.0, "value": nil, "target": nil, "unit": nil})
	want(t, headcount, g.node(t, headcount).Properties, kg.Properties{"metric": "HEADCOUNT", "value": 60.0, "asOf": "2019", "target": 180.0, "targetDate": "2022", "ratio": nil})
	want(t, "f21", g.claim(t, "f21"), kg.Properties{"status": "PLANNED", "stance": "QUOTED"})
}

// Trap 9: axes and period belong to the roadmap, which is still to be written.
func TestTrapRoadmap(t *testing.T) {
	g := builtin(t)
	want(t, roadmap, g.node(t, roadmap).Properties, kg.Properties{"kind": "ROADMAP", "from": "2020", "to": "2040"})
	want(t, strategy, g.node(t, strategy).Properties, kg.Properties{"kind": "STRATEGY", "from": nil, "to": nil})
	if n := len(g.from("HAS_AXIS", strategy)); n != 0 {
		t.Errorf("the strategy has %d axes", n)
	}
	orders := map[any]bool{}
	for _, r := range g.from("HAS_AXIS", roadmap) {
		orders[r.Properties["order"]] = true
	}
	if len(orders) != 3 || !orders[int64(1)] || !orders[int64(3)] {
		t.Errorf("axes %v", orders)
	}
}

// Trap 10: the body and its first session are two nodes, and the last two lines
// of the file, from character 3662, say nothing.
func TestTrapSessionAndFurniture(t *testing.T) {
	g := builtin(t)
	want(t, council, g.node(t, council).Properties, kg.Properties{"kind": "COUNCIL"})
	want(t, session, g.node(t, session).Properties, kg.Properties{"status": "HELD", "from": "2019-10-01"})
	for id, n := range g.nodes {
		passages, ok := n.Properties["passages"].(kg.JSON)
		if !ok {
			continue
		}
		var list []struct{ StartOffset, EndOffset int }
		if err := json.Unmarshal([]byte(passages), &list); err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			if p.StartOffset < 0 || p.StartOffset >= p.EndOffset || p.EndOffset > 3662 {
				t.Errorf("%s: %+v", id, p)
			}
		}
		if strings.Contains(string(passages), `"quote"`) {
			t.Errorf("%s carries the words of the article", id)
		}
	}
}

// TestContradictions checks that what other sources say stands beside what the
// article says, each with its source.
func TestContradictions(t *testing.T) {
	g := builtin(t)
	for _, tt := range []struct{ subject, predicate, value, source string }{
		{session, "HELD_ON", "2019-09", article},
		{session, "HELD_ON", "2019-10-01", "source:montpellier3m:2019-10-04"},
		{garosud, "CAPACITY_RATIO", "5", article},
		{garosud, "CAPACITY_RATIO", "10 à 15", "source:entreprendre-montpellier:main-gauche-2019"},
		{mainGauche, "HEADCOUNT", "60", article},
		{mainGauche, "HEADCOUNT", "72", "source:entreprendre-montpellier:main-gauche-2019"},
		{mainGauche, "HEADCOUNT_TARGET", "180", article},
		{mainGauche, "HEADCOUNT_TARGET", "130", "source:entreprendre-montpellier:main-gauche-2019"},
		{garosud, "MOVES", "../2020", article},
		{garosud, "MOVES", "2020-06/2020-09", "source:touleco:2019-03"},
		{garosud, "MOVES", "2020-10/2020-12", "source:entreprendre-montpellier:main-gauche-2019"},
		{mainGauche, "FOUNDED_IN", "2008", "source:touleco:2019-03"},
		{roadmap, "HAS_AXIS", "Projets et synergies", article},
		{roadmap, "HAS_AXIS", "Projets structurants", "source:montpellier3m:2019-10-04"},
		{"org:montpellier:apf34", "MEMBER_OF", council, "source:montpellier3m:2019-10-04"},
	} {
		found := false
		for id, n := range g.nodes {
			p := n.Properties
			if n.Type == "Claim" && p["subject"] == tt.subject && p["predicate"] == tt.predicate && p["value"] == tt.value {
				found = found || g.relationships[kg.RelationshipID("FROM", id, tt.source, "")] != nil
			}
		}
		if !found {
			t.Errorf("no claim %+v", tt)
		}
	}
}

// TestBridgeToEurope checks the one way from the council to the projects.
func TestBridgeToEurope(t *testing.T) {
	g := builtin(t)
	ecp := "org:cordis-md5:b55d2264c26f7590946733ed303774dc"
	g.relationship(t, "MEMBER_OF", "org:montpellier:uimm-montpellier", council)
	g.relationship(t, "MEMBER_OF", ecp, "org:montpellier:uimm-montpellier")
	for _, r := range g.from("PARTICIPATES_IN", ecp) {
		if g.node(t, r.To).Properties["acronym"] == "SeNaTe" {
			return
		}
	}
	t.Error("Entegris Cleaning Process does not take part in SeNaTe")
}

// tsv reads a table of data without its header.
func tsv(t *testing.T, name string) (rows [][]string) {
	t.Helper()
	b, err := os.ReadFile("data/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		rows = append(rows, strings.Split(line, "\t"))
	}
	return rows
}

// claimsOnly are the facts that have no place in the graph but their claim.
var claimsOnly = []string{"F05", "F06", "F11", "F29", "F30", "F34", "F36", "F38", "F39", "F40", "F41", "M00"}

// TestFacts checks that each of the 61 facts is a claim at its offsets, and
// stands in the graph where the tables say.
func TestFacts(t *testing.T) {
	g := builtin(t)
	places := map[string][]string{} // by predicate of the facts and of the claim
	for _, row := range tsv(t, "montpellier_predicates.tsv") {
		places[row[0]+" "+row[1]] = strings.Split(row[2], ", ")
	}
	facts := tsv(t, "montpellier_facts.tsv")
	if len(facts) != 61 {
		t.Errorf("%d facts", len(facts))
	}
	stances := map[string]string{"ASSERTED": "STATED", "PLANNED": "STATED", "QUOTED": "QUOTED", "QUOTED_PLAN": "QUOTED", "OPINION": "OPINION"}
	for _, f := range facts {
		fact, predicate, modality, start, end, claimID, stands := f[0], f[1], f[2], f[3], f[4], f[5], f[6]
		c := g.node(t, claimID)
		if c.Properties["stance"] != stances[modality] {
			t.Errorf("%s: %s is %v", fact, modality, c.Properties["stance"])
		}
		if planned := strings.HasSuffix(modality, "PLAN") || modality == "PLANNED"; planned != (c.Properties["status"] == "PLANNED") {
			t.Errorf("%s: %s is %v", fact, modality, c.Properties["status"])
		}
		if !strings.HasPrefix(string(c.Properties["passages"].(kg.JSON)), `[{"endOffset":`+end+`,"startOffset":`+start+`}`) {
			t.Errorf("%s: passages %v", fact, c.Properties["passages"])
		}
		g.relationship(t, "FROM", claimID, article)
		want := places[predicate+" "+c.Properties["predicate"].(string)]
		if (stands == "claim") != slices.Contains(claimsOnly, fact) {
			t.Errorf("%s stands as %q", fact, stands)
		}
		if stands == "claim" {
			if !slices.Equal(want, []string{"claim only"}) {
				t.Errorf("%s: %s has a place: %v", fact, predicate, want)
			}
			continue
		}
		for _, place := range strings.Split(stands, " ; ") {
			if got := g.checkPlace(t, fact, place); !slices.Contains(want, got) {
				t.Errorf("%s stands as %s, and the table of predicates knows %v", fact, got, want)
			}
		}
	}
}

// checkPlace makes sure that a relationship, or a property written as
// node#property, is there and stated by the article, and returns its type.
func (g *graph) checkPlace(t *testing.T, fact, place string) string {
	t.Helper()
	byArticle := func(r kg.Record) bool { return r.Source == article }
	if id, property, ok := strings.Cut(place, "#"); ok {
		n := g.node(t, id)
		if n.Properties[property] == nil || !slices.ContainsFunc(n.Records, func(r kg.Record) bool {
			return byArticle(r) && (len(r.Properties) == 0 || slices.Contains(r.Properties, property))
		}) {
			t.Errorf("%s: %s is not stated by the article", fact, place)
		}
		return n.Type + "." + property
	}
	r := g.relationships[place]
	if r == nil || !slices.ContainsFunc(r.Records, byArticle) {
		t.Errorf("%s: %s is not stated by the article", fact, place)
		return ""
	}
	return r.Type
}

// TestPersonsHaveOnlyPublishedRoles checks what is kept of persons.
func TestPersonsHaveOnlyPublishedRoles(t *testing.T) {
	g, n := builtin(t), 0
	for id, p := range g.nodes {
		if p.Type != "Person" {
			continue
		}
		n++
		if len(g.from("HAS_ROLE_AT", id)) != 1 {
			t.Errorf("%s has %d roles", id, len(g.from("HAS_ROLE_AT", id)))
		}
	}
	if n != 4 {
		t.Errorf("%s persons", strconv.Itoa(n))
	}
}
