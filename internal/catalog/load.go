package catalog

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Load reads a model. Its errors say which type and field is wrong, and what
// would be right.
func Load(model string) (*Catalog, error) {
	doc, err := parser.ParseSchema(&ast.Source{Name: "schema.graphqls", Input: model})
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	l := loader{
		defs:     map[string]*ast.Definition{},
		embedded: map[string]*Embedded{},
		c:        &Catalog{types: map[string]*Type{}, prefixes: map[string]*Type{}, relationships: map[string]*Relationship{}},
	}
	for _, d := range doc.Definitions {
		if l.defs[d.Name] != nil {
			return nil, fmt.Errorf("schema: type %s is defined twice", d.Name)
		}
		l.defs[d.Name] = d
		for _, f := range d.Fields {
			if d.Fields.ForName(f.Name) != f {
				return nil, fmt.Errorf("schema: field %s.%s is defined twice", d.Name, f.Name)
			}
		}
	}
	steps := []func(*ast.Definition) error{l.declare, l.properties, l.relationships, l.derived, l.facts, l.views, l.roles, l.search}
	for _, step := range steps {
		for _, d := range doc.Definitions {
			if d.Directives.ForName("node") == nil {
				continue
			}
			if err := step(d); err != nil {
				return nil, fmt.Errorf("schema: type %s: %w", d.Name, err)
			}
		}
	}
	if err := l.root(); err != nil {
		return nil, err
	}
	l.c.finish()
	return l.c, l.check()
}

// loader carries what the steps of Load share.
type loader struct {
	defs     map[string]*ast.Definition
	embedded map[string]*Embedded
	// precedence is the field of records that says which of them are believed.
	precedence *ast.FieldDefinition
	c          *Catalog
}

// Names are spelled in camel case without underscores: stores keep what they
// derive from a property under its name with an underscore.
var nameShape = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9]*$`)

func (l *loader) declare(d *ast.Definition) error {
	node := d.Directives.ForName("node")
	t := &Type{
		Name: d.Name, Description: d.Description,
		Prefix: argument(node, "prefix"), Plural: argument(node, "plural"),
		properties: map[string]*Property{}, fields: map[string]*RelationshipField{},
	}
	if !nameShape.MatchString(t.Name) {
		return fmt.Errorf("a type is named with letters and digits only")
	}
	if t.Prefix == "" || strings.ContainsAny(t.Prefix, ":|%") {
		return fmt.Errorf("@node needs a prefix without : | %%")
	}
	if other := l.c.prefixes[t.Prefix]; other != nil {
		return fmt.Errorf("prefix %q is that of %s already", t.Prefix, other.Name)
	}
	if !slices.Contains(d.Interfaces, "Node") {
		return fmt.Errorf("a type with @node implements Node")
	}
	l.c.types[t.Name], l.c.prefixes[t.Prefix] = t, t
	l.c.Types = append(l.c.Types, t)
	return nil
}

func (l *loader) properties(d *ast.Definition) error {
	t := l.c.types[d.Name]
	props, err := l.propertiesOf(d)
	if err != nil {
		return err
	}
	t.Properties, t.Computed = props, computed(d)
	for _, p := range props {
		t.properties[p.Name] = p
		if p.Point() && t.Location == nil {
			t.Location = p
		}
	}
	if len(props) == 0 || props[0].Name != "id" || props[0].Kind != ID {
		return fmt.Errorf("the first field is not `id: ID!`")
	}
	t.Period, err = period(d, props, t.Property)
	return err
}

func (l *loader) relationships(d *ast.Definition) error {
	t := l.c.types[d.Name]
	for _, f := range d.Fields {
		dir := f.Directives.ForName("relationship")
		if dir == nil {
			continue
		}
		if err := l.relationship(t, f, dir); err != nil {
			return fmt.Errorf("field %s: %w", f.Name, err)
		}
	}
	return nil
}

func (l *loader) relationship(t *Type, f *ast.FieldDefinition, dir *ast.Directive) error {
	if f.Type.Elem == nil || l.c.types[f.Type.Elem.NamedType] == nil {
		return fmt.Errorf("a relationship leads to a list of one node type, such as `[Project!]!` for Project")
	}
	if !nameShape.MatchString(f.Name) {
		return fmt.Errorf("a field is named with letters and digits only")
	}
	name, propsType := argument(dir, "type"), argument(dir, "properties")
	if name == "" {
		return fmt.Errorf("@relationship needs a type")
	}
	r, err := l.relationshipType(name, propsType, dir)
	if err != nil {
		return err
	}
	rf := &RelationshipField{
		Owner: t, Name: f.Name, Description: f.Description, Relationship: r,
		Target: l.c.types[f.Type.Elem.NamedType], Index: argument(dir, "index") == "true",
	}
	ends := Ends{t, rf.Target}
	switch argument(dir, "direction") {
	case "OUT":
	case "IN":
		rf.Direction, ends = In, Ends{rf.Target, t}
	default:
		return fmt.Errorf("direction is OUT or IN")
	}
	if slices.ContainsFunc(t.Fields, func(o *RelationshipField) bool {
		return o.Relationship == r && o.Direction == rf.Direction && o.Target == rf.Target
	}) {
		return fmt.Errorf("another field shows the same relationship")
	}
	r.Ends = append(r.Ends, ends)
	t.Fields = append(t.Fields, rf)
	t.fields[rf.Name] = rf
	return nil
}

// relationshipType returns the relationship of a name. All fields that name it
// must agree on its properties and key.
func (l *loader) relationshipType(name, propsType string, dir *ast.Directive) (*Relationship, error) {
	var key []string
	if a := dir.Arguments.ForName("key"); a != nil {
		for _, c := range a.Value.Children {
			key = append(key, c.Value.Raw)
		}
	}
	if r := l.c.relationships[name]; r != nil {
		same := slices.EqualFunc(r.Key, key, func(p *Property, k string) bool { return p.Name == k })
		if r.PropertiesType != propsType || !same {
			return nil, fmt.Errorf("%s has other properties or another key elsewhere", name)
		}
		return r, nil
	}
	r := &Relationship{Name: name, PropertiesType: propsType, properties: map[string]*Property{}}
	if propsType != "" {
		d := l.defs[propsType]
		if d == nil || d.Directives.ForName("relationshipProperties") == nil {
			return nil, fmt.Errorf("%s is no type with @relationshipProperties", propsType)
		}
		props, err := l.propertiesOf(d)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", propsType, err)
		}
		r.Properties, r.Description = props, d.Description
	}
	for _, p := range r.Properties {
		r.properties[p.Name] = p
		if p.TypeName == "FactStatus" {
			r.Status = p
		}
		if p.Name == "id" || p.Name == "node" || p.Name == "cursor" {
			return nil, fmt.Errorf("%s: %q is a field of every edge already", propsType, p.Name)
		}
	}
	if propsType != "" {
		var err error
		if r.Period, err = period(l.defs[propsType], r.Properties, r.Property); err != nil {
			return nil, err
		}
	}
	for _, k := range key {
		p := r.properties[k]
		if p == nil || (p.Kind != String && p.Kind != Enum && p.Kind != Date && p.Kind != ID) {
			return nil, fmt.Errorf("key %q is no text, enum or date of %s", k, propsType)
		}
		r.Key = append(r.Key, p)
	}
	l.c.relationships[name] = r
	l.c.Relationships = append(l.c.Relationships, r)
	return r, nil
}

func (l *loader) views(d *ast.Definition) error {
	t := l.c.types[d.Name]
	for _, dir := range d.Directives.ForNames("view") {
		p := t.properties[argument(dir, "property")]
		v := View{Name: argument(dir, "name"), Property: p, Equals: argument(dir, "equals")}
		if v.Name == "" || p == nil || p.Kind != Enum || !slices.Contains(p.Enum, v.Equals) {
			return fmt.Errorf("@view needs a name, an enum property and one of its values")
		}
		t.Views = append(t.Views, v)
	}
	return nil
}

// check looks at what no single type can see.
func (l *loader) check() error {
	if err := errors.Join(l.checkNames(), l.decides()); err != nil {
		return err
	}
	roots := map[string]string{"node": "Node", "nodes": "Node", "stats": "Stats", "search": "search"}
	for _, f := range l.c.Computed {
		roots[f.Name] = rootType
	}
	for _, t := range l.c.Types {
		names := []string{t.Single()}
		if t.Plural != "" {
			names = append(names, t.Plural)
		}
		for _, v := range t.Views {
			names = append(names, v.Name)
		}
		for _, n := range names {
			if other, ok := roots[n]; ok {
				return fmt.Errorf("schema: root field %s would belong to %s and %s", n, other, t.Name)
			}
			roots[n] = t.Name
		}
		for _, f := range t.Connections() {
			if t.properties[f.Name] != nil {
				return fmt.Errorf("schema: %s.%s is both a property and a relationship", t.Name, f.Name)
			}
			if slices.Contains(taken, f.Name) || f.Name == "node" {
				return fmt.Errorf("schema: %s.%s: the name is taken by filters", t.Name, f.Name)
			}
		}
	}
	return nil
}

// checkNames refuses names that stores cannot hold: they name tables and labels
// after types and relationships, without regard to case, and keep columns of
// their own.
func (l *loader) checkNames() error {
	taken := map[string]string{"meta": "the store", "change": "the store", "alias": "the store", "node_id": "the store", "search": "the store"}
	take := func(name string) error {
		if by, ok := taken[strings.ToLower(name)]; ok {
			return fmt.Errorf("schema: %s: the name is that of %s already, but for case", name, by)
		}
		taken[strings.ToLower(name)] = name
		return nil
	}
	columns := func(owner string, props []*Property, reserved ...string) error {
		seen := map[string]bool{}
		for _, name := range reserved {
			seen[name] = true
		}
		for _, p := range props {
			if name := strings.ToLower(p.Name); seen[name] {
				return fmt.Errorf("schema: %s.%s: the name is taken, but for case", owner, p.Name)
			}
			seen[strings.ToLower(p.Name)] = true
		}
		return nil
	}
	for _, t := range l.c.Types {
		if err := errors.Join(take(t.Name), columns(t.Name, t.Properties, "key")); err != nil {
			return err
		}
	}
	for _, r := range l.c.Relationships {
		if err := errors.Join(take(r.Name), columns(r.PropertiesType, r.Properties, "src", "dst")); err != nil {
			return err
		}
	}
	return nil
}

// decides finds what decides between records.
func (l *loader) decides() error {
	if l.precedence == nil {
		return nil
	}
	dir, t := l.precedence.Directives.ForName("precedence"), l.c.types[l.precedence.Type.Name()]
	if t == nil {
		return fmt.Errorf("schema: @precedence stands on a field that leads to a node")
	}
	p := &Precedence{Type: t, Number: t.properties[argument(dir, "number")], Date: t.properties[argument(dir, "date")]}
	if p.Number == nil || p.Number.Kind != Int || p.Date == nil || p.Date.Kind != Date {
		return fmt.Errorf("schema: @precedence needs an Int and a Date of %s", t.Name)
	}
	l.c.Precedence = p
	return nil
}

// argument returns the text of an argument of a directive, or "".
func argument(d *ast.Directive, name string) string {
	if a := d.Arguments.ForName(name); a != nil {
		return a.Value.Raw
	}
	return ""
}
