package projection_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
	"github.com/maillage/maillage/internal/store"
)

// failing is a store whose projections fail when it is told so.
type failing struct {
	store.Store
	broken atomic.Bool
}

var errBroken = errors.New("the cable is out")

func (s *failing) Project(ctx context.Context, x store.Extract, rows store.Rows) (int64, error) {
	if s.broken.Load() {
		return 0, errBroken
	}
	return s.Store.Project(ctx, x, rows)
}

func (s *failing) Follow(ctx context.Context, since int64, x store.Extract, changes store.Changes) (int64, error) {
	if s.broken.Load() {
		return 0, errBroken
	}
	return s.Store.Follow(ctx, since, x, changes)
}

// run runs a follower until the test ends, after which nothing of it runs.
func run(t *testing.T, f *projection.Follower, report func(error)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.Run(ctx, report)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
}

func organization(id string) []kg.Change {
	return []kg.Change{{Node: &kg.Node{Type: "Organization", ID: id}}}
}

func TestAFollowerSeesWhatIsWritten(t *testing.T) {
	t.Cleanup(func() { goleak.VerifyNone(t) })
	_, m := projectiontest.Model(t)
	s := &failing{Store: graphtest.Open(t)}
	reports := make(chan error, 9)
	f := projection.NewFollower(s, m, projection.DefaultMemory)
	run(t, f, func(err error) { reports <- err })
	g, err := f.Current(t.Context())
	if err != nil || g.Revision != 0 || g.Actors.Len() != 0 {
		t.Fatalf("an empty store: %+v, %v", g, err)
	}
	sees := func(revision int64) {
		t.Helper()
		for start := time.Now(); f.Last().Revision != revision; time.Sleep(5 * time.Millisecond) {
			if time.Since(start) > 5*time.Second {
				t.Fatalf("revision %d is not seen", revision)
			}
		}
	}
	write := func(id string) {
		t.Helper()
		if _, err := s.Apply(t.Context(), organization(id)); err != nil {
			t.Fatal(err)
		}
	}
	write("org:t:a")
	sees(1)
	if g.Actors.Len() != 0 || f.Last().Actors.Len() != 1 {
		t.Error("a graph has changed, or the next has not")
	}
	s.broken.Store(true)
	if err := <-reports; !errors.Is(err, errBroken) {
		t.Errorf("reported: %v", err)
	}
	write("org:t:b")
	if g, err := f.Current(t.Context()); err != nil || g.Revision != 1 {
		t.Errorf("when the store fails: %v, want the last graph", err)
	}
	s.broken.Store(false)
	sees(2)
}

func TestAFollowerTellsWhyThereIsNoGraph(t *testing.T) {
	t.Cleanup(func() { goleak.VerifyNone(t) })
	_, m := projectiontest.Model(t)
	s := graphtest.Open(t)
	if _, err := s.Apply(t.Context(), organization("org:t:a")); err != nil {
		t.Fatal(err)
	}
	f := projection.NewFollower(s, m, 10)
	run(t, f, func(error) {})
	if _, err := f.Current(t.Context()); kg.CodeOf(err) != kg.Unavailable {
		t.Errorf("a graph that is too large: %v, want UNAVAILABLE", err)
	}
}

// TestTheLastGraphAnswersUntilTheNextIsPrepared, and nothing is prepared for who
// asks a follower that does not run.
func TestTheLastGraphAnswersUntilTheNextIsPrepared(t *testing.T) {
	t.Cleanup(func() { goleak.VerifyNone(t) })
	_, m := projectiontest.Model(t)
	s := graphtest.Open(t)
	f := projection.NewFollower(s, m, projection.DefaultMemory)
	preparing, prepared := make(chan *projection.Graph), make(chan struct{})
	f.Prepare = func(ctx context.Context, g *projection.Graph) error {
		preparing <- g
		select {
		case <-prepared:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	if _, err := f.Current(t.Context()); err != nil {
		t.Fatal(err)
	}
	run(t, f, func(error) {})
	for revision := range int64(3) {
		if _, err := s.Apply(t.Context(), organization(fmt.Sprint("org:t:", revision))); err != nil {
			t.Fatal(err)
		}
		next := <-preparing
		if last, err := f.Current(t.Context()); err != nil || last.Revision != revision || next.Revision != revision+1 {
			t.Errorf("while revision %d is prepared: %+v, %v", next.Revision, last, err)
		}
		prepared <- struct{}{}
		for f.Last() != next {
			time.Sleep(time.Millisecond)
		}
	}
}

// TestAFollowerThatDoesNotRunIsAsked writes between questions, and asks while the
// store fails.
func TestAFollowerThatDoesNotRunIsAsked(t *testing.T) {
	_, m := projectiontest.Model(t)
	s := &failing{Store: graphtest.Open(t)}
	f := projection.NewFollower(s, m, projection.DefaultMemory)
	if f.Last() != nil || f.Running() {
		t.Error("there is a graph before anybody asks for it")
	}
	for revision, id := range []string{"", "org:t:a", "org:t:b"} {
		if id != "" {
			if _, err := s.Apply(t.Context(), organization(id)); err != nil {
				t.Fatal(err)
			}
		}
		g, err := f.Current(t.Context())
		if err != nil || g.Revision != int64(revision) || g.Actors.Len() != revision || g.UpdateTime > 0 != (revision > 0) {
			t.Errorf("revision %d: %+v, %v", revision, g, err)
		}
	}
	s.broken.Store(true)
	if _, err := f.Current(t.Context()); !errors.Is(err, errBroken) || f.Last().Revision != 2 {
		t.Errorf("when the store fails: %v", err)
	}
}

// TestAFollowerIsWaitedFor asks while the first graph is read.
func TestAFollowerIsWaitedFor(t *testing.T) {
	t.Cleanup(func() { goleak.VerifyNone(t) })
	_, m := projectiontest.Model(t)
	s := &held{Store: graphtest.Open(t), asked: make(chan struct{}), release: make(chan struct{})}
	f := projection.NewFollower(s, m, projection.DefaultMemory)
	run(t, f, func(error) {})
	<-s.asked
	waiting, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := f.Current(waiting); kg.CodeOf(err) != kg.Unavailable {
		t.Errorf("before there is a graph: %v, want UNAVAILABLE", err)
	}
	close(s.release)
	if g, err := f.Current(t.Context()); err != nil || g.Revision != 0 {
		t.Errorf("%+v, %v", g, err)
	}
}

// held is a store whose first projection waits.
type held struct {
	store.Store
	asked, release chan struct{}
}

func (s *held) Project(ctx context.Context, x store.Extract, rows store.Rows) (int64, error) {
	close(s.asked)
	<-s.release
	return s.Store.Project(ctx, x, rows)
}
