package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/kg"
)

// Graph is a graph in memory, in the order of exports. Stores are filled with
// it, and what they answer is compared with what it says.
type Graph struct {
	*Model
	Nodes         []*kg.Node
	Relationships []*kg.Relationship

	nodes map[string]*kg.Node // by id
	scope
}

// NewGraph reads a graph from JSON Lines.
func NewGraph(m *Model, lines []byte) (*Graph, error) {
	var changes []kg.Change
	err := jsonl.Decode(bytes.NewReader(lines), m.Catalog, func(ch kg.Change) error {
		changes = append(changes, ch)
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	jsonl.Sort(m.Catalog, changes)
	g := &Graph{Model: m, nodes: map[string]*kg.Node{}}
	seen := map[string]bool{}
	for _, ch := range changes {
		if n := ch.Node; n != nil {
			g.Nodes = append(g.Nodes, n)
			g.nodes[n.ID] = n
			err = errors.Join(err, once(seen, n.ID))
			continue
		}
		r := ch.Relationship
		g.Relationships = append(g.Relationships, r)
		err = errors.Join(err, once(seen, m.Catalog.Relationship(r.Type).ID(r)))
		if g.nodes[r.From] == nil || g.nodes[r.To] == nil {
			err = errors.Join(err, fmt.Errorf("%s from %s to %s lacks an end", r.Type, r.From, r.To))
		}
	}
	return g, err
}

func once(seen map[string]bool, id string) error {
	if seen[id] {
		return fmt.Errorf("%s stands twice", id)
	}
	seen[id] = true
	return nil
}

// Changes returns the changes that make up the graph, ends before the
// relationships between them.
func (g *Graph) Changes() []kg.Change {
	var out []kg.Change
	for _, n := range g.Nodes {
		out = append(out, kg.Change{Node: n})
	}
	for _, r := range g.Relationships {
		out = append(out, kg.Change{Relationship: r})
	}
	return out
}

// JSONL returns the graph as canonical JSON Lines.
func (g *Graph) JSONL() (string, error) { return encode(g.Catalog, g.Changes()) }

func encode(c *catalog.Catalog, changes []kg.Change) (string, error) {
	var b bytes.Buffer
	e := jsonl.NewEncoder(&b, c)
	for _, ch := range changes {
		if err := e.Change(ch); err != nil {
			return "", err
		}
	}
	err := e.Flush()
	return b.String(), err
}

// of returns the nodes of a type by id.
func (g *Graph) of(t *catalog.Type) (out []item) {
	for _, n := range g.Nodes {
		if n.Type == t.Name && g.during(t.Period, n.Properties) {
			out = append(out, item{node: n})
		}
	}
	return out
}

// item is an item of a connection: a node, and below the root the relationship
// that leads to it.
type item struct {
	node *kg.Node
	rel  *kg.Relationship
	id   string // of the relationship
}

// key names the item: the id of its relationship, or of its node at the root.
func (i item) key() string {
	if i.rel != nil {
		return i.id
	}
	return i.node.ID
}

// value returns the value of a property of the node or of the relationship;
// nil when it is absent.
func (i item) value(p *catalog.Property, edge bool) any {
	switch {
	case p.Kind == catalog.Live && edge:
		return lives(p, i.rel.Properties)
	case p.Kind == catalog.Live:
		return lives(p, i.node.Properties)
	case edge:
		return i.rel.Properties[p.Name]
	case p.Name == "id":
		return i.node.ID
	}
	return i.node.Properties[p.Name]
}

// reach returns what a field of a node leads to, by node and relationship, of
// the given statuses, see shows.
func (g *Graph) reach(id string, f *catalog.RelationshipField, statuses ...string) (out []item) {
	if f.Derived != nil {
		return g.derived(id, f)
	}
	r := f.Relationship
	for _, rel := range g.Relationships {
		near, far := rel.From, rel.To
		if f.Direction == catalog.In {
			near, far = far, near
		}
		if rel.Type != r.Name || near != id || g.nodes[far].Type != f.Target.Name {
			continue
		}
		if !g.shows(r, rel.Properties, statuses) || !g.during(f.Target.Period, g.nodes[far].Properties) {
			continue
		}
		out = append(out, item{node: g.nodes[far], rel: rel, id: r.ID(rel)})
	}
	slices.SortFunc(out, func(a, b item) int {
		if c := strings.Compare(a.node.ID, b.node.ID); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	return out
}

// degree returns how many nodes a field leads to by default.
func (g *Graph) degree(id string, f *catalog.RelationshipField) int64 {
	return int64(len(g.reach(id, f, g.statuses()...)))
}

// busiest returns the node from which a field leads to most, whatever their
// status; ties go to the first id. It is nil when the field leads nowhere.
func (g *Graph) busiest(f *catalog.RelationshipField) (best *kg.Node, items []item) {
	for _, n := range g.Nodes {
		if n.Type != f.Owner.Name {
			continue
		}
		if there := g.reach(n.ID, f, everyStatus...); len(there) > len(items) {
			best, items = n, there
		}
	}
	return best, items
}

// everyStatus are the values of FactStatus.
var everyStatus = []string{"CURRENT", "PLANNED", "PAST"}

// keys names items in their order.
func keys(items []item) []string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = it.key()
	}
	return out
}
