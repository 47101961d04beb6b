package storetest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/kg"
)

// RunPages walks the pages of every root connection forward and backward, in as
// many random orders through as many random filters, while somebody writes:
// what the writer leaves alone comes exactly once, and in order.
func RunPages(t *testing.T, open Open, walks int, seed uint64) {
	s := open(t)
	g := Fixture()
	fill(t, s, g.Changes())
	var wg sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer wg.Wait()
	defer stop()
	writes := 0
	wg.Go(func() {
		w := bystanders{draw{rand.New(rand.NewPCG(seed, 1)), g}}
		for ctx.Err() == nil {
			if _, err := s.Apply(t.Context(), w.next()); err != nil {
				t.Error(err)
				return
			}
			writes++
		}
	})
	done, pages, items := 0, 0, 0
	for i, f := range api.RootFields(g.Catalog) {
		if f.Lookup {
			continue
		}
		d := draw{rand.New(rand.NewPCG(seed, uint64(i)+2)), g}
		for range walks {
			d.Graph = d.scoped(g)
			a := &asker{Graph: d.Graph, store: s}
			r := d.pager(f)
			done++
			items += len(r.want)
			for _, backward := range []bool{false, true} {
				pages += r.walk(t, a, backward)
			}
		}
		if t.Failed() {
			break
		}
	}
	stop()
	wg.Wait()
	t.Logf("%d walks each way from seed %d, %d pages, %d items each way, %d writes meanwhile", done, seed, pages, items, writes)
}

// bystander ends the ids of the nodes that are written during walks: they lie
// between those of the others.
const bystander = "-w"

// bystanders makes changes of nodes that no walk is about, of all types, with
// the values and relationships of others, so that they come and go on pages.
type bystanders struct{ draw }

func (w bystanders) next() []kg.Change {
	rel := one(w.draw, w.Relationships)
	suffix := fmt.Sprint(bystander, w.IntN(2))
	from, to := w.node(rel.From, suffix), w.node(rel.To, suffix)
	same := slices.DeleteFunc(slices.Clone(w.Relationships), func(r *kg.Relationship) bool { return r.Type != rel.Type })
	return []kg.Change{from, to, {Relationship: &kg.Relationship{
		Type: rel.Type, From: from.Node.ID, To: to.Node.ID, Properties: one(w.draw, same).Properties,
	}}}
}

// node returns a node beside another, with the values of a third.
func (w bystanders) node(id, suffix string) kg.Change {
	t := w.nodes[id].Type
	values := one(w.draw, w.of(w.Catalog.Type(t))).node.Properties
	return kg.Change{Node: &kg.Node{Type: t, ID: id + suffix, Properties: maps.Clone(values)}}
}

// pager is one walk that is to be made.
type pager struct {
	document string
	filter   filter
	size     int
	want     []string
	name     string
}

func (d draw) pager(f api.RootField) pager {
	of := about{typ: f.Type}
	in, order := d.filter(of, 2), d.order(of)
	r := pager{filter: in, size: one(d, []int{2, 3, 7, 20, 50}), name: fmt.Sprintf("%s %v %s %v", f.Name, d.scope, orderBy(order...), in)}
	r.document = fmt.Sprintf("query($f: %sFilter, %s) { %s(filter: $f, %s, %s, %s) { edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }",
		f.Type.Name, pageVariables+", "+scopeVariables, f.Name, pageArguments, scopeArguments, orderBy(order...))
	items := slices.DeleteFunc(d.of(f.Type), func(it item) bool {
		return f.View != nil && it.value(f.View.Property, false) != f.View.Equals || !d.meets(it, in, of)
	})
	r.want = keys(d.sortItems(items, order))
	return r
}

// walk goes through all pages and returns how many there were.
func (r pager) walk(t *testing.T, a *asker, backward bool) (pages int) {
	t.Helper()
	v := vars{"f": r.filter, "first": r.size}
	if backward {
		v = vars{"f": r.filter, "last": r.size}
	}
	var got []string
	for more := true; more; pages++ {
		c := a.connection(t, r.document, v)
		ids := c.ids()
		if len(ids) > r.size {
			t.Errorf("%s: %d items on a page of %d", r.name, len(ids), r.size)
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { return strings.Contains(id, bystander) })
		if backward {
			got = append(ids, got...)
			more, v["before"] = c.PageInfo.HasPreviousPage, c.PageInfo.StartCursor
		} else {
			got = append(got, ids...)
			more, v["after"] = c.PageInfo.HasNextPage, c.PageInfo.EndCursor
		}
	}
	if d := cmp.Diff(r.want, got, cmpEmpty); d != "" {
		t.Errorf("%s by %d, backward %t (-want +got):\n%s", r.name, r.size, backward, d)
	}
	return pages
}
