// Package search answers searches over any store: the answer is written from the
// ranks and the nodes that a store finds by one statement, with the words that
// were found in them.
package search

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/stage"
	"github.com/maillage/maillage/internal/text"
)

// Answer answers a search. Where nothing can be found it asks nobody.
func Answer(ctx context.Context, run stage.Run, p plan.Normal) (answer.Object, error) {
	w := &writer{Search: p.Plan().Root.(*plan.Search), nodes: stage.Nodes{}, searched: map[string][]*catalog.Property{}}
	for _, b := range w.Branches {
		w.searched[b.Type.Prefix] = b.Type.Search.Properties()
	}
	if !w.Empty() {
		out, err := run(ctx, p)
		if err != nil {
			return answer.Object{}, err
		}
		if err := json.Unmarshal(out.JSON, &w.Ranked); err != nil {
			return answer.Object{}, fmt.Errorf("ranks: %w", err)
		}
		if len(w.Ranks) > w.Limit {
			w.Ranks, w.more = w.Ranks[:w.Limit], true
		}
		for i, n := range w.Nodes {
			w.nodes[w.Ranks[i].ID] = n
		}
	}
	out, err := w.nodes.Write(w.Fields, w.connection())
	return answer.Object{JSON: out}, err
}

// writer writes the answer to a search.
type writer struct {
	*plan.Search
	plan.Ranked
	nodes    stage.Nodes
	searched map[string][]*catalog.Property // by the prefix of ids
	more     bool
}

func (w *writer) connection() stage.Object {
	edges, nodes := make([]any, len(w.Ranks)), make([]any, len(w.Ranks))
	for i, r := range w.Ranks {
		edges[i], nodes[i] = w.edge(r), stage.Node(r.ID)
	}
	info := stage.Object{"hasNextPage": w.more, "hasPreviousPage": w.After != nil, "startCursor": nil, "endCursor": nil}
	if n := len(w.Ranks); n > 0 {
		info["startCursor"], info["endCursor"] = w.Ranks[0].Cursor(), w.Ranks[n-1].Cursor()
	}
	return stage.Object{
		"edges": edges, "nodes": nodes, "pageInfo": info,
		"totalCount": stage.Object{"value": min(w.Count, plan.MaxTotal), "atLeast": w.Count > plan.MaxTotal},
	}
}

// tiers are the values of SearchTier.
var tiers = [text.Tiers]string{"IDENTIFIER", "WHOLE_NAME", "NAME_PREFIX", "NAME", "ALIAS", "REST"}

func (w *writer) edge(r plan.Rank) stage.Object {
	highlights := func(plan.Arguments) (any, error) { return w.highlights(r.ID), nil }
	return stage.Object{"cursor": r.Cursor(), "tier": tiers[r.Tier], "node": stage.Node(r.ID), "highlights": stage.Lazy(highlights)}
}

// highlights returns the words that were found in a node.
func (w *writer) highlights(id string) []any {
	out := []any{}
	var last string
	var words []text.Word
	for _, p := range w.searched[kg.Prefix(id)] {
		for _, value := range values(p, w.nodes[id][p.Name]) {
			// Names are often shown as they are.
			if value != last {
				last, words = value, w.Query.Highlight(value)
			}
			for _, word := range words {
				out = append(out, stage.Object{"field": p.Name, "value": value, "start": word.Start, "end": word.End})
			}
		}
	}
	return out
}

// values returns the texts of a property. Most properties of most nodes have none.
func values(p *catalog.Property, raw jsontext.Value) (out []string) {
	switch string(raw) {
	case "", "null", "[]":
		return nil
	}
	if p.Kind == catalog.StringList {
		_ = json.Unmarshal(raw, &out)
		return out
	}
	s, _ := jsontext.AppendUnquote(nil, raw)
	return []string{string(s)}
}
