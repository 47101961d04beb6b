// Package search answers searches over any store: one statement ranks, one looks
// up the nodes of the page, and the answer is written from both.
package search

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/text"
)

// Run answers a plan by one statement.
type Run func(context.Context, plan.Normal) (answer.Object, error)

// Answer answers a plan: a search by two statements, of which the second is left
// out where no node is selected or none found, and any other by one.
func Answer(ctx context.Context, run Run, p plan.Normal) (answer.Object, error) {
	s, ok := p.Plan().Root.(*plan.Search)
	if !ok {
		return run(ctx, p)
	}
	w := &writer{Search: s}
	if !s.Empty() {
		out, err := run(ctx, p)
		if err != nil {
			return answer.Object{}, err
		}
		if err := json.Unmarshal(out.JSON, &w.Ranked); err != nil {
			return answer.Object{}, fmt.Errorf("ranks: %w", err)
		}
		if len(w.Ranks) > s.Limit {
			w.Ranks, w.more = w.Ranks[:s.Limit], true
		}
		if err := w.lookUp(ctx, run, p.Plan().Name); err != nil {
			return answer.Object{}, err
		}
	}
	w.object(s.Fields, w.connection)
	return answer.Object{JSON: w.json}, nil
}

// writer writes the answer to a search.
type writer struct {
	*plan.Search
	plan.Ranked
	nodes []map[string]json.RawMessage // by rank, what the look-up answers
	more  bool
	json  []byte
}

// lookUp looks up the nodes of the page. One that is gone since it was ranked
// is left out.
func (w *writer) lookUp(ctx context.Context, run Run, name string) error {
	l := &plan.Lookup{List: true}
	for _, b := range w.Branches {
		if len(b.Fields) > 0 {
			l.Branches = append(l.Branches, b.Branch)
		}
	}
	if len(w.Ranks) == 0 || len(l.Branches) == 0 {
		w.nodes = make([]map[string]json.RawMessage, len(w.Ranks))
		return nil
	}
	for _, r := range w.Ranks {
		l.IDs = append(l.IDs, r.ID)
	}
	out, err := run(ctx, plan.Normalize(plan.Plan{Name: name, Root: l}))
	if err != nil {
		return err
	}
	var nodes []map[string]json.RawMessage
	if err := json.Unmarshal(out.JSON, &nodes); err != nil {
		return fmt.Errorf("nodes: %w", err)
	}
	ranks := w.Ranks
	w.Ranks = nil
	for i, n := range nodes {
		if n != nil {
			w.Ranks, w.nodes = append(w.Ranks, ranks[i]), append(w.nodes, n)
		}
	}
	return nil
}

// object writes the fields of an object.
func (w *writer) object(fields []plan.SearchField, write func(plan.SearchField)) {
	w.json = append(w.json, '{')
	for i, f := range fields {
		if i > 0 {
			w.json = append(w.json, ',')
		}
		w.json = append(answer.AppendString(w.json, f.Key), ':')
		if f.Name == "" {
			w.text(f.Typename)
		} else {
			write(f)
		}
	}
	w.json = append(w.json, '}')
}

// list writes a list of so many items.
func (w *writer) list(n int, write func(i int)) {
	w.json = append(w.json, '[')
	for i := range n {
		if i > 0 {
			w.json = append(w.json, ',')
		}
		write(i)
	}
	w.json = append(w.json, ']')
}

func (w *writer) text(s string)  { w.json = answer.AppendString(w.json, s) }
func (w *writer) number(n int)   { w.json = strconv.AppendInt(w.json, int64(n), 10) }
func (w *writer) truth(v bool)   { w.json = strconv.AppendBool(w.json, v) }
func (w *writer) raw(j []byte)   { w.json = append(w.json, j...) }
func (w *writer) cursorAt(i int) { w.text(w.Ranks[i].Cursor()) }

func (w *writer) connection(f plan.SearchField) {
	switch f.Name {
	case "edges":
		w.list(len(w.Ranks), func(i int) { w.object(f.Fields, func(f plan.SearchField) { w.edge(f, i) }) })
	case "nodes":
		w.list(len(w.Ranks), func(i int) { w.raw(w.nodes[i][f.Slot]) })
	case "pageInfo":
		w.object(f.Fields, w.pageInfo)
	case "totalCount":
		w.object(f.Fields, func(f plan.SearchField) {
			if f.Name == "value" {
				w.number(min(w.Count, plan.MaxTotal))
			} else {
				w.truth(w.Count > plan.MaxTotal)
			}
		})
	}
}

func (w *writer) pageInfo(f plan.SearchField) {
	switch {
	case f.Name == "hasNextPage":
		w.truth(w.more)
	case f.Name == "hasPreviousPage":
		w.truth(w.After != nil)
	case len(w.Ranks) == 0:
		w.raw([]byte("null"))
	case f.Name == "startCursor":
		w.cursorAt(0)
	default:
		w.cursorAt(len(w.Ranks) - 1)
	}
}

// tiers are the values of SearchTier.
var tiers = [text.Tiers]string{"IDENTIFIER", "WHOLE_NAME", "NAME_PREFIX", "NAME", "ALIAS", "REST"}

func (w *writer) edge(f plan.SearchField, i int) {
	switch f.Name {
	case "cursor":
		w.cursorAt(i)
	case "tier":
		w.text(tiers[w.Ranks[i].Tier])
	case "node":
		w.raw(w.nodes[i][f.Slot])
	case "highlights":
		found := w.found(i)
		w.list(len(found), func(j int) { w.object(f.Fields, func(f plan.SearchField) { w.highlight(f, found[j]) }) })
	}
}

// highlight is a word that was found in a text.
type highlight struct {
	text.Word
	field, value string
}

func (w *writer) highlight(f plan.SearchField, h highlight) {
	switch f.Name {
	case "field":
		w.text(h.field)
	case "value":
		w.text(h.value)
	case "start":
		w.number(h.Start)
	case "end":
		w.number(h.End)
	}
}

// found returns the words that were found in a node.
func (w *writer) found(i int) (out []highlight) {
	for _, b := range w.Branches {
		if b.Type.Prefix+":" != w.Ranks[i].ID[:min(len(w.Ranks[i].ID), len(b.Type.Prefix)+1)] {
			continue
		}
		for _, p := range b.Type.Search.Properties() {
			for _, value := range values(p, w.nodes[i][p.Name]) {
				for _, word := range w.Query.Highlight(value) {
					out = append(out, highlight{word, p.Name, value})
				}
			}
		}
	}
	return out
}

// values returns the texts of a property.
func values(p *catalog.Property, raw json.RawMessage) (out []string) {
	if p.Kind == catalog.StringList {
		_ = json.Unmarshal(raw, &out)
		return out
	}
	var s *string
	if _ = json.Unmarshal(raw, &s); s != nil {
		out = append(out, *s)
	}
	return out
}
