package explorer_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"github.com/maillage/maillage/internal/explorer"
)

// TestBrowser runs web/test in Chromium against the embedded page and a stub
// of the API. It needs node, `npm ci` in web, and chromium.
func TestBrowser(t *testing.T) {
	missing := ""
	for _, tool := range []string{"node", "chromium"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing = tool
		}
	}
	if _, err := os.Stat("web/node_modules/playwright-core"); err != nil {
		missing = "web/node_modules (npm ci)"
	}
	if missing != "" {
		if os.Getenv("BROWSER_TESTS") == "required" {
			t.Fatalf("BROWSER_TESTS=required, and there is no %s", missing)
		}
		t.Skipf("SKIPPED: the playground was not opened in a browser, there is no %s", missing)
	}
	playground, err := explorer.Playground("/playground/")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/playground/", playground)
	mux.HandleFunc("POST /graphql", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		file := "testdata/answer.json"
		if bytes.Contains(body, []byte("__schema")) {
			file = "testdata/introspection.json"
		}
		w.Header().Set("Content-Type", "application/json")
		http.ServeFile(w, r, file)
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "npm", "test")
	cmd.Dir = "web"
	cmd.Env = append(os.Environ(), "PLAYGROUND_URL="+srv.URL+"/playground/", "CHROMIUM="+chromium)
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}
