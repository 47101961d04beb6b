package resolve

import (
	"bufio"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/dataset"
	"github.com/maillage/maillage/internal/kg"
)

// changes is a graph as a list, nodes first.
type changes []kg.Change

func (g changes) Scan(_ context.Context, yield func(kg.Change) error) error {
	for _, ch := range g {
		if err := yield(ch); err != nil {
			return err
		}
	}
	return nil
}

// builtin returns the organisations of the built-in data.
func builtin(t testing.TB) (g changes) {
	t.Helper()
	err := dataset.Builtin(catalogtest.Model(t), func(ch kg.Change) error {
		if ch.Node != nil && ch.Node.Type == nodeType {
			g = append(g, ch)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// pair is two ids, the one that would last first.
type pair [2]string

func newPair(a, b string) pair {
	if compareIDs(b, a) < 0 {
		a, b = b, a
	}
	return pair{a, b}
}

// labels returns the pairs of testdata/pairs.tsv, and whether a person has said
// that they are one.
func labels(t testing.TB) map[pair]bool {
	t.Helper()
	f, err := os.Open("testdata/pairs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	out := map[pair]bool{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cols := strings.Split(lines.Text(), "\t")
		if label := cols[0]; label == "same" || label == "different" {
			out[newPair(cols[1], cols[3])] = label == "same"
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestLabelledPairs holds how well the built-in organisations are told apart.
// Whoever has labelled the pairs went by names, towns and what is known of the
// organisations, not by scores; see the column why.
func TestLabelledPairs(t *testing.T) {
	found, err := Propose(t.Context(), builtin(t))
	if err != nil {
		t.Fatal(err)
	}
	labelled := labels(t)
	same := 0
	for _, is := range labelled {
		if is {
			same++
		}
	}
	if len(labelled) < 200 {
		t.Errorf("%d pairs are labelled", len(labelled))
	}
	for _, want := range []struct {
		what              string
		least             int
		precision, recall float64
	}{
		{"merged", Threshold, 1, 0.75},
		{"proposed", Worth, 0.95, 0.85},
	} {
		right, wrong, unknown := 0, 0, 0
		for _, p := range found.Proposals {
			if p.Score < want.least {
				continue
			}
			switch is, known := labelled[pair{p.Into, p.Former}]; {
			case !known:
				unknown++
				t.Logf("not labelled: %d %s %q, %s %q %v", p.Score, p.Into, p.IntoName, p.Former, p.FormerName, p.Reasons)
			case is:
				right++
			default:
				wrong++
				t.Logf("wrong: %d %s %q, %s %q %v", p.Score, p.Into, p.IntoName, p.Former, p.FormerName, p.Reasons)
			}
		}
		precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(same)
		t.Logf("%s: precision %.3f, recall %.3f (%d right, %d wrong, %d not labelled; %d of %d labelled pairs are one)", want.what, precision, recall, right, wrong, unknown, same, len(labelled))
		if precision < want.precision || recall < want.recall || unknown > 0 {
			t.Errorf("%s: want precision %.2f and recall %.2f, and all that is proposed labelled", want.what, want.precision, want.recall)
		}
	}
}

func TestOrganisationsThatTheIssueNames(t *testing.T) {
	found, err := Propose(t.Context(), builtin(t))
	if err != nil {
		t.Fatal(err)
	}
	merges, _ := found.Merges(Threshold)
	into := map[string]string{}
	for _, p := range merges {
		into[p.Former] = p.Into
	}
	for former, want := range map[string]string{
		"org:montpellier:orange": "org:pic:999908981",
		"org:montpellier:edf":    "org:pic:999926829",
		"org:montpellier:idate":  "org:cordis-md5:cf8476477cba9b66c4090325c4b7b761",
	} {
		if into[former] != want {
			t.Errorf("%s becomes %q, want %s", former, into[former], want)
		}
	}
	hidden := 0
	for _, p := range found.Proposals {
		if slices.ContainsFunc(p.Reasons, func(r Reason) bool { return r.Code == InferredIdentifier }) {
			hidden++
		}
		if strings.Contains(p.IntoName+p.FormerName, "IBM") {
			t.Errorf("IBM: %s %q, %s %q", p.Into, p.IntoName, p.Former, p.FormerName)
		}
	}
	if hidden != 50 {
		t.Errorf("%d of the 50 that have the code of another by conclusion are proposed", hidden)
	}
}
