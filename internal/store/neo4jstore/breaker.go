package neo4jstore

import (
	"sync"
	"time"
)

// breaker keeps requests from waiting for a database that is not there: after
// some failures to connect in a row only one request in an interval may try.
type breaker struct {
	failures int           // that open it
	interval time.Duration // between tries while it is open
	now      func() time.Time

	mu     sync.Mutex
	failed int
	next   time.Time
}

func newBreaker() *breaker {
	return &breaker{failures: 5, interval: 500 * time.Millisecond, now: time.Now}
}

// allow reports whether a request may try.
func (b *breaker) allow() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed < b.failures {
		return true
	}
	now := b.now()
	if now.Before(b.next) {
		return false
	}
	b.next = now.Add(b.interval)
	return true
}

// note notes how a try has ended.
func (b *breaker) note(connected bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if connected {
		b.failed = 0
		return
	}
	b.failed++
	if b.failed >= b.failures {
		b.next = b.now().Add(b.interval)
	}
}
