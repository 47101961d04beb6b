package stage

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/plan"
)

// walker goes through an answer along its plan and replaces what stands in the
// place of computed fields. What has none below it is not looked into.
type walker struct {
	plan    *plan.Plan
	replace func(*plan.Computed, jsontext.Value) (jsontext.Value, error)
	above   map[plan.Field]bool // whether there is a computed field in or below a field
}

func newWalker(p *plan.Plan, replace func(*plan.Computed, jsontext.Value) (jsontext.Value, error)) *walker {
	return &walker{plan: p, replace: replace, above: map[plan.Field]bool{}}
}

// root rewrites the answer of the plan.
func (w *walker) root(raw jsontext.Value) (jsontext.Value, error) {
	switch r := w.plan.Root.(type) {
	case *plan.Connection:
		return w.field(r, raw)
	case *plan.Lookup:
		if !r.List {
			return w.object(r.Branches[0].Fields, raw)
		}
		return w.nodes(r.Branches, r.IDs, raw)
	case *plan.Search:
		return w.ranked(r, raw)
	}
	return raw, nil
}

// ranked rewrites the nodes in what a store answers to a search.
func (w *walker) ranked(s *plan.Search, raw jsontext.Value) (jsontext.Value, error) {
	var found plan.Ranked
	if err := json.Unmarshal(raw, &found); err != nil {
		return nil, fmt.Errorf("ranks: %w", err)
	}
	name := func(s string) string { return s }
	return members(raw, []string{"Count", "Ranks", "Nodes"}, name, func(name string, raw jsontext.Value) (jsontext.Value, error) {
		if name != "Nodes" {
			return raw, nil
		}
		ids := make([]string, len(found.Ranks))
		for i, r := range found.Ranks {
			ids[i] = r.ID
		}
		return w.nodes(s.Selected(), ids, raw)
	})
}

// nodes rewrites what is selected of nodes, in the order of their ids.
func (w *walker) nodes(branches []plan.Branch, ids []string, raw jsontext.Value) (jsontext.Value, error) {
	return w.list(raw, func(i int, raw jsontext.Value) (jsontext.Value, error) {
		for _, b := range branches {
			if strings.HasPrefix(ids[i], b.Type.Prefix+":") {
				return w.object(b.Fields, raw)
			}
		}
		return raw, nil
	})
}

// below reports whether one of some fields is computed or has such below it.
func (w *walker) below(fields []plan.Field) (some bool) {
	for _, f := range fields {
		if w.has(f) {
			some = true
		}
	}
	return some
}

func (w *walker) has(f plan.Field) bool {
	if has, known := w.above[f]; known {
		return has
	}
	has := false
	switch f := f.(type) {
	case *plan.Computed:
		has = true
	case *plan.EdgeNode:
		has = w.below(f.Fields)
	case *plan.Embedded:
		for _, e := range f.Fields {
			has = w.below(e.Fields) || has
		}
	case *plan.Facts:
		for _, of := range f.Fields {
			has = w.below(of.Fields) || has
		}
	case *plan.Connection:
		for _, of := range f.Fields {
			has = w.below(plan.ItemFields(of)) || has
		}
	}
	w.above[f] = has
	return has
}

func (w *walker) field(f plan.Field, raw jsontext.Value) (jsontext.Value, error) {
	if !w.has(f) {
		return raw, nil
	}
	switch f := f.(type) {
	case *plan.Computed:
		return w.replace(f, raw)
	case *plan.EdgeNode:
		return w.object(f.Fields, raw)
	case *plan.Embedded:
		one := func(_ int, raw jsontext.Value) (jsontext.Value, error) {
			return members(raw, f.Fields, func(e plan.EmbeddedField) string { return e.Key },
				func(e plan.EmbeddedField, raw jsontext.Value) (jsontext.Value, error) {
					return w.object(e.Fields, raw)
				})
		}
		if f.Property.List {
			return w.list(raw, one)
		}
		return one(0, raw)
	case *plan.Facts:
		return w.list(raw, func(_ int, raw jsontext.Value) (jsontext.Value, error) {
			return members(raw, f.Fields, func(of plan.FactField) string { return of.Key },
				func(of plan.FactField, raw jsontext.Value) (jsontext.Value, error) {
					return w.objects(of.Fields, raw)
				})
		})
	case *plan.Connection:
		return members(raw, f.Fields, plan.ConnectionField.ResponseKey,
			func(of plan.ConnectionField, raw jsontext.Value) (jsontext.Value, error) {
				return w.objects(plan.ItemFields(of), raw)
			})
	}
	return raw, nil
}

// objects rewrites a list of objects.
func (w *walker) objects(fields []plan.Field, raw jsontext.Value) (jsontext.Value, error) {
	if !w.below(fields) {
		return raw, nil
	}
	return w.list(raw, func(_ int, raw jsontext.Value) (jsontext.Value, error) { return w.object(fields, raw) })
}

func (w *walker) object(fields []plan.Field, raw jsontext.Value) (jsontext.Value, error) {
	if !w.below(fields) {
		return raw, nil
	}
	return members(raw, fields, plan.Field.ResponseKey, w.field)
}

// list rewrites the items of a list.
func (w *walker) list(raw jsontext.Value, one func(int, jsontext.Value) (jsontext.Value, error)) (jsontext.Value, error) {
	var items []jsontext.Value
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	out := []byte{'['}
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		item, err := one(i, item)
		if err != nil {
			return nil, err
		}
		out = append(out, item...)
	}
	return append(out, ']'), nil
}

// members rewrites the members of an object in the order of the fields that made
// it; null stays null.
func members[F any](raw jsontext.Value, fields []F, key func(F) string, one func(F, jsontext.Value) (jsontext.Value, error)) (jsontext.Value, error) {
	if string(raw) == "null" {
		return raw, nil
	}
	var values map[string]jsontext.Value
	if err := json.Unmarshal(raw, &values); err != nil {
		return nil, fmt.Errorf("object: %w", err)
	}
	out := []byte{'{'}
	for i, f := range fields {
		if i > 0 {
			out = append(out, ',')
		}
		value, err := one(f, values[key(f)])
		if err != nil {
			return nil, err
		}
		out = append(append(answer.AppendString(out, key(f)), ':'), value...)
	}
	return append(out, '}'), nil
}
