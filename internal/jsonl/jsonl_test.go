package jsonl

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/kg"
)

// canonical holds every kind of value once, in canonical form.
const canonical = `{"formerIds":["org:lei:1","org:pic:2"],"id":"org:siren:1","properties":{"aliases":["a","b\"\\\n\u0001é"],"foundedIn":"2019-02/2019-07","kind":"COMPANY","location":{"latitude":43.6,"longitude":-3},"name":"<Élan> & fils","startup":true},"records":[{"locator":"f:1","properties":["kind","name"],"source":"source:a"},{"derivation":"INFERRED","locator":"f:2","source":"source:a"}],"type":"Organization"}
{"id":"claim:1","properties":{"confidence":0.5,"passages":[{"endOffset":9,"startOffset":1},{"endOffset":19,"quote":"q","startOffset":11}],"predicate":"NAME","recordedAt":"2026-01-31T12:00:00Z","subject":"org:siren:1"},"type":"Claim"}
{"id":"place:insee:1","properties":{"population":302454},"type":"Place"}
{"id":"project:1","properties":{"cost":"10000000.00","to":"../2020"},"type":"Project"}
{"from":"person:1","properties":{"title":"présidente"},"records":[{"locator":"1-2","source":"source:a"}],"to":"org:siren:1","type":"HAS_ROLE_AT"}
{"from":"org:siren:1","to":"project:1","type":"PARTICIPATES_IN"}
`

func decode(t testing.TB, c *catalog.Catalog, text string) ([]kg.Change, error) {
	var out []kg.Change
	err := Decode(strings.NewReader(text), c, func(ch kg.Change) error {
		out = append(out, ch)
		return nil
	}, nil)
	return out, err
}

func encode(t testing.TB, c *catalog.Catalog, changes []kg.Change) string {
	t.Helper()
	var b bytes.Buffer
	e := NewEncoder(&b, c)
	for _, ch := range changes {
		if err := e.Change(ch); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCanonicalTextSurvives(t *testing.T) {
	c := catalogtest.Model(t)
	changes, err := decode(t, c, canonical)
	if err != nil {
		t.Fatal(err)
	}
	if got := encode(t, c, changes); got != canonical {
		t.Errorf("got\n%s\nwant\n%s", got, canonical)
	}
	if got := changes[3].Node.Properties["cost"]; got != int64(1_000_000_000) {
		t.Errorf("a decimal is a count of hundredths, not %v", got)
	}
}

func TestFreeTextBecomesCanonical(t *testing.T) {
	c := catalogtest.Model(t)
	changes, err := decode(t, c, "\ufeff\r\n { \"type\" : \"Organization\", \"records\":[{\"derivation\":\"EXPLICIT\",\"source\":\"source:b\",\"locator\":\"1\"},{\"source\":\"source:a\",\"locator\":\"1\"}], \"properties\": {\"name\":\"\\u00c9\\ud83d\\ude00\\/\", \"aliases\":[], \"location\":{\"longitude\":3.0,\"latitude\":4e1}}, \"id\":\"org:x:1\" }\r\n\n")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"org:x:1","properties":{"location":{"latitude":40,"longitude":3},"name":"É😀/"},"records":[{"locator":"1","source":"source:a"},{"locator":"1","source":"source:b"}],"type":"Organization"}` + "\n"
	if got := encode(t, c, changes); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

func TestErrors(t *testing.T) {
	org := func(props string) string {
		return `{"id":"org:x:1","properties":{` + props + `},"type":"Organization"}`
	}
	tests := []struct{ line, property, reason string }{
		{`{`, "", "a text expected"},
		{`[]`, "", `"{" expected`},
		{`{"id":"org:x:1","type":"Organization"} x`, "", "goes on after"},
		{`{"id":"org:x:1","id":"org:x:1","type":"Organization"}`, "", "stands twice"},
		{`{"id":"org:x:1","label":"x","type":"Organization"}`, "", `unknown key "label"`},
		{`{"id":"org:x:1","type":"Company"}`, "type", `unknown type "Company"`},
		{`{"id":"person:1","type":"Organization"}`, "id", `begins with "org:"`},
		{`{"id":"org:","type":"Organization"}`, "id", "goes on"},
		{`{"formerIds":["person:1"],"id":"org:x:1","type":"Organization"}`, "id", `begins with "org:"`},
		{`{"type":"Organization"}`, "", "either an id or two ends"},
		{`{"from":"org:x:1","id":"org:x:1","type":"Organization"}`, "", "either an id or two ends"},
		{org(`"street":"x"`), "street", "no such property"},
		{org(`"id":"org:x:2"`), "id", "no such property"},
		{org(`"records":[]`), "records", "no such property"},
		{org(`"name":null`), "", "null is no value"},
		{org(`"name":1`), "name", "a text expected"},
		{org(`"name":"` + "\xff" + `"`), "", "not valid UTF-8"},
		{org(`"name":"` + "\U0010FFFF" + `"`), "", "U+10FFFF"},
		{org(`"name":"\udbff\udfff"`), "", "U+10FFFF"},
		{org(`"name":"\ud83d"`), "", "half of a surrogate pair"},
		{org(`"name":"\x"`), "", "unknown escape"},
		{org("\"name\":\"a\tb\""), "", "control character"},
		{`{"id":"org:x:1","properties":{"name":"a`, "", "no end"},
		{org(`"kind":"FIRM"`), "kind", `"FIRM" is none of ASSOCIATION`},
		{org(`"foundedIn":"summer 2019"`), "foundedIn", "is no date"},
		{org(`"startup":"yes"`), "startup", "true or false"},
		{org(`"aliases":"a"`), "aliases", `"[" expected`},
		{org(`"location":{"latitude":1}`), "location", `needs a field "longitude"`},
		{org(`"location":{"latitude":1,"longitude":2,"altitude":3}`), "location", "no field"},
		{`{"id":"place:1","properties":{"population":3000000000},"type":"Place"}`, "population", "no integer of 32 bits"},
		{`{"id":"place:1","properties":{"population":1.5},"type":"Place"}`, "population", "no integer"},
		{`{"id":"figure:1","properties":{"value":1e999},"type":"Figure"}`, "value", "no finite number"},
		{`{"id":"figure:1","properties":{"value":01},"type":"Figure"}`, "", "expected"},
		{`{"id":"project:1","properties":{"cost":"1.005"},"type":"Project"}`, "cost", "is no amount"},
		{`{"id":"project:1","properties":{"cost":1},"type":"Project"}`, "cost", "a text expected"},
		{`{"id":"claim:1","properties":{"recordedAt":"2026-01-31T12:00:00+01:00"},"type":"Claim"}`, "recordedAt", "no instant in UTC"},
		{`{"id":"sector:1","properties":{"label":"x"},"type":"Sector"}`, "label", "no such property"},
		{`{"from":"org:x:1","to":"org:x:2","type":"LIKES"}`, "type", "unknown relationship"},
		{`{"from":"org:x:1","to":"thing:1","type":"MEMBER_OF"}`, "to", "no type has ids like"},
		{`{"from":"org:x:1","to":"project:1","type":"MEMBER_OF"}`, "", "does not lead from Organization to Project"},
		{`{"from":"person:1","to":"org:x:1","type":"HAS_ROLE_AT"}`, "title", "required"},
		{`{"formerIds":["org:x:3"],"from":"org:x:1","to":"org:x:2","type":"MEMBER_OF"}`, "formerIds", "only nodes"},
		{`{"id":"org:x:1","records":[{"locator":"1"}],"type":"Organization"}`, "records", "needs a source"},
		{`{"id":"org:x:1","records":[{"source":"org:x:1","locator":"1"}],"type":"Organization"}`, "records", "needs a source"},
		{`{"id":"org:x:1","records":[{"source":"source:a","locator":"1","properties":["street"]}],"type":"Organization"}`, "records", `no property "street"`},
		{`{"id":"org:x:1","records":[{"source":"source:a","locator":"1","derivation":"GUESSED"}],"type":"Organization"}`, "records", "none of EXPLICIT"},
		{`{"id":"org:x:1","properties":` + strings.Repeat("[", 40) + `,"type":"Organization"}`, "", "nested too deeply"},
	}
	c := catalogtest.Model(t)
	for _, tt := range tests {
		_, err := decode(t, c, "\n"+tt.line)
		var bad *Error
		if !errors.As(err, &bad) || bad.Line != 2 || bad.Property != tt.property || !strings.Contains(bad.Reason, tt.reason) {
			t.Errorf("%s\n got %v\nwant line 2: %s: …%s…", tt.line, err, tt.property, tt.reason)
		}
	}
}

func TestRejectReadsOn(t *testing.T) {
	var lines []int
	n := 0
	text := "{\n" + `{"id":"org:x:1","type":"Organization"}` + "\nx\n" + strings.Repeat(" ", MaxLine+2) + "\n" + `{"id":"org:x:2","type":"Organization"}`
	err := Decode(strings.NewReader(text), catalogtest.Model(t), func(kg.Change) error { n++; return nil }, func(e *Error) error {
		lines = append(lines, e.Line)
		return nil
	})
	if err != nil || n != 2 || len(lines) != 3 || lines[0] != 1 || lines[1] != 3 || lines[2] != 4 {
		t.Errorf("%d read, lines %v rejected, error %v", n, lines, err)
	}
	stop := errors.New("stop")
	if err := Decode(strings.NewReader(text), catalogtest.Model(t), func(kg.Change) error { return stop }, func(*Error) error { return nil }); !errors.Is(err, stop) {
		t.Errorf("an error of emit ends the reading: %v", err)
	}
}

func TestEncoderRefuses(t *testing.T) {
	node := func(props kg.Properties) kg.Change {
		return kg.Change{Node: &kg.Node{Type: "Organization", ID: "org:x:1", Properties: props}}
	}
	for name, ch := range map[string]kg.Change{
		"nothing":  {},
		"type":     {Node: &kg.Node{Type: "Firm", ID: "org:x:1"}},
		"property": node(kg.Properties{"street": "x"}),
		"kind":     node(kg.Properties{"name": int64(1)}),
		"nil":      node(kg.Properties{"name": nil}),
		"UTF-8":    node(kg.Properties{"name": "\xff"}),
		"U+10FFFF": node(kg.Properties{"name": "\U0010FFFF"}),
	} {
		if err := NewEncoder(&bytes.Buffer{}, catalogtest.Model(t)).Change(ch); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSort(t *testing.T) {
	c := catalogtest.Model(t)
	role := func(title string) kg.Change {
		return kg.Change{Relationship: &kg.Relationship{Type: "HAS_ROLE_AT", From: "person:1", To: "org:x:1", Properties: kg.Properties{"title": title}}}
	}
	changes := []kg.Change{
		role("b"), role("a"),
		{Relationship: &kg.Relationship{Type: "APPLIES", From: "org:x:1", To: "practice:1"}},
		{Node: &kg.Node{Type: "Person", ID: "person:1"}},
		{Node: &kg.Node{Type: "Organization", ID: "org:x:2"}},
		{Node: &kg.Node{Type: "Organization", ID: "org:x:1"}},
	}
	Sort(c, changes)
	want := `{"id":"org:x:1","type":"Organization"}
{"id":"org:x:2","type":"Organization"}
{"id":"person:1","type":"Person"}
{"from":"org:x:1","to":"practice:1","type":"APPLIES"}
{"from":"person:1","properties":{"title":"a"},"to":"org:x:1","type":"HAS_ROLE_AT"}
{"from":"person:1","properties":{"title":"b"},"to":"org:x:1","type":"HAS_ROLE_AT"}
`
	if got := encode(t, c, changes); got != want {
		t.Errorf("got\n%s", got)
	}
}

// FuzzDecode checks that what is accepted is written in a form that reads back
// as itself.
func FuzzDecode(f *testing.F) {
	for _, line := range strings.SplitAfter(canonical, "\n") {
		f.Add(line)
	}
	c := catalogtest.Model(f)
	f.Fuzz(func(t *testing.T, text string) {
		changes, err := decode(t, c, text)
		if err != nil {
			t.Skip()
		}
		once := encode(t, c, changes)
		again, err := decode(t, c, once)
		if err != nil {
			t.Fatalf("%q was written as %q: %v", text, once, err)
		}
		if twice := encode(t, c, again); twice != once {
			t.Fatalf("%q is not canonical: %q", once, twice)
		}
	})
}
