package storetest

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/maillage/maillage/internal/kg"
)

// cursors asks for what comes after and before cursors of other connections
// and orders, and broken ones: each is refused, or is a position that a store
// answers from.
func cursors(t *testing.T, a *asker) {
	type place struct {
		document string
		id       string
		cursors  []string
	}
	var places []place
	add := func(document, id string) {
		p := place{document: document, id: id}
		for _, e := range a.connection(t, document, vars{"id": id, "first": 4}).Edges {
			p.cursors = append(p.cursors, e.Cursor)
		}
		places = append(places, p)
	}
	const selection = "edges { cursor node { id } }"
	for _, of := range []struct {
		typ    string
		orders []order
	}{
		{"Organization", []order{{}, {"-ID"}, {"NAME"}, {"-NAME"}, {"FOUNDED_IN", "-PROJECTS_COUNT"}, {"WELL_CONNECTED"}, {"-PROJECTS_CONTRIBUTION_SUM"}}},
		{"Project", []order{{}, {"COST"}}},
		{"Figure", []order{{"VALUE", "-RATIO"}}},
	} {
		typ := a.Catalog.Type(of.typ)
		for _, o := range of.orders {
			add(fmt.Sprintf("query(%s) { %s(%s, %s) { %s } }", pageVariables, typ.Plural, pageArguments, orderBy(o.keys(typ, nil)...), selection), "")
		}
	}
	for _, of := range [][2]string{{"org:t:council", "members"}, {"org:t:alpha", "people"}, {"org:t:alpha", "partners"}} {
		f := a.Catalog.TypeOfID(of[0]).Field(of[1])
		add(below(f, pageVariables, pageArguments, selection), of[0])
	}
	r := rand.New(rand.NewPCG(3, 4))
	asked, refused := 0, 0
	try := func(p place, cursor string, foreign bool) {
		asked++
		_, err := a.bytes(t.Context(), p.document, vars{"id": p.id, []string{"after", "before"}[asked%2]: cursor})
		switch {
		case kg.CodeOf(err) == kg.BadUserInput:
			refused++
		case err != nil || foreign:
			t.Errorf("%s: cursor %s: %v", p.document, cursor, err)
		}
	}
	for _, p := range places {
		for _, other := range places {
			for _, c := range other.cursors {
				if other.document != p.document {
					try(p, c, true)
				}
			}
		}
		for _, c := range p.cursors {
			for range 20 {
				try(p, breakCursor(r, c), false)
			}
		}
	}
	t.Logf("%d cursors of %d connections: %d refused, %d still say something", asked, len(places), refused, asked-refused)
	if refused < 1000 {
		t.Errorf("only %d are refused", refused)
	}
}

// breakCursor changes a cursor in one place.
func breakCursor(r *rand.Rand, cursor string) string {
	b := []byte(cursor)
	i := r.IntN(len(b))
	switch r.IntN(5) {
	case 0: // cut
		return string(b[:i])
	case 1: // a digit more
		return string(b[:i]) + "3" + string(b[i:])
	case 2: // no digit
		b[i] = "gGx -%"[r.IntN(6)]
		return string(b)
	case 3: // another digit
		b[i] = "0123456789ABCDEF"[r.IntN(16)]
		return string(b)
	}
	text, err := hex.DecodeString(cursor)
	if err != nil {
		panic(err)
	}
	pieces := []string{",", "]", "[", `"`, "null,", "1", "{}", `\u0000`, "-", "e9", ".0"}
	i = r.IntN(len(text))
	text = bytes.Join([][]byte{text[:i], text[i:]}, []byte(pieces[r.IntN(len(pieces))]))
	return hex.EncodeToString(text)
}
