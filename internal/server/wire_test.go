package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/server"
)

// serveService runs the whole service on a free port.
func serveService(t testing.TB, change func(*server.Config, *graph.Options)) (addr string, stop func()) {
	t.Helper()
	cfg, opts := server.Default(), graph.DefaultOptions()
	cfg.RatePerMinute, cfg.Burst = 1_000_000_000, 1_000_000_000
	change(&cfg, &opts)
	if opts.Admit == nil {
		opts.Admit = server.NewGate(cfg.InFlight).Enter
	}
	cfg.Addr = "127.0.0.1:0"
	s, err := server.New(cfg, server.Parts{GraphQL: graph.NewHandler(newTiny(), opts)})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 200 * time.Millisecond, ReadTimeout: 300 * time.Millisecond}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(listener) }()
	return listener.Addr().String(), func() { _ = srv.Close(); <-done }
}

// TestMalformedHTTP writes what no client library would.
func TestMalformedHTTP(t *testing.T) {
	addr, stop := serveService(t, func(*server.Config, *graph.Options) {})
	defer stop()
	before := runtime.NumGoroutine()

	const head = "Host: x\r\nContent-Type: application/json\r\n"
	body := `{"query":"{__typename}"}`
	post := func(headers, body string) string {
		return "POST /graphql HTTP/1.1\r\n" + head + headers + "\r\n" + body
	}
	sized := func(body string) string { return post(fmt.Sprintf("Content-Length: %d\r\n", len(body)), body) }
	for name, c := range map[string]struct {
		sent string
		want []int // statuses; 0 is a closed connection
	}{
		"good":                     {sized(body), []int{200}},
		"chunked":                  {post("Transfer-Encoding: chunked\r\n", "18\r\n"+body+"\r\n0\r\n\r\n"), []int{200}},
		"chunked too large":        {post("Transfer-Encoding: chunked\r\n", "20000\r\n"+strings.Repeat("x", 0x20000)+"\r\n0\r\n\r\n"), []int{413}},
		"chunked badly":            {post("Transfer-Encoding: chunked\r\n", "zz\r\n"+body), []int{400}},
		"chunked and sized":        {post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), []int{400}},
		"unknown encoding":         {post("Transfer-Encoding: gzip\r\n", body), []int{400, 501}},
		"announced too large":      {post("Content-Length: 999999999999\r\n", ""), []int{413}},
		"negative length":          {post("Content-Length: -1\r\n", ""), []int{400}},
		"two lengths":              {post("Content-Length: 5\r\nContent-Length: 6\r\n", body), []int{400}},
		"no length":                {post("", ""), []int{400}},
		"cut body":                 {post("Content-Length: 100\r\n", body), []int{400, 408, 0}},
		"no host":                  {"GET /graphql HTTP/1.1\r\n\r\n", []int{400}},
		"two hosts":                {"GET /graphql HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", []int{400}},
		"bad version":              {"GET /graphql HTTP/9.9\r\nHost: x\r\n\r\n", []int{400, 505}},
		"old version":              {"GET /graphql?query=%7B__typename%7D HTTP/1.0\r\n\r\n", []int{200}},
		"no version":               {"GET /graphql\r\n\r\n", []int{400}},
		"rubbish":                  {"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", []int{400, 0}},
		"empty line":               {"\r\n\r\n", []int{400, 0}},
		"bad method":               {"G@T /graphql HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 405}},
		"unknown method":           {"BREW /graphql HTTP/1.1\r\nHost: x\r\n\r\n", []int{405}},
		"connect":                  {"CONNECT /graphql HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 405}},
		"trace":                    {"TRACE /graphql HTTP/1.1\r\nHost: x\r\n\r\n", []int{405}},
		"bad header":               {"GET /graphql HTTP/1.1\r\nHost: x\r\nA B: c\r\n\r\n", []int{400}},
		"header without colon":     {"GET /graphql HTTP/1.1\r\nHost: x\r\nabc\r\n\r\n", []int{400}},
		"NUL in a header":          {"GET /graphql HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n", []int{400}},
		"huge header":              {"GET /graphql HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("x", 2<<20) + "\r\n\r\n", []int{431, 0}},
		"bad escape":               {"GET /graphql?query=%zz HTTP/1.1\r\nHost: x\r\n\r\n", []int{400}},
		"bad path":                 {"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", []int{400}},
		"NUL in the query":         {"GET /graphql?query=%00 HTTP/1.1\r\nHost: x\r\n\r\n", []int{200}},
		"invalid UTF-8 in a query": {"GET /graphql?query=%7Ba(b:%22%ff%22)%7D HTTP/1.1\r\nHost: x\r\n\r\n", []int{400}},
		"invalid UTF-8 in a body":  {sized("{\"query\":\"\xff\"}"), []int{400}},
		"upgrade":                  {"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", []int{405}},
		"bad expectation":          {post("Expect: miracle\r\nContent-Length: 2\r\n", "{}"), []int{417}},
		"bad accept":               {"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: x\r\nAccept: ;;;,\r\n\r\n", []int{406}},
		"path above":               {"GET /../graphql HTTP/1.1\r\nHost: x\r\n\r\n", []int{301, 307}},
		"slow header":              {"GET /graphql HTTP/1.1\r\nHost:", []int{0, 408}},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := exchange(t, addr, c.sent)
			for _, want := range c.want {
				if status == want {
					return
				}
			}
			t.Errorf("status %d, want %v: %.200s", status, c.want, answer)
		})
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// exchange writes bytes to a connection and reads one answer.
func exchange(t *testing.T, addr, sent string) (int, string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(3 * time.Second))
	_, _ = io.WriteString(conn, sent) // the server may hang up while we write
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(answer)
}

// TestShedding sends more at once than there are places.
func TestShedding(t *testing.T) {
	gate := server.NewGate(3)
	for range 3 {
		if _, err := gate.Enter(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	addr, stop := serveService(t, func(_ *server.Config, o *graph.Options) { o.Admit = gate.Enter })
	defer stop()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	var shed atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			resp, err := client.Post("http://"+addr+"/graphql", "application/json", strings.NewReader(`{"query":"{__typename}"}`))
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			if resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") == "1" {
				shed.Add(1)
			}
		})
	}
	wg.Wait()
	if shed.Load() != 20 {
		t.Errorf("%d of 20 were turned away", shed.Load())
	}
}

// BenchmarkService is a cached query through the whole service, on loopback
// connections that stay open.
func BenchmarkService(b *testing.B) {
	addr, stop := serveService(b, func(*server.Config, *graph.Options) {})
	defer stop()
	const sent = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n" + `{"query":"{__typename}"}`
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		reader := bufio.NewReader(conn)
		for pb.Next() {
			if _, err := io.WriteString(conn, sent); err != nil {
				b.Error(err)
				return
			}
			resp, err := http.ReadResponse(reader, nil)
			if err != nil || resp.StatusCode != http.StatusOK {
				b.Errorf("%v %v", resp, err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
}
