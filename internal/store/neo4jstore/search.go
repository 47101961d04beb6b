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

// searchIndex returns the full-text index of a catalog. Its name says for which
// types it is.
func searchIndex(c *catalog.Catalog) (d definition, ok bool) {
	var labels []string
	for _, t := range c.Searched() {
		labels = append(labels, quote(t.Name))
	}
	if len(labels) == 0 {
		return d, false
	}
	of := strings.Join(labels, "|")
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(of))
	d.name = fmt.Sprintf("%s%08x", searchIndexes, sum.Sum32())
	d.text = fmt.Sprintf("CREATE FULLTEXT INDEX %s IF NOT EXISTS FOR (n:%s) ON EACH [n.%s] OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}", quote(d.name), of, quote(tokensProperty))
	return d, true
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
	return fmt.Sprintf("all(w IN %s WHERE any(x IN w WHERE %s.%s CONTAINS x))", b.arg(all), node, quote(tokensProperty))
}

// matches writes that a node is found by a search.
func (b *compiler) matches(m plan.Matches, node string) string {
	return "(" + b.contains(m.Query.Tier(text.TierIdentifier), node) + " OR " + b.contains(m.Query.Tier(text.TierRest), node) + ")"
}

// asked writes a call of the full-text index.
func (b *compiler) asked(query, options, node string) string {
	index, _ := searchIndex(b.catalog)
	return fmt.Sprintf("CALL db.index.fulltext.queryNodes(%s, %s%s) YIELD node AS %s", b.constant(index.name), query, options, node)
}

// search writes the ranks and the nodes of a page. Where few are found all are
// ranked; where there are many the index is asked for one tier and band after the
// other until the page is full.
func (b *compiler) search(s *plan.Search, root *scope) writer {
	most, fetch := b.constant(int64(plan.MaxTotal+1)), b.arg(int64(s.Fetch()))
	node := &scope{node: "n"}
	all := b.arg(lucene(s.Only(s.Query.All())))
	ranked, few, many := block{}, block{}, block{}
	if s.Filtered() {
		root.calls.line("%s", b.asked(all, "", "n"))
		root.calls.where([]string{b.sought(s, node)})
	} else {
		root.calls.line("%s", b.asked(all, ", {limit: "+most+"}", "n"))
		few.line("WITH found WHERE size(found) < %s", most)
	}
	root.calls.line("WITH collect(n) AS found")
	few.line("UNWIND found AS n")
	few.line("WITH n, CASE %s ELSE %d END AS tier", b.tiers(s.Query), text.TierRest)
	few.where(b.afterRank(s.After))
	few.line("RETURN n, tier")
	if !s.Filtered() {
		few.line("UNION ALL")
		few.line("WITH found WHERE size(found) = %s", most)
		few.line("UNWIND %s AS stage", b.arg(stages(s)))
		many.line("%s", b.asked("stage[1]", "", "n"))
		many.line("WITH n, stage[0] AS tier")
		many.where(b.afterRank(s.After))
		many.line("RETURN n, tier ORDER BY n.%s DESC, n.id LIMIT %s", quote(prominenceProperty), fetch)
		few.call(many, "stage")
		few.line("RETURN n, tier LIMIT %s", fetch)
	}
	ranked.call(few, "found")
	ranked.line("WITH n, tier ORDER BY tier, n.%s DESC, n.id LIMIT %s", quote(prominenceProperty), fetch)
	ranks, nodes := b.ranks(s, ranked, node, root)
	count := writeRaw("0")
	if s.Counted {
		// As many as other stores count.
		count = writeCount(root.value("CASE WHEN size(found) < " + most + " THEN size(found) ELSE " + most + " END"))
	}
	return writeObject([]member{{"Count", count}, {"Ranks", ranks}, {"Nodes", nodes}})
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

// tiers writes the cases that tell the tier of a node.
func (b *compiler) tiers(q text.Query) string {
	var cases []string
	for t := range text.TierRest {
		cases = append(cases, fmt.Sprintf("WHEN %s THEN %d", b.contains(q.Tier(t), "n"), t))
	}
	return strings.Join(cases, " ")
}

// bands are the buckets that the index is asked for at once, from the least, the
// greatest first. The greater a prominence the fewer have it: by halves at least.
var bands = [][2]int{{6, buckets - 1}, {4, 5}, {2, 3}, {1, 1}, {0, 0}}

// band writes that a node is in one of some buckets.
func band(least, most int) string {
	in := make([]text.Match, 0, buckets)
	for b := least; b <= most; b++ {
		in = append(in, text.Match{Token: bucketMark + strconv.Itoa(b)})
	}
	return lucene(text.AnyOf(in...))
}

// stages returns what the index is asked in turn, with the tier of each: the
// first tiers, of which there are few, as a whole, the others by bands of
// prominence. Those that lie before the page are left out.
func stages(s *plan.Search) (out []any) {
	after := plan.Rank{Prominence: 2 * buckets}
	if s.After != nil {
		after = *s.After
	}
	for t := after.Tier; t < text.Tiers; t++ {
		of := lucene(s.Only(s.Query.Only(t)))
		if t < text.TierPrefix {
			out = append(out, []any{int64(t), of})
			continue
		}
		for _, buckets := range bands {
			least, most := buckets[0], buckets[1]
			if t == after.Tier {
				most = min(most, bucketOf(after.Prominence))
			}
			if least <= most {
				out = append(out, []any{int64(t), "(+" + of + " +" + band(least, most) + ")"})
			}
		}
	}
	return out
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
