package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/kg"
)

// size is how much a synthetic graph holds.
type size struct{ organizations, projects, participations int }

// full is the size at which the figures of the README are measured.
var full = size{100_000, 300_000, 1_000_000}

// scaled returns a part of the full size.
func scaled(by float64) size {
	part := func(n int) int { return max(10, int(float64(n)*by)) }
	return size{part(full.organizations), part(full.projects), part(full.participations)}
}

// seed makes every run measure the same graph.
const seed = 20160501

// participation is the relationship of organisations to projects.
const participation = "PARTICIPATES_IN"

// source names the one source of the synthetic graph.
const source = "source:synthetic:graph"

// graph returns a source of a synthetic graph whose organisations take part in
// projects about as unevenly as in Horizon 2020: most in a few, one in 1 % of
// all, and projects likewise.
func graph(n size) importer.Source {
	return func(emit importer.Emit, _ importer.Reject) error {
		r := rand.New(rand.NewPCG(seed, 0))
		g := generator{r: r, emit: emit}
		g.node("Source", source, kg.Properties{"title": "Synthetic graph"})
		for i := range n.organizations {
			g.node("Organization", orgID(i), kg.Properties{
				"name": g.words(2), "displayName": g.words(2), "country": pick(r, countries), "city": g.words(1),
				"kind": pick(r, kinds), "pic": fmt.Sprintf("%09d", i),
			})
		}
		for i := range n.projects {
			from := fmt.Sprintf("%d-%02d-%02d", 2014+r.IntN(8), 1+r.IntN(12), 1+r.IntN(28))
			g.node("Project", projectID(i), kg.Properties{
				"label": g.words(1), "title": g.words(5), "from": from, "cost": int64(r.IntN(1_000_000_000)), "currency": "EUR",
			})
		}
		orgs, projects := newSkew(n.organizations, r), newSkew(n.projects, r)
		seen := make(map[uint64]bool, n.participations)
		for len(seen) < n.participations {
			o, p := orgs.draw(r), projects.draw(r)
			key := uint64(o)<<32 | uint64(p)
			if seen[key] {
				continue
			}
			seen[key] = true
			g.relationship(o, p, len(seen))
		}
		return g.err
	}
}

func orgID(i int) string     { return fmt.Sprintf("org:pic:%09d", i) }
func projectID(i int) string { return fmt.Sprintf("project:cordis:%d", i) }

var (
	countries = []string{"AT", "BE", "CH", "DE", "DK", "ES", "FI", "FR", "GB", "GR", "IT", "NL", "NO", "PL", "PT", "SE"}
	kinds     = []string{"COMPANY", "COMPANY", "COMPANY", "RESEARCH", "EDUCATION", "PUBLIC_BODY"}
	syllables = []string{"an", "be", "co", "da", "el", "fi", "go", "hu", "in", "jo", "ka", "lu", "ma", "no", "or", "pi", "ra", "so", "ti", "ur", "va", "xe", "yo", "zé"}
)

type generator struct {
	r    *rand.Rand
	emit importer.Emit
	row  int
	err  error
}

func (g *generator) record() []kg.Record {
	g.row++
	return []kg.Record{{Source: source, Locator: fmt.Sprintf("row:%d", g.row)}}
}

func (g *generator) node(typ, id string, props kg.Properties) {
	if g.err == nil {
		g.err = g.emit(kg.Change{Node: &kg.Node{Type: typ, ID: id, Properties: props, Records: g.record()}})
	}
}

func (g *generator) relationship(org, project, n int) {
	if g.err != nil {
		return
	}
	role := "PARTICIPANT"
	if n%10 == 0 {
		role = "COORDINATOR"
	}
	g.err = g.emit(kg.Change{Relationship: &kg.Relationship{
		Type: participation, From: orgID(org), To: projectID(project),
		Properties: kg.Properties{"role": role, "contribution": int64(g.r.IntN(100_000_000))}, Records: g.record(),
	}})
}

func (g *generator) words(n int) string {
	s := ""
	for i := range n {
		if i > 0 {
			s += " "
		}
		for range 3 + g.r.IntN(2) {
			s += pick(g.r, syllables)
		}
	}
	return s
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// skew draws indices unevenly: weights are log-normal, and a few hubs take
// about 1 % of all draws each.
type skew struct {
	sums []float64
}

func newSkew(n int, r *rand.Rand) skew {
	s := skew{sums: make([]float64, n)}
	total := 0.0
	for i := range s.sums {
		total += math.Exp(0.9 * r.NormFloat64())
		s.sums[i] = total
	}
	// The first of them is the largest hub.
	for i := range min(5, n) {
		for j := i; j < n; j++ {
			s.sums[j] += total / 100 / float64(int(1)<<i)
		}
	}
	return s
}

func (s skew) draw(r *rand.Rand) int {
	x := r.Float64() * s.sums[len(s.sums)-1]
	i, _ := slices.BinarySearch(s.sums, x)
	return min(i, len(s.sums)-1)
}
