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
	for _, th := range Table {
		for _, p := range th.Calls {
			if _, err := path.Match(p, ""); err != nil {
				t.Errorf("%s: %q: %v", th.Code, p, err)
			}
		}
	}
}
