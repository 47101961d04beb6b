package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The environment variables that name a server, and that say tests must have one.
const (
	EnvURI      = "NEO4J_URI"
	EnvUsername = "NEO4J_USERNAME"
	EnvPassword = "NEO4J_PASSWORD"
	EnvLocal    = "NEO4J_LOCAL" // set where the server was started here, by the run command
	EnvTests    = "NEO4J_TESTS" // "required": no server is a failure, and any server named may be wiped
)

const (
	// startTimeout bounds a start. It takes about 10 s on two cores, but other
	// packages are being compiled meanwhile.
	startTimeout = 120 * time.Second
	// attachTimeout bounds the wait for a server named by NEO4J_URI, which may
	// itself be starting, as service containers in CI are.
	attachTimeout = 30 * time.Second
	// portAttempts is how often a start is tried: a free port is found by
	// opening and closing it, and another process can take it in between.
	portAttempts = 3
)

// errExternal is the answer to a request that only a server of our own can meet.
var errExternal = errors.New("neo4jtest: the server is named by " + EnvURI + " and was not started here")

// Server is a running Neo4j.
type Server struct {
	uri, username, password string

	// What follows is empty for a server named by NEO4J_URI.
	opts options
	dir  string // the data, with the launcher and its configuration beside it
	port int

	mu      sync.Mutex
	process *process
	stopped bool
}

// Start returns the server named by NEO4J_URI, whose settings are its own, or
// else one started by [Launch] with opts. The caller stops it.
func Start(ctx context.Context, opts ...Option) (*Server, error) {
	uri := os.Getenv(EnvURI)
	if uri == "" {
		return Launch(ctx, opts...)
	}
	s := &Server{uri: uri, username: os.Getenv(EnvUsername), password: os.Getenv(EnvPassword)}
	ctx, cancel := context.WithTimeout(ctx, attachTimeout)
	defer cancel()
	if err := s.waitUntilReady(ctx, nil); err != nil {
		return nil, fmt.Errorf("neo4jtest: %s=%s: %w", EnvURI, uri, err)
	}
	return s, nil
}

// Launch starts a server of our own, whatever the environment says: for tests
// that kill it, or that need settings of theirs. The first call on a machine
// downloads Neo4j (125 MB), and as root with apt-get also Java and Maven.
func Launch(ctx context.Context, opts ...Option) (*Server, error) {
	o := defaultOptions()
	for _, opt := range opts {
		opt(&o)
	}
	jars, err := provide(ctx)
	if err != nil {
		return nil, fmt.Errorf("neo4jtest: %w", err)
	}
	dir, err := os.MkdirTemp("", "maillage-neo4j-")
	if err != nil {
		return nil, fmt.Errorf("neo4jtest: %w", err)
	}
	s := &Server{opts: o, dir: dir}
	if o.auth {
		s.username, s.password = "neo4j", o.password
	}
	if err := s.launch(ctx, jars); err != nil {
		_ = os.RemoveAll(dir)
		return nil, fmt.Errorf("neo4jtest: %w", err)
	}
	return s, nil
}

// launch starts the JVM on a port that is free.
func (s *Server) launch(ctx context.Context, jars string) error {
	for attempt := 1; ; attempt++ {
		port, err := freePort()
		if err != nil {
			return err
		}
		s.port, s.uri = port, fmt.Sprintf("bolt://127.0.0.1:%d", port)
		err = s.boot(ctx, jars, s.password)
		if err == nil || attempt == portAttempts || !strings.Contains(err.Error(), "already in use") {
			return err
		}
		// A start that failed this late has already made databases.
		if err := os.RemoveAll(s.dir); err != nil {
			return err
		}
	}
}

// boot starts a JVM on the server's port and data, and waits until Bolt answers.
func (s *Server) boot(ctx context.Context, jars, initialPassword string) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		launcherSource: launcher,
		confFile:       []byte(s.opts.conf()),
		// The launcher removes a directory so marked when it outlives us.
		"temporary": nil,
	} {
		if err := os.WriteFile(filepath.Join(s.dir, name), content, 0o600); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	args := append(s.opts.jvm(), "-cp", filepath.Join(jars, "*"),
		launcherSource, s.dir, strconv.Itoa(s.port), confFile)
	p, err := startProcess(s.dir, args, initialPassword)
	if err != nil {
		return err
	}
	if err := p.waitForLine(ctx, "ready"); err != nil {
		p.kill()
		return fmt.Errorf("start Neo4j: %w", err)
	}
	if err := s.waitUntilReady(ctx, p.done); err != nil {
		p.kill()
		return fmt.Errorf("start Neo4j: %w%s", err, p.lastLines())
	}
	s.process = p
	return nil
}

// URI is the server's address: bolt://127.0.0.1:PORT, or what NEO4J_URI says.
func (s *Server) URI() string { return s.uri }

// Username is the user to log in as, empty where the server asks for none.
func (s *Server) Username() string { return s.username }

// Password is the user's password, empty where the server asks for none.
func (s *Server) Password() string { return s.password }

// Environ returns the variables that make another process use this server,
// each as "NAME=value".
func (s *Server) Environ() []string {
	env := []string{EnvURI + "=" + s.uri, EnvTests + "=required", EnvLocal + "=1"}
	if s.username != "" {
		env = append(env, EnvUsername+"="+s.username, EnvPassword+"="+s.password)
	}
	return env
}

// Stop ends the server and removes its data. It leaves a server named by
// NEO4J_URI alone. A second Stop does nothing.
func (s *Server) Stop() error {
	if s.external() {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stopped {
		s.stopped = true
		// Before the port is let go, while nobody else's server can have it.
		_ = os.Remove(s.lockPath())
	}
	s.killLocked()
	if err := os.RemoveAll(s.dir); err != nil {
		return fmt.Errorf("neo4jtest: remove data: %w", err)
	}
	return nil
}

// Kill ends the server as a crash would, with SIGKILL, and keeps its data for
// [Server.Restart].
func (s *Server) Kill() error {
	if s.external() {
		return errExternal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.killLocked()
	return nil
}

// Restart starts the server again on the same port and data, so that clients
// find it where it was. One that still runs is killed first.
func (s *Server) Restart(ctx context.Context) error {
	if s.external() {
		return errExternal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return errors.New("neo4jtest: restart: the server was stopped and its data removed")
	}
	s.killLocked()
	jars, err := provide(ctx)
	if err != nil {
		return fmt.Errorf("neo4jtest: %w", err)
	}
	// The data already holds the password.
	if err := s.boot(ctx, jars, ""); err != nil {
		return fmt.Errorf("neo4jtest: %w", err)
	}
	return nil
}

func (s *Server) killLocked() {
	if s.process != nil {
		s.process.kill()
		s.process = nil
	}
}

// external tells a server named by NEO4J_URI from one of our own.
func (s *Server) external() bool { return s.dir == "" }
