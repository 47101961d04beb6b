package neo4jtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// envChild makes the test binary act as a parent for TestParentDeath to kill.
const envChild = "NEO4JTEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(envChild) != "" {
		os.Exit(child())
	}
	os.Exit(Main(m))
}

// child starts a server, says where, and does nothing more.
func child() int {
	s, err := Launch(context.Background(), WithQuickStart())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(s.uri, s.dir)
	select {} // until killed
}

// TestServer goes through the life of one server, as each start takes seconds.
func TestServer(t *testing.T) {
	const password = "correct horse"
	ctx := t.Context()
	start := time.Now()
	s := Own(t, WithAuth(password), WithQuickStart())
	t.Logf("started in %.1fs", time.Since(start).Seconds())
	if s.Username() != "neo4j" || s.Password() != password {
		t.Errorf("login = %q, %q", s.Username(), s.Password())
	}

	t.Run("wrong logins are refused", func(t *testing.T) {
		for name, login := range map[string][2]string{
			"none":           {"", ""},
			"wrong password": {"neo4j", "battery staple"},
			"old password":   {"neo4j", "neo4j"},
		} {
			t.Setenv(EnvURI, s.URI())
			t.Setenv(EnvUsername, login[0])
			t.Setenv(EnvPassword, login[1])
			_, err := Start(ctx)
			var refused *neo4j.Neo4jError
			if !errors.As(err, &refused) || refused.Code != "Neo.ClientError.Security.Unauthorized" {
				t.Errorf("%s: err = %v, want Unauthorized", name, err)
			}
		}
	})

	t.Run("the environment names a server", func(t *testing.T) {
		t.Setenv(EnvURI, s.URI())
		t.Setenv(EnvUsername, s.Username())
		t.Setenv(EnvPassword, s.Password())
		t.Setenv(EnvTests, "")
		named, err := Start(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := named.Wipe(ctx); err == nil || !strings.Contains(err.Error(), EnvTests) {
			t.Errorf("Wipe of a server that may be anybody's = %v", err)
		}
		t.Setenv(EnvTests, "required")
		if err := named.Wipe(ctx); err != nil {
			t.Errorf("Wipe of a server for tests = %v", err)
		}
		if err := named.Kill(); !errors.Is(err, errExternal) {
			t.Errorf("Kill = %v", err)
		}
		if err := named.Restart(ctx); !errors.Is(err, errExternal) {
			t.Errorf("Restart = %v", err)
		}
		if err := named.Stop(); err != nil {
			t.Errorf("Stop = %v", err)
		}
		query(t, s, "RETURN 1") // still there
	})

	t.Run("exclusive", func(t *testing.T) {
		t.Run("held", func(t *testing.T) {
			s.Exclusive(t)
			short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
			defer cancel()
			if _, err := s.Lock(short); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Lock of a held database = %v", err)
			}
		})
		t.Run("let go", func(t *testing.T) { s.Exclusive(t) })
	})

	t.Run("wipe", func(t *testing.T) {
		// One node more than a batch, and one of each kind of schema.
		query(t, s, "CREATE CONSTRAINT FOR (n:Unique) REQUIRE n.id IS UNIQUE")
		query(t, s, "CREATE INDEX `a ``strange`` name` FOR (n:Indexed) ON (n.name)")
		query(t, s, "CREATE FULLTEXT INDEX FOR (n:Indexed) ON EACH [n.name]")
		query(t, s, fmt.Sprintf("CREATE (hub:Hub) WITH hub UNWIND range(1, %d) AS id CREATE (hub)-[:R]->(:Unique {id: id})", wipeBatch))
		if err := s.Wipe(ctx); err != nil {
			t.Fatal(err)
		}
		for what, cypher := range map[string]string{
			"nodes":       "MATCH (n) RETURN toString(count(n))",
			"constraints": "SHOW CONSTRAINTS YIELD name RETURN toString(count(*))",
			"indexes":     "SHOW INDEXES YIELD type WHERE type <> 'LOOKUP' RETURN toString(count(*))",
		} {
			if got := query(t, s, cypher); got[0] != "0" {
				t.Errorf("%s %s remain", got[0], what)
			}
		}
		if got := query(t, s, "SHOW INDEXES YIELD name"); len(got) != 2 {
			t.Errorf("lookup indexes = %q, want the two of a new database", got)
		}
	})

	t.Run("kill and restart keep data", func(t *testing.T) {
		query(t, s, "CREATE (:Kept {id: 'x'})")
		uri := s.URI()
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		if listening(t, uri) {
			t.Error("still listening after Kill")
		}
		if err := s.Restart(ctx); err != nil {
			t.Fatal(err)
		}
		if s.URI() != uri {
			t.Errorf("URI = %s after Restart, %s before", s.URI(), uri)
		}
		if got := query(t, s, "MATCH (n:Kept) RETURN n.id"); len(got) != 1 || got[0] != "x" {
			t.Errorf("kept = %q", got)
		}
	})

	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if listening(t, s.URI()) {
		t.Error("still listening after Stop")
	}
	if isDir(s.dir) {
		t.Error("Stop left data")
	}
	if err := s.Restart(ctx); err == nil {
		t.Error("Restart after Stop gave no error")
	}
}

// TestParentDeath: SIGKILL gives a test no chance to stop its server.
func TestParentDeath(t *testing.T) {
	requireTools(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), envChild+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(out)
	said.Scan()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	var uri, dir string
	if _, err := fmt.Sscan(said.Text(), &uri, &dir); err != nil {
		t.Fatalf("child said %q: %v", said.Text(), err)
	}
	for deadline := time.Now().Add(10 * time.Second); listening(t, uri) || isDir(dir); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("10 s after its parent's death: listening %v, data there %v", listening(t, uri), isDir(dir))
		}
	}
}

// TestStartError: the reason is the JVM's to give.
func TestStartError(t *testing.T) {
	requireTools(t)
	s, err := Launch(t.Context(), WithSettings(map[string]string{"db.transaction.timeout": "soon"}))
	if err == nil {
		_ = s.Stop()
		t.Fatal("a setting that makes no sense gave no error")
	}
	if !strings.Contains(err.Error(), "setting 'db.transaction.timeout'") {
		t.Errorf("err = %v, want the JVM's own words", err)
	}
}

// requireTools skips a test that launches a server where nothing can.
func requireTools(t *testing.T) {
	t.Helper()
	if _, err := provide(t.Context()); err != nil {
		unavailable(t, err, os.Getenv(EnvTests) == "required")
	}
}

// query returns the first column of a statement's result.
func query(t *testing.T, s *Server, cypher string) []string {
	t.Helper()
	driver, err := s.driver()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = driver.Close(t.Context()) }()
	session := driver.NewSession(t.Context(), neo4j.SessionConfig{})
	defer func() { _ = session.Close(t.Context()) }()
	column, err := run(t.Context(), session, cypher)
	if err != nil {
		t.Fatalf("%s: %v", cypher, err)
	}
	return column
}

func listening(t *testing.T, uri string) bool {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.DialTimeout("tcp", u.Host, time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
