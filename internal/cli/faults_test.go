package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/engine"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/server"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/sqlitestore"
)

// large is how many organisations are active in the one sector of the graph
// that faults are tried on.
const large = 5000

// slow asks each of 90 organisations for those of its sector that have a name
// which none has: some seconds of work for 451 points.
const slow = `{ organizations(first: 90) { nodes { sectors(first: 1) { nodes { organizations(first: 1, filter: {name: {contains: "zzz"}}) { totalCount nodes { id } } } } } } }`

const quick = `{ organizations(first: 1) { nodes { id } } }`

// hub streams the graph: organisations around a sector.
func hub(emit importer.Emit, _ importer.Reject) error {
	if err := emit(kg.Change{Node: &kg.Node{Type: "Sector", ID: "sector:1", Properties: kg.Properties{"scheme": "THEME", "code": "all"}}}); err != nil {
		return err
	}
	for i := range large {
		id := fmt.Sprintf("org:t:%05d", i)
		if err := emit(kg.Change{Node: &kg.Node{Type: "Organization", ID: id, Properties: kg.Properties{"name": strings.Repeat("Société ", 5) + id}}}); err != nil {
			return err
		}
		if err := emit(kg.Change{Relationship: &kg.Relationship{Type: "ACTIVE_IN", From: id, To: "sector:1", Properties: kg.Properties{"basis": "STATED"}}}); err != nil {
			return err
		}
	}
	return nil
}

var hubFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "maillage")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	c, err := catalogtest.Load()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "hub.db")
	s, err := sqlitestore.Open(context.Background(), path, c, sqlitestore.Options{})
	if err != nil {
		return nil, err
	}
	result, err := importer.Run(context.Background(), s, hub, importer.Options{Catalog: c})
	if closing := s.Close(); err == nil {
		err = closing
	}
	if err == nil && result.Rejected > 0 {
		err = fmt.Errorf("%d changes of the graph were rejected", result.Rejected)
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// counted is a listener that knows how many connections are open.
type counted struct {
	net.Listener
	open atomic.Int64
}

func (l *counted) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.open.Add(1)
	return &countedConn{Conn: c, close: sync.OnceFunc(func() { l.open.Add(-1) })}, nil
}

type countedConn struct {
	net.Conn
	close func()
}

func (c *countedConn) Close() error {
	c.close()
	return c.Conn.Close()
}

// service is the whole service over a store, as the command serve puts it
// together.
type service struct {
	url  string
	path string // of the store's file
	conn *counted
}

// serving serves the graph of the hub; wrap may put something before its store.
func serving(t *testing.T, change func(*graph.Options), wrap func(store.Store) store.Store) service {
	t.Helper()
	image, err := hubFile()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hub.db")
	if err := os.WriteFile(path, image, 0o644); err != nil {
		t.Fatal(err)
	}
	c := catalogtest.Model(t)
	lite, err := sqlitestore.Open(t.Context(), path, c, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := store.Store(lite)
	if wrap != nil {
		s = wrap(s)
	}
	es, err := graph.NewSchema(c, engine.New(s))
	if err != nil {
		t.Fatal(err)
	}
	cfg, opts := server.Default(), graph.DefaultOptions()
	cfg.RatePerMinute, cfg.Burst = 1e9, 1e9
	opts.Admit = server.NewGate(cfg.InFlight).Enter
	if change != nil {
		change(&opts)
	}
	srv, err := server.New(cfg, server.Parts{GraphQL: graph.NewHandler(es, opts), Ready: s.Ready})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	conn := &counted{Listener: listener}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(ctx, conn) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return service{url: "http://" + listener.Addr().String(), path: path, conn: conn}
}

// ask sends a document. A client that has left gets an error.
func (s service) ask(ctx context.Context, document string) (status int, header http.Header, body string, err error) {
	text, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		return 0, nil, "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/graphql", strings.NewReader(string(text)))
	if err != nil {
		return 0, nil, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header, string(answer), err
}

// want asks and compares status and a part of the answer.
func (s service) want(t *testing.T, document string, status int, part string) http.Header {
	t.Helper()
	got, header, body, err := s.ask(t.Context(), document)
	if err != nil || got != status || !strings.Contains(body, part) {
		t.Errorf("%.60s: %d %.300s, %v, want %d %s", document, got, body, err, status, part)
	}
	return header
}

// watched is a store that tells how many runs are under way, and when each of
// them has ended.
type watched struct {
	store.Store
	running atomic.Int64
	began   chan struct{}
	ended   chan time.Time
}

func newWatched(s store.Store) *watched {
	return &watched{Store: s, began: make(chan struct{}, 1000), ended: make(chan time.Time, 1000)}
}

func (w *watched) Run(ctx context.Context, p plan.Normal) (answer.Object, error) {
	w.running.Add(1)
	w.began <- struct{}{}
	defer func() {
		w.running.Add(-1)
		w.ended <- time.Now()
	}()
	return w.Store.Run(ctx, p)
}

// TestAStatementEndsWhenItsClientLeaves fills all connections of the pool with
// slow statements, lets the clients go, and wants the pool back.
func TestAStatementEndsWhenItsClientLeaves(t *testing.T) {
	var w *watched
	s := serving(t, nil, func(s store.Store) store.Store { w = newWatched(s); return w })
	clients := 2 * runtime.GOMAXPROCS(0) // as many as the pool has connections
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var gone sync.WaitGroup
	for range clients {
		gone.Go(func() {
			if status, _, body, err := s.ask(ctx, slow); err == nil {
				t.Errorf("a slow statement was answered: %d %.200s", status, body)
			}
		})
	}
	for range clients {
		<-w.began
	}
	time.Sleep(50 * time.Millisecond) // the statements are in the database now
	left := time.Now()
	leave()
	gone.Wait()
	last := left
	for range clients {
		if at := <-w.ended; at.After(last) {
			last = at
		}
	}
	s.want(t, quick, 200, `{"data":{"organizations":{"nodes":[{"id":"org:t:00000"}]}}}`)
	t.Logf("%d statements had ended %s after their clients left; the next was answered %s after", clients, last.Sub(left), time.Since(left))
}

// TestClientsThatLeaveLeaveNothingBehind wants goroutines and connections at
// their baseline after 200 clients that went away.
func TestClientsThatLeaveLeaveNothingBehind(t *testing.T) {
	var w *watched
	s := serving(t, nil, func(s store.Store) store.Store { w = newWatched(s); return w })
	s.want(t, quick, 200, "data")
	settle := func(what string, now func() int64, most int64) {
		t.Helper()
		for range 500 {
			if now() <= most {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Errorf("%s: %d, want %d", what, now(), most)
	}
	settle("connections", s.conn.open.Load, 0)
	goroutines := int64(runtime.NumGoroutine())
	const clients, together = 200, 8
	for range clients / together {
		var gone sync.WaitGroup
		for range together {
			gone.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
				defer cancel()
				if status, _, _, err := s.ask(ctx, slow); err == nil && status != http.StatusServiceUnavailable {
					t.Errorf("a slow statement was answered: %d", status)
				}
			})
		}
		gone.Wait()
	}
	settle("statements", w.running.Load, 0)
	settle("connections", s.conn.open.Load, 0)
	settle("goroutines", func() int64 { return int64(runtime.NumGoroutine()) }, goroutines)
	s.want(t, quick, 200, "data")
	t.Logf("%d clients, %d statements", clients, len(w.ended))
}

func TestADeadlineThatPassesIsATimeout(t *testing.T) {
	s := serving(t, func(o *graph.Options) { o.ReadTimeout = 100 * time.Millisecond }, nil)
	s.want(t, slow, http.StatusGatewayTimeout, `"code":"TIMEOUT"`)
	s.want(t, quick, 200, "data")
}

// failing is a store that is unavailable while it is told so.
type failing struct {
	store.Store
	down atomic.Bool
}

func (f *failing) Run(ctx context.Context, p plan.Normal) (answer.Object, error) {
	if f.down.Load() {
		return answer.Object{}, kg.Wrap(kg.Unavailable, fmt.Errorf("dial tcp 10.0.0.7:7687: refused"), "the database cannot be reached")
	}
	return f.Store.Run(ctx, p)
}

func (f *failing) Ready(ctx context.Context) error {
	_, err := f.Run(ctx, plan.Normalize(plan.Plan{Name: "stats", Root: &plan.Stats{Fields: []plan.StatsField{{Key: "r", Name: "revision"}}}}))
	return err
}

func TestAStoreThatFailsIsUnavailableUntilItRecovers(t *testing.T) {
	var f *failing
	s := serving(t, nil, func(s store.Store) store.Store { f = &failing{Store: s}; return f })
	for range 2 {
		s.want(t, quick, 200, "data")
		f.down.Store(true)
		header := s.want(t, quick, http.StatusServiceUnavailable, `"code":"UNAVAILABLE"`)
		if header.Get("Retry-After") == "" {
			t.Error("it is not said when to try again")
		}
		if status, body := get(t, s.url+"/readyz"); status != 503 || !strings.Contains(body, "the database cannot be reached") || strings.Contains(body, "10.0.0.7") {
			t.Errorf("readiness: %d %s", status, body)
		}
		f.down.Store(false)
		if status, _ := get(t, s.url+"/readyz"); status != 200 {
			t.Errorf("readiness after it: %d", status)
		}
	}
}

// TestAFileThatGoesAwayDoesNotStopTheService spoils the file of the store while
// it is served.
func TestAFileThatGoesAwayDoesNotStopTheService(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"deleted":   os.Remove,
		"truncated": func(path string) error { return os.Truncate(path, 5000) },
		"moved":     func(path string) error { return os.Rename(path, path+".old") },
		"read-only": func(path string) error { return os.Chmod(path, 0o400) },
	} {
		s := serving(t, nil, nil)
		s.want(t, quick, 200, "data")
		if err := spoil(s.path); err != nil {
			t.Fatal(err)
		}
		var asked sync.WaitGroup
		for range 50 {
			asked.Go(func() {
				status, _, body, err := s.ask(t.Context(), quick)
				if err != nil || status != 200 && status != 503 || !json.Valid([]byte(body)) {
					t.Errorf("%s: %d %.200s, %v", name, status, body, err)
				}
			})
		}
		asked.Wait()
		if status, body := get(t, s.url+"/healthz"); status != 200 {
			t.Errorf("%s: health: %d %s", name, status, body)
		}
	}
}
