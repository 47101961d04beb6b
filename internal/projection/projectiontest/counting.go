package projectiontest

import (
	"context"

	"github.com/maillage/maillage/internal/store"
)

// Counting is a store that counts how often neighbours are read, and by how many
// statements.
type Counting struct {
	store.Store
	Batches, Statements int
}

// Neighbours counts and reads.
func (c *Counting) Neighbours(ctx context.Context, revision int64, frontiers []store.Frontier, yield func(frontier, node int, neighbour string) error) error {
	c.Batches++
	c.Statements += len(frontiers)
	return c.Store.Neighbours(ctx, revision, frontiers, yield)
}
