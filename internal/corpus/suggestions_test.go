package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/store"
)

// How many organisations are asked for, how many at once, and how many are
// suggested to each.
const (
	askedFor  = 1_000
	atOnce    = 10
	suggested = 10
)

const suggestions = `query($ids: [ID!]!, $first: Int!) { nodes(ids: $ids) { id ... on Organization { suggestedPartners(first: $first) {
	edges { score strength node { id displayName kind country city } reasons { code weight count value text evidence { id } } } } } } }`

// suggestsLike asks for suggestions to a thousand random organisations, of this
// service and of another over the same graph, and then of new ones over the same
// stores: all answers must be equal to the byte.
func (s *service) suggestsLike(t *testing.T, reference *service) {
	as := func(context.Context, store.Store) error { return nil } // as it is
	services := []*service{reference, s, newService(t, reference.engine.Store, as), newService(t, s.engine.Store, as)}
	g, err := reference.engine.Projection.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	pairs := 0
	for range askedFor / atOnce {
		ids := make([]string, atOnce)
		for i := range ids {
			ids[i] = g.Actors.ID(int32(random.IntN(g.Actors.Len())))
		}
		var want []byte
		for i, one := range services {
			got, ok := graph.Execute(t.Context(), one.schema, options(), suggestions, "", map[string]any{"ids": ids, "first": suggested})
			switch {
			case !ok:
				t.Fatalf("%s", got)
			case i == 0:
				want = got
				pairs += edges(t, got)
			case !bytes.Equal(want, got):
				t.Errorf("%q: the answer of service %d differs from SQLite's:\n%s\n%s", ids, i, want, got)
			}
		}
	}
	if pairs < askedFor*suggested*9/10 { // some have nothing in common with anybody
		t.Errorf("%d suggestions are too few to tell", pairs)
	}
	t.Logf("%d suggestions to %d organisations", pairs, askedFor)
}

// edges counts the suggestions of an answer.
func edges(t *testing.T, response []byte) (n int) {
	t.Helper()
	var r struct {
		Data struct {
			Nodes []struct {
				SuggestedPartners struct{ Edges []json.RawMessage }
			}
		}
	}
	if err := json.Unmarshal(response, &r); err != nil {
		t.Fatal(err)
	}
	for _, node := range r.Data.Nodes {
		n += len(node.SuggestedPartners.Edges)
	}
	return n
}
