package store

import (
	"encoding/json"
	"fmt"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/kg"
)

// EncodeRecords writes records as canonical JSON, or "" when there are none.
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
		if len(r.Properties) > 0 {
			b = append(answer.AppendStrings(append(b, `"properties":`...), r.Properties), ',')
		}
		b = append(answer.AppendString(append(b, `"source":`...), r.Source), '}')
	}
	return kg.JSON(append(b, ']'))
}

// DecodeRecords reads what EncodeRecords wrote.
func DecodeRecords(text string) (out []kg.Record, err error) {
	if text == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return nil, fmt.Errorf("stored records: %w", err)
	}
	return out, nil
}
