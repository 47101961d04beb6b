package projection

import (
	"context"
	"time"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// DefaultMemory is how large a graph may be, in bytes, when nothing else is said.
const DefaultMemory = 1 << 30

// Load returns the projection of what a store holds, all of it in memory. It is
// UNAVAILABLE when it would take more than so many bytes of memory.
func Load(ctx context.Context, s store.Store, m *Model, memory int64) (*Graph, error) {
	g, err := Open(ctx, s, m, memory)
	if err == nil && !g.Whole() {
		return nil, tooLarge(memory)
	}
	return g, err
}

// Open returns the projection of what a store holds: in memory as a whole, or in
// part where it would take more than so many bytes. It is UNAVAILABLE where its
// tables alone do.
func Open(ctx context.Context, s store.Store, m *Model, memory int64) (*Graph, error) {
	start := time.Now()
	b := NewBuilder(m)
	rows := b.Rows()
	node, link, n := rows.Node, rows.Link, 0
	full := func() bool {
		n++
		return n%(1<<16) == 0 && b.least() > memory
	}
	rows.Node = func(kind int, key int64, id string, values []any) error {
		if full() {
			return tooLarge(memory)
		}
		return node(kind, key, id, values)
	}
	rows.Link = func(kind int, from, to int64) error {
		if b.counts == nil && full() {
			b.startCounting()
		}
		return link(kind, from, to)
	}
	revision, err := s.Project(ctx, m.Extract(), rows)
	if err != nil {
		return nil, err
	}
	g := b.Build(revision)
	if b.counts == nil && g.Bytes() > memory {
		b.startCounting()
		g = b.Build(revision)
	}
	if b.counts != nil {
		if g.inPart(s, memory); g.Bytes() > memory {
			return nil, tooLarge(memory)
		}
	}
	g.BuildTime = time.Since(start)
	return g, nil
}

// tooLarge says that a graph, or what is looked at of one, takes too much memory.
func tooLarge(memory int64) error {
	return kg.Wrap(kg.Unavailable, errFull, "the projection of this graph takes more than the %d MiB that it may: raise --projection-memory", memory>>20)
}

// least returns how much memory a graph of what has been collected takes at
// least.
func (b *Builder) least() (n int64) {
	for _, k := range b.kinds {
		n += int64(len(k.text) + 4*len(k.offset))
	}
	for _, pairs := range b.links {
		n += 4 * int64(len(pairs))
	}
	return n
}
