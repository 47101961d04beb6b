package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/maillage/maillage/internal/cli"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// command is one call of the program.
type command struct {
	args  []string
	stdin string
	env   map[string]string
}

// result is what a call left.
type result struct {
	code     int
	out, err string
}

func (c command) run(t testing.TB) result {
	t.Helper()
	var out, err bytes.Buffer
	code := cli.Main(context.Background(), c.args, cli.Streams{In: strings.NewReader(c.stdin), Out: &out, Err: &err}, func(name string) string { return c.env[name] })
	return result{code, out.String(), err.String()}
}

// run calls the program with arguments alone.
func run(t testing.TB, args ...string) result {
	t.Helper()
	return command{args: args}.run(t)
}

// mustRun calls the program and wants it to succeed.
func mustRun(t testing.TB, args ...string) result {
	t.Helper()
	r := run(t, args...)
	if r.code != cli.Done {
		t.Fatalf("%v: exit code %d: %s", args, r.code, r.err)
	}
	return r
}

// storeIn returns the address of a store in a new directory.
func storeIn(t testing.TB) (address, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "graph.db")
	return "sqlite:" + path, path
}

// write writes a file of a test.
func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// oneLine reports whether a failure was said in one line for a person: no
// stack, no list of causes.
func oneLine(r result) bool {
	return strings.Count(r.err, "\n") == 1 && strings.HasPrefix(r.err, "maillage: ") && !strings.Contains(r.err, "goroutine") && r.out == ""
}

func TestVersionAndHelpSucceed(t *testing.T) {
	if r := mustRun(t, "version"); !strings.HasPrefix(r.out, "maillage ") || !strings.Contains(r.out, "go1.") || r.err != "" {
		t.Errorf("version: %q, %q", r.out, r.err)
	}
	for _, args := range [][]string{{}, {"--help"}, {"help"}, {"serve", "--help"}, {"import", "--help"}, {"help", "import", "jsonl"}} {
		r := mustRun(t, args...)
		if !strings.Contains(r.out, "Usage:") || r.err != "" {
			t.Errorf("%v: %q, %q", args, r.out, r.err)
		}
	}
	if r := mustRun(t, "--help"); !strings.Contains(r.out, "NEO4J_PASSWORD_FILE") {
		t.Errorf("the help does not say how to give a password: %s", r.out)
	}
}

func TestWrongCallsAreUsageErrors(t *testing.T) {
	address, path := storeIn(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"fill"}, `unknown command "fill"`},
		{[]string{"import", "xml", "a.xml"}, `unknown command "xml" for "maillage import"`},
		{[]string{"import"}, "say what to import: builtin, cordis FILES, calls FILE or jsonl FILE"},
		{[]string{"export", "xml"}, `unknown command "xml" for "maillage export"`},
		{[]string{"export"}, "say as what to export: jsonl [FILE]"},
		{[]string{"serve", "--port", "80"}, "unknown flag: --port"},
		{[]string{"serve", "8080"}, `unknown command "8080"`},
		{[]string{"serve", "--listen", "8080"}, `listen address "8080" is not HOST:PORT`},
		{[]string{"--store"}, "flag needs an argument: --store"},
		{[]string{"init", "--store", "postgres://localhost"}, `store "postgres://localhost" is neither sqlite:PATH nor an address such as neo4j://localhost:7687`},
		{[]string{"init", "--store", path}, "is neither sqlite:PATH nor"},
		{[]string{"init", "--store", "sqlite:"}, `store "sqlite:" is neither`},
		{[]string{"import", "jsonl"}, "accepts 1 arg(s), received 0"},
		{[]string{"import", "builtin", "x"}, `unknown command "x" for "maillage import builtin"`},
		{[]string{"import", "cordis"}, "requires at least 1 arg(s)"},
		{[]string{"export", "jsonl", "a", "b"}, "accepts at most 1 arg(s)"},
		{[]string{"show"}, "accepts 1 arg(s)"},
		{[]string{"show", "orange", "--store", address}, `"orange" is no id: ids begin with the prefix of a type`},
		{[]string{"query"}, "give either a document or -f FILE"},
		{[]string{"query", "{stats{revision}}", "-f", "q.graphql"}, "give either a document or -f FILE"},
	} {
		r := run(t, c.args...)
		if r.code != cli.Usage || !strings.Contains(r.err, c.want) || !strings.HasPrefix(r.err, "maillage: ") || r.out != "" {
			t.Errorf("%v: exit code %d, %q, %q, want %s", c.args, r.code, r.out, r.err, c.want)
		}
	}
}

func TestCredentialsInTheAddressAreRefusedAndNotRepeated(t *testing.T) {
	for _, address := range []string{"neo4j://neo4j:s3cret@localhost:7687", "bolt:neo4j:s3cret@localhost", "http://u:s3cret@localhost", "neo4j://u:a@s3cret@h"} {
		for name, c := range map[string]command{
			"flag": {args: []string{"init", "--store", address}},
			"env":  {args: []string{"init"}, env: map[string]string{"MAILLAGE_STORE": address}},
		} {
			r := c.run(t)
			if r.code != cli.Usage || strings.Contains(r.out+r.err, "s3cret") || !oneLine(r) {
				t.Errorf("%s %s: exit code %d, %q", name, address, r.code, r.err)
			}
		}
	}
}

func TestFlagsWinOverTheEnvironment(t *testing.T) {
	flag, flagPath := storeIn(t)
	env, envPath := storeIn(t)
	r := command{args: []string{"init"}, env: map[string]string{"MAILLAGE_STORE": env}}.run(t)
	if _, err := os.Stat(envPath); r.code != cli.Done || err != nil {
		t.Errorf("by the environment: %d, %s, %v", r.code, r.err, err)
	}
	other := command{args: []string{"init", "--store", flag}, env: map[string]string{"MAILLAGE_STORE": "sqlite:/nowhere/x.db"}}
	r = other.run(t)
	if _, err := os.Stat(flagPath); r.code != cli.Done || err != nil {
		t.Errorf("by a flag: %d, %s, %v", r.code, r.err, err)
	}
	r = command{args: []string{"init"}, env: map[string]string{"NEO4J_PASSWORD_FILE": "/nowhere/password"}}.run(t)
	if r.code != cli.Failed || !oneLine(r) || !strings.Contains(r.err, "NEO4J_PASSWORD_FILE: ") {
		t.Errorf("a password file that is not there: %d, %s", r.code, r.err)
	}
}

func TestInitMakesAnEmptyStoreAndSaysHowToFillIt(t *testing.T) {
	address, path := storeIn(t)
	for range 2 { // the second time changes nothing
		r := mustRun(t, "init", "--store", address)
		want := address + " is ready to be filled: maillage import builtin --store " + address + "\n"
		if r.err != want || r.out != "" {
			t.Errorf("%q, %q", r.out, r.err)
		}
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	if r := mustRun(t, "export", "jsonl", "--store", address); r.out != "" || r.err != "" {
		t.Errorf("an empty store exports %q, %q", r.out, r.err)
	}
}
