package jsonl

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// Encoder writes canonical JSON Lines. The order of the lines is the caller's,
// see Sort.
type Encoder struct {
	w    *bufio.Writer
	c    *catalog.Catalog
	line []byte
}

// NewEncoder returns an encoder of graphs of the given model.
func NewEncoder(w io.Writer, c *catalog.Catalog) *Encoder {
	return &Encoder{w: bufio.NewWriterSize(w, 1<<16), c: c}
}

// Flush writes what is still buffered.
func (e *Encoder) Flush() error { return e.w.Flush() }

// Change writes the node or relationship of a change.
func (e *Encoder) Change(ch kg.Change) error {
	switch {
	case ch.Node != nil:
		return e.Node(ch.Node)
	case ch.Relationship != nil:
		return e.Relationship(ch.Relationship)
	}
	return fmt.Errorf("an empty change cannot be written")
}

// Node writes one node.
func (e *Encoder) Node(n *kg.Node) error {
	t := e.c.Type(n.Type)
	if t == nil {
		return fmt.Errorf("%s: unknown type %q", n.ID, n.Type)
	}
	b := e.line[:0]
	b = append(b, '{')
	if len(n.FormerIDs) > 0 {
		b = append(b, `"formerIds":`...)
		b = answer.AppendStrings(b, sorted(n.FormerIDs))
		b = append(b, ',')
	}
	b = append(b, `"id":`...)
	b = answer.AppendString(b, n.ID)
	b, err := e.body(b, n.Properties, t.Property, n.Records)
	if err != nil {
		return fmt.Errorf("%s: %w", n.ID, err)
	}
	return e.end(b, n.Type)
}

// Relationship writes one relationship.
func (e *Encoder) Relationship(r *kg.Relationship) error {
	t := e.c.Relationship(r.Type)
	if t == nil {
		return fmt.Errorf("%s to %s: unknown relationship %q", r.From, r.To, r.Type)
	}
	b := e.line[:0]
	b = append(b, `{"from":`...)
	b = answer.AppendString(b, r.From)
	b, err := e.body(b, r.Properties, t.Property, r.Records)
	if err != nil {
		return fmt.Errorf("%s %s to %s: %w", r.Type, r.From, r.To, err)
	}
	b = append(b, `,"to":`...)
	b = answer.AppendString(b, r.To)
	return e.end(b, r.Type)
}

// body appends properties and records, each with the comma before it.
func (e *Encoder) body(b []byte, props kg.Properties, property func(string) *catalog.Property, records []kg.Record) ([]byte, error) {
	open := false
	for _, name := range slices.Sorted(maps.Keys(props)) {
		if l, ok := props[name].([]string); ok && len(l) == 0 {
			continue
		}
		if open {
			b = append(b, ',')
		} else {
			b, open = append(b, `,"properties":{`...), true
		}
		b = append(answer.AppendString(b, name), ':')
		var err error
		if b, err = appendValue(b, property(name), props[name]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if open {
		b = append(b, '}')
	}
	if len(records) == 0 {
		return b, nil
	}
	records = slices.Clone(records)
	kg.SortRecords(records)
	b = append(b, `,"records":[`...)
	for i, r := range records {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendRecord(b, r)
	}
	return append(b, ']'), nil
}

func (e *Encoder) end(b []byte, typ string) error {
	b = append(b, `,"type":`...)
	b = answer.AppendString(b, typ)
	b = append(b, '}', '\n')
	e.line = b
	if !utf8.Valid(b) || strings.Contains(string(b), refused) {
		return fmt.Errorf("not valid UTF-8, or with U+10FFFF: %q", b)
	}
	_, err := e.w.Write(b)
	return err
}

func appendRecord(b []byte, r kg.Record) []byte {
	b = append(b, '{')
	if r.Derivation == inferred {
		b = append(b, `"derivation":"INFERRED",`...)
	}
	n := len(b)
	b = appendOverridden(b, "edited", r.Overridden, func(rule kg.Rule) bool { return rule == kg.Edited })
	if len(b) > n {
		b = append(append(b[:n], b[n+1:]...), ',') // the comma goes behind
	}
	b = append(b, `"locator":`...)
	b = answer.AppendString(b, r.Locator)
	b = appendOverridden(b, "overridden", r.Overridden, func(rule kg.Rule) bool { return rule != kg.Edited })
	if r.Properties != nil {
		b = append(b, `,"properties":`...)
		b = answer.AppendStrings(b, sorted(r.Properties))
	}
	b = append(b, `,"source":`...)
	b = answer.AppendString(b, r.Source)
	return append(b, '}')
}

// appendOverridden appends the values that are overridden by some rules as an
// object, with the comma before it, or nothing.
func appendOverridden(b []byte, key string, list []kg.Override, by func(kg.Rule) bool) []byte {
	open := false
	for _, o := range list {
		if !by(o.Rule) {
			continue
		}
		if open {
			b = append(b, ',')
		} else {
			b, open = append(append(append(b, `,"`...), key...), `":{`...), true
		}
		b = answer.AppendString(append(answer.AppendString(b, o.Property), ':'), o.Value)
	}
	if open {
		b = append(b, '}')
	}
	return b
}

// appendValue appends the value of a property in the form of its kind.
func appendValue(b []byte, p *catalog.Property, v any) ([]byte, error) {
	if p == nil {
		return nil, fmt.Errorf("no such property")
	}
	switch v := v.(type) {
	case string:
		switch p.Kind {
		case catalog.String, catalog.ID, catalog.Date, catalog.DateTime, catalog.Enum:
			return answer.AppendString(b, v), nil
		}
	case int64:
		switch p.Kind {
		case catalog.Int:
			return strconv.AppendInt(b, v, 10), nil
		case catalog.Decimal:
			return answer.AppendString(b, kg.FormatDecimal(v)), nil
		}
	case float64:
		if p.Kind == catalog.Float {
			return append(b, kg.FormatFloat(v)...), nil
		}
	case bool:
		if p.Kind == catalog.Boolean {
			return strconv.AppendBool(b, v), nil
		}
	case []string:
		if p.Kind == catalog.StringList {
			return answer.AppendStrings(b, v), nil
		}
	case kg.JSON:
		if p.Kind == catalog.Embed {
			return append(b, v...), nil
		}
	}
	return nil, fmt.Errorf("a %T is no value of kind %s", v, p.Kind)
}

func sorted(l []string) []string {
	l = slices.Clone(l)
	slices.Sort(l)
	return slices.Compact(l)
}
