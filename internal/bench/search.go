package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/maillage/maillage/graph/generated"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/sqlitestore"
)

// vocabulary are the words of which names are made, the most frequent first.
const vocabulary = 50_000

// vocabularyWords returns the vocabulary.
func vocabularyWords() []string {
	g := generator{r: rand.New(rand.NewPCG(seed, 1))}
	out := make([]string, vocabulary)
	for i := range out {
		out[i] = g.words(1)
	}
	return out
}

// documents returns a source of so many organisations with names of four words,
// of which the most frequent stands in about every twentieth, and with as uneven
// numbers of projects as in the synthetic graph, most with one or two.
func documents(n int) importer.Source {
	words := vocabularyWords()
	return func(emit importer.Emit, _ importer.Reject) error {
		r := rand.New(rand.NewPCG(seed, 2))
		g := generator{r: r, emit: emit}
		word := func() string {
			return words[min(vocabulary-1, int(10*math.Exp(r.Float64()*math.Log(vocabulary/10+1)))-10)]
		}
		const projects = 2000
		for i := range projects {
			g.node("Project", projectID(i), kg.Properties{"label": fmt.Sprintf("P%d", i)})
		}
		for i := range n {
			name := word() + " " + word() + " " + word() + " " + word()
			g.node("Organization", orgID(i), kg.Properties{
				"name": name, "displayName": name, "country": pick(r, countries), "city": g.words(1), "pic": fmt.Sprintf("%09d", i),
			})
		}
		for i := range n {
			first := r.IntN(projects)
			for p := range min(projects, int(math.Exp(1.2*r.NormFloat64()))) {
				g.relationship(i, (first+p)%projects, p+1)
			}
		}
		return g.err
	}
}

const searched = `query($text: String!) { search(text: $text, first: 10) { totalCount { value atLeast } pageInfo { hasNextPage endCursor }
	edges { tier highlights { field value start end } node { id ... on Organization { displayName country } } } } }`

// searches are what is searched for, with the time that it may take among
// 100,000 documents and among more.
func searches() []struct {
	question
	few, many int
} {
	words := vocabularyWords()
	of := func(text func(i int) string) func(int) map[string]any {
		return func(i int) map[string]any { return map[string]any{"text": text(i)} }
	}
	return []struct {
		question
		few, many int
	}{
		{question{"rare word", searched, of(func(i int) string { return words[vocabulary-1-i] })}, 5, 10},
		{question{"common word", searched, of(func(i int) string { return words[i%10] })}, 20, 60},
		{question{"beginning of a common word", searched, of(func(i int) string { return words[i%10][:4] })}, 20, 60},
		{question{"two words", searched, of(func(i int) string { return words[i%7] + " " + words[20+i%13] })}, 10, 30},
	}
}

// unsearched returns the catalog of the same model without searches.
func unsearched() (*catalog.Catalog, error) {
	return catalog.Load(regexp.MustCompile(`@search\(.*\)`).ReplaceAllString(generated.Model, ""))
}

// indexed reports how much longer an import into SQLite took because of searches.
func (b *bench) indexed(what, dir string, from importer.Source, whole time.Duration) error {
	c, err := unsearched()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "unsearched.db")
	s, err := sqlitestore.Open(b.ctx, path, c, sqlitestore.Options{})
	if err != nil {
		return err
	}
	plain, err := b.load(s, c, from)
	if err := errors.Join(err, s.Close(), os.Remove(path)); err != nil {
		return err
	}
	b.report.add("SQLite: what the index of searches adds to the import of "+what, "≤ 60 s", "%.1f s (of %.1f s)", (whole - plain).Seconds(), whole.Seconds())
	return nil
}

// searchSQLite measures searches among so many documents, and how much longer an
// import takes because of them.
func (b *bench) searchSQLite(dir string, n int) error {
	s, err := sqlitestore.Open(b.ctx, filepath.Join(dir, "searched.db"), b.catalog, sqlitestore.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	whole, err := b.load(s, b.catalog, documents(n))
	if err != nil {
		return err
	}
	if err := b.indexed(fmt.Sprintf("%d documents", n), dir, documents(n), whole); err != nil {
		return err
	}
	svc, err := serve(b.catalog, s)
	if err != nil {
		return err
	}
	defer svc.stop()
	var answer bytes.Buffer
	for _, q := range searches() {
		times, err := medians(func(i int) error { return svc.ask(b.ctx, q.document, q.variables(i), &answer) })
		if err != nil {
			return err
		}
		target := q.few
		if n > 100_000 {
			target = q.many
		}
		b.report.add(fmt.Sprintf("SQLite: search for a %s among %d documents, through HTTP", q.name, n), fmt.Sprintf("≤ %d ms", target), "%.2f ms", ms(times[0]))
	}
	return nil
}

// searchNeo4j compares searches with the call of the index with which each begins.
func (b *bench) searchNeo4j(s store.Store, n int, statement func(store.Statement) error) error {
	if _, err := b.load(s, b.catalog, documents(n)); err != nil {
		return err
	}
	svc, err := serve(b.catalog, s)
	if err != nil {
		return err
	}
	defer svc.stop()
	call := func(p plan.Normal) store.Statement { return bareCall(s.Explain(p)) }
	for _, q := range searches() {
		q.name = fmt.Sprintf("search for a %s among %d documents", q.name, n)
		if err := b.against("Neo4j", "≤ 1.3", svc, s, q.question, call, statement); err != nil {
			return err
		}
	}
	return nil
}

// bareCall returns the call of the index in the statement of a search, which is its
// first line and has the first three arguments.
func bareCall(st store.Statement) store.Statement {
	call, _, _ := strings.Cut(st.Text, "\n")
	return store.Statement{Text: call + " RETURN collect(n.id) AS a", Args: st.Args[:3]}
}
