package neo4jstore

import (
	"encoding/json"
	"fmt"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// nodeProperties returns what is stored of a node, without its degrees.
func nodeProperties(t *catalog.Type, n *kg.Node) (map[string]any, error) {
	out, err := encode(t.Properties, n.Properties, n.Records)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.ID, err)
	}
	out["id"] = sortable(n.ID)
	if len(n.FormerIDs) > 0 {
		out[formerIDs] = n.FormerIDs
	}
	return out, nil
}

// relationshipProperties returns what is stored of a relationship. Its id is
// that between the nodes' present ids.
func relationshipProperties(t *catalog.Relationship, r *kg.Relationship) (map[string]any, error) {
	id := t.ID(r)
	out, err := encode(t.Properties, r.Properties, r.Records)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", id, err)
	}
	out["id"] = sortable(id)
	if len(t.Key) > 0 {
		out[discriminator] = sortable(t.Discriminator(r.Properties))
	}
	return out, nil
}

// encode returns what is stored of properties and records: absent values are
// absent keys.
func encode(props []*catalog.Property, in kg.Properties, records []kg.Record) (map[string]any, error) {
	out := make(map[string]any, 2*len(in)+4)
	for _, p := range props {
		v := in[p.Name]
		switch {
		case p.Name == catalog.Records && len(records) > 0:
			v = store.EncodeRecords(records)
		case p.Name == catalog.Disagreements:
			if text := store.EncodeDisagreements(records); text != "" {
				v = text
			}
		}
		for _, c := range store.Columns(p) {
			switch stored := c.Value(v).(type) {
			case nil:
			case kg.JSON:
				out[c.Name] = string(stored)
			case string:
				if c.Part == plan.Key {
					stored = sortable(stored)
				}
				out[c.Name] = stored
			case float64:
				out[c.Name] = stored + 0 // Neo4j has -0 before 0
			default:
				out[c.Name] = stored
			}
		}
		if err := encodeBeside(out, p, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// encodeBeside puts what stored objects refer to, and the values of their enums,
// beside them, so that a statement can look them up and compare them. A list of
// values that go without saying is left out.
func encodeBeside(out map[string]any, p *catalog.Property, v any) error {
	if v == nil || p.Kind != catalog.Embed {
		return nil
	}
	items := make([]map[string]json.RawMessage, 1)
	var into any = &items[0]
	if p.List {
		into = &items
	}
	read := false
	for i := range p.Embedded.Fields {
		f := &p.Embedded.Fields[i]
		if f.Reference == nil && (len(f.Enum) == 0 || !p.List) {
			continue
		}
		if !read {
			if err := json.Unmarshal([]byte(v.(kg.JSON)), into); err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
			read = true
		}
		values, said := make([]string, len(items)), f.Reference != nil
		for i, item := range items {
			// What is no text refers to nothing.
			_ = json.Unmarshal(item[f.Name], &values[i])
			if f.Reference == nil && values[i] == "" {
				values[i] = f.Otherwise()
			}
			said = said || values[i] != f.Otherwise()
		}
		if f.Reference != nil {
			values = sortables(values)
		}
		if said {
			out[besideName(p, f)] = values
		}
	}
	return nil
}

// decodeNode reads what nodeProperties made.
func decodeNode(t *catalog.Type, stored map[string]any) (*kg.Node, error) {
	n := &kg.Node{Type: t.Name}
	id, _ := stored["id"].(string)
	n.ID = original(id)
	var err error
	if n.Properties, n.Records, err = decode(t.Properties, stored); err != nil {
		return nil, fmt.Errorf("stored %s: %w", n.ID, err)
	}
	if former, there := stored[formerIDs]; there {
		list, _ := former.([]any)
		if n.FormerIDs, err = texts(list); err != nil {
			return nil, fmt.Errorf("stored %s: %w", n.ID, err)
		}
	}
	return n, nil
}

// decodeRelationship reads what relationshipProperties made.
func decodeRelationship(t *catalog.Relationship, from, to string, stored map[string]any) (*kg.Relationship, error) {
	r := &kg.Relationship{Type: t.Name, From: from, To: to}
	var err error
	if r.Properties, r.Records, err = decode(t.Properties, stored); err != nil {
		return nil, fmt.Errorf("stored %s: %w", t.ID(r), err)
	}
	return r, nil
}

func decode(props []*catalog.Property, stored map[string]any) (out kg.Properties, records []kg.Record, err error) {
	out = make(kg.Properties, len(stored))
	text, _ := stored[catalog.Records].(string)
	disagreements, _ := stored[catalog.Disagreements].(string)
	if records, err = store.DecodeRecords(text, disagreements); err != nil {
		return nil, nil, err
	}
	for _, p := range props {
		v, there := stored[p.Name]
		if !there || p.Name == "id" || catalog.Provenance(p.Name) || p.Computed() {
			continue
		}
		switch v := v.(type) {
		case []any:
			out[p.Name], err = texts(v)
		case string:
			if out[p.Name] = v; p.Kind == catalog.Embed {
				out[p.Name] = kg.JSON(v)
			}
		default:
			out[p.Name] = v
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return out, records, nil
}

func texts(list []any) ([]string, error) {
	out := make([]string, len(list))
	for i, v := range list {
		s, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("a %T in a list of texts", v)
		}
		out[i] = s
	}
	return out, nil
}
