package cordis

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// table reads delimited text with a header: commas or tabs, line ends of both
// kinds, values with or without quotes. A value in quotes may hold line breaks,
// but not more than maxBreaks of them: past that the opening quote is taken for
// a slip, and only the line on which it stands is lost.
type table struct {
	in      *bufio.Reader
	delim   byte
	columns []string
	pending []string // lines read ahead and not yet used
	line    int      // lines taken so far
	eof     bool
}

const maxBreaks = 8

// newTable reads the header.
func newTable(r io.Reader) (*table, error) {
	t := &table{in: bufio.NewReaderSize(r, 1<<16), delim: ','}
	header, ok, err := t.next()
	if err != nil || !ok {
		return t, err
	}
	t.line++
	header = strings.TrimPrefix(header, "\ufeff")
	if strings.Contains(header, "\t") {
		t.delim = '\t'
	}
	t.columns, _ = t.split(header)
	return t, nil
}

// row is one record of a table.
type row struct {
	line   int
	values map[string]string // by column, without surrounding white space
	bad    string            // why it cannot be used; empty when it can
}

// read returns the next record, and false at the end.
func (t *table) read() (row, bool, error) {
	for {
		text, ok, err := t.next()
		if err != nil || !ok {
			return row{}, false, err
		}
		t.line++
		r := row{line: t.line}
		if strings.TrimSpace(text) == "" {
			continue
		}
		fields, open := t.split(text)
		if open {
			if fields, err = t.continued(text); err != nil {
				return row{}, false, err
			}
		}
		if len(fields) != len(t.columns) {
			if loose := t.splitLoosely(text); len(loose) == len(t.columns) {
				fields = loose
			}
		}
		switch {
		case fields == nil:
			r.bad = "a quote is never closed"
		case len(fields) != len(t.columns):
			r.bad = "the row has another number of columns than the header"
		case !utf8.ValidString(strings.Join(fields, "")):
			r.bad = "not valid UTF-8"
		default:
			r.values = make(map[string]string, len(fields))
			for i, c := range t.columns {
				r.values[c] = strings.TrimSpace(fields[i])
			}
		}
		return r, true, nil
	}
}

// continued splits a record whose last value goes on in the next lines. It
// takes those lines only when the value ends within them.
func (t *table) continued(text string) ([]string, error) {
	var taken []string
	for len(taken) < maxBreaks {
		more, ok, err := t.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		taken = append(taken, more)
		text += "\n" + more
		if fields, open := t.split(text); !open {
			t.line += len(taken)
			return fields, nil
		}
	}
	t.pending = append(taken, t.pending...)
	return nil, nil
}

// next returns the next line without its end.
func (t *table) next() (string, bool, error) {
	if len(t.pending) > 0 {
		s := t.pending[0]
		t.pending = t.pending[1:]
		return s, true, nil
	}
	if t.eof {
		return "", false, nil
	}
	s, err := t.in.ReadString('\n')
	if errors.Is(err, io.EOF) {
		t.eof = true
		return strings.TrimRight(s, "\r\n"), s != "", nil
	}
	return strings.TrimRight(s, "\r\n"), err == nil, err
}

// split cuts a record at its delimiters and reports whether it ends inside a
// quoted value. In files with tabs a quote that does not close before a tab is
// an ordinary character.
func (t *table) split(s string) (fields []string, open bool) {
	for {
		value, rest, more, closed := t.value(s)
		if !closed {
			return nil, true
		}
		fields = append(fields, value)
		if !more {
			return fields, false
		}
		s = rest
	}
}

// splitLoosely cuts a record whose quotes inside values were not doubled when
// it was written: there a quote closes a value only before a delimiter.
func (t *table) splitLoosely(s string) (fields []string) {
	for {
		value, rest, more := strings.Cut(s, string(t.delim))
		if strings.HasPrefix(s, `"`) {
			inside, after, ok := strings.Cut(s[1:], `"`+string(t.delim))
			if !ok {
				inside, after = strings.TrimSuffix(s[1:], `"`), ""
			}
			value, rest, more = inside, after, ok
		}
		fields = append(fields, value)
		if !more {
			return fields
		}
		s = rest
	}
}

// value cuts the first value off a record.
func (t *table) value(s string) (value, rest string, more, closed bool) {
	if strings.HasPrefix(s, `"`) {
		for i := 1; i < len(s); i++ {
			if s[i] != '"' {
				continue
			}
			if i+1 < len(s) && s[i+1] == '"' {
				i++
				continue
			}
			if i+1 == len(s) || s[i+1] == t.delim {
				value = strings.ReplaceAll(s[1:i], `""`, `"`)
				if i+1 == len(s) {
					return value, "", false, true
				}
				return value, s[i+2:], true, true
			}
		}
		if t.delim == ',' {
			return "", "", false, false
		}
	}
	value, rest, more = strings.Cut(s, string(t.delim))
	return value, rest, more, true
}
