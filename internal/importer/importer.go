// Package importer holds what the importers of all sources share: each reads
// raw files as they come and turns them into changes of the graph. A bad row is
// reported with its file, line, column and reason, and never stops or corrupts
// the rest.
package importer

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/maillage/maillage/internal/kg"
)

// Rejection says why a row, or one value of it, was left out.
type Rejection struct {
	File   string `json:"file"`             // base name of the file
	Line   int    `json:"line,omitempty"`   // line in the file, from 1; 0 when the file as a whole is meant
	Column string `json:"column,omitempty"` // name of the column; empty when the row as a whole is meant
	Reason string `json:"reason"`
}

// String returns the rejection in one line: file:line: column: reason.
func (r Rejection) String() string {
	s := r.File
	if r.Line > 0 {
		s = fmt.Sprintf("%s:%d", s, r.Line)
	}
	if r.Column != "" {
		s += ": " + r.Column
	}
	return s + ": " + r.Reason
}

// Emit takes the changes of an import in order: the ends of a relationship
// come before it. An error of Emit ends the import.
type Emit func(kg.Change) error

// Reject takes the rows that were left out.
type Reject func(Rejection)

// Open opens a file for reading; gzip is recognised by its first bytes, not by
// the name.
func Open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(f, 1<<16)
	magic, err := in.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		_ = f.Close()
		return nil, err
	}
	if string(magic) != "\x1f\x8b" {
		return file{in, []io.Closer{f}}, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file{z, []io.Closer{z, f}}, nil
}

// file is an open file with all that must be closed with it.
type file struct {
	io.Reader
	closers []io.Closer
}

// Close closes the file; the first error counts.
func (f file) Close() (err error) {
	for _, c := range f.closers {
		if e := c.Close(); err == nil {
			err = e
		}
	}
	return err
}
