package archtest_test

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestEveryPackageHasAComment(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc != "" {
			continue
		}
		documented := false // a package of tests has its comment there
		for _, name := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			documented = documented || f.Doc != nil && len(p.GoFiles) == 0
		}
		if !documented {
			t.Errorf("%s has no package comment", p.path())
		}
	}
}

func TestPackagesAreNamedForWhatTheyHold(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains([]string{"util", "utils", "common", "types", "helpers", "helper", "misc", "shared", "lib", "base"}, p.Name) {
			t.Errorf("%s: the name says nothing of what is in it", p.path())
		}
	}
}

func TestGoModReplacesNothing(t *testing.T) {
	cmd := exec.Command("go", "mod", "edit", "-json")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct{ Replace, Exclude []any }
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	if len(mod.Replace)+len(mod.Exclude) > 0 {
		t.Errorf("go install of the program fails on what go.mod replaces or excludes: %v %v", mod.Replace, mod.Exclude)
	}
}

// tracked returns the paths of the files in the repository, below its root.
func tracked(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "-z")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("*** SKIPPED: this is no git repository: %v", err)
	}
	return slices.DeleteFunc(strings.Split(string(out), "\x00"), func(path string) bool {
		_, err := os.Stat(filepath.Join(root, path))
		return path == "" || err != nil // deleted and not yet committed
	})
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var byMachine = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

func TestFilesStayReadable(t *testing.T) {
	const most, many = 600, 450
	for _, path := range tracked(t) {
		if !strings.HasSuffix(path, ".go") {
			continue
		}
		text := read(t, path)
		if byMachine.Match(text) {
			if !strings.HasPrefix(path, "graph/generated/") {
				t.Errorf("%s: generated files stand alone in their folder", path)
			}
			continue
		}
		switch n := bytes.Count(text, []byte("\n")); {
		case n > most:
			t.Errorf("%s has %d lines: split it by what it holds", path, n)
		case n > many:
			t.Logf("%s has %d lines", path, n)
		}
	}
	if n := bytes.Count(read(t, "cmd/maillage/main.go"), []byte("\n")); n > 20 {
		t.Errorf("main has %d lines: what it does belongs into cli.Main, where it is tested", n)
	}
}

// TestFilesNameNoMachine looks for what is true on one machine only. The
// patterns are put together here, so that this file does not match.
func TestFilesNameNoMachine(t *testing.T) {
	words := []string{"/work" + "/", "/root" + "/", "/Users" + "/", "arti" + "factory", "jf" + "rog", "code" + "artifact"}
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	words = append(words, here)
	if home, err := os.UserHomeDir(); err == nil && len(home) > len("/root") {
		words = append(words, home)
	}
	home := regexp.MustCompile("/home" + "/[a-z]")
	for _, path := range tracked(t) {
		text := read(t, path)
		if bytes.IndexByte(text, 0) >= 0 || strings.HasSuffix(path, "/package-lock.json") {
			continue // no text, or one of its own
		}
		for _, word := range words {
			if i := bytes.Index(text, []byte(word)); i >= 0 {
				t.Errorf("%s names %s: %q", path, word, text[i:min(len(text), i+60)])
			}
		}
		if at := home.FindIndex(text); at != nil {
			t.Errorf("%s names a home directory: %q", path, text[at[0]:min(len(text), at[0]+60)])
		}
	}
}

var resolved = regexp.MustCompile(`"resolved": "([^"]*)"`)

func TestLockFilesNameThePublicRegistry(t *testing.T) {
	for _, path := range tracked(t) {
		if !strings.HasSuffix(path, "package-lock.json") {
			continue
		}
		for _, m := range resolved.FindAllSubmatch(read(t, path), -1) {
			if !bytes.HasPrefix(m[1], []byte("https://registry"+".npmjs.org/")) {
				t.Errorf("%s: %s", path, m[1])
			}
		}
	}
}
