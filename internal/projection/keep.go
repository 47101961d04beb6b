package projection

import "sync"

// kept holds what algorithms keep with a graph. Its zero value holds nothing.
type kept struct{ values sync.Map }

// Keep returns what an algorithm computes once for a graph, under a key of a type
// of its own. It is made when it is first asked for, perhaps more than once where
// many ask at once, of which one is kept, and goes when the graph goes.
func (g *Graph) Keep(key any, create func() any) any {
	if v, ok := g.kept.values.Load(key); ok {
		return v
	}
	v, _ := g.kept.values.LoadOrStore(key, create())
	return v
}
