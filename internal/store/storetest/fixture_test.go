package storetest

import (
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
)

var update = flag.Bool("update", false, "rewrite fixture.jsonl in canonical form")

// TestFixtureIsCanonical: exports are compared with the file byte by byte.
func TestFixtureIsCanonical(t *testing.T) {
	want, err := Fixture().JSONL()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("fixture.jsonl", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(want, string(lines)); d != "" {
		t.Errorf("run go test -update (-canonical +file):\n%s", d)
	}
}

// TestFixtureCovers: a kind of value that the fixture lacks is one that no
// store is tested with.
func TestFixtureCovers(t *testing.T) {
	g := Fixture()
	for _, typ := range g.Catalog.Types {
		items := g.of(typ)
		if len(items) == 0 {
			t.Errorf("no node of type %s", typ.Name)
		}
		for _, f := range typ.Fields {
			if n, _ := g.busiest(f); n == nil {
				t.Errorf("nothing is reached by %s.%s", typ.Name, f.Name)
			}
		}
		covers(t, typ.Name, typ.Properties, items, false)
	}
	for _, r := range g.Catalog.Relationships {
		var items []item
		for _, rel := range g.Relationships {
			if rel.Type == r.Name {
				items = append(items, item{rel: rel})
			}
		}
		if len(items) == 0 {
			t.Errorf("no relationship of type %s", r.Name)
		}
		covers(t, r.Name, r.Properties, items, true)
	}
}

// covers wants a value for each property.
func covers(t *testing.T, of string, props []*catalog.Property, items []item, edge bool) {
	t.Helper()
	for _, p := range props {
		if p.Computed() || catalog.Provenance(p.Name) {
			continue
		}
		if !slices.ContainsFunc(items, func(it item) bool { return it.value(p, edge) != nil }) {
			t.Errorf("%s.%s has no value", of, p.Name)
		}
	}
}
