// Package neo4jtest gives tests a real Neo4j. Nothing but Java 17 and Maven is
// needed: the server is Neo4j Community's kernel with its Bolt connector, in a
// JVM of its own, on loopback, with data that goes away with it.
//
// A test asks for one with [Open], and its package has
//
//	func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }
//
// Where no server can be had the test is skipped, loudly; with
// NEO4J_TESTS=required in the environment it fails instead, as it must in CI.
//
// # One server for several packages
//
// With NEO4J_URI in the environment (and NEO4J_USERNAME and NEO4J_PASSWORD, if
// the server wants them) that server is used and none is started. The command
// in the folder run starts one, so that a whole "go test ./..." shares a JVM:
//
//	go run ./internal/neo4jtest/run -- go test ./...
//
// # One database for everybody
//
// A Community server has a single database, and go test runs packages in
// parallel, each in its process. So a test that touches the database must hold
// it alone: [Server.Exclusive] takes a lock that other tests and processes
// wait for, and [Server.Wipe] then empties the database. A test finds it in
// the state the last one left, hence the order: Open, Exclusive, Wipe.
package neo4jtest
