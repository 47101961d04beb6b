package projection

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"github.com/maillage/maillage/internal/store"
)

// partial is what a graph has that does not fit into memory as a whole. Its tables
// and columns are there, so that everything has the number that it has in the whole
// graph. Of the lists that are long together those are there that were asked for
// last.
type partial struct {
	store  store.Store
	memory int64 // how large the graph may be
	tables int64 // how large it is without lists that can be read again
	lists  []*some
	missed int           // how often a list was asked for that was not there
	wanted int           // how many are
	turn   chan struct{} // holds a token while somebody looks at the lists
	bytes  atomic.Int64  // that the lists take
}

// some is some of the lists of a Lists.
type some struct {
	of     *partial
	index  int      // in the layout; -1 for Direct
	back   bool     // whether they are the reverse of these
	all    int      // how long all lists are together
	begin  []uint32 // where each of all would begin, and the end; nil where that is not known
	wanted map[int32]bool
	rows   []int32  // whose lists are there, ascending
	start  []uint32 // of each of them, and the end
	items  []int32
	kinds  []DirectKind // for each item; only of Direct
}

// newSome returns lists of which none is there yet: how long they are together, and
// where each would begin, if that is known.
func newSome(all int, begin []uint32) Lists {
	return Lists{some: &some{all: all, begin: begin}, part: true}
}

// list returns a list if it is there, and notes that it is wanted if it is not.
func (s *some) list(row int32) []int32 {
	if s.begin != nil && s.begin[row] == s.begin[row+1] {
		return nil
	}
	list, _ := s.read(row)
	return list
}

// degree returns how long a list is.
func (s *some) degree(row int32) int {
	if s.begin == nil {
		return len(s.list(row))
	}
	return int(s.begin[row+1] - s.begin[row])
}

// read does so, and returns the kinds of the items of Direct.
func (s *some) read(row int32) ([]int32, []DirectKind) {
	at, there := slices.BinarySearch(s.rows, row)
	if !there {
		s.of.missed++
		if !s.wanted[row] {
			s.wanted[row] = true
			s.of.wanted++
		}
		return nil, nil
	}
	from, to := s.start[at], s.start[at+1]
	if s.index >= 0 {
		return s.items[from:to], nil
	}
	return s.items[from:to], s.kinds[from:to]
}

// inPart makes a graph one of which some lists are read from a store when they are
// asked for.
func (g *Graph) inPart(s store.Store, memory int64) {
	p := &partial{store: s, memory: memory, turn: make(chan struct{}, 1)}
	for i, of := range g.Model.layout.lists {
		p.add(of.lists(g).some, i, false)
		if of.reverse != nil {
			p.add(of.reverse(g).some, i, true)
		}
	}
	p.add(g.Direct.some, -1, false)
	for s := range spaces {
		g.table(s).pack()
	}
	p.tables = g.Bytes()
	for _, s := range p.lists {
		p.tables += 4 * int64(len(s.begin))
	}
	g.partial = p
}

func (p *partial) add(s *some, index int, back bool) {
	if s != nil {
		s.of, s.index, s.back, s.wanted = p, index, back, map[int32]bool{}
		p.lists = append(p.lists, s)
	}
}

// forget forgets which lists are wanted.
func (p *partial) forget() {
	for _, s := range p.lists {
		clear(s.wanted)
	}
	p.wanted = 0
}

// drop drops all lists.
func (p *partial) drop() {
	for _, s := range p.lists {
		s.rows, s.start, s.items, s.kinds = nil, nil, nil, nil
	}
	p.bytes.Store(0)
}

// Whole reports whether the whole graph is in memory.
func (g *Graph) Whole() bool { return g.partial == nil }

// Missed returns how often a list was asked for that was not in memory. What was
// computed while that grew must not be kept.
func (g *Graph) Missed() int {
	if g.partial == nil {
		return 0
	}
	return g.partial.missed
}

// enough is how many lists that are not there are asked for until an algorithm is
// interrupted: what it does without them is mostly in vain.
const enough = 1 << 10

var errMissed = errors.New("some lists are not in memory")

// holder is the context of who looks at the lists of a graph. It ends when enough of
// them are wanted.
type holder struct {
	context.Context
	of *partial
}

type holderKey struct{}

// Value implements context.Context.
func (h *holder) Value(key any) any {
	if key == (holderKey{}) {
		return h
	}
	return h.Context.Value(key)
}

// Err implements context.Context.
func (h *holder) Err() error {
	if err := h.Context.Err(); err != nil {
		return err
	}
	if h.of.wanted >= enough {
		return errMissed
	}
	return nil
}

// Expand makes n runs of algorithms over the graph. Where it is in memory in part,
// those that missed a list are made again when all lists that were missed have been
// read from the store at once, until none misses any: then each has seen of the
// whole graph all that it asked for. A run must not rely on what it did before, nor
// on lists to be as long as their degree while they are missed. Only one at a time
// looks at such a graph. Expand fails as the first run that fails, and is
// UNAVAILABLE when what one run asks for takes more memory than the graph may.
func (g *Graph) Expand(ctx context.Context, n int, run func(ctx context.Context, i int) error) error {
	p := g.partial
	if p == nil {
		for i := range n {
			if err := run(ctx, i); err != nil {
				return err
			}
		}
		return nil
	}
	if h, ok := ctx.Value(holderKey{}).(*holder); ok && h.of == p {
		ctx = h.Context // it is within a run
	} else {
		select {
		case p.turn <- struct{}{}:
			defer func() { <-p.turn }()
			p.forget()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	e := expansion{graph: g, done: make([]bool, n), most: n, alone: -1}
	for {
		err := e.round(&holder{ctx, p}, run)
		if err == nil && e.first < n {
			err = ctx.Err()
		}
		if err != nil || e.first == n {
			return err
		}
		if err := e.read(ctx); err != nil {
			return err
		}
	}
}

// Expanded returns what one run of an algorithm finds, see Expand.
func Expanded[T any](ctx context.Context, g *Graph, run func(ctx context.Context) (T, error)) (found T, err error) {
	err = g.Expand(ctx, 1, func(ctx context.Context, _ int) (err error) {
		found, err = run(ctx)
		return err
	})
	return found, err
}

// expansion is what has been done of some runs.
type expansion struct {
	graph *Graph
	done  []bool
	first int // that is not done
	most  int // how many are made before lists are read
	alone int // the last for which alone all lists were dropped
}

// round makes the runs that are not done until enough lists are wanted.
func (e *expansion) round(h *holder, run func(ctx context.Context, i int) error) error {
	for i, left := e.first, e.most; i < len(e.done) && left > 0 && h.of.wanted < enough; i++ {
		if e.done[i] {
			continue
		}
		left--
		missed := h.of.missed
		switch err := run(h, i); {
		case errors.Is(err, errFull): // within the run
			return err
		case h.of.missed > missed:
		case err == nil:
			e.done[i] = true
		case e.first == i:
			return err
		}
		for e.first < len(e.done) && e.done[e.first] {
			e.first++
		}
	}
	return nil
}

// read reads the lists that are wanted. Where there is no room, those that are there
// make room, and further runs wait.
func (e *expansion) read(ctx context.Context) error {
	p := e.graph.partial
	err := p.fetch(ctx, e.graph)
	if !errors.Is(err, errFull) {
		return err
	}
	p.drop()
	if e.alone == e.first {
		return tooLarge(p.memory)
	}
	e.most, e.alone = 1, e.first
	return nil
}

// swept is how many numbers a sweep visits with what is read at once.
const swept = 1 << 12

// Sweep visits all numbers below n in order. Touch asks for the lists that are looked
// at when one is visited: where the graph is in memory in part it is called for many,
// before these are visited, perhaps several times.
func (g *Graph) Sweep(ctx context.Context, n int, touch, visit func(i int32)) error {
	if g.partial == nil {
		for i := range int32(n) {
			visit(i)
		}
		return ctx.Err()
	}
	for from, size := 0, swept; from < n; {
		begun, to := false, min(n, from+size)
		err := g.Expand(ctx, 1, func(context.Context, int) error {
			if !begun {
				g.partial.drop() // nothing of what was looked at is looked at again
				begun = true
			}
			missed := g.Missed()
			for i := from; i < to; i++ {
				touch(int32(i))
			}
			for i := from; i < to && g.Missed() == missed; i++ {
				visit(int32(i))
			}
			return nil
		})
		switch {
		case err == nil:
			from = to
		case errors.Is(err, errFull) && size > 1:
			size /= 2
		default:
			return err
		}
	}
	return nil
}
