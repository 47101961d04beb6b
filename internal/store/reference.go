package store

import (
	"maps"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// Named returns the ids of nodes that properties name: each such property holds
// the id of a node, or that of a relationship, in which those of its ends stand.
func Named(t *catalog.Type, props kg.Properties) (ids []string) {
	_, _ = present(t, props, func(id string) (string, error) {
		ids = append(ids, id)
		return id, nil
	})
	return ids
}

// Present returns a node whose properties name others by their present ids, of
// which some may have been given as former ones. It changes nothing of its own.
func Present(t *catalog.Type, n *kg.Node, of func(id string) (string, error)) (*kg.Node, error) {
	props, err := present(t, n.Properties, of)
	if err != nil {
		return nil, err
	}
	out := *n
	out.Properties = props
	return &out, nil
}

func present(t *catalog.Type, props kg.Properties, of func(id string) (string, error)) (kg.Properties, error) {
	out, cloned := props, false
	for _, p := range t.References() {
		value, _ := props[p.Name].(string)
		if value == "" {
			continue
		}
		now, err := Rename(value, of)
		if err != nil {
			return nil, err
		}
		if now == value {
			continue
		}
		if !cloned {
			out, cloned = maps.Clone(props), true
		}
		out[p.Name] = now
	}
	return out, nil
}

// Rename returns the id of a node or relationship with others in place of the ids
// of nodes in it.
func Rename(id string, of func(string) (string, error)) (string, error) {
	parts := strings.SplitN(id, "|", 4) // see kg.RelationshipID
	nodes := parts
	if len(parts) >= 3 {
		nodes = parts[1:3]
	}
	for i, node := range nodes {
		now, err := of(node)
		if err != nil {
			return "", err
		}
		nodes[i] = now
	}
	return strings.Join(parts, "|"), nil
}
