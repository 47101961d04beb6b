package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/provenance"
	"github.com/maillage/maillage/internal/store"
)

// source is the command source.
func (a *app) source() *cobra.Command {
	cmd := &cobra.Command{
		Use: "source", Short: "List sources, register the text of one, or take one away", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return usagef("say what to do with sources: list, add FILE --source ID, or remove ID")
		},
	}
	cmd.AddCommand(a.listSources(), a.addSource(), a.removeSource())
	return cmd
}

// listed is a source as it is printed.
type listed struct {
	ID          string  `json:"id"`
	Title       string  `json:"title"`
	Publisher   *string `json:"publisher"`
	PublishedAt *string `json:"publishedAt"`
	URL         *string `json:"url"`
	SHA256      *string `json:"sha256"`
	Precedence  int     `json:"precedence"`
	Claims      int     `json:"claims"`
}

// sourcesDocument asks for a page of sources.
const sourcesDocument = `query($after: String) { sources(first: 100, after: $after) {
	pageInfo { hasNextPage endCursor } nodes { id title publisher publishedAt url sha256 precedence claims { totalCount } } } }`

func (a *app) listSources() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use: "list", Short: "List the sources of the graph, by id", Args: cobra.NoArgs,
		Long: "List prints the id of each source, its precedence where sources disagree, how many claims are taken from it, " +
			"when it was published, and its title; as JSON also its publisher, address and SHA-256.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output != "table" && output != "json" {
				return usagef("--output %s: write table or json", output)
			}
			return a.with(cmd.Context(), func(c *catalog.Catalog, s store.Store) error {
				all, err := a.sources(cmd.Context(), c, s)
				if err != nil {
					return err
				}
				return a.printSources(output, all)
			})
		},
	}
	cmd.Flags().StringVar(&output, "output", "table", "table or json")
	return cmd
}

// sources returns all sources, page by page.
func (a *app) sources(ctx context.Context, c *catalog.Catalog, s store.Store) (out []listed, err error) {
	for variables := map[string]any{}; ; {
		var data struct {
			Sources struct {
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
				Nodes []struct {
					listed
					Precedence *int                     `json:"precedence"`
					Claims     struct{ TotalCount int } `json:"claims"`
				}
			}
		}
		if err := a.read(ctx, c, s, sourcesDocument, variables, &data); err != nil {
			return nil, err
		}
		for _, n := range data.Sources.Nodes {
			n.listed.Claims = n.Claims.TotalCount
			if n.Precedence != nil {
				n.listed.Precedence = *n.Precedence
			}
			out = append(out, n.listed)
		}
		info := data.Sources.PageInfo
		if !info.HasNextPage {
			return out, nil
		}
		variables["after"] = info.EndCursor
	}
}

func (a *app) printSources(output string, all []listed) error {
	if output == "json" {
		e := json.NewEncoder(a.streams.Out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(append([]listed{}, all...))
	}
	w := tabwriter.NewWriter(a.streams.Out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tPRECEDENCE\tCLAIMS\tPUBLISHED\tTITLE") // errors come from Flush
	for _, s := range all {
		published := ""
		if s.PublishedAt != nil {
			published = *s.PublishedAt
		}
		_, _ = fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%s\n", s.ID, s.Precedence, s.Claims, published, s.Title)
	}
	return w.Flush()
}

func (a *app) addSource() *cobra.Command {
	var id string
	cmd := &cobra.Command{
		Use: "add FILE --source ID", Short: "Register the text of a source, which fills quotes", Args: cobra.ExactArgs(1),
		Long: "Add checks that a file is the text of a source, by the SHA-256 that the source has, and fills the quotes of the claims " +
			"that cite it by their offsets. The text itself is not kept. Doing it again changes nothing.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if id == "" {
				return usagef("say of which source the file is the text: --source ID")
			}
			text, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			return a.with(cmd.Context(), func(_ *catalog.Catalog, s store.Store) error {
				quotes, done, err := provenance.Register(cmd.Context(), s, id, text)
				if err != nil {
					return err
				}
				a.say("%s is registered in %s: %d quotes, %d claims changed", id, a.name(), quotes, done.Updated)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&id, "source", "", "the `ID` of the source")
	return cmd
}

func (a *app) removeSource() *cobra.Command {
	var dry bool
	cmd := &cobra.Command{
		Use: "remove ID", Short: "Take a source away, with all that nothing else supports", Args: cobra.ExactArgs(1),
		Long: "Remove takes away the records of a source, the claims that only it makes, and nodes and relationships of which nothing else speaks. " +
			"Values that it overrode are shown again. Doing it again changes nothing; importing the source again brings all of it back.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd.Context(), func(c *catalog.Catalog, s store.Store) error {
				removal, err := provenance.Remove(cmd.Context(), c, s, args[0])
				if err != nil {
					return err
				}
				what := fmt.Sprintf("%d nodes and %d relationships that only %s supports, %d others restored", removal.Nodes, removal.Relationships, args[0], removal.Restored)
				if dry {
					a.say("nothing changed; this would go: %s", what)
					return nil
				}
				done, err := removal.Apply(cmd.Context(), s)
				if err != nil {
					return fmt.Errorf("stopped after %d changes; run it again to go on: %w", done.Changes(), err)
				}
				a.say("removed from %s: %s", a.name(), what)
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would go and change nothing")
	return cmd
}
