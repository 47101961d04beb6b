package catalog_test

import (
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
)

func TestLoadSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"no GraphQL", "interface Node", "interfaze Node", "schema: schema.graphqls:"},
		{"two types of a name", "type Spot {", "type Spot { a: Int } type Spot {", "schema: type Spot is defined twice"},
		{"two fields of a name", "staff: Int", "staff: Int staff: Int", "schema: field Firm.staff is defined twice"},
		{"underscore in a type", "type Job ", "type Job_ ", "type Job_: a type is named with letters and digits only"},
		{"underscore in a property", "staff: Int", "staff_count: Int", "type Firm: field staff_count: a property is named with letters and digits only"},
		{"underscore in a relationship", "  jobs:", "  jobs_done:", "type Firm: field jobs_done: a field is named with letters and digits only"},
		{"empty prefix", `prefix: "job"`, `prefix: ""`, "type Job: @node needs a prefix without : | %"},
		{"no prefix", `@node(prefix: "job")`, `@node`, "@node needs a prefix without : | %"},
		{"colon in a prefix", `prefix: "job"`, `prefix: "j:b"`, "@node needs a prefix without : | %"},
		{"prefix of another", `prefix: "job"`, `prefix: "firm"`, `type Job: prefix "firm" is that of Firm already`},
		{"no Node", "type Job implements Node", "type Job", "type Job: a type with @node implements Node"},
		{"no id", "type Job implements Node @node(prefix: \"job\") {\n  id: ID!", "type Job implements Node @node(prefix: \"job\") {", "type Job: the first field is not `id: ID!`"},
		{"id of another kind", "\"Its id.\"\n  id: ID!", "id: String!", "type Firm: the first field is not `id: ID!`"},
		{"unknown type", "staff: Int", "staff: Long", "type Firm: field staff: Long is no type of property; a list of nodes needs @relationship"},
		{"list of numbers", "staff: Int", "staff: [Int!]", "field staff: [Int!] is no type of property"},
		{"list of nodes", "staff: Int", "staff: [Job!]!", "field staff: [Job!]! is no type of property"},
		{"index on a list", "tags: [String!]!\n", "tags: [String!]! @index\n", "field tags: [String!]! cannot be indexed"},
		{"index on an object", "spot: Spot", "spot: Spot @index", "field spot: Spot cannot be indexed"},
		{"name of a combinator", "staff: Int", "not: Int", "field not: the name is taken by filters"},
		{"name of a combinator on a relationship", "role: String\n", "role: String and: Int\n", "Doing: field and: the name is taken by filters"},
		{"localized without its parts", `@localized(fr: "fr", en: "en")`, `@localized(fr: "fr", en: "name2")`, "field label: @localized names two text properties"},
		{"localized of a number", `@localized(fr: "fr", en: "en")`, `@localized(fr: "fr", en: "staff")`, "field label: @localized names two text properties"},
		{"object in an object", "at: Float!", "at: Spot", "Spot.at: Spot cannot stand in a stored value"},
		{"enum without values in an object", "enum Size { SMALL LARGE }", "enum Size", "Spot.size: Size! cannot stand in a stored value"},
		{"nodes in an object", "by: Firm", "by: [Firm!]", "Spot.by: [Firm!] cannot stand in a stored value"},
		{"relationship to one", "parents: [Firm!]!", "parents: Firm", "field parents: a relationship leads to a list of one node type, such as `[Project!]!` for Project"},
		{"relationship to objects", "parents: [Firm!]!", "parents: [Spot!]!", "field parents: a relationship leads to a list of one node type"},
		{"relationship without a type", `type: "OWNED_BY", direction: OUT`, `direction: OUT`, "field parents: @relationship needs a type"},
		{"direction", `type: "OWNED_BY", direction: OUT`, `type: "OWNED_BY", direction: BOTH`, "field parents: direction is OUT or IN"},
		{"seen twice", "children: [Firm!]!", "parents2: [Firm!]! @relationship(type: \"OWNED_BY\", direction: OUT) children: [Firm!]!", "field parents2: another field shows the same relationship"},
		{"other properties", `direction: IN, properties: "Doing", key: ["role"]`, `direction: IN`, "type Job: field firms: DOES has other properties or another key elsewhere"},
		{"another key", `direction: IN, properties: "Doing", key: ["role"]`, `direction: IN, properties: "Doing"`, "DOES has other properties or another key elsewhere"},
		{"properties that are none", `properties: "Doing", key: ["role"], index: true`, `properties: "Spot"`, "field jobs: Spot is no type with @relationshipProperties"},
		{"unknown properties", `properties: "Doing", key: ["role"], index: true`, `properties: "Missing"`, "field jobs: Missing is no type with @relationshipProperties"},
		{"property of a kind that is none", "role: String\n", "role: Long\n", "field jobs: Doing: field role: Long is no type of property"},
		{"property of every edge", "role: String\n", "role: String node: String\n", `Doing: "node" is a field of every edge already`},
		{"unknown key", `key: ["role"], index: true`, `key: ["rule"], index: true`, `key "rule" is no text, enum or date of Doing`},
		{"number as key", "role: String\n", "role: Int\n", `key "role" is no text, enum or date of Doing`},
		{"view of nothing", `equals: "LARGE"`, `equals: "HUGE"`, "type Firm: @view needs a name, an enum property and one of its values"},
		{"view of a text", `property: "size", equals`, `property: "name", equals`, "@view needs a name, an enum property and one of its values"},
		{"view without a name", `@view(name: "large", `, `@view(`, "@view needs a name, an enum property and one of its values"},
		{"period of no date", `@node(prefix: "job")`, `@node(prefix: "job") @period(from: "id")`, `type Job: @period: "id" is no date of Job`},
		{"period of nothing", `@node(prefix: "job")`, `@node(prefix: "job") @period`, "type Job: @period of Job names neither from nor to"},
		{"period of what is not there", `type Doing @relationshipProperties`, `type Doing @relationshipProperties @period(to: "end")`, `field jobs: @period: "end" is no date of Doing`},
		{"live without a period", "listed: Boolean", "listed: Boolean! @live", "type Firm: field listed: @live needs a @period with a to"},
		{"live of another kind", "staff: Int", "staff: Int! @live", "type Firm: field staff: what is @live has the type Boolean! and no other"},
		{"moment without a beginning", `implements Node @node(prefix: "firm"`, `implements Node @period(to: "since", moment: true) @node(prefix: "firm"`, "@period of Firm: a moment has a from"},
		{"facts of nothing", `@facts(of: "children"`, `@facts(of: "size"`, `type Firm: field said: @facts: of: "size" is no relationship of Firm`},
		{"facts by a number", `by: "size"`, `by: "staff"`, `@facts: by: "staff" is no text or enum of Firm`},
		{"facts without a value", `, value: "name"`, ``, `@facts: value: "" is no text or enum of Firm`},
		{"facts without sources", `, sources: "parents"`, ``, `@facts: sources: "" is no relationship of Firm`},
		{"facts that are nodes", "said: [Said!]!", "said: [Firm!]!", "facts are a list of one type that is no node, such as `[Fact!]!`"},
		{"a single fact", "said: [Said!]!", "said: Said!", "facts are a list of one type that is no node"},
		{"field of a fact", "count: Int!", "total: Int!", "Said.total is no field of a fact here: these are map[children:[Firm!]! count:Int! disagree:Boolean! name:String! size:Size]"},
		{"fact without a limit", "children(first: Int! = 5)", "children", "Said.children needs an argument `first: Int!`"},
		{"root field of two", `plural: "firms"`, `plural: "job"`, "schema: root field job would belong to Firm and Job"},
		{"root field of all", `plural: "firms"`, `plural: "stats"`, "schema: root field stats would belong to Stats and Firm"},
		{"relationship called like filters", "  children: [Firm!]! @", "  edge: [Firm!]! @relationship(type: \"LED_BY\", direction: IN) children: [Firm!]! @", "schema: Firm.edge: the name is taken by filters"},
	} {
		if strings.Count(tiny, c.old) == 0 {
			t.Errorf("%s: %q is not in the model", c.name, c.old)
			continue
		}
		_, err := catalog.Load(strings.Replace(tiny, c.old, c.new, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\n got %v\nwant %s", c.name, err, c.want)
		}
	}
}

// FuzzLoad checks that a model is loaded or refused, and that one which was
// loaded has what others rely on.
func FuzzLoad(f *testing.F) {
	f.Add(tiny)
	f.Add(`interface Node{id:ID!} type A implements Node @node(prefix:"a"){id:ID!}`)
	f.Add(`type A @node(prefix:["a"]) @view{id:[ID]}`)
	f.Add(`type A implements Node @node(prefix:"a"){id:ID! a:[A] @relationship(type:"R",direction:IN,key:1)}`)
	f.Add(`enum E type B{e:E!} type A implements Node @node(prefix:"a"){id:ID! b:B}`)
	f.Fuzz(func(t *testing.T, model string) {
		c, err := catalog.Load(model)
		if err != nil {
			t.Skip()
		}
		for _, ty := range c.Types {
			if ty.Properties[0].Name != "id" || c.TypeOfID(ty.Prefix+":x") != ty || c.Type(ty.Name) != ty {
				t.Errorf("%s: %+v", model, ty)
			}
		}
	})
}
