package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the bare driver, to compare with

	"github.com/maillage/maillage/graph/generated"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/sqlitestore"
)

// bench is what the measurements share.
type bench struct {
	ctx     context.Context
	catalog *catalog.Catalog
	ask     questions
	size    size
	report  report
	// projected is whether only the projection is measured.
	projected bool
}

func measure(ctx context.Context, n size, documents int, only string, projection bool, dir string) error {
	c, err := catalog.Load(generated.Model)
	if err != nil {
		return err
	}
	q, err := newQuestions(c)
	if err != nil {
		return err
	}
	b := &bench{ctx: ctx, catalog: c, ask: q, size: n, projected: projection}
	fmt.Printf("%d organisations, %d projects, %d participations; %d cores\n\n", n.organizations, n.projects, n.participations, runtime.GOMAXPROCS(0))
	var measures []func(network) error
	if only == "paths" || only == "" && !projection {
		measures = append(measures, b.paths)
	}
	if only == "suggestions" || only == "" && !projection {
		measures = append(measures, b.suggestions)
	}
	if err := b.networks(measures...); err != nil {
		return fmt.Errorf("networks: %w", err)
	}
	if only == "" || only == "sqlite" {
		if err := b.sqlite(dir); err != nil {
			return fmt.Errorf("sqlite: %w", err)
		}
		if documents > 0 && !projection {
			if err := b.searchSQLite(dir, documents); err != nil {
				return fmt.Errorf("sqlite: %w", err)
			}
		}
	}
	if only == "" || only == "neo4j" {
		if err := b.neo4j(documents); err != nil {
			return fmt.Errorf("neo4j: %w", err)
		}
	}
	fmt.Printf("\n%s", &b.report)
	return nil
}

// sqlite measures the embedded engine against the bare driver.
func (b *bench) sqlite(dir string) error {
	path := filepath.Join(dir, "bench.db")
	s, err := sqlitestore.Open(b.ctx, path, b.catalog, sqlitestore.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	whole, err := b.loadGraph("SQLite", "60 s", s)
	if err != nil {
		return err
	}
	if err := b.projection("SQLite", "15 s", s); err != nil || b.projected {
		return err
	}
	if err := b.indexed("the graph", dir, graph(b.size), whole); err != nil {
		return err
	}
	bare, err := sql.Open("sqlite", "file:"+path+"?_pragma=query_only(1)&_pragma=cache_size(-65536)&_pragma=mmap_size(268435456)")
	if err != nil {
		return err
	}
	defer func() { _ = bare.Close() }()
	prepared := map[string]*sql.Stmt{}
	statement := func(st store.Statement) error {
		if prepared[st.Text] == nil {
			if prepared[st.Text], err = bare.PrepareContext(b.ctx, st.Text); err != nil {
				return err
			}
		}
		rows, err := prepared[st.Text].QueryContext(b.ctx, st.Args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		var out sql.RawBytes
		if !rows.Next() {
			return rows.Err()
		}
		return rows.Scan(&out)
	}
	if err := b.exchange(s); err != nil {
		return err
	}
	if err := b.pages("SQLite", "1.15", s, statement); err != nil {
		return err
	}
	if err := b.allocations(s); err != nil {
		return err
	}
	if err := b.singles("SQLite", s); err != nil {
		return err
	}
	return b.compare("SQLite", "≤ 1.3", s, statement)
}

// load imports what a source emits into a store of a catalog, and returns how long
// that took.
func (b *bench) load(s store.Store, c *catalog.Catalog, from importer.Source) (time.Duration, error) {
	start := time.Now()
	result, err := importer.Run(b.ctx, s, from, importer.Options{Catalog: c})
	if err == nil && result.Rejected > 0 {
		err = fmt.Errorf("%d rows rejected", result.Rejected)
	}
	return time.Since(start), err
}

// loadGraph imports the synthetic graph into an empty store.
func (b *bench) loadGraph(engine, target string, s store.Store) (time.Duration, error) {
	took, err := b.load(s, b.catalog, graph(b.size))
	if err == nil {
		b.report.add(engine+": import of the graph", "≤ "+target, "%.1f s", took.Seconds())
	}
	return took, err
}

// exchange measures what a question costs that needs no statement: HTTP on both
// sides, which is part of every figure through HTTP.
func (b *bench) exchange(s store.Store) error {
	svc, err := serve(b.catalog, s)
	if err != nil {
		return err
	}
	defer svc.stop()
	var answer bytes.Buffer
	times, err := medians(func(int) error { return svc.ask(b.ctx, `{ __typename }`, nil, &answer) })
	if err != nil {
		return err
	}
	b.report.add("A question without a statement, through HTTP", "–", "%.2f ms", ms(times[0]))
	return nil
}

// starts are names from which pages begin, spread over the alphabet.
var starts = func() (out []string) {
	for _, s := range syllables[:20] {
		out = append(out, s+"ma")
	}
	return out
}()

// pages compares the big page with its statement alone.
func (b *bench) pages(engine, target string, s store.Store, statement func(store.Statement) error) error {
	svc, err := serve(b.catalog, s)
	if err != nil {
		return err
	}
	defer svc.stop()
	from := func(i int) map[string]any { return map[string]any{"from": starts[i%len(starts)]} }
	return b.against(engine, "≤ "+target, svc, s, question{"page 20 × 10 × 5", page, from}, s.Explain, statement)
}

// allocations counts what one answer allocates for each node in it.
func (b *bench) allocations(s store.Store) error {
	p, err := b.ask.plan(page, map[string]any{"from": "ma"})
	if err != nil {
		return err
	}
	out, err := s.Run(b.ctx, p)
	if err != nil {
		return err
	}
	nodes := strings.Count(string(out.JSON), `"id":`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range rounds {
		if _, err := s.Run(b.ctx, p); err != nil {
			return err
		}
	}
	runtime.ReadMemStats(&after)
	each := float64(after.Mallocs-before.Mallocs) / rounds
	b.report.add("SQLite: allocations for each node of that page", "≤ 0.5", "%.2f (%.0f for %d nodes)", each/float64(nodes), each, nodes)
	return nil
}

// singles measures how many single nodes a second the service answers, with
// the clients on the same cores.
func (b *bench) singles(engine string, s store.Store) error {
	svc, err := serve(b.catalog, s)
	if err != nil {
		return err
	}
	defer svc.stop()
	const clients, each = 8, 5000
	for round := range 2 { // the first warms up
		var wg sync.WaitGroup
		errs := make(chan error, clients)
		start := time.Now()
		for c := range clients {
			wg.Go(func() {
				var answer bytes.Buffer
				for i := range each {
					id := orgID((c*each + i*7) % b.size.organizations)
					if err := svc.ask(b.ctx, single, map[string]any{"id": id}, &answer); err != nil {
						errs <- err
						return
					}
				}
			})
		}
		wg.Wait()
		select {
		case err := <-errs:
			return err
		default:
		}
		if round == 1 {
			target := "≥ 10,000/s"
			if engine == "Neo4j" {
				target = "–"
			}
			b.report.add(engine+": single nodes by id through HTTP", target, "%.0f/s", clients*each/time.Since(start).Seconds())
		}
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
