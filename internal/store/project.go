package store

import (
	"errors"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
)

// Extract names what of a graph is projected: nodes of some types with some of
// their properties, and the relationships between such nodes that are shown by
// default.
type Extract struct {
	Nodes []NodeColumns
	Links []*catalog.Relationship
}

// NodeColumns are properties of a type of node.
type NodeColumns struct {
	Type       *catalog.Type
	Properties []*catalog.Property
}

// Rows receive what Project streams. Kinds are indexes in the Extract; values
// are those of kg.Properties in the order of the columns, nil when absent, and
// must not be kept.
type Rows struct {
	Node func(kind int, key int64, id string, values []any) error
	// Link gets the keys of both ends. Either may be of a node that is not
	// extracted; several relationships between the same nodes come one by one.
	// Those of a kind that leave one node come together.
	Link func(kind int, from, to int64) error
}

// Changes receive what Follow streams: each changed node, and each two nodes
// between which a relationship has changed. What is told again has changed again.
type Changes struct {
	// Node gets a node as it is now; it is not there when it is gone.
	Node func(kind int, id string, there bool, values []any) error
	// Link tells whether there is a relationship of the kind that is shown by
	// default.
	Link func(kind int, from, to string, there bool) error
}

// Frontier is nodes of a type of which the neighbours of a type over one kind of
// relationship are asked for: over those that leave the nodes, or with In over
// those that lead to them.
type Frontier struct {
	Link   *catalog.Relationship
	In     bool
	Of, To *catalog.Type
	IDs    []string
}

// ErrMoved says that the graph is no longer of the revision of which it was asked.
var ErrMoved = errors.New("the graph has changed since")

// kind returns the index of a type, or -1.
func (x Extract) kind(t *catalog.Type) int {
	return slices.IndexFunc(x.Nodes, func(c NodeColumns) bool { return c.Type == t })
}

// Sources returns the types that relationships of a kind leave for a type that
// is extracted too.
func (x Extract) Sources(kind int) (out []*catalog.Type) {
	for _, e := range x.Links[kind].Ends {
		if x.kind(e.From) >= 0 && x.kind(e.To) >= 0 && !slices.Contains(out, e.From) {
			out = append(out, e.From)
		}
	}
	return out
}

const (
	// Everything stands in the change log for a load, which changes all there is.
	Everything = "*"
	// MostChanges is how many ids of nodes and relationships are taken from the log.
	MostChanges = 100_000
)

// ErrGap says that the log does not tell what has changed: it does not reach
// back, or everything has changed, or more than MostChanges.
var ErrGap = errors.New("the change log does not tell what has changed")

// Log is what the change log names after a revision.
type Log struct {
	Revision             int64 // of the last entry
	Nodes, Relationships []string
}

// Add adds the next entry, or fails with ErrGap.
func (l *Log) Add(revision int64, nodes, relationships []string) error {
	l.Revision++
	l.Nodes, l.Relationships = append(l.Nodes, nodes...), append(l.Relationships, relationships...)
	if revision != l.Revision || len(l.Nodes)+len(l.Relationships) > MostChanges || slices.Contains(nodes, Everything) {
		return ErrGap
	}
	return nil
}

// Changed is what of an extract a log names, by kind: each once, and in order.
type Changed struct {
	Nodes [][]string    // ids
	Links [][][2]string // ids of both ends
}

// Changed returns what of the extract a log names.
func (x Extract) Changed(c *catalog.Catalog, l Log) Changed {
	out := Changed{make([][]string, len(x.Nodes)), make([][][2]string, len(x.Links))}
	for _, id := range l.Nodes {
		if k := x.kind(c.TypeOfID(id)); k >= 0 {
			out.Nodes[k] = append(out.Nodes[k], id)
		}
	}
	for _, id := range l.Relationships {
		typ, rest, _ := strings.Cut(id, "|")
		from, rest, _ := strings.Cut(rest, "|")
		to, _, _ := strings.Cut(rest, "|")
		k := slices.IndexFunc(x.Links, func(r *catalog.Relationship) bool { return r.Name == typ })
		if k >= 0 && x.kind(c.TypeOfID(from)) >= 0 && x.kind(c.TypeOfID(to)) >= 0 {
			out.Links[k] = append(out.Links[k], [2]string{from, to})
		}
	}
	for k, ids := range out.Nodes {
		slices.Sort(ids)
		out.Nodes[k] = slices.Compact(ids)
	}
	for k, pairs := range out.Links {
		slices.SortFunc(pairs, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
		out.Links[k] = slices.Compact(pairs)
	}
	return out
}
