package cli_test

import (
	"net"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/cli"
	"github.com/maillage/maillage/internal/neo4jtest"
)

// TestServersThatAreNoNeo4jAreToldInOneLine needs no Neo4j.
func TestServersThatAreNoNeo4jAreToldInOneLine(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	absent := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"bolt://" + absent:             "nothing answers there",
		"neo4j://" + absent:            "nothing answers there",
		"neo4j://nowhere.invalid:7687": "there is no such host",
	} {
		for _, args := range [][]string{{"init"}, {"query", "{stats{revision}}"}, {"serve", "--listen", "127.0.0.1:0"}} {
			r := command{args: append(args, "--store", address), env: map[string]string{"NEO4J_PASSWORD": "s3cret"}}.run(t)
			if r.code != cli.Failed || !oneLine(r) || !strings.Contains(r.err, address) || !strings.Contains(r.err, want) || strings.Contains(r.err, "s3cret") {
				t.Errorf("%s at %s: exit code %d, %q, want %s", args[0], address, r.code, r.err, want)
			}
		}
	}
}

// TestNeo4jAsksForALogin logs in, wrongly and rightly, to a server of its own.
func TestNeo4jAsksForALogin(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a server")
	}
	const password = "correct-horse-battery"
	server := neo4jtest.Own(t, neo4jtest.WithAuth(password), neo4jtest.WithQuickStart())
	as := func(env map[string]string, args ...string) command {
		return command{args: append(args, "--store", server.URI()), env: env}
	}
	for want, env := range map[string]map[string]string{
		`it refuses the user "neo4j" with this password`:  {"NEO4J_PASSWORD": "s3cret-wrong"},
		`it refuses the user "nobody" with this password`: {"NEO4J_USERNAME": "nobody", "NEO4J_PASSWORD": "s3cret-wrong"},
		`it asks for a login, and no user name is set`:    {},
	} {
		for _, args := range [][]string{{"init"}, {"serve", "--listen", "127.0.0.1:0"}} {
			r := as(env, args...).run(t)
			if r.code != cli.Failed || !oneLine(r) || !strings.Contains(r.err, want) || strings.Contains(r.err, "s3cret") {
				t.Errorf("%s with %d settings: exit code %d, %q, want %s", args[0], len(env), r.code, r.err, want)
			}
		}
	}

	env := map[string]string{"NEO4J_PASSWORD_FILE": write(t, "password", password+"\n")}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"init"}, server.URI() + " is ready to be filled"},
		{[]string{"query", "{ stats { revision } }"}, `"revision": 0`},
	} {
		r := as(env, c.args...).run(t)
		if r.code != cli.Done || !strings.Contains(r.out+r.err, c.want) || strings.Contains(r.out+r.err, password) {
			t.Errorf("%s: exit code %d, %s%s", c.args[0], r.code, r.out, r.err)
		}
	}
}
