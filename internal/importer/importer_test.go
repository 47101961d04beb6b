package importer_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/maillage/maillage/internal/importer"
)

func TestRejectionsPrintInOneLine(t *testing.T) {
	for want, r := range map[string]importer.Rejection{
		"a.csv: no header":        {File: "a.csv", Reason: "no header"},
		"a.csv:3: too short":      {File: "a.csv", Line: 3, Reason: "too short"},
		"a.csv:3: cost: negative": {File: "a.csv", Line: 3, Column: "cost", Reason: "negative"},
		"a.csv: cost: missing":    {File: "a.csv", Column: "cost", Reason: "missing"},
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestOpenReadsGzipWhateverTheName(t *testing.T) {
	dir := t.TempDir()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte("text")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ content, want string }{
		"plain.csv":  {"text", "text"},
		"plain.gz":   {"text", "text"}, // unpacked by a browser, name kept
		"packed.csv": {packed.String(), "text"},
		"packed.gz":  {packed.String(), "text"},
		"empty":      {"", ""},
		"one":        {"\x1f", "\x1f"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := importer.Open(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := io.ReadAll(f)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	broken := filepath.Join(dir, "broken.gz")
	if err := os.WriteFile(broken, []byte("\x1f\x8bxx"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{broken, filepath.Join(dir, "missing"), dir} {
		if f, err := importer.Open(path); err == nil {
			t.Errorf("%s is opened: %v", path, f)
		}
	}
}
