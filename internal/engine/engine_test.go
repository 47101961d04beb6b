package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/engine"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
	"github.com/maillage/maillage/internal/request"
	"github.com/maillage/maillage/internal/store"
)

// fixed is a store that gives one answer.
type fixed struct {
	store.Store
	err  error
	runs int
}

func (s *fixed) Run(context.Context, plan.Normal) (answer.Object, error) {
	s.runs++
	return answer.Object{JSON: []byte("{}")}, s.err
}

// page returns a plan that costs one point more than its limit.
func page(limit int) plan.Normal {
	return plan.Normalize(plan.Plan{Name: "stats", Root: &plan.Lookup{IDs: make([]string, limit+1)}})
}

func TestPlansRunUpToTheirCost(t *testing.T) {
	s := &fixed{}
	e := engine.New(s)
	if e.MaxCost != 10_000 {
		t.Errorf("the limit is %d", e.MaxCost)
	}
	e.MaxCost = 5
	if out, err := e.Run(t.Context(), page(4)); err != nil || string(out.JSON) != "{}" {
		t.Errorf("as much as allowed: %s, %v", out.JSON, err)
	}
	_, err := e.Run(t.Context(), page(5))
	if kg.CodeOf(err) != kg.QueryTooComplex || !strings.Contains(err.Error(), "stats: the selection costs 6 points, of which 5 are allowed") {
		t.Errorf("one more: %v", err)
	}
	if s.runs != 1 || e.Statements() != 1 {
		t.Errorf("%d runs, %d statements", s.runs, e.Statements())
	}
}

// budget is a client that may spend so many points.
type budget int

func (b *budget) Spend(points int) (time.Duration, bool) {
	if points > int(*b) {
		return time.Minute, false
	}
	*b -= budget(points)
	return 0, true
}

func TestClientsPayBeforeTheyAreServed(t *testing.T) {
	s := &fixed{}
	e := engine.New(s)
	left := budget(8)
	req := request.New("r1", &left)
	ctx := request.With(t.Context(), req)
	if _, err := e.Run(ctx, page(4)); err != nil {
		t.Error(err)
	}
	if _, err := e.Run(ctx, page(4)); kg.CodeOf(err) != kg.RateLimited {
		t.Errorf("with three points left: %v", err)
	}
	if s.runs != 1 || req.Cost() != 5 || req.Statements() != 1 || left != 3 {
		t.Errorf("%d runs, cost %d, %d statements, %d points left", s.runs, req.Cost(), req.Statements(), left)
	}
}

func TestErrorsHaveACode(t *testing.T) {
	timeout := kg.Wrap(kg.Timeout, context.DeadlineExceeded, "the question took longer than it may")
	driver := errors.New("dial tcp 10.0.0.7:7687: refused")
	for _, c := range []struct {
		err     error
		code    kg.Code
		message string
	}{
		{nil, "", ""},
		{timeout, kg.Timeout, "the question took longer than it may"},
		{fmt.Errorf("run: %w", timeout), kg.Timeout, "the question took longer than it may"},
		{driver, kg.Internal, "internal error"},
		{context.Canceled, kg.Internal, "internal error"},
	} {
		_, err := engine.New(&fixed{err: c.err}).Run(t.Context(), page(1))
		var coded *kg.Error
		if kg.CodeOf(err) != c.code || !errors.Is(err, c.err) || errors.As(err, &coded) && coded.Message != c.message {
			t.Errorf("%v became %v", c.err, err)
		}
	}
}

// star is a store in which an organisation works with each of many others.
type star struct{ fixed }

// others is with how many.
const others = 20_000

func (s *star) Project(_ context.Context, x store.Extract, rows store.Rows) (int64, error) {
	kind := func(name string) int {
		return slices.IndexFunc(x.Nodes, func(n store.NodeColumns) bool { return n.Type.Name == name })
	}
	organization, project := kind("Organization"), kind("Project")
	works := slices.IndexFunc(x.Links, func(r *catalog.Relationship) bool { return r.Name == "PARTICIPATES_IN" })
	var err error
	node := func(kind, key int, id string) {
		err = errors.Join(err, rows.Node(kind, int64(key), id, make([]any, len(x.Nodes[kind].Properties))))
	}
	node(organization, 0, "org:t:hub")
	for i := range others {
		org, work := 2*i+1, 2*i+2
		node(organization, org, fmt.Sprintf("org:t:%d", i))
		node(project, work, fmt.Sprintf("project:t:%d", i))
		err = errors.Join(err, rows.Link(works, 0, int64(work)), rows.Link(works, int64(org), int64(work)))
	}
	return 1, err
}

func (s *star) Follow(context.Context, int64, store.Extract, store.Changes) (int64, error) {
	return 1, nil
}

// TestWhatIsCancelledIsNoLongerComputed: and the look-up of what would have been
// found is not run.
func TestWhatIsCancelledIsNoLongerComputed(t *testing.T) {
	_, m := projectiontest.Model(t)
	s := &star{}
	e := engine.New(s)
	e.Projection = projection.NewFollower(s, m, projection.DefaultMemory)
	p := plan.Normalize(plan.Plan{Name: "paths", Root: &plan.Computed{Name: "paths", Path: "paths", Args: plan.Arguments{
		"from": "org:t:hub", "to": "org:t:7", "first": int64(3), "maxSteps": int64(4),
	}}})
	for asked := range 4 {
		ctx := projectiontest.Impatient{Context: t.Context(), Patience: asked}
		if _, err := e.Run(&ctx, p); !errors.Is(err, context.Canceled) || ctx.Asked > asked+2 || s.runs > 0 {
			t.Errorf("cancelled when asked %d times: asked %d times, %d statements, %v", asked, ctx.Asked, s.runs, err)
		}
	}
}

// written is a star that is written to when its neighbours are first read.
type written struct {
	star
	revision int64
	opened   int
	read     int // by so many statements
}

func (s *written) Project(ctx context.Context, x store.Extract, rows store.Rows) (int64, error) {
	s.opened++
	_, err := s.star.Project(ctx, x, rows)
	return s.revision, err
}

func (s *written) Follow(_ context.Context, since int64, x store.Extract, changes store.Changes) (int64, error) {
	if since == s.revision {
		return since, nil
	}
	organization := slices.IndexFunc(x.Nodes, func(n store.NodeColumns) bool { return n.Type.Name == "Organization" })
	return s.revision, changes.Node(organization, "org:t:0", true, make([]any, len(x.Nodes[organization].Properties)))
}

func (s *written) Neighbours(_ context.Context, revision int64, frontiers []store.Frontier, yield func(frontier, node int, neighbour string) error) error {
	s.read += len(frontiers)
	if s.revision == 1 {
		s.revision++
	}
	if revision != s.revision {
		return store.ErrMoved
	}
	var err error
	for i, f := range frontiers {
		for node, id := range f.IDs {
			_, number, _ := strings.Cut(id, ":t:")
			tell := func(neighbour string) { err = errors.Join(err, yield(i, node, neighbour)) }
			switch {
			case f.Link.Name != "PARTICIPATES_IN":
			case f.To.Name == "Organization":
				tell("org:t:hub")
				tell("org:t:" + number)
			case f.To.Name == "Project" && number == "hub":
				for i := range others {
					tell(fmt.Sprintf("project:t:%d", i))
				}
			case f.To.Name == "Project":
				tell("project:t:" + number)
			}
		}
	}
	return err
}

// TestWhatIsWrittenToMeanwhileIsAskedAgain: a graph that is in memory in part is opened
// again when the rest of it is no longer what the store holds.
func TestWhatIsWrittenToMeanwhileIsAskedAgain(t *testing.T) {
	c, m := projectiontest.Model(t)
	s := &written{revision: 1}
	whole, err := projection.Load(t.Context(), s, m, projection.DefaultMemory)
	if err != nil {
		t.Fatal(err)
	}
	s.opened = 0
	e := engine.New(s)
	if err := e.Project(c, whole.Bytes()-1); err != nil {
		t.Fatal(err)
	}
	out, err := e.Run(t.Context(), plan.Normalize(plan.Plan{Name: "subgraph", Root: &plan.Computed{
		Name: "subgraph", Path: "subgraph", Args: plan.Arguments{"around": []any{"org:t:7"}, "steps": int64(1), "first": int64(9)},
		Fields: []plan.Member{{Key: "total", Name: "total"}, {Key: "revision", Name: "revision"}},
	}}))
	if err != nil || string(out.JSON) != `{"total":3,"revision":2}` || s.opened != 2 {
		t.Errorf("opened %d times: %s, %v", s.opened, out.JSON, err)
	}
	if e.Statements() != int64(s.read) || s.read == 0 {
		t.Errorf("%d statements are counted, %d were asked", e.Statements(), s.read)
	}
}
