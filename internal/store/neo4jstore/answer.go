package neo4jstore

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// writer appends the JSON of a part of an answer from the values of a row.
type writer func(o *output, row []any)

// output is an answer in the making. The first thing that is wrong with the
// record is kept, and what follows does not matter.
type output struct {
	json []byte
	err  error
}

// decode writes the answer of a statement from the value of its record.
func (c compiled) decode(value any) ([]byte, error) {
	o := &output{}
	row := o.list(value)
	if o.err == nil {
		c.write(o, row)
	}
	return o.json, o.err
}

// formerIDs returns the ids that last by the former ids that the plan names. A
// record that cannot be read has none: decode says what is wrong with it.
func (c compiled) formerIDs(value any) map[string]string {
	row, _ := value.([]any)
	if c.former < 0 || c.former >= len(row) {
		return nil
	}
	pairs, _ := row[c.former].([]any)
	out := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		list, _ := pair.([]any)
		if ids, err := texts(list); err == nil && len(ids) == 2 {
			out[original(ids[0])] = original(ids[1])
		}
	}
	return out
}

func (o *output) raw(s string) { o.json = append(o.json, s...) }

func (o *output) text(s string) { o.json = answer.AppendString(o.json, s) }

func (o *output) fail(v any, want string) {
	if o.err == nil {
		o.err = fmt.Errorf("the database answered a %T where %s was asked for", v, want)
	}
}

func (o *output) list(v any) []any {
	l, ok := v.([]any)
	if !ok {
		o.fail(v, "a list")
	}
	return l
}

// member is a part of an object under its response key.
type member struct {
	key   string
	write writer
}

func writeObject(members []member) writer {
	keys := make([]string, len(members))
	for i, m := range members {
		before := `,"`
		if i == 0 {
			before = `{"`
		}
		keys[i] = before + m.key + `":` // response keys are names, in which nothing is escaped
	}
	return func(o *output, row []any) {
		if len(members) == 0 {
			o.raw("{")
		}
		for i, m := range members {
			o.raw(keys[i])
			m.write(o, row)
		}
		o.raw("}")
	}
}

func writeList(items []writer) writer {
	return func(o *output, row []any) {
		o.raw("[")
		for i, w := range items {
			if i > 0 {
				o.raw(",")
			}
			w(o, row)
		}
		o.raw("]")
	}
}

// writeText writes a text that the plan knows.
func writeText(s string) writer {
	text := string(answer.AppendString(nil, s))
	return func(o *output, _ []any) { o.raw(text) }
}

func writeBool(v bool) writer { return writeRaw(strconv.FormatBool(v)) }

// writeRaw writes JSON that the plan knows.
func writeRaw(text string) writer {
	return func(o *output, _ []any) { o.raw(text) }
}

// writeValue writes a property.
func writeValue(kind catalog.Kind, at int) writer {
	return func(o *output, row []any) {
		switch v := row[at].(type) {
		case nil:
			if kind == catalog.StringList {
				o.raw("[]")
			} else {
				o.raw("null")
			}
		case string:
			o.text(v)
		case int64:
			if kind == catalog.Decimal {
				o.text(kg.FormatDecimal(v))
			} else {
				o.json = strconv.AppendInt(o.json, v, 10)
			}
		case float64:
			o.json = answer.AppendFloat(o.json, v)
		case bool:
			o.json = strconv.AppendBool(o.json, v)
		case []any:
			list, err := texts(v)
			if err != nil {
				o.fail(v, "a list of texts")
			}
			o.json = answer.AppendStrings(o.json, list)
		default:
			o.fail(v, "a "+kind.String())
		}
	}
}

// writeID writes an id, which is stored in its sortable form.
func writeID(at int) writer {
	return func(o *output, row []any) {
		id, ok := row[at].(string)
		if !ok {
			o.fail(row[at], "an id")
		}
		o.text(original(id))
	}
}

// writeElse writes one value, or another where the first is absent.
func writeElse(at int, value, other writer) writer {
	return func(o *output, row []any) {
		if row[at] == nil {
			other(o, row)
		} else {
			value(o, row)
		}
	}
}

// writeCount writes a stored count, which is absent where it is nought.
func writeCount(at int) writer {
	return func(o *output, row []any) {
		n, ok := row[at].(int64)
		if !ok && row[at] != nil {
			o.fail(row[at], "a count")
		}
		o.json = strconv.AppendInt(o.json, n, 10)
	}
}

// writeFirst writes the first row of a list, or null.
func writeFirst(at int, object writer) writer {
	return func(o *output, row []any) {
		rows := o.list(row[at])
		if len(rows) == 0 {
			o.raw("null")
			return
		}
		object(o, o.list(rows[0]))
	}
}

// located are rows that each begin with the id by which they were found.
type located struct {
	at     int
	object writer
}

// write writes the row of an id, or null.
func (l located) write(o *output, row []any, id string) {
	id = sortable(id)
	for _, v := range o.list(row[l.at]) {
		if r := o.list(v); len(r) > 0 && r[0] == id {
			l.object(o, r)
			return
		}
	}
	o.raw("null")
}

// writeLookups writes the node of each id, in order.
func writeLookups(ids []string, c *catalog.Catalog, items map[*catalog.Type]located) writer {
	return func(o *output, row []any) {
		o.raw("[")
		for i, id := range ids {
			if i > 0 {
				o.raw(",")
			}
			items[c.TypeOfID(id)].write(o, row, id)
		}
		o.raw("]")
	}
}

// embeddedMember is a field of a stored object: the name of its type when field
// is nil, a node when field is a reference, or JSON as it is stored.
type embeddedMember struct {
	key, typename string
	field         *catalog.EmbeddedField
	nodes         located
}

func writeEmbedded(at int, list bool, members []embeddedMember) writer {
	type object = map[string]json.RawMessage
	one := func(o *output, row []any, item object) {
		o.raw("{")
		for i, m := range members {
			if i > 0 {
				o.raw(",")
			}
			o.text(m.key)
			o.raw(":")
			switch {
			case m.field == nil:
				o.text(m.typename)
			case m.field.Reference != nil:
				var id string
				if item[m.field.Name] != nil && json.Unmarshal(item[m.field.Name], &id) == nil {
					m.nodes.write(o, row, id)
				} else {
					o.raw("null")
				}
			case item[m.field.Name] == nil:
				o.raw(m.field.Default)
			default:
				o.json = append(o.json, item[m.field.Name]...)
			}
		}
		o.raw("}")
	}
	return func(o *output, row []any) {
		stored, there := row[at].(string)
		if !there && row[at] != nil {
			o.fail(row[at], "an embedded value")
		}
		var items []object
		var err error
		switch {
		case !there && list:
			o.raw("[]")
			return
		case !there:
			o.raw("null")
			return
		case list:
			err = json.Unmarshal([]byte(stored), &items)
		default:
			items = make([]object, 1)
			err = json.Unmarshal([]byte(stored), &items[0])
		}
		if err != nil {
			o.fail(stored, "JSON")
			return
		}
		if !list {
			one(o, row, items[0])
			return
		}
		o.raw("[")
		for i, item := range items {
			if i > 0 {
				o.raw(",")
			}
			one(o, row, item)
		}
		o.raw("]")
	}
}

// cursorKey is a value of a position: where it stands, and what stands for an
// absent one.
type cursorKey struct {
	at     int
	absent any
}

// writeCursor writes a position: the upper-case hexadecimal form of the JSON
// list of version, tag and values, as SQLite's hex(json_array(…)) makes it.
func writeCursor(tag string, keys []cursorKey) writer {
	head := answer.AppendString(fmt.Appendf(nil, "[%d,", plan.CursorVersion), tag)
	return func(o *output, row []any) {
		b := slices.Clone(head)
		for _, k := range keys {
			v := row[k.at]
			if v == nil {
				v = k.absent
			}
			b = append(b, ',')
			switch v := v.(type) {
			case string:
				b = answer.AppendString(b, original(v))
			case int64:
				b = strconv.AppendInt(b, v, 10)
			case float64:
				b = answer.AppendFloat(b, v)
			default:
				o.fail(v, "a sort key")
			}
		}
		o.text(strings.ToUpper(hex.EncodeToString(append(b, ']'))))
	}
}

// page is what a connection has of its rows, in the order of the answer.
type page struct {
	rows []any
	more bool // whether there is more in the direction of the page
}

// pageWriter appends the JSON of a field of a connection. The row is that in
// which the connection stands.
type pageWriter func(o *output, p page, row []any)

// writeItems writes an object for each row of the page.
func writeItems(object writer) pageWriter {
	return func(o *output, p page, _ []any) {
		o.raw("[")
		for i, v := range p.rows {
			if i > 0 {
				o.raw(",")
			}
			if r := o.list(v); o.err == nil {
				object(o, r)
			}
		}
		o.raw("]")
	}
}

// writeMore writes whether there is more.
func writeMore(o *output, p page, _ []any) { o.json = strconv.AppendBool(o.json, p.more) }

// writeEnd writes the cursor of the first or the last row, or null.
func writeEnd(cursor writer, last bool) pageWriter {
	return func(o *output, p page, _ []any) {
		if len(p.rows) == 0 {
			o.raw("null")
			return
		}
		i := 0
		if last {
			i = len(p.rows) - 1
		}
		if r := o.list(p.rows[i]); o.err == nil {
			cursor(o, r)
		}
	}
}

// fixed makes a writer of what does not depend on the page.
func fixed(w writer) pageWriter {
	return func(o *output, _ page, row []any) { w(o, row) }
}

// pageMember is a field of a connection, or of its PageInfo.
type pageMember struct {
	key   string
	write pageWriter
}

func writePageObject(members []pageMember) pageWriter {
	return func(o *output, p page, row []any) {
		o.raw("{")
		for i, m := range members {
			if i > 0 {
				o.raw(",")
			}
			o.text(m.key)
			o.raw(":")
			m.write(o, p, row)
		}
		o.raw("}")
	}
}
