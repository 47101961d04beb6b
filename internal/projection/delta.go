package projection

import (
	"github.com/maillage/maillage/internal/store"
)

// Delta is what has changed of a graph. What it is told again takes the place of
// what it was told before.
type Delta struct {
	model *Model
	nodes []changes            // by kind
	links []map[[2]string]bool // by link: whether there is one between two ids
}

// changes are the nodes of a kind that have changed.
type changes struct {
	rows map[string]int32 // of those that are there, or -1, by id
	nodes
}

// NewDelta returns no changes of a graph.
func NewDelta(m *Model) *Delta {
	d := &Delta{model: m, links: make([]map[[2]string]bool, len(m.layout.links))}
	for _, n := range m.nodes() {
		d.nodes = append(d.nodes, changes{map[string]int32{}, n})
	}
	for k := range d.links {
		d.links[k] = map[[2]string]bool{}
	}
	return d
}

// Changes returns what takes the changes of the model's Extract.
func (d *Delta) Changes() store.Changes {
	return store.Changes{
		Node: func(kind int, id string, there bool, values []any) error {
			n := &d.nodes[kind]
			n.rows[id] = -1
			if there {
				row := n.add(id)
				n.put(int(row), values)
				n.rows[id] = row
			}
			return nil
		},
		Link: func(kind int, from, to string, there bool) error {
			d.links[kind][[2]string{from, to}] = there
			return nil
		},
	}
}

// Empty reports whether nothing has changed of what is projected.
func (d *Delta) Empty() bool {
	for _, n := range d.nodes {
		if len(n.rows) > 0 {
			return false
		}
	}
	for _, l := range d.links {
		if len(l) > 0 {
			return false
		}
	}
	return true
}
