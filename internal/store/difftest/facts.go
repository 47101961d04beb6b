package difftest

import (
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// facts draws a question for what others say of a node.
func (g *Generator) facts(of *catalog.Facts, depth int) *plan.Facts {
	g.hit("facts")
	out := &plan.Facts{Key: g.key(), Facts: of, Scope: g.scope(of.Of), Limit: 1 + g.value.IntN(8)}
	if g.shape.IntN(2) == 0 {
		out.Filter = g.predicate(&plan.Connection{Field: of.Of, Target: of.Of.Target}, 1)
	}
	for _, name := range []string{of.By.Name, of.Value.Name, catalog.FactCount, catalog.FactDisagree, of.Of.Name} {
		if g.shape.IntN(4) == 0 {
			continue
		}
		f := plan.FactField{Key: g.key(), Name: name}
		if name == of.Of.Name {
			f.Limit, f.Fields = 1+g.value.IntN(4), g.fields(of.Of.Target, min(depth, 1)-1)
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}
