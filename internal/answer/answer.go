// Package answer holds answers that are written already: a store makes the JSON
// of a whole root field, and nothing walks it again.
package answer

import (
	"errors"
	"io"
)

// Object is the JSON of one root field: ready bytes in the order of the
// selection, without insignificant white space.
type Object struct{ JSON []byte }

// MarshalGQL writes the bytes as they are.
func (o Object) MarshalGQL(w io.Writer) { _, _ = w.Write(o.JSON) }

// UnmarshalGQL makes Object a scalar to gqlgen; it is never an input.
func (o *Object) UnmarshalGQL(any) error { return errors.New("an answer is no input") }

// Null reports whether the answer is null.
func (o Object) Null() bool { return len(o.JSON) == 0 || string(o.JSON) == "null" }
