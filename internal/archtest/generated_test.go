package archtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/graph/generated"
	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
)

// TestGeneratedSchemasAreThoseOfTheModel expands schema.graphqls and compares
// with what is committed and embedded.
func TestGeneratedSchemasAreThoseOfTheModel(t *testing.T) {
	model := string(read(t, "schema.graphqls"))
	c, err := catalog.Load(model)
	if err != nil {
		t.Fatal(err)
	}
	full, err := api.SDL(model)
	if err != nil {
		t.Fatal(err)
	}
	thin := string(read(t, "graph/generated/thin.graphqls"))
	for name, text := range map[string]struct{ want, got string }{
		"model.graphqls": {model, generated.Model},
		"api.graphqls":   {full, generated.API},
		"thin.graphqls":  {api.Thin(c), thin},
	} {
		// The first lines say that the file is generated.
		_, got, _ := strings.Cut(text.got, "\n\n")
		if diff := cmp.Diff(text.want, got); diff != "" {
			t.Errorf("graph/generated/%s is not up to date, run make generate (-want +got):\n%s", name, diff)
		}
	}
}
