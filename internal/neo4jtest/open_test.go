package neo4jtest

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// envOpen lets TestOpened run, in a process of its own.
const envOpen = "NEO4JTEST_OPEN"

// TestOpened is what TestOpen runs elsewhere: Open decides once per process.
func TestOpened(t *testing.T) {
	if os.Getenv(envOpen) == "" {
		t.Skip("run by TestOpen")
	}
	Open(t)
}

// TestOpen: without a server, silence would pass for success.
func TestOpen(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		env    []string
		failed bool
		want   string
	}{
		{"skipped", nil, false, "*** SKIPPED: no Neo4j."},
		{"required", []string{EnvTests + "=required"}, true, "java and mvn not found"},
		{"named", []string{EnvURI + "=nowhere"}, true, "nowhere"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cmd := exec.Command(exe, "-test.run=^TestOpened$", "-test.v")
			// Neither tools nor, with another home, a cache of jars.
			cmd.Env = append([]string{"PATH=", "HOME=" + t.TempDir(), envOpen + "=1"}, test.env...)
			out, err := cmd.CombinedOutput()
			if failed := err != nil; failed != test.failed {
				t.Errorf("failed = %v, want %v", failed, test.failed)
			}
			if !strings.Contains(string(out), test.want) {
				t.Errorf("output has no %q:\n%s", test.want, out)
			}
		})
	}
}
