package plan

import "github.com/maillage/maillage/internal/catalog"

// Computed asks what an algorithm finds, at the root or of a node. It is answered
// in stages: the statement around it answers the id of the node in its place, the
// algorithm finds nodes, and a look-up answers what is selected of them.
type Computed struct {
	Key  string // response key; empty at the root
	Path string // in the document, for errors
	Name string // of the algorithm
	Args Arguments
	// Target is the type of the nodes that Filter is about; nil without a filter.
	Target *catalog.Type
	Filter Predicate // which nodes may be found; nil when any may
	Fields []Member
	// Branches are what is selected of the nodes that are found, by type.
	Branches []Branch
}

func (*Computed) root() {}

// ResponseKey returns the key under which the field is answered.
func (f *Computed) ResponseKey() string { return f.Key }

// Computations returns the computed fields of a plan that are answered below its
// root, outermost first.
func (p *Plan) Computations() (out []*Computed) {
	var walk func([]Field)
	walk = func(fields []Field) {
		for _, f := range fields {
			switch f := f.(type) {
			case *Computed:
				out = append(out, f)
			case *EdgeNode:
				walk(f.Fields)
			case *Embedded:
				for _, e := range f.Fields {
					walk(e.Fields)
				}
			case *Connection:
				for _, of := range f.Fields {
					walk(ItemFields(of))
				}
			}
		}
	}
	switch r := p.Root.(type) {
	case *Lookup:
		for _, b := range r.Branches {
			walk(b.Fields)
		}
	case *Search:
		for _, b := range r.Branches {
			walk(b.Fields)
		}
	case *Connection:
		for _, of := range r.Fields {
			walk(ItemFields(of))
		}
	}
	return out
}

// ItemFields returns what a field of a connection selects of its items.
func ItemFields(f ConnectionField) []Field {
	switch f := f.(type) {
	case *Edges:
		return f.Fields
	case *Nodes:
		return f.Fields
	}
	return nil
}

func normalizeComputed(c *Computed) *Computed {
	out := *c
	out.Filter = predicate(c.Filter)
	out.Branches = branches(c.Branches)
	return &out
}

func branches(in []Branch) []Branch {
	out := make([]Branch, len(in))
	for i, b := range in {
		out[i] = Branch{Type: b.Type, Fields: fields(b.Fields)}
	}
	return out
}

// computed prints a computed field.
func (w *printer) computed(c *Computed, key string) {
	w.open("computed %s %s%s", key, c.Name, c.Args)
	if c.Filter != nil {
		w.line("(filter %s)", PredicateString(c.Filter))
	}
	for _, b := range c.Branches {
		w.open("on %s", b.Type.Name)
		w.fields(b.Fields)
		w.close()
	}
	w.members(c.Fields)
	w.close()
}

// What an algorithm costs, and how many nodes are expected where the question
// does not say it.
const (
	algorithm = 100
	several   = 10
)

// computedCost counts the algorithm, and what is looked up of as many nodes as
// are asked for.
func computedCost(c *Computed) int {
	items := several
	if n, ok := c.Args["first"].(int64); ok {
		items = int(n)
	}
	cost := 0
	for _, b := range c.Branches {
		cost = max(cost, fieldsCost(b.Fields))
	}
	return saturate(algorithm + items*(1+cost))
}
