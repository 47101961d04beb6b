package api_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// schema returns the API of a model as a schema that has been validated.
func schema(t testing.TB, path string) *ast.Schema {
	t.Helper()
	sdl, err := api.SDL(read(t, path))
	if err != nil {
		t.Fatal(err)
	}
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "api.graphqls", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(read(t, path), got); diff != "" {
		t.Errorf("%s (rewrite it with -update) (-want +got):\n%s", name, diff)
	}
}

func TestATinyModelExpands(t *testing.T) {
	model := read(t, "testdata/tiny.graphqls")
	sdl, err := api.SDL(model)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "tiny_api.graphqls", sdl)
	c, err := catalog.Load(model)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "tiny_thin.graphqls", api.Thin(c))
	schema(t, "testdata/tiny.graphqls")
}

func TestABadModelIsNotExpanded(t *testing.T) {
	for _, model := range []string{"type {", `type A @node { id: ID! }`} {
		if sdl, err := api.SDL(model); err == nil || !strings.HasPrefix(err.Error(), "schema: ") {
			t.Errorf("%s: %q, %v", model, sdl, err)
		}
	}
}

// TestEverythingIsDescribed looks at every type, field, argument, input field
// and value of an enum that clients see.
func TestEverythingIsDescribed(t *testing.T) {
	var bare []string
	for _, d := range schema(t, "../../schema.graphqls").Types {
		if d.BuiltIn || strings.HasPrefix(d.Name, "__") {
			continue
		}
		see := func(description, name string) {
			if strings.TrimSpace(description) == "" && !strings.HasPrefix(name, "Query.__") {
				bare = append(bare, name)
			}
		}
		see(d.Description, d.Name)
		for _, f := range d.Fields {
			see(f.Description, d.Name+"."+f.Name)
			for _, a := range f.Arguments {
				see(a.Description, d.Name+"."+f.Name+"."+a.Name)
			}
		}
		for _, v := range d.EnumValues {
			// The values of the model's own enums speak for themselves.
			if strings.HasSuffix(d.Name, "OrderField") || d.Name == "OrderDirection" {
				see(v.Description, d.Name+"."+v.Name)
			}
		}
	}
	if slices.Sort(bare); len(bare) > 0 {
		t.Errorf("%d things have no description: %s", len(bare), strings.Join(bare, ", "))
	}
}

// TestNamesMeanWhatThePlannerAsks checks the names of the API against the
// functions by which the planner finds what they stand for.
func TestNamesMeanWhatThePlannerAsks(t *testing.T) {
	s := schema(t, "../../schema.graphqls")
	c, err := catalog.Load(read(t, "../../schema.graphqls"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range api.RootFields(c) {
		if s.Query.Fields.ForName(f.Name) == nil {
			t.Errorf("there is no root field %s", f.Name)
		}
	}
	if got, want := len(s.Query.Fields), len(api.RootFields(c))+len(c.Computed)+6; got != want { // node, nodes, search, stats, __schema, __type
		t.Errorf("%d root fields, want %d", got, want)
	}
	orders := func(name string, keys []api.OrderKey) {
		var got, want []string
		for _, k := range keys {
			want = append(want, k.Name)
			if (k.Property == nil) == (k.Degree == nil) {
				t.Errorf("%s.%s: a property or a degree", name, k.Name)
			}
		}
		for _, v := range s.Types[name].EnumValues {
			got = append(got, v.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, ty := range c.Types {
		for _, p := range ty.Properties {
			f := s.Types[ty.Name+"Filter"].Fields.ForName(p.Name)
			if filter := api.FilterType(p); (f == nil) != (filter == "") || f != nil && f.Type.Name() != filter {
				t.Errorf("the filter of %s.%s is %v, want %q", ty.Name, p.Name, f, filter)
			}
		}
		if ty.Plural != "" {
			orders(ty.Name+"OrderField", api.OrderKeys(ty, nil))
		}
		for _, rf := range ty.Fields {
			orders(rf.ConnectionType()+"OrderField", api.OrderKeys(rf.Target, rf))
			args := s.Types[ty.Name].Fields.ForName(rf.Name).Arguments
			if include := args.ForName("include"); (include != nil) != (rf.Relationship.Status != nil) {
				t.Errorf("%s.%s has include: %v", ty.Name, rf.Name, include != nil)
			}
		}
	}
}
