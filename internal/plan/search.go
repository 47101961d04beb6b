package plan

import (
	"fmt"
	"math"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/text"
)

// MaxTotal is up to where the results of a search are counted.
const MaxTotal = 1000

// Search asks for nodes of several types by what they are called, ranked by
// tier, by prominence from the greatest, and by id. What a store answers is
// Ranked, of which the answer is written.
type Search struct {
	Query    text.Query
	Branches []SearchBranch // by type
	Every    bool           // whether these are all types that are searched
	// Countries are those of the nodes that are sought; nil when any will do.
	Countries []string
	Limit     int
	After     *Rank // nil for the first page
	// Counted is whether it is asked how many results there are.
	Counted bool
	Fields  []Member
}

// SearchBranch is what a search asks of the nodes of one type: a condition, nil
// when there is none, and what is selected of them.
type SearchBranch struct {
	Branch
	Filter Predicate
}

// Rank is where a node stands among the results of a search.
type Rank struct {
	Tier       text.Tier
	Prominence int64
	ID         string
}

// Ranked is what a store answers to a search: how many results there are, where
// that is asked for, at most one more than MaxTotal; the ranks of a page and of
// one more, in order; and what is selected of the nodes of the page, by response
// key, nil for a node that is gone, and no nodes where nothing is selected.
type Ranked struct {
	Count int
	Ranks []Rank
	Nodes []map[string]jsontext.Value
}

// Matches holds for the nodes of a type that a search finds.
type Matches struct {
	Type  *catalog.Type
	Query text.Query
}

func (*Search) root()      {}
func (Matches) predicate() {}

// Match returns what the index is asked.
func (m Matches) Match() text.Match { return text.AllOf(text.Kind(m.Type.Name), m.Query.All()) }

// Fetch returns how many ranks a statement answers.
func (s *Search) Fetch() int { return s.Limit + 1 }

// Only restricts what the index is asked to the types and countries that are
// sought.
func (s *Search) Only(m text.Match) text.Match {
	parts := []text.Match{m}
	if !s.Every {
		kinds := make([]text.Match, len(s.Branches))
		for i, b := range s.Branches {
			kinds[i] = text.Kind(b.Type.Name)
		}
		parts = append(parts, text.AnyOf(kinds...))
	}
	if s.Countries != nil {
		countries := make([]text.Match, len(s.Countries))
		for i, c := range s.Countries {
			countries[i] = text.Country(c)
		}
		parts = append(parts, text.AnyOf(countries...))
	}
	return text.AllOf(parts...)
}

// Selected returns what is selected of the nodes; nil where nothing is.
func (s *Search) Selected() (out []Branch) {
	for _, b := range s.Branches {
		if len(b.Fields) > 0 {
			out = append(out, b.Branch)
		}
	}
	return out
}

// Empty reports whether nothing can be found: no type or no country is sought.
func (s *Search) Empty() bool {
	return len(s.Branches) == 0 || s.Countries != nil && len(s.Countries) == 0
}

// Filtered reports whether there is a condition that the index does not know.
func (s *Search) Filtered() bool {
	return slices.ContainsFunc(s.Branches, func(b SearchBranch) bool { return b.Filter != nil })
}

// searchTag is that of the cursors of searches.
const searchTag = "search"

// Cursor returns the cursor of a rank.
func (r Rank) Cursor() string {
	return WriteCursor(searchTag, r.Tier, r.Prominence, r.ID)
}

// DecodeRank returns the rank that a cursor of a search holds.
func DecodeRank(cursor string) (Rank, error) {
	values, err := ReadCursor(cursor, searchTag, catalog.Int, catalog.Int, catalog.ID)
	if err != nil {
		return Rank{}, err
	}
	tier, prominence := values[0].(int64), values[1].(int64)
	if tier < 0 || tier >= int64(text.Tiers) || prominence < 0 || prominence > math.MaxInt8 {
		return Rank{}, fmt.Errorf("its values are none of a rank")
	}
	return Rank{text.Tier(tier), prominence, values[2].(string)}, nil
}

func normalizeSearch(s *Search) *Search {
	out := *s
	out.Branches = make([]SearchBranch, len(s.Branches))
	for i, b := range s.Branches {
		out.Branches[i] = SearchBranch{Branch{b.Type, fields(b.Fields)}, predicate(b.Filter)}
	}
	return &out
}

// search prints a search.
func (w *printer) search(s *Search, name string) {
	w.open("search %s %q", name, s.Query.Text)
	for _, b := range s.Branches {
		w.open("on %s", b.Type.Name)
		if b.Filter != nil {
			w.line("(filter %s)", PredicateString(b.Filter))
		}
		w.fields(b.Fields)
		w.close()
	}
	if s.Countries != nil {
		w.line("(country%s)", quoted(s.Countries))
	}
	after := ""
	if r := s.After; r != nil {
		after = fmt.Sprintf(" after %d %d %q", r.Tier, r.Prominence, r.ID)
	}
	w.line("(page first %d +1%s)", s.Limit, after)
	w.members(s.Fields)
	w.close()
}
