package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/wording"
)

// path prints the closest ways from one organisation to another.
func (a *app) path() *cobra.Command {
	var first, maxSteps int
	var through, avoid []string
	var p presentation
	cmd := &cobra.Command{
		Use: "path FROM TO", Short: "Find who could introduce one organisation to another", Args: cobra.ExactArgs(2),
		Long: "Path prints the closest ways from one organisation to another, over those that know each other, with what ties them: " +
			"projects, synergies and bodies that they share, and relationships between them. Smaller weights are closer.\n\n" +
			"An organisation is named by its id, or by a text that a search finds it by best.",
		Example: `  maillage path Seclab EDF
  maillage path org:pic:952966025 "Université de Montpellier" --first 5 --avoid CNRS`,
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := p.language(a.getenv)
			if err != nil {
				return err
			}
			return a.with(cmd.Context(), func(c *catalog.Catalog, s store.Store) error {
				var ids []string
				for _, text := range append(args, avoid...) {
					id, err := a.organisation(cmd.Context(), c, s, text)
					if err != nil {
						return err
					}
					ids = append(ids, id)
				}
				variables := map[string]any{"from": ids[0], "to": ids[1], "avoid": ids[2:], "first": first, "maxSteps": maxSteps}
				if len(through) > 0 {
					variables["through"] = enumValues(through)
				}
				items, err := a.ways(cmd.Context(), c, s, variables)
				if err != nil {
					return err
				}
				if len(items) == 0 {
					a.say("there is no way from %s to %s within %d steps", ids[0], ids[1], maxSteps)
				}
				return a.printWays(p.output, lang, items)
			})
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&first, "first", 3, "how many ways to show, 1 to 10")
	flags.IntVar(&maxSteps, "max-steps", 4, "over how many steps at most, 1 to 6")
	flags.StringSliceVar(&through, "through", nil, "only over ties of a `KIND`, such as participates_in or member_of; may be repeated")
	flags.StringArrayVar(&avoid, "avoid", nil, "an `ORGANISATION` over which not to go; may be repeated")
	p.flags(flags)
	memoryFlag(flags)
	return cmd
}

// organisation returns the id of the organisation that a text names: an id, or
// what a search finds before all others.
func (a *app) organisation(ctx context.Context, c *catalog.Catalog, s store.Store, text string) (string, error) {
	if c.TypeOfID(text) != nil {
		return text, nil
	}
	var data struct {
		Search struct {
			Edges []struct {
				Tier string
				Node called
			}
		}
	}
	err := a.read(ctx, c, s, `query($text: String!) { search(text: $text, kinds: [ORGANIZATION], first: 5) {
	edges { tier node { id ... on Organization { displayName } } } } }`, map[string]any{"text": text}, &data)
	found := data.Search.Edges
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", fmt.Errorf("no organisation is called %q in %s", text, a.name())
	case len(found) == 1 || found[0].Tier != found[1].Tier:
		a.say("%s: %s, %s", text, found[0].Node.ID, found[0].Node)
		return found[0].Node.ID, nil
	}
	var names []string
	for _, e := range found {
		if e.Tier == found[0].Tier {
			names = append(names, fmt.Sprintf("%s (%s)", e.Node.ID, e.Node))
		}
	}
	return "", usagef("%q may be any of %s: name one by its id", text, strings.Join(names, ", "))
}

// called is a node with what people call it.
type called struct{ ID, DisplayName, Label, Title, Name string }

// String returns what the node is called, or its id.
func (n called) String() string {
	for _, name := range []string{n.DisplayName, n.Label, n.Title, n.Name} {
		if name != "" {
			return name
		}
	}
	return n.ID
}

// way is a path as the API answers it.
type way struct {
	Weight   float64
	Complete bool
	Steps    []struct {
		From, To called
		Weight   float64
		Count    int
		Ties     []tie
	}
}

// tie is what ties the ends of a step: a node that they share, or a relationship.
type tie struct {
	Kind    string
	Reverse bool
	Node    *called
}

const waysDocument = `query($from: ID!, $to: ID!, $first: Int!, $maxSteps: Int!, $through: [TieKind!], $avoid: [ID!]) {
	paths(from: $from, to: $to, first: $first, maxSteps: $maxSteps, through: $through, avoid: $avoid) {
		weight complete steps { from { id displayName } to { id displayName } weight count
			ties { kind reverse node { id ... on Organization { displayName } ... on Project { label } ... on Synergy { title } } } } }
}`

// ways asks for paths, each as JSON.
func (a *app) ways(ctx context.Context, c *catalog.Catalog, s store.Store, variables map[string]any) ([]json.RawMessage, error) {
	var data struct{ Paths []json.RawMessage }
	err := a.read(ctx, c, s, waysDocument, variables, &data)
	return data.Paths, err
}

func (a *app) printWays(output string, lang wording.Lang, items []json.RawMessage) error {
	header := []string{"way", "step", "from", "fromName", "to", "toName", "weight", "ties", "evidence"}
	return printItems(a, output, items, header, func(number int, found way) (rows [][]string) {
		for j, s := range found.Steps {
			var evidence []string
			for _, t := range s.Ties {
				if t.Node != nil {
					evidence = append(evidence, t.Node.ID)
				} else {
					evidence = append(evidence, t.Kind)
				}
			}
			rows = append(rows, []string{
				strconv.Itoa(number), strconv.Itoa(j + 1), s.From.ID, s.From.DisplayName, s.To.ID, s.To.DisplayName,
				strconv.FormatFloat(s.Weight, 'f', -1, 64), strconv.Itoa(s.Count), strings.Join(evidence, "; "),
			})
		}
		return rows
	}, func(number int, found way) { a.printWay(lang, number, found) })
}

// printWay prints one path: who is on it, and below, what ties each to the next.
func (a *app) printWay(lang wording.Lang, number int, found way) {
	names := []string{found.Steps[0].From.String()}
	for _, s := range found.Steps {
		names = append(names, s.To.String())
	}
	_, _ = fmt.Fprintf(a.streams.Out, "%2d  %5.2f  %s\n", number, found.Weight, strings.Join(names, " – "))
	for _, s := range found.Steps {
		_, _ = fmt.Fprintf(a.streams.Out, "    %5.2f    %s → %s: %s\n", s.Weight, s.From, s.To, tied(lang, s.From.ID, s.To.ID, s.Ties, s.Count))
	}
}

// tied says in words what ties two organisations.
func tied(lang wording.Lang, from, to string, ties []tie, count int) string {
	var reasons []projection.Reason
	names := map[string]string{}
	for _, t := range ties {
		r := projection.Reason{Code: t.Kind, Count: 1}
		switch {
		case t.Node == nil && t.Reverse:
			r.Code += "_REVERSE"
		case t.Node == nil:
		case t.Node.ID == from:
			r.Code = "HAS_MEMBER"
		case t.Node.ID == to:
			r.Code = "IS_MEMBER"
		default:
			names[t.Node.ID] = t.Node.String()
			r.Evidence = []string{t.Node.ID}
		}
		if i := len(reasons) - 1; i >= 0 && reasons[i].Code == r.Code {
			reasons[i].Count++
			reasons[i].Evidence = append(reasons[i].Evidence, r.Evidence...)
		} else {
			reasons = append(reasons, r)
		}
	}
	var texts []string
	for _, r := range reasons {
		count -= max(1, min(len(r.Evidence), wording.Shown))
		texts = append(texts, wording.Reason(lang, r, func(id string) string { return names[id] }))
	}
	if count > 0 {
		texts = append(texts, wording.Reason(lang, projection.Reason{Code: "MORE_TIES", Count: count}, func(string) string { return "" }))
	}
	return strings.Join(texts, "; ")
}
