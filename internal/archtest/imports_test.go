package archtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/maillage/maillage"

// pkg is a package of the module as the go command lists it.
type pkg struct {
	Dir, ImportPath, Name, Doc string
	Imports                    []string // without those of tests
	Deps                       []string // all that it needs in the end
	GoFiles                    []string
	TestGoFiles, XTestGoFiles  []string
}

// path is the path of the package below the module, such as internal/kg.
func (p pkg) path() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// root is the folder of the module.
const root = "../.."

var list = sync.OnceValues(func() (out []pkg, err error) {
	cmd := exec.Command("go", "list", "-e", "-json=Dir,ImportPath,Name,Doc,Imports,Deps,GoFiles,TestGoFiles,XTestGoFiles", "./...")
	cmd.Dir = root
	text, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	for dec := json.NewDecoder(bytes.NewReader(text)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
})

func packages(t *testing.T) []pkg {
	t.Helper()
	all, err := list()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// layers are the packages from the ground up: each imports only those of
// layers below its own, see ARCHITECTURE.md.
var layers = [][]string{
	{"internal/kg", "internal/text", "internal/explorer", "internal/neo4jtest", "internal/archtest", "internal/corpus"},
	{"internal/answer", "internal/catalog", "internal/guard", "internal/request", "internal/neo4jtest/run"},
	{"graph/generated", "internal/api", "internal/jsonl", "internal/plan", "internal/server"},
	{"internal/api/gen", "internal/catalog/catalogtest", "internal/dataset", "internal/planner", "internal/stage", "internal/store"},
	{"internal/projection", "internal/search", "internal/store/observe"},
	{"internal/match", "internal/neighbourhood", "internal/paths", "internal/projection/projectiontest", "internal/ranking", "internal/wording"},
	{"internal/compute", "internal/evaluation"},
	{
		"internal/config", "internal/engine", "internal/importer", "internal/resolve", "internal/importer/theme",
		"internal/store/sqlitestore", "internal/store/neo4jstore", "internal/store/storetest", "internal/store/difftest",
	},
	{"graph", "internal/graphtest", "internal/provenance", "internal/importer/calls", "internal/importer/cordis"},
	{"internal/cli", "internal/bench", "internal/dataset/build", "internal/store/storetest/schema2"},
	{"cmd/maillage"},
}

func TestImportsPointDown(t *testing.T) {
	height := map[string]int{}
	for i, layer := range layers {
		for _, name := range layer {
			height[name] = i + 1
		}
	}
	for _, p := range packages(t) {
		mine := height[p.path()]
		if mine == 0 {
			t.Errorf("%s stands in no layer: say where in layers", p.path())
			continue
		}
		for _, path := range p.Imports {
			name, ours := strings.CutPrefix(path, module+"/")
			if ours && height[name] >= mine {
				t.Errorf("%s imports %s, which is not below it", p.path(), name)
			}
		}
	}
}

// within reports whether an import path is the one named, or lies below it when
// the name ends in a slash.
func within(path, name string) bool {
	return path == name || strings.HasSuffix(name, "/") && strings.HasPrefix(path, name)
}

// reserved are packages that only some may import directly.
var reserved = []struct {
	what   string // the beginning of an import path
	by     []string
	reason string
}{
	{"github.com/neo4j/", []string{"internal/store/neo4jstore", "internal/neo4jtest", "internal/bench"},
		"one package translates the driver's values and errors; neo4jtest starts servers, and bench measures what the driver costs"},
	{"modernc.org/", []string{"internal/store/sqlitestore", "internal/bench"},
		"one package translates the driver's values and errors; bench measures what the driver costs"},
	{"database/sql", []string{"internal/store/sqlitestore", "internal/bench"},
		"only a store speaks SQL"},
	{module + "/internal/store/sqlitestore", []string{"internal/cli", "internal/bench", "internal/graphtest"},
		"who needs a store takes the interface; the command line and tests choose"},
	{module + "/internal/store/neo4jstore", []string{"internal/cli", "internal/bench", "internal/graphtest"},
		"who needs a store takes the interface; the command line and tests choose"},
	{"github.com/prometheus/", []string{"internal/cli"}, "what is measured is asked of packages that do not know for whom"},
	{"github.com/spf13/", []string{"internal/cli"}, "what the program is told arrives as plain values"},
	{"github.com/99designs/", []string{"graph", "graph/generated"}, "gqlgen serves HTTP; below it a question is a plan"},
	{"net/http", []string{"graph", "internal/server", "internal/explorer", "internal/bench", "internal/neo4jtest"},
		"only the surface speaks HTTP"},
	{"testing", []string{"internal/catalog/catalogtest", "internal/graphtest", "internal/neo4jtest", "internal/store/storetest", "internal/store/storetest/schema2", "internal/store/difftest", "internal/projection/projectiontest"}, "a program registers no flags of tests"},
}

func TestDriversAndStoresAreImportedWhereTheyBelong(t *testing.T) {
	for _, p := range packages(t) {
		for _, path := range p.Imports {
			for _, r := range reserved {
				if within(path, r.what) && !slices.Contains(r.by, p.path()) {
					t.Errorf("%s imports %s: %s", p.path(), path, r.reason)
				}
			}
		}
	}
}

// without are packages that must do without others in the end, however long
// the way of imports.
var without = []struct {
	who, what []string
	reason    string
}{
	{[]string{"internal/kg"}, []string{"."}, "the domain needs nothing but the standard library"},
	{
		[]string{
			"internal/catalog", "internal/plan", "internal/planner", "internal/engine", "internal/store", "internal/store/observe",
			"internal/store/sqlitestore", "internal/store/neo4jstore", "internal/importer", "internal/jsonl", "internal/dataset",
		},
		[]string{"github.com/99designs/"}, "gqlgen can be replaced by writing package graph anew",
	},
	{[]string{"internal/engine", "internal/store", "internal/plan", "internal/planner"}, []string{"net/http", "database/sql"}, "they know neither how a question came nor how it is answered"},
	{[]string{"internal/server"}, []string{"github.com/99designs/", "github.com/vektah/"}, "the server knows nothing of GraphQL"},
	{[]string{"cmd/maillage"}, []string{"testing", "github.com/google/go-cmp/", module + "/internal/neo4jtest", module + "/internal/store/storetest"}, "the program carries no tests"},
}

func TestWhatMustNotBeReachedIsNot(t *testing.T) {
	for _, rule := range without {
		for _, p := range packages(t) {
			if !slices.Contains(rule.who, p.path()) {
				continue
			}
			for _, dep := range p.Deps {
				for _, what := range rule.what {
					first, _, _ := strings.Cut(dep, "/")
					foreign := what == "." && strings.Contains(first, ".")
					if foreign || within(dep, what) {
						t.Errorf("%s needs %s: %s", p.path(), dep, rule.reason)
					}
				}
			}
		}
	}
}
