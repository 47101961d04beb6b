package difftest

import (
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/text"
)

// search draws a search of several types, as a store answers it: ranks and nodes.
func (g *Generator) search() *plan.Search {
	g.hit("search")
	all := g.sample.catalog.Searched()
	out := &plan.Search{Limit: 1 + g.value.IntN(20), Counted: g.shape.IntN(2) == 0}
	for _, t := range all {
		if g.shape.IntN(3) == 0 {
			continue
		}
		b := plan.SearchBranch{Branch: plan.Branch{Type: t}}
		if g.shape.IntN(4) == 0 {
			b.Filter = g.predicate(&plan.Connection{Target: t}, 1)
		}
		out.Branches = append(out.Branches, b)
	}
	if len(out.Branches) == 0 {
		out.Branches = []plan.SearchBranch{{Branch: plan.Branch{Type: pick(g.shape, all)}}}
	}
	out.Every = len(out.Branches) == len(all)
	if g.shape.IntN(4) > 0 {
		g.hit("search nodes")
		for i := range out.Branches {
			out.Branches[i].Fields = g.fields(out.Branches[i].Type, g.shape.IntN(2))
		}
	}
	out.Query = g.query(out.Branches[0].Type)
	if g.shape.IntN(3) == 0 {
		g.hit("search after")
		out.After = &plan.Rank{Tier: text.Tier(g.value.IntN(int(text.Tiers))), Prominence: g.value.Int64N(8), ID: g.id(out.Branches[0].Type)}
	}
	return out
}

// query draws some words by which a node of a type is found, or the beginning of
// one.
func (g *Generator) query(t *catalog.Type) text.Query {
	for range 20 {
		s, _ := g.scalar(pick(g.value, t.Search.Properties())).(string)
		words := strings.Fields(s)
		if len(words) == 0 {
			continue
		}
		from := g.value.IntN(len(words))
		s = strings.Join(words[from:min(len(words), from+1+g.value.IntN(3))], " ")
		if r := []rune(s); len(r) > 4 && g.value.IntN(2) == 0 {
			s = string(r[:3+g.value.IntN(len(r)-3)])
		}
		if q, err := text.ParseQuery(s); err == nil {
			return q
		}
	}
	q, _ := text.ParseQuery("energy")
	return q
}
