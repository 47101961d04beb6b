// Package kg is the domain: nodes, relationships, their ids and records, the
// changes that make up a graph, and the error codes that a client may see.
// It needs nothing but the standard library.
package kg
