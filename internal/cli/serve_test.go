package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maillage/maillage/internal/cli"
)

// output collects what a running program says, and tells who waits for it.
type output struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{} // closed at the next write
}

func newOutput() *output { return &output{changed: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.changed)
	o.changed = make(chan struct{})
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// program is a program that serves.
type program struct {
	stderr *output
	stop   context.CancelFunc
	ended  chan struct{}
	code   int // once it has ended
}

// start starts the program and stops it with the test.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	return startIn(t, nil, args...)
}

// startIn starts the program in an environment.
func startIn(t *testing.T, env map[string]string, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &program{stderr: newOutput(), stop: cancel, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		p.code = cli.Main(ctx, args, cli.Streams{In: strings.NewReader(""), Out: io.Discard, Err: p.stderr}, func(name string) string { return env[name] })
	}()
	t.Cleanup(func() { p.end(t) })
	return p
}

// end stops the program and returns its exit code.
func (p *program) end(t *testing.T) int {
	t.Helper()
	p.stop()
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Fatalf("the program does not stop: %s", p.stderr)
	}
	return p.code
}

// says waits until the program has said something that matches, and returns
// the first group of the match.
func (p *program) says(t *testing.T, pattern string) string {
	t.Helper()
	expr := regexp.MustCompile(pattern)
	late := time.After(time.Minute)
	for {
		p.stderr.mu.Lock()
		changed := p.stderr.changed
		p.stderr.mu.Unlock()
		if m := expr.FindStringSubmatch(p.stderr.String()); m != nil {
			return m[len(m)-1]
		}
		select {
		case <-changed:
		case <-p.ended:
			t.Fatalf("the program has ended and never said %s: %s", pattern, p.stderr)
		case <-late:
			t.Fatalf("the program does not say %s: %s", pattern, p.stderr)
		}
	}
}

// client leaves no connections behind.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// get answers a request with status and body.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

const (
	ready    = `ready at (http://[^/]*)/playground\n`
	revision = "/graphql?query=%7Bstats%7Brevision%7D%7D"
)

// TestTheDefaultStoreIsFilledOnceAndServed starts twice without a store.
func TestTheDefaultStoreIsFilledOnceAndServed(t *testing.T) {
	if testing.Short() {
		t.Skip("it imports the whole dataset")
	}
	dir := t.TempDir()
	t.Setenv("XDG_DATA_HOME", dir)
	path := filepath.Join(dir, "maillage", "maillage.db")

	first := start(t, "serve", "--listen", "127.0.0.1:0")
	addr := first.says(t, `msg=listening addr=(\S+)`)
	first.says(t, regexp.QuoteMeta("sqlite:"+path+" is empty: filling it with the built-in dataset"))
	// It listens from the start and says that it is not ready.
	if status, body := get(t, "http://"+addr+"/healthz"); status != 200 {
		t.Errorf("health while it is filled: %d %s", status, body)
	}
	if status, body := get(t, "http://"+addr+"/readyz"); status != 503 && !strings.Contains(first.stderr.String(), "ready at") {
		t.Errorf("readiness while it is filled: %d %s", status, body)
	}
	url := first.says(t, ready)
	merged := first.says(t, `(\d+) organisations that stood there twice were merged`)
	first.says(t, `filled in [0-9.]+m?s\n`)
	merges, _ := strconv.Atoi(merged)
	filled := fmt.Sprintf(`"revision":%d}`, 1+merges) // one write, and one for each merge
	for target, want := range map[string]string{
		"/readyz": `"ready"`, "/playground/": "<!", revision: filled,
		"/graphql?query=%7Borganizations(first:1)%7BtotalCount%7D%7D": `{"data":{"organizations":{"totalCount":`,
	} {
		if status, body := get(t, url+target); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200s", target, status, body)
		}
	}
	if code := first.end(t); code != cli.Done {
		t.Errorf("exit code %d: %s", code, first.stderr)
	}

	second := start(t, "serve", "--listen", "127.0.0.1:0")
	url = second.says(t, ready)
	if status, body := get(t, url+revision); status != 200 || !strings.Contains(body, filled) {
		t.Errorf("after the second start: %d %s", status, body)
	}
	if said := second.stderr.String(); strings.Contains(said, "filling") || strings.Contains(said, "empty") {
		t.Errorf("the second start says %s", said)
	}
	if code := second.end(t); code != cli.Done {
		t.Errorf("exit code %d: %s", code, second.stderr)
	}
}

// TestAnInterruptedFillLeavesAnEmptyStore stops the program while it fills its
// store and wants the next start to fill it.
func TestAnInterruptedFillLeavesAnEmptyStore(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_DATA_HOME", dir)
	p := start(t, "serve", "--listen", "127.0.0.1:0")
	p.says(t, "filling it")
	if code := p.end(t); code != cli.Done {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
	if strings.Contains(p.stderr.String(), "ready at") {
		t.Skip("it was filled before it could be stopped")
	}
	if _, err := os.Stat(filepath.Join(dir, "maillage", "maillage.db.loading")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file that was being filled is left behind: %v", err)
	}
	again := start(t, "serve", "--listen", "127.0.0.1:0")
	again.says(t, "is empty: filling it")
}

func TestANamedStoreIsServedAsItIs(t *testing.T) {
	address, _ := storeIn(t)
	p := start(t, "serve", "--listen", "127.0.0.1:0", "--store", address)
	url := p.says(t, ready)
	if want := address + " is empty; fill it with: maillage import builtin --store " + address + "\n"; !strings.Contains(p.stderr.String(), want) {
		t.Errorf("an empty store: %s", p.stderr)
	}
	if status, body := get(t, url+revision); status != 200 || body != `{"data":{"stats":{"revision":0}}}` {
		t.Errorf("an empty store: %d %s", status, body)
	}
	p.end(t)
	mustRun(t, "import", "jsonl", write(t, "a.jsonl", sample), "--store", address)

	p = start(t, "serve", "--listen", "127.0.0.1:0", "--store", address)
	url = p.says(t, ready)
	if strings.Contains(p.stderr.String(), "empty") {
		t.Errorf("a filled store: %s", p.stderr)
	}
	if status, body := get(t, url+revision); status != 200 || body != `{"data":{"stats":{"revision":1}}}` {
		t.Errorf("a filled store: %d %s", status, body)
	}
}

// TestExplanationsAreServedOnlyWhereTheServiceIsTold starts with the flag, with
// the environment, with both and with neither.
func TestExplanationsAreServedOnlyWhereTheServiceIsTold(t *testing.T) {
	address := filled(t)
	const plain = `{"data":{"stats":{"revision":1}}`
	for _, c := range []struct {
		env  string
		flag []string
		want bool
	}{
		{"", nil, false},
		{"", []string{"--explain"}, true},
		{"1", nil, true},
		{"1", []string{"--explain=false"}, false},
		{"0", []string{"--explain"}, true},
	} {
		p := startIn(t, map[string]string{"MAILLAGE_EXPLAIN": c.env}, append([]string{"serve", "--listen", "127.0.0.1:0", "--store", address}, c.flag...)...)
		want := plain + "}"
		if c.want {
			want = plain + `,"extensions":{"explain":[{"field":"stats","plan":"(stats stats\n  (revision revision))","cost":1,"statement":"select `
		}
		if status, body := get(t, p.says(t, ready)+revision); status != 200 || !strings.HasPrefix(body, want) {
			t.Errorf("MAILLAGE_EXPLAIN=%s %v: %d %s", c.env, c.flag, status, body)
		}
		p.end(t)
	}
	r := command{args: []string{"version"}, env: map[string]string{"MAILLAGE_EXPLAIN": "yes"}}.run(t)
	if r.code != cli.Failed || r.err != "maillage: MAILLAGE_EXPLAIN: \"yes\" is neither 1 nor 0\n" {
		t.Errorf("neither on nor off: exit code %d, %s", r.code, r.err)
	}
}

func TestAPortThatIsTakenIsToldInOneLine(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	address, _ := storeIn(t)
	r := run(t, "serve", "--listen", listener.Addr().String(), "--store", address)
	want := fmt.Sprintf("maillage: cannot listen on %s: another program uses this port; stop it or choose another address\n", listener.Addr())
	if r.code != cli.Failed || r.err != want {
		t.Errorf("exit code %d, %s", r.code, r.err)
	}
	for _, listen := range []string{"127.0.0.1:99999", "nowhere.invalid:0"} {
		if r := run(t, "serve", "--listen", listen, "--store", address); r.code != cli.Failed || !oneLine(r) {
			t.Errorf("%s: exit code %d, %s", listen, r.code, r.err)
		}
	}
}

// TestStoppingLetsRequestsFinish stops the program while the body of a request
// is on its way.
func TestStoppingLetsRequestsFinish(t *testing.T) {
	p := start(t, "serve", "--listen", "127.0.0.1:0", "--store", filled(t))
	addr := strings.TrimPrefix(p.says(t, ready), "http://")
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	body := `{"query":"{stats{revision}}"}`
	send := func(text string) {
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
	}
	send(fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body)))
	// The server asks for the body once it is in the handler.
	buf := make([]byte, 4096)
	n, err := conn.Read(buf)
	if err != nil || !strings.HasPrefix(string(buf[:n]), "HTTP/1.1 100") {
		t.Fatalf("%q, %v", buf[:n], err)
	}
	p.stop()
	for { // until nobody is let in any more
		c, err := net.Dial("tcp", addr)
		if err != nil {
			break
		}
		_ = c.Close()
	}
	send(body)
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") || !strings.HasSuffix(string(answer), `{"data":{"stats":{"revision":1}}}`) {
		t.Errorf("%s, %v", answer, err)
	}
	if code := p.end(t); code != cli.Done {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
}

// TestTheProjectionIsMeasured looks at what the service tells of its projection, in
// stats and to Prometheus.
func TestTheProjectionIsMeasured(t *testing.T) {
	address, _ := storeIn(t)
	mustRun(t, "import", "jsonl", write(t, "introduced.jsonl", introduced), "--store", address)
	p := start(t, "serve", "--listen", "127.0.0.1:0", "--store", address)
	url := p.says(t, ready)
	const stats = "/graphql?query=%7Bstats%7Bprojection%7Brevision%20actors%20groups%20links%20follows%7D%7D%7D"
	want := `{"data":{"stats":{"projection":{"revision":1,"actors":5,"groups":2,"links":5,"follows":true}}}}`
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		status, body := get(t, url+stats)
		if body == want {
			break
		}
		if status != 200 || time.Since(begin) > 5*time.Second {
			t.Fatalf("%d %s", status, body)
		}
	}
	status, body := get(t, url+"/metrics")
	for _, line := range []string{
		"maillage_projection_revision 1", "maillage_projection_actors 5", "maillage_projection_groups 2", "maillage_projection_links 5",
		"# TYPE maillage_projection_bytes gauge", "# TYPE maillage_projection_build_seconds gauge", "# TYPE maillage_statements_total counter", "go_goroutines ",
	} {
		if status != 200 || !strings.Contains(body, line) {
			t.Errorf("%d, no %s in\n%s", status, line, body)
		}
	}
	if strings.Contains(body, "update_seconds") {
		t.Errorf("an update that never was is measured:\n%s", body)
	}
}
