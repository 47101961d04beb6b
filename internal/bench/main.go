// Command bench measures the service on a synthetic graph and prints the
// figures of the README: ratios within one run, because machines differ.
//
//	go run ./internal/bench [-scale 1] [-documents 100000] [-only sqlite|neo4j|paths|suggestions] [-projection]
//
// With NEO4J_URI set, or under internal/neo4jtest/run, Neo4j is measured too:
// its database is emptied first.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/maillage/maillage/internal/server"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	scale := flags.Float64("scale", 1, "part of the full graph of 100,000 organisations, 300,000 projects, 1,000,000 participations")
	only := flags.String("only", "", "sqlite, neo4j, paths or suggestions; all when empty")
	searched := flags.Int("documents", 100_000, "among how many documents searches are measured; 0 for none")
	projection := flags.Bool("projection", false, "measure only the projection")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	debug.SetGCPercent(server.GCPercent)
	dir, err := os.MkdirTemp("", "maillage-bench")
	if err == nil {
		defer func() { _ = os.RemoveAll(dir) }()
		err = measure(context.Background(), scaled(*scale), *searched, *only, *projection, dir)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}
