package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// degrees: what a node counts follows the relationships that are shown by
// default, as their status changes, on both ends and on each field that sees
// them.
func degrees(t *testing.T, open Open) {
	s := open(t)
	a := &asker{Graph: Fixture(), store: s}
	apply(t, s, kg.Applied{Revision: 1, Created: 3}, organization("org:t:a", nil), organization("org:t:b", nil), organization("org:t:c", nil))
	status := func(st string) kg.Properties {
		if st == "" {
			return nil
		}
		return kg.Properties{"status": st}
	}
	for i, step := range []struct {
		from, to, status string
		want             string // members of a, b, c, then memberOf of a, b, c
	}{
		{"a", "b", "", "0 1 0 1 0 0"},
		{"c", "b", "CURRENT", "0 2 0 1 0 1"},
		{"a", "b", "CURRENT", "0 2 0 1 0 1"},
		{"a", "b", "PAST", "0 1 0 0 0 1"},
		{"a", "b", "PLANNED", "0 1 0 0 0 1"},
		{"a", "b", "CURRENT", "0 2 0 1 0 1"},
		{"b", "a", "PLANNED", "0 2 0 1 0 1"},
		{"c", "c", "", "0 2 1 1 0 2"},
		{"c", "c", "PAST", "0 2 0 1 0 1"},
		{"c", "c", "CURRENT", "0 2 1 1 0 2"},
	} {
		if _, err := s.Apply(t.Context(), []kg.Change{rel("MEMBER_OF", "org:t:"+step.from, "org:t:"+step.to, status(step.status))}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(step.want, counts(t, a)); d != "" {
			t.Errorf("step %d, %s to %s is %q (-want +got):\n%s", i, step.from, step.to, step.status, d)
		}
	}
	// Several changes of one relationship in one batch.
	apply(t, s, kg.Applied{Revision: 12, Updated: 2}, rel("MEMBER_OF", "org:t:a", "org:t:b", status("PAST")), rel("MEMBER_OF", "org:t:a", "org:t:b", status("CURRENT")))
	if d := cmp.Diff("0 2 1 1 0 2", counts(t, a)); d != "" {
		t.Error(d)
	}
}

// counts returns degrees as totals, and makes sure that orders see the same.
func counts(t *testing.T, a *asker) string {
	t.Helper()
	type total struct{ TotalCount int }
	type list struct {
		Nodes []struct {
			ID                string
			Members, MemberOf total
		}
	}
	var members, memberOf []string
	got := ask[list](t, a, "{ organizations { nodes { id members { totalCount } memberOf { totalCount } } } }", nil)
	for _, n := range got.Nodes {
		members = append(members, fmt.Sprint(n.Members.TotalCount))
		memberOf = append(memberOf, fmt.Sprint(n.MemberOf.TotalCount))
	}
	last := -1
	for _, n := range ask[list](t, a, "{ organizations(orderBy: {field: MEMBERS_COUNT}) { nodes { id members { totalCount } memberOf { totalCount } } } }", nil).Nodes {
		if n.Members.TotalCount < last {
			t.Errorf("%s with %d members comes after one with %d", n.ID, n.Members.TotalCount, last)
		}
		last = n.Members.TotalCount
	}
	return strings.Join(append(members, memberOf...), " ")
}

// load fills an empty store in one go, where a store can: the graph is the same
// as by Apply, and it is there as a whole or not at all.
func load(t *testing.T, open Open) {
	s := open(t)
	loader, ok := s.(store.Loader)
	if !ok {
		t.Log("the store is no store.Loader: imports go through Apply")
		return
	}
	g := Fixture()
	failure := errors.New("the file ends here")
	err := loader.Load(t.Context(), func(apply func([]kg.Change) (kg.Applied, error)) error {
		_, err := apply(g.Changes()[:50])
		return errors.Join(err, failure)
	})
	if !errors.Is(err, failure) {
		t.Errorf("a load that fails: %v, want its error", err)
	}
	if got := export(t, s); got != "" {
		t.Fatalf("a load that fails leaves %q", got)
	}
	var done kg.Applied
	err = loader.Load(t.Context(), func(apply func([]kg.Change) (kg.Applied, error)) error {
		// A batch that is refused can be mended and tried again.
		bad := organization("org:t:bad", kg.Properties{"kind": "SHOP"})
		var refused *store.Invalid
		if _, err := apply([]kg.Change{g.Changes()[0], bad}); !errors.As(err, &refused) || refused.Reasons[1] == "" {
			t.Errorf("an invalid change: %v", err)
		}
		for changes := g.Changes(); len(changes) > 0; {
			n := min(64, len(changes))
			got, err := apply(changes[:n])
			if err != nil {
				return err
			}
			done = done.Add(got)
			changes = changes[n:]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// One change may have been merged by the batch that was refused.
	if n := len(g.Changes()); done.Updated != 0 || done.Created != n && done.Created != n-1 {
		t.Errorf("loaded: %+v, want %d created", done, n)
	}
	a := &asker{Graph: g, store: s}
	for _, test := range []func(*testing.T, *asker){scan, lookup, statuses, orders} {
		test(t, a)
	}
	if got := ask[struct{ Revision int }](t, a, "{ stats { revision } }", nil); got.Revision != 1 {
		t.Errorf("revision %d after a load, want 1", got.Revision)
	}
	if err := loader.Load(t.Context(), func(func([]kg.Change) (kg.Applied, error)) error { return nil }); kg.CodeOf(err) != kg.Conflict {
		t.Errorf("a load into a store that is not empty: %v, want CONFLICT", err)
	}
	// What is loaded can be changed.
	apply(t, s, kg.Applied{Revision: 2, Created: 1, Updated: 1, Unchanged: 1},
		organization("org:t:alpha", kg.Properties{"name": "Alpha"}), organization("org:t:after", nil), rel("PARTICIPATES_IN", "org:t:beta", "project:t:ash", nil))
}
