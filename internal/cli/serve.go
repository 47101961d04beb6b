package cli

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/config"
	"github.com/maillage/maillage/internal/explorer"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/resolve"
	"github.com/maillage/maillage/internal/server"
	"github.com/maillage/maillage/internal/store"
)

func (a *app) serve() *cobra.Command {
	var explain bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the graph: API, playground, health, metrics",
		Long: "Serve answers GraphQL at /graphql, has a playground at /playground, and figures of itself for Prometheus at /metrics.\n\n" +
			"Without --store it serves a file in the user's data directory and fills it with the built-in dataset when it is empty. " +
			"A store that is named is never filled unasked.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("explain") { // of query it is another flag
				a.config.Explain = explain
			}
			return a.runServer(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&explain, "explain", false, "add to each answer, in extensions.explain, the plan and the statement of each root field,\nits cost, size and time, for all clients to see (env "+config.EnvExplain+")")
	memoryFlag(cmd.Flags())
	cmd.Flags().String("listen", config.DefaultListen, "HOST:PORT to listen on (env "+config.EnvListen+")")
	return cmd
}

func (a *app) runServer(ctx context.Context) error {
	c, err := model()
	if err != nil {
		return err
	}
	a.log = slog.New(slog.NewTextHandler(a.streams.Err, nil))
	if a.getenv("GOGC") == "" {
		debug.SetGCPercent(server.GCPercent)
	}
	cfg := server.Default()
	cfg.Addr = a.config.Listen
	return a.with(ctx, func(_ *catalog.Catalog, s store.Store) error {
		readiness := &readiness{store: s}
		eng, err := a.engine(c, s)
		if err != nil {
			return err
		}
		es, err := graph.NewSchema(c, eng)
		if err != nil {
			return err
		}
		gate := server.NewGate(cfg.InFlight)
		crossOrigin, err := cfg.CrossOrigin()
		if err != nil {
			return err
		}
		opts := graph.DefaultOptions()
		opts.Log, opts.Admit, opts.CrossOrigin, opts.Explain = a.log, gate.Enter, crossOrigin, a.config.Explain
		playground, err := explorer.Playground("/playground/")
		if err != nil {
			return err
		}
		srv, err := server.New(cfg, server.Parts{
			GraphQL: graph.NewHandler(es, opts), Playground: playground, Ready: readiness.check, Log: a.log,
			Metrics: promhttp.HandlerFor(metrics(eng), promhttp.HandlerOpts{}),
		})
		if err != nil {
			return err
		}
		listener, err := srv.Listen()
		if err != nil {
			return err
		}
		serving, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		done := make(chan struct{})
		go func() {
			defer close(done)
			if err := a.prepare(serving, c, s); err != nil {
				cancel(err)
				return
			}
			readiness.prepared.Store(true)
			a.say("ready at http://%s/playground", listener.Addr())
			if eng.Projection != nil {
				eng.Projection.Run(serving, func(err error) { a.log.Warn("the projection does not follow the store", "error", err) })
			}
		}()
		err = srv.Serve(serving, listener)
		cause := context.Cause(serving)
		cancel(nil)
		<-done
		if ctx.Err() == nil && cause != nil {
			return cause
		}
		return err
	})
}

// readiness tells whether operations can be served.
type readiness struct {
	store    store.Store
	prepared atomic.Bool
}

func (r *readiness) check(ctx context.Context) error {
	if !r.prepared.Load() {
		return kg.Errorf(kg.Unavailable, "the store is being prepared")
	}
	return r.store.Ready(ctx)
}

// warmer is a store whose first statements are slow.
type warmer interface {
	Warm(ctx context.Context, plans []plan.Normal) error
}

// prepare fills the default store when it is empty, says what is served, and
// warms the store up.
func (a *app) prepare(ctx context.Context, c *catalog.Catalog, s store.Store) error {
	empty, err := isEmpty(ctx, s)
	if err != nil {
		return err
	}
	switch {
	case empty && a.config.Store == "":
		a.say("%s is empty: filling it with the built-in dataset", a.name())
		start := time.Now()
		if err := a.fill(ctx, c, s); err != nil {
			return err
		}
		merged, err := (&resolve.Resolver{Catalog: c, Store: s, Now: time.Now}).Apply(ctx, resolve.Threshold)
		if err != nil {
			return err
		}
		a.say("%d organisations that stood there twice were merged; maillage resolve --undo-all takes it back", len(merged))
		a.say("filled in %s", time.Since(start).Round(100*time.Millisecond))
	case empty:
		a.say("%s is empty; fill it with: maillage import builtin --store %[1]s", a.name())
	}
	if w, ok := s.(warmer); ok {
		return w.Warm(ctx, nil)
	}
	return nil
}

// isEmpty reports whether a store has never been written to.
func isEmpty(ctx context.Context, s store.Store) (bool, error) {
	p := plan.Normalize(plan.Plan{Name: "stats", Root: &plan.Stats{Fields: []plan.StatsField{{Key: "r", Name: "revision"}}}})
	out, err := s.Run(ctx, p)
	return string(out.JSON) == `{"r":0}`, err
}
