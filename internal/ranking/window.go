package ranking

import (
	"slices"
	"time"

	"github.com/maillage/maillage/internal/projection"
)

// Window is a graph as it was at the end of one year, and who came to work
// together in the years after it.
type Window struct {
	State *projection.Graph
	whole *projection.Graph
	after projection.Day // the last day of the state
	to    projection.Day
}

// NewWindow returns the window of a graph from the end of the year until to the
// end of the year to.
func NewWindow(g *projection.Graph, until, to int) *Window {
	after := endOf(until)
	return &Window{State: g.Until(after), whole: g, after: after, to: endOf(to)}
}

func endOf(year int) projection.Day {
	return projection.Day(time.Date(year, time.December, 31, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Known reports whether an actor was there, in a group of its own at least.
func (w *Window) Known(a int32) bool { return w.State.Meetings.Degree(a) > 0 }

// New returns with whom an actor came to work that was known before and had not
// worked with it, in groups of at most 40 members; in ascending order.
func (w *Window) New(a int32) (out []int32) {
	g := w.whole
	for _, p := range g.Meetings.Of(a) {
		if g.From[p] <= w.after || g.From[p] > w.to || g.Members.Degree(p) > closeGroup {
			continue
		}
		for _, b := range g.Members.Of(p) {
			if b != a && w.Known(b) {
				out = append(out, b)
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	met := map[int32]bool{}
	for _, p := range w.State.Meetings.Of(a) {
		for _, b := range w.State.Members.Of(p) {
			met[b] = true
		}
	}
	return slices.DeleteFunc(out, func(b int32) bool { return met[b] })
}

// Queries returns the actors that had a partner and found a new one, in
// ascending order.
func (w *Window) Queries() (out []int32) {
	for a := range int32(w.State.Actors.Len()) {
		met := slices.ContainsFunc(w.State.Meetings.Of(a), func(p int32) bool { return w.State.Members.Degree(p) > 1 })
		if met && len(w.New(a)) > 0 {
			out = append(out, a)
		}
	}
	return out
}
