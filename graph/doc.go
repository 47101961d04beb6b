// Package graph is the GraphQL surface: the HTTP handler with its transports
// and gates, the resolvers of the root fields, and the one table from error
// codes to what a client sees.
package graph
