//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/maillage/maillage/internal/neo4jtest"
)

func TestExitCode(t *testing.T) {
	t.Setenv(neo4jtest.EnvURI, "bolt://elsewhere") // so that no server is started
	for _, test := range []struct {
		name   string
		args   []string
		want   int
		stdout string
		stderr string
	}{
		{"success", []string{"--", "sh", "-c", "echo $NEO4J_URI"}, 0, "bolt://elsewhere\n", ""},
		{"its own", []string{"sh", "-c", "exit 7"}, 7, "", ""},
		{"ended by a signal", []string{"--", "sh", "-c", "kill -TERM $$"}, 128 + 15, "", ""},
		{"no such command", []string{"--", "/nowhere/command"}, exitFailure, "", "/nowhere/command"},
		{"no command", []string{"--"}, exitUsage, "", "no command"},
		{"no such flag", []string{"-nothing", "--", "true"}, exitUsage, "", "-nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if got := run(test.args, nil, &stdout, &stderr); got != test.want {
				t.Errorf("exit code = %d, want %d", got, test.want)
			}
			if stdout.String() != test.stdout {
				t.Errorf("stdout = %q, want %q", stdout.String(), test.stdout)
			}
			if !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("stderr = %q, want %q in it", stderr.String(), test.stderr)
			}
		})
	}
}

func TestSignalsArePassedOn(t *testing.T) {
	t.Setenv(neo4jtest.EnvURI, "bolt://elsewhere")
	out, in := io.Pipe()
	code := make(chan int)
	go func() {
		code <- run([]string{"--", "sh", "-c", "trap 'exit 9' TERM; echo up; while :; do sleep 0.05; done"}, nil, in, io.Discard)
	}()
	if _, err := io.ReadFull(out, make([]byte, len("up\n"))); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := <-code; got != 9 {
		t.Errorf("exit code = %d, want 9", got)
	}
}
