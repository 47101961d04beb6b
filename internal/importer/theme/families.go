package theme

// Family is what calls of today are about in the words of Horizon 2020: families of
// topics, or single topics, that go on with a part of that programme. By it a call
// reaches those who worked on the same then.
type Family struct {
	Part string // its code; never a whole challenge, which would be about everything
	// Calls are identifiers of calls, in patterns of path.Match. Where the numbers of a
	// family mean other things each year they are written with their year.
	Calls []string
}

// Families is the table of families, by part. What has no part of its own, such as
// security or health, is left out.
var Families = []Family{
	{"H2020-EU.1.4.1.1.", []string{"HORIZON-INFRA-*-DEV-*"}},
	{"H2020-EU.1.4.1.2.", []string{"HORIZON-INFRA-*-SERV-*"}},
	{"H2020-EU.1.4.1.3.", []string{"HORIZON-INFRA-*-EOSC-*"}}, // open science cloud
	{"H2020-EU.2.1.1.3.", []string{
		"HORIZON-JU-SNS-*",     // networks and services, 6G
		"HORIZON-CL4-*-DATA-*", // cloud, edge and data centres
	}},
	{"H2020-EU.2.1.1.4.", []string{"HORIZON-CL4-2027-04-HUMAN-0[12]"}}, // virtual worlds
	{"H2020-EU.2.1.1.5.", []string{
		"HORIZON-CL4-2027-02-DIGITAL-EMERGING-52-two-stage", // people and artificial intelligence at work
		"HORIZON-CL4-2027-04-DIGITAL-EMERGING-05",           // robotics
	}},
	{"H2020-EU.2.1.1.6.", []string{
		"HORIZON-CL4-2027-05-DIGITAL-EMERGING-03", // photonics
		"HORIZON-JU-CHIPS-2026-FT2-IA",            // photonics
	}},
	{"H2020-EU.2.1.1.7.", []string{"HORIZON-JU-CHIPS-*", "DIGITAL-JU-CHIPS-*"}}, // which followed ECSEL
	{"H2020-EU.2.1.3.", []string{"HORIZON-CL4-2027-01-MAT-PROD-06", "HORIZON-CL4-2027-01-MAT-PROD-22"}},
	{"H2020-EU.2.1.5.1.", []string{"HORIZON-CL4-2027-01-MAT-PROD-0[23]"}},
	{"H2020-EU.2.1.5.2.", []string{"HORIZON-CL5-2026-09-D4-0[1-4]", "HORIZON-CL5-2027-05-D4-0[5-7]"}},
	{"H2020-EU.2.1.5.3.", []string{
		"HORIZON-CL4-2027-01-MAT-PROD-62",           // chemical industry
		"HORIZON-CL4-2027-02-MAT-PROD-32-two-stage", // energy of process industries
		"HORIZON-CL5-2026-09-D4-08",                 // their heat
		"HORIZON-CL5-2027-05-D4-09",
		"HORIZON-CID-*-01-01", // energy-intensive industries
	}},
	{"H2020-EU.2.1.6.", []string{"HORIZON-CL4-*-SPACE-*"}},
	{"H2020-EU.3.2.6.", []string{
		"HORIZON-JU-CBE-*",               // which followed the joint undertaking of bio-based industries
		"HORIZON-CL6-2027-01-CIRCBIO-06", // bioeconomy
		"HORIZON-CL6-2027-01-CIRCBIO-09", // bio-based sector
		"HORIZON-CL6-2026-01-CIRCBIO-0[5-9]",
		"HORIZON-CL6-2026-01-CIRCBIO-1[01]",
	}},
	{"H2020-EU.3.3.1.3.", []string{"HORIZON-MISS-*-CIT-*"}},                                           // climate-neutral cities
	{"H2020-EU.3.3.2.3.", []string{"HORIZON-CL5-*-D3-3[0-2]"}},                                        // carbon
	{"H2020-EU.3.3.4.", []string{"HORIZON-CL5-*-D3-2[3-8]"}},                                          // grids, their data and storage
	{"H2020-EU.3.4.5.", []string{"HORIZON-CL5-2027-03-D5-08", "HORIZON-CL5-2027-04-Two-Stage-D5-09"}}, // aircraft
	{"H2020-EU.3.5.1.", []string{"HORIZON-CL5-*-D1-*", "HORIZON-MISS-*-CLIMA-0[1-9]"}},
	{"H2020-EU.3.5.2.", []string{"HORIZON-CL6-*-BIODIV-*"}},
	{"H2020-EU.3.5.3.", []string{
		"HORIZON-CL4-2027-01-MAT-PROD-1[67]",
		"HORIZON-CL6-2026-01-CIRCBIO-03", // from waste
	}},
	{"H2020-EU.3.5.4.", []string{ // circular economy
		"HORIZON-CL6-2026-01-CIRCBIO-01",
		"HORIZON-CL6-2027-01-CIRCBIO-0[1-4]",
		"HORIZON-CL6-2027-01-CIRCBIO-0[12]-two-stage",
	}},
	{"H2020-EU.3.6.3.", []string{"HORIZON-CL2-*-HERITAGE-*"}},
}

// OfCall returns the rule by which a call belongs to the family, or "".
func (f Family) OfCall(identifier string) string { return ofCall(f.Calls, identifier) }

// OfFamilies returns the parts that families name, each below those that are above it.
func OfFamilies() (out []Part) {
	named := map[string]bool{}
	for _, f := range Families {
		for code := f.Part; code != ""; code = (Part{Code: code}).Broader() {
			named[code] = true
		}
	}
	for _, p := range Programme {
		if named[p.Code] {
			out = append(out, p)
		}
	}
	return out
}
