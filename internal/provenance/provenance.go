// Package provenance registers the texts of sources and takes sources away, with
// all that nothing else supports.
package provenance

import (
	"context"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// The words of the model that this package needs to know.
const (
	sourceType = "Source"
	claimType  = "Claim"
	from       = "FROM" // from a claim to the source that makes it
	checksum   = "sha256"
	passages   = "passages"
)

// batch is how many changes are made in one transaction.
const batch = 2000

// apply makes changes batch by batch.
func apply(ctx context.Context, s store.Store, changes []kg.Change) (done kg.Applied, err error) {
	for len(changes) > 0 {
		n := min(batch, len(changes))
		got, err := s.Apply(ctx, changes[:n])
		if err != nil {
			return done, err
		}
		done = done.Add(got)
		changes = changes[n:]
	}
	return done, nil
}
