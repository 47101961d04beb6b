package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// golden is a case in its file.
type golden struct {
	path    string
	archive *txtar.Archive
	example string // the document of an example, which the file does not hold
}

// Names of the files of a case, in their order.
const (
	queryFile     = "query.graphql"
	varsFile      = "vars.json"
	operationFile = "operation"
	planFile      = "plan.txt"
	sqliteFile    = "sqlite.sql"
	neo4jFile     = "neo4j.cypher"
	responseFile  = "response.json"
	errorFile     = "error.json"
)

// cases reads all cases of an area.
func cases(t *testing.T, area string) (out []golden) {
	t.Helper()
	if area == exampleArea {
		return exampleCases(t)
	}
	paths, err := filepath.Glob(filepath.Join("testdata", area, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, golden{path: path, archive: a})
	}
	if len(out) == 0 {
		t.Fatalf("no cases in %s", area)
	}
	return out
}

// exampleCases reads the example questions of the project, each a case whose
// variables are left as the document has them.
func exampleCases(t *testing.T) (out []golden) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "examples", "*.graphql"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, path := range paths {
		document, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(path)
		c := golden{filepath.Join("testdata", exampleArea, strings.TrimSuffix(base, ".graphql")+".txtar"), nil, string(document)}
		c.archive, err = txtar.ParseFile(c.path)
		if *update && errors.Is(err, os.ErrNotExist) {
			c.archive, err = &txtar.Archive{Comment: []byte("What becomes of examples/" + base + ".\n")}, nil
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

// areas returns the areas of the fixture.
func areas(t *testing.T) (out []string) {
	t.Helper()
	dirs, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if d.IsDir() && d.Name() != builtinArea && d.Name() != exampleArea {
			out = append(out, d.Name())
		}
	}
	return out
}

func (g golden) name() string {
	return strings.TrimSuffix(filepath.Base(g.path), ".txtar")
}

// query returns the document.
func (g golden) query() string {
	if g.example != "" {
		return g.example
	}
	return g.file(queryFile)
}

// file returns the text of a file of the case; "" when it has none.
func (g golden) file(name string) string {
	for _, f := range g.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// variables returns the variables as the service reads them: numbers as they
// are written.
func (g golden) variables(t *testing.T) map[string]any {
	t.Helper()
	text := g.file(varsFile)
	if text == "" {
		return nil
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var out map[string]any
	if err := dec.Decode(&out); err != nil {
		t.Fatalf("%s: %v", varsFile, err)
	}
	return out
}

// write puts what became of the question behind what was asked. Empty files
// are left out.
func (g golden) write(t *testing.T, files map[string]string) {
	t.Helper()
	out := &txtar.Archive{Comment: g.archive.Comment}
	for _, name := range []string{queryFile, varsFile, operationFile} {
		if data := g.file(name); data != "" {
			out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(data)})
		}
	}
	for _, name := range []string{planFile, sqliteFile, neo4jFile, responseFile, errorFile} {
		if files[name] != "" {
			out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(files[name])})
		}
	}
	if text := txtar.Format(out); !bytes.Equal(text, txtar.Format(g.archive)) {
		if err := os.WriteFile(g.path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCases: a case says in one line what it shows, and holds no file that
// nobody reads.
func TestCases(t *testing.T) {
	known := map[string]bool{queryFile: true, varsFile: true, operationFile: true, planFile: true, sqliteFile: true, neo4jFile: true, responseFile: true, errorFile: true}
	total := 0
	for _, area := range append(areas(t), builtinArea, exampleArea) {
		for _, c := range cases(t, area) {
			total++
			if text := strings.TrimSuffix(string(c.archive.Comment), "\n"); text == "" || strings.Contains(text, "\n") {
				t.Errorf("%s begins with %q, want one line", c.path, text)
			}
			for _, f := range c.archive.Files {
				if !known[f.Name] {
					t.Errorf("%s holds %s", c.path, f.Name)
				}
			}
			if !*update && (c.file(responseFile) == "") == (c.file(errorFile) == "") {
				t.Errorf("%s holds not one of %s and %s", c.path, responseFile, errorFile)
			}
		}
	}
	t.Logf("%d cases", total)
}

// TestExamples: an example says in its first line what it asks, is in the table
// of the README, and is the only kind of file that has a case in its area.
func TestExamples(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	examples := exampleCases(t)
	for _, c := range examples {
		if !strings.HasPrefix(c.example, "# ") {
			t.Errorf("%s.graphql does not begin with what it asks", c.name())
		}
		if link := "(examples/" + c.name() + ".graphql)"; !strings.Contains(string(readme), link) {
			t.Errorf("README.md does not list %s", link)
		}
	}
	files, err := filepath.Glob(filepath.Join("testdata", exampleArea, "*"))
	if err != nil || len(files) != len(examples) {
		t.Errorf("%d examples have %d cases: %v", len(examples), len(files), err)
	}
}
