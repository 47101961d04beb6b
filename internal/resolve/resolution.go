package resolve

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/kg"
)

// The type of node that records a merge, and the relationship that leads from
// it to the organisation that lasted; and the type that records that two are
// not one, and the relationship that leads from it to both.
const (
	resolutionType   = "Resolution"
	resolutionPrefix = "resolution:"
	resolvedInto     = "RESOLVED_INTO"
	refusalType      = "Refusal"
	refusalPrefix    = "refusal:"
	keptApart        = "KEPT_APART"
)

// method is recorded with each merge; another way to score is another method.
const method = "resolve 1: identifiers, names and country"

// ResolutionID returns the id of the record of the merge that made an id a
// former one.
func ResolutionID(former string) string { return resolutionPrefix + former }

// resolution returns the record of a merge, with what stood before.
func resolution(p Proposal, before string, sequence int64, at time.Time) *kg.Node {
	reasons := make([]string, len(p.Reasons))
	for i, r := range p.Reasons {
		reasons[i] = r.String()
	}
	return &kg.Node{Type: resolutionType, ID: ResolutionID(p.Former), Properties: kg.Properties{
		"former": p.Former, "sequence": sequence, "method": method, "score": int64(p.Score), "reasons": reasons, "derivation": inferredRecord,
		"decidedAt": stamp(at), "before": before,
	}}
}

// stamp writes when something is decided.
func stamp(at time.Time) string { return at.UTC().Truncate(time.Second).Format(time.RFC3339) }

// before is what a merge has changed, as it stood before.
type before struct {
	into, former *kg.Node
	moved        []*kg.Relationship // of the former
	met          []*kg.Relationship // of the one that lasted, where one of the former's became part of them
	naming       []*kg.Node         // claims that name the former
}

// buildsOn reports whether a later merge has seen what an earlier one made of
// the graph, so that the earlier can only be taken back after it.
func (b *before) buildsOn(earlier *before) bool {
	seen := []string{b.into.ID, b.former.ID}
	for _, r := range slices.Concat(b.moved, b.met) {
		seen = append(seen, r.From, r.To)
	}
	for _, claim := range b.naming {
		seen = append(seen, namedBy(claim)...)
	}
	return slices.Contains(seen, earlier.into.ID) || slices.Contains(seen, earlier.former.ID)
}

// encode writes it as JSON Lines.
func (b *before) encode(c *catalog.Catalog) (string, error) {
	changes := []kg.Change{{Node: b.into}, {Node: b.former}}
	for _, claim := range b.naming {
		changes = append(changes, kg.Change{Node: claim})
	}
	for _, r := range slices.Concat(b.moved, b.met) {
		changes = append(changes, kg.Change{Relationship: r})
	}
	jsonl.Sort(c, changes)
	var out bytes.Buffer
	e := jsonl.NewEncoder(&out, c)
	for _, ch := range changes {
		if err := e.Change(ch); err != nil {
			return "", err
		}
	}
	if err := e.Flush(); err != nil {
		return "", err
	}
	if out.Len() > maxBefore {
		return "", kg.Errorf(kg.Conflict, "%s has too many relationships to be merged: they take %d bytes of at most %d", b.former.ID, out.Len(), maxBefore)
	}
	return out.String(), nil
}

// maxBefore keeps the record of a merge a line of JSON Lines, even with every
// quote escaped.
const maxBefore = jsonl.MaxLine / 4

// decodeBefore reads what encode has written in the record of a merge.
func decodeBefore(c *catalog.Catalog, record *kg.Node) (*before, error) {
	b := &before{}
	former := textOf(record, "former")
	err := jsonl.Decode(strings.NewReader(textOf(record, "before")), c, func(ch kg.Change) error {
		switch {
		case ch.Node != nil && ch.Node.Type == claimType:
			b.naming = append(b.naming, ch.Node)
		case ch.Node != nil && ch.Node.ID == former:
			b.former = ch.Node
		case ch.Node != nil:
			b.into = ch.Node
		case ch.Relationship.From == former || ch.Relationship.To == former:
			b.moved = append(b.moved, ch.Relationship)
		default:
			b.met = append(b.met, ch.Relationship)
		}
		return nil
	}, nil)
	if err != nil || b.former == nil || b.into == nil {
		return nil, kg.Wrap(kg.Conflict, err, "%s does not hold what stood before", record.ID)
	}
	return b, nil
}
