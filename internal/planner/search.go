package planner

import (
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/text"
)

// search plans the root field of that name.
func (p *Planner) search(s *selector, f Field) (*plan.Search, error) {
	args := f.ArgumentMap(f.Variables)
	query, err := searchText(args["text"], f.Alias+".text")
	if err != nil {
		return nil, err
	}
	out := &plan.Search{Query: query}
	if err := s.searchBranches(out, args, f.Alias); err != nil {
		return nil, err
	}
	if out.Limit, err = limit(args, f.Alias); err != nil {
		return nil, err
	}
	if cursor, given := args["after"].(string); given {
		rank, err := plan.DecodeRank(cursor)
		if err != nil {
			return nil, badInput(f.Alias+".after", "no cursor of this connection: %v", err)
		}
		out.After = &rank
	}
	w := &searchSelector{selector: s, search: out}
	if out.Fields, err = w.fields([]ast.SelectionSet{f.Selections}, "SearchConnection", f.Alias); err != nil {
		return nil, err
	}
	if w.highlights {
		for i, b := range out.Branches {
			for _, p := range b.Type.Search.Properties() {
				out.Branches[i].Fields = append(out.Branches[i].Fields, &plan.Value{Key: p.Name, Property: p})
			}
		}
	}
	return out, nil
}

// searchText reads what is searched for.
func searchText(v any, path string) (text.Query, error) {
	s, ok := v.(string)
	if !ok || !validText(s) {
		return text.Query{}, badInput(path, "the text has characters that no stored text has")
	}
	q, err := text.ParseQuery(s)
	if err != nil {
		return q, badInput(path, "%v", err)
	}
	return q, nil
}

// searchBranches finds the types that a search is about: those that are asked
// for and have what is asked of them.
func (s *selector) searchBranches(out *plan.Search, args map[string]any, path string) error {
	kinds, some := list(args["kinds"])
	countries, ofCountry := list(args["country"])
	if len(countries) > MaxIn {
		return badInput(path+".country", "it takes at most %d values, got %d", MaxIn, len(countries))
	}
	if ofCountry {
		out.Countries = []string{}
	}
	for i, c := range countries {
		code, ok := c.(string)
		if !ok || !validText(code) || text.Identifier(code) == "" {
			return badInput(path+".country["+strconv.Itoa(i)+"]", "%#v is no country: write its ISO 3166-1 code, like \"FR\"", c)
		}
		out.Countries = append(out.Countries, code)
	}
	for _, t := range s.catalog.Searched() {
		if some && !slices.Contains(kinds, any(api.Kind(t))) || ofCountry && t.Search.Country == nil {
			continue
		}
		b := plan.SearchBranch{Branch: plan.Branch{Type: t}, Filter: s.scope.Node(t)}
		if args["within"] != nil {
			if t.Hierarchy == nil && t.Within == nil {
				continue
			}
			in, err := s.within(args["within"], t, path+".within")
			if err != nil {
				return err
			}
			b.Filter = plan.And{b.Filter, in}
		}
		out.Branches = append(out.Branches, b)
	}
	out.Every = len(out.Branches) == len(s.catalog.Searched())
	return nil
}

// searchSelector walks the selection of a search. Each node that is selected
// gets a slot in the look-up of every type.
type searchSelector struct {
	*selector
	search     *plan.Search
	slots      int
	highlights bool
}

// searchParts are the types of what a search holds, by its field.
var searchParts = map[string]string{
	"edges": "SearchEdge", "highlights": "Highlight", "pageInfo": "PageInfo", "totalCount": "SearchTotal",
}

func (w *searchSelector) fields(sets []ast.SelectionSet, typ, path string) (out []plan.SearchField, err error) {
	for _, c := range w.collect(sets, typ) {
		f := plan.SearchField{Key: c.key, Name: c.field.Name}
		switch f.Name {
		case "__typename":
			f.Name, f.Typename = "", typ
		case "node", "nodes":
			f.Slot, err = w.slot(c.selections, path+"."+c.key)
		case "highlights":
			w.highlights = true
		case "totalCount":
			w.search.Counted = true
		}
		if part := searchParts[f.Name]; part != "" && err == nil {
			f.Fields, err = w.fields(c.selections, part, path+"."+c.key)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// slot plans a node, whichever its type. A slot begins with a digit, which no
// property does.
func (w *searchSelector) slot(sets []ast.SelectionSet, path string) (string, error) {
	slot := strconv.Itoa(w.slots)
	w.slots++
	for i, b := range w.search.Branches {
		fields, err := w.node(sets, b.Type, path)
		if err != nil {
			return "", err
		}
		w.search.Branches[i].Fields = append(w.search.Branches[i].Fields, &plan.EdgeNode{Key: slot, Fields: fields})
	}
	return slot, nil
}

// matches reads a search among the conditions of a filter.
func matches(v any, t *catalog.Type, path string) (plan.Predicate, error) {
	if v == nil {
		return nil, nil
	}
	q, err := searchText(v, path)
	if err != nil {
		return nil, err
	}
	return plan.Matches{Type: t, Query: q}, nil
}
