package plan_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/dataset"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store/difftest"
)

// generator returns a generator of random plans over the Montpellier graph.
func generator(t testing.TB, c *catalog.Catalog) *difftest.Generator {
	t.Helper()
	sample := difftest.NewSample(c)
	r, err := dataset.Open("montpellier.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if err := jsonl.Decode(r, c, sample.Add, nil); err != nil {
		t.Fatal(err)
	}
	return difftest.NewGenerator(sample)
}

// loosen turns a plan in normal form into one that means the same and is not:
// filters and orders say more than they must.
func loosen(r *rand.Rand, p *plan.Plan) plan.Plan {
	out := *p
	switch root := p.Root.(type) {
	case *plan.Lookup:
		l := *root
		l.Branches = slices.Clone(root.Branches)
		for i := range l.Branches {
			l.Branches[i].Fields = loosenFields(r, l.Branches[i].Fields)
		}
		out.Root = &l
	case *plan.Connection:
		out.Root = loosenConnection(r, root)
	}
	return out
}

func loosenConnection(r *rand.Rand, c *plan.Connection) *plan.Connection {
	out := *c
	out.Page.Extra = r.IntN(2) == 0
	out.Filter = loosenFilter(r, c.Filter)
	if r.IntN(2) == 0 && len(c.Order) > 0 {
		// A key counts only where it comes first.
		again := c.Order[r.IntN(len(c.Order))]
		again.Desc = !again.Desc
		out.Order = append(slices.Clone(c.Order), again)
	}
	out.Fields = slices.Clone(c.Fields)
	for i, f := range out.Fields {
		switch f := f.(type) {
		case *plan.Edges:
			out.Fields[i] = &plan.Edges{Key: f.Key, Fields: loosenFields(r, f.Fields)}
		case *plan.Nodes:
			out.Fields[i] = &plan.Nodes{Key: f.Key, Fields: loosenFields(r, f.Fields)}
		}
	}
	return &out
}

func loosenFields(r *rand.Rand, fields []plan.Field) []plan.Field {
	out := slices.Clone(fields)
	for i, f := range out {
		switch f := f.(type) {
		case *plan.Connection:
			out[i] = loosenConnection(r, f)
		case *plan.EdgeNode:
			out[i] = &plan.EdgeNode{Key: f.Key, Fields: loosenFields(r, f.Fields)}
		case *plan.Embedded:
			e := *f
			e.Fields = slices.Clone(f.Fields)
			for j := range e.Fields {
				e.Fields[j].Fields = loosenFields(r, e.Fields[j].Fields)
			}
			out[i] = &e
		}
	}
	return out
}

func loosenFilter(r *rand.Rand, p plan.Predicate) plan.Predicate {
	switch r.IntN(6) {
	case 0:
		return plan.And{loosenNonNil(p)}
	case 1:
		return plan.Or{loosenNonNil(p)}
	case 2:
		return plan.Not{Of: plan.Not{Of: loosenNonNil(p)}}
	case 3:
		return plan.And{plan.And{}, plan.And{loosenNonNil(p), plan.Not{Of: plan.Or{}}}}
	case 4:
		return plan.Or{plan.Or{loosenNonNil(p)}, plan.Not{Of: plan.And{}}, plan.Or{}}
	}
	return p
}

// loosenNonNil writes the filter that always holds as a conjunction of nothing.
func loosenNonNil(p plan.Predicate) plan.Predicate {
	if p == nil {
		return plan.And{}
	}
	return p
}

func TestNormalizeIsIdempotentAndChangesNothing(t *testing.T) {
	g := generator(t, catalogtest.Model(t))
	r := rand.New(rand.NewPCG(1, 2))
	for seed := range uint64(500) {
		normal := g.Plan(seed, 1)
		if again := plan.Normalize(*normal.Plan()); again.String() != normal.String() {
			t.Fatalf("seed %d, once and twice:\n%s", seed, cmp.Diff(normal.String(), again.String()))
		}
		loose := loosen(r, normal.Plan())
		before := loose.String()
		once := plan.Normalize(loose)
		if after := loose.String(); after != before {
			t.Fatalf("seed %d, the plan given is changed:\n%s", seed, cmp.Diff(before, after))
		}
		if once.String() == "" || !reflect.DeepEqual(plan.Normalize(*once.Plan()), once) {
			t.Fatalf("seed %d: the normal form of a normal form differs:\n%s", seed, once)
		}
		if once.Cost() != normal.Cost() {
			t.Fatalf("seed %d: it costs %d, and %d in other words", seed, normal.Cost(), once.Cost())
		}
	}
	for _, what := range []string{"lookup", "lookups", "root connection", "nested connection", "and", "or", "not", "after", "embedded", "hasNextPage"} {
		if g.Hits[what] == 0 {
			t.Errorf("no plan had %s", what)
		}
	}
}

// randomPredicate draws a predicate over four terms.
func randomPredicate(r *rand.Rand, terms []plan.Term, depth int) plan.Predicate {
	n := r.IntN(4)
	if depth == 0 || n == 0 {
		return terms[r.IntN(len(terms))]
	}
	if n == 1 {
		return plan.Not{Of: randomPredicate(r, terms, depth-1)}
	}
	parts := make([]plan.Predicate, r.IntN(4))
	for i := range parts {
		parts[i] = randomPredicate(r, terms, depth-1)
	}
	if n == 2 {
		return plan.And(parts)
	}
	return plan.Or(parts)
}

// holds evaluates a predicate; a nil one holds.
func holds(p plan.Predicate, term func(plan.Term) bool) bool {
	switch p := p.(type) {
	case plan.And:
		return !slices.ContainsFunc(p, func(p plan.Predicate) bool { return !holds(p, term) })
	case plan.Or:
		return slices.ContainsFunc(p, func(p plan.Predicate) bool { return holds(p, term) })
	case plan.Not:
		return !holds(p.Of, term)
	case plan.Term:
		return term(p)
	}
	return true
}

// isFlat reports whether a predicate is in normal form.
func isFlat(p plan.Predicate, parent string) bool {
	switch p := p.(type) {
	case nil:
		return parent == ""
	case plan.And:
		return parent != "and" && len(p) > 1 && !slices.ContainsFunc(p, func(p plan.Predicate) bool { return !isFlat(p, "and") })
	case plan.Or:
		// Without parts it never holds, which has no shorter form.
		return parent != "or" && len(p) != 1 && !slices.ContainsFunc(p, func(p plan.Predicate) bool { return !isFlat(p, "or") })
	case plan.Not:
		return parent != "not" && isFlat(p.Of, "not")
	}
	return true
}

func TestNormalPredicatesMeanTheSame(t *testing.T) {
	org := catalogtest.Model(t).Type("Organization")
	var terms []plan.Term
	for _, name := range []string{"name", "kind", "vat", "siren"} {
		terms = append(terms, plan.Term{Property: org.Property(name), Op: plan.NotNull})
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		p := randomPredicate(r, terms, 5)
		normal := plan.Normalize(plan.Plan{Root: &plan.Connection{Target: org, Filter: p}}).Plan().Root.(*plan.Connection).Filter
		for world := range 1 << len(terms) {
			term := func(t plan.Term) bool { return world>>slices.Index(terms, t)&1 == 1 }
			if holds(p, term) != holds(normal, term) {
				t.Fatalf("%s\nbecame\n%s", plan.PredicateString(p), plan.PredicateString(normal))
			}
		}
		if !isFlat(normal, "") {
			t.Fatalf("%s\nis not flat:\n%s", plan.PredicateString(p), plan.PredicateString(normal))
		}
	}
}

func TestOrdersEndInWhatBreaksTies(t *testing.T) {
	c := catalogtest.Model(t)
	org := c.Type("Organization")
	key := func(t *catalog.Type, name string, desc bool) plan.OrderKey {
		return plan.OrderKey{Property: t.Property(name), Desc: desc}
	}
	strategies := c.Type("Strategy").Field("organizations") // has a key: an organisation may come twice
	projects := org.Field("projects")
	for _, tt := range []struct {
		name  string
		conn  plan.Connection
		order string
	}{
		{"nothing asked", plan.Connection{Target: org}, "[id+]"},
		{"one key", plan.Connection{Target: org, Order: []plan.OrderKey{key(org, "name", false)}}, "[name+ id+]"},
		{"the direction of the last", plan.Connection{Target: org, Order: []plan.OrderKey{key(org, "name", false), key(org, "city", true)}}, "[name+ city- id-]"},
		{"a key twice", plan.Connection{Target: org, Order: []plan.OrderKey{key(org, "name", true), key(org, "name", false)}}, "[name- id-]"},
		{"after the id", plan.Connection{Target: org, Order: []plan.OrderKey{key(org, "id", true), key(org, "name", false)}}, "[id-]"},
		{"a degree", plan.Connection{Target: org, Order: []plan.OrderKey{{Degree: projects, Desc: true}}}, "[projects_count- id-]"},
		{"of a relationship", plan.Connection{Target: projects.Target, Field: projects}, "[id+]"},
		{"where a node comes twice", plan.Connection{Target: org, Field: strategies}, "[id+ edge.id+]"},
		{"after the id where a node comes twice", plan.Connection{Target: org, Field: strategies, Order: []plan.OrderKey{key(org, "id", true), key(org, "name", false)}}, "[id- name+ edge.id+]"},
		{"after the relationship's id", plan.Connection{Target: org, Field: strategies, Order: []plan.OrderKey{{EdgeID: true}, key(org, "name", false)}}, "[edge.id+]"},
	} {
		got := "["
		for i, k := range plan.Normalize(plan.Plan{Root: &tt.conn}).Plan().Root.(*plan.Connection).Order {
			if i > 0 {
				got += " "
			}
			got += k.String()
		}
		if got += "]"; got != tt.order {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.order)
		}
	}
}

func TestPagesKnowWhetherTheyNeedOneMore(t *testing.T) {
	org := catalogtest.Model(t).Type("Organization")
	for _, tt := range []struct {
		field    string
		backward bool
		fetch    int
	}{
		{"hasNextPage", false, 6}, {"hasPreviousPage", false, 5}, {"endCursor", false, 5}, {"__typename", false, 5},
		{"hasNextPage", true, 5}, {"hasPreviousPage", true, 6},
	} {
		c := &plan.Connection{Target: org, Page: plan.Page{Limit: 5, Backward: tt.backward, Extra: true},
			Fields: []plan.ConnectionField{&plan.PageInfo{Key: "p", Fields: []plan.PageInfoField{{Key: "x", Name: tt.field}}}}}
		normal := plan.Normalize(plan.Plan{Root: c}).Plan().Root.(*plan.Connection)
		if got := normal.Page.Fetch(); got != tt.fetch {
			t.Errorf("%s, backward %v: fetches %d, want %d", tt.field, tt.backward, got, tt.fetch)
		}
	}
}
