// Package cli is the command line of maillage, as a function of its arguments
// and streams.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/graph/generated"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/config"
)

// Exit codes.
const (
	Done     = 0
	Failed   = 1
	Usage    = 2
	Rejected = 3 // done, but rows were rejected
)

// Streams are what a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Main runs a command and returns its exit code. It stops gracefully on an
// interrupt; a second interrupt ends the process.
func Main(ctx context.Context, args []string, streams Streams, getenv func(string) string) int {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	app := &app{streams: streams, getenv: getenv}
	root := app.root()
	root.SetArgs(args)
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	err := root.ExecuteContext(ctx)
	var code exit
	var usage usageError
	switch {
	case err == nil:
		return Done
	case errors.As(err, &code):
		return int(code)
	case !app.running:
		_, _ = fmt.Fprintf(streams.Err, "maillage: %v\nRun 'maillage --help' for usage.\n", err)
		return Usage
	case errors.As(err, &usage):
		_, _ = fmt.Fprintf(streams.Err, "maillage: %v\n", err)
		return Usage
	}
	_, _ = fmt.Fprintf(streams.Err, "maillage: %v\n", err)
	return Failed
}

// exit is an error that only carries an exit code: all has been said.
type exit int

// Error returns the code.
func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// usageError is an error of how a command was called.
type usageError string

// Error returns what is wrong.
func (e usageError) Error() string { return string(e) }

func usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

// app is what the commands share.
type app struct {
	streams Streams
	getenv  func(string) string
	config  config.Config
	verbose bool
	running bool // whether the command line has been understood
	log     *slog.Logger
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "maillage",
		Short:         "A knowledge graph of organisations, sectors, projects and synergies",
		Long:          "Maillage answers, in GraphQL, with whom a company could work, why, and who can introduce them.",
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			a.running = true
			return a.configure(cmd)
		},
	}
	flags := root.PersistentFlags()
	flags.String("store", "", "sqlite:PATH, or the address of a Neo4j server, such as neo4j://localhost:7687\n(env "+config.EnvStore+"; credentials by "+config.EnvUsername+" and "+config.EnvPassword+" or "+config.EnvPasswordFile+";\ndefault: a file in the user's data directory)")
	flags.BoolVar(&a.verbose, "verbose", false, "log more")
	root.AddCommand(a.serve(), a.init(), a.importing(), a.export(), a.source(), a.resolving(), a.training(), a.evaluating(), a.query(), a.search(), a.show(), a.partners(), a.path(), a.opportunities(), a.version())
	return root
}

// configure reads the environment and the flags that all commands share.
func (a *app) configure(cmd *cobra.Command) error {
	c, err := config.FromEnv(a.getenv)
	if err != nil {
		return err
	}
	for name, to := range map[string]*string{"store": &c.Store, "listen": &c.Listen} {
		if f := cmd.Flag(name); f != nil && f.Changed {
			*to = f.Value.String()
		}
	}
	if f := cmd.Flag("projection-memory"); f != nil && f.Changed {
		if c.Memory, err = cmd.Flags().GetInt(f.Name); err != nil {
			return err
		}
		if c.Memory < 1 {
			return usagef("--%s %d is not at least 1 MiB", f.Name, c.Memory)
		}
	}
	if err := c.Validate(); err != nil {
		return usagef("%v", err)
	}
	a.config = c
	level := slog.LevelWarn
	if a.verbose {
		level = slog.LevelDebug
	}
	a.log = slog.New(slog.NewTextHandler(a.streams.Err, &slog.HandlerOptions{Level: level}))
	return nil
}

// say writes a line for the person at the terminal.
func (a *app) say(format string, args ...any) {
	_, _ = fmt.Fprintf(a.streams.Err, format+"\n", args...)
}

// model returns the catalog of the product's model.
func model() (*catalog.Catalog, error) { return catalog.Load(generated.Model) }
