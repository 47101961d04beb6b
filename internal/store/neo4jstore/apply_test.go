package neo4jstore

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

func organization(id, name string, former ...string) kg.Change {
	return kg.Change{Node: &kg.Node{Type: "Organization", ID: id, FormerIDs: former, Properties: kg.Properties{"name": name}}}
}

func project(id string) kg.Change {
	return kg.Change{Node: &kg.Node{Type: "Project", ID: id, Properties: kg.Properties{"label": id}}}
}

func relationship(typ, from, to string, props kg.Properties, records ...kg.Record) kg.Change {
	return kg.Change{Relationship: &kg.Relationship{Type: typ, From: from, To: to, Properties: props, Records: records}}
}

// batches go through what merging can meet; each is applied twice.
var batches = map[string][][]kg.Change{
	"nothing": {{}},
	"create, update, keep": {
		{organization("org:t:1", "one"), project("project:t:1"), relationship("PARTICIPATES_IN", "org:t:1", "project:t:1", nil)},
		{
			organization("org:t:1", "ONE"),
			{Node: &kg.Node{Type: "Organization", ID: "org:t:1", Properties: kg.Properties{"city": "Montpellier", "aliases": []string{"é"}}}},
			relationship("PARTICIPATES_IN", "org:t:1", "project:t:1", kg.Properties{"contribution": int64(125)}),
			project("project:t:1"),
		},
	},
	"one batch meets itself": {{
		organization("org:t:1", "a"), organization("org:t:1", "b"), organization("org:t:1", "b"), organization("org:t:2", "c"),
		relationship("MEMBER_OF", "org:t:1", "org:t:2", kg.Properties{"seat": int64(1)}),
		relationship("MEMBER_OF", "org:t:1", "org:t:2", kg.Properties{"seat": int64(2)}),
		relationship("MEMBER_OF", "org:t:1", "org:t:2", nil),
		relationship("MEMBER_OF", "org:t:1", "org:t:1", nil),
	}},
	"status moves the counts": {
		{organization("org:t:1", "a"), organization("org:t:2", "b"), relationship("MEMBER_OF", "org:t:1", "org:t:2", nil)},
		{relationship("MEMBER_OF", "org:t:1", "org:t:2", kg.Properties{"status": "PAST"})},
		{relationship("MEMBER_OF", "org:t:1", "org:t:2", kg.Properties{"status": "CURRENT"}), relationship("MEMBER_OF", "org:t:2", "org:t:1", kg.Properties{"status": "PLANNED"})},
	},
	"former ids": {
		{organization("org:t:1", "a", "org:t:old"), project("project:t:1")},
		{
			organization("org:t:old", "b"),
			organization("org:t:1", "b", "org:t:1", "org:t:older"),
			relationship("PARTICIPATES_IN", "org:t:older", "project:t:1", nil),
			relationship("PARTICIPATES_IN", "org:t:old", "project:t:1", kg.Properties{"role": "OWNER"}),
			relationship("PARTICIPATES_IN", "org:t:1", "project:t:1", kg.Properties{"ended": true}),
		},
	},
	"keys": {
		{
			organization("org:t:1", "a"), {Node: &kg.Node{Type: "Person", ID: "person:t:1", Properties: kg.Properties{"name": "P"}}},
			relationship("HAS_ROLE_AT", "person:t:1", "org:t:1", kg.Properties{"title": "x"}),
			relationship("HAS_ROLE_AT", "person:t:1", "org:t:1", kg.Properties{"title": "x|y%"}),
		},
		{relationship("HAS_ROLE_AT", "person:t:1", "org:t:1", kg.Properties{"title": "x", "to": "2020"})},
	},
	"records": {
		{
			{Node: &kg.Node{Type: "Source", ID: "source:t:1", Properties: kg.Properties{"title": "S"}}},
			{Node: &kg.Node{Type: "Organization", ID: "org:t:1", Records: []kg.Record{{Source: "source:t:2", Locator: "b"}, {Source: "source:t:1", Locator: "a"}}}},
			project("project:t:1"),
			relationship("PARTICIPATES_IN", "org:t:1", "project:t:1", nil, kg.Record{Source: "source:t:1", Locator: "x"}),
		},
		{
			{Node: &kg.Node{Type: "Organization", ID: "org:t:1", Records: []kg.Record{{Source: "source:t:1", Locator: "a", Derivation: "INFERRED"}, {Source: "source:t:0", Locator: "c", Properties: []string{"name"}}}}},
			relationship("PARTICIPATES_IN", "org:t:1", "project:t:1", nil, kg.Record{Source: "source:t:1", Locator: "y"}),
		},
	},
	"delete and replace": {
		{
			organization("org:t:1", "a", "org:t:old", "org:t:1"), organization("org:t:2", "b"), project("project:t:1"),
			relationship("PARTICIPATES_IN", "org:t:1", "project:t:1", nil), relationship("MEMBER_OF", "org:t:1", "org:t:2", nil), relationship("MEMBER_OF", "org:t:1", "org:t:1", nil),
		},
		{
			{Action: kg.Delete, Node: &kg.Node{ID: "org:t:1"}},
			organization("org:t:2", "b", "org:t:1", "org:t:old"),
			relationship("PARTICIPATES_IN", "org:t:1", "project:t:1", nil),
			{Action: kg.Replace, Node: &kg.Node{Type: "Project", ID: "project:t:1"}},
		},
		{
			{Action: kg.Replace, Node: &kg.Node{Type: "Organization", ID: "org:t:old", FormerIDs: []string{"org:t:3"}}},
			{Action: kg.Delete, Relationship: relationship("PARTICIPATES_IN", "org:t:3", "project:t:1", nil).Relationship},
			organization("org:t:1", "again"),
			{Action: kg.Delete, Node: &kg.Node{ID: "project:t:1"}},
			project("project:t:1"),
			relationship("PARTICIPATES_IN", "org:t:1", "project:t:1", nil),
		},
	},
	"invalid": {
		{organization("org:t:1", "a", "org:t:old"), organization("org:t:2", "b")},
		{
			organization("org:t:3", "c"),
			organization("org:t:2", "b", "org:t:1"),
			organization("org:t:4", "d", "org:t:old"),
			relationship("MEMBER_OF", "org:t:4", "org:t:1", nil),
			relationship("MEMBER_OF", "org:t:5", "org:t:1", nil),
			organization("org:t:5", "e"),
			{Node: &kg.Node{Type: "Synergy", ID: "synergy:t:1"}},
			relationship("INVOLVES", "synergy:t:1", "org:t:1", nil),
			relationship("ACTIVE_IN", "org:t:1", "sector:t:1", nil),
			{Node: &kg.Node{Type: "Nothing", ID: "org:t:6"}},
			{},
			{Node: &kg.Node{Type: "Organization", ID: "org:t:7", Properties: kg.Properties{"foundedIn": "tomorrow"}}},
		},
		{{Node: &kg.Node{Type: "Sector", ID: "sector:t:1", Properties: kg.Properties{"scheme": "THEME", "code": "x"}}}, relationship("ACTIVE_IN", "org:t:1", "sector:t:1", nil)},
		{organization("org:t:9", "after")},
	},
}

// TestApplyEqualsReference applies the same batches to both engines: results,
// refusals, exports and counts are equal, and the second time nothing changes.
func TestApplyEqualsReference(t *testing.T) {
	server := empty(t)
	for name, list := range batches {
		t.Run(name, func(t *testing.T) {
			blank(t, server)
			ref := reference(t)
			for i, batch := range list {
				for range 2 {
					got, want := outcome(server.Apply(t.Context(), batch)), outcome(ref.Apply(t.Context(), batch))
					if got != want {
						t.Fatalf("batch %d: got %s, want %s", i, got, want)
					}
				}
				if diff := cmp.Diff(string(export(t, ref)), string(export(t, server))); diff != "" {
					t.Fatalf("batch %d: %s", i, diff)
				}
			}
			for _, q := range []string{
				`{ organizations(orderBy: [{field: MEMBERS_COUNT}]) { edges { cursor node { id projects { totalCount edges { id } } people { totalCount } members { totalCount } memberOf { totalCount } records { source { title } } } } } }`,
				`{ projects(orderBy: [{field: ORGANIZATIONS_COUNT}]) { edges { cursor node { organizations { totalCount edges { id records { locator source { id } } } } } } } }`,
				`{ nodes(ids: ["org:t:old", "org:t:older", "org:t:1"]) { ... on Organization { id name } } }`,
				`{ stats { revision updatedAt nodes { type count } relationships { type count } } }`,
			} {
				same(t, server, ref, q, nil)
			}
		})
	}
}

// clear empties the graph but keeps constraints and indexes.
func blank(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	statement(t, s, "MATCH (n) WHERE NOT n:Meta DETACH DELETE n")
	statement(t, s, "MATCH (m:Meta) SET m.revision = 0 REMOVE m.updatedAt")
}

func outcome(done kg.Applied, err error) string {
	var invalid *store.Invalid
	if errors.As(err, &invalid) {
		var lines []string
		for i, r := range invalid.Reasons {
			lines = append(lines, fmt.Sprintf("%02d %s", i, r))
		}
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}
	return fmt.Sprint(done, err)
}

// TestWritersTakeTurns has several writers, of two processes as it were, change
// what they share.
func TestWritersTakeTurns(t *testing.T) {
	a := empty(t)
	apply(t, a, []kg.Change{project("project:t:hub")})
	c, _ := model()
	server := openServer(t)
	b, err := Open(t.Context(), server.URI(), Auth{}, c, Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	const writers, rounds = 8, 5
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[int64]bool{}
	for w := range writers {
		s := []*Store{a, b}[w%2]
		wg.Go(func() {
			for r := range rounds {
				id := fmt.Sprintf("org:t:%d-%d", w, r)
				done, err := s.Apply(t.Context(), []kg.Change{organization(id, id), relationship("PARTICIPATES_IN", id, "project:t:hub", nil)})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if seen[done.Revision] {
					t.Errorf("revision %d twice", done.Revision)
				}
				seen[done.Revision] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	want := fmt.Sprintf(`{"organizations":{"totalCount":%d,"nodes":[{"id":"org:t:0-0"}]}}`, writers*rounds)
	if got := run(t, a, planOf(t, `{ project(id: "project:t:hub") { organizations(first: 1) { totalCount nodes { id } } } }`, nil)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if n := statement(t, a, "MATCH (c:Change) RETURN count(c)"); n != int64(writers*rounds+1) {
		t.Errorf("the log has %v entries", n)
	}
}

// TestUnknownOutcome runs an operation again as if the first connection had been
// lost after the commit.
func TestUnknownOutcome(t *testing.T) {
	s := empty(t)
	apply(t, s, []kg.Change{project("project:t:1")})
	w := &operation{store: s, changes: []kg.Change{organization("org:t:1", "a")}, name: "test"}
	if err := s.transact(t.Context(), w.apply); err != nil {
		t.Fatal(err)
	}
	first := w.done
	w.done = kg.Applied{}
	if err := w.recover(t.Context(), &unknownOutcome{errors.New("lost")}); err != nil || w.done != first {
		t.Errorf("found again as %+v, %v; was %+v", w.done, err, first)
	}
	w = &operation{store: s, changes: []kg.Change{organization("org:t:2", "b")}, name: "other"}
	if err := w.recover(t.Context(), &unknownOutcome{errors.New("lost")}); err != nil || w.done.Created != 1 {
		t.Errorf("not applied and run again: %+v, %v", w.done, err)
	}
}

// TestModels opens databases of other models.
func TestModels(t *testing.T) {
	s := empty(t)
	apply(t, s, sample()[:50])
	c, _ := model()
	load := func(sdl string) *catalog.Catalog {
		t.Helper()
		c, err := catalog.Load(sdl)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	server := openServer(t)
	small := load(`
type Thing implements Node @node(prefix: "thing", plural: "things") { id: ID! name: String @index parts: [Thing!]! @relationship(type: "HAS", direction: OUT) }`)
	if _, err := Open(t.Context(), server.URI(), Auth{}, small, Options{}); err == nil || !strings.Contains(err.Error(), "does not extend") {
		t.Errorf("another model: %v", err)
	}
	statement(t, s, "MATCH (m:Meta) SET m.format = 99")
	if _, err := Open(t.Context(), server.URI(), Auth{}, c, Options{}); err == nil || !strings.Contains(err.Error(), "format 99") || strings.Contains(err.Error(), "\n") {
		t.Errorf("a newer format: %v", err)
	}
	if err := server.Wipe(t.Context()); err != nil {
		t.Fatal(err)
	}

	// A model that grows: a property with an index, a count, a type.
	old, err := Open(t.Context(), server.URI(), Auth{}, small, Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	thing := func(id string) kg.Change {
		return kg.Change{Node: &kg.Node{Type: "Thing", ID: id, Properties: kg.Properties{"name": id}}}
	}
	apply(t, old, []kg.Change{thing("thing:1"), thing("thing:2"), relationship("HAS", "thing:1", "thing:2", nil)})
	_ = old.Close()
	large := load(`
type Thing implements Node @node(prefix: "thing", plural: "things") {
  id: ID! name: String @index size: Int @index
  parts: [Thing!]! @relationship(type: "HAS", direction: OUT)
  wholes: [Thing!]! @relationship(type: "HAS", direction: IN, index: true) }
type Other implements Node @node(prefix: "other") { id: ID! }`)
	grown, err := Open(t.Context(), server.URI(), Auth{}, large, Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = grown.Close() }()
	if err := grown.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := statement(t, grown, "MATCH (n:Thing) WITH n ORDER BY n.id RETURN collect([n.size_key, n.wholes_count])")
	if want := "[[9223372036854775807 0] [9223372036854775807 1]]"; fmt.Sprint(got) != want {
		t.Errorf("filled: %v, want %s", got, want)
	}
}

// TestListsBesideAreFilled: a database from before derivations were kept beside
// records finds by them once it has been opened.
func TestListsBesideAreFilled(t *testing.T) {
	s := empty(t)
	inferred := kg.Record{Source: "source:t:a", Derivation: "INFERRED"}
	org := organization("org:t:1", "a")
	org.Node.Records = []kg.Record{{Source: "source:t:b"}, inferred}
	apply(t, s, []kg.Change{org, organization("org:t:2", "b"), project("project:t:1"), relationship("PARTICIPATES_IN", "org:t:1", "project:t:1", nil, inferred)})
	beside := func(s *Store) any {
		return statement(t, s, "OPTIONAL MATCH (n)-[e:PARTICIPATES_IN]->() RETURN [n.records_source, n.records_derivation, e.records_derivation]")
	}
	want := fmt.Sprint(beside(s))
	statement(t, s, "MATCH (n)-[e:PARTICIPATES_IN]->() REMOVE n.records_derivation, e.records_derivation")
	statement(t, s, "MATCH (m:Meta) SET m.catalog = 'old', m.model = replace(m.model, ' records_derivation:Enum', '')")
	c, _ := model()
	again, err := Open(t.Context(), openServer(t).URI(), Auth{}, c, Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if err := again.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(beside(again)); got != want || !strings.Contains(want, "[INFERRED]") || !strings.Contains(want, "[INFERRED EXPLICIT]") {
		t.Errorf("beside the records stands %s, want %s", got, want)
	}
}
