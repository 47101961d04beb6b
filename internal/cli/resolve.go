package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/resolve"
	"github.com/maillage/maillage/internal/store"
)

// resolving is the command resolve.
func (a *app) resolving() *cobra.Command {
	var opts resolveOptions
	cmd := &cobra.Command{
		Use:   "resolve",
		Short: "Find organisations that are one under two ids, and merge them",
		Long: "Resolve lists the organisations that may be one, with a score and its reasons: " +
			"those to merge, those below the threshold, for a person to look at, and those that somebody has refused. With --apply it merges the former, " +
			"each in a transaction of its own; the id that goes answers as a former id, and each merge is recorded as a Resolution " +
			"(INFERRED, with score, reasons and date), from which --undo restores what stood before. " +
			"What --undo takes back is recorded as a Refusal, listed as such and not merged again, unless --again asks for it; " +
			"--undo-all forgets refusals too.\n\n" +
			"Merging again changes nothing. Nothing else should write to the store meanwhile.",
		Example: `  maillage resolve --output csv > proposals.csv
  maillage resolve --apply
  maillage resolve --undo org:montpellier:edf`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			threshold, err := opts.check()
			if err != nil {
				return err
			}
			return a.with(cmd.Context(), func(c *catalog.Catalog, s store.Store) error {
				r := &resolve.Resolver{Store: s, Catalog: c, Now: time.Now, Except: opts.except, Again: opts.again}
				switch {
				case opts.undoAll || len(opts.undo) > 0:
					return a.undoMerges(cmd.Context(), r, opts.undo)
				case opts.apply:
					return a.merge(cmd.Context(), r, threshold, opts.output)
				}
				found, err := r.Propose(cmd.Context())
				if err != nil {
					return err
				}
				merges, open := found.Merges(threshold)
				return a.printProposals(opts.output, rows("merge", merges), rows("look", open), rows("apart", found.Refused))
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.threshold, "threshold", kg.FormatDecimal(resolve.Threshold), "the least `SCORE` of a merge, from "+kg.FormatDecimal(resolve.Worth)+" to 1.00")
	flags.BoolVar(&opts.apply, "apply", false, "merge what reaches the threshold")
	flags.StringArrayVar(&opts.undo, "undo", nil, "take back the merge of this former `ID`, or with this id, and refuse it; may be repeated")
	flags.BoolVar(&opts.undoAll, "undo-all", false, "take back all merges, and forget what is refused")
	flags.BoolVar(&opts.again, "again", false, "propose also what is refused")
	flags.StringArrayVar(&opts.except, "except", nil, "leave the organisation with this `ID` as it is; may be repeated")
	flags.StringVar(&opts.output, "output", "table", "table, json or csv")
	return cmd
}

type resolveOptions struct {
	threshold, output string
	apply, undoAll    bool
	again             bool
	undo, except      []string
}

// check returns the threshold in hundredths.
func (o resolveOptions) check() (int, error) {
	threshold, err := kg.ParseDecimal(o.threshold)
	switch {
	case err != nil || threshold < resolve.Worth || threshold > 100:
		return 0, usagef("--threshold %s: write a number from %s to 1.00, with at most two decimals", o.threshold, kg.FormatDecimal(resolve.Worth))
	case !slices.Contains([]string{"table", "json", "csv"}, o.output):
		return 0, usagef("--output %s: write table, json or csv", o.output)
	case o.apply && (o.undoAll || len(o.undo) > 0), o.undoAll && len(o.undo) > 0:
		return 0, usagef("give one of --apply, --undo and --undo-all")
	}
	return int(threshold), nil
}

func (a *app) merge(ctx context.Context, r *resolve.Resolver, threshold int, output string) error {
	done, err := r.Apply(ctx, threshold)
	if err := a.printProposals(output, rows("merged", done)); err != nil {
		return err
	}
	if err != nil {
		return fmt.Errorf("stopped after %d merges; run it again to go on: %w", len(done), err)
	}
	a.say("%d merged in %s", len(done), a.name())
	return nil
}

func (a *app) undoMerges(ctx context.Context, r *resolve.Resolver, ids []string) error {
	takeBack := r.Refuse
	if len(ids) == 0 {
		takeBack = r.Undo
	}
	done, err := takeBack(ctx, ids...)
	for _, id := range done {
		if _, err := fmt.Fprintln(a.streams.Out, id); err != nil {
			return err
		}
	}
	switch {
	case err != nil && len(done) > 0:
		return fmt.Errorf("stopped after %d merges were taken back: %w", len(done), err)
	case err != nil:
		return err
	}
	a.say("%d merges taken back in %s", len(done), a.name())
	return nil
}

// row is a proposal as it is printed.
type row struct {
	Verdict    string      `json:"verdict"`
	Score      string      `json:"score"`
	Former     string      `json:"former"`
	FormerName string      `json:"formerName"`
	Into       string      `json:"into"`
	IntoName   string      `json:"intoName"`
	Reasons    []rowReason `json:"reasons"`
}

type rowReason struct {
	Code      resolve.Code `json:"code"`
	Parameter string       `json:"parameter,omitempty"`
	Weight    string       `json:"weight"`
	Words     string       `json:"words"`
}

func rows(verdict string, proposals []resolve.Proposal) []row {
	out := make([]row, len(proposals))
	for i, p := range proposals {
		out[i] = row{verdict, kg.FormatDecimal(int64(p.Score)), p.Former, p.FormerName, p.Into, p.IntoName, nil}
		for _, r := range p.Reasons {
			out[i].Reasons = append(out[i].Reasons, rowReason{r.Code, r.Parameter, kg.FormatDecimal(int64(r.Weight)), r.Words()})
		}
	}
	return out
}

// printProposals prints proposals in the form that was asked for.
func (a *app) printProposals(output string, lists ...[]row) error {
	all := slices.Concat(lists...)
	switch output {
	case "json":
		e := json.NewEncoder(a.streams.Out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(append([]row{}, all...))
	case "csv":
		w := csv.NewWriter(a.streams.Out)
		_ = w.Write([]string{"verdict", "score", "former", "former name", "into", "into name", "reasons"}) // errors come from Flush
		for _, r := range all {
			_ = w.Write([]string{r.Verdict, r.Score, r.Former, r.FormerName, r.Into, r.IntoName, r.reasons()})
		}
		w.Flush()
		return w.Error()
	}
	for _, r := range all {
		if _, err := fmt.Fprintf(a.streams.Out, "%s %-6s %s %q\n     into   %s %q\n            %s\n", r.Score, r.Verdict, r.Former, r.FormerName, r.Into, r.IntoName, r.reasons()); err != nil {
			return err
		}
	}
	return nil
}

// reasons says the reasons in words, each with what it counts for.
func (r row) reasons() string {
	parts := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		parts[i] = fmt.Sprintf("%s %s", reason.Weight, reason.Words)
	}
	return strings.Join(parts, "; ")
}
