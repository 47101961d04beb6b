package main

import (
	"fmt"
	"io"

	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/importer/calls"
	"github.com/maillage/maillage/internal/importer/theme"
	"github.com/maillage/maillage/internal/kg"
)

// funding imports the calls for proposals, without what h2020 holds already.
func funding(raw string, stdout io.Writer) (changes []kg.Change, err error) {
	file, err := find(raw, "open.jsonl.gz")
	if err != nil {
		return nil, err
	}
	err = calls.Import(file, func(ch kg.Change) error {
		n, r := ch.Node, ch.Relationship
		there := n != nil && (n.Type == "Sector" || n.ID == theme.Source) || r != nil && r.Type == "BROADER"
		if !there {
			changes = append(changes, ch)
		}
		return nil
	}, func(r importer.Rejection) { fmt.Fprintln(stdout, "rejected:", r) })
	return changes, err
}
