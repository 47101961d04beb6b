package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// Ranks say which sources are believed where records disagree, by their ids. A
// source that is not among them ranks lowest.
type Ranks map[string]Rank

// Rank is the place of a source among others.
type Rank struct {
	Number int64
	Date   string // its sort key; "" when absent
}

// RankOf returns the rank of a source with the given number and date, either of
// which may be nil.
func RankOf(number, date any) Rank {
	var r Rank
	r.Number, _ = number.(int64)
	if date != nil {
		r.Date = mustDate(date).SortKey()
	}
	return r
}

// statements are what is said of one node or relationship: by each record, and
// without any.
type statements struct {
	property property
	records  []statement // by source and locator
	edits    kg.Properties
}

// statement is what one record states. The lists of the record are not used.
type statement struct {
	record kg.Record
	values kg.Properties
}

// property finds a property of a type by its name.
type property func(string) *catalog.Property

// stated takes apart what is shown and what is overridden. A record states of
// the properties that it names those which are there. What no record states, or
// what overrides one as an edit, was given without a record.
func stated(property property, props kg.Properties, records []kg.Record) statements {
	out := statements{property: property, edits: kg.Properties{}}
	covered, edited := map[string]bool{}, map[string]bool{}
	for _, r := range records {
		s := statement{kg.Record{Source: r.Source, Locator: r.Locator, Derivation: r.Derivation}, kg.Properties{}}
		for name, v := range props {
			if r.Properties == nil || slices.Contains(r.Properties, name) {
				s.values[name] = v
			}
		}
		for _, o := range r.Overridden {
			delete(s.values, o.Property)
			edited[o.Property] = edited[o.Property] || o.Rule == kg.Edited
			if v, err := ParseValue(property(o.Property), o.Value); err == nil {
				s.values[o.Property] = v
			}
		}
		for name, v := range s.values {
			covered[name] = covered[name] || reflect.DeepEqual(v, props[name])
		}
		out.add(s)
	}
	for name, v := range props {
		if !covered[name] || edited[name] {
			out.edits[name] = v
		}
	}
	return out
}

// add adds what a record states. Where the same record has spoken already it
// adds to that, and restates what it said.
func (s *statements) add(n statement) {
	i, there := slices.BinarySearchFunc(s.records, n.record, func(s statement, r kg.Record) int { return kg.CompareRecords(s.record, r) })
	if !there {
		s.records = slices.Insert(s.records, i, n)
		return
	}
	old := s.records[i].values
	for name, v := range n.values {
		if !lessDetailed(v, old[name]) {
			old[name] = v
		}
	}
	s.records[i].record.Derivation = n.record.Derivation
}

// merge adds what others state.
func (s *statements) merge(n statements) {
	for _, r := range n.records {
		s.add(r)
	}
	for name, v := range n.edits {
		s.edits[name] = v
	}
}

// lessDetailed reports whether an embedded value, or a list of them, only leaves
// out fields that another has: it is no news.
func lessDetailed(v, than any) bool {
	a, ok := v.(kg.JSON)
	b, there := than.(kg.JSON)
	if !ok || !there || a == b {
		return false
	}
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && within(x, y)
}

func within(a, b any) bool {
	switch a := a.(type) {
	case []any:
		list, ok := b.([]any)
		return ok && slices.EqualFunc(a, list, within)
	case map[string]any:
		object, ok := b.(map[string]any)
		for k, v := range a {
			w, there := object[k]
			ok = ok && there && within(v, w)
		}
		return ok
	}
	return a == b
}

// shown puts together what is shown of the statements, and the records with what
// of theirs is not. It depends on the statements alone and not on their order.
func (s *statements) shown(ranks Ranks) (kg.Properties, []kg.Record) {
	props, by := kg.Properties{}, map[string]*kg.Record{}
	for i := range s.records {
		for name, v := range s.records[i].values {
			first := by[name]
			if first == nil {
				by[name], props[name] = &s.records[i].record, v
			} else if c, _ := ranks.compare(s.records[i].record, *first); c < 0 {
				by[name], props[name] = &s.records[i].record, v
			}
		}
	}
	for name, v := range s.edits {
		if by[name] == nil || !reflect.DeepEqual(v, props[name]) { // else it is what a record states
			by[name], props[name] = nil, v
		}
	}
	var records []kg.Record
	for _, st := range s.records {
		r := st.record
		if len(st.values) < len(props) {
			r.Properties = []string{}
		}
		for _, name := range sortedNames(st.values) {
			if r.Properties != nil {
				r.Properties = append(r.Properties, name)
			}
			if v := st.values[name]; !reflect.DeepEqual(v, props[name]) {
				o := kg.Override{Property: name, Value: FormatValue(s.property(name), v), Rule: kg.Edited}
				if first := by[name]; first != nil {
					o.Instead = first.Source
					_, o.Rule = ranks.compare(*first, st.record)
				}
				r.Overridden = append(r.Overridden, o)
			}
		}
		records = append(records, r)
	}
	return props, records
}

// compare says which of two records is believed where they disagree: negative
// for the first. The rule is what tells them apart.
func (r Ranks) compare(a, b kg.Record) (int, kg.Rule) {
	x, y := r[a.Source], r[b.Source]
	for _, key := range []struct {
		rule kg.Rule
		c    int
	}{
		{kg.Explicit, compareBool(a.Derivation == inferred, b.Derivation == inferred)},
		{kg.Precedence, cmp.Compare(y.Number, x.Number)},
		{kg.Later, strings.Compare(y.Date, x.Date)},
	} {
		if key.c != 0 {
			return key.c, key.rule
		}
	}
	return kg.CompareRecords(a, b), kg.Order
}

// inferred is the derivation of records that do not say it themselves.
const inferred = "INFERRED"

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func sortedNames(props kg.Properties) []string {
	out := make([]string, 0, len(props))
	for name := range props {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// FormatValue writes a value of kg.Properties as text: a text as it is, anything
// else as JSON.
func FormatValue(p *catalog.Property, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case kg.JSON:
		return string(v)
	case int64:
		if p.Kind == catalog.Decimal {
			return kg.FormatDecimal(v)
		}
		return strconv.FormatInt(v, 10)
	case float64:
		return kg.FormatFloat(v)
	case bool:
		return strconv.FormatBool(v)
	case []string:
		return string(answer.AppendStrings(nil, v))
	}
	panic(fmt.Sprintf("store: a %T is no value", v))
}

// ParseValue reads what FormatValue wrote.
func ParseValue(p *catalog.Property, s string) (any, error) {
	var v any
	var err error
	switch p.Kind {
	case catalog.Decimal:
		v, err = kg.ParseDecimal(s)
	case catalog.Int:
		v, err = strconv.ParseInt(s, 10, 64)
	case catalog.Float:
		v, err = strconv.ParseFloat(s, 64)
	case catalog.Boolean:
		v, err = strconv.ParseBool(s)
	case catalog.StringList:
		var list []string
		err = json.Unmarshal([]byte(s), &list)
		v = list
	case catalog.Embed:
		v = kg.JSON(s)
	default:
		v = s
	}
	if err != nil {
		return nil, fmt.Errorf("%q is no value of kind %s", s, p.Kind)
	}
	return v, nil
}

// Without returns what a node or relationship is to be replaced by when a source
// is taken away: what the other records state, and what was given without one.
// Values that its type cannot be without stay. It reports whether the source
// states anything of it, and whether anything else does.
func Without(c *catalog.Catalog, ch kg.Change, source string) (out kg.Change, stated, supported bool) {
	out = kg.Change{Action: kg.Replace}
	if n := ch.Node; n != nil {
		t, left := c.Type(n.Type), *n
		left.Properties, left.Records, stated, supported = without(t.Property, t.Properties, nil, n.Properties, n.Records, source)
		out.Node = &left
		return out, stated, supported
	}
	r := ch.Relationship
	t, left := c.Relationship(r.Type), *r
	left.Properties, left.Records, stated, supported = without(t.Property, t.Properties, t.Key, r.Properties, r.Records, source)
	out.Relationship = &left
	return out, stated, supported
}

func without(property property, all, key []*catalog.Property, props kg.Properties, records []kg.Record, source string) (kg.Properties, []kg.Record, bool, bool) {
	if !slices.ContainsFunc(records, func(r kg.Record) bool { return r.Source == source }) {
		return props, records, false, true
	}
	s := stated(property, props, records)
	s.records = slices.DeleteFunc(s.records, func(s statement) bool { return s.record.Source == source })
	supported := len(s.records)+len(s.edits) > 0
	for _, p := range all {
		needs := needed(p) || slices.Contains(key, p)
		left := slices.ContainsFunc(s.records, func(s statement) bool { return s.values[p.Name] != nil })
		if v, there := props[p.Name]; there && needs && !left {
			s.edits[p.Name] = v
		}
	}
	left, others := s.shown(nil) // the store knows the ranks
	return left, others, true, supported
}
