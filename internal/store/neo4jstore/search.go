package neo4jstore

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/text"
)

// What is searched keeps its tokens as one text with a blank around each, from
// which a full-text index is made, and its prominence. Among the tokens is the
// bucket of the prominence, so that the index finds the prominent first where
// many are found. By what results are ranked stands in one short text.
const (
	tokensProperty     = "_search"
	prominenceProperty = "_prominence"
	rankProperty       = "_rank"
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

// around stands around the tokens in rankProperty. No id has it. What ends with
// behind comes after it in the order of texts.
const around, behind = "\x00", "\x01"

// rankText returns by what a node is ranked: where it stands in its tier, and the
// tokens that tell which one that is.
func rankText(tokens []string, prominence int64, id string) string {
	return place(prominence) + sortable(id) + around + strings.Join(text.Ranking(tokens), around) + around
}

// place orders by prominence, from the greatest. All have placeLength.
func place(prominence int64) string {
	return fmt.Sprintf("%0*d", placeLength, store.MaxProminence-prominence)
}

const placeLength = 3

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
func lucene(m text.Match) string { return string(appendLucene(make([]byte, 0, 128), m)) }

func appendLucene(to []byte, m text.Match) []byte {
	join := func(before ...string) []byte {
		for i, part := range m.Of {
			open := byte(' ')
			if i == 0 {
				open = '('
			}
			to = append(append(to, open), before[min(i, len(before)-1)]...)
			to = appendLucene(to, part)
		}
		return append(to, ')')
	}
	switch m.Op {
	case text.Begins:
		return append(append(to, m.Token...), '*')
	case text.All:
		return join("+")
	case text.Any:
		return join("")
	case text.Without:
		return join("+", "-")
	}
	return append(to, m.Token...)
}

// containing returns what the tokens of a node must contain to meet the condition
// of a tier, for contains: each of the lists, one of the texts in it.
func containing(m text.Match, around string) [][]string {
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
			token := around + e.Token
			if e.Op == text.Has {
				token += around
			}
			all[i] = append(all[i], token)
		}
	}
	return all
}

// contains writes that a text has what containing tells. What is written is the
// same for every search.
func contains(parameter, property string) string {
	return "all(w IN " + parameter + " WHERE any(x IN w WHERE " + property + " CONTAINS x))"
}

// matches writes that a node is found by a search.
func (b *compiler) matches(m plan.Matches, node string) string {
	either := make([]string, 2)
	for i, t := range []text.Tier{text.TierIdentifier, text.TierRest} {
		either[i] = contains(b.arg(containing(m.Query.Tier(t), " ")), node+"."+quote(tokensProperty))
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// asked writes a call of the full-text index.
func asked(index, question, node string) string {
	return "CALL db.index.fulltext.queryNodes(" + index + ", " + question + ") YIELD node AS " + node
}

// few is how many results of a search are ranked at once. Of more than that, those
// whose names begin so mostly fill a page, and the index finds them alone in less
// time than it takes to read what is known of all.
const few = 100

// searchArguments adds the arguments of a search, in the order of their names in
// its text.
func (b *compiler) searchArguments(s *plan.Search) {
	c := s.Query.Conditions()
	args := []any{
		b.kept.index, lucene(s.Only(s.Query.All())), int64(plan.MaxTotal + 1), int64(s.Fetch()),
		around + c[text.TierIdentifier].Token + around, around + c[text.TierWhole].Token + around,
		containing(c[text.TierPrefix], around), containing(c[text.TierName], around), containing(c[text.TierAlias], around),
	}
	if r := s.After; r != nil {
		args = append(args, int64(r.Tier), place(r.Prominence)+sortable(r.ID)+behind)
	}
	if !s.Filtered() {
		best, all := stages(s, c)
		args = append(args, int64(few), best, all, banded)
	}
	b.args = append(b.args, args...)
}

// names returns how the arguments of a search are named where its text is made.
func (s searchShape) names() []string {
	names := []string{"$index", "$question", "$most", "$fetch", "$identifier", "$whole", "$prefix", "$names", "$aliases"}
	if s.after {
		names = append(names, "$tier", "$place")
	}
	if !s.filtered {
		names = append(names, "$few", "$best", "$stages", "$bands")
	}
	return names
}

// search writes the ranks and the nodes of a page, behind the arguments. Where few
// are found all are ranked; where there are more the best are asked for before the
// rest is; and where there are too many to be counted the index is asked for one
// tier and band after the other until the page is full.
func (b *compiler) search(s *plan.Search, root *scope) writer {
	t := searchTexts[searchShape{filtered: s.Filtered(), after: s.After != nil}]
	root.calls = append(root.calls, t.call)
	if s.Filtered() {
		root.calls.where([]string{b.sought(s, &scope{node: "n"})})
	}
	root.calls = append(root.calls, t.ranking)
	ranks, nodes := b.ranks(s, root)
	count := writeRaw("0")
	if s.Counted {
		count = writeCount(root.value(t.count))
	}
	return writeObject([]member{{"Count", count}, {"Ranks", ranks}, {"Nodes", nodes}})
}

// searchShape is what the text of a search depends on, but for what is selected
// and for what is asked of nodes that the index does not know.
type searchShape struct{ filtered, after bool }

// searchText is the text of the searches of a shape, most of which is the same each
// time: the call of the index, the ranking behind it, and the number of results.
// The ranking ends with the nodes n of a page in order, each with its tier.
type searchText struct{ call, ranking, count string }

var searchTexts = func() map[searchShape]searchText {
	out := map[searchShape]searchText{}
	for _, filtered := range []bool{false, true} {
		for _, after := range []bool{false, true} {
			shape := searchShape{filtered, after}
			out[shape] = shape.write()
		}
	}
	return out
}()

// write writes the text.
func (s searchShape) write() searchText {
	const of = "n.`" + rankProperty + "`"
	first := fmt.Sprintf("WHEN %[1]s CONTAINS $identifier THEN %[2]d WHEN %[1]s CONTAINS $whole THEN %[3]d", of, text.TierIdentifier, text.TierWhole)
	each := fmt.Sprintf("%s WHEN %s THEN %d WHEN %s THEN %d WHEN %s THEN %d ELSE %d", first,
		contains("$prefix", of), text.TierPrefix, contains("$names", of), text.TierName, contains("$aliases", of), text.TierAlias, text.TierRest)
	rank := func(k *block, cases string, where ...string) {
		k.line("WITH n, CASE %s END AS tier", cases)
		if s.after {
			where = append(where, "(tier > $tier OR tier = $tier AND "+of+" > $place)")
		}
		k.where(where)
		k.line("RETURN n, tier ORDER BY tier, %s LIMIT $fetch", of)
	}

	limit, page := "", block{}
	if s.filtered {
		page.line("UNWIND found AS n")
		rank(&page, each)
	} else {
		limit = ", {limit: $most}"
		page.line("WITH found WHERE size(found) < $few")
		page.line("UNWIND found AS n")
		rank(&page, each)
		page.line("UNION ALL")
		page.line("WITH found WHERE size(found) >= $few")
		page.line("UNWIND CASE WHEN size(found) < $most THEN $best ELSE $stages END AS stage")
		page.line("UNWIND coalesce($bands[stage[2]..], ['']) AS band")
		stage := block{}
		stage.line("%s", asked("$index", "stage[1] + band", "n"))
		rank(&stage, fmt.Sprintf("WHEN stage[0] > %d THEN stage[0] %s ELSE %d", text.TierIdentifier, first, text.TierPrefix))
		page.call(stage, "stage", "band")
		page.line("RETURN n, tier")
		page.line("UNION ALL")
		page.line("WITH found WHERE size(found) >= $few AND size(found) < $most")
		page.line("UNWIND found AS n")
		rank(&page, each, fmt.Sprintf("tier > %d", text.TierPrefix))
	}
	ranking, ranked := block{}, block{}
	ranked.call(page, "found")
	ranked.line("WITH n, tier LIMIT $fetch")
	ranking.line("WITH collect(n) AS found")
	ranking.line("CALL (found) {")
	ranking.indent(ranked)

	var numbers []string
	for i, name := range s.names() {
		numbers = append(numbers, name, placeholder(i))
	}
	numbered := strings.NewReplacer(numbers...).Replace
	return searchText{
		call:    numbered(asked("$index", "$question"+limit, "n")),
		ranking: numbered(strings.Join(ranking, "\n")),
		// As many as other stores count.
		count: numbered("CASE WHEN size(found) < $most THEN size(found) ELSE $most END"),
	}
}

// ranks writes the ranks and what is selected of the nodes of a page. What a node
// has itself stands beside its rank; what is looked up for nodes is looked up by
// type, and not for the extra one.
func (b *compiler) ranks(s *plan.Search, root *scope) (ranks, nodes writer) {
	n := &scope{node: "n"}
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
	root.calls.line("  RETURN collect([%s]) AS ranks%s", strings.Join(n.values, ", "), carried)
	root.calls.line("}")
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
	at, limit, c := root.value("ranks"), s.Limit, b.catalog // and not the rest, where the writers are kept
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
			t := c.TypeOfID(of)
			if object := beside[t]; object != nil {
				object(o, r)
			} else {
				apart[t].write(o, row, of)
			}
		})(o, page{rows: found[:min(len(found), limit)]}, row)
	}
	return ranks, nodes
}

// bands are the buckets that the index is asked for at once, from the least, the
// greatest first. The greater a prominence the fewer have it: by halves at least.
var bands = [][2]int{{6, buckets - 1}, {4, 5}, {2, 3}, {1, 1}, {0, 0}}

var firstBand = band(bands[0])

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
func stages(s *plan.Search, c text.Conditions) (best, all []any) {
	after := plan.Rank{Prominence: 2 * buckets}
	if s.After != nil {
		after = *s.After
	}
	first := func(prefix text.Match) []any {
		of := text.AnyOf(c[text.TierIdentifier], c[text.TierWhole], prefix)
		return []any{int64(text.TierIdentifier), lucene(s.Only(of)), nil}
	}
	best, all = []any{}, []any{}
	if after.Tier <= text.TierPrefix {
		best = append(best, first(c[text.TierPrefix]))
	}
	for t := max(after.Tier, text.TierPrefix); t < text.Tiers; t++ {
		from := 0
		if t == after.Tier {
			for bands[from][0] > bucketOf(after.Prominence) {
				from++
			}
		}
		if t == text.TierPrefix && from == 0 {
			all = append(all, first(text.AllOf(c[t], firstBand)))
			from++
		}
		all = append(all, []any{int64(t), "+" + lucene(s.Only(c.Only(t))), int64(from)})
	}
	return best, all
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
