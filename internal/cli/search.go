package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/store"
)

// search prints what is called like a text.
func (a *app) search() *cobra.Command {
	var kinds, within, countries []string
	var first int
	cmd := &cobra.Command{
		Use: "search TEXT", Short: "Find nodes by their names, identifiers and other texts", Args: cobra.MinimumNArgs(1),
		Example: `  maillage search electricité
  maillage search université --kind organization --country FR --first 20`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd.Context(), func(c *catalog.Catalog, s store.Store) error {
				variables := map[string]any{"text": strings.Join(args, " "), "first": first}
				for name, values := range map[string][]string{"kinds": kinds, "within": within, "country": countries} {
					if len(values) > 0 {
						variables[name] = values
					}
				}
				if err := kindsExist(c, kinds); err != nil {
					return err
				}
				return a.find(cmd.Context(), c, s, variables)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&kinds, "kind", nil, "only nodes of a `TYPE`, such as organization or funding_call; may be repeated")
	flags.StringSliceVar(&within, "within", nil, "only nodes that are, or lie in, the node of an `ID`; may be repeated")
	flags.StringSliceVar(&countries, "country", nil, "only nodes of a country, by its two-letter `CODE`; may be repeated")
	flags.IntVar(&first, "first", 10, "how many to show, 1 to 100")
	return cmd
}

// kindsExist writes kinds as the API does, and refuses others.
func kindsExist(c *catalog.Catalog, kinds []string) error {
	var known []string
	for _, t := range c.Searched() {
		known = append(known, strings.ToLower(api.Kind(t)))
	}
	for i, k := range kinds {
		kinds[i] = strings.ToUpper(strings.ReplaceAll(k, "-", "_"))
		if !slices.Contains(known, strings.ToLower(kinds[i])) {
			return usagef("--kind %s: it is none of %s", k, strings.Join(known, ", "))
		}
	}
	return nil
}

func (a *app) find(ctx context.Context, c *catalog.Catalog, s store.Store, variables map[string]any) error {
	var data struct {
		Search struct {
			TotalCount struct {
				Value   int
				AtLeast bool
			}
			Edges []struct {
				Tier string
				Node map[string]json.RawMessage
			}
		}
	}
	if err := a.read(ctx, c, s, searchDocument(c), variables, &data); err != nil {
		return err
	}
	found := data.Search
	more := ""
	if found.TotalCount.AtLeast {
		more = "more than "
	}
	a.say("%d of %s%d", len(found.Edges), more, found.TotalCount.Value)
	for _, e := range found.Edges {
		name := plainValue(e.Node["type"])
		_, _ = fmt.Fprintf(a.streams.Out, "%-36s %-13s %-12s %s\n", plainValue(e.Node["id"]), name, strings.ToLower(e.Tier), plainValue(e.Node[name]))
	}
	return nil
}

// searchDocument asks for the results of a search with what people call them,
// which each type answers under its own name.
func searchDocument(c *catalog.Catalog) string {
	var labels strings.Builder
	for _, t := range c.Searched() {
		if t.Label != nil {
			fmt.Fprintf(&labels, " ... on %s { %[1]s: %s }", t.Name, selection(t.Label))
		}
	}
	return `query($text: String!, $kinds: [NodeKind!], $within: [ID!], $country: [String!], $first: Int!) {
	search(text: $text, kinds: $kinds, within: $within, country: $country, first: $first) {
		totalCount { value atLeast } edges { tier node { type: __typename id` + labels.String() + ` } }
	}
}`
}
