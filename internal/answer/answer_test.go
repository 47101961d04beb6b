package answer_test

import (
	"database/sql"
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite" // what is compared with

	"github.com/maillage/maillage/internal/answer"
)

// quoter returns how SQLite escapes a text.
func quoter(t testing.TB) func(string) string {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	stmt, err := db.Prepare(`select json_quote(?)`)
	if err != nil {
		t.Fatal(err)
	}
	return func(s string) (out string) {
		if err := stmt.QueryRow(s).Scan(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// samples are texts of one code point in the middle: all below U+0800, where
// escapes and the lengths of encodings change, and some of those above.
func samples() (out []string) {
	add := func(r rune) { out = append(out, "a"+string(r)+"b") }
	for r := rune(1); r < 0x800; r++ {
		add(r)
	}
	for _, r := range []rune{0x800, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1f600, 0x10fffe, '\u2028', '\u2029', '\u200b', '€', '東'} {
		add(r)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		if c := rune(r.IntN(utf8.MaxRune)); utf8.ValidRune(c) && c > 0 {
			add(c)
		}
	}
	return append(out, "", `"`, `\`, `\"`, `\u0041`, "/", "'", "</script>", "a\tb\nc\rd\be\ff", strings.Repeat("é\x01", 1000))
}

func TestStringsAreEscapedAsSQLiteDoes(t *testing.T) {
	quote := quoter(t)
	for _, s := range samples() {
		got := string(answer.AppendString(nil, s))
		if want := quote(s); got != want {
			t.Errorf("%q: %s, SQLite writes %s", s, got, want)
		}
		var back string
		if err := json.Unmarshal([]byte(got), &back); err != nil || back != s {
			t.Errorf("%q is written as %s: %q, %v", s, got, back, err)
		}
	}
}

// FuzzAppendString checks valid texts against SQLite.
func FuzzAppendString(f *testing.F) {
	quote := quoter(f)
	for _, s := range []string{"a", "\"\\\n\x01", "é\u2028", "\u007f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !answer.ValidText(s) {
			t.Skip()
		}
		if got, want := string(answer.AppendString(nil, s)), quote(s); got != want {
			t.Errorf("%q: %s, SQLite writes %s", s, got, want)
		}
	})
}

func TestListsAndNumbersAreAppended(t *testing.T) {
	b := []byte("x:")
	b = answer.AppendStrings(b, nil)
	b = answer.AppendStrings(append(b, ' '), []string{"a", "\"", ""})
	for _, f := range []float64{0, -1.5, 1e21, math.MaxFloat64} {
		b = answer.AppendFloat(append(b, ' '), f)
	}
	if diff := cmp.Diff(`x:[] ["a","\"",""] 0 -1.5 1e+21 1.7976931348623157e+308`, string(b)); diff != "" {
		t.Error(diff)
	}
}

func TestTextsThatCannotBeStored(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "é\u2028": true, "\x01": true, "\ufffd": true, "\U0010FFFE": true,
		"\x00": false, "a\x00b": false, "\U0010FFFF": false, "\xff": false, "a\xc3": false, "\xed\xa0\x80": false,
	} {
		if got := answer.ValidText(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestAnObjectWritesItself(t *testing.T) {
	var b strings.Builder
	answer.Object{JSON: []byte(`{"a":1}`)}.MarshalGQL(&b)
	if b.String() != `{"a":1}` {
		t.Errorf("written %s", &b)
	}
	for text, null := range map[string]bool{"": true, "null": true, "{}": false, `"null"`: false} {
		if got := (answer.Object{JSON: []byte(text)}).Null(); got != null {
			t.Errorf("%s is null: %v", text, got)
		}
	}
	if err := new(answer.Object).UnmarshalGQL("{}"); err == nil {
		t.Error("an answer is taken as input")
	}
}
