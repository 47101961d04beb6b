package jsonl

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// refused is the one character that texts may not hold: stores use it as an
// upper bound of prefixes.
const refused = "\U0010FFFF"

// parser reads the JSON of one line and says at which column it goes wrong.
// It is strict: no duplicate keys, no invalid UTF-8, no lone surrogates.
type parser struct {
	data []byte
	pos  int
}

func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("column %d: %s", p.pos+1, fmt.Sprintf(format, args...))
}

// peek skips white space and returns the next byte, 0 at the end.
func (p *parser) peek() byte {
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; c {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return c
		}
	}
	return 0
}

func (p *parser) expect(c byte) error {
	if got := p.peek(); got != c {
		return p.errorf("%q expected", string(c))
	}
	p.pos++
	return nil
}

// end makes sure that nothing follows.
func (p *parser) end() error {
	if p.peek() != 0 || p.pos < len(p.data) {
		return p.errorf("the line goes on after its object")
	}
	return nil
}

// object calls member for each key, which must read the value.
func (p *parser) object(member func(key string) error) error {
	if err := p.expect('{'); err != nil {
		return err
	}
	if p.peek() == '}' {
		p.pos++
		return nil
	}
	var seen []string
	for {
		p.peek()
		key, err := p.str()
		if err != nil {
			return err
		}
		if slices.Contains(seen, key) {
			return p.errorf("key %q stands twice", key)
		}
		seen = append(seen, key)
		if err := p.expect(':'); err != nil {
			return err
		}
		if err := member(key); err != nil {
			return err
		}
		if p.peek() == '}' {
			p.pos++
			return nil
		}
		if err := p.expect(','); err != nil {
			return err
		}
	}
}

// array calls element for each element, which must read it.
func (p *parser) array(element func() error) error {
	if err := p.expect('['); err != nil {
		return err
	}
	if p.peek() == ']' {
		p.pos++
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		if p.peek() == ']' {
			p.pos++
			return nil
		}
		if err := p.expect(','); err != nil {
			return err
		}
	}
}

func (p *parser) strings() (out []string, err error) {
	err = p.array(func() error {
		s, err := p.str()
		out = append(out, s)
		return err
	})
	return out, err
}

func (p *parser) str() (string, error) {
	if p.peek() != '"' {
		return "", p.errorf("a text expected")
	}
	p.pos++
	start := p.pos
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case c == '"':
			s := string(p.data[start:p.pos])
			p.pos++
			return s, p.legal(s)
		case c == '\\':
			return p.escaped(append([]byte(nil), p.data[start:p.pos]...))
		case c < 0x20:
			return "", p.errorf("a control character in a text must be escaped")
		default:
			p.pos++
		}
	}
	return "", p.errorf("the text has no end")
}

// escaped goes on reading a text from its first backslash.
func (p *parser) escaped(b []byte) (string, error) {
	for p.pos < len(p.data) {
		c := p.data[p.pos]
		switch {
		case c == '"':
			p.pos++
			return string(b), p.legal(string(b))
		case c < 0x20:
			return "", p.errorf("a control character in a text must be escaped")
		case c != '\\':
			b = append(b, c)
			p.pos++
			continue
		}
		if p.pos+1 >= len(p.data) {
			break
		}
		c = p.data[p.pos+1]
		if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
			b = append(b, "\"\\/\b\f\n\r\t"[i])
			p.pos += 2
			continue
		}
		r, err := p.unicode()
		if err != nil {
			return "", err
		}
		if utf16.IsSurrogate(r) {
			low, err := p.unicode()
			if r = utf16.DecodeRune(r, low); err != nil || r == utf8.RuneError {
				return "", p.errorf("half of a surrogate pair")
			}
		}
		b = utf8.AppendRune(b, r)
	}
	return "", p.errorf("the text has no end")
}

// unicode reads an escape of the form \u0041.
func (p *parser) unicode() (rune, error) {
	if p.pos+6 > len(p.data) || p.data[p.pos] != '\\' || p.data[p.pos+1] != 'u' {
		return 0, p.errorf("unknown escape")
	}
	n, err := strconv.ParseUint(string(p.data[p.pos+2:p.pos+6]), 16, 32)
	if err != nil {
		return 0, p.errorf("unknown escape")
	}
	p.pos += 6
	return rune(n), nil
}

func (p *parser) legal(s string) error {
	if !utf8.ValidString(s) {
		return p.errorf("not valid UTF-8")
	}
	if strings.Contains(s, refused) {
		return p.errorf("the character U+10FFFF is not allowed")
	}
	return nil
}

// number reads a number of JSON's grammar and returns its text.
func (p *parser) number() (string, error) {
	p.peek()
	start := p.pos
	digits := func() bool {
		from := p.pos
		for p.pos < len(p.data) && p.data[p.pos] >= '0' && p.data[p.pos] <= '9' {
			p.pos++
		}
		return p.pos > from
	}
	skip := func(set string) bool {
		if p.pos < len(p.data) && strings.IndexByte(set, p.data[p.pos]) >= 0 {
			p.pos++
			return true
		}
		return false
	}
	skip("-")
	ok := skip("0") || digits()
	if ok && skip(".") {
		ok = digits()
	}
	if ok && skip("eE") {
		skip("+-")
		ok = digits()
	}
	if !ok {
		return "", p.errorf("a number expected")
	}
	return string(p.data[start:p.pos]), nil
}

func (p *parser) boolean() (bool, error) {
	p.peek()
	rest := p.data[p.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("true")):
		p.pos += len("true")
		return true, nil
	case bytes.HasPrefix(rest, []byte("false")):
		p.pos += len("false")
		return false, nil
	}
	return false, p.errorf("true or false expected")
}

// skip reads over any value.
func (p *parser) skip() error { return p.skipWithin(32) }

func (p *parser) skipWithin(depth int) (err error) {
	if depth == 0 {
		return p.errorf("nested too deeply")
	}
	switch c := p.peek(); c {
	case '{':
		return p.object(func(string) error { return p.skipWithin(depth - 1) })
	case '[':
		return p.array(func() error { return p.skipWithin(depth - 1) })
	case '"':
		_, err = p.str()
	case 't', 'f':
		_, err = p.boolean()
	case 'n':
		return p.errorf("null is no value: leave the key out")
	default:
		_, err = p.number()
	}
	return err
}
