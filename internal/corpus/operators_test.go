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

	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/observe"
)

// growth is how much more of the storage a statement may read than the ledger
// says, before somebody has to look.
const growth = 0.05

// ledger is what Neo4j reads for each statement of the corpus, and which
// operators it uses that a statement should do without. It is kept in a file
// with one line a statement: hits, case, position, and the reasons for such
// operators.
type ledger struct {
	path  string
	lines map[string]entry
	seen  map[string]entry
}

type entry struct {
	hits   int64
	doubts string // operators that the case is known to use, separated by commas
}

func readLedger(t *testing.T) *ledger {
	t.Helper()
	l := &ledger{path: filepath.Join("testdata", "neo4j.hits"), lines: map[string]entry{}, seen: map[string]entry{}}
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

// check profiles the statements of a case.
func (l *ledger) check(t *testing.T, c golden, s store.Store, runs []observe.Run) {
	for i, run := range runs {
		p, err := s.(store.Profiler).Profile(t.Context(), run.Plan)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%s/%s#%d", filepath.Base(filepath.Dir(c.path)), c.name(), i+1)
		got := entry{p.Total(), strings.Join(doubts(p), ",")}
		l.seen[name] = got
		want, known := l.lines[name]
		switch {
		case *updateHits:
		case !known:
			t.Errorf("%s is not in %s: write it with -update-hits", name, l.path)
		case got.doubts != want.doubts:
			t.Errorf("%s: the plan has %q, known is %q\n%s", name, got.doubts, want.doubts, p)
		case float64(got.hits) > float64(want.hits)*(1+growth)+1:
			t.Errorf("%s: %d hits, known are %d\n%s", name, got.hits, want.hits, p)
		}
	}
}

// doubts returns what a plan has that it should do without: reading all nodes or
// all of a label, joining without a condition, and grouping what is cut
// afterwards.
func doubts(p store.Profile) (out []string) {
	found := map[string]bool{}
	for _, op := range p.All() {
		name, _, _ := strings.Cut(op.Operator, "@")
		switch name {
		case "AllNodesScan", "CartesianProduct", "NodeByLabelScan":
			found[name] = true
		case "Top", "Limit", "PartialTop":
			if groupedBelow(op.Children) {
				found["AggregationBeforeLimit"] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
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
	b.WriteString("# What Neo4j reads for each statement of the corpus (dbHits), and operators that a\n# statement should do without. Written by: go run ./internal/neo4jtest/run -- go test ./internal/corpus -run TestNeo4j -update-hits\n")
	for _, name := range slices.Sorted(maps.Keys(l.seen)) {
		fmt.Fprintf(&b, "%d\t%s\t%s\n", l.seen[name].hits, name, l.seen[name].doubts)
	}
	if err := os.WriteFile(l.path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
