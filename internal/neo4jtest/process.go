package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// process is a JVM that runs the launcher.
type process struct {
	cmd    *exec.Cmd
	stdin  io.Closer // held open: its end tells the launcher that we are gone
	stdout *lines
	stderr *lines
	done   chan struct{} // closed when the JVM has ended
}

// startProcess runs java with args in dir.
func startProcess(dir string, args []string, initialPassword string) (*process, error) {
	p := &process{stdout: newLines(), stderr: newLines(), done: make(chan struct{})}
	p.cmd = exec.Command("java", args...)
	p.cmd.Dir = dir
	p.cmd.Env = append(os.Environ(), "NEO4JDEV_INITIAL_PASSWORD="+initialPassword)
	p.cmd.Stdout, p.cmd.Stderr = p.stdout, p.stderr
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p.stdin = stdin
	ownGroup(p.cmd)
	p.cmd.WaitDelay = 5 * time.Second
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // how it ended shows in its last lines
		close(p.done)
	}()
	return p, nil
}

// waitForLine waits until the JVM prints a line on its standard output.
func (p *process) waitForLine(ctx context.Context, line string) error {
	select {
	case <-p.stdout.seen(line):
		return nil
	case <-p.done:
		return fmt.Errorf("java: %s%s", p.cmd.ProcessState, p.lastLines())
	case <-ctx.Done():
		return fmt.Errorf("not ready: %w%s", ctx.Err(), p.lastLines())
	}
}

// kill ends the JVM and waits for its end.
func (p *process) kill() {
	select {
	case <-p.done: // its id may be another's by now
	default:
		killGroup(p.cmd)
	}
	<-p.done
	_ = p.stdin.Close()
}

// lastLines returns the end of what the JVM wrote on its standard error, made
// to follow a message.
func (p *process) lastLines() string {
	if s := p.stderr.String(); s != "" {
		return "\n" + s
	}
	return ""
}

// keptLines is how much of a JVM's output is kept for error messages.
const keptLines = 30

// lines is a writer that keeps the last lines and can wait for one.
type lines struct {
	mu      sync.Mutex
	partial strings.Builder
	last    []string
	waiting map[string]chan struct{}
}

func newLines() *lines { return &lines{waiting: map[string]chan struct{}{}} }

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range b {
		if c != '\n' {
			l.partial.WriteByte(c)
			continue
		}
		line := strings.TrimRight(l.partial.String(), "\r")
		l.partial.Reset()
		l.last = append(l.last, line)
		l.last = l.last[max(0, len(l.last)-keptLines):]
		if ch, ok := l.waiting[line]; ok {
			close(ch)
			delete(l.waiting, line)
		}
	}
	return len(b), nil
}

// seen returns a channel that is closed once the line has been written.
func (l *lines) seen(line string) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	ch := make(chan struct{})
	for _, written := range l.last {
		if written == line {
			close(ch)
			return ch
		}
	}
	l.waiting[line] = ch
	return ch
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(strings.Join(l.last, "\n") + "\n" + l.partial.String())
}

// lastLines returns the last n lines of s.
func lastLines(s string, n int) string {
	all := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(all[max(0, len(all)-n):], "\n")
}

// freePort returns a loopback port that nobody listened on a moment ago.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, errors.Join(errors.New("no TCP address"), l.Close())
	}
	return addr.Port, l.Close()
}
