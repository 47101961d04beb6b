package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/store"
)

// Difference returns where two projections differ in any bit but the revision, the
// time it took to build them and what algorithms keep with them, or "".
func Difference(want, got *projection.Graph) string {
	return difference("graph", reflect.ValueOf(*want), reflect.ValueOf(*got))
}

// differenceInPart returns where a projection that is in memory in part differs from
// the whole one, or "": all lists are asked for.
func differenceInPart(t *testing.T, want, got *projection.Graph) string {
	t.Helper()
	lists := func(at string, rows int, of func(i int32) string, expanded func(i int32) string) string {
		texts := make([]string, rows)
		err := got.Expand(t.Context(), rows, func(_ context.Context, i int) error {
			texts[i] = expanded(int32(i))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			if w := of(int32(i)); w != text {
				return fmt.Sprintf("%s of %d: %s, want %s", at, i, text, w)
			}
		}
		return ""
	}
	list := func(l projection.Lists) func(i int32) string {
		return func(i int32) string { return fmt.Sprint(l.Degree(i), l.Of(i)) }
	}
	direct := func(g *projection.Graph) func(i int32) string {
		return func(i int32) string { return fmt.Sprint(g.DirectOf(i)) }
	}
	if d := lists("Direct", want.Actors.Len(), direct(want), direct(got)); d != "" {
		return d
	}
	var compare func(at string, a, b reflect.Value) string
	compare = func(at string, a, b reflect.Value) string {
		switch of := a.Interface().(type) {
		case projection.Lists:
			return lists(at, a.FieldByName("start").Len()-1, list(of), list(b.Interface().(projection.Lists)))
		case projection.Table:
			return difference(at, reflect.ValueOf(ids(of)), reflect.ValueOf(ids(b.Interface().(projection.Table))))
		}
		for i := range a.NumField() {
			f, x, y := a.Type().Field(i), a.Field(i), b.Field(i)
			d := ""
			switch {
			case !f.IsExported() || f.Name == "Model" || f.Name == "BuildTime" || f.Name == "UpdateTime":
			case x.Kind() == reflect.Struct:
				d = compare(at+"."+f.Name, x, y)
			default:
				d = difference(at+"."+f.Name, x, y)
			}
			if d != "" {
				return d
			}
		}
		return ""
	}
	if want.Links() != got.Links() {
		return fmt.Sprintf("%d links, want %d", got.Links(), want.Links())
	}
	return compare("graph", reflect.ValueOf(*want), reflect.ValueOf(*got))
}

// ids returns the ids of a table in the order of their numbers.
func ids(t projection.Table) []string {
	out := make([]string, t.Len())
	for i := range out {
		out[i] = t.ID(int32(i))
	}
	return out
}

func difference(at string, a, b reflect.Value) string {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			name := a.Type().Field(i).Name
			switch name {
			case "Model", "Revision", "BuildTime", "UpdateTime", "kept":
				continue
			}
			if d := difference(at+"."+name, a.Field(i), b.Field(i)); d != "" {
				return d
			}
		}
	case reflect.Slice:
		if a.Len() != b.Len() {
			return fmt.Sprintf("%s: %d items, want %d: %v, want %v", at, b.Len(), a.Len(), b, a)
		}
		for i := range a.Len() {
			if d := difference("", a.Index(i), b.Index(i)); d != "" {
				return fmt.Sprintf("%s[%d]%s", at, i, d)
			}
		}
	case reflect.Float32, reflect.Float64:
		if x, y := a.Float(), b.Float(); math.Float64bits(x) != math.Float64bits(y) {
			return fmt.Sprintf("%s: %v, want %v", at, y, x)
		}
	default:
		if !a.Equal(b) {
			return fmt.Sprintf("%s: %v, want %v", at, b, a)
		}
	}
	return ""
}

// evolution draws changes of a small graph of all that is projected.
type evolution struct{ *rand.Rand }

// pools are how many nodes of each type there may be, by the prefix of their ids.
var pools = []struct {
	typ, prefix string
	n           int
	props       kg.Properties // without which there is none
}{
	{"Organization", "org", 9, nil},
	{"Project", "project", 6, nil},
	{"Synergy", "synergy", 3, kg.Properties{"kind": "COLLABORATION", "status": "ACTIVE"}},
	{"Sector", "sector", 4, kg.Properties{"scheme": "THEME", "code": "c"}},
	{"Place", "place", 4, kg.Properties{"name": "p", "kind": "SITE"}},
	{"Need", "need", 2, kg.Properties{"title": "n", "kind": "RESOURCE"}},
	{"Offer", "offer", 2, kg.Properties{"title": "o", "kind": "BUSINESS"}},
	{"FundingCall", "call", 2, kg.Properties{"identifier": "i"}},
}

// values are what properties may be, of whatever type has them.
var values = map[string][]any{
	"country": {"FR", "IT", "GB"}, "size": {"SMALL", "LARGE"},
	"from": {"2015", "2016-03-01", "../2018"}, "to": {"2019-02", "2020-01-01/.."},
	"expires": {"2027"}, "closes": {"2026-09-30"}, "materialClass": {"wood"}, "quantity": {1.5, 2.0}, "unit": {"TNE"}, "minimumPartners": {int64(3)},
	"location": {kg.JSON(`{"latitude":43.5,"longitude":3.25}`), kg.JSON(`{"latitude":48,"longitude":2}`)},
}

func (e evolution) node() kg.Change {
	pool := pools[e.IntN(len(pools))]
	n := &kg.Node{Type: pool.typ, ID: fmt.Sprintf("%s:t:%d", pool.prefix, e.IntN(pool.n)), Properties: kg.Properties{}}
	if e.IntN(6) == 0 {
		return kg.Change{Action: kg.Delete, Node: n}
	}
	for name, v := range pool.props {
		n.Properties[name] = v
	}
	t := Fixture().Catalog.Type(pool.typ)
	for _, p := range t.Properties { // in the order of the model, so that equal seeds draw alike
		if from := values[p.Name]; from != nil && e.IntN(2) == 0 {
			n.Properties[p.Name] = from[e.IntN(len(from))]
		}
	}
	return kg.Change{Action: []kg.Action{kg.Merge, kg.Replace}[e.IntN(2)], Node: n}
}

// projected are the relationships that are projected, with the pools of their ends.
var projected = []struct {
	typ      string
	from, to int
}{
	{"PARTICIPATES_IN", 0, 1}, {"PARTICIPATES_IN", 0, 1}, {"INVOLVES", 2, 0}, {"MEMBER_OF", 0, 0}, {"MEMBER_OF", 0, 0}, {"SUPPORTS", 0, 0}, {"SUBSIDIARY_OF", 0, 0},
	{"ACTIVE_IN", 0, 3}, {"ABOUT", 1, 3}, {"ABOUT", 5, 3}, {"ABOUT", 6, 3}, {"ABOUT", 7, 3}, {"BROADER", 3, 3},
	{"LOCATED_AT", 0, 4}, {"LOCATED_AT", 0, 4}, {"LOCATED_AT", 1, 4}, {"PART_OF", 4, 4}, {"NEEDS", 0, 5}, {"OFFERS", 0, 6}, {"INVOLVED_IN", 0, 0},
}

func (e evolution) relationship() kg.Change {
	of := projected[e.IntN(len(projected))]
	id := func(pool int) string { return fmt.Sprintf("%s:t:%d", pools[pool].prefix, e.IntN(pools[pool].n)) }
	r := &kg.Relationship{Type: of.typ, From: id(of.from), To: id(of.to), Properties: kg.Properties{}}
	t := Fixture().Catalog.Relationship(of.typ)
	for _, k := range t.Key {
		r.Properties[k.Name] = k.Enum[e.IntN(2)]
	}
	if e.IntN(5) == 0 {
		return kg.Change{Action: kg.Delete, Relationship: r}
	}
	if status := []string{"", "CURRENT", "PAST"}[e.IntN(3)]; status != "" && t.Status != nil {
		r.Properties[t.Status.Name] = status
	}
	return kg.Change{Relationship: r}
}

// apply applies the changes for which there are the ends.
func (e evolution) apply(t *testing.T, s store.Store, changes []kg.Change) {
	t.Helper()
	for {
		_, err := s.Apply(t.Context(), changes)
		var invalid *store.Invalid
		if !errors.As(err, &invalid) {
			if err != nil {
				t.Fatal(err)
			}
			return
		}
		var valid []kg.Change
		for i, ch := range changes {
			if invalid.Reasons[i] == "" {
				valid = append(valid, ch)
			}
		}
		changes = valid
	}
}

// evolving: a projection that follows random changes is to the last bit the one
// that is built anew, also where it is in memory in part, and a graph that is there is
// not changed by what follows.
func evolving(t *testing.T, open Open) {
	s, e := open(t), evolution{Rand: rand.New(rand.NewPCG(6, 3))}
	m, err := projection.NewModel(Fixture().Catalog)
	if err != nil {
		t.Fatal(err)
	}
	load := func() *projection.Graph {
		t.Helper()
		g, err := projection.Load(t.Context(), s, m, projection.DefaultMemory)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	followed, links := load(), 0
	var part *projection.Graph
	for round := range 24 {
		var batch []kg.Change
		for range 1 + e.IntN(25) {
			ch := e.node()
			if e.IntN(3) > 0 {
				ch = e.relationship()
			}
			batch = append(batch, ch)
		}
		e.apply(t, s, batch)
		if e.IntN(3) == 0 {
			continue
		}
		next, err := projection.Follow(t.Context(), s, followed, projection.DefaultMemory)
		if err != nil {
			t.Fatal(err)
		}
		anew := load()
		if d := Difference(anew, next); d != "" || next.Revision != anew.Revision {
			t.Fatalf("round %d, revision %d, want %d: %s", round, next.Revision, anew.Revision, d)
		}
		if part == nil {
			part, err = projection.Open(t.Context(), s, m, anew.Bytes()-1)
		} else {
			part, err = projection.Follow(t.Context(), s, part, anew.Bytes()-1)
		}
		if err != nil {
			t.Fatal(err)
		}
		if d := differenceInPart(t, anew, part); part.Whole() || d != "" {
			t.Fatalf("round %d, whole %t, in part: %s", round, part.Whole(), d)
		}
		followed, links = next, max(links, next.Links())
	}
	if links < 20 {
		t.Errorf("there were never more than %d links", links)
	}
}
