package corpus

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/observe"
)

// Statements may read so much more of the storage than the ledger says, before
// somebody has to look: a twentieth, each on the built-in data, all together on
// the fixture. Its few nodes make every estimate less than a row, so that the
// database tests conditions in an order of chance, one JVM otherwise than the
// next: there, one statement may read twice as much.
const (
	growth = 0.05
	chance = 1.0
	slack  = 200 // hits
	// attempts is how often a statement that reads more is planned again.
	attempts = 3
)

// ledger is what Neo4j reads for each statement of the corpus, and which
// operators it uses that a statement should do without, each with its reason. It
// is kept in a file with one line a statement.
type ledger struct {
	server *neo4jtest.Server
	path   string
	lines  map[string]entry
	seen   map[string]entry
}

type entry struct {
	hits   int64
	doubts string // operators that a statement should do without, with reasons
}

// exceeded reports whether more is read than may be.
func exceeded(known, got int64, growth float64) bool {
	return float64(got) > float64(known)*(1+growth)+slack
}

func readLedger(t *testing.T, server *neo4jtest.Server) *ledger {
	t.Helper()
	l := &ledger{server: server, path: filepath.Join("testdata", "neo4j.hits"), lines: map[string]entry{}, seen: map[string]entry{}}
	f, err := os.Open(l.path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for in := bufio.NewScanner(f); in.Scan(); {
		var e entry
		fields := strings.Split(in.Text(), "\t")
		if strings.HasPrefix(in.Text(), "#") || len(fields) < 2 {
			continue
		}
		if _, err := fmt.Sscan(fields[0], &e.hits); err != nil {
			t.Fatalf("%s: %q: %v", l.path, in.Text(), err)
		}
		if len(fields) > 2 {
			e.doubts = fields[2]
		}
		l.lines[fields[1]] = e
	}
	return l
}

// check profiles the statements of a case, each of which may read more by the
// given growth.
func (l *ledger) check(t *testing.T, c golden, s store.Store, runs []observe.Run, growth float64) {
	for i, run := range runs {
		p, err := s.(store.Profiler).Profile(t.Context(), run.Plan)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%s/%s#%d", filepath.Base(filepath.Dir(c.path)), c.name(), i+1)
		got := entry{hits: p.Total()}
		for _, doubt := range doubts(p) {
			why := reason(doubt, run.Plan)
			if why == "" {
				t.Errorf("%s: %s, for no reason\n%s", name, doubt, p)
			}
			got.doubts += doubt + ": " + why + "; "
		}
		want, known := l.lines[name]
		for n := 1; n < attempts && known && exceeded(want.hits, got.hits, growth); n++ {
			if err := l.server.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if p, err = s.(store.Profiler).Profile(t.Context(), run.Plan); err != nil {
				t.Fatal(err)
			}
			got.hits = min(got.hits, p.Total())
		}
		l.seen[name] = got
		switch {
		case *updateHits:
		case !known:
			t.Errorf("%s is not in %s: write it with -update-hits", name, l.path)
		case got.doubts != want.doubts:
			t.Errorf("%s: the plan has %q, known is %q\n%s", name, got.doubts, want.doubts, p)
		case exceeded(want.hits, got.hits, growth):
			t.Errorf("%s: %d hits, known are %d\n%s", name, got.hits, want.hits, p)
		}
	}
}

// total looks at what has been read by all statements together.
func (l *ledger) total(t *testing.T) {
	t.Helper()
	var known, got int64
	for name, e := range l.seen {
		known += l.lines[name].hits
		got += e.hits
	}
	t.Logf("%d statements: %d hits, known are %d", len(l.seen), got, known)
	if !*updateHits && exceeded(known, got, growth) {
		t.Errorf("together they may read a twentieth more")
	}
}

// doubts returns what a profile has that a statement should do without: reading
// all nodes or all of a label, joining rows without a condition, and grouping
// what is cut afterwards.
func doubts(p store.Profile) (out []string) {
	found := map[string]bool{}
	for _, op := range p.All() {
		name, _, _ := strings.Cut(op.Operator, "@")
		switch name {
		case allNodes, byLabel:
			found[name] = true
		case product:
			// What comes once is joined so with each of the others.
			several := slices.IndexFunc(op.Children, func(c store.Profile) bool { return c.Rows <= 1 }) < 0
			found[name] = found[name] || several
		case "Top", "Limit", "PartialTop":
			found[grouped] = found[grouped] || groupedBelow(op.Children)
		}
	}
	maps.DeleteFunc(found, func(_ string, is bool) bool { return !is })
	return slices.Sorted(maps.Keys(found))
}

// The doubts.
const (
	allNodes = "AllNodesScan"
	byLabel  = "NodeByLabelScan"
	product  = "CartesianProduct"
	grouped  = "AggregationBeforeLimit"
)

// reason returns why a plan needs what a doubt is about, or "".
func reason(doubt string, p plan.Normal) string {
	root, _ := p.Plan().Root.(*plan.Connection)
	text := p.String()
	switch doubt {
	case grouped:
		switch {
		case strings.Contains(text, "(facets "):
			return "groups are counted before they are cut"
		case strings.Contains(text, "(facts "):
			return "facts are compared before they are cut"
		case strings.Contains(text, "(anchor "):
			return "what several nodes lead to is taken once"
		case strings.Contains(text, "(count "), strings.Contains(text, "(sum "):
			return "a condition counts"
		case strings.Contains(text, " partners"), strings.Contains(text, ".partners "):
			return "what lies between is counted"
		case root != nil && slices.ContainsFunc(root.Order, func(k plan.OrderKey) bool { return k.Degree != nil && !k.Stored() }):
			return "an order counts"
		}
	case byLabel:
		switch {
		case root == nil:
		case slices.ContainsFunc(root.Order[:1], func(k plan.OrderKey) bool { return !k.Stored() || !ordered(k) }):
			return "no index has the order"
		case slices.ContainsFunc(root.Fields, func(f plan.ConnectionField) bool {
			switch f.(type) {
			case *plan.TotalCount, *plan.Facets, *plan.Aggregate:
				return true
			}
			return false
		}) && !bounded(root.Filter):
			return "all are counted, and no index has the condition"
		}
	}
	return ""
}

// ordered reports whether an index has a key of an order.
func ordered(k plan.OrderKey) bool {
	if k.Degree != nil {
		return k.Degree.Index
	}
	return k.Property.Index || k.Property.Name == "id"
}

// bounded reports whether an index bounds what a condition lets through.
func bounded(p plan.Predicate) bool {
	return plan.Anchor(p) != nil || slices.ContainsFunc(plan.Parts(p), func(part plan.Predicate) bool {
		t, ok := part.(plan.Term)
		if !ok {
			return false
		}
		ranged := t.Op != plan.IsNull && t.Op != plan.NotNull && t.Op != plan.Contains && t.Op != plan.Includes
		return t.Property.Index && t.Part == plan.Key && ranged
	})
}

// groupedBelow reports whether rows are grouped that nothing has cut before.
func groupedBelow(ops []store.Profile) bool {
	return slices.ContainsFunc(ops, func(op store.Profile) bool {
		name, _, _ := strings.Cut(op.Operator, "@")
		switch name {
		case "EagerAggregation", "OrderedAggregation":
			return !slices.ContainsFunc(op.Children, cut)
		case "Top", "Limit", "PartialTop":
			return false
		}
		return groupedBelow(op.Children)
	})
}

// cut reports whether an operator passes on a bounded number of rows.
func cut(op store.Profile) bool {
	name, _, _ := strings.Cut(op.Operator, "@")
	switch name {
	case "Top", "Limit", "PartialTop", "NodeCountFromCountStore":
		return true
	}
	return len(op.Children) > 0 && slices.ContainsFunc(op.Children, cut)
}

// write keeps what was seen, with the reasons.
func (l *ledger) write(t *testing.T) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# What Neo4j reads for each statement of the corpus (dbHits), and operators that a\n# statement should do without, each with its reason. Written by: go run ./internal/neo4jtest/run -- go test ./internal/corpus -run TestNeo4j -update-hits\n")
	for _, name := range slices.Sorted(maps.Keys(l.seen)) {
		fmt.Fprintf(&b, "%d\t%s\t%s\n", l.seen[name].hits, name, l.seen[name].doubts)
	}
	if err := os.WriteFile(l.path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
