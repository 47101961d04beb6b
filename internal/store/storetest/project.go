package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// everything returns an extract of all that is stored.
func everything(c *catalog.Catalog) (x store.Extract) {
	for _, t := range c.Types {
		props := slices.DeleteFunc(slices.Clone(t.Properties), func(p *catalog.Property) bool {
			return p.Computed() || p.Name == "id" || catalog.Provenance(p.Name)
		})
		x.Nodes = append(x.Nodes, store.NodeColumns{Type: t, Properties: props})
	}
	x.Links = c.Relationships
	return x
}

// extracted is an extract as texts: nodes with their values by id, and how many
// relationships there are between two nodes.
type extracted struct {
	Nodes map[string]string
	Links map[string]int
}

// extract returns what an extract of a graph is.
func (g *Graph) extract(x store.Extract) extracted {
	out := extracted{map[string]string{}, map[string]int{}}
	for _, n := range g.Nodes {
		for _, c := range x.Nodes {
			if c.Type.Name == n.Type {
				values := []any{}
				for _, p := range c.Properties {
					values = append(values, n.Properties[p.Name])
				}
				out.Nodes[n.ID] = fmt.Sprintf("%s %#v", n.Type, values)
			}
		}
	}
	for _, r := range g.Relationships {
		if k := slices.Index(x.Links, g.Catalog.Relationship(r.Type)); k >= 0 && store.Visible(x.Links[k], r.Properties) && out.Nodes[r.From] != "" && out.Nodes[r.To] != "" {
			out.Links[r.Type+" "+r.From+" "+r.To]++
		}
	}
	return out
}

// project returns an extract of a store, and its revision.
func project(t testing.TB, s store.Store, x store.Extract) (extracted, int64) {
	t.Helper()
	out, ids := extracted{map[string]string{}, map[string]int{}}, map[int64]string{}
	type leaving struct {
		kind int
		from int64
	}
	last, left := leaving{kind: -1}, map[leaving]bool{}
	revision, err := s.Project(t.Context(), x, store.Rows{
		Node: func(kind int, key int64, id string, values []any) error {
			if ids[key] != "" || out.Nodes[id] != "" {
				return fmt.Errorf("%s comes twice, or with the key of %s", id, ids[key])
			}
			ids[key] = id
			out.Nodes[id] = fmt.Sprintf("%s %#v", x.Nodes[kind].Type.Name, values)
			return nil
		},
		Link: func(kind int, from, to int64) error {
			if now := (leaving{kind, from}); now != last {
				if last = now; left[now] {
					return fmt.Errorf("relationships that leave %s do not come together", ids[from])
				}
				left[now] = true
			}
			if ids[from] != "" && ids[to] != "" {
				out.Links[x.Links[kind].Name+" "+ids[from]+" "+ids[to]]++
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, revision
}

// projections: a store streams all that there is, some of it, and nothing.
func projections(t *testing.T, a *asker) {
	for name, x := range map[string]store.Extract{
		"everything": everything(a.Catalog),
		"some": {
			Nodes: []store.NodeColumns{
				{Type: a.Catalog.Type("Organization"), Properties: []*catalog.Property{a.Catalog.Type("Organization").Property("country"), a.Catalog.Type("Organization").Property("location")}},
				{Type: a.Catalog.Type("Sector")},
			},
			Links: []*catalog.Relationship{a.Catalog.Relationship("ACTIVE_IN"), a.Catalog.Relationship("MEMBER_OF"), a.Catalog.Relationship("PARTICIPATES_IN")},
		},
		"nothing": {},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := project(t, a.store, x)
			if d := cmp.Diff(a.extract(x), got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	t.Run("refused", func(t *testing.T) {
		stop := errors.New("enough")
		_, err := a.store.Project(t.Context(), everything(a.Catalog), store.Rows{
			Node: func(int, int64, string, []any) error { return stop },
		})
		if !errors.Is(err, stop) {
			t.Errorf("%v, want the error of who receives", err)
		}
	})
}

// neighbours: of every type of node, over every relationship and both ways, those
// that are shown by default.
func neighbours(t *testing.T, a *asker) {
	_, revision := project(t, a.store, store.Extract{})
	var frontiers []store.Frontier
	for _, r := range a.Catalog.Relationships {
		for _, e := range r.Ends {
			frontiers = append(frontiers, store.Frontier{Link: r, Of: e.From, To: e.To}, store.Frontier{Link: r, In: true, Of: e.To, To: e.From})
		}
	}
	label := func(f store.Frontier, of, to string) string {
		return fmt.Sprintf("%s %v %s of %s", f.Link.Name, f.In, to, of)
	}
	want, got := map[string]bool{}, map[string]bool{}
	for i := range frontiers {
		f := &frontiers[i]
		f.IDs = []string{f.Of.Prefix + ":no:body"}
		for _, n := range a.Nodes {
			if n.Type == f.Of.Name {
				f.IDs = append(f.IDs, n.ID)
			}
		}
		for _, r := range a.Relationships {
			of, to := r.From, r.To
			if f.In {
				of, to = to, of
			}
			if r.Type == f.Link.Name && store.Visible(f.Link, r.Properties) && slices.Contains(f.IDs, of) && a.Catalog.TypeOfID(to) == f.To {
				want[label(*f, of, to)] = true
			}
		}
	}
	read := func(revision int64) error {
		return a.store.Neighbours(t.Context(), revision, frontiers, func(i, node int, neighbour string) error {
			got[label(frontiers[i], frontiers[i].IDs[node], neighbour)] = true
			return nil
		})
	}
	if err := read(revision); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" || len(want) == 0 {
		t.Errorf("(-want +got):\n%s", d)
	}
	if err := read(revision - 1); !errors.Is(err, store.ErrMoved) {
		t.Errorf("of a former revision: %v, want ErrMoved", err)
	}
	stop := errors.New("enough")
	err := a.store.Neighbours(t.Context(), revision, frontiers, func(int, int, string) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("%v, want the error of who receives", err)
	}
}

// follow brings an extract up to date.
func follow(t testing.TB, s store.Store, since int64, x store.Extract, into extracted) int64 {
	t.Helper()
	revision, err := s.Follow(t.Context(), since, x, store.Changes{
		Node: func(kind int, id string, there bool, values []any) error {
			delete(into.Nodes, id)
			if there {
				into.Nodes[id] = fmt.Sprintf("%s %#v", x.Nodes[kind].Type.Name, values)
			}
			return nil
		},
		Link: func(kind int, from, to string, there bool) error {
			link := x.Links[kind].Name + " " + from + " " + to
			delete(into.Links, link)
			if there {
				into.Links[link] = 1
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

// following: what has changed since a revision is told as it is now, whatever
// became of it in between.
func following(t *testing.T, open Open) {
	g, s := Fixture(), open(t)
	x := everything(g.Catalog)
	now := func() extracted {
		t.Helper()
		out, _ := project(t, s, x)
		for link := range out.Links {
			out.Links[link] = 1
		}
		return out
	}
	got := extracted{map[string]string{}, map[string]int{}}
	if revision := follow(t, s, 0, x, got); revision != 0 || len(got.Nodes) > 0 {
		t.Errorf("an empty store: revision %d, %v", revision, got)
	}
	fill(t, s, g.Changes())
	since := follow(t, s, 0, x, got)
	if d := cmp.Diff(now(), got); d != "" {
		t.Errorf("from the beginning (-want +got):\n%s", d)
	}
	if again := follow(t, s, since, x, extracted{}); again != since { // would panic were it told anything
		t.Errorf("revision %d when nothing has changed since %d", again, since)
	}
	past := kg.Properties{"status": "PAST"}
	former := organization("org:t:new", nil)
	former.Node.FormerIDs = []string{"org:t:old"}
	for _, batch := range [][]kg.Change{
		{organization("org:t:new", nil), organization("org:t:other", nil), rel("MEMBER_OF", "org:t:new", "org:t:other", nil), rel("SUPPORTS", "org:t:new", "org:t:other", past)},
		{former},
		{rel("MEMBER_OF", "org:t:other", "org:t:old", nil), rel("MEMBER_OF", "org:t:new", "org:t:other", past)},
		{rel("SUPPORTS", "org:t:old", "org:t:other", kg.Properties{"status": "CURRENT"})},
		{{Action: kg.Delete, Node: &kg.Node{Type: "Organization", ID: "org:t:beta"}}},
		{{Action: kg.Delete, Relationship: rel("SUPPORTS", "org:t:old", "org:t:other", nil).Relationship}},
		{
			{Action: kg.Replace, Node: &kg.Node{Type: "Organization", ID: "org:t:new", Properties: kg.Properties{"country": "FR"}}},
			organization("org:t:old", nil), rel("MEMBER_OF", "org:t:old", "org:t:new", nil),
		},
	} {
		if _, err := s.Apply(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		if len(batch)%2 == 0 {
			continue // the next step tells of this too
		}
		since = follow(t, s, since, x, got)
		if d := cmp.Diff(now(), got); d != "" {
			t.Fatalf("at revision %d (-want +got):\n%s", since, d)
		}
	}
	for _, since := range []int64{-1, since + 1} {
		if _, err := s.Follow(t.Context(), since, x, store.Changes{}); !errors.Is(err, store.ErrGap) {
			t.Errorf("since revision %d, which is not there: %v, want ErrGap", since, err)
		}
	}
}
