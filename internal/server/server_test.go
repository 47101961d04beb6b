package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/request"
	"github.com/maillage/maillage/internal/server"
)

func TestMain(m *testing.M) {
	// After a refused body net/http lingers half a second, so that the client
	// can read the answer.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// clock is a clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newServer(t *testing.T, cfg server.Config, parts server.Parts) http.Handler {
	t.Helper()
	s, err := server.New(cfg, parts)
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

func get(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"data":{}}`) }

func TestRoutes(t *testing.T) {
	ready := error(kg.Errorf(kg.Unavailable, "importing, 40 of 100"))
	h := newServer(t, server.Default(), server.Parts{
		GraphQL:    http.HandlerFunc(ok),
		Playground: http.HandlerFunc(ok),
		Metrics:    http.HandlerFunc(ok),
		Ready:      func(context.Context) error { return ready },
	})
	for _, c := range []struct {
		method, path string
		status       int
		body         string
		location     string
	}{
		{"GET", "/", 302, "", "/playground/"},
		{"GET", "/playground", 301, "", "/playground/"},
		{"GET", "/playground/", 200, "data", ""},
		{"GET", "/graphql", 200, "data", ""},
		{"GET", "/healthz", 200, `{"status":"ok"}`, ""},
		{"GET", "/readyz", 503, `{"status":"not ready","reason":"importing, 40 of 100"}`, ""},
		{"GET", "/metrics", 200, "data", ""},
		{"POST", "/healthz", 405, "", ""},
		{"DELETE", "/playground/", 405, "", ""},
		{"GET", "/nothing", 404, "", ""},
		{"GET", "/graphql/x", 404, "", ""},
	} {
		w := get(h, c.method, c.path)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) || w.Header().Get("Location") != c.location {
			t.Errorf("%s %s: %d %s %q", c.method, c.path, w.Code, w.Body, w.Header().Get("Location"))
		}
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Request-Id"} {
			if w.Header().Get(name) == "" {
				t.Errorf("%s %s: no %s", c.method, c.path, name)
			}
		}
	}
	ready = errors.New("dial tcp 10.0.0.7:7687: refused")
	if w := get(h, "GET", "/readyz"); w.Code != 503 || strings.Contains(w.Body.String(), "10.0.0.7") {
		t.Errorf("an unknown reason: %d %s", w.Code, w.Body)
	}
	ready = nil
	if w := get(h, "GET", "/readyz"); w.Code != 200 {
		t.Errorf("ready: %d %s", w.Code, w.Body)
	}
}

func TestCORS(t *testing.T) {
	h := newServer(t, server.Default(), server.Parts{GraphQL: http.HandlerFunc(ok)})
	w := get(h, "OPTIONS", "/graphql", "Origin", "https://a.example", "Access-Control-Request-Method", "POST",
		"Access-Control-Request-Headers", "content-type")
	if w.Code != 204 || w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("preflight: %d %v", w.Code, w.Header())
	}
	cfg := server.Default()
	cfg.Origins = []string{"https://a.example"}
	h = newServer(t, cfg, server.Parts{GraphQL: http.HandlerFunc(ok)})
	for origin, want := range map[string]string{"https://a.example": "https://a.example", "https://b.example": ""} {
		if w := get(h, "GET", "/graphql", "Origin", origin); w.Header().Get("Access-Control-Allow-Origin") != want {
			t.Errorf("%s may read: %q", origin, w.Header().Get("Access-Control-Allow-Origin"))
		}
	}
	if w := get(h, "GET", "/healthz", "Origin", "https://a.example"); w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Error("CORS outside /graphql")
	}
}

func TestConfig(t *testing.T) {
	for name, change := range map[string]func(*server.Config){
		"the list of origins is empty":   func(c *server.Config) { c.Origins = nil },
		"is not an origin":               func(c *server.Config) { c.Origins = []string{"example.org"} },
		"must be like https":             func(c *server.Config) { c.WriteOrigins = []string{"example.org/x"} },
		"idle timeout must be positive":  func(c *server.Config) { c.IdleTimeout = 0 },
		"operations in flight must be":   func(c *server.Config) { c.InFlight = 0 },
		"address to listen on is empty":  func(c *server.Config) { c.Addr = "" },
		"rate per minute must be at lea": func(c *server.Config) { c.RatePerMinute = -1 },
	} {
		cfg := server.Default()
		change(&cfg)
		if _, err := server.New(cfg, server.Parts{}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %q", err, name)
		}
	}
}

func TestRateLimit(t *testing.T) {
	c := &clock{now: time.Unix(1_700_000_000, 0)}
	cfg := server.Default()
	cfg.RatePerMinute, cfg.Burst, cfg.Clients = 600, 100, 2
	cfg.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} // of httptest
	cost := 49
	h := newServer(t, cfg, server.Parts{Now: c.Now, GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := request.Charge(r.Context(), cost); err != nil {
			http.Error(w, err.Error(), http.StatusTooManyRequests)
			return
		}
		ok(w, r)
	})}) // each request costs 50
	from := func(addr string) int {
		return get(h, "GET", "/graphql", "X-Forwarded-For", addr).Code
	}
	if a, b, c := from("198.51.100.1"), from("198.51.100.1"), from("198.51.100.1"); a != 200 || b != 200 || c != 429 {
		t.Fatalf("100 points for three requests of 50: %d %d %d", a, b, c)
	}
	if code := from("198.51.100.2"); code != 200 {
		t.Errorf("another client: %d", code)
	}
	if code := from("203.0.113.9, 198.51.100.1"); code != 429 {
		t.Errorf("a client that writes the header itself: %d", code)
	}
	w := get(h, "GET", "/graphql", "X-Forwarded-For", "198.51.100.1")
	if w.Code != 429 || w.Header().Get("Retry-After") == "" && !strings.Contains(w.Body.String(), "points") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	c.Advance(6 * time.Second) // 60 points
	if code := from("198.51.100.1"); code != 200 {
		t.Errorf("after the wait: %d", code)
	}
	if a, b, c := from("2001:db8::1"), from("2001:db8::2"), from("2001:db8::3"); a != 200 || b != 200 || c != 429 {
		t.Errorf("one /64: %d %d %d", a, b, c)
	}
	cost = 0
	for range 100 {
		from("198.51.100.9")
	}
	w = get(h, "GET", "/graphql", "X-Forwarded-For", "198.51.100.9")
	if w.Code != 429 || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), "RATE_LIMITED") {
		t.Errorf("at the door: %d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := get(h, "GET", "/healthz", "X-Forwarded-For", "198.51.100.9"); w.Code != 200 {
		t.Errorf("health is not charged: %d", w.Code)
	}
}

func TestGate(t *testing.T) {
	gate := server.NewGate(2)
	leave, err := gate.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gate.Enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := gate.Enter(t.Context()); kg.CodeOf(err) != kg.Unavailable {
		t.Fatalf("a third: %v", err)
	}
	leave()
	if _, err := gate.Enter(t.Context()); err != nil {
		t.Fatalf("after one left: %v", err)
	}
}

func TestLogLine(t *testing.T) {
	var out bytes.Buffer
	h := newServer(t, server.Default(), server.Parts{
		Log: slog.New(slog.NewJSONHandler(&out, nil)),
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			request.SetOperation(r.Context(), "Partners")
			request.CountStatement(r.Context())
			if err := request.Charge(r.Context(), 20); err != nil {
				t.Error(err)
			}
			ok(w, r)
		}),
	})
	trace := "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	get(h, "GET", "/graphql?query=%7Bsecret%7D", "Authorization", "Bearer secret", "Traceparent", trace, "X-Request-Id", "proxy-id-1")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%s: %v", out.String(), err)
	}
	for name, want := range map[string]any{
		"msg": "request", "id": "proxy-id-1", "method": "GET", "path": "/graphql", "status": 200.0, "bytes": 11.0,
		"operation": "Partners", "cost": 21.0, "statements": 1.0, "traceparent": trace,
	} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v", name, line[name], want)
		}
	}
	if strings.Contains(out.String(), "secret") {
		t.Errorf("leaks: %s", out.String())
	}
	out.Reset()
	w := get(h, "GET", "/graphql", "X-Request-Id", "a b\nforged line here", "Traceparent", "x")
	if id := w.Header().Get("X-Request-Id"); len(id) != 26 || strings.Contains(out.String(), "forged") {
		t.Errorf("id %q, log %s", id, out.String())
	}
}

func TestPanic(t *testing.T) {
	var out bytes.Buffer
	h := newServer(t, server.Default(), server.Parts{
		Log:     slog.New(slog.NewTextHandler(&out, nil)),
		GraphQL: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret") }),
	})
	w := get(h, "GET", "/graphql")
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") || !strings.Contains(out.String(), "secret") {
		t.Errorf("%d %s\n%s", w.Code, w.Body, out.String())
	}
}

// serve runs a server on a free port and returns its address, a function that
// stops it, and what Serve returns.
func serve(t *testing.T, cfg server.Config, h http.Handler) (string, context.CancelFunc, <-chan error) {
	t.Helper()
	cfg.Addr = "127.0.0.1:0"
	s, err := server.New(cfg, server.Parts{GraphQL: h})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener) }()
	t.Cleanup(stop)
	return listener.Addr().String(), stop, done
}

func TestGracefulStop(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	addr, stop, done := serve(t, server.Default(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(started)
		<-release
		ok(w, r)
	}))
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	answered := make(chan error, 1)
	go func() {
		resp, err := client.Get("http://" + addr + "/graphql")
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		answered <- err
	}()
	<-started
	stop()
	time.Sleep(20 * time.Millisecond)
	if conn, err := net.DialTimeout("tcp", addr, time.Second); err == nil {
		conn.Close()
		t.Error("still listening while it stops")
	}
	close(release)
	if err := <-answered; err != nil {
		t.Errorf("the request under way: %v", err)
	}
	if err := <-done; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestStopCutsOff(t *testing.T) {
	cfg := server.Default()
	cfg.DrainTimeout = 30 * time.Millisecond
	started := make(chan struct{})
	addr, stop, done := serve(t, cfg, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
	}))
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	go func() {
		if resp, err := client.Get("http://" + addr + "/graphql"); err == nil {
			resp.Body.Close()
		}
	}()
	<-started
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Serve: %v", err)
		}
	case <-time.After(3 * time.Second):
		t.Fatal("the server does not stop")
	}
}

func TestPortTaken(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	cfg := server.Default()
	cfg.Addr = listener.Addr().String()
	s, err := server.New(cfg, server.Parts{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "another program uses this port") || strings.Contains(err.Error(), "\n") {
		t.Fatalf("Run: %v", err)
	}
}

func TestSlowClients(t *testing.T) {
	cfg := server.Default()
	cfg.ReadHeaderTimeout, cfg.ReadTimeout = 50*time.Millisecond, 100*time.Millisecond
	addr, stop, done := serve(t, cfg, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(http.StatusRequestTimeout)
			return
		}
		ok(w, r)
	}))
	for name, sent := range map[string]string{
		"headers": "POST /graphql HTTP/1.1\r\nHost: x\r\n",
		"body":    "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
	} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, sent); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(3 * time.Second))
		if _, err := io.ReadAll(conn); err != nil {
			t.Errorf("slow %s: the connection is still open: %v", name, err)
		}
		conn.Close()
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
