package projectiontest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
)

// Hub returns a graph that one organisation, which is number 0, holds together: it
// takes part in so many projects of three, each about the one sector, in which all
// work, with others that meet nobody else. A call about the sector is open in 2026.
func Hub(t testing.TB, projects int) *projection.Graph {
	t.Helper()
	b := NewBuilder(t)
	org := func(i int) string { return fmt.Sprintf("org:t:%07d", i) }
	b.Node("Sector", "sector:t:s", nil)
	b.Node("FundingCall", "call:t:c", kg.Properties{"opens": "2026", "closes": "2026"})
	b.Link("ABOUT", "call:t:c", "sector:t:s", nil)
	for i := range 2*projects + 1 {
		b.Node("Organization", org(i), kg.Properties{"kind": "COMPANY", "country": []string{"DE", "FR", "IT"}[i%3]})
		b.Link("ACTIVE_IN", org(i), "sector:t:s", nil)
	}
	for i := range projects {
		id := fmt.Sprintf("project:t:%07d", i)
		b.Node("Project", id, kg.Properties{"from": "2024", "to": "2026"})
		b.Link("ABOUT", id, "sector:t:s", nil)
		for _, member := range []int{0, 2*i + 1, 2*i + 2} {
			b.Link("PARTICIPATES_IN", org(member), id, nil)
		}
	}
	return b.Build(1)
}

// Interrupt checks that something asks its context often enough, which is so many
// times at least, and that it ends as soon as the context does: it may ask why, and
// nothing else.
func Interrupt(t *testing.T, least int, run func(context.Context) error) {
	t.Helper()
	ask := func(patience int) (int, error) {
		c := Impatient{Context: t.Context(), Patience: patience}
		err := run(&c)
		return c.Asked, err
	}
	if _, err := ask(math.MaxInt); err != nil { // what is kept for the next is not asked for again
		t.Fatal(err)
	}
	all, err := ask(math.MaxInt)
	if err != nil || all < least {
		t.Errorf("the context is asked %d times, not %d: %v", all, least, err)
	}
	for _, patience := range []int{0, all / 2, all - 1} {
		if asked, err := ask(patience); !errors.Is(err, context.Canceled) || asked > patience+2 {
			t.Errorf("of %d times that the context is asked it ended after %d: asked %d times, %v", all, patience, asked, err)
		}
	}
}

// Impatient is a context that ends when it has been asked some times whether it has.
type Impatient struct {
	context.Context
	Asked, Patience int
}

// Err implements context.Context.
func (c *Impatient) Err() error {
	if c.Asked++; c.Asked > c.Patience {
		return context.Canceled
	}
	return nil
}
