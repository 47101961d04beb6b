package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/store"
)

func TestProfilesPrintOneOperatorALine(t *testing.T) {
	measured := store.Profile{Operator: "Produce", Details: "r", Measured: true, Rows: 1, Children: []store.Profile{
		{Operator: "Seek", Details: "n:Place(id)", Measured: true, Rows: 20, DBHits: 21},
		{Operator: "Expand", Details: "(n)-->(m)", Measured: true, Rows: 3, DBHits: 104, Children: []store.Profile{
			{Operator: "Argument", Details: "n", Measured: true, Rows: 20},
		}},
	}}
	told := store.Profile{Operator: "QUERY", Details: "PLAN", Children: []store.Profile{
		{Operator: "SCAN", Details: "places USING INDEX i", Children: []store.Profile{{Operator: "CO-ROUTINE"}}},
	}}
	for _, c := range []struct {
		profile store.Profile
		total   int64
		text    string
	}{
		{measured, 125, `operator      rows  dbHits  details
Produce       1     0       r
  Seek        20    21      n:Place(id)
  Expand      3     104     (n)-->(m)
    Argument  20    0       n
`},
		{told, 0, `QUERY PLAN
  SCAN places USING INDEX i
    CO-ROUTINE
`},
	} {
		if total := c.profile.Total(); total != c.total {
			t.Errorf("%d hits in all, want %d", total, c.total)
		}
		if d := cmp.Diff(c.text, c.profile.String()); d != "" {
			t.Errorf("printed (-want +got):\n%s", d)
		}
	}
	for depth, op := range measured.All() { // may be left early
		if depth == 1 && op.Operator != "Seek" {
			t.Errorf("%s comes first below the root", op.Operator)
		}
		if depth == 1 {
			break
		}
	}
}
