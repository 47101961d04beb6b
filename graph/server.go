package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/maillage/maillage/internal/guard"
)

// Options are the settings of the handler. The limits come from
// [DefaultOptions]; the functions may be nil.
type Options struct {
	Limits guard.Limits

	ReadTimeout  time.Duration // of a query
	WriteTimeout time.Duration // of a mutation

	MaxBody   int64 // bytes of a request
	MaxAnswer int   // bytes of the data of an answer
	MaxErrors int   // errors in an answer

	CachedDocuments    int // documents kept parsed and validated
	CachedDocumentSize int // bytes of the largest of them

	// Admit is called once a request has been read, so that a slow client
	// holds no place, and leave once the answer is ready to be written. An
	// error, such as UNAVAILABLE under overload, is the answer.
	Admit func(ctx context.Context) (leave func(), err error)

	// CrossOrigin decides which pages of other origins may send mutations;
	// nil means none. Reading is not restricted: that is what CORS is for.
	CrossOrigin *http.CrossOriginProtection

	// Explain adds to each answer what its root fields became: plans, statements
	// and figures, in extensions.explain.
	Explain bool

	// Log receives what clients must not see; nil drops it.
	Log *slog.Logger
}

// DefaultOptions returns the settings of the public service.
func DefaultOptions() Options {
	return Options{
		Limits:             guard.Default(),
		ReadTimeout:        5 * time.Second,
		WriteTimeout:       10 * time.Second,
		MaxBody:            64 << 10,
		MaxAnswer:          4 << 20,
		MaxErrors:          10,
		CachedDocuments:    1000,
		CachedDocumentSize: 8 << 10,
	}
}

// Validate reports the first setting that cannot be meant.
func (o Options) Validate() error {
	if err := o.Limits.Validate(); err != nil {
		return err
	}
	switch {
	case o.ReadTimeout <= 0 || o.WriteTimeout <= 0:
		return fmt.Errorf("operation timeouts must be positive, got %s and %s", o.ReadTimeout, o.WriteTimeout)
	case o.MaxBody < 1 || o.MaxAnswer < 1 || o.MaxErrors < 1:
		return fmt.Errorf("sizes must be at least 1, got body %d, answer %d, errors %d", o.MaxBody, o.MaxAnswer, o.MaxErrors)
	case o.CachedDocuments < 0 || o.CachedDocumentSize < 0:
		return errors.New("the document cache cannot have a negative size")
	}
	return nil
}

// handler serves the schema over HTTP. It picks a transport as gqlgen's own
// handler does, so that gqlgen's streaming transports fit in beside ours.
type handler struct {
	exec       graphql.GraphExecutor
	present    presenter
	transports []graphql.Transport
}

// NewHandler returns the handler of /graphql. Every transport goes through the
// same gates: size, tokens, guard, validation, variables.
func NewHandler(es graphql.ExecutableSchema, opts Options) http.Handler {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.CrossOrigin == nil {
		opts.CrossOrigin = http.NewCrossOriginProtection()
	}
	if opts.Admit == nil {
		opts.Admit = func(context.Context) (func(), error) { return func() {}, nil }
	}
	present := presenter{log: opts.Log}
	run := runner{opts: opts, present: present, answers: newAnswers()}
	return &handler{
		exec:       newDocumentGate(es, opts, present),
		present:    present,
		transports: []graphql.Transport{postTransport{run}, getTransport{run}},
	}
}

// ServeHTTP answers one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if cause := recover(); cause != nil {
			if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(cause)
			}
			// Had the answer begun, this write would be added to it; but
			// answers are written only when they are complete.
			err := h.present.recovered(r.Context(), cause)
			refusal{err: h.present.present(r.Context(), err), status: http.StatusInternalServerError}.write(w, mediaJSON)
		}
	}()
	for _, t := range h.transports {
		if t.Supports(r) {
			t.Do(w, r.WithContext(graphql.StartOperationTrace(r.Context())), h.exec)
			return
		}
	}
	w.Header().Set("Allow", "GET, POST")
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	refusef(http.StatusMethodNotAllowed, "method %s is not served here, GET and POST are", r.Method).write(w, mediaJSON)
}
