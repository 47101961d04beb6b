package projection

import "github.com/maillage/maillage/internal/catalog"

// Ref refers to a node of a projection.
type Ref struct {
	Part   Part
	Number int32
}

// Part is one of the tables of a projection.
type Part uint8

// The parts. A body with members is an actor, and the group of its members.
const (
	ActorPart Part = iota
	GroupPart
	SectorPart
	PlacePart
	Parts // how many there are
)

// Part returns the table of a part.
func (g *Graph) Part(p Part) *Table {
	return [Parts]*Table{&g.Actors, &g.Groups, &g.Sectors, &g.Places}[p]
}

// ID returns the id of a node.
func (g *Graph) ID(r Ref) string { return g.Part(r.Part).ID(r.Number) }

// Find returns the node of an id: of a body with members, the actor.
func (g *Graph) Find(id string) (Ref, bool) {
	for p := range Parts {
		if n, ok := g.Part(p).Find(id); ok {
			return Ref{p, n}, true
		}
	}
	return Ref{}, false
}

// Type returns the type of a node.
func (g *Graph) Type(r Ref) *catalog.Type {
	switch r.Part {
	case GroupPart:
		return g.Model.Ways[g.Way[r.Number]].Out.Target
	case SectorPart:
		return g.Model.Sector
	case PlacePart:
		return g.Model.Place
	}
	return g.Model.Actor
}
