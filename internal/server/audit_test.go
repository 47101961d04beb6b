package server_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/server"
)

// tiny is the smallest executable schema: it answers every operation alike.
type tiny struct{ schema *ast.Schema }

func newTiny() tiny {
	return tiny{gqlparser.MustLoadSchema(&ast.Source{
		Name: "tiny.graphqls", Input: "type Query { hello: String } type Mutation { change: String }",
	})}
}

func (s tiny) Schema() *ast.Schema { return s.schema }

func (s tiny) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (s tiny) Exec(context.Context) graphql.ResponseHandler {
	return graphql.OneShot(&graphql.Response{Data: []byte(`{"__typename":"Query"}`)})
}

// newService wires the handler and the server as the command does.
func newService(t testing.TB, cfg server.Config) http.Handler {
	t.Helper()
	opts := graph.DefaultOptions()
	opts.Admit = server.NewGate(cfg.InFlight).Enter
	s, err := server.New(cfg, server.Parts{GraphQL: graph.NewHandler(newTiny(), opts)})
	if err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

// TestAudit runs the audit of GraphQL over HTTP. It needs node, and npm for
// the first run.
func TestAudit(t *testing.T) {
	required := os.Getenv("AUDIT_TESTS") == "required"
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			if required {
				t.Fatalf("AUDIT_TESTS=required, and there is no %s", tool)
			}
			t.Skipf("SKIPPED: the protocol was not audited, there is no %s", tool)
		}
	}
	if _, err := os.Stat("testdata/audit/node_modules/graphql-http"); err != nil {
		install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund")
		install.Dir = "testdata/audit"
		if out, err := install.CombinedOutput(); err != nil {
			if required {
				t.Fatalf("npm ci: %v\n%s", err, out)
			}
			t.Skipf("SKIPPED: the protocol was not audited, npm ci: %v\n%s", err, out)
		}
	}
	srv := httptest.NewServer(newService(t, server.Default()))
	defer srv.Close()
	audit := exec.CommandContext(t.Context(), "node", "audit.mjs")
	audit.Dir = "testdata/audit"
	audit.Env = append(os.Environ(), "AUDIT_URL="+srv.URL+"/graphql")
	out, err := audit.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !strings.Contains(string(out), "61 of 61") {
		t.Fatalf("the audit: %v", err)
	}
}
