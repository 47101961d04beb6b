package neo4jstore

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/text"
)

// What is searched keeps its tokens as one text with a blank around each, from
// which a full-text index is made, and its prominence. Among the tokens is the
// bucket of the prominence, so that the index finds the prominent first where
// many are found.
const (
	tokensProperty     = "_search"
	prominenceProperty = "_prominence"
	bucketMark         = "p_"
	buckets            = 10
	searchIndexes      = "search." // what names of full-text indexes begin with
)

// bucketOf returns the bucket of a prominence: there is one for each doubling.
func bucketOf(prominence int64) int { return int(min((prominence+1)/2, buckets-1)) }

// bucket returns the token of the bucket of a prominence.
func bucket(prominence int64) string { return bucketMark + strconv.Itoa(bucketOf(prominence)) }

// tokensText returns what is stored of the tokens of a node.
func tokensText(tokens []string, prominence int64) string {
	return " " + strings.Join(tokens, " ") + " " + bucket(prominence) + " "
}

// searchIndex returns the full-text index of a catalog, if there is one.
func searchIndex(c *catalog.Catalog) (d definition, ok bool) {
	of := searchLabels(c)
	if of == "" {
		return d, false
	}
	d.name = searchIndexName(of)
	d.text = fmt.Sprintf("CREATE FULLTEXT INDEX %s IF NOT EXISTS FOR (n:%s) ON EACH [n.%s] OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}", quote(d.name), of, quote(tokensProperty))
	return d, true
}

// searchLabels returns the labels of the types that are searched.
func searchLabels(c *catalog.Catalog) string {
	var labels []string
	for _, t := range c.Searched() {
		labels = append(labels, quote(t.Name))
	}
	return strings.Join(labels, "|")
}

// searchIndexName returns the name of the index of some labels, for which it stands.
func searchIndexName(labels string) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(labels))
	return fmt.Sprintf("%s%08x", searchIndexes, sum.Sum32())
}

// lucene writes a condition in the language of the full-text index. Tokens are
// letters, digits and underscores, none of which mean anything there.
func lucene(m text.Match) string {
	join := func(before ...string) string {
		parts := make([]string, len(m.Of))
		for i, part := range m.Of {
			parts[i] = before[min(i, len(before)-1)] + lucene(part)
		}
		return "(" + strings.Join(parts, " ") + ")"
	}
	switch m.Op {
	case text.Begins:
		return m.Token + "*"
	case text.All:
		return join("+")
	case text.Any:
		return join("")
	case text.Without:
		return join("+", "-")
	}
	return m.Token
}

// contains writes that the tokens of a node meet the condition of a tier. The
// text is the same for every search.
func (b *compiler) contains(m text.Match, node string) string {
	parts := []text.Match{m}
	if m.Op == text.All {
		parts = m.Of
	}
	all := make([][]string, len(parts))
	for i, part := range parts {
		either := []text.Match{part}
		if part.Op == text.Any {
			either = part.Of
		}
		for _, e := range either {
			token := " " + e.Token
			if e.Op == text.Has {
				token += " "
			}
			all[i] = append(all[i], token)
		}
	}
	return "all(w IN " + b.arg(all) + " WHERE any(x IN w WHERE " + node + "." + quote(tokensProperty) + " CONTAINS x))"
}

// matches writes that a node is found by a search.
func (b *compiler) matches(m plan.Matches, node string) string {
	return "(" + b.contains(m.Query.Tier(text.TierIdentifier), node) + " OR " + b.contains(m.Query.Tier(text.TierRest), node) + ")"
}

// asked writes a call of the full-text index.
func (b *compiler) asked(query, options, node string) string {
	index := b.constant(searchIndexName(searchLabels(b.catalog)))
	return "CALL db.index.fulltext.queryNodes(" + index + ", " + query + options + ") YIELD node AS " + node
}

// few is how many results of a search are ranked at once. Of more than that, those
// whose names begin so mostly fill a page, and the index finds them alone in less
// time than it takes to read what is known of all.
const few = 100

// search writes the ranks and the nodes of a page. Where few are found all are
// ranked; where there are more the best are asked for before the rest is; and where
// there are too many to be counted the index is asked for one tier and band after
// the other until the page is full.
func (b *compiler) search(s *plan.Search, root *scope) writer {
	most, fetch := b.constant(int64(plan.MaxTotal+1)), b.arg(int64(s.Fetch()))
	node := &scope{node: "n"}
	conditions := s.Query.Conditions()
	r := &ranking{
		compiler: b, Search: s, conditions: conditions, tiers: b.tiers(conditions, node.node), most: most,
		after: b.afterRank(s.After), order: "ORDER BY tier, n." + quote(prominenceProperty) + " DESC, n.id LIMIT " + fetch,
	}
	all := b.arg(lucene(s.Only(s.Query.All())))
	ranked := block{}
	if s.Filtered() {
		root.calls.line("%s", b.asked(all, "", "n"))
		root.calls.where([]string{b.sought(s, node)})
		ranked.call(r.every(), "found")
	} else {
		root.calls.line("%s", b.asked(all, ", {limit: "+most+"}", "n"))
		either := block{}
		either.line("WITH found WHERE size(found) < %s", b.constant(int64(few)))
		either = append(either, r.every()...)
		either.line("UNION ALL")
		either.line("WITH found WHERE size(found) >= %s", b.constant(int64(few)))
		either.call(r.inTurn(), "found")
		either.line("RETURN n, tier LIMIT %s", fetch)
		ranked.call(either, "found")
	}
	root.calls.line("WITH collect(n) AS found")
	ranked.line("WITH n, tier %s", r.order)
	ranks, nodes := b.ranks(s, ranked, node, root)
	count := writeRaw("0")
	if s.Counted {
		// As many as other stores count.
		count = writeCount(root.value("CASE WHEN size(found) < " + most + " THEN size(found) ELSE " + most + " END"))
	}
	return writeObject([]member{{"Count", count}, {"Ranks", ranks}, {"Nodes", nodes}})
}

// ranking is the ranking of what a search has found in the making.
type ranking struct {
	*compiler
	*plan.Search
	conditions text.Conditions
	tiers      []string // the cases that tell the tier of a node, but for the last
	most       string   // one more than is counted
	after      []string // what holds behind the rank after which the page begins
	order      string   // the order of ranks, as far as a page goes
}

// every writes the nodes that have been found with their tiers, those that meet
// some conditions.
func (r *ranking) every(where ...string) (k block) {
	k.line("UNWIND found AS n")
	k.line("WITH n, CASE %s ELSE %d END AS tier", strings.Join(r.tiers, " "), text.TierRest)
	k.where(append(where, r.after...))
	k.line("RETURN n, tier")
	return k
}

// inTurn writes the results in the order of their tiers, as far as a page goes. What
// is not needed to fill it is not asked for.
func (r *ranking) inTurn() (k block) {
	best, stages := r.stages()
	stage := block{}
	stage.line("%s", r.asked("stage[1] + band", "", "n"))
	stage.line("WITH n, CASE WHEN stage[0] > %d THEN stage[0] %s ELSE %d END AS tier", text.TierIdentifier, strings.Join(r.tiers[:text.TierPrefix], " "), text.TierPrefix)
	stage.where(r.after)
	stage.line("RETURN n, tier %s", r.order)
	k.line("UNWIND CASE WHEN size(found) < %s THEN %s ELSE %s END AS stage", r.most, r.arg(best), r.arg(stages))
	k.line("UNWIND coalesce(%s[stage[2]..], ['']) AS band", r.arg(banded))
	k.call(stage, "stage", "band")
	k.line("RETURN n, tier")
	k.line("UNION ALL")
	k.line("WITH found WHERE size(found) < %s", r.most)
	k.call(r.every("tier > "+strconv.Itoa(int(text.TierPrefix))), "found")
	k.line("RETURN n, tier %s", r.order)
	return k
}

// ranks ends the text of a page whose nodes n are there in order, each with its
// tier, and writes the ranks and what is selected of the nodes. What a node has
// itself stands beside its rank; what is looked up for nodes is looked up by type,
// and not for the extra one.
func (b *compiler) ranks(s *plan.Search, k block, n, root *scope) (ranks, nodes writer) {
	tier, prominence, id := n.value("tier"), n.carry(prominenceProperty, false), n.carry("id", false)
	beside, apart := map[*catalog.Type]writer{}, map[*catalog.Type]located{}
	selected := s.Selected()
	var deep []plan.Branch
	for _, branch := range selected {
		if below(branch.Fields) {
			deep = append(deep, branch)
		} else {
			beside[branch.Type] = b.object(branch.Fields, n, nil)
		}
	}
	carried := ""
	if len(deep) > 0 {
		carried = fmt.Sprintf(", collect(%s)[..%s] AS page", n.node, b.arg(int64(s.Limit)))
	}
	k.line("RETURN collect([%s]) AS ranks%s", strings.Join(n.values, ", "), carried)
	root.calls.call(k, "found")
	for _, branch := range deep {
		number := b.number()
		of := &scope{node: "n" + number}
		rows := block{}
		rows.line("UNWIND page AS %s", of.node)
		rows.line("WITH %s WHERE %[1]s:%s", of.node, quote(branch.Type.Name))
		of.carry("id", false)
		object := b.object(branch.Fields, of, nil)
		apart[branch.Type] = located{root.rows(number, rows, of, "page"), object}
	}
	at := root.value("ranks")
	rank := writeItems(writeObject([]member{{"Tier", writeCount(tier)}, {"Prominence", writeCount(prominence)}, {"ID", writeID(id)}}))
	ranks = func(o *output, row []any) { rank(o, page{rows: o.list(row[at])}, row) }
	nodes = func(o *output, row []any) {
		found := o.list(row[at])
		if len(selected) == 0 {
			found = nil
		}
		writeItems(func(o *output, r []any) {
			stored, _ := r[id].(string)
			of := original(stored)
			t := b.catalog.TypeOfID(of)
			if object := beside[t]; object != nil {
				object(o, r)
			} else {
				apart[t].write(o, row, of)
			}
		})(o, page{rows: found[:min(len(found), s.Limit)]}, row)
	}
	return ranks, nodes
}

// tiers writes the cases that tell the tier of a node, but for the last.
func (b *compiler) tiers(c text.Conditions, node string) []string {
	cases := make([]string, text.TierRest)
	for t := range cases {
		cases[t] = "WHEN " + b.contains(c[t], node) + " THEN " + strconv.Itoa(t)
	}
	return cases
}

// bands are the buckets that the index is asked for at once, from the least, the
// greatest first. The greater a prominence the fewer have it: by halves at least.
var bands = [][2]int{{6, buckets - 1}, {4, 5}, {2, 3}, {1, 1}, {0, 0}}

// band holds for the documents in a band.
func band(b [2]int) text.Match {
	var in []text.Match
	for bucket := b[0]; bucket <= b[1]; bucket++ {
		in = append(in, text.Match{Token: bucketMark + strconv.Itoa(bucket)})
	}
	return text.AnyOf(in...)
}

// banded are the bands as they end a question to the index.
var banded = func() (out []string) {
	for _, b := range bands {
		out = append(out, " +"+lucene(band(b)))
	}
	return out
}()

// stages returns what the index is asked in turn where it finds too many: a tier,
// the question, and from which band on it is asked for one band after the other.
// The first stands for the first tiers, of which there are few, and for the first
// band of the next, and is asked as a whole. best is that stage with all bands.
// What lies before the page is left out.
func (r *ranking) stages() (best, all []any) {
	after := plan.Rank{Prominence: 2 * buckets}
	if r.After != nil {
		after = *r.After
	}
	first := func(prefix text.Match) []any {
		of := text.AnyOf(r.conditions[text.TierIdentifier], r.conditions[text.TierWhole], prefix)
		return []any{int64(text.TierIdentifier), lucene(r.Only(of)), nil}
	}
	best, all = []any{}, []any{}
	if after.Tier <= text.TierPrefix {
		best = append(best, first(r.conditions[text.TierPrefix]))
	}
	for t := max(after.Tier, text.TierPrefix); t < text.Tiers; t++ {
		from := 0
		if t == after.Tier {
			for bands[from][0] > bucketOf(after.Prominence) {
				from++
			}
		}
		if t == text.TierPrefix && from == 0 {
			all = append(all, first(text.AllOf(r.conditions[t], band(bands[0]))))
			from++
		}
		all = append(all, []any{int64(t), "+" + lucene(r.Only(r.conditions.Only(t))), int64(from)})
	}
	return best, all
}

// afterRank writes that a node comes after a rank.
func (b *compiler) afterRank(r *plan.Rank) []string {
	if r == nil {
		return nil
	}
	tier, prominence, id := b.constant(int64(r.Tier)), b.arg(r.Prominence), b.arg(sortable(r.ID))
	return []string{fmt.Sprintf("(tier > %[1]s OR tier = %[1]s AND (n.%[2]s < %[3]s OR n.%[2]s = %[3]s AND n.id > %[4]s))", tier, quote(prominenceProperty), prominence, id)}
}

// sought writes what is asked of nodes that the index does not know.
func (b *compiler) sought(s *plan.Search, n *scope) string {
	kinds := make([]string, len(s.Branches))
	for i, branch := range s.Branches {
		kinds[i] = n.node + ":" + quote(branch.Type.Name)
		if branch.Filter != nil {
			kinds[i] += " AND " + b.predicate(branch.Filter, n)
		}
	}
	return "(" + strings.Join(kinds, " OR ") + ")"
}
