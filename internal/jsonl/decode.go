package jsonl

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// MaxLine is the greatest length of a line in bytes.
const MaxLine = 16 << 20

const inferred = "INFERRED"

// Decode reads JSON Lines and calls emit with each node and relationship in
// the order of the lines. The keys of a line may stand in any order, and empty
// lines and a byte order mark are skipped; apart from that it is strict: types,
// properties, kinds, enum values, dates, the prefixes of ids and the ends of
// relationships must fit the model.
//
// A line that does not is given to reject, and the rest is read on. Without
// reject, or when reject returns an error, that error ends the reading. An
// error of emit ends it as well.
func Decode(r io.Reader, c *catalog.Catalog, emit func(kg.Change) error, reject func(*Error) error) error {
	if reject == nil {
		reject = func(e *Error) error { return e }
	}
	in := bufio.NewReaderSize(r, 1<<16)
	var line []byte
	for n := 1; ; n++ {
		var bad *Error
		var err error
		line, err = readLine(in, line[:0])
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		last := errors.Is(err, io.EOF)
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		switch {
		case len(line) > MaxLine:
			bad = &Error{Reason: fmt.Sprintf("longer than %d bytes", MaxLine)}
		case len(bytes.TrimSpace(line)) > 0:
			var ch kg.Change
			if ch, bad = decodeLine(line, c); bad == nil {
				if err := emit(ch); err != nil {
					return err
				}
			}
		}
		if bad != nil {
			bad.Line = n
			if err := reject(bad); err != nil {
				return err
			}
		}
		if last {
			return nil
		}
	}
}

// readLine appends the next line to buf. Of a line longer than MaxLine it
// keeps only so much that its length shows.
func readLine(in *bufio.Reader, buf []byte) ([]byte, error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(buf) <= MaxLine {
			buf = append(buf, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return buf, err
		}
	}
}

// entry is a line before it is known whether it is a node or a relationship:
// values that need the type are kept as positions to come back to.
type entry struct {
	typ, id, from, to   string
	formerIDs           []string
	properties, records int // positions of their values; 0 when absent
	has                 map[string]bool
}

func decodeLine(line []byte, c *catalog.Catalog) (kg.Change, *Error) {
	p := &parser{data: line}
	e := entry{has: map[string]bool{}}
	if err := e.read(p); err != nil {
		return kg.Change{}, &Error{Reason: err.Error()}
	}
	if e.has["id"] {
		return e.node(p, c)
	}
	return e.relationship(p, c)
}

func (e *entry) read(p *parser) error {
	err := p.object(func(key string) (err error) {
		e.has[key] = true
		switch key {
		case "type":
			e.typ, err = p.str()
		case "id":
			e.id, err = p.str()
		case "from":
			e.from, err = p.str()
		case "to":
			e.to, err = p.str()
		case "formerIds":
			e.formerIDs, err = p.strings()
		case "properties":
			p.peek()
			e.properties = p.pos
			err = p.skip()
		case "records":
			p.peek()
			e.records = p.pos
			err = p.skip()
		default:
			err = p.errorf("unknown key %q", key)
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.end()
}

func (e *entry) node(p *parser, c *catalog.Catalog) (kg.Change, *Error) {
	t := c.Type(e.typ)
	switch {
	case e.has["from"] || e.has["to"]:
		return kg.Change{}, &Error{Reason: "a line has either an id or two ends, from and to"}
	case t == nil:
		return kg.Change{}, &Error{Property: "type", Reason: fmt.Sprintf("unknown type %q", e.typ)}
	}
	for _, id := range append([]string{e.id}, e.formerIDs...) {
		if c.TypeOfID(id) != t || id == t.Prefix+":" {
			return kg.Change{}, &Error{Property: "id", Reason: fmt.Sprintf("the id of a %s begins with %q and goes on, %q does not", t.Name, t.Prefix+":", id)}
		}
	}
	n := &kg.Node{Type: e.typ, ID: e.id, FormerIDs: e.formerIDs}
	var bad *Error
	if n.Properties, bad = e.readProperties(p, t.Property); bad == nil {
		n.Records, bad = e.readRecords(p, t.Property)
	}
	return kg.Change{Node: n}, bad
}

func (e *entry) relationship(p *parser, c *catalog.Catalog) (kg.Change, *Error) {
	t := c.Relationship(e.typ)
	from, to := c.TypeOfID(e.from), c.TypeOfID(e.to)
	switch {
	case !e.has["from"] || !e.has["to"]:
		return kg.Change{}, &Error{Reason: "a line has either an id or two ends, from and to"}
	case t == nil:
		return kg.Change{}, &Error{Property: "type", Reason: fmt.Sprintf("unknown relationship %q", e.typ)}
	case e.formerIDs != nil:
		return kg.Change{}, &Error{Property: "formerIds", Reason: "only nodes have former ids"}
	case from == nil:
		return kg.Change{}, &Error{Property: "from", Reason: fmt.Sprintf("no type has ids like %q", e.from)}
	case to == nil:
		return kg.Change{}, &Error{Property: "to", Reason: fmt.Sprintf("no type has ids like %q", e.to)}
	case !t.Joins(from, to):
		return kg.Change{}, &Error{Reason: fmt.Sprintf("%s does not lead from %s to %s", t.Name, from.Name, to.Name)}
	}
	r := &kg.Relationship{Type: e.typ, From: e.from, To: e.to}
	var bad *Error
	if r.Properties, bad = e.readProperties(p, t.Property); bad != nil {
		return kg.Change{}, bad
	}
	for _, k := range t.Key {
		if _, ok := r.Properties[k.Name]; !ok {
			return kg.Change{}, &Error{Property: k.Name, Reason: "required, because it tells apart relationships of this type"}
		}
	}
	r.Records, bad = e.readRecords(p, t.Property)
	return kg.Change{Relationship: r}, bad
}
