package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/evaluation"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/importer/cordis"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/ranking"
)

// training is the command train.
func (a *app) training() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Learn weights from what came true",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return usagef("say what to train: partners FILES") },
	}
	var until int
	var out string
	o := ranking.DefaultTraining
	partners := &cobra.Command{
		Use:   "partners FILES",
		Short: "Learn the step functions by which partners are suggested",
		Long: "Train learns what speaks for two organisations that will come to work together: from the graph as it was at the end of one year, " +
			"and who found whom in the two years after it. FILES are files of CORDIS, or folders of them, and JSON Lines (*.jsonl, *.jsonl.gz). " +
			"Equal files and seeds give the same model to the byte.",
		Example: "  maillage train partners --until 2016 --out model.json h2020/",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			g, err := a.project(args)
			if err != nil {
				return err
			}
			m, err := ranking.Train(cmd.Context(), o, ranking.NewWindow(g, until, until+2))
			if err != nil {
				return err
			}
			about := fmt.Sprintf("Learned from the new partners of %d and %d, as of the end of %d, with seed %d.", until+1, until+2, until, o.Seed)
			return a.write(out, func(w io.Writer) error { return m.Write(w, about) })
		},
	}
	flags := partners.Flags()
	flags.IntVar(&until, "until", 2016, "the last `YEAR` of the graph to learn from; the two after it tell what came true")
	flags.Uint64Var(&o.Seed, "seed", o.Seed, "`NUMBER` that chooses among organisations and candidates")
	flags.StringVar(&out, "out", "-", "write the model to a `FILE`; - is standard output")
	cmd.AddCommand(partners, a.plotting())
	return cmd
}

// plotting is the command train plot.
func (a *app) plotting() *cobra.Command {
	var model, out string
	cmd := &cobra.Command{
		Use:   "plot",
		Short: "Draw the step functions of a model",
		Long: "Plot draws the step functions that move the scores of suggestions most, as SVG. " +
			"Equal models give the same picture to the byte.",
		Example: "  maillage train plot --model model.json --out steps.svg",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			m := ranking.Learned()
			if model != "" {
				var err error
				if m, err = readModel(model); err != nil {
					return err
				}
			}
			return a.write(out, m.Plot)
		},
	}
	cmd.Flags().StringVar(&model, "model", "", "`FILE` of a model to draw instead of that inside the program")
	cmd.Flags().StringVar(&out, "out", "-", "write the picture to a `FILE`; - is standard output")
	return cmd
}

// evaluating is the command evaluate.
func (a *app) evaluating() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "evaluate",
		Short: "Measure what is computed against what came true",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return usagef("say what to evaluate: partners FILES") },
	}
	var opts evaluateOptions
	partners := &cobra.Command{
		Use:   "partners FILES",
		Short: "Measure how well suggested partners foresee new ones, beside other methods",
		Long: "Evaluate asks the graph as it was at the end of one year for suggestions for organisations that found a new partner later, " +
			"and counts those that came true. FILES as for train.",
		Example: "  maillage evaluate partners --train-until 2018 --test 2019-2022 h2020/",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			to, err := opts.check()
			if err != nil {
				return err
			}
			r := ranking.Default()
			if opts.model != "" {
				m, err := readModel(opts.model)
				if err != nil {
					return err
				}
				r = ranking.New(m)
			}
			g, err := a.project(args)
			if err != nil {
				return err
			}
			w := ranking.NewWindow(g, opts.until, to)
			var methods []evaluation.Method
			if !opts.alone {
				methods = evaluation.Baselines(w)
			}
			methods = append(methods, evaluation.Ours("suggested, most accurate", r, w, 0), evaluation.Ours("suggested, by default", r, w, ranking.DefaultLesserKnown))
			results, err := evaluation.Run(cmd.Context(), w, opts.Options, methods...)
			if err != nil {
				return err
			}
			return a.printResults(opts.output, results)
		},
	}
	flags := partners.Flags()
	flags.IntVar(&opts.until, "train-until", 2018, "the last `YEAR` that is known")
	flags.StringVar(&opts.test, "test", "2019-2022", "the `YEARS` of new partners, the first follows the last that is known")
	flags.Uint64Var(&opts.Seed, "seed", 1, "`NUMBER` that chooses the organisations")
	flags.IntVar(&opts.Queries, "queries", 3_000, "ask for so `MANY` organisations at most")
	flags.StringVar(&opts.model, "model", "", "`FILE` of a model to measure instead of that inside the program")
	flags.BoolVar(&opts.alone, "alone", false, "leave out the other methods")
	flags.StringVar(&opts.output, "output", "table", "table or json")
	cmd.AddCommand(partners)
	return cmd
}

type evaluateOptions struct {
	evaluation.Options
	until               int
	test, model, output string
	alone               bool
}

// check returns the last year of the test.
func (o evaluateOptions) check() (int, error) {
	first, last, ok := strings.Cut(o.test, "-")
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	switch {
	case !ok || err1 != nil || err2 != nil || from != o.until+1 || to < from:
		return 0, usagef("--test %s: write the years after --train-until, such as %d-%d", o.test, o.until+1, o.until+4)
	case o.Queries < 1:
		return 0, usagef("--queries %d: write a number from 1", o.Queries)
	case !slices.Contains([]string{"table", "json"}, o.output):
		return 0, usagef("--output %s: write table or json", o.output)
	}
	return to, nil
}

func readModel(path string) (*ranking.Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	m, err := ranking.ReadModel(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// write writes to a file, or to standard output when it is called -.
func (a *app) write(path string, to func(io.Writer) error) error {
	if path == "-" {
		return to(a.streams.Out)
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := to(f); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// project returns the projection of what files hold. Rows that are rejected are
// counted.
func (a *app) project(paths []string) (*projection.Graph, error) {
	c, err := model()
	if err != nil {
		return nil, err
	}
	m, err := projection.NewModel(c)
	if err != nil {
		return nil, err
	}
	b := projection.NewBuilder(m)
	rejected := 0
	if err := a.filesSource(c, paths)(func(ch kg.Change) error { b.Add(ch); return nil }, func(importer.Rejection) { rejected++ }); err != nil {
		return nil, err
	}
	if rejected > 0 {
		a.say("%d rows were rejected; maillage import --dry-run tells which", rejected)
	}
	return b.Build(0), nil
}

// filesSource reads JSON Lines by their name, and all others as files of CORDIS.
func (a *app) filesSource(c *catalog.Catalog, paths []string) importer.Source {
	return func(emit importer.Emit, reject importer.Reject) error {
		var others []string
		for _, path := range paths {
			if !strings.HasSuffix(strings.TrimSuffix(path, ".gz"), ".jsonl") {
				others = append(others, path)
			} else if err := a.jsonLines(c, path)(emit, reject); err != nil {
				return err
			}
		}
		if len(others) == 0 {
			return nil
		}
		_, err := cordis.Import(others, cordis.Options{}, emit, reject)
		return err
	}
}

func (a *app) printResults(output string, results []evaluation.Result) error {
	if output == "json" {
		e := json.NewEncoder(a.streams.Out)
		e.SetIndent("", "  ")
		return e.Encode(results)
	}
	for i, part := range []struct {
		name string
		of   func(evaluation.Result) evaluation.Figures
	}{
		{"all", func(r evaluation.Result) evaluation.Figures { return r.All }},
		{"1 to 9 partners", func(r evaluation.Result) evaluation.Figures { return r.Few }},
		{"companies", func(r evaluation.Result) evaluation.Figures { return r.Companies }},
		{"hard: among those of the same country with a partner in common", func(r evaluation.Result) evaluation.Figures { return r.Hard }},
	} {
		if i > 0 {
			_, _ = fmt.Fprintln(a.streams.Out)
		}
		w := tabwriter.NewWriter(a.streams.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintf(w, "%s (%d)\tHit@10\tnDCG@10\tMRR\tRecall@50\tdistinct\t\n", part.name, part.of(results[0]).Queries)
		for _, r := range results {
			f := part.of(r)
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t\n", r.Method, interval(f.Hit10), interval(f.NDCG10), interval(f.MRR), interval(f.Recall50), f.Distinct)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// interval writes a mean and between what it lies.
func interval(i evaluation.Interval) string {
	return strings.ReplaceAll(fmt.Sprintf("%.3f [%.3f %.3f]", i.Mean, i.Low, i.High), "0.", ".")
}
