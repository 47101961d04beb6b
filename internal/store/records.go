package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/kg"
)

// EncodeRecords writes records as canonical JSON, or "" when there are none. What
// they state and is not shown EncodeDisagreements writes.
func EncodeRecords(records []kg.Record) kg.JSON {
	if len(records) == 0 {
		return ""
	}
	b := []byte{'['}
	for i, r := range records {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		if r.Derivation != "" {
			b = append(answer.AppendString(append(b, `"derivation":`...), r.Derivation), ',')
		}
		b = append(answer.AppendString(append(b, `"locator":`...), r.Locator), ',')
		if r.Properties != nil {
			b = append(answer.AppendStrings(append(b, `"properties":`...), r.Properties), ',')
		}
		b = append(answer.AppendString(append(b, `"source":`...), r.Source), '}')
	}
	return kg.JSON(append(b, ']'))
}

// disagreement is an override with what it has of its record.
type disagreement struct {
	Derivation string  `json:"derivation"`
	Instead    string  `json:"instead"`
	Locator    string  `json:"locator"`
	Property   string  `json:"property"`
	Rule       kg.Rule `json:"rule"`
	Source     string  `json:"source"`
	Value      string  `json:"value"`
}

// EncodeDisagreements writes what records state and is not shown as canonical
// JSON, by property and record, or "" when there is nothing.
func EncodeDisagreements(records []kg.Record) kg.JSON {
	var all []disagreement
	for _, r := range records {
		for _, o := range r.Overridden {
			all = append(all, disagreement{r.Derivation, o.Instead, r.Locator, o.Property, o.Rule, r.Source, o.Value})
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.SortStableFunc(all, func(a, b disagreement) int { return strings.Compare(a.Property, b.Property) })
	b := []byte{'['}
	for i, d := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		for _, f := range []struct{ name, value string }{
			{"derivation", d.Derivation}, {"instead", d.Instead}, {"locator", d.Locator}, {"property", d.Property},
			{"rule", string(d.Rule)}, {"source", d.Source}, {"value", d.Value},
		} {
			if f.value != "" || f.name == "value" {
				b = append(answer.AppendString(append(answer.AppendString(b, f.name), ':'), f.value), ',')
			}
		}
		b[len(b)-1] = '}'
	}
	return kg.JSON(append(b, ']'))
}

// DecodeRecords reads what EncodeRecords and EncodeDisagreements wrote.
func DecodeRecords(records, disagreements string) (out []kg.Record, err error) {
	if records == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(records), &out); err != nil {
		return nil, fmt.Errorf("stored records: %w", err)
	}
	if disagreements == "" {
		return out, nil
	}
	var all []disagreement
	if err := json.Unmarshal([]byte(disagreements), &all); err != nil {
		return nil, fmt.Errorf("stored disagreements: %w", err)
	}
	for _, d := range all {
		i := slices.IndexFunc(out, func(r kg.Record) bool { return r.Source == d.Source && r.Locator == d.Locator })
		if i < 0 {
			return nil, fmt.Errorf("stored disagreements: there is no record %s of %s", d.Locator, d.Source)
		}
		out[i].Overridden = append(out[i].Overridden, kg.Override{Property: d.Property, Value: d.Value, Instead: d.Instead, Rule: d.Rule})
	}
	return out, nil
}
