// Command maillage serves and fills a knowledge graph of organisations,
// sectors, projects and synergies.
package main

import (
	"context"
	"os"

	"github.com/maillage/maillage/internal/cli"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, os.Getenv))
}
