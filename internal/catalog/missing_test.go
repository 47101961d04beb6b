package catalog_test

import (
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
)

func TestMissing(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"nothing", "staff: Int", "staff: Int", ""},
		{"a property", "  staff: Int\n", "", "Firm staff:Int"},
		{"the kind of a property", "staff: Int", "staff: String", "Firm staff:Int"},
		{"a key", `key: ["role"]`, `key: ["status"]`, "DOES key:role"},
		{"an enum value", "SMALL LARGE", "LARGE", "Size SMALL"},
		{"more enum values", "SMALL LARGE", "SMALL MEDIUM LARGE", ""},
		{"another property", "  staff: Int\n", "  staff: Int\n  floors: Int\n", ""},
	} {
		old := load(t, tiny).String()
		model := load(t, strings.ReplaceAll(tiny, tt.old, tt.new)).String()
		if got := catalog.Missing(old, model); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
