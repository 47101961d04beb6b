package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/engine"
	"github.com/maillage/maillage/internal/store"
)

// show prints what is known of one node.
func (a *app) show() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show what is known of a node, with its sources", Args: cobra.ExactArgs(1),
		Example: "  maillage show org:pic:952966025",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd.Context(), func(c *catalog.Catalog, s store.Store) error {
				return a.showNode(cmd.Context(), c, s, args[0])
			})
		},
	}
}

// shownRelated is how many nodes of each relationship are shown.
const shownRelated = 10

func (a *app) showNode(ctx context.Context, c *catalog.Catalog, s store.Store, id string) error {
	t := c.TypeOfID(id)
	if t == nil {
		return usagef("%q is no id: ids begin with the prefix of a type, as in org:pic:952966025", id)
	}
	es, err := graph.NewSchema(c, engine.New(s))
	if err != nil {
		return err
	}
	opts := graph.DefaultOptions()
	opts.Log, opts.ReadTimeout = a.log, patience
	// The document is ours, not a client's.
	opts.Limits.Fields, opts.Limits.Tokens, opts.Limits.Aliases = 10_000, 20_000, 1_000
	response, ok := graph.Execute(ctx, es, opts, nodeDocument(t), "", map[string]any{"id": id})
	var data struct{ Node *json.RawMessage }
	if err := decode(response, ok, &data); err != nil {
		return err
	}
	if data.Node == nil {
		return fmt.Errorf("there is no node %s in %s", id, a.name())
	}
	return a.printNode(t, *data.Node)
}

// nodeDocument asks for all properties of a node, its records, and the first
// nodes of each relationship.
func nodeDocument(t *catalog.Type) string {
	var b strings.Builder
	fmt.Fprintf(&b, "query($id: ID!) { node(id: $id) { ... on %s {", t.Name)
	for _, p := range t.Properties {
		b.WriteString(" " + selection(p))
	}
	for _, f := range t.Fields {
		include := ""
		if f.Relationship.Status != nil {
			include = ", include: [PLANNED, PAST]"
		}
		fmt.Fprintf(&b, " %s(first: %d%s) { totalCount edges {", f.Name, shownRelated, include)
		for _, p := range f.Relationship.Properties {
			if !catalog.Provenance(p.Name) {
				b.WriteString(" " + selection(p))
			}
		}
		fmt.Fprintf(&b, " node { id %s } } }", label(f.Target))
	}
	b.WriteString(" } } }")
	return b.String()
}

// selection returns how a property is selected whole.
func selection(p *catalog.Property) string {
	switch p.Kind {
	case catalog.Localized:
		return p.Name + "(lang: EN)"
	case catalog.Embed:
		var fields []string
		for _, f := range p.Embedded.Fields {
			if f.Reference != nil {
				fields = append(fields, f.Name+" { id "+label(f.Reference)+" }")
			} else {
				fields = append(fields, f.Name)
			}
		}
		return p.Name + " { " + strings.Join(fields, " ") + " }"
	}
	return p.Name
}

// label returns the property that names the nodes of a type to people.
func label(t *catalog.Type) string {
	for _, name := range []string{"displayName", "label", "title", "name"} {
		if p := t.Property(name); p != nil {
			return "label: " + selection(p)
		}
	}
	return ""
}

func (a *app) printNode(t *catalog.Type, node json.RawMessage) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(node, &values); err != nil {
		return err
	}
	out := a.streams.Out
	for _, p := range t.Properties {
		v := values[p.Name]
		if string(v) == "null" || string(v) == "[]" || catalog.Provenance(p.Name) {
			continue
		}
		_, _ = fmt.Fprintf(out, "%-20s %s\n", p.Name, plainValue(v))
	}
	for _, f := range t.Fields {
		var c struct {
			TotalCount int
			Edges      []map[string]json.RawMessage
		}
		if err := json.Unmarshal(values[f.Name], &c); err != nil {
			return err
		}
		if len(c.Edges) == 0 {
			continue
		}
		_, _ = fmt.Fprintf(out, "\n%s (%d)\n", f.Name, c.TotalCount)
		for _, e := range c.Edges {
			var n struct{ ID, Label string }
			if err := json.Unmarshal(e["node"], &n); err != nil {
				return err
			}
			_, _ = fmt.Fprintf(out, "  %-40s %s", n.ID, n.Label)
			for _, p := range f.Relationship.Properties {
				if v := e[p.Name]; v != nil && string(v) != "null" {
					_, _ = fmt.Fprintf(out, "  %s %s", p.Name, plainValue(v))
				}
			}
			_, _ = fmt.Fprintln(out)
		}
	}
	if err := a.printRecords(values[catalog.Records]); err != nil {
		return err
	}
	return a.printDisagreements(values[catalog.Disagreements])
}

// printDisagreements shows what sources state otherwise than it is shown, and why.
func (a *app) printDisagreements(disagreements json.RawMessage) error {
	var list []struct {
		Property, Value, Locator, Rule string
		Source                         *struct{ ID, Label string }
	}
	if disagreements == nil {
		return nil
	}
	if err := json.Unmarshal(disagreements, &list); err != nil || len(list) == 0 {
		return err
	}
	_, _ = fmt.Fprintf(a.streams.Out, "\nstated otherwise (%d)\n", len(list))
	for _, d := range list {
		source := "unknown source"
		if d.Source != nil {
			source = d.Source.Label
		}
		_, _ = fmt.Fprintf(a.streams.Out, "  %s %s  %s, %s (%s)\n", d.Property, d.Value, source, d.Locator, d.Rule)
	}
	return nil
}

func (a *app) printRecords(records json.RawMessage) error {
	var list []struct {
		Source     *struct{ ID, Label string }
		Locator    string
		Properties []string
		Derivation string
	}
	if records == nil {
		return nil
	}
	if err := json.Unmarshal(records, &list); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(a.streams.Out, "\nsources (%d)\n", len(list))
	for _, r := range list {
		source := "unknown source"
		if r.Source != nil {
			source = r.Source.Label
		}
		_, _ = fmt.Fprintf(a.streams.Out, "  %s, %s %s", source, r.Locator, strings.Join(r.Properties, ", "))
		if r.Derivation == "INFERRED" {
			_, _ = fmt.Fprint(a.streams.Out, " (inferred)")
		}
		_, _ = fmt.Fprintln(a.streams.Out)
	}
	return nil
}

// plainValue shows a JSON value as text.
func plainValue(v json.RawMessage) string {
	var text string
	if json.Unmarshal(v, &text) == nil {
		return text
	}
	var list []string
	if json.Unmarshal(v, &list) == nil {
		return strings.Join(list, "; ")
	}
	var b bytes.Buffer
	if json.Compact(&b, v) != nil {
		return string(v)
	}
	return b.String()
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			version, revision, goVersion := "(devel)", "", ""
			if info, ok := debug.ReadBuildInfo(); ok {
				version, goVersion = info.Main.Version, info.GoVersion
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						revision = " " + s.Value
					}
				}
			}
			_, err := fmt.Fprintf(a.streams.Out, "maillage %s%s %s\n", version, revision, goVersion)
			return err
		},
	}
}
