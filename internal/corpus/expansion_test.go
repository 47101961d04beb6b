package corpus

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/engine"
	"github.com/maillage/maillage/internal/projection/projectiontest"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/storetest"
)

// everythingComputed asks for all that is computed of an organisation, around it and
// with another. The organisation is asked for alone, so that there is one answer to
// compare.
const everythingComputed = `query($one: ID!, $other: ID!, $all: [ID!]!, $call: ID!, $steps: Int!) {
	organization(id: $one) {
		suggestedPartners(first: 5) { edges { score strength node { id } reasons { code weight count value text evidence { id } } paths(first: 2) { ...Path } } }
		french: suggestedPartners(first: 5, filter: { country: { eq: "FR" } }) { edges { score node { id } reasons { code weight evidence { id } } } }
		similarOrganizations(first: 5) { edges { score node { id } reasons { code weight count value text evidence { id } } } }
		opportunities(first: 5) { totalCount missing { kind code } edges { kind score node { id } reasons { code weight count value text evidence { id } } partners(first: 3) { score node { id } reasons { code weight } } } }
	}
	paths(from: $one, to: $other) { ...Path }
	subgraph(around: [$one], steps: 1, kinds: [ORGANIZATION, PROJECT, SYNERGY, SECTOR, PLACE]) { nodes { node { id } steps links } links { source target kind count node { id } } totals { type count } total truncated }
	bare: subgraph(around: [$one, $other], steps: $steps, first: 30, kinds: [ORGANIZATION]) { nodes { node { id } steps links } links { source target kind count node { id } } total truncated }
	organizationPairs(of: { id: { in: $all } }) { totalCount edges { a { id } b { id } weight count ties { kind reverse node { id } } } }
	apart: organizationPairs(of: { id: { in: $all } }, apart: true, first: 5) { totalCount edges { a { id } b { id } } }
	consortium(call: $call, anchors: [$one], needs: [{ kind: COMPANY, country: "PT" }, { kind: RESEARCH, country: "FR" }], minCountries: 2) { score countries members { need anchor node { id } reasons { code weight evidence { id } } } pairs { a { id } b { id } reasons { code weight } } }
}
fragment Path on Path { weight complete steps { weight count from { id } to { id } ties { kind reverse node { id } } } }`

// computed are the areas of what is computed.
var computed = []string{"consortium", "opportunities", "pairs", "paths", "subgraph", "suggested"}

// answersInPart answers the cases of some areas over a graph that is in memory in part.
func (s *service) answersInPart(t *testing.T, areas ...string) {
	g, err := s.engine.Projection.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	part := newPart(t, s.engine.Store, g.Bytes()*9/10)
	for _, area := range areas {
		part.area(t, area, func(t *testing.T, c golden) {
			response, _ := part.ask(t, c)
			if d := cmp.Diff(c.file(responseName(response)), string(response)); d != "" {
				t.Errorf("the response differs (-whole +in part):\n%s", d)
			}
		})
	}
	part.isInPart(t)
}

func (s *service) isInPart(t *testing.T) {
	t.Helper()
	if g, err := s.engine.Projection.Current(t.Context()); err != nil || g.Whole() {
		t.Errorf("the graph is not in memory in part: %v", err)
	}
}

// expands answers all that is computed of hubs, and with less memory of so many other
// organisations, over a graph that is in memory in part, and compares the answers with
// those over the whole of it, to the byte.
func (s *service) expands(t *testing.T, whole *service, others int) {
	g, err := whole.engine.Projection.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	part := newPart(t, s.engine.Store, g.Bytes()*9/10)
	var asked []int32
	for i := range int32(g.Actors.Len()) {
		asked = append(asked, i)
	}
	slices.SortStableFunc(asked, func(a, b int32) int { return g.Meetings.Degree(b) - g.Meetings.Degree(a) })
	const hubs = 3
	random := rand.New(rand.NewPCG(8, 5))
	random.Shuffle(len(asked)-hubs, func(i, j int) { asked[hubs+i], asked[hubs+j] = asked[hubs+j], asked[hubs+i] })
	counted := &projectiontest.Counting{Store: s.engine.Store}
	little := newPart(t, counted, g.Bytes()*6/10)
	steps := 2
	for i, a := range asked[:hubs+others] {
		if i == hubs {
			part, steps = little, 1
		}
		var all []string
		for _, c := range asked[i : i+20] {
			all = append(all, g.Actors.ID(c))
		}
		variables := map[string]any{
			"one": g.Actors.ID(a), "other": g.Actors.ID(asked[len(asked)-1-i]), "all": all,
			"steps": steps, "call": g.Calls.ID(int32(random.IntN(g.Calls.Len()))),
		}
		want, _ := graph.Execute(t.Context(), whole.schema, options(), everythingComputed, "", variables)
		got, _ := graph.Execute(t.Context(), part.schema, options(), everythingComputed, "", variables)
		if !bytes.Equal(want, got) {
			t.Fatalf("%v (-whole +in part):\n%s", variables, cmp.Diff(string(indented(t, want)), string(indented(t, got))))
		}
	}
	little.isInPart(t)
	// There are a dozen fields, and each is expanded in a few batches.
	if counted.Batches == 0 || counted.Batches > 12*3*others {
		t.Errorf("neighbours were read %d times for %d organisations", counted.Batches, others)
	}
	t.Logf("neighbours were read %d times by %d statements", counted.Batches, counted.Statements)
}

// newPart returns a service over a store whose graph may take so much memory.
func newPart(t *testing.T, s store.Store, memory int64) *service {
	t.Helper()
	out := &service{engine: engine.New(s)}
	out.engine.Now = storetest.Now
	err := out.engine.Project(storetest.Fixture().Catalog, memory)
	if err == nil {
		out.schema, err = graph.NewSchema(storetest.Fixture().Catalog, out.engine)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}
