package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Member is something selected of an answer that is written in Go, of a search or
// of what an algorithm finds, by response key.
type Member struct {
	Key      string
	Name     string
	Typename string // answered when Name is empty
	Args     Arguments
	// Slot is the response key of the look-up under which a node is answered; empty
	// for what is no node.
	Slot   string
	Fields []Member
}

// Arguments are those of a computed field or of a part of it, by name: int64,
// float64, bool, string (texts, ids and enums), []any and map[string]any of
// these. What is not given is absent.
type Arguments map[string]any

// String prints the arguments by name.
func (a Arguments) String() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(a)) {
		fmt.Fprintf(&b, " (%s%s)", name, quoted([]any{a[name]}))
	}
	return b.String()
}

func (w *printer) members(members []Member) {
	for _, f := range members {
		switch {
		case f.Name == "":
			w.line("(typename %s %s)", f.Key, f.Typename)
		case f.Slot != "":
			w.line("(%s %s from %s)", f.Name, f.Key, f.Slot)
		case len(f.Fields) == 0:
			w.line("(%s %s)", f.Name, f.Key)
		default:
			w.open("%s %s%s", f.Name, f.Key, f.Args)
			w.members(f.Fields)
			w.close()
		}
	}
}
