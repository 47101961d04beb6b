// Package paths finds the closest ways from one organisation to another over
// those that could introduce them.
//
// A step goes from an organisation to another that is tied to it: both belong to
// the same project, synergy or body, or one is related to the other directly. The
// closer the tie, the smaller its weight: ln(1 + 1/s), where s is the sum over all
// that they share of 1/(members-1), halved for every four years between its end
// and the latest news of the graph; a direct relationship counts as a group of
// two. A fresh project of k members alone weighs ln(k). Groups of more than 1,000
// members tie nobody. To pass through an organisation costs ln(1 + links/25) more,
// so that a way over those that know everybody is far.
//
// A path passes no organisation twice, and no two of its steps rest on the same
// groups alone: who meets both in the council, where they meet anyhow, introduces
// nobody. Weights are whole millionths, so that equal graphs give equal paths.
package paths

import (
	"cmp"
	"context"
	"slices"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
)

// What may be asked for.
const (
	MaxFirst = 10 // paths
	MaxSteps = 6
)

// Evidence is how many of the ties of a step are named at most.
const evidence = 5

// Options say which paths are looked for.
type Options struct {
	First    int      // how many, 1 to MaxFirst
	MaxSteps int      // how many steps one may have, 1 to the constant
	Through  []string // names of relationships that count as ties; all when empty
	Avoid    []int32  // actors that are not passed through
}

// Path is a way from one actor to another.
type Path struct {
	Steps  []Step
	Weight float64 // the sum of those of the steps
}

// Step leads from an actor to one that is tied to it.
type Step struct {
	From, To int32
	Weight   float64    // with what it costs to pass through From
	Evidence []Evidence // the closest of what ties them, at most 5
	Count    int        // of all that ties them
}

// Evidence is one tie between two actors: a group that they share, or a
// relationship.
type Evidence struct {
	Relationship string // that of members to the group, or that between the two
	Group        int32  // -1 for a relationship between the two
	In           bool   // whether such a relationship leads back
	strength     int64
}

// Result is what was found.
type Result struct {
	Paths []Path // the closest first; then fewer steps, then smaller ids
	// Complete is false when there was more to look at than is looked at for one
	// question, so that further or closer paths may exist.
	Complete bool
}

// Find returns the closest paths from one actor to another. That there is none is
// no error.
func Find(ctx context.Context, g *projection.Graph, from, to int32, o Options) (Result, error) {
	ties, err := g.Ties(o.Through)
	switch {
	case err != nil:
		return Result{}, err
	case o.First < 1 || o.First > MaxFirst:
		return Result{}, kg.Errorf(kg.BadUserInput, "%d paths cannot be asked for: from 1 to %d can", o.First, MaxFirst)
	case o.MaxSteps < 1 || o.MaxSteps > MaxSteps:
		return Result{}, kg.Errorf(kg.BadUserInput, "paths cannot have %d steps: they have from 1 to %d", o.MaxSteps, MaxSteps)
	case from == to:
		return Result{}, kg.Errorf(kg.BadUserInput, "from and to are both %s: a path leads to another organisation", g.Actors.ID(from))
	case slices.Contains(o.Avoid, from) || slices.Contains(o.Avoid, to):
		return Result{}, kg.Errorf(kg.BadUserInput, "a path cannot avoid its own ends")
	}
	s := newSearch(ctx, g, ties, from, to, o)
	defer s.release()
	found, complete, err := s.run()
	if err != nil {
		return Result{}, err
	}
	r := Result{Complete: complete}
	for _, actors := range found {
		r.Paths = append(r.Paths, describe(g, ties, actors))
	}
	return r, nil
}

// describe returns the path over some actors.
func describe(g *projection.Graph, ties projection.Ties, actors []int32) (p Path) {
	total := int32(0)
	for i, to := range actors[1:] {
		from := actors[i]
		step := Step{From: from, To: to, Evidence: between(g, ties, from, to)}
		sum := int64(0)
		for _, e := range step.Evidence {
			sum += e.strength
		}
		w := weight(sum)
		if i > 0 {
			w += penalty(g, from)
		}
		total += w
		step.Weight = float64(w) / millionths
		step.Count = len(step.Evidence)
		step.Evidence = step.Evidence[:min(evidence, step.Count)]
		p.Steps = append(p.Steps, step)
	}
	p.Weight = float64(total) / millionths
	return p
}

// between returns all that ties two actors, the strongest first.
func between(g *projection.Graph, ties projection.Ties, from, to int32) (out []Evidence) {
	for _, group := range ties.Shared(from, to, nil) {
		if n := len(ties.Members(group)); n <= largest {
			out = append(out, Evidence{
				Relationship: g.Model.Ways[g.Way[group]].Out.Relationship.Name, Group: group, strength: g.Strength(group, n),
			})
		}
	}
	ties.Direct(from, func(other int32, kind projection.DirectKind) {
		if other == to {
			out = append(out, Evidence{Relationship: g.Model.Direct[kind.Relationship].Name, Group: -1, In: kind.In, strength: projection.Fresh})
		}
	})
	slices.SortStableFunc(out, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(a.Group, b.Group))
	})
	return out
}
