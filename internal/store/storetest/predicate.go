package storetest

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// filter is a filter as the variable of a document: integers are int64.
type filter = map[string]any

// parse reads a filter as clients write it.
func parse(text string) filter {
	doc, err := parser.ParseQuery(&ast.Source{Input: "{f(v:" + text + ")}"})
	if err != nil {
		panic(fmt.Sprintf("storetest: %s: %v", text, err))
	}
	v, err := doc.Operations[0].SelectionSet[0].(*ast.Field).Arguments[0].Value.Value(nil)
	if err != nil {
		panic(fmt.Sprintf("storetest: %s: %v", text, err))
	}
	return v.(filter)
}

// about is what a filter is about: a node of a type and, where a field leads to
// it, its relationship; or the relationship alone.
type about struct {
	typ   *catalog.Type
	field *catalog.RelationshipField
	edge  bool
}

// meets is what a filter means: all its parts hold of an item.
func (g *Graph) meets(it item, in filter, of about) bool {
	for name, v := range in {
		if v != nil && !g.meetsPart(it, name, v, of) {
			return false
		}
	}
	return true
}

func (g *Graph) meetsPart(it item, name string, v any, of about) bool {
	part := func(in any) bool { return g.meets(it, in.(filter), of) }
	switch name {
	case "and":
		return !slices.ContainsFunc(v.([]any), func(in any) bool { return !part(in) })
	case "or":
		return slices.ContainsFunc(v.([]any), part)
	case "not":
		return !part(v)
	}
	if of.edge {
		return meetsAll(it, of.field.Relationship.Property(name), true, v.(filter))
	}
	if f := of.typ.Field(name); f != nil {
		return g.relates(it.node.ID, f, v.(filter))
	}
	switch name {
	case "edge":
		return g.meets(it, v.(filter), about{field: of.field, edge: true})
	case "search":
		_, found := g.tier(it.node, query(v.(string)))
		return found
	case "within":
		return g.lies(it.node.ID, of.typ, texts(v))
	}
	return meetsAll(it, of.typ.Property(name), false, v.(filter))
}

// meetsAll reports whether all conditions on one property hold.
func meetsAll(it item, p *catalog.Property, edge bool, in filter) bool {
	if catalog.Provenance(p.Name) {
		records := it.node.Records
		if edge {
			records = it.rel.Records
		}
		return recorded(said(p, records), in)
	}
	for op, v := range in {
		if !holds(p, op, it.value(p, edge), stored(p, v)) {
			return false
		}
	}
	return true
}

// stored turns an operand into what a graph holds: the opposite of input.
func stored(p *catalog.Property, v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = stored(p, v[i])
		}
		return out
	case int64:
		if p.Kind == catalog.Float {
			return float64(v)
		}
	case string:
		if p.Kind == catalog.Decimal {
			n, err := kg.ParseDecimal(v)
			if err != nil {
				panic(err)
			}
			return n
		}
	}
	return v
}

// relates reports whether what a field leads to meets all conditions.
func (g *Graph) relates(id string, f *catalog.RelationshipField, in filter) bool {
	shown := g
	if in["include"] != nil {
		shown = g.in(g.asOf, texts(in["include"])...)
	}
	there := shown.reach(id, f, shown.statuses()...)
	matching := func(in any) (out []item) {
		for _, it := range there {
			if in == nil || g.meets(it, in.(filter), about{typ: f.Target, field: f}) {
				out = append(out, it)
			}
		}
		return out
	}
	for name, v := range in {
		if v == nil {
			continue
		}
		ok := true
		switch name {
		case "some":
			ok = len(matching(v)) > 0
		case "none":
			ok = len(matching(v)) == 0
		case "every":
			ok = len(matching(v)) == len(there)
		case "count":
			conditions := v.(filter)
			ok = compares(int64(len(matching(conditions["of"]))), conditions)
		case "sum":
			conditions := v.(filter)
			some := matching(conditions["of"])
			for property, comparisons := range conditions {
				if property == "of" {
					continue
				}
				p := f.Relationship.Property(property)
				list := filter{}
				for op, v := range comparisons.(filter) {
					list[op] = stored(p, v)
				}
				ok = ok && compares(total(some, p, true), list)
			}
		case "between":
			ok = picks(there, v.([]any), nil)
		case "in":
			ids := texts(v)
			ok = slices.ContainsFunc(there, func(it item) bool {
				return slices.Contains(ids, it.node.ID) || in["narrower"] != false && g.beneath(it.node.ID, f.Target.Hierarchy, ids)
			})
		}
		if !ok {
			return false
		}
	}
	return true
}

// total adds up a property.
func total(items []item, p *catalog.Property, edge bool) (n int64) {
	for _, it := range items {
		v, _ := it.value(p, edge).(int64)
		n += v
	}
	return n
}

// compares reports whether all comparisons with a number hold.
func compares(n int64, in filter) bool {
	for op, v := range in {
		if op == "of" {
			continue
		}
		c := cmp.Compare(n, v.(int64))
		if ok := map[string]bool{"eq": c == 0, "lt": c < 0, "lte": c <= 0, "gt": c > 0, "gte": c >= 0}[op]; !ok {
			return false
		}
	}
	return true
}

// picks reports whether different nodes can be taken, one of each group of ids.
func picks(items []item, groups []any, taken []string) bool {
	if len(groups) == 0 {
		return true
	}
	ids := texts(groups[0])
	return slices.ContainsFunc(items, func(it item) bool {
		id := it.node.ID
		return slices.Contains(ids, id) && !slices.Contains(taken, id) && picks(items, groups[1:], append(slices.Clone(taken), id))
	})
}

// lies reports whether a node is one of some, or beneath one, or lies in one.
func (g *Graph) lies(id string, t *catalog.Type, ids []string) bool {
	if t.Hierarchy != nil {
		return slices.Contains(ids, id) || g.beneath(id, t.Hierarchy, ids)
	}
	return slices.ContainsFunc(g.reach(id, t.Within, g.statuses()...), func(it item) bool {
		return g.lies(it.node.ID, t.Within.Target, ids)
	})
}

// beneath reports whether a hierarchy leads up from a node to one of some ids.
func (g *Graph) beneath(id string, up *catalog.RelationshipField, ids []string) bool {
	seen := map[string]bool{}
	next := []string{id}
	for len(next) > 0 {
		id, next = next[0], next[1:]
		for _, it := range g.reach(id, up, g.statuses()...) {
			if slices.Contains(ids, it.node.ID) {
				return true
			}
			if !seen[it.node.ID] {
				seen[it.node.ID] = true
				next = append(next, it.node.ID)
			}
		}
	}
	return false
}

func texts(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].(string)
	}
	return out
}
