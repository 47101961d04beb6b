package cordis

import "testing"

func TestDisplayName(t *testing.T) {
	tests := []struct{ name, shortName, want string }{
		{"SIKEMIA", "SIKEMIA", "Sikemia"},
		{"SIKEMIA SAS", "SIKEMIA", "Sikemia SAS"},
		{"SCREENCELL", "ScreenCell", "ScreenCell"},
		{"SIHTASUTUS KREDEX", "KredEx", "Sihtasutus KredEx"},
		{"UNIVERSITE DE MONTPELLIER", "UM", "Universite de Montpellier"},
		{"REIFENHAEUSER REICOFIL GMBH & CO. KG", "R", "Reifenhaeuser Reicofil GmbH & Co. KG"},
		{"SWARCO MIZAR SPA", "S", "Swarco Mizar SpA"},
		{"THERMAL SPA HOTELS SL", "T", "Thermal Spa Hotels SL"},
		{"TECNATOM S.A.", "T", "Tecnatom SA"},
		{"ABBIA SP ZOO", "A", "Abbia Sp. z o.o."},
		{"IBM FRANCE SAS", "IBM", "IBM France SAS"},
		{"SAP SE", "SAP", "SAP SE"},
		{"VTT", "VTT", "VTT"},
		{"B9 ENERGY STORAGE LTD", "B9", "B9 Energy Storage Ltd"},
		{"MX PRODUCTION", "GENETRIX", "MX Production"},
		{"CHAMBRE DE COMMERCE ET D'INDUSTRIE", "CCI", "Chambre de Commerce et d'Industrie"},
		{"L'OREAL", "LOREAL", "L'Oreal"},
		{"QUEEN'S UNIVERSITY", "QUB", "Queen's University"},
		{"UNIVERSITE PARIS-SORBONNE (PARIS IV)", "P4", "Universite Paris-Sorbonne (Paris IV)"},
		{"GESELLSCHAFT FUR REAKTORSICHERHEIT (GRS) MBH", "GRS", "Gesellschaft fur Reaktorsicherheit (GRS) mbH"},
		{"B & W TEK EUROPE GMBH", "BWTek", "B & W Tek Europe GmbH"},
		{"Rolls-Royce AB", "RR", "Rolls-Royce AB"},
		{"GEPACK \uFFFD EMPRESA SA", "GEPACK", "GEPACK \uFFFD EMPRESA SA"},
		{"OCME  SRL", "OCME", "Ocme Srl"},
		{`"CENTER "DEMOKRITOS"`, "NCSR", `Center "Demokritos"`},
	}
	for _, tt := range tests {
		if got := displayName(tt.name, tt.shortName); got != tt.want {
			t.Errorf("displayName(%q, %q) = %q, want %q", tt.name, tt.shortName, got, tt.want)
		}
	}
}

func TestRestores(t *testing.T) {
	for _, tt := range []struct {
		name, lost string
		want       bool
	}{
		{"Fundación Creafutur", "Fundaci\uFFFDn Creafutur", true},
		{"TAKSO  OÜ", "TAKSO O\uFFFD", true},
		{"DATACITE – INITIATIVE", "DATACITE \uFFFD INITIATIVE", true},
		{"Fundaci\uFFFDn Creafutur", "Fundaci\uFFFDn Creafutur", false},
		{"GEODE & CIE", "G\uFFFDode & Cie", false},
		{"TAKSO O", "TAKSO O\uFFFD", false},
		{"TAKSO OU", "TAKSO OU", false},
	} {
		if got := restores(tt.name, tt.lost); got != tt.want {
			t.Errorf("restores(%q, %q) = %t", tt.name, tt.lost, got)
		}
	}
}

func TestCityName(t *testing.T) {
	tests := []struct{ city, country, want string }{
		{"MONTPELLIER CEDEX 5 3", "FR", "Montpellier"},
		{"Montpellier 1", "FR", "Montpellier"},
		{"PARIS 07 SP", "FR", "Paris"},
		{"SAINT MARTIN D'HERES CEDEX", "FR", "Saint Martin d'Heres"},
		{"AIX EN PROVENCE", "FR", "Aix en Provence"},
		{"LE CHESNAY CEDEX", "FR", "Le Chesnay"},
		{"PRAHA 5 - SMICHOV", "CZ", "Praha"},
		{"BUCURESTI SECTORUL 5", "RO", "Bucuresti"},
		{"37520 Osterode", "DE", "Osterode"},
		{"GENOVA (GE)", "IT", "Genova"},
		{"VARAZZE SV", "IT", "Varazze"},
		{"HALLE (Saale)", "DE", "Halle"},
		{"M√ºnster", "DE", "Münster"},
		{"SAARBR√úCKEN", "DE", "Saarbrücken"},
		{"30/07/2014", "CZ", ""},
		{".", "ES", ""},
		{"", "ES", ""},
	}
	for _, tt := range tests {
		if got := cityName(tt.city, tt.country); got != tt.want {
			t.Errorf("cityName(%q, %q) = %q, want %q", tt.city, tt.country, got, tt.want)
		}
	}
}

func TestNaturalPersons(t *testing.T) {
	tests := []struct {
		name    string
		company bool
		want    bool
	}{
		{"MUSTERMANN ERIKA MARTIN", true, true},
		{"Martin Mustermann", true, true},
		{"VAN DER MUSTER PETER", true, true},
		{"MARTIN MUSTERMANN GMBH", true, false},
		{"PETER & SONS", true, false},
		{"MARTIN UNIVERSITY", true, false},
		{"SIKEMIA", true, false},
		{"MARTIN MUSTERMANN", false, false},
	}
	for _, tt := range tests {
		if got := naturalPerson("900000001", tt.name, tt.company); got != tt.want {
			t.Errorf("naturalPerson(%q, %v) = %v, want %v", tt.name, tt.company, got, tt.want)
		}
	}
	if !naturalPerson("928383703", "", false) {
		t.Error("a key of the list is a natural person under any name")
	}
	if len(personKeys) != 148 {
		t.Errorf("the list has %d keys", len(personKeys))
	}
}
