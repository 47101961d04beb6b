package plan_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/plan"
)

// encode writes a cursor from the elements of its list.
func encode(t testing.TB, list ...any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(list); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(bytes.TrimSpace(b.Bytes()))
}

// connections returns connections whose orders have keys of every kind, each
// with the values of a position.
func connections(c *catalog.Catalog) (out []*plan.Connection, values [][]any) {
	org, figure := c.Type("Organization"), c.Type("Figure")
	members := org.Field("members")
	add := func(conn *plan.Connection, position ...any) {
		out, values = append(out, conn), append(values, position)
	}
	add(&plan.Connection{Target: org}, "org:pic:1")
	add(&plan.Connection{Target: org, Order: []plan.OrderKey{{Property: org.Property("name"), Desc: true}}}, "électricité \"x\"", "org:pic:1")
	add(&plan.Connection{Target: org, Order: []plan.OrderKey{{Degree: org.Field("projects")}}}, int64(12), "org:pic:1")
	add(&plan.Connection{Target: figure, Order: []plan.OrderKey{{Property: figure.Property("value")}, {Property: figure.Property("asOf")}}},
		1.5, "2019-01-0112019-12-31", "figure:1")
	add(&plan.Connection{Target: members.Target, Field: members, Order: []plan.OrderKey{{Property: members.Relationship.Property("seat"), Edge: true}}},
		int64(plan.AbsentInt), "org:pic:1")
	roles := c.Type("Person").Field("roles")
	add(&plan.Connection{Target: roles.Target, Field: roles}, "org:pic:1", "|directeur")
	return out, values
}

func TestCursorsHoldAPosition(t *testing.T) {
	conns, positions := connections(catalogtest.Model(t))
	for i, c := range conns {
		cursor := encode(t, append([]any{plan.CursorVersion, c.Tag()}, positions[i]...)...)
		got, err := plan.DecodeCursor(c, cursor)
		if err != nil {
			t.Errorf("%s: %v", c.Tag(), err)
		}
		if diff := cmp.Diff(positions[i], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.Tag(), diff)
		}
		for j, other := range conns {
			if _, err := plan.DecodeCursor(other, cursor); (err == nil) != (i == j) {
				t.Errorf("the cursor of %s at %s: %v", c.Tag(), other.Tag(), err)
			}
		}
	}
}

func TestBadCursorsAreRefusedWithAReason(t *testing.T) {
	c := catalogtest.Model(t)
	org := c.Type("Organization")
	conn := &plan.Connection{Target: org, Order: []plan.OrderKey{{Property: org.Property("name")}, {Degree: org.Field("projects")}}}
	tag := conn.Tag()
	if tag != "Organization name+ projects_count+ id+" {
		t.Fatalf("tag %q", tag)
	}
	raw := func(s string) string { return hex.EncodeToString([]byte(s)) }
	good := encode(t, 1, tag, "a", 3, "org:1")
	for _, tt := range []struct{ name, cursor, want string }{
		{"empty", "", "not made by this service"},
		{"no hexadecimal", "xyz", "not made by this service"},
		{"base64", "W251bGxd", "not made by this service"},
		{"cut in the middle of a byte", good[:9], "not made by this service"},
		{"cut", good[:20], "not made by this service"},
		{"too long", strings.Repeat("5b", 9000), "longer than 16384 characters"},
		{"as long as may be", strings.Repeat("5b", 8192), "not made by this service"},
		{"invalid UTF-8", raw("[1,\"\xff\"]"), "not made by this service"},
		{"an object", raw(`{"1":2}`), "not made by this service"},
		{"null", raw(`null`), "not made by this service"},
		{"an empty list", raw(`[]`), "not made by this service"},
		{"a version only", raw(`[1]`), "not made by this service"},
		{"two lists", good + raw(`[1]`), "not made by this service"},
		{"another version", encode(t, 2, tag, "a", 3, "org:1"), "another version"},
		{"version as text", encode(t, "1", tag, "a", 3, "org:1"), "another version"},
		{"version as float", raw(`[1.0,"` + tag + `","a",3,"org:1"]`), "another version"},
		{"another type", encode(t, 1, "Project name+ id+", "a", "org:1"), `belongs to another connection or order: "Project name+ id+", and here it is "Organization name+ projects_count+ id+"`},
		{"another direction", encode(t, 1, "Organization name- projects_count- id-", "a", 3, "org:1"), "belongs to another connection or order"},
		{"tag as list", encode(t, 1, []any{tag}, "a", 3, "org:1"), "belongs to another connection or order"},
		{"no tag", encode(t, 1, nil, "a", 3, "org:1"), "belongs to another connection or order"},
		{"too few values", encode(t, 1, tag, "a", 3), "holds 2 values where the order has 3 keys"},
		{"too many values", encode(t, 1, tag, "a", 3, "org:1", "org:2"), "holds 4 values where the order has 3 keys"},
		{"number for text", encode(t, 1, tag, 1, 3, "org:1"), "its value for name+ is none of that kind"},
		{"null for text", encode(t, 1, tag, nil, 3, "org:1"), "its value for name+ is none of that kind"},
		{"text for number", encode(t, 1, tag, "a", "3", "org:1"), "its value for projects_count+ is none of that kind"},
		{"fraction for integer", raw(`[1,"` + tag + `","a",3.5,"org:1"]`), "its value for projects_count+ is none of that kind"},
		{"integer out of range", raw(`[1,"` + tag + `","a",9223372036854775808,"org:1"]`), "its value for projects_count+ is none of that kind"},
		{"object for id", encode(t, 1, tag, "a", 3, map[string]any{}), "its value for id+ is none of that kind"},
		{"NUL in a text", encode(t, 1, tag, "a\x00", 3, "org:1"), "its value for name+ is none of that kind"},
	} {
		values, err := plan.DecodeCursor(conn, tt.cursor)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, %v, want %s", tt.name, values, err, tt.want)
		}
	}
	figure := c.Type("Figure")
	byValue := &plan.Connection{Target: figure, Order: []plan.OrderKey{{Property: figure.Property("value")}}}
	if v, err := plan.DecodeCursor(byValue, raw(`[1,"`+byValue.Tag()+`",1e999,"figure:1"]`)); err == nil {
		t.Errorf("an infinite number is read: %v", v)
	}
}

// checkDecoded checks that a cursor which was accepted holds what it says: the
// list written again from it is accepted with the same values.
func checkDecoded(t *testing.T, c *plan.Connection, cursor string, values []any) {
	t.Helper()
	keys := plan.TotalOrder(c)
	if len(values) != len(keys) {
		t.Fatalf("%s: %d values for %d keys", cursor, len(values), len(keys))
	}
	for i, k := range keys {
		var ok bool
		switch k.Kind() {
		case catalog.Int, catalog.Decimal:
			_, ok = values[i].(int64)
		case catalog.Float:
			_, ok = values[i].(float64)
		default:
			_, ok = values[i].(string)
		}
		if !ok {
			t.Fatalf("%s: %v is the value for %s", cursor, values[i], k)
		}
	}
	again, err := plan.DecodeCursor(c, encode(t, append([]any{plan.CursorVersion, c.Tag()}, values...)...))
	if err != nil {
		t.Fatalf("%s: %v", cursor, err)
	}
	if diff := cmp.Diff(values, again); diff != "" {
		t.Fatalf("%s: %s", cursor, diff)
	}
}

// mutate breaks a cursor in one to three places.
func mutate(r *rand.Rand, cursor string) string {
	b := []byte(cursor)
	text, _ := hex.DecodeString(cursor)
	for range 1 + r.IntN(3) {
		switch r.IntN(7) {
		case 0: // another digit
			b[r.IntN(len(b))] = "0123456789abcdef"[r.IntN(16)]
		case 1: // cut
			b = b[:1+r.IntN(len(b))]
		case 2: // a digit more
			i := r.IntN(len(b))
			b = append(b[:i:i], append([]byte{'3'}, b[i:]...)...)
		case 3: // no digit
			b[r.IntN(len(b))] = "gGx -%\x00"[r.IntN(7)]
		case 4: // upper case, which is the same
			b = bytes.ToUpper(b)
		case 5: // a piece of JSON in the text
			i := r.IntN(len(text))
			pieces := []string{",", "]", "[", `"`, "null", "1", "{}", "\\u0000", "-", " ", "e9", ".0"}
			text = append(text[:i:i], append([]byte(pieces[r.IntN(len(pieces))]), text[i:]...)...)
			b = []byte(hex.EncodeToString(text))
		case 6: // a character less in the text
			if i := r.IntN(len(text)); len(text) > 1 {
				text = append(text[:i:i], text[i+1:]...)
				b = []byte(hex.EncodeToString(text))
			}
		}
	}
	return string(b)
}

func TestBrokenCursorsAreNeverTakenForOthers(t *testing.T) {
	conns, positions := connections(catalogtest.Model(t))
	r := rand.New(rand.NewPCG(5, 6))
	accepted := 0
	for i := range 2000 {
		c := conns[i%len(conns)]
		cursor := mutate(r, encode(t, append([]any{plan.CursorVersion, c.Tag()}, positions[i%len(conns)]...)...))
		for _, at := range conns {
			values, err := plan.DecodeCursor(at, cursor)
			if err != nil {
				continue
			}
			if at != c {
				t.Fatalf("a cursor of %s is taken at %s: %s", c.Tag(), at.Tag(), cursor)
			}
			accepted++
			checkDecoded(t, c, cursor, values)
		}
	}
	t.Logf("%d of 2,000 still say something", accepted)
}

// FuzzDecodeCursor checks that any text is refused or is a position.
func FuzzDecodeCursor(f *testing.F) {
	conns, positions := connections(catalogtest.Model(f))
	for i, c := range conns {
		f.Add(encode(f, append([]any{plan.CursorVersion, c.Tag()}, positions[i]...)...))
	}
	f.Add("5b5d")
	f.Fuzz(func(t *testing.T, cursor string) {
		for _, c := range conns {
			if values, err := plan.DecodeCursor(c, cursor); err == nil {
				checkDecoded(t, c, cursor, values)
			}
		}
	})
}
