package store_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/catalog/catalogtest"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

func TestColumnsKeepKeysBesideValues(t *testing.T) {
	c := catalogtest.Model(t)
	for _, tt := range []struct {
		typ, property string
		value         any
		want          string
	}{
		{"Organization", "id", "org:É", "id=org:É"},
		{"Organization", "name", "Électricité", "name=Électricité name_key=electricite"},
		{"Organization", "name", nil, "name=<nil> name_key=" + plan.AbsentText}, // with an index
		{"Organization", "activity", nil, "activity=<nil> activity_key=<nil>"},  // without
		{"Organization", "aliases", []string{"É", "b"}, "aliases=[É b] aliases_key=[e b]"},
		{"Organization", "kind", "COMPANY", "kind=COMPANY kind_key=COMPANY"},
		{"Organization", "size", "SMALL", "size=SMALL"},
		{"Organization", "startup", true, "startup=true"},
		{"Organization", "records", kg.JSON("[]"), "records=[]"},
		{"Sector", "label", nil, ""},
		{"Project", "from", "2019-09", "from=2019-09 from_key=2019-09-0122019-09-30 from_last=2019-09-30"},
		{"Project", "from", nil, "from=<nil> from_key=" + plan.AbsentText + " from_last=<nil>"},
		{"Event", "to", nil, "to=<nil> to_key=<nil> to_last=<nil>"},
		{"Project", "cost", int64(150), "cost=150 cost_key=150"},
		{"Project", "cost", nil, fmt.Sprint("cost=<nil> cost_key=", int64(math.MaxInt64))},
		{"Figure", "value", 1.5, "value=1.5"},
	} {
		p := c.Type(tt.typ).Property(tt.property)
		got := ""
		for i, col := range store.Columns(p) {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprintf("%s=%v", col.Name, col.Value(tt.value))
			if name := store.ColumnName(p, col.Part); name != col.Name {
				t.Errorf("%s.%s: part %d is in %s and in %s", tt.typ, tt.property, col.Part, col.Name, name)
			}
		}
		if got != tt.want {
			t.Errorf("%s.%s of %v: %s, want %s", tt.typ, tt.property, tt.value, got, tt.want)
		}
	}
	if got := store.ColumnName(c.Type("Figure").Property("value"), plan.Key); got != "value" {
		t.Errorf("without a key the value serves as one: %s", got)
	}
}

func TestMergingSetsWhatIsGivenAndKeepsTheRest(t *testing.T) {
	merger := store.Merger{Catalog: catalogtest.Model(t)}
	record := func(locator string) kg.Record { return kg.Record{Source: "source:a", Locator: locator} }
	states := func(locator string, properties ...string) kg.Record {
		return kg.Record{Source: "source:a", Locator: locator, Properties: append([]string{}, properties...)}
	}
	edited := record("1")
	edited.Properties = []string{"aliases", "name"}
	edited.Overridden = []kg.Override{{Property: "name", Value: "a", Rule: kg.Edited}}
	listed := record("1")
	listed.Overridden = []kg.Override{{Property: "aliases", Value: `["x"]`, Rule: kg.Edited}}
	old := &kg.Node{
		Type: "Organization", ID: "org:1", FormerIDs: []string{"org:3"},
		Properties: kg.Properties{"name": "a", "aliases": []string{"x"}}, Records: []kg.Record{record("1")},
	}
	for _, tt := range []struct {
		name     string
		old, add *kg.Node
		want     *kg.Node
		changed  bool
	}{
		{"a new one", nil, &kg.Node{Type: "Organization", ID: "org:1", FormerIDs: []string{"org:3", "org:2", "org:3"}, Properties: kg.Properties{}, Records: []kg.Record{record("2"), record("1")}},
			&kg.Node{Type: "Organization", ID: "org:1", FormerIDs: []string{"org:2", "org:3"}, Properties: kg.Properties{}, Records: []kg.Record{record("1"), record("2")}}, true},
		{"the same", old, old, old, false},
		{"nothing new", old, &kg.Node{Type: "Organization", ID: "org:1", Properties: kg.Properties{"name": "a"}}, old, false},
		{"a property", old, &kg.Node{Properties: kg.Properties{"name": "b", "city": "c"}},
			&kg.Node{Type: "Organization", ID: "org:1", FormerIDs: []string{"org:3"}, Properties: kg.Properties{"name": "b", "city": "c", "aliases": []string{"x"}}, Records: []kg.Record{edited}}, true},
		{"a list", old, &kg.Node{Properties: kg.Properties{"aliases": []string{"x", "y"}}},
			&kg.Node{Type: "Organization", ID: "org:1", FormerIDs: []string{"org:3"}, Properties: kg.Properties{"name": "a", "aliases": []string{"x", "y"}}, Records: []kg.Record{listed}}, true},
		{"a record", old, &kg.Node{Records: []kg.Record{record("0")}},
			&kg.Node{Type: "Organization", ID: "org:1", FormerIDs: []string{"org:3"}, Properties: old.Properties, Records: []kg.Record{states("0"), record("1")}}, true},
		{"a former id", old, &kg.Node{FormerIDs: []string{"org:2"}},
			&kg.Node{Type: "Organization", ID: "org:1", FormerIDs: []string{"org:2", "org:3"}, Properties: old.Properties, Records: old.Records}, true},
		{"found by a former id", old, &kg.Node{ID: "org:3"}, old, false},
	} {
		got, changed := merger.Node(tt.old, kg.Change{Node: tt.add})
		if diff := cmp.Diff(tt.want, got); diff != "" || changed != tt.changed {
			t.Errorf("%s: changed %v (-want +got):\n%s", tt.name, changed, diff)
		}
		if again, changed := merger.Node(got, kg.Change{Node: tt.add}); changed || !cmp.Equal(got, again) {
			t.Errorf("%s: merging again changes it to %+v", tt.name, again)
		}
	}
}

func TestRelationshipsMergeLikeNodes(t *testing.T) {
	merger := store.Merger{Catalog: catalogtest.Model(t)}
	old := &kg.Relationship{Type: "ATTENDS", From: "a:1", To: "a:2", Properties: kg.Properties{"role": "x"}}
	merged, changed := merger.Relationship(old, kg.Change{Relationship: &kg.Relationship{Properties: kg.Properties{"role": "y", "status": "PAST"}}})
	want := &kg.Relationship{Type: "ATTENDS", From: "a:1", To: "a:2", Properties: kg.Properties{"role": "y", "status": "PAST"}}
	if diff := cmp.Diff(want, merged); diff != "" || !changed {
		t.Errorf("changed %v (-want +got):\n%s", changed, diff)
	}
	if old.Properties["role"] != "x" {
		t.Error("the old one is changed")
	}
	if _, changed := merger.Relationship(merged, kg.Change{Relationship: want}); changed {
		t.Error("merging again changes it")
	}
	if first, changed := merger.Relationship(nil, kg.Change{Relationship: want}); !changed || !cmp.Equal(first, want) {
		t.Errorf("a new one: %+v", first)
	}
}

func TestReplacingSetsExactlyWhatIsGiven(t *testing.T) {
	merger := store.Merger{Catalog: catalogtest.Model(t)}
	old := &kg.Node{
		Type: "Organization", ID: "org:1", FormerIDs: []string{"org:3"},
		Properties: kg.Properties{"name": "a", "city": "x"}, Records: []kg.Record{{Source: "s"}},
	}
	with := kg.Change{Action: kg.Replace, Node: &kg.Node{Type: "Organization", ID: "org:3", FormerIDs: []string{"org:2"}, Properties: kg.Properties{"name": "b"}}}
	want := &kg.Node{Type: "Organization", ID: "org:1", FormerIDs: []string{"org:2"}, Properties: kg.Properties{"name": "b"}}
	got, changed := merger.Node(old, with)
	if diff := cmp.Diff(want, got); diff != "" || !changed {
		t.Errorf("changed %v (-want +got):\n%s", changed, diff)
	}
	if _, changed := merger.Node(got, with); changed {
		t.Error("replacing again changes it")
	}
	rel := &kg.Relationship{Type: "ATTENDS", From: "a:1", To: "a:2", Properties: kg.Properties{"role": "x", "status": "PAST"}, Records: []kg.Record{{Source: "s"}}}
	bare := &kg.Relationship{Type: "ATTENDS", From: "a:1", To: "a:2", Properties: kg.Properties{"role": "x"}}
	if got, changed := merger.Relationship(rel, kg.Change{Action: kg.Replace, Relationship: bare}); !changed || !cmp.Equal(got, bare) {
		t.Errorf("changed %v: %+v", changed, got)
	}
}

func TestRelationshipsWithoutAStatusAreVisible(t *testing.T) {
	c := catalogtest.Model(t)
	for _, tt := range []struct {
		typ   string
		props kg.Properties
		want  bool
	}{
		{"MEMBER_OF", nil, true}, {"MEMBER_OF", kg.Properties{"status": "CURRENT"}, true},
		{"MEMBER_OF", kg.Properties{"status": "PAST"}, false}, {"MEMBER_OF", kg.Properties{"status": "PLANNED"}, false},
		{"PARTICIPATES_IN", kg.Properties{"ended": true}, true},
	} {
		if got := store.Visible(c.Relationship(tt.typ), tt.props); got != tt.want {
			t.Errorf("%s %v: %v", tt.typ, tt.props, got)
		}
	}
}

func TestRecordsAreStoredAsCanonicalJSON(t *testing.T) {
	for _, records := range [][]kg.Record{
		nil,
		{{Source: "source:a", Locator: "é\"\n"}},
		{{Source: "source:a", Locator: "1", Properties: []string{"kind", "name"}, Derivation: "INFERRED"}, {Source: "source:b"}},
		{
			{Source: "source:a", Properties: []string{}},
			{Source: "source:b", Derivation: "INFERRED", Overridden: []kg.Override{{Property: "city", Value: "", Rule: kg.Edited}, {Property: "name", Value: "É", Instead: "source:a", Rule: kg.Explicit}}},
		},
	} {
		text := store.EncodeRecords(records)
		back, err := store.DecodeRecords(string(text), string(store.EncodeDisagreements(records)))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(records, back); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	want := kg.JSON(`[{"derivation":"INFERRED","locator":"1","properties":["kind"],"source":"s"}]`)
	if got := store.EncodeRecords([]kg.Record{{Source: "s", Locator: "1", Properties: []string{"kind"}, Derivation: "INFERRED"}}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := store.DecodeRecords("[{", ""); err == nil {
		t.Error("broken records are read")
	}
}

func TestAddressesNameAKindOfStore(t *testing.T) {
	for address, want := range map[string]string{
		"sqlite:a.db": "sqlite", "sqlite:": "sqlite", "neo4j://h": "neo4j", "neo4j+s://h": "neo4j", "bolt://h:7687": "neo4j", "bolt+ssc://h": "neo4j",
		"": "", "a.db": "", "postgres://h": "", "SQLITE:a": "", "/sqlite:a": "",
	} {
		if got := store.Kind(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestInvalidChangesAreCounted(t *testing.T) {
	var e store.Invalid
	if e.Error() != "no change is invalid" {
		t.Errorf("none: %s", &e)
	}
	e.Add(4, "%q is missing", "org:1")
	if want := `change 5 cannot be applied: "org:1" is missing`; e.Error() != want {
		t.Errorf("one: %s", &e)
	}
}
