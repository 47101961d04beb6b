package dataset

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/kg"
)

// graph is the built-in data in memory.
type graph struct {
	model         *catalog.Catalog
	nodes         map[string]*kg.Node
	relationships map[string]*kg.Relationship // by id
	twice         []string                    // ids that stand twice
}

var load = sync.OnceValues(func() (*graph, error) {
	c, err := catalogtest.Load()
	if err != nil {
		return nil, err
	}
	g := &graph{model: c, nodes: map[string]*kg.Node{}, relationships: map[string]*kg.Relationship{}}
	return g, Builtin(c, func(ch kg.Change) error {
		if n := ch.Node; n != nil {
			if g.nodes[n.ID] != nil {
				g.twice = append(g.twice, n.ID)
			}
			g.nodes[n.ID] = n
			return nil
		}
		id := c.Relationship(ch.Relationship.Type).ID(ch.Relationship)
		if g.relationships[id] != nil {
			g.twice = append(g.twice, id)
		}
		g.relationships[id] = ch.Relationship
		return nil
	})
})

// builtin returns the built-in data, read once for all tests.
func builtin(t testing.TB) *graph {
	t.Helper()
	g, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// node returns a node that must be there.
func (g *graph) node(t testing.TB, id string) *kg.Node {
	t.Helper()
	n := g.nodes[id]
	if n == nil {
		t.Fatalf("no node %s", id)
	}
	return n
}

// relationship returns a relationship that must be there.
func (g *graph) relationship(t testing.TB, typ, from, to string, key ...string) *kg.Relationship {
	t.Helper()
	id := kg.RelationshipID(typ, from, to, kg.Discriminator(key...))
	r := g.relationships[id]
	if r == nil {
		t.Fatalf("no relationship %s", id)
	}
	return r
}

// from returns the relationships of a type that leave a node, by id.
func (g *graph) from(typ, id string) (out []*kg.Relationship) {
	for _, r := range g.relationships {
		if r.Type == typ && r.From == id {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *kg.Relationship) int { return strings.Compare(a.To, b.To) })
	return out
}

// to returns the relationships of a type that reach a node, by id.
func (g *graph) to(typ, id string) (out []*kg.Relationship) {
	for _, r := range g.relationships {
		if r.Type == typ && r.To == id {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *kg.Relationship) int { return strings.Compare(a.From, b.From) })
	return out
}

// TestFilesAreCanonical decodes, sorts and encodes each file and expects its
// very bytes.
func TestFilesAreCanonical(t *testing.T) {
	c := builtin(t).model
	for _, name := range Files {
		r, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		var changes []kg.Change
		err = jsonl.Decode(bytes.NewReader(want), c, func(ch kg.Change) error {
			changes = append(changes, ch)
			return nil
		}, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		jsonl.Sort(c, changes)
		got := graphtest.Lines(t, changes)
		a, b := bytes.SplitAfter(want, []byte("\n")), bytes.SplitAfter([]byte(got), []byte("\n"))
		for i := range min(len(a), len(b)) {
			if !bytes.Equal(a[i], b[i]) {
				t.Fatalf("%s:%d: is\n%sand would be\n%s", name, i+1, a[i], b[i])
			}
		}
		if len(a) != len(b) {
			t.Fatalf("%s: %d lines and would have %d", name, len(a), len(b))
		}
	}
}

func TestSizes(t *testing.T) {
	for name, most := range map[string]int64{"h2020.jsonl.gz": 3 << 20, "montpellier.jsonl": 200 << 10, "places.jsonl": 100 << 10} {
		info, err := os.Stat("data/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > most {
			t.Errorf("%s: %d bytes", name, info.Size())
		}
	}
}

func TestGzipHeaderHasNoTime(t *testing.T) {
	b, err := os.ReadFile("data/h2020.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b[3:8], []byte{0, 0, 0, 0, 0}) {
		t.Errorf("flags and time are % x", b[3:8])
	}
}

// TestIntegrity checks what every node and relationship must satisfy.
func TestIntegrity(t *testing.T) {
	g := builtin(t)
	if len(g.twice) > 0 {
		t.Errorf("twice: %v", g.twice)
	}
	record := func(what string, records []kg.Record) {
		if len(records) == 0 {
			t.Errorf("%s has no record", what)
		}
		for _, r := range records {
			if s := g.nodes[r.Source]; s == nil || s.Type != "Source" {
				t.Errorf("%s cites %s, which is no source", what, r.Source)
			}
		}
	}
	stated := func(what string, props kg.Properties, records []kg.Record) {
		for name := range props {
			if !slices.ContainsFunc(records, func(r kg.Record) bool {
				return len(r.Properties) == 0 || slices.Contains(r.Properties, name)
			}) {
				t.Errorf("%s: no record states %s", what, name)
			}
		}
		for _, r := range records {
			for _, name := range r.Properties {
				if _, ok := props[name]; !ok {
					t.Errorf("%s: a record states %s, which is not there", what, name)
				}
			}
		}
	}
	for id, n := range g.nodes {
		record(id, n.Records)
		stated(id, n.Properties, n.Records)
		for _, p := range g.model.Type(n.Type).Properties {
			if _, ok := n.Properties[p.Name]; p.Required && !ok && p.Name != "id" && p.Name != catalog.Records && p.Kind != catalog.StringList && p.Kind != catalog.Embed && !p.Computed() {
				t.Errorf("%s lacks %s", id, p.Name)
			}
		}
	}
	for id, r := range g.relationships {
		record(id, r.Records)
		stated(id, r.Properties, r.Records)
		from, to := g.nodes[r.From], g.nodes[r.To]
		if from == nil || to == nil {
			t.Errorf("%s has an end that is not there", id)
			continue
		}
		rel := g.model.Relationship(r.Type)
		if !rel.Joins(g.model.Type(from.Type), g.model.Type(to.Type)) {
			t.Errorf("%s joins %s and %s", id, from.Type, to.Type)
		}
		if rel.Status != nil && r.Properties[rel.Status.Name] == nil {
			t.Errorf("%s has no status", id)
		}
	}
}

// TestEndsComeFirst checks the order that Builtin promises.
func TestEndsComeFirst(t *testing.T) {
	seen := map[string]bool{}
	err := Builtin(builtin(t).model, func(ch kg.Change) error {
		if ch.Node != nil {
			seen[ch.Node.ID] = true
		} else if !seen[ch.Relationship.From] || !seen[ch.Relationship.To] {
			t.Errorf("%s %s %s comes before its ends", ch.Relationship.Type, ch.Relationship.From, ch.Relationship.To)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
