package provenance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// Register gives the graph the text of a source: it checks that it is the text of
// which the source has the SHA-256, and fills the quotes of the claims that cite
// it by their offsets. A text that is another, or in which a passage does not lie,
// is BAD_USER_INPUT and changes nothing. The text itself is not kept. It returns
// how many quotes the text fills.
func Register(ctx context.Context, s store.Store, source string, text []byte) (quotes int, done kg.Applied, err error) {
	r := &registration{source: source, want: "", runes: []rune(string(text))}
	if err := s.Scan(ctx, r.look); err != nil {
		return 0, done, err
	}
	sum := sha256.Sum256(text)
	got := hex.EncodeToString(sum[:])
	switch {
	case !r.there:
		err = kg.Errorf(kg.NotFound, "the graph holds no source %q", source)
	case r.want == "":
		err = kg.Errorf(kg.BadUserInput, "source %q has no sha256 to check a text against", source)
	case !strings.EqualFold(r.want, got):
		err = kg.Errorf(kg.BadUserInput, "the file is not the text of %q: its SHA-256 is %s and would have to be %s", source, got, r.want)
	case !utf8.Valid(text):
		err = kg.Errorf(kg.BadUserInput, "the text of %q is not valid UTF-8", source)
	default:
		err = r.bad
	}
	if err != nil {
		return 0, done, err
	}
	done, err = apply(ctx, s, r.changes)
	return r.quotes, done, err
}

// registration looks for the source and for what cites it.
type registration struct {
	source  string
	runes   []rune
	there   bool
	want    string // SHA-256 of the source's text
	quotes  int
	changes []kg.Change
	bad     error // the first passage that does not lie in the text
}

func (r *registration) look(ch kg.Change) error {
	n := ch.Node
	switch {
	case n == nil:
	case n.Type == sourceType && (n.ID == r.source || slices.Contains(n.FormerIDs, r.source)):
		r.there = true
		r.want, _ = n.Properties[checksum].(string)
	case n.Type == claimType:
		records := r.citing(n)
		if list, cites := n.Properties[passages].(kg.JSON); cites && len(records) > 0 {
			return r.claim(n, records, list)
		}
	}
	return nil
}

// citing returns the records of the source that state where a claim stands.
func (r *registration) citing(n *kg.Node) (out []kg.Record) {
	for _, rec := range n.Records {
		shown := rec.Properties == nil || slices.Contains(rec.Properties, passages)
		shown = shown && !slices.ContainsFunc(rec.Overridden, func(o kg.Override) bool { return o.Property == passages })
		if rec.Source == r.source && shown {
			out = append(out, kg.Record{Source: rec.Source, Locator: rec.Locator, Derivation: rec.Derivation, Properties: []string{passages}})
		}
	}
	return out
}

// claim fills the quotes of a claim.
func (r *registration) claim(n *kg.Node, records []kg.Record, list kg.JSON) error {
	var all []struct {
		Start int `json:"startOffset"`
		End   int `json:"endOffset"`
	}
	if err := json.Unmarshal([]byte(list), &all); err != nil {
		return fmt.Errorf("passages of %s: %w", n.ID, err)
	}
	b := []byte{'['}
	for i, p := range all {
		if p.Start < 0 || p.End < p.Start || p.End > len(r.runes) {
			if r.bad == nil {
				r.bad = kg.Errorf(kg.BadUserInput, "%s cites characters %d to %d of a text of %d", n.ID, p.Start, p.End, len(r.runes))
			}
			return nil
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"endOffset":%d,"quote":`, p.End)
		b = answer.AppendString(b, string(r.runes[p.Start:p.End]))
		b = fmt.Appendf(b, `,"startOffset":%d}`, p.Start)
		r.quotes++
	}
	r.changes = append(r.changes, kg.Change{Node: &kg.Node{
		Type: n.Type, ID: n.ID, Properties: kg.Properties{passages: kg.JSON(append(b, ']'))}, Records: records,
	}})
	return nil
}
