package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/ranking"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/wording"
)

// partners prints with whom an organisation might work.
func (a *app) partners() *cobra.Command {
	var why, all bool
	var first int
	var favour float64
	var kinds, countries []string
	var p presentation
	cmd := &cobra.Command{
		Use: "partners ORGANISATION", Short: "Suggest with whom an organisation might work, and why", Args: cobra.ExactArgs(1),
		Long: "Partners prints organisations with which one has not worked and might, the most promising first. " +
			"A score is the sum of the weights of its reasons, which --why shows.\n\n" +
			"An organisation is named by its id, or by a text that a search finds it by best.",
		Example: `  maillage partners Sikemia --why
  maillage partners org:pic:952966025 --kind company --country FR --output csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := p.language(a.getenv)
			if err != nil {
				return err
			}
			return a.with(cmd.Context(), func(c *catalog.Catalog, s store.Store) error {
				id, err := a.organisation(cmd.Context(), c, s, args[0])
				if err != nil {
					return err
				}
				filter := map[string]any{}
				if len(kinds) > 0 {
					filter["kind"] = map[string]any{"in": enumValues(kinds)}
				}
				if len(countries) > 0 {
					filter["country"] = map[string]any{"in": countries}
				}
				variables := map[string]any{"id": id, "first": first, "favour": favour, "partners": all, "lang": strings.ToUpper(lang.String())}
				if len(filter) > 0 {
					variables["filter"] = filter
				}
				items, err := a.suggestions(cmd.Context(), c, s, variables)
				if err != nil {
					return err
				}
				if len(items) == 0 {
					a.say("nobody is suggested to %s: nothing that it has in common with others is known", id)
				}
				return a.printSuggestions(p.output, lang, why, items)
			})
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&first, "first", 10, "how many, 1 to 50")
	flags.Float64Var(&favour, "favour-lesser-known", ranking.DefaultLesserKnown, "how much the lesser known are favoured, 0 to 1")
	flags.StringSliceVar(&kinds, "kind", nil, "only organisations of a `KIND`, such as company or research; may be repeated")
	flags.StringSliceVar(&countries, "country", nil, "only organisations of a `COUNTRY`, as two letters; may be repeated")
	flags.BoolVar(&all, "include-partners", false, "suggest those too with which it has worked")
	flags.BoolVar(&why, "why", false, "print the reasons and who could introduce, in words")
	p.flags(flags)
	memoryFlag(flags)
	return cmd
}

// suggestion is a suggestion as the API answers it.
type suggestion struct {
	Score    float64
	Strength string
	Node     struct {
		called
		Kind, Country, City string
	}
	Reasons []reason
	Paths   []struct{ Nodes []called }
}

// reason is a contribution to a score as the API answers it.
type reason struct {
	Code     string
	Weight   float64
	Count    int
	Value    *float64
	Text     string
	Evidence []called
}

// reasonFields selects a reason with what its evidence is called.
const reasonFields = `code weight count value text evidence { id ... on Organization { displayName } ... on Project { label }
	... on Sector { label(lang: $lang) } ... on Place { name } ... on Need { title } ... on Offer { title } ... on FundingCall { label: title } ... on Synergy { label: title } }`

const suggestionsDocument = `query($id: ID!, $first: Int!, $favour: Float!, $partners: Boolean!, $filter: OrganizationFilter, $lang: Lang!) {
	organization(id: $id) { suggestedPartners(first: $first, favourLesserKnown: $favour, includePartners: $partners, filter: $filter) { edges {
		score strength node { id displayName kind country city } reasons { ` + reasonFields + ` } paths { nodes { id displayName } } } } }
}`

// suggestions asks whom an organisation is suggested, each as JSON.
func (a *app) suggestions(ctx context.Context, c *catalog.Catalog, s store.Store, variables map[string]any) ([]json.RawMessage, error) {
	var data struct {
		Organization *struct {
			SuggestedPartners struct{ Edges []json.RawMessage }
		}
	}
	if err := a.read(ctx, c, s, suggestionsDocument, variables, &data); err != nil {
		return nil, err
	}
	if data.Organization == nil {
		return nil, fmt.Errorf("there is no organisation %v in %s", variables["id"], a.name())
	}
	return data.Organization.SuggestedPartners.Edges, nil
}

func (a *app) printSuggestions(output string, lang wording.Lang, why bool, items []json.RawMessage) error {
	header := []string{"rank", "id", "name", "kind", "country", "city", "score", "strength", "reasons"}
	return printItems(a, output, items, header, func(number int, found suggestion) [][]string {
		return [][]string{{
			strconv.Itoa(number), found.Node.ID, found.Node.String(), found.Node.Kind, found.Node.Country, found.Node.City,
			strconv.FormatFloat(found.Score, 'f', -1, 64), found.Strength, reasonWords(lang, found.Reasons),
		}}
	}, func(number int, found suggestion) {
		_, _ = fmt.Fprintf(a.streams.Out, "%2d  %5.2f  %s  (%s)\n", number, found.Score, found.Node,
			strings.Join(nonEmpty(strings.ToLower(found.Node.Kind), found.Node.City, found.Node.Country), ", "))
		if !why {
			return
		}
		a.printReasons(lang, found.Reasons)
		for _, p := range found.Paths {
			names := make([]string, len(p.Nodes))
			for j, n := range p.Nodes {
				names[j] = n.String()
			}
			_, _ = fmt.Fprintf(a.streams.Out, "           %s\n", strings.Join(names, " – "))
		}
	})
}

// reasonWords says what reasons say, in one line.
func reasonWords(lang wording.Lang, reasons []reason) string {
	words := make([]string, len(reasons))
	for i, r := range reasons {
		words[i] = r.words(lang)
	}
	return strings.Join(words, "; ")
}

// printReasons prints reasons in words, each with what it counts for.
func (a *app) printReasons(lang wording.Lang, reasons []reason) {
	for _, r := range reasons {
		_, _ = fmt.Fprintf(a.streams.Out, "    %+5.2f  %s\n", r.Weight, r.words(lang))
	}
}

// words says what the reason says.
func (r reason) words(lang wording.Lang) string {
	names := map[string]string{}
	out := projection.Reason{Code: r.Code, Weight: r.Weight, Count: r.Count, Value: math.NaN(), Text: r.Text}
	if r.Value != nil {
		out.Value = *r.Value
	}
	for _, e := range r.Evidence {
		out.Evidence = append(out.Evidence, e.ID)
		names[e.ID] = e.String()
	}
	return wording.Reason(lang, out, func(id string) string { return names[id] })
}

func nonEmpty(texts ...string) (out []string) {
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
