// Package ranking suggests with whom an actor could work. A score is a sum of
// contributions, each a step function of one number that is known of the pair or
// of the candidate; those of one reason are added up, and the reasons are listed
// with what supports them. The step functions are learned from who came to work
// together later (Train), or, where a graph has no dates, chosen by hand.
//
// What is recent is measured from the last day on which the graph has news: the
// last beginning of a group up to the day of the question.
package ranking

import (
	"context"
	"fmt"
	"slices"

	"github.com/maillage/maillage/internal/projection"
)

// Options say what is suggested.
type Options struct {
	Among       []int32        // actors that may be suggested, ascending; nil means all
	LesserKnown float64        // from 0 to 1, how much the lesser known are favoured
	Partners    bool           // whether those with whom the actor works are suggested too
	Today       projection.Day // what begins later is no news; 0 when everything is
	Limit       int            // how many at most
	Bare        bool           // whether reasons are left out
}

// DefaultLesserKnown is how much the lesser known are favoured when nobody says.
const DefaultLesserKnown = .1

func (o Options) allows(b int32) bool {
	if o.Among == nil {
		return true
	}
	_, ok := slices.BinarySearch(o.Among, b)
	return ok
}

// Strength sums a score up in a word.
type Strength string

// The strengths, by thresholds of the model that the score without LESSER_KNOWN
// reaches.
const (
	Strong Strength = "STRONG"
	Medium Strength = "MEDIUM"
	Weak   Strength = "WEAK"
)

// Suggestion is an actor with the reasons that speak for it, the strongest first. The
// score is the sum of their weights in that order.
type Suggestion struct {
	Actor    int32
	Score    float64
	Strength Strength
	Reasons  []projection.Reason
}

// Ranker suggests by a model. It may be used by many at once.
type Ranker struct {
	model   *Model // for graphs with dates
	undated *Model
}

// Default returns a ranker with the models inside the program. It learned from
// Horizon 2020, see docs/ranking.md.
func Default() *Ranker { return New(learned()) }

// New returns a ranker with a model for graphs with dates.
func New(m *Model) *Ranker { return &Ranker{model: m, undated: documented()} }

// Prepare computes what is computed once for a graph, so that the first question
// does not wait for it. It fails when ctx ends.
func (r *Ranker) Prepare(ctx context.Context, g *projection.Graph, today projection.Day) error {
	return g.Expand(ctx, 1, func(ctx context.Context, _ int) error {
		_, err := indexOf(ctx, g, today)
		return err
	})
}

// Suggest returns with whom an actor could work, the best first; equal ones in
// the order of their ids. Who has nothing in common with anybody gets none.
func (r *Ranker) Suggest(ctx context.Context, g *projection.Graph, actor int32, o Options) ([]Suggestion, error) {
	x, err := indexOf(ctx, g, o.Today)
	if err != nil {
		return nil, err
	}
	m := r.model
	if x.news == projection.NoDay {
		m = r.undated
	}
	return suggest(ctx, x, m, actor, o)
}

// Similar returns who is like an actor by its sectors, partners, kind, country
// and place, whether or not they work together.
func (r *Ranker) Similar(ctx context.Context, g *projection.Graph, actor int32, o Options) ([]Suggestion, error) {
	x, err := indexOf(ctx, g, o.Today)
	if err != nil {
		return nil, err
	}
	o.Partners = true
	return suggest(ctx, x, similar(), actor, o)
}

func suggest(ctx context.Context, x *index, m *Model, actor int32, o Options) ([]Suggestion, error) {
	if actor < 0 || int(actor) >= x.g.Actors.Len() {
		return nil, fmt.Errorf("there is no actor %d among %d", actor, x.g.Actors.Len())
	}
	q := x.queries.Get().(*query)
	defer x.queries.Put(q)
	if err := q.begin(ctx, actor); err != nil {
		return nil, err
	}
	best, err := q.rank(ctx, m, o)
	if err != nil {
		return nil, err
	}
	out := make([]Suggestion, len(best))
	for i := range best {
		s := &best[i]
		out[i] = Suggestion{Actor: s.actor, Score: s.score, Strength: m.strength(s)}
		if !o.Bare {
			out[i].Reasons = q.explain(s)
		}
	}
	return out, nil
}
