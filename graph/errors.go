package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/request"
)

// How much of one error reaches a client. Messages of the validator quote the
// document.
const (
	maxMessage   = 1000 // bytes
	maxLocations = 5
)

// presenter turns errors into what a client may see: the closed set of codes
// of package kg, and the parser's and the validator's own errors. Anything
// else is an internal error, whose text only the log has.
type presenter struct {
	log *slog.Logger
}

// present is the executor's error presenter.
func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	var where *gqlerror.Error
	if !errors.As(err, &where) {
		where = &gqlerror.Error{Path: graphql.GetPath(ctx)}
	}
	shown := &gqlerror.Error{Path: where.Path, Locations: where.Locations}
	if len(shown.Locations) > maxLocations {
		shown.Locations = shown.Locations[:maxLocations]
	}

	var known *kg.Error
	switch {
	case isProtocol(where):
		return show(shown, where.Message, codeOf(where))
	case errors.As(err, &known) && known.Code != kg.Internal:
		if known.Cause != nil {
			p.log.LogAttrs(ctx, slog.LevelWarn, "operation failed",
				slog.String("id", request.ID(ctx)), slog.String("code", string(known.Code)),
				slog.String("path", where.Path.String()), slog.Any("error", err))
		}
		return show(shown, known.Message, known.Code)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return show(shown, "the operation took too long", kg.Timeout)
	case known == nil && inArguments(ctx):
		return show(shown, argumentMessage(err), kg.BadUserInput)
	}
	level := slog.LevelError
	if errors.Is(ctx.Err(), context.Canceled) {
		level = slog.LevelDebug // the client has gone: nobody reads this
	}
	p.log.LogAttrs(ctx, level, "internal error",
		slog.String("id", request.ID(ctx)), slog.String("path", where.Path.String()), slog.Any("error", err))
	shown = show(shown, "internal error", kg.Internal)
	if id := request.ID(ctx); id != "" {
		shown.Extensions["requestId"] = id
	}
	return shown
}

// presentAll presents the errors of a request that was not executed.
func (p presenter) presentAll(ctx context.Context, errs gqlerror.List) gqlerror.List {
	shown := make(gqlerror.List, len(errs))
	for i, err := range errs {
		shown[i] = p.present(ctx, err)
	}
	return shown
}

// recovered is the executor's recover function.
func (p presenter) recovered(ctx context.Context, cause any) error {
	p.log.LogAttrs(ctx, slog.LevelError, "panic",
		slog.String("id", request.ID(ctx)), slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
	return kg.Errorf(kg.Internal, "panic: %v", cause)
}

// argumentMessage says what is wrong with an argument, as far as the error is
// known to speak of nothing else.
func argumentMessage(err error) string {
	var overflow *graphql.IntegerError
	if errors.As(err, &overflow) {
		return "an argument has a value that it cannot take: " + overflow.Message
	}
	return "an argument has a value that it cannot take"
}

func show(shown *gqlerror.Error, message string, code kg.Code) *gqlerror.Error {
	shown.Message = cut(message, maxMessage)
	shown.Extensions = map[string]any{"code": string(code)}
	return shown
}

// cut shortens a text to at most n bytes, between characters.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

// isProtocol reports an error of the parser or the validator.
func isProtocol(err *gqlerror.Error) bool {
	code := codeOf(err)
	return code == errcode.ParseFailed || code == errcode.ValidationFailed
}

// inArguments reports that a field has failed before its resolver ran: its
// arguments were valid by the schema and yet not what a scalar takes. gqlgen
// leaves Args nil then, which they never are in a resolver.
func inArguments(ctx context.Context) bool {
	field := graphql.GetFieldContext(ctx)
	return field != nil && field.Args == nil && field.Field.Field != nil &&
		field.Field.Definition != nil && len(field.Field.Definition.Arguments) > 0
}

// codeOf returns the code that an error carries for the client.
func codeOf(err *gqlerror.Error) kg.Code {
	code, _ := err.Extensions["code"].(string)
	return kg.Code(code)
}

// statusOf is the table from codes to HTTP, for requests of which nothing was
// executed.
//
// For application/json the protocol wants 200 whatever the errors say. Three
// codes keep their status there: they are about the moment and not about the
// request, and what reads them (retrying clients, balancers, monitors) does
// not read bodies.
func statusOf(code kg.Code, media string) int {
	switch code {
	case kg.Timeout:
		return http.StatusGatewayTimeout
	case kg.Unavailable:
		return http.StatusServiceUnavailable
	case kg.RateLimited:
		return http.StatusTooManyRequests
	}
	if media == mediaJSON {
		return http.StatusOK
	}
	switch code {
	case kg.Unauthenticated:
		return http.StatusUnauthorized
	case kg.Forbidden:
		return http.StatusForbidden
	case kg.NotFound:
		return http.StatusNotFound
	case kg.Conflict:
		return http.StatusConflict
	case kg.BadUserInput, kg.QueryTooComplex, errcode.ParseFailed, errcode.ValidationFailed:
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// stopsAll reports a code that speaks of the operation and not of a field:
// when every root field has failed with one, the operation was not executed.
func stopsAll(code kg.Code) bool {
	switch code {
	case kg.Timeout, kg.Unavailable, kg.RateLimited, kg.Unauthenticated, kg.QueryTooComplex, kg.Internal:
		return true
	}
	return false
}

// retryAfter returns the value of Retry-After for a code, or nothing.
func retryAfter(ctx context.Context, code kg.Code) string {
	wait := time.Second
	switch code {
	case kg.Unavailable:
	case kg.RateLimited:
		if r := request.From(ctx); r != nil {
			wait = max(wait, r.Wait())
		}
	default:
		return ""
	}
	return strconv.Itoa(int(math.Ceil(wait.Seconds())))
}

// refusal is an answer to a request that is not well formed for HTTP, before
// GraphQL has a say.
type refusal struct {
	err    *gqlerror.Error
	status int
}

// refusef returns a refusal that is the client's fault.
func refusef(status int, format string, args ...any) refusal {
	return refusal{status: status, err: show(&gqlerror.Error{}, fmt.Sprintf(format, args...), kg.BadUserInput)}
}

func (r refusal) write(w http.ResponseWriter, media string) {
	writeAnswer(w, r.status, media, &graphql.Response{Errors: gqlerror.List{r.err}})
}

// encodeErrors encodes the first errors of a list.
func encodeErrors(errs gqlerror.List) []byte {
	encoded, err := json.Marshal(errs)
	if err != nil {
		// Messages, paths and codes always encode.
		return []byte(`[{"message":"internal error","extensions":{"code":"INTERNAL"}}]`)
	}
	return encoded
}
