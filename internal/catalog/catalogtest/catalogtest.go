// Package catalogtest gives tests the product's catalog.
package catalogtest

import (
	"sync"
	"testing"

	"github.com/maillage/maillage/graph/generated"
	"github.com/maillage/maillage/internal/catalog"
)

// Load returns the product's catalog, which is read once: what belongs together
// shares its types.
var Load = sync.OnceValues(func() (*catalog.Catalog, error) { return catalog.Load(generated.Model) })

// Model returns the product's catalog.
func Model(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}
