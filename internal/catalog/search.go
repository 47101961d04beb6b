package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/internal/text"
)

// Search says by which properties the nodes of a type are found.
type Search struct {
	Identifiers, Names, Aliases, Rest []*Property
	Country                           *Property // nil when there is none
	// Scale is how many relationships of a node count as one, so that nodes that
	// stand for a whole field do not come before all others.
	Scale int64
}

// searchLine begins the lines of a model that say what is searched.
const searchLine = "search"

// Properties returns all that is searched, each once.
func (s *Search) Properties() (out []*Property) {
	for _, p := range slices.Concat(s.Identifiers, s.Names, s.Aliases, s.Rest) {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// String writes the roles with their properties, and how words are made of them.
func (s *Search) String() string {
	var parts []string
	for _, role := range []struct {
		name  string
		props []*Property
	}{{"identifiers", s.Identifiers}, {"names", s.Names}, {"aliases", s.Aliases}, {"rest", s.Rest}, {"country", []*Property{s.Country}}} {
		for _, p := range role.props {
			if p != nil {
				parts = append(parts, role.name+":"+p.Name)
			}
		}
	}
	return fmt.Sprintf("%s scale:%d words:%d", strings.Join(parts, " "), s.Scale, text.Version)
}

// Searched returns the types whose nodes are found by search.
func (c *Catalog) Searched() (out []*Type) {
	for _, t := range c.Types {
		if t.Search != nil {
			out = append(out, t)
		}
	}
	return out
}

// search reads by what nodes of a type are found.
func (l *loader) search(d *ast.Definition) error {
	dir := d.Directives.ForName("search")
	if dir == nil {
		return nil
	}
	t := l.c.types[d.Name]
	s := &Search{Scale: 1}
	for name, to := range map[string]*[]*Property{"identifiers": &s.Identifiers, "names": &s.Names, "aliases": &s.Aliases, "rest": &s.Rest} {
		a := dir.Arguments.ForName(name)
		if a == nil {
			continue
		}
		for _, c := range a.Value.Children {
			p := t.properties[c.Value.Raw]
			if p == nil || p.Kind != String && p.Kind != StringList {
				return fmt.Errorf("@search: %s: %q is no text of the type", name, c.Value.Raw)
			}
			*to = append(*to, p)
		}
	}
	if len(s.Names) == 0 {
		return fmt.Errorf("@search needs names")
	}
	if name := argument(dir, "country"); name != "" {
		if s.Country = t.properties[name]; s.Country == nil || s.Country.Kind != String {
			return fmt.Errorf("@search: country: %q is no text of the type", name)
		}
	}
	if scale := argument(dir, "scale"); scale != "" {
		var err error
		if s.Scale, err = strconv.ParseInt(scale, 10, 64); err != nil || s.Scale < 1 {
			return fmt.Errorf("@search: scale is a whole number from 1")
		}
	}
	t.Search = s
	return nil
}
