package kg

// Change is one step of a write: what becomes of a node or a relationship.
// Exactly one of Node and Relationship is set.
type Change struct {
	Action       Action
	Node         *Node
	Relationship *Relationship
}

// Action is what a change does.
type Action int

// The actions. Each done twice changes nothing the second time.
const (
	// Merge sets the properties that the change carries and keeps the others,
	// and unites records and former ids; it creates what is absent.
	Merge Action = iota
	// Replace sets properties, records and former ids to exactly those that the
	// change carries; it creates what is absent. The relationships of a node stay.
	Replace
	// Delete removes a node, with its former ids and all its relationships, or a
	// relationship. Of the change only the id of the node counts, or the type, the
	// ends and the key properties of the relationship. A former id names no node to
	// delete: what deletes a node that has become part of another changes nothing.
	Delete
)

// Applied says what a write did.
type Applied struct {
	Revision  int64 // the revision of the graph after the write
	Created   int
	Updated   int
	Deleted   int // with the relationships that went with their nodes
	Unchanged int
}

// Add returns what two writes did together.
func (a Applied) Add(b Applied) Applied {
	return Applied{
		Revision: max(a.Revision, b.Revision),
		Created:  a.Created + b.Created, Updated: a.Updated + b.Updated,
		Deleted: a.Deleted + b.Deleted, Unchanged: a.Unchanged + b.Unchanged,
	}
}

// Changes returns how much the write changed.
func (a Applied) Changes() int { return a.Created + a.Updated + a.Deleted }
