package paths_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maillage/maillage/internal/dataset"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/paths"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/projection/projectiontest"
)

// tie is something that ties all of its members.
type tie struct {
	relationship string
	members      []int
	age          int // in days; negative when not known, though it should be
}

// drawn is a random graph of organisations 0 … n-1.
type drawn struct {
	n    int
	ties []tie
}

const latest = "2020-01-01"

func draw(r *rand.Rand) drawn {
	d := drawn{n: 2 + r.IntN(8)}
	for range r.IntN(20) {
		members := r.Perm(d.n)[:min(d.n, 1+r.IntN(4))]
		slices.Sort(members)
		switch r.IntN(4) {
		case 0, 1:
			// Few ages, so that many weights are equal.
			d.ties = append(d.ties, tie{"PARTICIPATES_IN", members, []int{0, 0, 400, 5000, -1}[r.IntN(5)]})
		case 2:
			d.ties = append(d.ties, tie{"INVOLVES", members, -1})
		case 3:
			t := tie{[]string{"SUPPORTS", "SUBSIDIARY_OF"}[r.IntN(2)], members[:min(2, len(members))], 0}
			if len(members) > 1 && !slices.ContainsFunc(d.ties, func(o tie) bool {
				return o.relationship == t.relationship && slices.Equal(o.members, t.members)
			}) {
				d.ties = append(d.ties, t)
			}
		}
	}
	for body := range r.IntN(3) {
		members := r.Perm(d.n)[:min(d.n, 1+r.IntN(4))]
		if !slices.Contains(members, body) && body < d.n {
			members = append(members, body) // the body comes last
		}
		if members[len(members)-1] == body {
			d.ties = append(d.ties, tie{"MEMBER_OF", members, 0})
		}
	}
	return d
}

func org(i int) string { return fmt.Sprintf("org:pic:%03d", i) }

func (d drawn) graph(t testing.TB) *projection.Graph {
	t.Helper()
	b := projectiontest.NewBuilder(t)
	for i := range d.n {
		b.Node("Organization", org(i), kg.Properties{"name": org(i)})
	}
	// What belongs to nobody but one says how far the graph has news.
	b.Node("Project", "project:cordis:latest", kg.Properties{"from": latest})
	b.Link("PARTICIPATES_IN", org(0), "project:cordis:latest", nil)
	news, _ := time.Parse(time.DateOnly, latest)
	for i, tie := range d.ties {
		switch tie.relationship {
		case "PARTICIPATES_IN":
			id := fmt.Sprintf("project:cordis:%d", i)
			props := kg.Properties{}
			if tie.age >= 0 {
				props["from"], props["to"] = "2000-01-01", news.AddDate(0, 0, -tie.age).Format(time.DateOnly)
			}
			b.Node("Project", id, props)
			for _, a := range tie.members {
				b.Link(tie.relationship, org(a), id, nil)
			}
		case "INVOLVES":
			id := fmt.Sprintf("synergy:x:%d", i)
			b.Node("Synergy", id, kg.Properties{})
			for _, a := range tie.members {
				b.Link(tie.relationship, id, org(a), nil)
			}
		case "MEMBER_OF":
			for _, a := range tie.members[:len(tie.members)-1] {
				b.Link(tie.relationship, org(a), org(tie.members[len(tie.members)-1]), nil)
			}
		default:
			b.Link(tie.relationship, org(tie.members[0]), org(tie.members[1]), nil)
		}
	}
	return b.Build(1)
}

// between returns the ties of two, by number, but for those that o leaves out.
func (d drawn) between(a, b int, o paths.Options) (out []int) {
	for i, t := range d.ties {
		if (len(o.Through) == 0 || slices.Contains(o.Through, t.relationship)) && slices.Contains(t.members, a) && slices.Contains(t.members, b) {
			out = append(out, i)
		}
	}
	return out
}

// weight is that of a step, as the package documents it, in millionths.
func (d drawn) weight(ties []int) int {
	sum := 0
	for _, i := range ties {
		quarters := d.ties[i].age / 91
		if d.ties[i].age < 0 {
			quarters = 16
		}
		unit := math.Round(1e9 * math.Pow(2, -float64(quarters)/16))
		sum += int(unit) / (len(d.ties[i].members) - 1)
	}
	return max(1, int(math.Round(1e6*math.Log(1+1e9/float64(sum)))))
}

// links is how many links an organisation has.
func (d drawn) links(a int) (n int) {
	if a == 0 {
		n++ // the latest project
	}
	for _, t := range d.ties {
		switch {
		case !slices.Contains(t.members, a):
		case t.relationship != "MEMBER_OF":
			n++
		case t.members[len(t.members)-1] == a:
			n += len(t.members) - 1
		default:
			n += 2 // the body as a group, and as another organisation
		}
	}
	return n
}

type found struct {
	actors []int32
	weight int
}

// oracle lists all paths and takes the first.
func (d drawn) oracle(from, to int, o paths.Options) (all []found) {
	var walk func(actors []int32, weight int)
	walk = func(actors []int32, weight int) {
		last := int(actors[len(actors)-1])
		if last == to {
			all = append(all, found{slices.Clone(actors), weight})
			return
		}
		if len(actors) > o.MaxSteps {
			return
		}
		for next := range d.n {
			ties := d.between(last, next, o)
			if len(ties) == 0 || slices.Contains(actors, int32(next)) || slices.Contains(o.Avoid, int32(next)) {
				continue
			}
			again := false
			for i := range len(actors) - 1 {
				again = again || slices.Equal(ties, d.between(int(actors[i]), int(actors[i+1]), o))
			}
			if again {
				continue
			}
			w := weight + d.weight(ties)
			if len(actors) > 1 {
				w += int(math.Round(1e6 * math.Log(1+float64(d.links(last))/25)))
			}
			walk(append(actors, int32(next)), w)
		}
	}
	walk([]int32{int32(from)}, 0)
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.weight, b.weight), cmp.Compare(len(a.actors), len(b.actors)), slices.Compare(a.actors, b.actors))
	})
	return all[:min(len(all), o.First)]
}

func TestPathsEqualThoseOfAnOracle(t *testing.T) {
	_, m := projectiontest.Model(t)
	graphs := 5000
	if testing.Short() {
		graphs = 1000
	}
	ways, none, full := 0, 0, 0
	for seed := range graphs {
		r := rand.New(rand.NewPCG(uint64(seed), 6))
		d := draw(r)
		g := d.graph(t)
		from, to := r.IntN(d.n), r.IntN(d.n-1)
		if to >= from {
			to++
		}
		o := paths.Options{First: 1 + r.IntN(paths.MaxFirst), MaxSteps: 1 + r.IntN(paths.MaxSteps)}
		if r.IntN(3) == 0 {
			names := m.TieNames()
			for _, i := range r.Perm(len(names))[:1+r.IntN(3)] {
				o.Through = append(o.Through, names[i])
			}
		}
		for a := range d.n {
			if a != from && a != to && r.IntN(8) == 0 {
				o.Avoid = append(o.Avoid, int32(a))
			}
		}
		got, err := paths.Find(t.Context(), g, int32(from), int32(to), o)
		if err != nil || !got.Complete {
			t.Fatalf("graph %d: %v, %v", seed, got.Complete, err)
		}
		want := d.oracle(from, to, o)
		ways += len(want)
		if len(want) == 0 {
			none++
		}
		if len(want) == o.First {
			full++
		}
		if g, w := shown(got.Paths), wanted(want); g != w {
			t.Fatalf("graph %d, %d to %d, %+v: %+v\ngot\n%swant\n%s", seed, from, to, o, d.ties, g, w)
		}
		for _, p := range got.Paths {
			for _, s := range p.Steps {
				if ties := d.between(int(s.From), int(s.To), o); s.Count != len(ties) || len(s.Evidence) != min(5, s.Count) {
					t.Fatalf("graph %d: step %+v has ties %v", seed, s, ties)
				}
			}
		}
	}
	t.Logf("%d paths; %d pairs without, %d with as many as asked for", ways, none, full)
}

// shown writes a path, its weight, and the sum of those of its steps.
func shown(list []paths.Path) string {
	var b strings.Builder
	for _, p := range list {
		actors, sum := []int32{p.Steps[0].From}, 0
		for _, s := range p.Steps {
			actors = append(actors, s.To)
			sum += int(math.Round(s.Weight * 1e6))
		}
		fmt.Fprintln(&b, actors, int(math.Round(p.Weight*1e6)), sum)
	}
	return b.String()
}

func wanted(list []found) string {
	var b strings.Builder
	for _, p := range list {
		fmt.Fprintln(&b, p.actors, p.weight, p.weight)
	}
	return b.String()
}

// builtin returns the projection of the built-in graph, in which those are one
// that "maillage resolve" finds to be.
func builtin(t testing.TB) *projection.Graph {
	t.Helper()
	c, m := projectiontest.Model(t)
	b := projection.NewBuilder(m)
	lasts := func(id *string) {
		if last, ok := merged[*id]; ok {
			*id = last
		}
	}
	if err := dataset.Builtin(c, func(ch kg.Change) error {
		if ch.Node != nil {
			lasts(&ch.Node.ID)
		} else {
			lasts(&ch.Relationship.From)
			lasts(&ch.Relationship.To)
		}
		b.Add(ch)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return b.Build(1)
}

const (
	seclab = "org:montpellier:seclab"
	edf    = "org:pic:999926829"
)

var merged = map[string]string{
	"org:montpellier:edf":    edf,
	"org:montpellier:orange": "org:pic:999908981",
	"org:montpellier:idate":  "org:cordis-md5:cf8476477cba9b66c4090325c4b7b761",
}

func find(t testing.TB, g *projection.Graph, id string) int32 {
	t.Helper()
	i, ok := g.Actors.Find(id)
	if !ok {
		t.Fatalf("%s is not there", id)
	}
	return i
}

// words writes a path as its organisations and what ties them.
func words(g *projection.Graph, p paths.Path) string {
	var b strings.Builder
	b.WriteString(g.Actors.ID(p.Steps[0].From))
	for _, s := range p.Steps {
		e := s.Evidence[0]
		name := e.Relationship
		if e.Group >= 0 {
			name = g.Groups.ID(e.Group)
		}
		fmt.Fprintf(&b, " – %s (%d) – %s", name, s.Count, g.Actors.ID(s.To))
	}
	return b.String()
}

func TestSeclabIsConnectedToEDF(t *testing.T) {
	g := builtin(t)
	const council, orange, cea, uimm = "org:montpellier:cmip", "org:pic:999908981", "org:pic:999992401", "org:montpellier:uimm-montpellier"
	closest := func(from, to string, o paths.Options) (out []string) {
		t.Helper()
		r, err := paths.Find(t.Context(), g, find(t, g, from), find(t, g, to), o)
		if err != nil || !r.Complete {
			t.Fatal(r.Complete, err)
		}
		for _, p := range r.Paths {
			out = append(out, words(g, p))
		}
		return out
	}
	orangeWay := seclab + " – " + council + " (1) – " + orange + " – project:cordis:197353 (2) – " + cea + " – project:cordis:196909 (5) – " + edf
	for _, test := range []struct {
		name     string
		from, to string
		o        paths.Options
		want     []string
	}{
		{"over the council, and over Orange", seclab, edf, paths.Options{First: 2, MaxSteps: 4}, []string{
			seclab + " – " + council + " (1) – " + edf, orangeWay}},
		{"in fewer steps than over Orange", seclab, edf, paths.Options{First: 3, MaxSteps: 1}, []string{
			seclab + " – " + council + " (1) – " + edf}},
		{"not over projects", seclab, edf, paths.Options{First: 3, MaxSteps: 6, Through: []string{"MEMBER_OF", "SUBSIDIARY_OF"}}, []string{
			seclab + " – " + council + " (1) – " + edf}},
		{"over projects alone there is no way", seclab, edf, paths.Options{First: 3, MaxSteps: 6, Through: []string{"PARTICIPATES_IN"}}, nil},
		{"a body is tied to its members", council, edf, paths.Options{First: 1, MaxSteps: 4}, []string{
			council + " – " + council + " (1) – " + edf}},
		{"a body is a member", seclab, uimm, paths.Options{First: 1, MaxSteps: 4}, []string{
			seclab + " – " + council + " (1) – " + uimm}},
	} {
		if got := closest(test.from, test.to, test.o); !slices.Equal(got, test.want) {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
	without := closest(seclab, edf, paths.Options{First: 5, MaxSteps: 4, Avoid: []int32{find(t, g, orange)}})
	if slices.ContainsFunc(without, func(p string) bool { return strings.Contains(p, orange) }) {
		t.Errorf("over Orange, which is avoided:\n%s", strings.Join(without, "\n"))
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	g := drawn{n: 3}.graph(t)
	for _, test := range []struct {
		to   int32
		o    paths.Options
		want string
	}{
		{1, paths.Options{First: 0, MaxSteps: 4}, "0 paths cannot be asked for: from 1 to 10 can"},
		{1, paths.Options{First: 11, MaxSteps: 4}, "11 paths cannot be asked for: from 1 to 10 can"},
		{1, paths.Options{First: 3, MaxSteps: 0}, "paths cannot have 0 steps: they have from 1 to 6"},
		{1, paths.Options{First: 3, MaxSteps: 99}, "paths cannot have 99 steps: they have from 1 to 6"},
		{0, paths.Options{First: 3, MaxSteps: 4}, "from and to are both org:pic:000: a path leads to another organisation"},
		{1, paths.Options{First: 3, MaxSteps: 4, Avoid: []int32{2, 1}}, "a path cannot avoid its own ends"},
		{1, paths.Options{First: 3, MaxSteps: 4, Through: []string{"ABOUT"}},
			"nobody is tied over ABOUT: over INVOLVED_IN, INVOLVES, MEMBER_OF, PARTICIPATES_IN, PREFIGURES, SUBSIDIARY_OF, SUPPORTS they are"},
	} {
		_, err := paths.Find(t.Context(), g, 0, test.to, test.o)
		if err == nil || err.Error() != test.want || kg.CodeOf(err) != kg.BadUserInput {
			t.Errorf("%+v: %v, want %s", test.o, err, test.want)
		}
	}
}

// hubs is a graph in which two organisations have many partners, none in common:
// what is furthest from being found.
func hubs(t testing.TB, partners int) *projection.Graph {
	t.Helper()
	d := drawn{n: 2 + 2*partners}
	for i := range partners {
		for hub := range 2 {
			mine := 2 + 2*i + hub
			d.ties = append(d.ties,
				tie{"PARTICIPATES_IN", []int{hub, mine}, 10 * i},
				tie{"PARTICIPATES_IN", []int{mine, 2 + (2*i+2)%(2*partners) + hub, 2 + (2*i+34)%(2*partners) + hub}, 3 * i})
		}
	}
	return d.graph(t)
}

func TestHubsThatDoNotMeetAreToldApart(t *testing.T) {
	g := hubs(t, 3000)
	r, err := paths.Find(t.Context(), g, 0, 1, paths.Options{First: 10, MaxSteps: 6})
	if err != nil || !r.Complete || len(r.Paths) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestACancelledSearchStops(t *testing.T) {
	g := hubs(t, 3000)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := paths.Find(ctx, g, 0, 1, paths.Options{First: 10, MaxSteps: 6}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestPathsAreTheSameBothWaysAndEachTime(t *testing.T) {
	g := builtin(t)
	r := rand.New(rand.NewPCG(6, 6))
	draws := 200
	if testing.Short() {
		draws = 50
	}
	for range draws {
		from, to := r.Int32N(int32(g.Actors.Len())), r.Int32N(int32(g.Actors.Len()))
		if from == to {
			continue
		}
		o := paths.Options{First: 3, MaxSteps: 4}
		there, err := paths.Find(t.Context(), g, from, to, o)
		if err != nil {
			t.Fatal(err)
		}
		again, err := paths.Find(t.Context(), g, from, to, o)
		if s := shown(again.Paths); err != nil || s != shown(there.Paths) {
			t.Fatalf("%s\n%s%v", shown(there.Paths), s, err)
		}
		back, err := paths.Find(t.Context(), g, to, from, o)
		if err != nil || len(back.Paths) != len(there.Paths) {
			t.Fatalf("%d paths there and %d back, %v", len(there.Paths), len(back.Paths), err)
		}
		for i, p := range there.Paths {
			if p.Weight != back.Paths[i].Weight || len(p.Steps) != len(back.Paths[i].Steps) {
				t.Errorf("%s weighs %v, and back %v", words(g, p), p.Weight, back.Paths[i].Weight)
			}
		}
	}
}

func BenchmarkFind(b *testing.B) {
	g := builtin(b)
	r := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		from, to := r.Int32N(int32(g.Actors.Len())), r.Int32N(int32(g.Actors.Len()))
		if from != to {
			if _, err := paths.Find(b.Context(), g, from, to, paths.Options{First: 3, MaxSteps: 4}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
