//go:build unix

package neo4jtest

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps the terminal's Ctrl-C from the JVM: it has to live for as
// long as the tests take to end.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
