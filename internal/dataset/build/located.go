package main

import (
	"strings"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/text"
)

// located returns where French organisations are: in the commune whose name
// their city has, among the communes that the built-in places know. The name
// alone is not proof, so each is INFERRED from the record that states the city.
func located(organizations, places []kg.Change) (out []kg.Change) {
	communes := map[string]string{}
	for _, ch := range places {
		if n := ch.Node; n != nil && n.Properties["kind"] == "COMMUNE" {
			name, _ := n.Properties["name"].(string)
			communes[town(name)] = n.ID
		}
	}
	for _, ch := range organizations {
		n := ch.Node
		if n == nil || n.Type != "Organization" || n.Properties["country"] != "FR" {
			continue
		}
		city, _ := n.Properties["city"].(string)
		if id := communes[town(city)]; id != "" {
			out = append(out, kg.Change{Relationship: &kg.Relationship{
				Type: "LOCATED_AT", From: n.ID, To: id, Properties: kg.Properties{"status": "CURRENT"}, Records: statingCity(n.Records),
			}})
		}
	}
	return out
}

// town is what the spellings of a town's name have in common.
func town(name string) string {
	return strings.NewReplacer("-", " ", "'", " ").Replace(text.Fold(name))
}

func statingCity(records []kg.Record) (out []kg.Record) {
	for _, r := range records {
		for _, p := range r.Properties {
			if p == "city" {
				out = append(out, kg.Record{Source: r.Source, Locator: r.Locator, Derivation: "INFERRED"})
			}
		}
	}
	return out
}
