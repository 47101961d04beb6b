package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// sizes are how many organisations are active in the first sectors.
var sizes = []int{20, 200, 2_000, 20_000}

// sectors returns a source that adds sectors to the synthetic graph: the first
// of known sizes, and a thousand others that share one activity of each
// organisation.
func sectors(n size) importer.Source {
	return func(emit importer.Emit, _ importer.Reject) error {
		g := generator{emit: emit}
		const others = 1000
		for i := range len(sizes) + others {
			g.node("Sector", sectorID(i), kg.Properties{"scheme": "THEME", "code": fmt.Sprint(i), "labelEn": fmt.Sprintf("Sector %d", i)})
		}
		active := func(org, sector int) {
			if g.err == nil {
				g.err = g.emit(kg.Change{Relationship: &kg.Relationship{
					Type: "ACTIVE_IN", From: orgID(org), To: sectorID(sector), Properties: kg.Properties{"basis": "STATED"}, Records: g.record(),
				}})
			}
		}
		for i := range n.organizations {
			active(i, len(sizes)+i%others)
		}
		for sector, members := range sizes {
			for i := range min(members, n.organizations) {
				active(i*(n.organizations/members)%n.organizations, sector)
			}
		}
		return g.err
	}
}

func sectorID(i int) string { return fmt.Sprintf("sector:theme:s%d", i) }

// question is a question that is timed, with the variables of each round.
type question struct {
	name, document string
	variables      func(i int) map[string]any
}

func fixed(v map[string]any) func(int) map[string]any {
	return func(int) map[string]any { return v }
}

const deepPage = `query($after: String) { organizations(first: 20, after: $after, orderBy: [{field: NAME}]) { pageInfo { hasNextPage endCursor } edges { cursor node { id name country } } } }`

const bySector = `query($sector: ID!) { organizations(first: 20, filter: {sectors: {some: {id: {eq: $sector}}}}, orderBy: [{field: NAME}]) { totalCount nodes { id name } } }`

// questions are those of relations, counts and groups.
func (b *bench) relations() []question {
	country := func(i int) map[string]any { return map[string]any{"country": countries[i%len(countries)]} }
	return []question{
		{"filter, order and totalCount", `query($country: String!) { organizations(first: 20, filter: {country: {eq: $country}, kind: {eq: COMPANY}}, orderBy: [{field: NAME}]) {
			totalCount pageInfo { hasNextPage } edges { cursor node { id name city } } } }`, country},
		{"facets over a filtered set", `query($country: String!) { organizations(first: 1, filter: {country: {eq: $country}}) {
			kind: facets(by: KIND) { value count } sectors: facets(by: SECTORS, first: 10) { value label count } } }`, country},
		{"order by a relation count", `query($country: String!) { organizations(first: 20, filter: {country: {eq: $country}}, orderBy: [{field: PROJECTS_COUNT, direction: DESC}]) {
			pageInfo { hasNextPage } edges { cursor node { id name } } } }`, country},
		{"page of a hub", `query($hub: ID!) { organization(id: $hub) { projects(first: 20, orderBy: [{field: LABEL}]) { totalCount edges { cursor role node { id label } } } } }`,
			fixed(map[string]any{"hub": orgID(0)})},
		{"three or more projects, best first", `query($country: String!) { organizations(first: 20, filter: {country: {eq: $country}, projects: {count: {gte: 3}}, sectors: {in: ["sector:theme:s2"]}}, orderBy: [{field: PROJECTS_COUNT, direction: DESC}]) {
			totalCount edges { node { id name } } } }`, country},
		{"partners of an organisation", `query($id: ID!) { organization(id: $id) { partners(first: 20, orderBy: [{field: EDGE_PROJECT_COUNT, direction: DESC}]) { totalCount edges { projectCount node { id name } } } } }`,
			func(i int) map[string]any { return map[string]any{"id": orgID(100 + i*37)} }},
	}
}

// compare times questions against their statements on the bare driver, the deep
// page against the first, and filters by sectors of different sizes.
func (b *bench) compare(engine, target string, s store.Store, statement func(store.Statement) error) error {
	if _, err := b.load(s, b.catalog, sectors(b.size)); err != nil {
		return err
	}
	svc, err := serve(b.catalog, s)
	if err != nil {
		return err
	}
	defer svc.stop()
	var answer bytes.Buffer
	through := func(q question) func(int) error {
		return func(i int) error { return svc.ask(b.ctx, q.document, q.variables(i), &answer) }
	}
	after, err := b.walk(svc, min(50_000, b.size.organizations/2))
	if err != nil {
		return err
	}
	first := question{document: deepPage, variables: fixed(nil)}
	deep := question{"page 50,000 deep", deepPage, fixed(map[string]any{"after": after})}
	for _, q := range append(b.relations(), deep) {
		if err := b.against(engine, target, svc, s, q, s.Explain, statement); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	if err := b.ratio(engine+": page 50,000 deep / first page", "≤ 1.5", through(deep), through(first)); err != nil {
		return err
	}
	for i := range sizes[1:] {
		small := question{document: bySector, variables: fixed(map[string]any{"sector": sectorID(i)})}
		large := question{document: bySector, variables: fixed(map[string]any{"sector": sectorID(i + 1)})}
		what := fmt.Sprintf("%s: page and total of a sector of %d / of %d", engine, sizes[i+1], sizes[i])
		if err := b.ratio(what, "≤ 10", through(large), through(small)); err != nil {
			return err
		}
	}
	return nil
}

// against reports how long a question takes through HTTP, without network and
// client, and in the store alone, where it is planned before, against the statement
// that explain makes of it on the bare driver.
func (b *bench) against(engine, target string, svc *service, s store.Store, q question, explain func(plan.Normal) store.Statement, statement func(store.Statement) error) error {
	plans, statements := make([]plan.Normal, rounds), make([]store.Statement, rounds)
	for i := range plans {
		var err error
		if plans[i], err = b.ask.plan(q.document, q.variables(i)); err != nil {
			return err
		}
		statements[i] = explain(plans[i])
	}
	var answer bytes.Buffer
	through := func(i int) error { return svc.ask(b.ctx, q.document, q.variables(i), &answer) }
	handled := func(i int) error { return svc.handle(b.ctx, q.document, q.variables(i), &answer) }
	stored := func(i int) error { _, err := s.Run(b.ctx, plans[i]); return err }
	alone := func(i int) error { return statement(statements[i]) }
	times, err := medians(through, handled, stored, alone)
	if err != nil {
		return err
	}
	of := float64(times[3])
	b.report.add(engine+": "+q.name+", through HTTP / statement alone", target, "%.2f× (%.2f / %.2f ms), without network and client %.2f×, the store alone %.2f×",
		float64(times[0])/of, ms(times[0]), ms(times[3]), float64(times[1])/of, float64(times[2])/of)
	return nil
}

// ratio reports the medians of two functions, timed in turn.
func (b *bench) ratio(what, target string, f, g func(int) error) error {
	times, err := medians(f, g)
	if err != nil {
		return err
	}
	b.report.add(what, target, "%.2f× (%.2f / %.2f ms)", float64(times[0])/float64(times[1]), ms(times[0]), ms(times[1]))
	return nil
}

// walk pages through organisations by name and returns the cursor after so many.
func (b *bench) walk(svc *service, n int) (after string, err error) {
	const walked = `query($after: String) { organizations(first: 100, after: $after, orderBy: [{field: NAME}]) { pageInfo { endCursor } } }`
	var body bytes.Buffer
	for range n / 100 {
		vars := map[string]any{}
		if after != "" {
			vars["after"] = after
		}
		if err := svc.ask(b.ctx, walked, vars, &body); err != nil {
			return "", err
		}
		var answer struct {
			Data struct {
				Organizations struct {
					PageInfo struct{ EndCursor string }
				}
			}
		}
		if err := json.Unmarshal(body.Bytes(), &answer); err != nil {
			return "", err
		}
		after = answer.Data.Organizations.PageInfo.EndCursor
	}
	return after, nil
}
