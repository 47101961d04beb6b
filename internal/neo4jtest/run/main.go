// Command run starts a Neo4j, runs a command that finds it in NEO4J_URI, and
// stops it:
//
//	go run ./internal/neo4jtest/run [-auth PASSWORD] [-heap MIB] [-pagecache MIB] -- COMMAND [ARG...]
//
// Tests then fail, rather than be skipped, if they cannot have their server.
// If NEO4J_URI is already set the command is just run.
//
// The exit code is the command's, or 128 plus the number of the signal that
// ended it. (go run itself makes every failure a 1.)
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
