package store_test

import (
	"math"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// org returns a change of an organisation with one property.
func org(name string, value any) kg.Change {
	return kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:1", Properties: kg.Properties{name: value}}}
}

func of(typ, id, name string, value any) kg.Change {
	return kg.Change{Node: &kg.Node{Type: typ, ID: id, Properties: kg.Properties{name: value}}}
}

func rel(typ, from, to string, props kg.Properties) kg.Change {
	return kg.Change{Relationship: &kg.Relationship{Type: typ, From: from, To: to, Properties: props}}
}

func TestChangesThatFitAreAccepted(t *testing.T) {
	c := catalogtest.Model(t)
	for name, ch := range map[string]kg.Change{
		"nothing but an id": {Node: &kg.Node{Type: "Organization", ID: "org:1", FormerIDs: []string{"org:2"}}},
		"the longest id":    {Node: &kg.Node{Type: "Organization", ID: "org:" + strings.Repeat("x", store.MaxID-4)}},
		"text":              org("name", "é\n\x01\u2028"),
		"empty text":        org("name", ""),
		"list":              org("aliases", []string{"a", ""}),
		"enum":              org("kind", "COMPANY"),
		"boolean":           org("startup", false),
		"object":            org("location", kg.JSON(`{"latitude":1,"longitude":2}`)),
		"least integer":     of("Place", "place:1", "population", int64(math.MinInt32)),
		"date":              of("Event", "event:1", "from", "2019-09/.."),
		"float":             of("Figure", "figure:1", "value", -1e300),
		"amount":            of("Project", "project:1", "cost", int64(-1e15)),
		"instant":           of("Claim", "claim:1", "recordedAt", "2026-01-31T12:00:00Z"),
		"id as value":       of("Claim", "claim:1", "subject", "PART_OF|place:1|place:2"),
		"relationship":      rel("PARTICIPATES_IN", "org:1", "project:1", kg.Properties{"contribution": int64(1)}),
		"with its key":      rel("HAS_ROLE_AT", "person:1", "org:1", kg.Properties{"title": "a|b%"}),
	} {
		if err := store.Check(c, ch); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestChangesThatDoNotFitAreRefusedWithAReason(t *testing.T) {
	c := catalogtest.Model(t)
	node := &kg.Node{Type: "Organization", ID: "org:1"}
	for _, tt := range []struct {
		name string
		ch   kg.Change
		want string
	}{
		{"nothing", kg.Change{}, "a change holds a node or a relationship"},
		{"both", kg.Change{Node: node, Relationship: &kg.Relationship{}}, "a change holds a node or a relationship"},
		{"type", kg.Change{Node: &kg.Node{Type: "Firm", ID: "org:1"}}, `type "Firm" is not in the model`},
		{"id of another type", kg.Change{Node: &kg.Node{Type: "Organization", ID: "place:1"}}, `id "place:1" does not begin with "org:"`},
		{"no id", kg.Change{Node: &kg.Node{Type: "Organization"}}, `id "" does not begin with "org:"`},
		{"former id of another type", kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:1", FormerIDs: []string{"place:1"}}}, `id "place:1" does not begin with "org:"`},
		{"bar in an id", kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:a|b"}}, `id "org:a|b" is longer than 256 bytes or holds | or %`},
		{"per cent in an id", kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:50%"}}, "holds | or %"},
		{"NUL in an id", kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:\x00"}}, `id "org:\x00"`},
		{"long id", kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:" + strings.Repeat("x", store.MaxID-3)}}, "is longer than 256 bytes"},

		{"unknown property", org("street", "x"), `Organization has no property "street" to set`},
		{"id as property", org("id", "org:2"), `Organization has no property "id" to set`},
		{"records as property", org("records", kg.JSON("[]")), `Organization has no property "records" to set`},
		{"relationship as property", org("projects", "x"), `Organization has no property "projects" to set`},
		{"computed", of("Sector", "sector:1", "label", "x"), `Sector has no property "label" to set`},
		{"nil", org("name", nil), "Organization.name: <nil> is no value of kind String"},
		{"number as text", org("name", int64(1)), "Organization.name: 1 is no value of kind String"},
		{"text as boolean", org("startup", "true"), `Organization.startup: "true" is no value of kind Boolean`},
		{"int", of("Place", "place:1", "population", 5), "Place.population: 5 is no value of kind Int"},
		{"integer too large", of("Place", "place:1", "population", int64(math.MaxInt32+1)), "Place.population: 2147483648 is no value of kind Int"},
		{"infinite", of("Figure", "figure:1", "value", math.Inf(1)), "Figure.value: +Inf is no value of kind Float"},
		{"not a number", of("Figure", "figure:1", "value", math.NaN()), "Figure.value: NaN is no value of kind Float"},
		{"what stands for absent", of("Figure", "figure:1", "value", math.MaxFloat64), "is no value of kind Float"},
		{"float as integer", of("Place", "place:1", "population", 1.0), "Place.population: 1 is no value of kind Int"},
		{"empty list", org("aliases", []string{}), "Organization.aliases: [] is no value of kind StringList"},
		{"NUL in a list", org("aliases", []string{"a", "\x00"}), "is no value of kind StringList"},
		{"enum", org("kind", "company"), `Organization.kind: "company" is none of ASSOCIATION, CHAMBER, COMPANY`},
		{"date", of("Event", "event:1", "from", "2019-13"), `Event.from: "2019-13" is no date`},
		{"instant of another zone", of("Claim", "claim:1", "recordedAt", "2026-01-31T12:00:00+01:00"), "is no instant in UTC with whole seconds"},
		{"instant with a fraction", of("Claim", "claim:1", "recordedAt", "2026-01-31T12:00:00.5Z"), "is no instant in UTC with whole seconds"},
		{"invalid UTF-8", org("name", "\xff"), "Organization.name: the text is not valid UTF-8 or holds a character that cannot be stored"},
		{"NUL", org("name", "a\x00"), "holds a character that cannot be stored"},
		{"U+10FFFF", org("name", "\U0010FFFF"), "holds a character that cannot be stored"},

		{"relationship type", rel("KNOWS", "org:1", "org:2", nil), `relationship type "KNOWS" is not in the model`},
		{"ends the wrong way", rel("PARTICIPATES_IN", "project:1", "org:1", nil), `PARTICIPATES_IN does not lead from "project:1" to "org:1"`},
		{"an end of no type", rel("PARTICIPATES_IN", "org:1", "x:1", nil), `PARTICIPATES_IN does not lead from "org:1" to "x:1"`},
		{"no end", rel("PARTICIPATES_IN", "org:1", "", nil), `PARTICIPATES_IN does not lead from "org:1" to ""`},
		{"bar in an end", rel("PARTICIPATES_IN", "org:1|", "project:1", nil), `id "org:1|" is longer than 256 bytes or holds | or %`},
		{"no key", rel("HAS_ROLE_AT", "person:1", "org:1", nil), `HAS_ROLE_AT needs "title", which tells its relationships apart`},
		{"its property", rel("PARTICIPATES_IN", "org:1", "project:1", kg.Properties{"role": "CHIEF"}), `PARTICIPATES_IN.role: "CHIEF" is none of COORDINATOR`},
		{"its unknown property", rel("PARTICIPATES_IN", "org:1", "project:1", kg.Properties{"since": "2019"}), `PARTICIPATES_IN has no property "since" to set`},
	} {
		err := store.Check(c, tt.ch)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
		if _, err := store.Fit(c, tt.ch); err == nil {
			t.Errorf("%s fits", tt.name)
		}
	}
}

func TestNewThingsNeedWhatTheirTypeRequires(t *testing.T) {
	c := catalogtest.Model(t)
	source := c.Type("Source")
	err := store.Complete(source, &kg.Node{Type: "Source", ID: "source:1"})
	if err == nil || err.Error() != `Source needs a value for "title"` {
		t.Errorf("without a title: %v", err)
	}
	// Neither the id nor lists, which are empty when absent.
	if err := store.Complete(source, &kg.Node{Type: "Source", ID: "source:1", Properties: kg.Properties{"title": "x"}}); err != nil {
		t.Errorf("with a title: %v", err)
	}
	activity := c.Relationship("ACTIVE_IN")
	if err := store.CompleteRelationship(activity, &kg.Relationship{}); err == nil || err.Error() != `ACTIVE_IN needs a value for "basis"` {
		t.Errorf("without a basis: %v", err)
	}
	if err := store.CompleteRelationship(activity, &kg.Relationship{Properties: kg.Properties{"basis": "STATED"}}); err != nil {
		t.Errorf("with a basis: %v", err)
	}
}

func TestRecordsWithoutAPlaceAreDropped(t *testing.T) {
	c, err := catalog.Load(`interface Node { id: ID! } type A implements Node @node(prefix: "a") { id: ID! to: [A!]! @relationship(type: "R", direction: OUT) }`)
	if err != nil {
		t.Fatal(err)
	}
	records := []kg.Record{{Source: "s", Locator: "1"}}
	node, err := store.Fit(c, kg.Change{Node: &kg.Node{Type: "A", ID: "a:1", Records: records}})
	if err != nil || node.Node.Records != nil {
		t.Errorf("a node: %+v, %v", node.Node, err)
	}
	r, err := store.Fit(c, kg.Change{Relationship: &kg.Relationship{Type: "R", From: "a:1", To: "a:2", Records: records}})
	if err != nil || r.Relationship.Records != nil {
		t.Errorf("a relationship: %+v, %v", r.Relationship, err)
	}
	kept, err := store.Fit(catalogtest.Model(t), kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:1", Records: records}})
	if err != nil || len(kept.Node.Records) != 1 || len(records) != 1 {
		t.Errorf("with a place: %+v, %v", kept.Node, err)
	}
}
