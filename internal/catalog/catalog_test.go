package catalog_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// load returns the catalog of a model that is right.
func load(t testing.TB, model string) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load(model)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// product returns the text of schema.graphqls.
func product(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tiny is a model with everything that a model may have.
const tiny = `
enum Status { CURRENT PAST }
enum FactStatus { CURRENT PLANNED PAST }
enum Size { SMALL LARGE }
scalar Date
scalar DateTime
scalar Decimal
interface Node { id: ID! }
type Spot { at: Float! note: String tags: [String!]! size: Size! by: Firm }
"A firm."
type Firm implements Node @node(prefix: "firm", plural: "firms") @view(name: "large", property: "size", equals: "LARGE") {
  "Its id."
  id: ID!
  name: String! @index
  fr: String
  en: String
  label: String @localized(fr: "fr", en: "en")
  tags: [String!]!
  size: Size @index
  staff: Int
  ratio: Float
  listed: Boolean
  since: Date
  seen: DateTime
  revenue: Decimal @index
  spot: Spot
  spots: [Spot!]!
  "What it does."
  jobs: [Job!]! @relationship(type: "DOES", direction: OUT, properties: "Doing", key: ["role"], index: true)
  parents: [Firm!]! @relationship(type: "OWNED_BY", direction: OUT)
  children: [Firm!]! @relationship(type: "OWNED_BY", direction: IN)
  said: [Said!]! @facts(of: "children", by: "size", value: "name", sources: "parents")
}
"What is said."
type Said { size: Size name: String! count: Int! disagree: Boolean! children(first: Int! = 5): [Firm!]! }
type Job implements Node @node(prefix: "job") {
  id: ID!
  firms: [Firm!]! @relationship(type: "DOES", direction: IN, properties: "Doing", key: ["role"])
}
"How it is done."
type Doing @relationshipProperties {
  role: String
  status: FactStatus
}
`

func TestLoadReadsEveryKindOfThing(t *testing.T) {
	c := load(t, tiny)
	want := `type Firm firm id:ID name:String@index fr:String en:String label:Localized tags:StringList size:Enum@index staff:Int ratio:Float listed:Boolean since:Date seen:DateTime revenue:Decimal@index spot:Embed spots:Embed[] spots_size:Enum jobs:DOES-OUT->Job@index parents:OWNED_BY-OUT->Firm children:OWNED_BY-IN->Firm
type Job job id:ID firms:DOES-IN->Firm
relationship DOES role:String status:Enum key:role
relationship OWNED_BY
enum FactStatus CURRENT PAST PLANNED
enum Size LARGE SMALL
`
	if diff := cmp.Diff(want, c.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	firm, job, does, owned := c.Type("Firm"), c.Type("Job"), c.Relationship("DOES"), c.Relationship("OWNED_BY")
	if firm.Single() != "firm" || firm.Description != "A firm." || firm.Property("id").Description != "Its id." || !firm.Property("name").Required {
		t.Errorf("the type: %+v", firm)
	}
	if got := firm.Property("size").Enum; !slices.Equal(got, []string{"LARGE", "SMALL"}) {
		t.Errorf("enum values are sorted: %v", got)
	}
	if l := firm.Property("label"); l.FR != firm.Property("fr") || l.EN != firm.Property("en") {
		t.Errorf("the localized text: %+v", l)
	}
	view := catalog.View{Name: "large", Property: firm.Property("size"), Equals: "LARGE"}
	if len(firm.Views) != 1 || firm.Views[0] != view {
		t.Errorf("the view: %+v", firm.Views)
	}
	if said := firm.Fact("said"); said.Of != firm.Field("children") || said.By != firm.Property("size") || said.Value != firm.Property("name") || said.Sources != firm.Field("parents") || firm.Fact("name") != nil {
		t.Errorf("the facts: %+v", said)
	}
	if does.Status != does.Property("status") || does.Description != "How it is done." || !does.Joins(firm, job) || does.Joins(job, firm) {
		t.Errorf("the relationship: %+v", does)
	}
	jobs, children := firm.Field("jobs"), firm.Field("children")
	if jobs.Degree() != "jobs_count" || jobs.ConnectionType() != "FirmJobs" || jobs.Description != "What it does." || !jobs.Index || !jobs.Exclusive() {
		t.Errorf("the field: %+v", jobs)
	}
	if got := c.Fields(owned, firm, firm); !slices.Equal(got, []*catalog.RelationshipField{firm.Field("parents"), children}) {
		t.Errorf("fields that count an ownership: %v", got)
	}
	if got := c.Fields(does, job, firm); got != nil {
		t.Errorf("fields that count what cannot be: %v", got)
	}
	rel := &kg.Relationship{Type: "DOES", From: "firm:1", To: "job:1", Properties: kg.Properties{"role": "a|b"}}
	if got := does.ID(rel); got != "DOES|firm:1|job:1|a%7Cb" {
		t.Errorf("the id of a relationship: %s", got)
	}
	for id, want := range map[string]*catalog.Type{"firm:1": firm, "job:": job, "firm": nil, "": nil, ":": nil, "firms:1": nil} {
		if got := c.TypeOfID(id); got != want {
			t.Errorf("the type of %q: %v", id, got)
		}
	}
}

func TestEmbeddedFieldsHaveDefaults(t *testing.T) {
	c := load(t, tiny)
	got := map[string]string{}
	for _, f := range c.Embedded[0].Fields {
		got[f.Name] = f.SDL + " " + f.Default
		if (f.Reference == c.Type("Firm")) != (f.Name == "by") || f.StringList != (f.Name == "tags") {
			t.Errorf("%+v", f)
		}
	}
	want := map[string]string{"at": "Float! null", "note": "String null", "tags": "[String!]! []", "size": `Size! "SMALL"`, "by": "Firm null"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheProductsModelIsWhole(t *testing.T) {
	c := load(t, product(t))
	for _, r := range c.Relationships {
		for _, e := range r.Ends {
			n := len(c.Fields(r, e.From, e.To))
			if e.From != e.To && n != 2 {
				t.Errorf("%s from %s to %s is seen by %d fields, want one at each end", r.Name, e.From.Name, e.To.Name, n)
			}
		}
		if r.Property(catalog.Records) == nil {
			t.Errorf("%s has no records", r.Name)
		}
	}
	for _, ty := range c.Types {
		if ty.Property(catalog.Records) == nil || ty.Description == "" {
			t.Errorf("%s has no records or no description", ty.Name)
		}
	}
}

func TestTheHashIsThatOfTheModelWithoutItsWords(t *testing.T) {
	c := load(t, tiny)
	for name, model := range map[string]string{
		"another description": strings.Replace(tiny, "A firm.", "A company.", 1),
		"another order":       strings.Replace(tiny, "enum Size { SMALL LARGE }", "", 1) + "enum Size { LARGE SMALL }",
	} {
		if other := load(t, model); other.Hash != c.Hash {
			t.Errorf("%s gives another hash", name)
		}
	}
	for name, model := range map[string]string{
		"another kind":     strings.Replace(tiny, "staff: Int", "staff: Float", 1),
		"another index":    strings.Replace(tiny, "staff: Int", "staff: Int @index", 1),
		"another property": strings.Replace(tiny, "staff: Int", "staff: Int size2: Int", 1),
		"no degree index":  strings.Replace(tiny, ", index: true", "", 1),
	} {
		if other := load(t, model); other.Hash == c.Hash {
			t.Errorf("%s gives the same hash", name)
		}
	}
}
