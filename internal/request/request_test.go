package request_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/request"
)

type purse struct{ left int }

func (p *purse) Spend(points int) (time.Duration, bool) {
	if points > p.left {
		return 3 * time.Second, false
	}
	p.left -= points
	return 0, true
}

func TestCharge(t *testing.T) {
	r := request.New("r1", &purse{left: 100})
	ctx := request.With(context.Background(), r)
	if err := request.Charge(ctx, 70); err != nil {
		t.Fatal(err)
	}
	err := request.Charge(ctx, 40)
	if kg.CodeOf(err) != kg.RateLimited || r.Wait() != 3*time.Second {
		t.Fatalf("past the budget: %v, wait %v", err, r.Wait())
	}
	if err := request.Charge(ctx, 30); err != nil {
		t.Fatalf("a refused charge was spent: %v", err)
	}
	if r.Cost() != 100 {
		t.Errorf("cost %d, want 100", r.Cost())
	}
}

func TestWithoutRequest(t *testing.T) {
	ctx := context.Background()
	if err := request.Charge(ctx, 1_000_000); err != nil {
		t.Fatal(err)
	}
	request.CountStatement(ctx)
	request.SetOperation(ctx, "Q")
	if id := request.ID(ctx); id != "" {
		t.Errorf("id %q", id)
	}
}

func TestConcurrent(t *testing.T) {
	r := request.New("r1", nil)
	ctx := request.With(context.Background(), r)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			request.CountStatement(ctx)
			request.SetOperation(ctx, "Q")
			if err := request.Charge(ctx, 2); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if r.Cost() != 100 || r.Statements() != 50 || r.Operation() != "Q" || r.ID() != "r1" {
		t.Errorf("cost %d, statements %d, operation %q", r.Cost(), r.Statements(), r.Operation())
	}
}
