package storetest

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/kg"
)

// remove makes a change one that deletes what it names.
func remove(ch kg.Change) kg.Change { ch.Action = kg.Delete; return ch }

// replace makes a change one that replaces what it names.
func replace(ch kg.Change) kg.Change { ch.Action = kg.Replace; return ch }

// deleting: what is deleted is gone with all that hangs on it, counts of what is
// left are right, and deleting what is absent changes nothing.
func deleting(t *testing.T, open Open) {
	s := open(t)
	a := &asker{Graph: Fixture(), store: s}
	member := func(from, to string) kg.Change { return rel("MEMBER_OF", "org:t:"+from, "org:t:"+to, nil) }
	past := rel("MEMBER_OF", "org:t:b", "org:t:a", kg.Properties{"status": "PAST"})
	joins := rel("INVOLVED_IN", "org:t:a", "org:t:b", kg.Properties{"role": "JOINS"})
	leads := rel("INVOLVED_IN", "org:t:a", "org:t:b", kg.Properties{"role": "LEADS"})
	old := kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:t:a", FormerIDs: []string{"org:t:x", "org:t:y"}, Properties: kg.Properties{"name": "A"}}}
	apply(t, s, kg.Applied{Revision: 1, Created: 10}, old, organization("org:t:b", nil), organization("org:t:c", nil),
		member("a", "b"), member("c", "b"), member("c", "a"), member("a", "a"), past, joins, leads)

	t.Run("relationships", func(t *testing.T) {
		apply(t, s, kg.Applied{Revision: 2, Deleted: 3, Unchanged: 2}, remove(member("x", "b")), remove(member("a", "b")), remove(member("absent", "b")), remove(past), remove(joins))
		apply(t, s, kg.Applied{Revision: 2, Unchanged: 1}, remove(joins))
		holdsLines(t, s,
			`{"formerIds":["org:t:x","org:t:y"],"id":"org:t:a","properties":{"name":"A"},"type":"Organization"}`,
			`{"id":"org:t:b","type":"Organization"}`,
			`{"id":"org:t:c","type":"Organization"}`,
			`{"from":"org:t:a","properties":{"role":"LEADS"},"to":"org:t:b","type":"INVOLVED_IN"}`,
			`{"from":"org:t:a","to":"org:t:a","type":"MEMBER_OF"}`,
			`{"from":"org:t:c","to":"org:t:a","type":"MEMBER_OF"}`,
			`{"from":"org:t:c","to":"org:t:b","type":"MEMBER_OF"}`)
		if got := counts(t, a); got != "2 1 0 1 0 2" {
			t.Errorf("members and memberships: %s", got)
		}
	})
	t.Run("nodes", func(t *testing.T) {
		// What is deleted by a former id is not the node that has it.
		apply(t, s, kg.Applied{Revision: 2, Unchanged: 2}, remove(organization("org:t:x", nil)), remove(organization("org:t:absent", nil)))
		apply(t, s, kg.Applied{Revision: 3, Deleted: 4}, remove(organization("org:t:a", nil)))
		apply(t, s, kg.Applied{Revision: 3, Unchanged: 1}, remove(organization("org:t:a", nil)))
		holdsLines(t, s,
			`{"id":"org:t:b","type":"Organization"}`,
			`{"id":"org:t:c","type":"Organization"}`,
			`{"from":"org:t:c","to":"org:t:b","type":"MEMBER_OF"}`)
		if got := counts(t, a); got != "1 0 0 1" {
			t.Errorf("members and memberships: %s", got)
		}
		for _, id := range []string{"org:t:a", "org:t:x", "org:t:y"} {
			if got, err := a.bytes(t.Context(), "query($id: ID!) { organization(id: $id) { id } }", vars{"id": id}); err != nil || string(got) != "null" {
				t.Errorf("%s: %s, %v", id, got, err)
			}
		}
	})
	t.Run("made again", func(t *testing.T) {
		// Counts begin anew, in one call as well.
		apply(t, s, kg.Applied{Revision: 4, Created: 3, Deleted: 2, Unchanged: 1}, remove(organization("org:t:b", nil)), remove(member("c", "b")),
			organization("org:t:b", kg.Properties{"name": "B"}), member("b", "b"), member("b", "c"))
		if got := counts(t, a); got != "1 1 2 0" {
			t.Errorf("members and memberships: %s", got)
		}
		apply(t, s, kg.Applied{Revision: 5, Created: 2, Deleted: 2}, organization("org:t:d", nil), member("d", "c"), remove(organization("org:t:d", nil)))
		if got := counts(t, a); got != "1 1 2 0" {
			t.Errorf("members and memberships: %s", got)
		}
	})
	t.Run("one into another", func(t *testing.T) {
		b := organization("org:t:c", nil)
		b.Node.FormerIDs = []string{"org:t:b"}
		apply(t, s, kg.Applied{Revision: 6, Created: 1, Updated: 1, Deleted: 3}, remove(organization("org:t:b", nil)), b, member("b", "c"))
		holdsLines(t, s,
			`{"formerIds":["org:t:b"],"id":"org:t:c","type":"Organization"}`,
			`{"from":"org:t:c","to":"org:t:c","type":"MEMBER_OF"}`)
		apply(t, s, kg.Applied{Revision: 6, Unchanged: 1}, remove(organization("org:t:b", nil)))
	})
	t.Run("everything", func(t *testing.T) {
		apply(t, s, kg.Applied{Revision: 7, Deleted: 2}, remove(organization("org:t:c", nil)))
		holdsLines(t, s)
	})
}

// replacing: what is not given goes away, its keys too.
func replacing(t *testing.T, open Open) {
	s := open(t)
	a := &asker{Graph: Fixture(), store: s}
	record := kg.Record{Source: "source:t:x", Locator: "row 1"}
	full := kg.Change{Node: &kg.Node{
		Type: "Organization", ID: "org:t:a", FormerIDs: []string{"org:t:x", "org:t:y"}, Records: []kg.Record{record},
		Properties: kg.Properties{"name": "A", "foundedIn": "2011", "aliases": []string{"a"}, "location": kg.JSON(`{"latitude":43.6,"longitude":3.8}`)},
	}}
	bare := replace(kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:t:x", FormerIDs: []string{"org:t:y"}, Properties: kg.Properties{"city": "Sète"}}})
	member := rel("MEMBER_OF", "org:t:a", "org:t:b", kg.Properties{"status": "PAST", "seat": int64(1)}, record)
	apply(t, s, kg.Applied{Revision: 1, Created: 3}, full, replace(organization("org:t:b", kg.Properties{"name": "B"})), replace(member))
	apply(t, s, kg.Applied{Revision: 2, Updated: 2}, bare, replace(rel("MEMBER_OF", "org:t:a", "org:t:b", kg.Properties{"listOrder": int64(2)})))
	holdsLines(t, s,
		`{"formerIds":["org:t:y"],"id":"org:t:a","properties":{"city":"Sète"},"type":"Organization"}`,
		`{"id":"org:t:b","properties":{"name":"B"},"type":"Organization"}`,
		`{"from":"org:t:a","properties":{"listOrder":2},"to":"org:t:b","type":"MEMBER_OF"}`)
	bare.Node.ID = "org:t:a"
	apply(t, s, kg.Applied{Revision: 2, Unchanged: 2}, bare, replace(rel("MEMBER_OF", "org:t:a", "org:t:b", kg.Properties{"listOrder": int64(2)})))
	if got := counts(t, a); got != "0 1 1 0" {
		t.Errorf("members and memberships: %s", got)
	}
	// An absent name is last, and a former id that is taken away is free.
	for document, want := range map[string]string{
		"{ organizations(orderBy: {field: NAME}) { nodes { id } } }":                                    `{"nodes":[{"id":"org:t:b"},{"id":"org:t:a"}]}`,
		"{ organizations(filter: {foundedIn: {eq: \"2011\"}}) { nodes { id } } }":                       `{"nodes":[]}`,
		`{ organization(id: "org:t:x") { id } }`:                                                        "null",
		`{ organization(id: "org:t:y") { id name aliases location { latitude } records { locator } } }`: `{"id":"org:t:a","name":null,"aliases":[],"location":null,"records":[]}`,
	} {
		if got, err := a.bytes(t.Context(), document, nil); err != nil || string(got) != want {
			t.Errorf("%s: %s, %v, want %s", document, got, err, want)
		}
	}
	apply(t, s, kg.Applied{Revision: 3, Created: 1}, organization("org:t:x", nil))
}

// mixing applies random changes of few nodes, many in a call, and compares what
// the store holds, and counts, with a graph of maps.
func mixing(t *testing.T, open Open) {
	s := open(t)
	a := &asker{Graph: Fixture(), store: s}
	m := clubs{nodes: map[string]*kg.Node{}, rels: map[string]*kg.Relationship{}}
	r := rand.New(rand.NewPCG(5, 26))
	id := func() string { return "org:t:" + string(rune('a'+r.IntN(5))) }
	for round := range 25 {
		var changes []kg.Change
		for range 1 + r.IntN(12) {
			ch := kg.Change{Action: kg.Action(r.IntN(3))}
			if r.IntN(3) == 0 {
				ch.Node = &kg.Node{Type: "Organization", ID: id(), Properties: kg.Properties{[]string{"name", "city"}[r.IntN(2)]: id()}}
				if former := id(); r.IntN(3) == 0 && m.free(former, ch.Node.ID) {
					ch.Node.FormerIDs = []string{former}
				}
			} else {
				ch.Relationship = &kg.Relationship{Type: "MEMBER_OF", From: id(), To: id(), Properties: kg.Properties{"status": []string{"CURRENT", "PAST"}[r.IntN(2)]}}
			}
			if m.change(ch) {
				changes = append(changes, ch)
			}
		}
		if _, err := s.Apply(t.Context(), changes); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		want, err := encode(a.Catalog, m.changes())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, export(t, s)); d != "" {
			t.Fatalf("round %d: %+v (-want +got):\n%s", round, changes, d)
		}
		if d := cmp.Diff(m.counts(), counts(t, a)); d != "" {
			t.Fatalf("round %d: %s", round, d)
		}
	}
}

// clubs is a graph of organisations and memberships as plain as can be.
type clubs struct {
	nodes map[string]*kg.Node         // by id
	rels  map[string]*kg.Relationship // by both ids
}

// node returns the node of an id or former id.
func (m clubs) node(id string) *kg.Node {
	for _, n := range m.nodes {
		if n.ID == id || slices.Contains(n.FormerIDs, id) {
			return n
		}
	}
	return nil
}

// free reports whether an id can be a former one of a node.
func (m clubs) free(former, of string) bool {
	return former != of && (m.node(former) == nil || m.node(former) == m.node(of))
}

// change makes a change, or reports that it cannot be made.
func (m clubs) change(ch kg.Change) bool {
	if ch.Relationship != nil {
		return m.changeRelationship(ch)
	}
	n := m.node(ch.Node.ID)
	switch {
	case ch.Action == kg.Delete && (n == nil || n.ID != ch.Node.ID):
	case ch.Action == kg.Delete:
		delete(m.nodes, n.ID)
		for key, r := range m.rels {
			if r.From == n.ID || r.To == n.ID {
				delete(m.rels, key)
			}
		}
	case n == nil:
		clone := *ch.Node
		m.nodes[clone.ID] = &clone
	default:
		after := kg.Node{Type: n.Type, ID: n.ID, FormerIDs: ch.Node.FormerIDs, Properties: kg.Properties{}}
		if ch.Action == kg.Merge {
			after.FormerIDs = append(slices.Clone(n.FormerIDs), ch.Node.FormerIDs...)
			for k, v := range n.Properties {
				after.Properties[k] = v
			}
		}
		for k, v := range ch.Node.Properties {
			after.Properties[k] = v
		}
		after.FormerIDs = slices.Compact(slices.Sorted(slices.Values(after.FormerIDs)))
		*n = after
	}
	return true
}

func (m clubs) changeRelationship(ch kg.Change) bool {
	from, to := m.node(ch.Relationship.From), m.node(ch.Relationship.To)
	if from == nil || to == nil {
		return ch.Action == kg.Delete
	}
	key := from.ID + to.ID
	if ch.Action == kg.Delete {
		delete(m.rels, key)
		return true
	}
	m.rels[key] = &kg.Relationship{Type: "MEMBER_OF", From: from.ID, To: to.ID, Properties: ch.Relationship.Properties}
	return true
}

// changes returns the graph in the order of exports.
func (m clubs) changes() (out []kg.Change) {
	for _, n := range m.nodes {
		out = append(out, kg.Change{Node: n})
	}
	slices.SortFunc(out, func(a, b kg.Change) int { return strings.Compare(a.Node.ID, b.Node.ID) })
	var rels []*kg.Relationship
	for _, r := range m.rels {
		rels = append(rels, r)
	}
	slices.SortFunc(rels, func(a, b *kg.Relationship) int { return strings.Compare(a.From+a.To, b.From+b.To) })
	for _, r := range rels {
		out = append(out, kg.Change{Relationship: r})
	}
	return out
}

// counts returns members and then memberships by organisation, like counts.
func (m clubs) counts() string {
	var ids []string
	for id := range m.nodes {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var out []string
	for _, end := range []func(*kg.Relationship) string{
		func(r *kg.Relationship) string { return r.To },
		func(r *kg.Relationship) string { return r.From },
	} {
		for _, id := range ids {
			n := 0
			for _, r := range m.rels {
				if end(r) == id && r.Properties["status"] == "CURRENT" {
					n++
				}
			}
			out = append(out, strconv.Itoa(n))
		}
	}
	return strings.Join(out, " ")
}
