package sqlitestore

import (
	"fmt"
	"strings"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/text"
)

// What is searched has a row in the table search, and its tokens in the
// full-text index search_index, whose content is not kept. The row number there
// is the node's rank: the rarer its prominence is reached the less, then its
// key. So the index answers the most prominent first, and is read no further
// than a page needs.
const (
	searchTables = `
create table if not exists "search" ("key" integer primary key, "prominence" integer not null, "id" text not null);
create virtual table if not exists "search_index" using fts5("tokens", content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'");
`
	keyBits = 40
	keyMask = 1<<keyBits - 1
	// nothing is what no document has: an empty search is an error there.
	nothing = `"__"`
)

// rank returns the row number of a node in the index.
func rank(key, prominence int64) int64 { return (store.MaxProminence-prominence)<<keyBits | key }

// matches writes that a node is found by a search.
func (b *compiler) matches(m plan.Matches, n names) string {
	return fmt.Sprintf(`%s."key" in (select rowid & %d from "search_index" where "search_index" match %s)`, n.node, keyMask, b.arg(fts5(m.Match())))
}

// fts5 writes a condition in the language of SQLite's full-text index. Tokens
// are letters, digits and underscores.
func fts5(m text.Match) string {
	join := func(op string) string {
		parts := make([]string, len(m.Of))
		for i, part := range m.Of {
			parts[i] = fts5(part)
		}
		return "(" + strings.Join(parts, op) + ")"
	}
	switch m.Op {
	case text.Begins:
		return `"` + m.Token + `"*`
	case text.All:
		return join(" AND ")
	case text.Any:
		return join(" OR ")
	case text.Without:
		return join(" NOT ")
	}
	return `"` + m.Token + `"`
}

// search writes the ranks and the nodes of a page. Tier after tier is read in the order of
// prominence, up to the greatest total that is told. Ties end in the order of
// ids, which the index does not know: where those of the last on the page may
// go on behind what has been read, the rest of them follows.
func (b *compiler) search(s *plan.Search) string {
	most, fetch := b.arg(plan.MaxTotal+1), b.arg(s.Fetch())
	table, sought := b.sought(s)
	plain := s.After == nil && !s.Filtered() // else tier after tier, which nests less
	conditions, queries := s.Query.Conditions(), make([]string, text.Tiers)
	var stages []string
	for t := range text.Tiers {
		queries[t] = nothing
		from := int64(0)
		if s.After == nil || t >= s.After.Tier {
			queries[t] = fts5(s.Only(conditions.Only(t)))
		}
		if s.After != nil && t == s.After.Tier {
			from = rank(0, s.After.Prominence)
		}
		if plain && t >= text.TierAlias {
			continue
		}
		// A limit keeps the order.
		stages = append(stages, fmt.Sprintf(`select * from (select %d as "tier", rowid as "rank" from "search_index" where "search_index" match %s and rowid >= %s order by rowid limit -1)`,
			t, b.arg(queries[t]), b.arg(from)))
	}
	after := b.afterRank(s.After)
	found := fmt.Sprintf(`"found" as materialized (select "tier", "rank" from (%s)%s limit %s)`, strings.Join(stages, " union all "), and(append(after, sought...)), most)
	if plain {
		found = b.firstFound(s, stages, most)
	}
	// The place of the last on the page, how far its tier has been read, and
	// whether nothing less than its ties has been read.
	last := fmt.Sprintf(`"last" as materialized (select "tier", "rank" >> %[1]d as "class", "read", "n" = %[2]s and "least" = "place" as "cut" from (`+
		`select *, "tier" << %[1]d | "rank" >> %[1]d as "place", max("rank") over (partition by "tier") as "read", count(*) over () as "n", max("tier" << %[1]d | "rank" >> %[1]d) over () as "least",`+
		` row_number() over (order by "tier", "rank") as "rn" from "found") where "rn" = %[3]s)`, keyBits, most, fetch)
	rest := fmt.Sprintf(`"rest" as (select l."tier", x.rowid as "rank" from "last" l cross join "search_index" x where x."search_index" match iif(l."cut", %s ->> l."tier", '%s') and x.rowid > l."read" and x.rowid < l."class" + 1 << %d)`,
		b.arg(string(answer.AppendStrings(nil, queries))), nothing, keyBits)
	page := fmt.Sprintf(`select f."tier", %d - (f."rank" >> %d) as "prominence", s."id" from (select "tier", "rank" from "found" union all select "tier", "rank" from "rest"%s) f join "search" s on s."key" = f."rank" & %d`+
		` where ifnull((f."tier", f."rank" >> %[2]d) <= (select "tier", "class" from "last"), 1) order by 1, 2 desc, 3 limit %[5]s`,
		store.MaxProminence, keyBits, and(append(after, sought...)), keyMask, fetch)
	// The page leads: the database would rather read all ids and look into it.
	page = fmt.Sprintf(`select p.*, i."type", i."key", row_number() over (order by p."tier", p."prominence" desc, p."id") as "rn" from (%s) p cross join "node_id" i on i."id" = p."id"`, page)
	count, nodes := "0", "json('[]')"
	if selected := s.Selected(); len(selected) > 0 {
		nodes = fmt.Sprintf(`json_group_array(%s order by i."rn") filter (where i."rn" < %s)`, b.branches(selected), fetch)
	}
	switch {
	case s.Counted && s.After == nil:
		count = `(select count(*) from "found")`
	case s.Counted:
		count = fmt.Sprintf(`(select count(*) from (select 1 from (select rowid as "rank" from "search_index" where "search_index" match %s limit -1)%s limit %s))`, b.arg(fts5(s.Only(s.Query.All()))), and(sought), most)
	}
	return fmt.Sprintf(`(with %s%s, %s, %s select json_object('Count', %s, 'Ranks', json_group_array(json_object('Tier', i."tier", 'Prominence', i."prominence", 'ID', i."id") order by i."rn"), 'Nodes', %s) from (%s) i)`,
		table, found, last, rest, count, nodes, page)
}

// firstFound writes what is found from the first on, of all that the index knows.
// The tiers up to the names are read as on any page. What they leave is asked for
// once, and mostly that is little: the last tiers without those before them would
// put the beginning of a word together from all its words seven times.
func (b *compiler) firstFound(s *plan.Search, names []string, most string) string {
	every := b.arg(fts5(s.Only(s.Query.All())))
	read := func(query, without string) string {
		return fmt.Sprintf(`select "rank" from (select rowid as "rank" from "search_index" where "search_index" match %s order by rowid limit -1) where %s`, query, without)
	}
	const noName, noAlias = `"rank" not in (select "rank" from "names")`, `"rank" not in (select "rank" from "aliases")`
	return fmt.Sprintf(`"names" as materialized (select "tier", "rank" from (%s) limit %s), `, strings.Join(names, " union all "), most) +
		fmt.Sprintf(`"left" as materialized (%s limit %s), `, read(every, noName), most) +
		fmt.Sprintf(`"aliases" as materialized (%s limit %s), `,
			read(fmt.Sprintf(`iif(exists (select 1 from "left"), %s, '%s')`, b.arg(fts5(s.Only(s.Query.Tier(text.TierAlias)))), nothing), noName), most) +
		// All that is left is known, or it is read on.
		fmt.Sprintf(`"found" as materialized (select "tier", "rank" from "names" union all select %d, "rank" from "aliases" union all select %d, "rank" from (`+
			`select * from (select "rank" from "left" where (select count(*) from "left") < %[3]s and %[4]s union all %[5]s) limit -1) limit %[3]s)`,
			text.TierAlias, text.TierRest, most, noAlias,
			read(fmt.Sprintf(`iif((select count(*) from "left") < %s, '%s', %s)`, most, nothing, every), noName+" and "+noAlias))
}

// afterRank writes that a row of the index comes after a rank.
func (b *compiler) afterRank(r *plan.Rank) []string {
	if r == nil {
		return nil
	}
	return []string{fmt.Sprintf(`("tier" <> %s or "rank" >= %s or (select s."id" from "search" s where s."key" = "rank" & %d) > %s)`, b.arg(r.Tier), b.arg(behind(*r)), keyMask, b.arg(r.ID))}
}

// behind returns the first row number that is less prominent than a rank.
func behind(r plan.Rank) int64 { return rank(0, r.Prominence-1) }

// sought writes the table of the nodes that meet what the index does not know,
// and that a row is one of them.
func (b *compiler) sought(s *plan.Search) (table string, where []string) {
	if !s.Filtered() {
		return "", nil
	}
	kinds := make([]string, len(s.Branches))
	for i, branch := range s.Branches {
		n := names{node: b.alias("n")}
		var where []string
		if branch.Filter != nil {
			where = []string{b.predicate(branch.Filter, n)}
		}
		kinds[i] = fmt.Sprintf(`select %s."key" from %s %[1]s%[3]s`, n.node, quote(branch.Type.Name), and(where))
	}
	return fmt.Sprintf(`"sought" as materialized (%s), `, strings.Join(kinds, " union all ")), []string{fmt.Sprintf(`"rank" & %d in (select "key" from "sought")`, keyMask)}
}
