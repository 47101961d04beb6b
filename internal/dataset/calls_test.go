package dataset

import (
	"strings"
	"testing"
)

// TestCalls holds what the portal's file is known to have: 629 entries, whose
// titles were spoilt in 45 and whose word "open" is wrong for most by now.
func TestCalls(t *testing.T) {
	g := builtin(t)
	calls, dated := 0, 0
	for id, n := range g.nodes {
		if n.Type != "FundingCall" {
			continue
		}
		calls++
		title, _ := n.Properties["title"].(string)
		if title == "" || strings.ContainsAny(title, "ÃÂâ\n\u0081\u009d") {
			t.Errorf("%s: title %q", id, title)
		}
		if _, there := n.Properties["closes"].(string); there {
			dated++
		}
		for name, v := range n.Properties {
			if s, _ := v.(string); strings.Contains(s, "@") {
				t.Errorf("%s: %s holds an address: %q", id, name, s)
			}
		}
	}
	if calls != 629 || dated != 629 {
		t.Errorf("%d calls, %d with a deadline", calls, dated)
	}
	wind := g.node(t, "call:eu:HORIZON-CL5-2026-09-D3-03").Properties
	if wind["grantTo"] != int64(93_000_000_00) || wind["grants"] != int64(1) || wind["partOf"] != "HORIZON-CL5-2026-09" {
		t.Errorf("%v", wind)
	}
}

// TestCallsGoOnWithPartsOfHorizon2020 counts what the table of families assigns; nothing
// is about a whole challenge.
func TestCallsGoOnWithPartsOfHorizon2020(t *testing.T) {
	assigned := 0
	for _, r := range builtin(t).relationships {
		part, ok := strings.CutPrefix(r.To, "sector:h2020:")
		if r.Type != "ABOUT" || !ok || !strings.HasPrefix(r.From, "call:") {
			continue
		}
		assigned++
		rule, _ := r.Properties["rule"].(string)
		if !strings.HasPrefix(rule, "call ") || len(r.Records) != 1 || r.Records[0].Derivation != "INFERRED" || strings.Count(part, ".") < 4 {
			t.Errorf("%s is about %s: %v, %v", r.From, part, r.Properties, r.Records)
		}
	}
	if assigned != 159 {
		t.Errorf("%d calls are about parts of Horizon 2020, want 159", assigned)
	}
}
