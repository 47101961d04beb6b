package stage

import (
	"context"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/plan"
)

// Object is a computed value with fields. Values are nil, bool, int, int64,
// float64, string, Object, Node, Lazy, and []any of these.
type Object map[string]any

// Node is the id of a node that is to be looked up.
type Node string

// Lazy is a value that is computed where it is selected, by the arguments that it
// is given there.
type Lazy func(plan.Arguments) (any, error)

// selected are the values of an object in the order of the members that are
// selected of it.
type selected []any

// resolve computes what is selected of a value, and adds the nodes in it to a list.
func resolve(members []plan.Member, v any, ids *[]string) (any, error) {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			var err error
			if out[i], err = resolve(members, item, ids); err != nil {
				return nil, err
			}
		}
		return out, nil
	case Node:
		*ids = append(*ids, string(v))
	case Object:
		out := make(selected, len(members))
		for i, m := range members {
			if m.Name == "" {
				out[i] = m.Typename
				continue
			}
			of, known := v[m.Name]
			if !known {
				return nil, fmt.Errorf("nothing is computed for the field %s", m.Name)
			}
			var err error
			if lazy, ok := of.(Lazy); ok {
				if of, err = lazy(m.Args); err != nil {
					return nil, err
				}
			}
			if out[i], err = resolve(m.Fields, of, ids); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

// Nodes are nodes that have been looked up: by id, and by slot.
type Nodes map[string]map[string]jsontext.Value

// LookUp looks up what is selected of nodes by one statement, whose text does not
// depend on the nodes. Nodes that are not there are left out.
func LookUp(ctx context.Context, run Run, name string, branches []plan.Branch, ids []string) (Nodes, error) {
	out := Nodes{}
	l := &plan.Lookup{List: true, Branches: branches}
	for _, id := range ids {
		if _, seen := out[id]; seen {
			continue
		}
		out[id] = nil
		l.IDs = append(l.IDs, id)
	}
	if len(branches) == 0 || len(l.IDs) == 0 {
		return out, nil
	}
	answered, err := run(ctx, plan.Normalize(plan.Plan{Name: name, Root: l}))
	if err != nil {
		return nil, err
	}
	var nodes []map[string]jsontext.Value
	if err := json.Unmarshal(answered.JSON, &nodes); err != nil {
		return nil, fmt.Errorf("nodes: %w", err)
	}
	for i, n := range nodes {
		out[l.IDs[i]] = n
	}
	return out, nil
}

// Write writes what is selected of a value.
func (n Nodes) Write(members []plan.Member, v any) ([]byte, error) {
	var ids []string
	tree, err := resolve(members, v, &ids)
	if err != nil {
		return nil, err
	}
	return n.write(members, tree), nil
}

func (n Nodes) write(members []plan.Member, tree any) []byte {
	out, ok := n.append(nil, plan.Member{Fields: members}, tree)
	if !ok {
		return []byte("null")
	}
	return out
}

// append appends a value. It reports false for a node that is gone since it was
// found, and for what cannot be without it; lists leave out such items.
func (n Nodes) append(b []byte, m plan.Member, v any) ([]byte, bool) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), true
	case bool:
		return strconv.AppendBool(b, v), true
	case int:
		return strconv.AppendInt(b, int64(v), 10), true
	case int64:
		return strconv.AppendInt(b, v, 10), true
	case float64:
		return answer.AppendFloat(b, v), true
	case string:
		return answer.AppendString(b, v), true
	case Node:
		raw, ok := n[string(v)][m.Slot]
		return append(b, raw...), ok
	case []any:
		b = append(b, '[')
		first := true
		for _, item := range v {
			before := len(b)
			if !first {
				b = append(b, ',')
			}
			var ok bool
			if b, ok = n.append(b, m, item); !ok {
				b = b[:before]
				continue
			}
			first = false
		}
		return append(b, ']'), true
	case selected:
		b = append(b, '{')
		for i, f := range m.Fields {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(answer.AppendString(b, f.Key), ':')
			var ok bool
			if b, ok = n.append(b, f, v[i]); !ok {
				return b, false
			}
		}
		return append(b, '}'), true
	}
	panic(fmt.Sprintf("stage: no value %T", v))
}
