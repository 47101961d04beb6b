package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/config"
	"github.com/maillage/maillage/internal/engine"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/observe"
)

func (a *app) query() *cobra.Command {
	var file, operation string
	var values []string
	var explain, profile bool
	cmd := &cobra.Command{
		Use:   "query [DOCUMENT]",
		Short: "Answer a GraphQL document without a server",
		Example: `  maillage query '{ organization(id: "org:pic:952966025") { name city } }'
  maillage query -f q.graphql -v id=org:pic:952966025 --explain`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			document, err := a.document(file, args)
			if err != nil {
				return err
			}
			variables, err := variables(document, operation, values)
			if err != nil {
				return err
			}
			return a.with(cmd.Context(), func(c *catalog.Catalog, s store.Store) error {
				response, ok, runs, err := a.ask(cmd.Context(), c, s, document, operation, variables)
				if err == nil && (explain || profile) {
					err = a.explain(cmd.Context(), s, runs, profile)
				}
				if err != nil {
					return err
				}
				return a.answer(response, ok)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&file, "file", "f", "", "read the document from a `FILE`; - reads standard input")
	flags.StringArrayVarP(&values, "variable", "v", nil, "a variable, `NAME=VALUE`; lists and objects as JSON; may be repeated")
	flags.StringVar(&operation, "operation", "", "the `NAME` of the operation to run, where the document has several")
	memoryFlag(flags)
	flags.BoolVar(&explain, "explain", false, "print plan, statement, parameters and size before the answer;\nrows are the nodes found by id, or the items on the page of a root field")
	flags.BoolVar(&profile, "profile", false, "explain, and print how the database answers: on Neo4j the operators\nof a run of its own under PROFILE, on SQLite EXPLAIN QUERY PLAN")
	return cmd
}

func (a *app) document(file string, args []string) (string, error) {
	switch {
	case (file == "") == (len(args) == 0):
		return "", usagef("give either a document or -f FILE")
	case file == "":
		return args[0], nil
	case file == "-":
		text, err := io.ReadAll(a.streams.In)
		return string(text), err
	}
	text, err := os.ReadFile(file)
	return string(text), err
}

// variables reads NAME=VALUE. A variable of a text-like type is taken as it
// stands; others are JSON.
func variables(document, operation string, values []string) (map[string]any, error) {
	out := map[string]any{}
	if len(values) == 0 {
		return out, nil
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		return nil, usagef("the document does not parse: %v", err)
	}
	op := doc.Operations.ForName(operation)
	if op == nil {
		return nil, usagef("the document has no such operation, or several: name one with --operation")
	}
	for _, v := range values {
		name, text, ok := strings.Cut(v, "=")
		def := op.VariableDefinitions.ForName(name)
		if !ok || def == nil {
			return nil, usagef("variable %q: write NAME=VALUE, with a name that the operation declares", v)
		}
		switch def.Type.NamedType {
		case "Int", "Float", "Boolean", "":
		default:
			if !strings.HasPrefix(text, "{") {
				out[name] = text
				continue
			}
		}
		var value any
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		err := dec.Decode(&value)
		if _, end := dec.Token(); err != nil || end != io.EOF {
			return nil, usagef("variable %s is of type %s: %q is no JSON for it", name, def.Type, text)
		}
		out[name] = value
	}
	return out, nil
}

// engine returns an engine over a store, with as much memory for its projection as
// was said.
func (a *app) engine(c *catalog.Catalog, s store.Store) (*engine.Engine, error) {
	e := engine.New(s)
	return e, e.Project(c, int64(a.config.Memory)<<20)
}

// memoryFlag adds how large the projection may be. It is read with the settings
// that all commands share.
func memoryFlag(flags *pflag.FlagSet) {
	flags.Int("projection-memory", config.DefaultMemory, "how large the projection on which suggestions and paths are computed may be, in `MIB` (env "+config.EnvMemory+")")
}

// patience is how long a question at the terminal may take: Neo4j needs seconds
// for the first statements after its start.
const patience = time.Minute

// ask answers a document. Besides the response it returns what was run for it.
func (a *app) ask(ctx context.Context, c *catalog.Catalog, s store.Store, document, operation string, variables map[string]any) (response []byte, ok bool, runs []observe.Run, err error) {
	e, err := a.engine(c, s)
	if err != nil {
		return nil, false, nil, err
	}
	es, err := graph.NewSchema(c, e)
	if err != nil {
		return nil, false, nil, err
	}
	opts := graph.DefaultOptions()
	opts.Log, opts.ReadTimeout = a.log, patience
	ctx, collected := observe.Collect(ctx)
	response, ok = graph.Execute(ctx, es, opts, document, operation, variables)
	return response, ok, collected.List(), nil
}

// read asks a document of the program's own and reads what it answers into data.
// An error is one of how the command was called, unless the service is to blame.
func (a *app) read(ctx context.Context, c *catalog.Catalog, s store.Store, document string, variables map[string]any, data any) error {
	response, ok, _, err := a.ask(ctx, c, s, document, "", variables)
	if err != nil {
		return err
	}
	return decode(response, ok, data)
}

// decode reads what a response answers, or returns the first of its errors.
func decode(response []byte, ok bool, data any) error {
	answer := struct {
		Data   any
		Errors []struct {
			Message    string
			Extensions struct{ Code kg.Code }
		}
	}{Data: data}
	if err := json.Unmarshal(response, &answer); err != nil {
		return err
	}
	if ok {
		return nil
	}
	first := answer.Errors[0]
	switch first.Extensions.Code {
	case kg.Internal, kg.Timeout, kg.Unavailable:
		return errors.New(first.Message)
	}
	return usagef("%s", first.Message)
}

// answer prints a response; one with errors is a failure.
func (a *app) answer(response []byte, ok bool) error {
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, response, "", "  "); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(a.streams.Out, pretty.String()); err != nil {
		return err
	}
	if !ok {
		return exit(Failed)
	}
	return nil
}

// explain prints what root fields became, and perhaps how the database answers
// it.
func (a *app) explain(ctx context.Context, s store.Store, runs []observe.Run, profile bool) error {
	for _, r := range runs {
		args, err := json.Marshal(append([]any{}, r.Statement.Args...))
		if err != nil {
			args = []byte(err.Error())
		}
		outcome := fmt.Sprintf("answered %d bytes in %s", len(r.Answer.JSON), r.Duration)
		if r.Err != nil {
			outcome = fmt.Sprintf("failed after %s", r.Duration)
		}
		if n, ok := r.Rows(); ok {
			outcome += fmt.Sprintf(" (rows: %d)", n)
		}
		_, _ = fmt.Fprintf(a.streams.Out, "# field %s\n\n# plan (cost %d)\n%s\n\n# statement\n%s\n\n# parameters\n%s\n\n# %s\n\n",
			r.Field, r.Plan.Cost(), r.Plan, r.Statement.Text, args, outcome)
		if profile && r.Err == nil {
			if err := a.profile(ctx, s, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// profile prints how the database answers one of them.
func (a *app) profile(ctx context.Context, s store.Store, r observe.Run) error {
	profiler, ok := s.(store.Profiler)
	if !ok {
		return fmt.Errorf("the store %s does not tell how it answers", a.name())
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p, err := profiler.Profile(ctx, r.Plan)
	if err != nil {
		return err
	}
	title := "profile"
	if p.Measured {
		title = fmt.Sprintf("profile (%d dbHits)", p.Total())
	}
	_, _ = fmt.Fprintf(a.streams.Out, "# %s\n%s\n", title, p)
	return nil
}
