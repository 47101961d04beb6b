package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/wording"
)

// opportunities prints what an organisation could do now.
func (a *app) opportunities() *cobra.Command {
	var kinds []string
	var first int
	var p presentation
	cmd := &cobra.Command{
		Use: "opportunities ORGANISATION", Short: "Find what an organisation could do now, and why", Args: cobra.ExactArgs(1),
		Long: "Opportunities prints what an organisation could do now, the best first: needs of its own that others' offers meet and " +
			"the other way round, resources that one gives off and the other can use, and calls for proposals that are open today and fit, " +
			"each with the reasons of its score and, for calls, with those it knows that fit too. Of what kind there is nothing, it says why.\n\n" +
			"An organisation is named by its id, or by a text that a search finds it by best.",
		Example: `  maillage opportunities Seclab
  maillage opportunities org:montpellier:main-gauche --kinds call --lang fr`,
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
				variables := map[string]any{"id": id, "first": first, "lang": strings.ToUpper(lang.String())}
				if len(kinds) > 0 {
					variables["kinds"] = enumValues(kinds)
				}
				return a.printOpportunities(cmd.Context(), c, s, variables, p.output, lang)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&kinds, "kinds", nil, "only those of a `KIND`: call, need_offer or resource; may be repeated")
	flags.IntVar(&first, "first", 10, "how many to show, 1 to 50")
	p.flags(flags)
	memoryFlag(flags)
	return cmd
}

// opportunity is an opportunity as the API answers it.
type opportunity struct {
	Kind         string
	Score        float64
	Node         called
	Own          *called
	Organization *called
	Reasons      []reason
	Partners     []struct{ Node called }
}

const opportunitiesDocument = `query($id: ID!, $kinds: [OpportunityKind!], $first: Int!, $lang: Lang!) {
	organization(id: $id) { opportunities(kinds: $kinds, first: $first) { totalCount missing { kind code } edges { kind score
		node { id ... on Need { title } ... on Offer { title } ... on FundingCall { label: title closes url } }
		own { id ... on Need { title } ... on Offer { title } }
		organization { id displayName }
		reasons { ` + reasonFields + ` } partners(first: 3) { node { id displayName } } } } } }`

func (a *app) printOpportunities(ctx context.Context, c *catalog.Catalog, s store.Store, variables map[string]any, output string, lang wording.Lang) error {
	var data struct {
		Organization *struct {
			Opportunities struct {
				TotalCount int
				Missing    []struct{ Kind, Code string }
				Edges      []json.RawMessage
			}
		}
	}
	if err := a.read(ctx, c, s, opportunitiesDocument, variables, &data); err != nil {
		return err
	}
	if data.Organization == nil {
		return fmt.Errorf("there is no organisation %s in %s", variables["id"], a.name())
	}
	found := data.Organization.Opportunities
	for _, m := range found.Missing {
		a.say("%s: %s", wording.Word(lang, m.Kind), wording.Word(lang, m.Code))
	}
	if more := found.TotalCount - len(found.Edges); more > 0 {
		a.say("%d more with --first", more)
	}
	header := []string{"kind", "score", "node", "title", "own", "organization", "organizationName", "reasons", "partners"}
	return printItems(a, output, found.Edges, header, func(_ int, o opportunity) [][]string {
		var own, other called
		if o.Own != nil {
			own = *o.Own
		}
		if o.Organization != nil {
			other = *o.Organization
		}
		var partners []string
		for _, p := range o.Partners {
			partners = append(partners, p.Node.ID)
		}
		return [][]string{{
			o.Kind, strconv.FormatFloat(o.Score, 'f', -1, 64), o.Node.ID, o.Node.String(), own.ID, other.ID, other.DisplayName,
			reasonWords(lang, o.Reasons), strings.Join(partners, "; "),
		}}
	}, func(_ int, o opportunity) { a.printOpportunity(lang, o) })
}

// printOpportunity prints what it is, and below, with whom and why.
func (a *app) printOpportunity(lang wording.Lang, o opportunity) {
	_, _ = fmt.Fprintf(a.streams.Out, "%5.2f  %s  %s (%s)\n", o.Score, wording.Word(lang, o.Kind), o.Node, o.Node.ID)
	if o.Organization != nil && o.Own != nil {
		_, _ = fmt.Fprintf(a.streams.Out, "           %s ↔ %s\n", o.Own, o.Organization)
	}
	a.printReasons(lang, o.Reasons)
	if len(o.Partners) > 0 {
		with := reason{Code: "ANSWER_WITH"}
		for _, p := range o.Partners {
			with.Evidence = append(with.Evidence, p.Node)
		}
		_, _ = fmt.Fprintf(a.streams.Out, "           %s\n", with.words(lang))
	}
}
