package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// sight is what a reader sees of the members of a hub.
type sight struct {
	degree int // as the stored count says
	listed int // nodes of the page
	joined int // of those, the ones whose own count includes the hub
}

// whole reports whether all of it can be of one moment: pairs are written
// together, and no two counts differ.
func (s sight) whole() bool { return s.degree%2 == 0 && s.degree == s.listed && s.listed == s.joined }

// concurrency has readers look at a hub while a writer adds pairs of members.
// Nobody fails or waits for ever, and nobody sees less than before. That an
// answer is of one moment is more than every database promises: see
// RunSnapshots.
func concurrency(t *testing.T, open Open) {
	watch(t, open(t), func(before, now sight) error {
		if now.listed < before.listed {
			return fmt.Errorf("%+v is seen after %+v", now, before)
		}
		return nil
	})
}

// RunSnapshots tests stores whose answers are each of one moment: a write is
// seen as a whole or not at all.
func RunSnapshots(t *testing.T, open Open) {
	watch(t, open(t), func(_, now sight) error {
		if !now.whole() {
			return fmt.Errorf("half a write is seen: %+v", now)
		}
		return nil
	})
}

// watch writes and reads at once. The readers check what they see against what
// they saw before.
func watch(t *testing.T, s store.Store, check func(before, now sight) error) {
	const pairs, readers = 30, 4
	a := &asker{Graph: Fixture(), store: s}
	fill(t, s, []kg.Change{organization("org:t:hub", kg.Properties{"name": "Hub"})})
	p, err := a.Plan(`{ organization(id: "org:t:hub") { members(first: 100) { totalCount nodes { memberOf { totalCount } } } } }`, nil)
	if err != nil {
		t.Fatal(err)
	}
	written := make(chan struct{})
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			var before sight
			for {
				now, err := look(t.Context(), s, p)
				if err == nil {
					err = check(before, now)
				}
				if err != nil {
					t.Error(err)
					return
				}
				before = now
				select {
				case <-written:
					return
				default:
				}
			}
		})
	}
	for i := range pairs {
		var batch []kg.Change
		for _, half := range []string{"a", "b"} {
			id := fmt.Sprintf("org:t:%02d%s", i, half)
			batch = append(batch, organization(id, kg.Properties{"name": id}), rel("MEMBER_OF", id, "org:t:hub", nil))
		}
		if _, err := s.Apply(t.Context(), batch); err != nil {
			t.Error(err)
			break
		}
	}
	close(written)
	wg.Wait()
	if now, err := look(t.Context(), s, p); err != nil || !now.whole() || now.listed != 2*pairs {
		t.Errorf("at the end %+v, %v, want %d members", now, err, 2*pairs)
	}
}

// look runs the question of watch once.
func look(ctx context.Context, s store.Store, p plan.Normal) (sight, error) {
	out, err := s.Run(ctx, p)
	if err != nil {
		return sight{}, err
	}
	var got struct {
		Members struct {
			TotalCount int
			Nodes      []struct{ MemberOf struct{ TotalCount int } }
		}
	}
	if err := json.Unmarshal(out.JSON, &got); err != nil {
		return sight{}, err
	}
	now := sight{degree: got.Members.TotalCount, listed: len(got.Members.Nodes)}
	for _, n := range got.Members.Nodes {
		now.joined += n.MemberOf.TotalCount
	}
	return now, nil
}
