package explorer

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
)

func request(t *testing.T, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	h, err := Playground("/playground/")
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPage(t *testing.T) {
	w := request(t, "/playground/", "Accept-Encoding", "gzip, br;q=0.9")
	if w.Code != 200 || w.Header().Get("Content-Encoding") != "br" || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	csp := w.Header().Get("Content-Security-Policy")
	if strings.Count(csp, "unsafe") != 1 || !strings.Contains(csp, "style-src 'self' 'unsafe-inline'") {
		t.Errorf("policy %s", csp)
	}
	packed, err := io.ReadAll(brotli.NewReader(w.Body))
	if err != nil {
		t.Fatal(err)
	}
	plain := request(t, "/playground/")
	if plain.Header().Get("Content-Encoding") != "" || !bytes.Equal(plain.Body.Bytes(), packed) {
		t.Errorf("without brotli: %v %.80s", plain.Header(), plain.Body)
	}
	if w.Header().Get("ETag") == plain.Header().Get("ETag") {
		t.Error("two encodings with one tag")
	}
	again := request(t, "/playground/", "Accept-Encoding", "br", "If-None-Match", `"x", W/`+w.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("not modified: %d", again.Code)
	}
	if w := request(t, "/playground/", "Accept-Encoding", "br;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("brotli that is refused")
	}
	if w := request(t, "/playground/nothing.js"); w.Code != 404 {
		t.Errorf("nothing.js: %d", w.Code)
	}
}

// TestFiles reads every embedded file: it is whole, and loads nothing from
// another origin.
func TestFiles(t *testing.T) {
	files, err := load(dist, "dist")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for name, file := range files {
		total += len(file.packed)
		plain, err := io.ReadAll(brotli.NewReader(bytes.NewReader(file.packed)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if bytes.Contains(plain, []byte("sourceMappingURL=")) && strings.HasSuffix(name, ".css") {
			t.Errorf("%s has a source map", name)
		}
		if strings.HasSuffix(name, ".css") && (bytes.Contains(plain, []byte("@import")) || bytes.Contains(plain, []byte("url(http")) || bytes.Contains(plain, []byte("data:font"))) {
			t.Errorf("%s loads from elsewhere, or embeds a font", name)
		}
		if strings.HasSuffix(name, ".html") && bytes.Contains(plain, []byte("://")) {
			t.Errorf("%s names another origin: %s", name, plain)
		}
	}
	if total > 3<<20 {
		t.Errorf("%d files, %d bytes", len(files), total)
	}
	t.Logf("%d files, %d bytes with brotli", len(files), total)
}

// TestExamples looks for the project's example questions in the pages: they are
// built anew, by make assets, when an example changes.
func TestExamples(t *testing.T) {
	files, err := load(dist, "dist")
	if err != nil {
		t.Fatal(err)
	}
	var scripts []byte
	for name, file := range files {
		if strings.HasSuffix(name, ".js") {
			plain, err := io.ReadAll(brotli.NewReader(bytes.NewReader(file.packed)))
			if err != nil {
				t.Fatal(err)
			}
			scripts = append(scripts, plain...)
		}
	}
	examples, err := filepath.Glob("../../examples/*.graphql")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, path := range examples {
		document, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(document) {
			line = bytes.TrimSpace(line)
			if !bytes.ContainsAny(line, "\"'`") && !bytes.Contains(scripts, line) {
				t.Errorf("%s: %q is not in the playground: run make assets", path, line)
			}
		}
	}
}

func TestLoad(t *testing.T) {
	for name, from := range map[string]fstest.MapFS{
		"no page":      {"dist/a.js.br": {}},
		"uncompressed": {"dist/index.html": {Data: []byte("x")}},
		"other kind":   {"dist/index.html.br": {Data: []byte("x")}, "dist/a.map.br": {}},
	} {
		if _, err := load(from, "dist"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
