package difftest_test

import (
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/dataset"
	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/difftest"
)

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

// setting reads a number from the environment: longer runs are made with
// DIFF_SHAPES, DIFF_PARAMETERS and DIFF_SEED.
func setting(t *testing.T, name string, otherwise uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// oneIn is the part of the built-in projects that is loaded, with all that take
// part: enough nodes of each type for every way to find them, and few enough
// for questions that look at all.
const oneIn = 40

// sampled is the fixture, which has the nasty cases, and a part of the built-in
// data.
func sampled(c *catalog.Catalog) importer.Source {
	return func(emit importer.Emit, _ importer.Reject) error {
		const project, organization = "project:cordis:", "org:pic:"
		dropped := func(id string) bool {
			return strings.HasPrefix(id, project) && crc32.ChecksumIEEE([]byte(id))%oneIn != 0
		}
		there := map[string]bool{}
		err := dataset.Builtin(c, func(ch kg.Change) error {
			if r := ch.Relationship; r != nil && r.Type == "PARTICIPATES_IN" && !dropped(r.To) {
				there[r.From] = true
			}
			return nil
		})
		if err != nil {
			return err
		}
		left := func(id string) bool {
			return dropped(id) || strings.HasPrefix(id, organization) && !there[id]
		}
		err = dataset.Builtin(c, func(ch kg.Change) error {
			if n, r := ch.Node, ch.Relationship; n != nil && left(n.ID) || r != nil && (left(r.From) || left(r.To)) {
				return nil
			}
			return emit(ch)
		})
		if err != nil {
			return err
		}
		f, err := os.Open("../storetest/fixture.jsonl")
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		return jsonl.Decode(f, c, emit, nil)
	}
}

// TestStoresAgree runs random plans on SQLite and on Neo4j and wants equal
// bytes, and the same text for the same shape.
func TestStoresAgree(t *testing.T) {
	ctx := context.Background()
	c := catalogtest.Model(t)
	lite, neo := graphtest.Open(t), graphtest.Neo4j(t)
	sample := difftest.NewSample(c)
	for _, s := range []store.Store{lite, neo} {
		res, err := importer.Run(ctx, s, sampled(c), importer.Options{Catalog: c, Reject: func(r importer.Rejection) { t.Log(r) }})
		if err != nil || res.Rejected > 0 {
			t.Fatalf("import: %v, %d rejected", err, res.Rejected)
		}
	}
	if err := sampled(c)(func(ch kg.Change) error { return sample.Add(ch) }, nil); err != nil {
		t.Fatal(err)
	}
	shapes, parameters, seed := setting(t, "DIFF_SHAPES", 280), setting(t, "DIFF_PARAMETERS", 2), setting(t, "DIFF_SEED", 1)
	g := difftest.NewGenerator(sample)
	ran, differences := 0, 0
	for shape := seed; shape < seed+shapes; shape++ {
		text := ""
		for parameter := range parameters {
			p := g.Plan(shape, parameter)
			name := fmt.Sprintf("shape %d, parameters %d", shape, parameter)
			if st := neo.Explain(p).Text + lite.Explain(p).Text; text == "" {
				text = st
			} else if text != st {
				t.Errorf("%s: the text depends on the parameters", name)
			}
			want, err := lite.Run(ctx, p)
			if err != nil {
				t.Fatalf("%s on SQLite: %v\n%s", name, err, p)
			}
			got, err := neo.Run(ctx, p)
			if err != nil {
				t.Fatalf("%s on Neo4j: %v\n%s\n%s", name, err, p, neo.Explain(p).Text)
			}
			if ran++; ran%1000 == 0 {
				t.Logf("%d executions, at shape %d", ran, shape)
			}
			if diff := cmp.Diff(string(want.JSON), string(got.JSON)); diff != "" {
				t.Errorf("%s (-sqlite +neo4j):\n%s\n%s\n%s", name, p, neo.Explain(p).Text, diff)
				if differences++; differences == 5 {
					t.Fatal("enough")
				}
			}
		}
	}
	names := make([]string, 0, len(g.Hits))
	for what := range g.Hits {
		names = append(names, what)
	}
	slices.Sort(names)
	for _, what := range names {
		t.Logf("%6d  %s", g.Hits[what], what)
	}
	t.Logf("%d executions over %d shapes from seed %d: %d differences", ran, shapes, seed, differences)
}
