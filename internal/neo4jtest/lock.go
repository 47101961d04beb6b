package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Exclusive waits until the test holds the server's database alone, against
// other tests of this process and of others, until the test ends. A test whose
// parent holds it must not ask again: it would wait for its own parent.
func (s *Server) Exclusive(t testing.TB) {
	t.Helper()
	start := time.Now()
	release, err := s.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(start); waited > time.Second {
		t.Logf("neo4jtest: waited %.1fs for the database", waited.Seconds())
	}
	t.Cleanup(release)
}

// Lock is [Server.Exclusive] for what is not a test: a TestMain that wants the
// database for its whole process, or a benchmark's command. The database is
// let go by release, or by the end of the process, however it comes.
func (s *Server) Lock(ctx context.Context) (release func(), err error) {
	path := s.lockPath()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("neo4jtest: lock: %w", err)
	}
	// A lock that blocks could not be given up when the test's time is over.
	for {
		err := tryLock(f)
		if err == nil {
			// The file stays, until Stop: removing it here would let a third
			// process lock a new one while a second waits for this.
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, errLocked) {
			return nil, fmt.Errorf("neo4jtest: lock %s: %w", path, errors.Join(err, f.Close()))
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("neo4jtest: lock %s: %w", path, errors.Join(ctx.Err(), f.Close()))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// lockPath is named after the address, which is what the processes that share
// a server have in common.
func (s *Server) lockPath() string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.uri))
	return filepath.Join(os.TempDir(), fmt.Sprintf("maillage-neo4j-%x.lock", h.Sum64()))
}

// errLocked says that somebody else holds the lock.
var errLocked = errors.New("held by another test")
