// Package corpus is a collection of questions with everything that becomes of
// them: one txtar file a case in testdata/AREA/CASE.txtar, which begins with a
// line that says what it shows and holds
//
//	query.graphql  the document
//	vars.json      its variables, if any
//	operation      the name of the operation to run, where there are several
//	plan.txt       the plan of each root field that runs
//	sqlite.sql     its statement on SQLite, and the arguments
//	neo4j.cypher   the same on Neo4j
//	response.json  the whole response; error.json when it has errors
//
// The area builtin asks the built-in dataset, and so does examples, whose
// documents are the files of the project's folder of that name, with their
// variables as they stand there; all others ask the fixture of package storetest.
//
//	go test ./internal/corpus -update
//
// rewrites plans and statements, and responses from SQLite, the reference: read
// the difference. Without the flag all of it must match, responses also on
// Neo4j where there is one, see package neo4jtest. A case runs one statement
// for each root field that is answered, and none for one that is refused.
package corpus
