package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/provenance"
	"github.com/maillage/maillage/internal/store"
)

// source is the command source.
func (a *app) source() *cobra.Command {
	cmd := &cobra.Command{
		Use: "source", Short: "Register the text of a source, or take a source away", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return usagef("say what to do with a source: add FILE --source ID, or remove ID")
		},
	}
	cmd.AddCommand(a.addSource(), a.removeSource())
	return cmd
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
