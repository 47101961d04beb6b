package plan

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
)

// CursorVersion is the first element of every cursor.
const CursorVersion = 1

// Sort keys of absent values: the greatest of their kind, so that absent values
// come last in ascending order without a rule of their own.
const (
	AbsentText  = string(utf8.MaxRune)
	AbsentInt   = math.MaxInt64
	AbsentFloat = math.MaxFloat64
)

// maxCursor bounds a cursor in bytes: keys of text are cut, so none is longer.
const maxCursor = 16 << 10

// Tag names a connection and its order: a cursor is good only where it was made.
func (c *Connection) Tag() string {
	var b strings.Builder
	if c.Field != nil {
		b.WriteString(c.Field.Owner.Name + "." + c.Field.Name)
	} else {
		b.WriteString(c.Target.Name)
	}
	for _, k := range TotalOrder(c) {
		b.WriteString(" " + k.String())
	}
	return b.String()
}

// TotalOrder returns the order of a connection with its tie-breaks: the keys
// whose values a position holds.
func TotalOrder(c *Connection) []OrderKey { return order(c) }

// Kind returns the kind of the key's values.
func (k OrderKey) Kind() catalog.Kind {
	switch {
	case k.EdgeID:
		return catalog.ID
	case k.Degree != nil, k.Distance != nil:
		return catalog.Int
	}
	return k.Property.Kind
}

// DecodeCursor returns the position that a cursor holds: a string, int64 or
// float64 for each key of the connection's total order. A cursor is the
// hexadecimal form of the JSON list [version, tag, value…]; the error says
// which part is not that.
func DecodeCursor(c *Connection, cursor string) ([]any, error) {
	values, err := decodeCursor(cursor, c.Tag())
	if err != nil {
		return nil, err
	}
	keys := TotalOrder(c)
	if len(values) != len(keys) {
		return nil, fmt.Errorf("it holds %d values where the order has %d keys", len(values), len(keys))
	}
	for i, k := range keys {
		v, ok := keyValue(k.Kind(), values[i])
		if !ok {
			return nil, fmt.Errorf("its value for %s is none of that kind", k)
		}
		values[i] = v
	}
	return values, nil
}

// WriteCursor returns a cursor of what is computed, with a tag that names it and
// its order. Values are texts and numbers.
func WriteCursor(tag string, values ...any) string {
	b := answer.AppendString(fmt.Appendf(nil, "[%d,", CursorVersion), tag)
	for _, v := range values {
		b = append(b, ',')
		switch v := v.(type) {
		case string:
			b = answer.AppendString(b, v)
		case float64:
			b = answer.AppendFloat(b, v)
		default:
			b = fmt.Append(b, v)
		}
	}
	return strings.ToUpper(hex.EncodeToString(append(b, ']')))
}

// ReadCursor returns the values of a cursor of what is computed, which are of the
// given kinds.
func ReadCursor(cursor, tag string, kinds ...catalog.Kind) ([]any, error) {
	values, err := decodeCursor(cursor, tag)
	if err != nil {
		return nil, err
	}
	if len(values) != len(kinds) {
		return nil, fmt.Errorf("it holds %d values where there are %d", len(values), len(kinds))
	}
	for i, k := range kinds {
		v, ok := keyValue(k, values[i])
		if !ok {
			return nil, fmt.Errorf("its values are of other kinds")
		}
		values[i] = v
	}
	return values, nil
}

// decodeCursor returns the values of a cursor with a tag.
func decodeCursor(cursor, tag string) ([]any, error) {
	if len(cursor) > maxCursor {
		return nil, fmt.Errorf("it is longer than %d characters", maxCursor)
	}
	raw, err := hex.DecodeString(cursor)
	if err != nil || !utf8.Valid(raw) {
		return nil, fmt.Errorf("it was not made by this service")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var list []any
	if dec.Decode(&list) != nil || len(list) < 2 {
		return nil, fmt.Errorf("it was not made by this service")
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("it was not made by this service")
	}
	if v, ok := list[0].(json.Number); !ok || v.String() != fmt.Sprint(CursorVersion) {
		return nil, fmt.Errorf("it was made by another version of this service")
	}
	if list[1] != tag {
		return nil, fmt.Errorf("it belongs to another connection or order: %q, and here it is %q", list[1], tag)
	}
	return list[2:], nil
}

func keyValue(kind catalog.Kind, v any) (any, bool) {
	switch kind {
	case catalog.Int, catalog.Decimal:
		n, ok := v.(json.Number)
		if !ok {
			return nil, false
		}
		i, err := n.Int64()
		return i, err == nil
	case catalog.Float:
		n, ok := v.(json.Number)
		if !ok {
			return nil, false
		}
		f, err := n.Float64()
		return f, err == nil
	}
	s, ok := v.(string)
	return s, ok && !strings.ContainsRune(s, 0)
}
