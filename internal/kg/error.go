package kg

import (
	"errors"
	"fmt"
)

// Code is one of the closed set of error codes that a client may see.
type Code string

// The codes. Anything that carries none of them is internal, and its text
// never reaches a client.
const (
	BadUserInput        Code = "BAD_USER_INPUT"
	NotFound            Code = "NOT_FOUND"
	Unauthenticated     Code = "UNAUTHENTICATED"
	Forbidden           Code = "FORBIDDEN"
	Conflict            Code = "CONFLICT"
	QueryTooComplex     Code = "QUERY_TOO_COMPLEX"
	RateLimited         Code = "RATE_LIMITED"
	Timeout             Code = "TIMEOUT"
	Unavailable         Code = "UNAVAILABLE"
	WriteOutcomeUnknown Code = "WRITE_OUTCOME_UNKNOWN"
	Internal            Code = "INTERNAL"
)

// Error is an error with a code and a message made for the client: what was
// wrong, where, and what would be right. The cause is for the log only.
type Error struct {
	Code    Code
	Message string
	Cause   error
}

// Error returns the message, and the cause for the log.
func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Message + ": " + e.Cause.Error()
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Errorf returns an error with a code and a message for the client.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap returns an error with a code and a message for the client, and a cause
// that only the log shows.
func Wrap(code Code, cause error, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// CodeOf returns the code of an error: that of the first *Error in its chain,
// Internal for any other error, and the empty code for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
