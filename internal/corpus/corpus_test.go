package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/dataset"
	"github.com/maillage/maillage/internal/engine"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/neo4jstore"
	"github.com/maillage/maillage/internal/store/observe"
	"github.com/maillage/maillage/internal/store/sqlitestore"
	"github.com/maillage/maillage/internal/store/storetest"
)

var (
	update     = flag.Bool("update", false, "rewrite plans, statements and, from SQLite, responses")
	updateHits = flag.Bool("update-hits", false, "rewrite what Neo4j reads for each statement")
)

// The areas that ask the built-in dataset: of cases, and of the example
// questions of the project.
const (
	builtinArea = "builtin"
	exampleArea = "examples"
)

// root is the folder of the project.
const root = "../.."

// TestSQLite asks every question of SQLite and compares all that becomes of it.
func TestSQLite(t *testing.T) {
	t.Run("fixture", func(t *testing.T) {
		s := newService(t, openSQLite(t), fillFixture)
		for _, area := range areas(t) {
			s.area(t, area, s.compare)
		}
		t.Run("in part", func(t *testing.T) { s.answersInPart(t, computed...) })
	})
	t.Run(builtinArea, func(t *testing.T) {
		s := newService(t, openSQLite(t), fillBuiltin)
		s.area(t, builtinArea, s.compare)
		s.area(t, exampleArea, s.compare)
		t.Run("searches", s.findsFirst)
		others := 200
		if testing.Short() {
			others = 20
		}
		t.Run("in part", func(t *testing.T) { s.answersInPart(t, exampleArea) })
		t.Run("expansion", func(t *testing.T) { s.expands(t, s, others) })
	})
}

func openSQLite(t *testing.T) store.Store {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), storetest.Fixture().Catalog, sqlitestore.Options{Now: storetest.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// fillFixture applies the fixture in one write.
func fillFixture(ctx context.Context, s store.Store) error {
	_, err := s.Apply(ctx, storetest.Fixture().Changes())
	return err
}

// fillBuiltin imports the built-in dataset as the program does.
func fillBuiltin(ctx context.Context, s store.Store) error {
	c := storetest.Fixture().Catalog
	source := func(emit importer.Emit, _ importer.Reject) error { return dataset.Builtin(c, emit) }
	result, err := importer.Run(ctx, s, source, importer.Options{Catalog: c})
	if err == nil && result.Rejected > 0 {
		err = fmt.Errorf("%d rows of the built-in dataset were rejected", result.Rejected)
	}
	return err
}

// service answers documents over a store.
type service struct {
	schema graphql.ExecutableSchema
	engine *engine.Engine
}

func newService(t *testing.T, s store.Store, fill func(context.Context, store.Store) error) *service {
	t.Helper()
	if err := fill(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	out := &service{engine: engine.New(s)}
	out.engine.Now = storetest.Now
	var err error
	if out.schema, err = graph.NewSchema(storetest.Fixture().Catalog, out.engine); err != nil {
		t.Fatal(err)
	}
	return out
}

// area runs the cases of an area.
func (s *service) area(t *testing.T, area string, test func(*testing.T, golden)) {
	t.Run(area, func(t *testing.T) {
		for _, c := range cases(t, area) {
			t.Run(c.name(), func(t *testing.T) { test(t, c) })
		}
	})
}

// compare asks a case's question and compares the plan, the statements and the
// response, or writes them.
func (s *service) compare(t *testing.T, c golden) {
	response, runs := s.ask(t, c)
	got := texts(storetest.Fixture().Catalog, runs)
	got[responseName(response)] = string(response)
	if *update {
		c.write(t, got)
		return
	}
	for _, name := range []string{planFile, sqliteFile, neo4jFile, responseFile, errorFile} {
		if d := cmp.Diff(c.file(name), got[name]); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// ask answers the document and makes sure that each root field that is answered
// took one statement, and one for each of its stages, and each that is refused
// none. More are only asked to read a projection that is in memory in part.
func (s *service) ask(t *testing.T, c golden) ([]byte, []observe.Run) {
	t.Helper()
	ctx, collected := observe.Collect(t.Context())
	before := s.engine.Statements()
	out, ok := graph.Execute(ctx, s.schema, options(), c.query(), strings.TrimSpace(c.file(operationFile)), c.variables(t))
	statements, runs := int(s.engine.Statements()-before), collected.List()
	answers := answered(t, out)
	g := s.engine.Projection.Last()
	part := g != nil && !g.Whole()
	if want := len(answers) + stages(runs, answers); statements < want || statements > want && !part || len(runs) != want {
		t.Errorf("%d statements, %d runs, want %d", statements, len(runs), want)
	}
	pretty := indented(t, out)
	if ok != (responseName(pretty) == responseFile) {
		t.Errorf("Execute reports %t for %s", ok, out)
	}
	// Fields may change places in the document: the order is that of the plans.
	slices.SortFunc(runs, func(a, b observe.Run) int {
		return strings.Compare(a.Plan.String(), b.Plan.String())
	})
	return pretty, runs
}

// indented returns a response on many lines.
func indented(t *testing.T, response []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, response, "", "  "); err != nil {
		t.Fatal(err)
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// stages returns how many of the runs are further stages of a root field, less
// the root fields that are answered by nothing else.
func stages(runs []observe.Run, answers map[string]json.RawMessage) (n int) {
	begun := map[string]bool{}
	for _, r := range runs {
		name := r.Plan.Plan().Name
		l, lookup := r.Plan.Plan().Root.(*plan.Lookup)
		if lookup && l.List && name != "nodes" || computes(name) {
			n++
			begun[r.Field] = begun[r.Field] || false
		} else {
			begun[r.Field] = true
		}
	}
	for field, main := range begun {
		if answers[field] != nil && !main {
			n--
		}
	}
	return n
}

// computes reports whether there is a computed field of a name.
func computes(name string) bool {
	c := storetest.Fixture().Catalog
	return c.Computes(name) != nil || slices.ContainsFunc(c.Types, func(t *catalog.Type) bool { return t.Computes(name) != nil })
}

// options are those of the service with time for a database that sees each
// question for the first time.
func options() graph.Options {
	out := graph.DefaultOptions()
	out.ReadTimeout = time.Minute
	return out
}

// answered returns the root fields of a response that come from the store.
func answered(t *testing.T, response []byte) map[string]json.RawMessage {
	t.Helper()
	var r struct {
		Data   map[string]json.RawMessage
		Errors []struct{ Path []any }
	}
	if err := json.Unmarshal(response, &r); err != nil {
		t.Fatal(err)
	}
	for key, value := range r.Data {
		refused := slices.ContainsFunc(r.Errors, func(e struct{ Path []any }) bool { return len(e.Path) > 0 && e.Path[0] == key })
		if refused || string(value) == `"Query"` || strings.HasPrefix(key, "__") {
			delete(r.Data, key)
		}
	}
	return r.Data
}

// responseName is the name under which a response is kept.
func responseName(response []byte) string {
	var r struct{ Errors []any }
	if json.Unmarshal(response, &r) == nil && len(r.Errors) > 0 {
		return errorFile
	}
	return responseFile
}

// texts writes what has run.
func texts(c *catalog.Catalog, runs []observe.Run) map[string]string {
	var plans, sql, cypher []string
	for _, r := range runs {
		plans = append(plans, r.Plan.String()+"\n")
		sql = append(sql, layoutSQL(r.Statement.Text)+"\n"+parameters(r.Statement, "-- ?"))
		s := neo4jstore.Compile(r.Plan, c)
		cypher = append(cypher, s.Text+"\n"+parameters(s, "// $p"))
	}
	return map[string]string{
		planFile:   strings.Join(plans, "\n"),
		sqliteFile: strings.Join(sql, "\n"),
		neo4jFile:  strings.Join(cypher, "\n"),
	}
}

// parameters writes the values of a statement's parameters, one a line, as
// comments.
func parameters(s store.Statement, prefix string) string {
	var b strings.Builder
	for i, a := range s.Args {
		value, err := json.Marshal(a)
		if err != nil {
			value = []byte(err.Error())
		}
		fmt.Fprintf(&b, "%s%d %s\n", prefix, i+1, value)
	}
	return b.String()
}

// layoutSQL breaks the one line of a statement before each subquery, so that a
// difference shows where it is. Without the breaks it is the text that runs.
func layoutSQL(text string) string {
	const indent = "  "
	var b strings.Builder
	depth := []bool{} // for each open parenthesis, whether a subquery begins there
	level := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '(':
			sub := strings.HasPrefix(text[i:], "(select ")
			depth = append(depth, sub)
			if sub {
				level++
				b.WriteString("\n" + strings.Repeat(indent, level))
			}
			b.WriteByte(c)
		case ')':
			b.WriteByte(c)
			if n := len(depth) - 1; n >= 0 {
				if depth[n] {
					level--
				}
				depth = depth[:n]
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
