package neo4jtest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
)

// shared is the server of this test process. A server takes longer to start
// than most packages' tests to run, so there is one.
var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Open returns the server that all tests of the process share, and starts it
// for the first of them. The package's TestMain must call [Main], which stops
// it. The test must not stop, kill or restart it: use [Own] for that.
func Open(t testing.TB) *Server {
	t.Helper()
	long(t, os.Getenv(EnvURI) == "")
	shared.once.Do(func() {
		// Not the test's context: the server outlives the test.
		shared.server, shared.err = Start(context.Background())
	})
	if shared.err != nil {
		// Whoever names a server wants the tests to run on it.
		unavailable(t, shared.err, os.Getenv(EnvTests) == "required" || os.Getenv(EnvURI) != "")
	}
	return shared.server
}

// Alone returns a server that no other test uses until the test ends: one of the
// test's own where this machine starts servers, so that long tests of several
// packages run side by side, else the one that is named.
func Alone(t testing.TB) *Server {
	t.Helper()
	if os.Getenv(EnvURI) == "" || os.Getenv(EnvLocal) != "" {
		return Own(t)
	}
	s := Open(t)
	s.Exclusive(t)
	return s
}

// Own returns a server for this test alone, to kill or to start with settings
// of its own, see [Launch]. It is stopped with the test.
func Own(t testing.TB, opts ...Option) *Server {
	t.Helper()
	long(t, true)
	s, err := Launch(t.Context(), opts...)
	if err != nil {
		unavailable(t, err, os.Getenv(EnvTests) == "required")
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// long leaves out a test that would have to start a server where only quick
// tests are asked for.
func long(t testing.TB, starts bool) {
	t.Helper()
	if starts && testing.Short() && os.Getenv(EnvTests) != "required" {
		t.Skip("starts a Neo4j, which -short leaves out")
	}
}

// unavailable ends a test that cannot have its server.
func unavailable(t testing.TB, err error, required bool) {
	t.Helper()
	if required {
		t.Fatal(err)
	}
	t.Skipf("\n"+
		"*** SKIPPED: no Neo4j. %v\n"+
		"*** To run it, install a JDK 17 or later and Maven, or set %s.\n"+
		"*** To make this a failure, set %s=required.", err, EnvURI, EnvTests)
}

// Main runs the tests and stops the server that [Open] started, if any. It
// returns the exit code for TestMain.
func Main(m *testing.M) int {
	code := m.Run()
	if shared.server == nil {
		return code
	}
	if err := shared.server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	return code
}
