package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/kg"
)

// source returns a change of one source.
func source(id string, props kg.Properties) kg.Change {
	all := kg.Properties{"title": id}
	for k, v := range props {
		all[k] = v
	}
	return kg.Change{Node: &kg.Node{Type: "Source", ID: id, Properties: all}}
}

// disagreements: where records disagree one value is shown, the others are kept
// with the reason, and what the sources rank decides even after the fact.
func disagreements(t *testing.T, open Open) {
	s := open(t)
	a := &asker{Graph: Fixture(), store: s}
	says := func(of, derivation string, props kg.Properties) kg.Change {
		return organization("org:t:a", props, kg.Record{Source: "source:t:" + of, Locator: "1", Derivation: derivation})
	}
	fill(t, s, []kg.Change{
		source("source:t:a", kg.Properties{"publishedAt": "2019-03"}), source("source:t:b", kg.Properties{"publishedAt": "2019"}), source("source:t:c", nil),
		says("a", "INFERRED", kg.Properties{"name": "A of a", "city": "Sète", "startup": true}),
		says("b", "", kg.Properties{"name": "A of b", "country": "FR", "startup": true}),
		says("c", "", kg.Properties{"name": "A of c", "city": "Lunel"}),
		rel("MEMBER_OF", "org:t:a", "org:t:a", kg.Properties{"status": "PAST"}, kg.Record{Source: "source:t:c", Locator: "1"}),
		rel("MEMBER_OF", "org:t:a", "org:t:a", kg.Properties{"status": "CURRENT", "seat": int64(3)}, kg.Record{Source: "source:t:a", Locator: "2"}),
	})
	const document = `{ organization(id: "org:t:a") { name city country startup disagreements { property value source { id } instead { id } rule derivation locator }
		members { totalCount } memberOf(include: [PAST]) { edges { seat status disagreements { property value instead { id } rule } } } } }`
	shows := func(t *testing.T, want string) {
		t.Helper()
		got, err := a.bytes(t.Context(), document, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, string(got)); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
	t.Run("shown", func(t *testing.T) {
		shows(t, `{"name":"A of b","city":"Lunel","country":"FR","startup":true,"disagreements":[`+
			`{"property":"city","value":"Sète","source":{"id":"source:t:a"},"instead":{"id":"source:t:c"},"rule":"EXPLICIT","derivation":"INFERRED","locator":"1"},`+
			`{"property":"name","value":"A of a","source":{"id":"source:t:a"},"instead":{"id":"source:t:b"},"rule":"EXPLICIT","derivation":"INFERRED","locator":"1"},`+
			`{"property":"name","value":"A of c","source":{"id":"source:t:c"},"instead":{"id":"source:t:b"},"rule":"LATER","derivation":"EXPLICIT","locator":"1"}],`+
			`"members":{"totalCount":1},"memberOf":{"edges":[{"seat":3,"status":"CURRENT","disagreements":[{"property":"status","value":"PAST","instead":{"id":"source:t:a"},"rule":"LATER"}]}]}}`)
	})
	t.Run("ranked", func(t *testing.T) {
		// The degree follows the status that is shown.
		apply(t, s, kg.Applied{Revision: 2, Updated: 3}, source("source:t:c", kg.Properties{"precedence": int64(1)}))
		shows(t, `{"name":"A of c","city":"Lunel","country":"FR","startup":true,"disagreements":[`+
			`{"property":"city","value":"Sète","source":{"id":"source:t:a"},"instead":{"id":"source:t:c"},"rule":"EXPLICIT","derivation":"INFERRED","locator":"1"},`+
			`{"property":"name","value":"A of a","source":{"id":"source:t:a"},"instead":{"id":"source:t:c"},"rule":"EXPLICIT","derivation":"INFERRED","locator":"1"},`+
			`{"property":"name","value":"A of b","source":{"id":"source:t:b"},"instead":{"id":"source:t:c"},"rule":"PRECEDENCE","derivation":"EXPLICIT","locator":"1"}],`+
			`"members":{"totalCount":0},"memberOf":{"edges":[{"seat":3,"status":"PAST","disagreements":[{"property":"status","value":"CURRENT","instead":{"id":"source:t:c"},"rule":"PRECEDENCE"}]}]}}`)
	})
	t.Run("edited", func(t *testing.T) {
		apply(t, s, kg.Applied{Revision: 3, Updated: 1}, organization("org:t:a", kg.Properties{"name": "A", "city": "Lunel"}))
		apply(t, s, kg.Applied{Revision: 3, Unchanged: 1}, says("c", "", kg.Properties{"name": "A of c", "city": "Lunel"}))
		got := ask[struct {
			Disagreements []struct {
				Property, Rule string
				Instead        any
			}
		}](t, a, `{ organization(id: "org:t:a") { disagreements { property rule instead { id } } } }`, nil)
		if n := len(got.Disagreements); n != 4 || got.Disagreements[3].Rule != "EDITED" || got.Disagreements[3].Instead != nil {
			t.Errorf("%+v", got)
		}
	})
	t.Run("exported", func(t *testing.T) {
		apply(t, s, kg.Applied{Revision: 4, Deleted: 1, Updated: 1}, remove(source("source:t:c", nil)))
		holdsLines(t, s,
			`{"id":"org:t:a","properties":{"city":"Lunel","country":"FR","name":"A","startup":true},"records":[`+
				`{"derivation":"INFERRED","edited":{"name":"A of a"},"locator":"1","overridden":{"city":"Sète"},"properties":["city","name","startup"],"source":"source:t:a"},`+
				`{"edited":{"name":"A of b"},"locator":"1","properties":["country","name","startup"],"source":"source:t:b"},`+
				`{"edited":{"name":"A of c"},"locator":"1","properties":["city","name"],"source":"source:t:c"}],"type":"Organization"}`,
			`{"id":"source:t:a","properties":{"publishedAt":"2019-03","title":"source:t:a"},"type":"Source"}`,
			`{"id":"source:t:b","properties":{"publishedAt":"2019","title":"source:t:b"},"type":"Source"}`,
			`{"from":"org:t:a","properties":{"seat":3,"status":"CURRENT"},"records":[{"locator":"2","source":"source:t:a"},{"locator":"1","overridden":{"status":"PAST"},"properties":["status"],"source":"source:t:c"}],"to":"org:t:a","type":"MEMBER_OF"}`)
	})
	t.Run("embedded", func(t *testing.T) {
		// A value that is stated again with less detail is no news.
		claim := func(passages string) kg.Change {
			return kg.Change{Node: &kg.Node{Type: "Claim", ID: "claim:t:a", Records: []kg.Record{{Source: "source:t:a", Locator: "1"}}, Properties: kg.Properties{
				"subject": "org:t:a", "predicate": "NAME", "status": "CURRENT", "stance": "STATED", "derivation": "EXPLICIT", "passages": kg.JSON(passages),
			}}}
		}
		apply(t, s, kg.Applied{Revision: 5, Created: 1}, claim(`[{"endOffset":2,"startOffset":0}]`))
		apply(t, s, kg.Applied{Revision: 6, Updated: 1}, claim(`[{"endOffset":2,"quote":"ab","startOffset":0}]`))
		apply(t, s, kg.Applied{Revision: 6, Unchanged: 1}, claim(`[{"endOffset":2,"startOffset":0}]`))
		apply(t, s, kg.Applied{Revision: 7, Updated: 1}, claim(`[{"endOffset":3,"startOffset":0}]`))
	})
}

// writingOrders applies what random sources state in random orders, cut into
// random batches: the graph is the same each time.
func writingOrders(t *testing.T, open Open) {
	r := rand.New(rand.NewPCG(2, 7))
	var sources [][]kg.Change
	for i := range 5 {
		id := fmt.Sprintf("source:t:%d", i)
		var changes []kg.Change
		for range 8 {
			record := kg.Record{Source: id, Locator: fmt.Sprint(len(changes)), Derivation: []string{"", "INFERRED"}[r.IntN(2)]}
			props := kg.Properties{}
			for _, name := range []string{"name", "city", "activity"} {
				if r.IntN(2) == 0 {
					props[name] = fmt.Sprint(name, r.IntN(3))
				}
			}
			changes = append(changes, organization(fmt.Sprintf("org:t:%d", r.IntN(3)), props, record))
		}
		status := kg.Properties{"status": []string{"CURRENT", "PAST"}[r.IntN(2)]}
		changes = append(changes, organization("org:t:0", nil, kg.Record{Source: id, Locator: "end"}), rel("MEMBER_OF", "org:t:0", "org:t:0", status, kg.Record{Source: id, Locator: "end"}))
		rank := kg.Properties{"precedence": int64(r.IntN(2)), "publishedAt": fmt.Sprint(2019 + r.IntN(2))}
		sources = append(sources, append(changes, source(id, rank)))
	}
	want, members := "", ""
	for round := range 4 {
		s := open(t)
		r.Shuffle(len(sources), func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
		for _, changes := range sources {
			if r.IntN(2) == 0 { // the source before what it states
				last := len(changes) - 1
				changes = append([]kg.Change{changes[last]}, changes[:last]...)
			}
			for len(changes) > 0 {
				n := 1 + r.IntN(len(changes))
				if _, err := s.Apply(t.Context(), changes[:n]); err != nil {
					t.Fatal(err)
				}
				changes = changes[n:]
			}
		}
		got, degrees := export(t, s), counts(t, &asker{Graph: Fixture(), store: s})
		if round == 0 {
			want, members = got, degrees
		}
		if d := cmp.Diff(want, got); d != "" || degrees != members {
			t.Fatalf("round %d: %s, want %s (-want +got):\n%s", round, degrees, members, d)
		}
	}
}
