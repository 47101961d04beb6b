package neo4jstore

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// translate turns errors of the driver into those of the domain. What the
// driver reports when a context ends is not the context's error, so that the
// context itself is asked.
func translate(ctx context.Context, err error) error {
	var coded *kg.Error
	var invalid *store.Invalid
	switch {
	case err == nil, errors.As(err, &coded), errors.As(err, &invalid):
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return kg.Wrap(kg.Timeout, err, "the question took longer than it may")
	case ctx.Err() != nil:
		return kg.Wrap(kg.Timeout, err, "the question was withdrawn")
	case busy(err):
		return kg.Wrap(kg.Unavailable, err, "all connections to the database are in use")
	case lost(err):
		return kg.Wrap(kg.Unavailable, err, "the database cannot be reached")
	}
	code := serverCode(err)
	switch {
	case strings.HasPrefix(code, "Neo.ClientError.Transaction.TransactionTimedOut"),
		code == "Neo.ClientError.Transaction.LockClientStopped",
		code == "Neo.ClientError.Transaction.Terminated":
		return kg.Wrap(kg.Timeout, err, "the question took longer than it may")
	case code == outOfMemory:
		return kg.Wrap(kg.Unavailable, err, "the database is short of memory")
	case strings.HasPrefix(code, "Neo.ClientError.Security."):
		return kg.Wrap(kg.Unavailable, err, "the database refuses the login")
	case strings.HasPrefix(code, "Neo.TransientError."), strings.HasPrefix(code, "Neo.ClientError.Cluster."),
		code == "Neo.ClientError.Database.DatabaseNotFound":
		return kg.Wrap(kg.Unavailable, err, "the database cannot answer now")
	}
	return err
}

// outOfMemory is called transient, but trying again takes the memory again.
const outOfMemory = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"

// serverCode returns the code of an error that the server has answered, or "".
func serverCode(err error) string {
	var e *neo4j.Neo4jError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// retryable reports whether a server's error may not occur again.
func retryable(err error) bool {
	return serverCode(err) != "" && serverCode(err) != outOfMemory && neo4j.IsRetryable(err)
}

// lost reports whether there is no connection, or none any more.
func lost(err error) bool {
	var c *neo4j.ConnectivityError
	return errors.As(err, &c)
}

// busy reports whether no connection has become free in time. The driver has a
// type for that but keeps it to itself.
func busy(err error) bool {
	var c *neo4j.ConnectivityError
	return errors.As(err, &c) && strings.HasPrefix(c.Inner.Error(), "Timeout while waiting for connection")
}

// notConnected reports whether a connection could not be made at all, unlike
// one that broke in use.
func notConnected(err error) bool {
	var c *neo4j.ConnectivityError
	if !errors.As(err, &c) {
		return false
	}
	var op *net.OpError
	return errors.As(c.Inner, &op) && op.Op == "dial" || strings.Contains(c.Error(), "dial ")
}
