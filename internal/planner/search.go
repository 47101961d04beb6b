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
	w := &memberSelector{selector: s, names: map[string]bool{}}
	for _, b := range out.Branches {
		w.branches = append(w.branches, plan.Branch{Type: b.Type})
	}
	if out.Fields, err = w.members([]ast.SelectionSet{f.Selections}, "SearchConnection", f.Alias); err != nil {
		return nil, err
	}
	out.Counted = w.names["totalCount"]
	for i, b := range w.branches {
		if w.names["highlights"] {
			for _, p := range b.Type.Search.Properties() {
				b.Fields = append(b.Fields, &plan.Value{Key: p.Name, Property: p})
			}
		}
		out.Branches[i].Branch = b
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
