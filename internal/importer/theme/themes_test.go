package theme

import (
	"path"
	"testing"
)

func TestOfProject(t *testing.T) {
	tests := []struct {
		theme, topic, part, want string
	}{
		{"cybersecurity", "DS-06-2014", "", "topic DS-*"},
		{"cybersecurity", "ICT-32-2014", "", "topic ICT-32"},
		{"cybersecurity", "DRS-17-2014", "H2020-EU.3.7.", ""},
		{"renewable-energy", "LCE-14-2015", "", "topic LCE-14"},
		{"renewable-energy", "LCE-15-2014", "", ""},
		{"renewable-energy", "X", "H2020-EU.3.3.2.1.", "programme H2020-EU.3.3.2.1."},
		{"renewable-energy", "X", "H2020-EU.3.3.2.3.", ""},
		{"renewable-energy", "X", "H2020-EU.3.3.3.1.", ""},
		{"industrial-symbiosis", "WASTE-1-2014", "", "topic WASTE-1"},
		{"industrial-symbiosis", "WASTE-11-2014", "", ""},
	}
	for _, tt := range tests {
		for _, th := range Table {
			if th.Code != tt.theme {
				continue
			}
			if got := th.OfProject("1", []string{tt.topic}, []string{tt.part}); got != tt.want {
				t.Errorf("%s, %s %s: got %q, want %q", tt.theme, tt.topic, tt.part, got, tt.want)
			}
		}
	}
}

func TestOfCall(t *testing.T) {
	tests := []struct{ identifier, theme, rule string }{
		{"HORIZON-CL3-2027-02-CS-ECCC-01", "cybersecurity", "call HORIZON-CL3-*-CS-ECCC-*"},
		{"HORIZON-CL3-2027-01-FCT-01", "cybersecurity", ""},
		{"HORIZON-CL5-2027-02-D3-15", "renewable-energy", "call HORIZON-CL5-*-D3-1[0-7]"},
		{"HORIZON-CL5-2027-07-D3-25", "renewable-energy", ""}, // grids
		{"HORIZON-CL5-2027-07-D3-32", "renewable-energy", ""}, // storage of carbon
		{"HORIZON-JU-CBE-2026-RIA-03", "textiles", "call HORIZON-JU-CBE-2026-RIA-03"},
	}
	for _, tt := range tests {
		for _, th := range Table {
			if th.Code != tt.theme {
				continue
			}
			if got := th.OfCall(tt.identifier); got != tt.rule {
				t.Errorf("%s, %s: got %q, want %q", tt.identifier, tt.theme, got, tt.rule)
			}
		}
	}
}

func TestPatterns(t *testing.T) {
	valid := func(of string, patterns []string) {
		for _, p := range patterns {
			if _, err := path.Match(p, ""); err != nil {
				t.Errorf("%s: %q: %v", of, p, err)
			}
		}
	}
	for _, th := range Table {
		valid(th.Code, th.Calls)
	}
	for _, f := range Families {
		valid(f.Part, f.Calls)
	}
}

// TestFamilies looks for each part in the programme, with all above it before it.
func TestFamilies(t *testing.T) {
	there := map[string]bool{"": true}
	for _, p := range OfFamilies() {
		if !there[p.Broader()] {
			t.Errorf("%s stands before %s", p.Code, p.Broader())
		}
		there[p.Code] = true
	}
	for _, f := range Families {
		if !there[f.Part] {
			t.Errorf("%s is no part of the programme", f.Part)
		}
	}
	for identifier, want := range map[string]string{
		"HORIZON-CL4-2027-04-DATA-08":         "H2020-EU.2.1.1.3.",
		"HORIZON-CL4-2027-01-MAT-PROD-06":     "H2020-EU.2.1.3.",
		"HORIZON-CL4-2027-01-MAT-PROD-42":     "",
		"HORIZON-CL5-2027-07-D3-25":           "H2020-EU.3.3.4.",
		"HORIZON-CL5-2027-02-D3-15":           "", // the theme of renewable energy has it
		"HORIZON-CL3-2027-01-FCT-01":          "",
		"HORIZON-MISS-2027-04-CIT-02":         "H2020-EU.3.3.1.3.",
		"HORIZON-CL2-2027-01-HERITAGE-06":     "H2020-EU.3.6.3.",
		"HORIZON-CL5-2027-04-Two-Stage-D5-09": "H2020-EU.3.4.5.",
	} {
		got := ""
		for _, f := range Families {
			if f.OfCall(identifier) != "" {
				got += f.Part
			}
		}
		if got != want {
			t.Errorf("%s is about %q, want %q", identifier, got, want)
		}
	}
}
