package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/dataset"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/importer/calls"
	"github.com/maillage/maillage/internal/importer/cordis"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/store"
)

// importing is the command import.
func (a *app) importing() *cobra.Command {
	var opts importOptions
	cmd := &cobra.Command{
		Use:   "import",
		Short: "Import a dataset into a store",
		Long: "Import merges what files say into a store, batch by batch. Importing the same again changes nothing, " +
			"so an import that was interrupted is resumed by running it again.\n\n" +
			"Exit codes: 0 done, 1 failed, 2 usage, 3 done with rejected rows.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return usagef("say what to import: builtin, cordis FILES, calls FILE or jsonl FILE")
		},
	}
	cmd.PersistentFlags().BoolVar(&opts.dryRun, "dry-run", false, "check the rows and write nothing")
	cmd.PersistentFlags().StringVar(&opts.report, "report", "", "write rejected rows to a `FILE`, one JSON object a line: file, line, column, reason")
	run := func(cmd *cobra.Command, source func(c *catalog.Catalog) importer.Source) error {
		if opts.dryRun { // opening a store would make its file
			c, err := model()
			if err != nil {
				return err
			}
			return a.runImport(cmd.Context(), c, nil, source(c), opts)
		}
		return a.with(cmd.Context(), func(c *catalog.Catalog, s store.Store) error {
			return a.runImport(cmd.Context(), c, s, source(c), opts)
		})
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "builtin", Short: "Import the dataset inside the program", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd, builtin) },
		},
		&cobra.Command{
			Use: "cordis FILES", Short: "Import files of CORDIS, or folders of them; see the package importer/cordis", Args: cobra.MinimumNArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return run(cmd, func(*catalog.Catalog) importer.Source {
					return func(emit importer.Emit, reject importer.Reject) error {
						_, err := cordis.Import(args, cordis.Options{}, emit, reject)
						return err
					}
				})
			},
		},
		&cobra.Command{
			Use: "calls FILE", Short: "Import calls for proposals of the European Union; see the package importer/calls", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return run(cmd, func(*catalog.Catalog) importer.Source {
					return func(emit importer.Emit, reject importer.Reject) error { return calls.Import(args[0], emit, reject) }
				})
			},
		},
		&cobra.Command{
			Use: "jsonl FILE", Short: "Import JSON Lines, plain or gzip; - reads standard input", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return run(cmd, func(c *catalog.Catalog) importer.Source { return a.jsonLines(c, args[0]) })
			},
		},
	)
	return cmd
}

type importOptions struct {
	dryRun bool
	report string
}

func builtin(c *catalog.Catalog) importer.Source {
	return func(emit importer.Emit, _ importer.Reject) error { return dataset.Builtin(c, emit) }
}

// jsonLines reads a file of JSON Lines.
func (a *app) jsonLines(c *catalog.Catalog, path string) importer.Source {
	return func(emit importer.Emit, reject importer.Reject) error {
		in, name := io.NopCloser(a.streams.In), "standard input"
		if path != "-" {
			f, err := importer.Open(path)
			if err != nil {
				return err
			}
			in, name = f, path
		}
		defer func() { _ = in.Close() }()
		return jsonl.Decode(in, c, emit, func(e *jsonl.Error) error {
			reject(importer.Rejection{File: name, Line: e.Line, Column: e.Property, Reason: e.Reason})
			return nil
		})
	}
}

// fill imports the built-in dataset, which has no rows to reject.
func (a *app) fill(ctx context.Context, c *catalog.Catalog, s store.Store) error {
	if err := s.Init(ctx); err != nil {
		return err
	}
	result, err := importer.Run(ctx, s, builtin(c), importer.Options{Catalog: c, Reject: func(r importer.Rejection) { a.say("rejected: %s", r) }})
	if err == nil && result.Rejected > 0 {
		err = fmt.Errorf("%d rows of the built-in dataset were rejected", result.Rejected)
	}
	return err
}

func (a *app) runImport(ctx context.Context, c *catalog.Catalog, s store.Store, source importer.Source, o importOptions) error {
	if !o.dryRun {
		if err := s.Init(ctx); err != nil {
			return err
		}
	}
	reject, finish, err := a.rejections(o.report)
	if err != nil {
		return err
	}
	result, err := importer.Run(ctx, s, source, importer.Options{Catalog: c, DryRun: o.dryRun, Progress: a.progress(), Reject: reject})
	reported := finish()
	done := result.Created + result.Updated + result.Unchanged
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("import interrupted after %d changes; run it again to go on", done)
	case err != nil:
		return fmt.Errorf("import stopped after %d changes; run it again to go on: %w", done, err)
	case reported != nil:
		return fmt.Errorf("imported, but the report cannot be written: %w", reported)
	case o.dryRun:
		a.say("checked, nothing written: %d changes fit the model, %d rows rejected", done, result.Rejected)
	default:
		a.say("imported into %s: %d created, %d updated, %d unchanged, %d rejected", a.name(), result.Created, result.Updated, result.Unchanged, result.Rejected)
	}
	if result.Rejected > 0 {
		return exit(Rejected)
	}
	return nil
}

// rejections returns what takes rejected rows: the terminal, or a report that
// is complete once finish has returned without an error.
func (a *app) rejections(report string) (reject importer.Reject, finish func() error, err error) {
	if report == "" {
		return func(r importer.Rejection) { a.say("rejected: %s", r) }, func() error { return nil }, nil
	}
	f, err := os.Create(report)
	if err != nil {
		return nil, nil, err
	}
	lines := json.NewEncoder(f)
	var failed error
	reject = func(r importer.Rejection) {
		if failed == nil {
			failed = lines.Encode(r)
		}
	}
	return reject, func() error { return errors.Join(failed, f.Close()) }, nil
}

// progress returns what shows how far an import has come, on a terminal only.
func (a *app) progress() func(int) {
	f, ok := a.streams.Err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func(done int) { _, _ = fmt.Fprintf(f, "\r%d rows\r", done) }
}

func (a *app) export() *cobra.Command {
	cmd := &cobra.Command{
		Use: "export", Short: "Export a store", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return usagef("say as what to export: jsonl [FILE]") },
	}
	cmd.AddCommand(&cobra.Command{
		Use: "jsonl [FILE]", Short: "Export canonical JSON Lines to a file or standard output", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.with(cmd.Context(), func(c *catalog.Catalog, s store.Store) error {
				if len(args) == 0 {
					return exportTo(cmd.Context(), a.streams.Out, c, s)
				}
				return exportFile(cmd.Context(), args[0], c, s)
			})
		},
	})
	return cmd
}

func exportTo(ctx context.Context, w io.Writer, c *catalog.Catalog, s store.Store) error {
	e := jsonl.NewEncoder(w, c)
	if err := s.Scan(ctx, e.Change); err != nil {
		return err
	}
	return e.Flush()
}

// exportFile writes beside the file and renames, so that the file is whole or
// as it was.
func exportFile(ctx context.Context, path string, c *catalog.Catalog, s store.Store) error {
	temp := path + ".part"
	f, err := os.Create(temp)
	if err != nil {
		return err
	}
	if err := errors.Join(exportTo(ctx, f, c, s), f.Close()); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return os.Rename(temp, path)
}
