package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/store"
)

// openServer returns the server that all tests share.
func openServer(t testing.TB) *neo4jtest.Server { return neo4jtest.Open(t) }

// statement runs a statement of a test's own, also one that writes.
func statement(t testing.TB, s *Store, text string) (value any) {
	t.Helper()
	err := s.transact(t.Context(), func(ctx context.Context, tx neo4j.ExplicitTransaction) (bool, error) {
		values, err := one(ctx, tx, text)
		if len(values) > 0 {
			value = values[0]
		}
		return true, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// endless keeps a database busy for minutes.
var endless = store.Statement{Text: "UNWIND range(1, 5000) AS a UNWIND range(1, 5000) AS b UNWIND range(1, 5000) AS c WITH a, b, c WHERE a + b + c < 0 RETURN count(*)"}

func TestAddresses(t *testing.T) {
	c, _ := model()
	page := httptest.NewServer(http.NotFoundHandler())
	defer page.Close()
	silent := listen(t, func(net.Conn) {})
	rude := listen(t, func(c net.Conn) { _, _ = c.Write([]byte("220 ready\r\n")); _ = c.Close() })
	unused := listen(t, nil)
	for address, want := range map[string]string{
		"http://localhost:7474":                     "write the address like neo4j://host:7687",
		"neo4j://":                                  "write the address like",
		"neo4j://user:secret@localhost:7687":        "holds a login",
		"bolt://%zz":                                "is no URL",
		"bolt://" + unused:                          "nothing answers there",
		"neo4j://" + unused:                         "nothing answers there",
		"bolt://" + page.Listener.Addr().String():   "answered in time",
		"bolt://" + rude:                            "no Neo4j",
		"bolt+s://" + page.Listener.Addr().String(): "encrypted connection",
		"bolt://" + silent:                          "answered in time",
		"bolt://no-such-host.invalid":               "there is no such host",
	} {
		start := time.Now()
		_, err := Open(within(t, 3*time.Second), address, Auth{"neo4j", "secret"}, c, Options{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("%s: took %s", address, took)
		}
	}
}

// listen returns the address of a server that does something with each
// connection, or that is gone.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if serve == nil {
		_ = l.Close()
		return l.Addr().String()
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
			serve(c)
		}
	}()
	return l.Addr().String()
}

// TestWithdrawn cancels a statement: it ends in the database, its connection is
// free again, and no goroutine stays.
func TestWithdrawn(t *testing.T) {
	watch, server := empty(t), openServer(t)
	c, _ := model()
	s, err := Open(t.Context(), server.URI(), Auth{}, c, Options{PoolSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	running := func() int64 {
		value, err := watch.query(t.Context(), store.Statement{Text: "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND range(1, 5000)' RETURN count(*)"})
		if err != nil {
			t.Fatal(err)
		}
		return value.(int64)
	}
	running()
	before := runtime.NumGoroutine()
	for name, end := range map[string]func() (context.Context, context.CancelFunc){
		"cancelled": func() (context.Context, context.CancelFunc) { return context.WithCancel(t.Context()) },
		"deadline":  func() (context.Context, context.CancelFunc) { return context.WithTimeout(t.Context(), time.Second) },
	} {
		ctx, cancel := end()
		failed := make(chan error, 1)
		go func() {
			_, err := s.query(ctx, endless)
			failed <- err
		}()
		for running() == 0 {
			time.Sleep(10 * time.Millisecond)
		}
		if name == "cancelled" {
			cancel()
		}
		<-ctx.Done()
		gone := time.Now()
		if err := <-failed; kg.CodeOf(err) != kg.Timeout {
			t.Errorf("%s: %v", name, err)
		}
		returned := time.Since(gone)
		for running() > 0 {
			if time.Since(gone) > 5*time.Second {
				t.Fatalf("%s: the statement still runs", name)
			}
			time.Sleep(5 * time.Millisecond)
		}
		took := time.Since(gone)
		t.Logf("%s: call back after %s, transaction gone after %s", name, returned, took)
		if err := s.Ready(within(t, time.Second)); err != nil {
			t.Errorf("%s: the only connection: %v", name, err)
		}
		cancel()
	}
	time.Sleep(100 * time.Millisecond)
	if after := runtime.NumGoroutine(); after > before+1 {
		buf := make([]byte, 1<<16)
		t.Errorf("%d goroutines before, %d after\n%s", before, after, buf[:runtime.Stack(buf, true)])
	}
}

// TestBusyPool has more callers than connections.
func TestBusyPool(t *testing.T) {
	empty(t)
	server := openServer(t)
	c, _ := model()
	s, err := Open(t.Context(), server.URI(), Auth{}, c, Options{PoolSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := s.query(ctx, endless)
		failed <- err
	}()
	time.Sleep(200 * time.Millisecond)
	start := time.Now()
	if err := s.Ready(t.Context()); kg.CodeOf(err) != kg.Unavailable || time.Since(start) > 4*time.Second {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
	cancel()
	<-failed //nolint:errcheck // it says that it was withdrawn
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestServerFaults goes through the life of a server that asks for a login.
func TestServerFaults(t *testing.T) {
	const password = "correct horse"
	server := neo4jtest.Own(t, neo4jtest.WithAuth(password), neo4jtest.WithQuickStart())
	c, _ := model()

	for login, want := range map[Auth]string{
		{"neo4j", "battery staple"}: `refuses the user "neo4j" with this password`,
		{"neo4j", ""}:               `refuses the user "neo4j" without a password`,
		{}:                          "asks for a login",
	} {
		_, err := Open(t.Context(), server.URI(), login, c, Options{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "battery") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: %v, want %q", login, err, want)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v %s", Auth{"u", password}, Auth{"u", password}, Auth{"u", password}, Auth{"u", password}); strings.Contains(text, password) {
		t.Errorf("a login prints as %s", text)
	}

	routed, err := Open(t.Context(), strings.Replace(server.URI(), "bolt://", "neo4j://", 1), Auth{"neo4j", password}, c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = routed.Close() }()
	apply(t, routed, []kg.Change{organization("org:t:1", "a")})
	s := open(t, server)
	p := planOf(t, `{ organization(id: "org:t:1") { name } }`, nil)
	for _, s := range []*Store{s, routed} {
		if got := run(t, s, p); got != `{"name":"a"}` {
			t.Errorf("got %s", got)
		}
	}
	// Many connections, all of which are dead afterwards.
	done := make(chan error, 20)
	for range cap(done) {
		go func() {
			_, err := s.Run(t.Context(), p)
			done <- err
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}

	writing, saved := make(chan error, 1), 0
	go func() { // a writer is at work when the server dies
		for {
			if _, err := s.Apply(t.Context(), []kg.Change{organization(fmt.Sprintf("org:t:w%d", saved), "w")}); err != nil {
				writing <- err
				return
			}
			saved++
		}
	}()
	time.Sleep(300 * time.Millisecond)
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Store{"bolt": s, "neo4j": routed} {
		for i := range 12 {
			start := time.Now()
			_, err := s.Run(within(t, 5*time.Second), p)
			if took := time.Since(start); kg.CodeOf(err) != kg.Unavailable || took > 2*time.Second {
				t.Errorf("%s, try %d: after %s: %v", name, i, took, err)
			} else if i == 11 && took > 50*time.Millisecond {
				t.Errorf("%s: the breaker lets every try wait %s", name, took)
			}
		}
	}
	if err := <-writing; kg.CodeOf(err) != kg.Unavailable && kg.CodeOf(err) != kg.WriteOutcomeUnknown {
		t.Errorf("a write: %v", err)
	}
	if err := s.Scan(t.Context(), func(kg.Change) error { return nil }); kg.CodeOf(err) != kg.Unavailable {
		t.Errorf("a scan: %v", err)
	}
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	back := time.Now()
	for _, s := range []*Store{s, routed} {
		for s.Ready(within(t, 10*time.Second)) != nil {
			if time.Since(back) > 20*time.Second {
				t.Fatal("not back")
			}
			time.Sleep(50 * time.Millisecond)
		}
		if got := run(t, s, p); got != `{"name":"a"}` {
			t.Errorf("got %s", got)
		}
	}
	t.Logf("serving again %s after the server was", time.Since(back))
	// What was acknowledged is there, what was under way is there or not, and
	// the log has an entry for each.
	there := statement(t, s, "MATCH (n:Organization) WHERE n.id STARTS WITH 'org:t:w' RETURN count(n)").(int64)
	if there < int64(saved) || there > int64(saved)+1 {
		t.Errorf("%d writes are there, %d were acknowledged", there, saved)
	}
	if got := statement(t, s, "MATCH (m:Meta) RETURN m.revision - COUNT { (:Change) }"); got != int64(0) {
		t.Errorf("the revision is ahead of the log by %v", got)
	}
	apply(t, s, []kg.Change{organization("org:t:2", "b")})
}

func TestTranslate(t *testing.T) {
	ctx := t.Context()
	for err, want := range map[error]kg.Code{
		nil: "",
		&neo4j.Neo4jError{Code: "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration"}: kg.Timeout,
		&neo4j.Neo4jError{Code: "Neo.ClientError.Transaction.LockClientStopped"}:                      kg.Timeout,
		&neo4j.Neo4jError{Code: "Neo.ClientError.Transaction.Terminated"}:                             kg.Timeout,
		&neo4j.Neo4jError{Code: "Neo.ClientError.Security.Unauthorized"}:                              kg.Unavailable,
		&neo4j.Neo4jError{Code: "Neo.TransientError.Transaction.DeadlockDetected"}:                    kg.Unavailable,
		&neo4j.Neo4jError{Code: outOfMemory}:                                                          kg.Unavailable,
		&neo4j.Neo4jError{Code: "Neo.ClientError.Statement.SyntaxError"}:                              kg.Internal,
		&neo4j.ConnectivityError{Inner: errors.New("reset")}:                                          kg.Unavailable,
		kg.Errorf(kg.Conflict, "x"):                                                                   kg.Conflict,
	} {
		if got := kg.CodeOf(translate(ctx, err)); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
	if retryable(&neo4j.Neo4jError{Code: outOfMemory}) || !retryable(&neo4j.Neo4jError{Code: "Neo.TransientError.Transaction.DeadlockDetected"}) {
		t.Error("what is tried again is wrong")
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if got := kg.CodeOf(translate(ended, errors.New("driver's words"))); got != kg.Timeout {
		t.Errorf("a withdrawn question: %q", got)
	}
}

func TestBreaker(t *testing.T) {
	now := time.Unix(0, 0)
	b := newBreaker()
	b.now = func() time.Time { return now }
	for range b.failures {
		if !b.allow() {
			t.Fatal("open too early")
		}
		b.note(false)
	}
	if b.allow() {
		t.Error("not open")
	}
	now = now.Add(b.interval)
	if !b.allow() || b.allow() {
		t.Error("not one try an interval")
	}
	b.note(true)
	if first, second := b.allow(), b.allow(); !first || !second {
		t.Error("not closed again")
	}
}

func TestRecent(t *testing.T) {
	for version, want := range map[string]bool{"5.26.30": true, "5.25.1": false, "2026.08.1": true, "4.4.0": false, "": false, "5.26-aura": true, "x.y": false} {
		if recent(version) != want {
			t.Errorf("%s", version)
		}
	}
}
