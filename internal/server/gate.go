package server

import (
	"context"

	"github.com/maillage/maillage/internal/kg"
)

// Gate lets a fixed number of operations in at once and turns the rest away.
// Waiting would help no one: under lasting overload a queue only adds its own
// length to every answer.
type Gate struct {
	places chan struct{}
}

// NewGate returns a gate with n places.
func NewGate(n int) *Gate {
	return &Gate{places: make(chan struct{}, n)}
}

// Enter takes a place until leave is called, or returns a *kg.Error with code
// UNAVAILABLE. It has the shape of the handler's Admit.
func (g *Gate) Enter(context.Context) (leave func(), err error) {
	select {
	case g.places <- struct{}{}:
		return g.leave, nil
	default:
		return nil, kg.Errorf(kg.Unavailable, "too many requests are being served, try again in a second")
	}
}

func (g *Gate) leave() { <-g.places }
