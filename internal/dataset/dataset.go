// Package dataset is what ships inside the binary: the collaborations of
// Horizon 2020 to May 2016, calls for proposals of 2026, the Montpellier graph,
// and the places around it.
// README.md beside it says where they come from and how they are made.
package dataset

import (
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/kg"
)

//go:embed data/places.jsonl data/h2020.jsonl.gz data/calls.jsonl.gz data/montpellier.jsonl
var files embed.FS

// Files are the names of the built-in files in the order of Builtin.
var Files = []string{"places.jsonl", "h2020.jsonl.gz", "calls.jsonl.gz", "montpellier.jsonl"}

// Builtin calls yield with all nodes and relationships of the built-in data,
// in an order in which the ends of a relationship come before it: some 93,000
// changes in about a second. The first error of yield ends it. The model
// must be that of schema.graphqls; an error that is not yield's means that it
// and the files do not fit.
func Builtin(c *catalog.Catalog, yield func(kg.Change) error) error {
	for _, name := range Files {
		if err := read(c, name, yield); err != nil {
			return err
		}
	}
	return nil
}

func read(c *catalog.Catalog, name string, yield func(kg.Change) error) error {
	r, err := Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	return jsonl.Decode(r, c, yield, func(e *jsonl.Error) error { return fmt.Errorf("built-in %s: %w", name, e) })
}

// Open returns the JSON Lines of one of Files, uncompressed.
func Open(name string) (io.ReadCloser, error) {
	f, err := files.Open("data/" + name)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(name, ".gz") {
		return f, nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("built-in %s: %w", name, err)
	}
	return z, nil
}
