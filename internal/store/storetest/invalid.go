package storetest

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// invalid applies batches in which some changes cannot be applied: all of them
// are named, with a reason that says what is wrong, and nothing is applied.
func invalid(t *testing.T, open Open) {
	s := open(t)
	org := func(props kg.Properties) kg.Change { return organization("org:t:new", props) }
	sector := func(props kg.Properties) kg.Change {
		return kg.Change{Node: &kg.Node{Type: "Sector", ID: "sector:t:new", Properties: props}}
	}
	node := func(typ, id string, former ...string) kg.Change {
		return kg.Change{Node: &kg.Node{Type: typ, ID: id, FormerIDs: former}}
	}
	place := func(v any) kg.Change {
		return kg.Change{Node: &kg.Node{Type: "Place", ID: "place:t:new", Properties: kg.Properties{"name": "P", "kind": "SITE", "population": v}}}
	}
	figure := func(v any) kg.Change {
		return kg.Change{Node: &kg.Node{Type: "Figure", ID: "figure:t:new", Properties: kg.Properties{"metric": "CAPACITY", "value": v}}}
	}
	apply(t, s, kg.Applied{Revision: 1, Created: 4}, organization("org:t:a", kg.Properties{"name": "A"}),
		node("Organization", "org:t:b", "org:t:was-b"), node("Project", "project:t:p"),
		kg.Change{Node: &kg.Node{Type: "Sector", ID: "sector:t:s", Properties: kg.Properties{"scheme": "THEME", "code": "s"}}})
	before := export(t, s)

	type bad struct {
		change kg.Change
		reason string // what the reason holds
	}
	for name, list := range map[string][]bad{
		"changes": {
			{kg.Change{}, "node or a relationship"},
			{kg.Change{Node: org(nil).Node, Relationship: rel("SUPPORTS", "org:t:a", "org:t:b", nil).Relationship}, "node or a relationship"},
		},
		"types and ids": {
			{node("Company", "org:t:new"), "Company"},
			{node("Organization", "organization:t:new"), "org:"},
			{node("Organization", "project:t:new"), "org:"},
			{node("Organization", "org"), "org:"},
			{node("Organization", "org:t:a|b"), "|"},
			{node("Organization", "org:t:100%"), "%"},
			{node("Organization", "org:t:nul\x00"), "org:t:nul"},
			{node("Organization", "org:"+strings.Repeat("x", 300)), "256"},
			{node("Organization", "org:t:new", "project:t:old"), "project:t:old"},
		},
		"properties": {
			{org(kg.Properties{"colour": "red"}), "colour"},
			{org(kg.Properties{"id": "org:t:other"}), "id"},
			{org(kg.Properties{"records": kg.JSON("[]")}), "records"},
			{sector(kg.Properties{"scheme": "THEME", "code": "c", "label": "L"}), "label"},
			{org(kg.Properties{"name": int64(1)}), "name"},
			{org(kg.Properties{"name": "nul\x00"}), "name"},
			{org(kg.Properties{"name": "\U0010FFFF"}), "name"},
			{org(kg.Properties{"name": "\xff"}), "name"},
			{org(kg.Properties{"name": nil}), "name"},
			{org(kg.Properties{"aliases": []string{}}), "aliases"},
			{org(kg.Properties{"aliases": []string{"ok", "\x00"}}), "aliases"},
			{org(kg.Properties{"kind": "SHOP"}), "COMPANY"},
			{org(kg.Properties{"startup": "yes"}), "startup"},
			{org(kg.Properties{"foundedIn": "2011-13"}), "2011-13"},
			{org(kg.Properties{"foundedIn": "2020/2011"}), "2020/2011"},
			{place(int64(math.MaxInt32) + 1), "population"},
			{place(int64(math.MinInt32) - 1), "population"},
			{place(1.0), "population"},
			{figure(math.NaN()), "value"},
			{figure(math.Inf(-1)), "value"},
			{figure(math.MaxFloat64), "value"},
			{kg.Change{Node: &kg.Node{Type: "Claim", ID: "claim:t:new", Properties: kg.Properties{"recordedAt": "2026-01-31T12:00:00.5Z"}}}, "recordedAt"},
			{kg.Change{Node: &kg.Node{Type: "Claim", ID: "claim:t:new", Properties: kg.Properties{"recordedAt": "2026-01-31T12:00:00+01:00"}}}, "recordedAt"},
		},
		"required": {
			{sector(nil), "scheme"},
			{sector(kg.Properties{"scheme": "THEME"}), "code"},
			{rel("ACTIVE_IN", "org:t:a", "sector:t:s", nil), "basis"},
			{rel("HAS_ROLE_AT", "person:t:x", "org:t:a", nil), "title"},
			{rel("INVOLVED_IN", "org:t:a", "org:t:b", kg.Properties{"status": "PAST"}), "role"},
		},
		"relationships": {
			{rel("OWNS", "org:t:a", "org:t:b", nil), "OWNS"},
			{rel("MEMBER_OF", "org:t:a", "project:t:p", nil), "MEMBER_OF"},
			{rel("PARTICIPATES_IN", "project:t:p", "org:t:a", nil), "PARTICIPATES_IN"},
			{rel("MEMBER_OF", "org:t:a", "nothing", nil), "nothing"},
			{rel("MEMBER_OF", "org:t:a", "org:t:absent", nil), "org:t:absent"},
			{rel("MEMBER_OF", "org:t:absent", "org:t:a", nil), "org:t:absent"},
			{rel("MEMBER_OF", "org:t:a", "org:t:b", kg.Properties{"seat": "first"}), "seat"},
			{rel("MEMBER_OF", "org:t:a", "org:t:b", kg.Properties{"name": "A"}), "name"},
		},
		"deletions": {
			{kg.Change{Action: kg.Delete}, "node or a relationship"},
			{remove(node("", "company:t:a")), "company:t:a"},
			{remove(node("", "org:")), "org:"},
			{remove(rel("OWNS", "org:t:a", "org:t:b", nil)), "OWNS"},
			{remove(rel("MEMBER_OF", "org:t:a", "project:t:p", nil)), "MEMBER_OF"},
			{remove(rel("INVOLVED_IN", "org:t:a", "org:t:b", nil)), "role"},
		},
		"replacements": {
			{replace(kg.Change{Node: &kg.Node{Type: "Sector", ID: "sector:t:s", Properties: kg.Properties{"scheme": "THEME"}}}), "code"},
			{replace(org(kg.Properties{"colour": "red"})), "colour"},
			{replace(node("Organization", "org:t:a", "org:t:was-b")), "org:t:was-b"},
			{replace(rel("ACTIVE_IN", "org:t:a", "sector:t:s", nil)), "basis"},
			{replace(rel("MEMBER_OF", "org:t:a", "org:t:absent", nil)), "org:t:absent"},
		},
		"former ids": {
			{node("Organization", "org:t:a", "org:t:b"), "org:t:b"},
			{node("Organization", "org:t:a", "org:t:was-b"), "org:t:was-b"},
			{node("Organization", "org:t:new", "org:t:b"), "org:t:b"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			// Good changes stand between the bad ones.
			good := organization("org:t:good", kg.Properties{"name": "G"})
			var batch []kg.Change
			for _, b := range list {
				batch = append(batch, good, b.change)
			}
			_, err := s.Apply(t.Context(), batch)
			var got *store.Invalid
			if !errors.As(err, &got) {
				t.Fatalf("applied: %v, want *store.Invalid", err)
			}
			for i, b := range list {
				if reason := got.Reasons[2*i+1]; !strings.Contains(reason, b.reason) {
					t.Errorf("%d: reason %q does not say %q", i, reason, b.reason)
				}
				if reason, there := got.Reasons[2*i]; there {
					t.Errorf("%d: a good change is refused: %s", i, reason)
				}
			}
			if len(got.Reasons) != len(list) {
				t.Errorf("%d reasons for %d changes", len(got.Reasons), len(list))
			}
			if after := export(t, s); after != before {
				t.Errorf("something was applied:\n%s", after)
			}
		})
	}
	apply(t, s, kg.Applied{Revision: 2, Created: 1}, organization("org:t:good", nil))
}
