package calls

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/graphtest"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/kg"
)

// TestImport reads entries as the portal has them: a byte order mark, no line
// breaks between them, spoilt letters, and mistakes that must not stop the rest.
func TestImport(t *testing.T) {
	graph, rejected := run(t, filepath.Join("testdata", "portal.json"))
	want := `{"id":"call:eu:HORIZON-CL3-2027-02-CS-ECCC-01","properties":{"actionType":"HORIZON Research and Innovation Actions","closes":"2027-09-15","deadlines":["2027-09-15"],"grantFrom":"4000000.00","grantTo":"5000000.00","grants":5,"identifier":"HORIZON-CL3-2027-02-CS-ECCC-01","minimumPartners":3,"partOf":"HORIZON-CL3-2027-02-CS-ECCC","programme":"Horizon Europe","title":"AI – for Cybersecurity","url":"https://example.org/a"},"records":[{"locator":"1TOPICSen","properties":["actionType","closes","deadlines","grantFrom","grantTo","grants","identifier","partOf","programme","title","url"],"source":"source:eu-calls:2026-08"},{"derivation":"INFERRED","locator":"1TOPICSen, Horizon Europe general annexes B","properties":["minimumPartners"],"source":"source:eu-calls:2026-08"}],"type":"FundingCall"}
{"from":"call:eu:HORIZON-CL3-2027-02-CS-ECCC-01","properties":{"rule":"call HORIZON-CL3-*-CS-ECCC-*"},"records":[{"derivation":"INFERRED","locator":"1TOPICSen","source":"source:eu-calls:2026-08"}],"to":"sector:theme:cybersecurity","type":"ABOUT"}
{"id":"call:eu:ERC-2026-POC","properties":{"identifier":"ERC-2026-POC","title":"ERC"},"records":[{"locator":"2","source":"source:eu-calls:2026-08"}],"type":"FundingCall"}
{"id":"call:eu:EuropeAid/1/MK","properties":{"closes":"2026-09-10","deadlines":["2026-09-10"],"identifier":"EuropeAid/1/MK","partOf":"1","title":"Promotion de la culture d'égalité"},"records":[{"locator":"entry 5","source":"source:eu-calls:2026-08"}],"type":"FundingCall"}
`
	if d := cmp.Diff(want, graph); d != "" {
		t.Error(d)
	}
	refused := `portal.json: deadline: entry 2: "17/03/2026" is not a day as in 2026-09-17
portal.json: budgetMax: entry 2: -1 is not a whole number below 2147483648
portal.json: expectedGrants: entry 2: 1.5 is not a whole number below 2147483648
portal.json: topicId: entry 3: " " is not an identifier: letters, digits, - and / make one
portal.json: topicId: entry 4: is a number, must be a string
portal.json: entry 6: is not JSON, and what follows is not read: invalid character 'n' looking for beginning of object key string
`
	if d := cmp.Diff(refused, rejected); d != "" {
		t.Error(d)
	}
}

// TestNoCalls emits nothing for a file of something else.
func TestNoCalls(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(file, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	emitted := 0
	var rejected strings.Builder
	err := Import(file, func(kg.Change) error { emitted++; return nil }, func(r importer.Rejection) { rejected.WriteString(r.String()) })
	if err != nil || emitted > 0 || !strings.Contains(rejected.String(), "is not JSON") {
		t.Errorf("%d emitted, %q, %v", emitted, rejected.String(), err)
	}
}

// run returns the calls, and what they are about, as JSON Lines, and what was
// rejected.
func run(t *testing.T, file string) (graph, rejected string) {
	t.Helper()
	var reasons strings.Builder
	var changes []kg.Change
	err := Import(file, func(ch kg.Change) error {
		if n, r := ch.Node, ch.Relationship; n != nil && n.Type != "FundingCall" || r != nil && r.Type != "ABOUT" {
			return nil
		}
		changes = append(changes, ch)
		return nil
	}, func(r importer.Rejection) { reasons.WriteString(r.String() + "\n") })
	if err != nil {
		t.Fatal(err)
	}
	return graphtest.Lines(t, changes), reasons.String()
}
