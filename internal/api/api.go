// Package api expands a model into its GraphQL API: root fields, connections,
// edges, filters and orders, each described. What the API is called is decided
// here and nowhere else; the planner asks here what a name stands for.
package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/maillage/maillage/internal/catalog"
)

// SDL returns the whole API of a model as schema text: what clients see, and
// what documents are validated against.
func SDL(model string) (string, error) {
	c, err := catalog.Load(model)
	if err != nil {
		return "", err
	}
	doc, err := parser.ParseSchema(&ast.Source{Name: "schema.graphqls", Input: model})
	if err != nil {
		return "", err
	}
	w := &writer{c: c}
	w.query()
	for _, t := range c.Types {
		w.nodeType(t)
	}
	for _, r := range w.relationships() {
		w.edgeFilter(r)
	}
	w.search()
	w.passThrough(doc)
	for _, name := range slices.Sorted(maps.Keys(standard)) {
		if doc.Definitions.ForName(name) == nil {
			w.line("%s\n", standard[name])
		}
	}
	w.b.WriteString(shared)
	return w.b.String(), nil
}

// Thin returns the part of the API that gqlgen generates code for: the root
// fields, without arguments, each of which is answered by JSON that is ready.
func Thin(c *catalog.Catalog) string {
	var b strings.Builder
	b.WriteString("\"An answer that writes itself.\"\nscalar Answer\n\ntype Query {\n  node: Answer\n  nodes: Answer!\n  stats: Answer!\n")
	if len(c.Searched()) > 0 {
		b.WriteString("  search: Answer!\n")
	}
	for _, f := range RootFields(c) {
		required := "!"
		if f.Lookup {
			required = ""
		}
		fmt.Fprintf(&b, "  %s: Answer%s\n", f.Name, required)
	}
	for _, f := range c.Computed {
		fmt.Fprintf(&b, "  %s: Answer!\n", f.Name)
	}
	b.WriteString("}\n")
	return b.String()
}

// RootField is a root field that is made from a type: a look-up by id, or a
// connection over all its nodes or over those of a view.
type RootField struct {
	Name   string
	Type   *catalog.Type
	Lookup bool
	View   *catalog.View
}

// RootFields returns the root fields made from the types of a catalog.
func RootFields(c *catalog.Catalog) (out []RootField) {
	for _, t := range c.Types {
		out = append(out, RootField{Name: t.Single(), Type: t, Lookup: true})
		if t.Plural != "" {
			out = append(out, RootField{Name: t.Plural, Type: t})
		}
		for i := range t.Views {
			out = append(out, RootField{Name: t.Views[i].Name, Type: t, View: &t.Views[i]})
		}
	}
	return out
}

// relationships returns all relationships, the derived ones last.
func (w *writer) relationships() []*catalog.Relationship {
	out := slices.Clone(w.c.Relationships)
	for _, t := range w.c.Types {
		for _, f := range t.Derived {
			out = append(out, f.Relationship)
		}
	}
	return out
}

// writer collects schema text.
type writer struct {
	c *catalog.Catalog
	b strings.Builder
}

func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(&w.b, format+"\n", args...)
}

// describe writes a description before what it describes.
func (w *writer) describe(indent, text string) {
	if text != "" {
		w.line("%s%s", indent, quote(text))
	}
}

func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(text) + `"`
}

func (w *writer) query() {
	w.line("\"What can be asked.\"\ntype Query {")
	scope := w.scope()
	w.line("  \"The node of an id, or of a former id of it; null when there is none.\"\n  node(\"A global id, such as org:pic:952966025.\" id: ID!%s): Node", scope)
	w.line("  \"The nodes of up to 100 ids, in their order; null where there is none.\"\n  nodes(\"Global ids.\" ids: [ID!]!%s): [Node]!", scope)
	w.line("  \"How much the graph holds, and how fresh it is.\"\n  stats: Stats!")
	w.searchField()
	for _, f := range RootFields(w.c) {
		switch {
		case f.Lookup:
			w.describe("  ", fmt.Sprintf("The %s of an id, or of a former id of it; null when there is none.", f.Type.Name))
			w.line("  %s(%s id: ID!%s): %s", f.Name, quote("Its id, which begins with "+f.Type.Prefix+":"), scope, f.Type.Name)
		case f.View != nil:
			w.describe("  ", fmt.Sprintf("The nodes of type %s whose %s is %s.", f.Type.Name, f.View.Property.Name, f.View.Equals))
			w.line("  %s(%s%s): %sConnection!", f.Name, arguments(f.Type.Name), scope, f.Type.Name)
		default:
			w.describe("  ", fmt.Sprintf("The nodes of type %s.", f.Type.Name))
			w.line("  %s(%s%s): %sConnection!", f.Name, arguments(f.Type.Name), scope, f.Type.Name)
		}
	}
	w.computed(w.c.Computed)
	w.line("}\n")
}

// arguments returns the arguments of a connection whose filter and order types
// begin with the given name.
func arguments(name string) string {
	return fmt.Sprintf(`"Which nodes." filter: %[1]sFilter, "In which order; by id when nothing is said, and by id among equals." orderBy: [%[1]sOrder!], `+
		`"How many from the start, 1 to 100; 20 when neither first nor last is given." first: Int, "Only what comes after this cursor." after: String, `+
		`"How many from the end, 1 to 100." last: Int, "Only what comes before this cursor." before: String`, name)
}

// scope returns the arguments that say what a root field and all below it shows,
// as far as the model has statuses and periods.
func (w *writer) scope() (out string) {
	dated := slices.ContainsFunc(w.c.Types, func(t *catalog.Type) bool { return t.Period != nil })
	status := false
	for _, r := range w.c.Relationships {
		dated, status = dated || r.Period != nil, status || r.Status != nil
	}
	if status {
		out += `, "Relationships that are planned or past are left out of all that is asked below, also out of filters, counts and groups, unless they are asked for here or there." include: [FactStatus!]`
	}
	if dated {
		out += `, "Shows nodes and relationships below as of this date: those whose period may contain it." asOf: Date`
	}
	return out
}

// included reports whether what a field shows depends on statuses.
func included(f *catalog.RelationshipField) bool {
	if f.Derived == nil {
		return f.Relationship.Status != nil
	}
	return slices.ContainsFunc(f.Derived.Ways, func(w *catalog.Way) bool { return w.Out.Relationship.Status != nil })
}

func (w *writer) nodeType(t *catalog.Type) {
	w.describe("", t.Description)
	w.line("type %s implements Node {", t.Name)
	for _, p := range t.Properties {
		w.property(p)
	}
	for _, f := range t.Connections() {
		w.related(f.Name, f.Description, f)
	}
	for _, f := range t.Facts {
		w.describe("  ", f.Description)
		w.line("  %s(\"Which %s count; all when nothing is said.\" filter: %sFilter, \"How many facts, 1 to 100.\" first: Int! = 20): [%s!]!",
			f.Name, f.Of.Name, f.Of.ConnectionType(), f.TypeName)
	}
	w.computed(t.Computed)
	w.line("}\n")
	w.filter(t, nil)
	if t.Plural != "" {
		w.connection(t.Name, t, nil)
	}
	for _, f := range t.Connections() {
		w.connection(f.ConnectionType(), f.Target, f)
		w.filter(f.Target, f)
		w.relation(f)
	}
}

// related writes a field that is a connection.
func (w *writer) related(name, description string, f *catalog.RelationshipField) {
	args := arguments(f.ConnectionType())
	if included(f) {
		args += `, "Relationships that are planned or past are left out unless they are asked for here." include: [FactStatus!]`
	}
	w.describe("  ", description)
	w.line("  %s(%s): %sConnection!", name, args, f.ConnectionType())
}

func (w *writer) property(p *catalog.Property) {
	typ := p.TypeName
	switch {
	case p.Kind == catalog.StringList:
		typ = "[String!]"
	case p.List:
		typ = "[" + typ + "!]"
	}
	if p.Required {
		typ += "!"
	}
	args := ""
	if p.Kind == catalog.Localized {
		args = `("The language." lang: Lang!)`
	}
	w.describe("  ", p.Description)
	w.line("  %s%s: %s", p.Name, args, typ)
}

// connection writes the types of a connection: itself, its edges and its
// orders. The field is nil at the root.
func (w *writer) connection(name string, t *catalog.Type, f *catalog.RelationshipField) {
	of := "nodes of type " + t.Name
	if f != nil {
		of = fmt.Sprintf("%s of %s", f.Name, f.Owner.Name)
	}
	w.line("%s\ntype %sConnection {", quote("A page of "+of+"."), name)
	w.line("  \"The items of the page with their cursors.\"\n  edges: [%sEdge!]!", name)
	w.line("  \"The nodes of the page.\"\n  nodes: [%s!]!", t.Name)
	w.line("  \"Whether there is more, and where the page begins and ends.\"\n  pageInfo: PageInfo!")
	w.line("  \"How many there are on all pages; computed only when asked for.\"\n  totalCount: Int!")
	facets := FacetKeys(t, f)
	if len(facets) > 0 {
		w.line("  \"How the items of all pages fall into groups: the largest first.\"\n  facets(\"By what.\" by: %[1]sFacetKey!, \"A second key: groups are pairs.\" across: %[1]sFacetKey, "+
			"\"How much of a date makes a group.\" interval: DateInterval! = YEAR, "+
			"\"Of related nodes in a hierarchy: groups those beneath one so many steps from the top, where 1 is the top.\" level: Int, "+
			"\"How many groups, 1 to 100.\" first: Int! = 20): [Facet!]!", name)
	}
	w.line("  \"Figures over the items of all pages.\"\n  aggregate: %sAggregate!\n}\n", name)
	if len(facets) > 0 {
		w.line("%s\nenum %sFacetKey {", quote("What "+of+" can be grouped by."), name)
		for _, k := range facets {
			w.describe("  ", k.Description)
			w.line("  %s", k.Name)
		}
		w.line("}\n")
	}
	w.aggregate(name, of, t, f)
	w.line("%s\ntype %sEdge {", quote("One of the "+of+"."), name)
	w.line("  \"The position of the item, for after and before.\"\n  cursor: String!")
	w.line("  \"The node.\"\n  node: %s!", t.Name)
	if f != nil {
		if f.Derived == nil {
			w.line("  \"The id of the relationship.\"\n  id: ID!")
		}
		for _, p := range f.Relationship.Properties {
			w.property(p)
		}
		if f.Derived != nil {
			for _, way := range f.Derived.Ways {
				w.related(way.Name, way.Description, way.Out)
			}
		}
	}
	w.line("}\n")
	w.line("%s\ninput %sOrder {", quote("An order of "+of+"."), name)
	w.line("  \"By what.\"\n  field: %sOrderField!", name)
	w.line("  \"In which direction. Absent values come last when ascending, first when descending.\"\n  direction: OrderDirection! = ASC")
	if t.Location != nil {
		w.line("  \"Of DISTANCE: from where.\"\n  from: Origin")
	}
	w.line("}\n")
	w.line("%s\nenum %sOrderField {", quote("What "+of+" can be ordered by."), name)
	for _, k := range OrderKeys(t, f) {
		w.describe("  ", k.Description)
		w.line("  %s", k.Name)
	}
	w.line("}\n")
}

// aggregate writes the types that hold the figures of a connection.
func (w *writer) aggregate(name, of string, t *catalog.Type, f *catalog.RelationshipField) {
	figures := func(props []*catalog.Property) {
		for _, p := range summarized(props) {
			w.describe("  ", p.Description)
			w.line("  %s: %s!", p.Name, SummaryType(p))
		}
	}
	edge := f != nil && len(summarized(f.Relationship.Properties)) > 0
	w.line("%s\ntype %sAggregate {", quote("Figures of "+of+"."), name)
	w.line("  \"How many there are.\"\n  count: Int!")
	figures(t.Properties)
	if edge {
		w.line("  \"Figures of the relationships.\"\n  edge: %sEdgeAggregate!", name)
	}
	w.line("}\n")
	if edge {
		w.line("%s\ntype %sEdgeAggregate {", quote("Figures of the relationships of "+of+"."), name)
		figures(f.Relationship.Properties)
		w.line("}\n")
	}
}

// relation writes the conditions on what a field leads to.
func (w *writer) relation(f *catalog.RelationshipField) {
	name, of := f.ConnectionType(), fmt.Sprintf("%s of %s", f.Name, f.Owner.Name)
	w.line("%s\ninput %sRelation {", quote("Conditions on the "+of+"; all of them hold."), name)
	w.line("  \"At least one meets this.\"\n  some: %sFilter", name)
	w.line("  \"None meets this.\"\n  none: %sFilter", name)
	w.line("  \"All meet this; where there are none it holds.\"\n  every: %sFilter", name)
	w.line("  \"How many there are.\"\n  count: %sCount", name)
	var sums []*catalog.Property
	for _, p := range f.Relationship.Properties {
		if Summable(p) {
			sums = append(sums, p)
		}
	}
	if len(sums) > 0 {
		w.line("  \"What the relationships' numbers add up to; nothing adds up to nought.\"\n  sum: %sSum", name)
	}
	w.line("  \"There are different ones, one of each of these lists of ids, up to 4 lists.\"\n  between: [[ID!]!]")
	if f.Target.Hierarchy != nil {
		w.line("  \"At least one is one of these or, unless narrower is false, beneath one of them.\"\n  in: [ID!]")
		w.line("  \"Whether in reaches what is beneath.\"\n  narrower: Boolean! = true")
	}
	if included(f) {
		w.line("  \"Relationships that are planned or past count only when they are asked for here.\"\n  include: [FactStatus!]")
	}
	w.line("}\n")
	w.line("%s\ninput %sCount {", quote("Conditions on the number of "+of+"; all of them hold."), name)
	w.line("  \"Only those count that meet this.\"\n  of: %sFilter", name)
	for _, op := range []struct{ name, says string }{{"eq", "It is this one."}, {"lt", "It is less."}, {"lte", "It is less or equal."}, {"gt", "It is greater."}, {"gte", "It is greater or equal."}} {
		w.line("  %s\n  %s: Int", quote(op.says), op.name)
	}
	w.line("}\n")
	if len(sums) > 0 {
		w.line("%s\ninput %sSum {", quote("Conditions on sums over the "+of+"; all of them hold."), name)
		w.line("  \"Only those count that meet this.\"\n  of: %sFilter", name)
		for _, p := range sums {
			w.describe("  ", p.Description)
			w.line("  %s: %sRange", p.Name, p.Kind)
		}
		w.line("}\n")
	}
}

// filter writes the filter of a node type, or that of a connection, which
// filters edges too.
func (w *writer) filter(t *catalog.Type, f *catalog.RelationshipField) {
	name, of := t.Name, "nodes of type "+t.Name
	if f != nil {
		name, of = f.ConnectionType(), fmt.Sprintf("%s of %s", f.Name, f.Owner.Name)
	}
	w.line("%s\ninput %sFilter {", quote("Conditions on "+of+"; all of them hold."), name)
	w.combinators(name)
	for _, p := range t.Properties {
		w.condition(p)
	}
	if f != nil && len(filterable(f.Relationship.Properties)) > 0 {
		w.line("  \"Conditions on the relationship.\"\n  edge: %s", edgeFilterName(f.Relationship))
	}
	for _, rf := range t.Connections() {
		w.describe("  ", rf.Description)
		w.line("  %s: %sRelation", rf.Name, rf.ConnectionType())
	}
	if t.Search != nil {
		w.line("  \"It is found by this search: all its words are in what is searched of it, in any order, the last perhaps only begun.\"\n  search: String")
	}
	if t.Location != nil {
		w.line("  \"It is near a place or a point.\"\n  near: NearFilter")
	}
	switch {
	case t.Hierarchy != nil:
		w.line("  \"It is one of these, or beneath one of them.\"\n  within: [ID!]")
	case t.Within != nil:
		w.line("  \"It lies in one of these, or in what is beneath one of them: one of its %s does.\"\n  within: [ID!]", t.Within.Name)
	}
	w.line("}\n")
}

func (w *writer) edgeFilter(r *catalog.Relationship) {
	// Relationships may share a properties type: it is written with the first.
	for _, o := range w.relationships() {
		if o.PropertiesType == r.PropertiesType && o != r {
			if o.Name < r.Name {
				return
			}
		}
	}
	if len(filterable(r.Properties)) == 0 {
		return
	}
	name := edgeFilterName(r)
	w.line("%s\ninput %s {", quote("Conditions on a relationship; all of them hold."), name)
	w.combinators(strings.TrimSuffix(name, "Filter"))
	for _, p := range r.Properties {
		w.condition(p)
	}
	w.line("}\n")
}

func edgeFilterName(r *catalog.Relationship) string { return r.PropertiesType + "EdgeFilter" }

func (w *writer) combinators(name string) {
	w.line("  \"All of these hold; an empty list always does.\"\n  and: [%sFilter!]", name)
	w.line("  \"At least one of these holds; an empty list never does.\"\n  or: [%sFilter!]", name)
	w.line("  \"This does not hold.\"\n  not: %sFilter", name)
}

func (w *writer) condition(p *catalog.Property) {
	if typ := FilterType(p); typ != "" {
		w.describe("  ", p.Description)
		w.line("  %s: %s", p.Name, typ)
	}
}

func filterable(props []*catalog.Property) (out []*catalog.Property) {
	for _, p := range props {
		if FilterType(p) != "" {
			out = append(out, p)
		}
	}
	return out
}

// plainFields returns a type of the model without the model's own directives on
// its fields.
func plainFields(doc *ast.SchemaDocument, d *ast.Definition) *ast.Definition {
	out := *d
	out.Fields = nil
	for _, f := range d.Fields {
		plain := *f
		plain.Directives = slices.DeleteFunc(slices.Clone(f.Directives), func(dir *ast.Directive) bool {
			return dir.Name != RangeDirective && doc.Directives.ForName(dir.Name) != nil
		})
		out.Fields = append(out.Fields, &plain)
	}
	return &out
}

// passThrough copies scalars, enums, the Node interface, embedded types and
// those of computed fields, without the model's own directives but for the one
// that the planner reads.
func (w *writer) passThrough(doc *ast.SchemaDocument) {
	keep := &ast.SchemaDocument{}
	if d := doc.Directives.ForName(RangeDirective); d != nil {
		keep.Directives = ast.DirectiveDefinitionList{d}
	}
	for _, d := range doc.Definitions {
		switch {
		case d.Name == "Query", d.Name == "RelationshipDirection", d.Directives.ForName("node") != nil, d.Directives.ForName("relationshipProperties") != nil:
		default:
			keep.Definitions = append(keep.Definitions, plainFields(doc, d))
		}
	}
	formatter.NewFormatter(&w.b, formatter.WithIndent("  ")).FormatSchemaDocument(keep)
	w.b.WriteByte('\n')
	seen := map[string]bool{}
	all := func(props []*catalog.Property) {
		for _, p := range props {
			w.enumFilter(p, seen)
			w.listFilter(p, seen)
		}
	}
	for _, t := range w.c.Types {
		all(t.Properties)
	}
	for _, r := range w.c.Relationships {
		all(r.Properties)
	}
}

// listFilter writes the conditions on the objects of a stored list.
func (w *writer) listFilter(p *catalog.Property, seen map[string]bool) {
	fields := p.Comparable()
	if len(fields) == 0 || seen[FilterType(p)] {
		return
	}
	seen[FilterType(p)] = true
	name := p.Embedded.Name
	w.line("%s\ninput %s {", quote("Conditions on a list of values of "+name+"; all of them hold."), FilterType(p))
	w.line("  \"At least one meets this.\"\n  some: %sFilter", name)
	w.line("  \"None meets this.\"\n  none: %sFilter\n}\n", name)
	w.line("%s\ninput %sFilter {", quote("Conditions on one value of "+name+"; all of them hold."), name)
	for _, f := range fields {
		w.describe("  ", f.Description)
		w.line("  %s: %sChoice", f.Name, choice(f))
	}
	w.line("}\n")
	for _, f := range fields {
		typ := choice(f)
		if seen[typ+"Choice"] {
			continue
		}
		seen[typ+"Choice"] = true
		how := ""
		if f.Text() {
			how = ", to the letter"
		}
		w.line("%s\ninput %sChoice {", quote("Conditions on a value of "+typ+" that is always there"+how+"; all of them hold."), typ)
		w.line("  \"It is this one.\"\n  eq: %s", typ)
		w.line("  \"It is one of these, up to 1,000.\"\n  in: [%s!]", typ)
		if f.Text() {
			w.line("  \"It begins with this.\"\n  startsWith: %s", typ)
		}
		w.line("}\n")
	}
}

// choice returns the type of the values by which a field is compared.
func choice(f *catalog.EmbeddedField) string {
	if f.Reference != nil {
		return "ID"
	}
	return f.TypeName()
}

func (w *writer) enumFilter(p *catalog.Property, seen map[string]bool) {
	if p.Kind != catalog.Enum || seen[p.TypeName] {
		return
	}
	seen[p.TypeName] = true
	w.line("%s\ninput %sFilter {", quote("Conditions on a value of "+p.TypeName+"; all of them hold."), p.TypeName)
	w.line("  \"It is this one.\"\n  eq: %s", p.TypeName)
	w.line("  \"It is one of these.\"\n  in: [%s!]", p.TypeName)
	w.line("  \"Whether it is absent.\"\n  isNull: Boolean\n}\n")
}
