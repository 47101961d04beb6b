package kg

// Change is one step of a write: a node or a relationship to merge into the
// graph. Exactly one of Node and Relationship is set.
//
// Merging sets the properties that the change carries and keeps the others,
// and unites records and former ids; it creates what is absent. Merging the
// same change twice therefore changes nothing the second time.
type Change struct {
	Node         *Node
	Relationship *Relationship
}

// Applied says what a write did.
type Applied struct {
	Revision  int64 // the revision of the graph after the write
	Created   int
	Updated   int
	Unchanged int
}
