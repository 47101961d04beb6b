package server

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/request"
)

// csp is what pages of this origin may load. A handler that serves a page with
// other needs sets its own.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors 'none'"

// secured sets the headers that every answer has.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

// observed gives each request an id and a budget, recovers from panics, and
// writes one line to the log. It never logs a body, a query string or a token.
func (s *Server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.now()
		req := request.New(requestID(r.Header.Get("X-Request-Id")), s.rates.budget(r))
		r = r.WithContext(request.With(r.Context(), req))
		w.Header().Set("X-Request-Id", req.ID())
		rec := &recorder{ResponseWriter: w}
		defer func() {
			cause := recover()
			err, _ := cause.(error)
			aborted := errors.Is(err, http.ErrAbortHandler)
			if cause != nil && !aborted {
				s.log.LogAttrs(r.Context(), slog.LevelError, "panic",
					slog.String("id", req.ID()), slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
				if rec.status == 0 {
					writeError(rec, kg.Errorf(kg.Internal, "internal error"), http.StatusInternalServerError)
				} else {
					aborted = true // the answer has begun and cannot be completed
				}
			}
			s.logRequest(r, rec, req, s.now().Sub(start))
			if aborted {
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(rec, r)
	})
}

// statusClientGone is logged for a request whose client left before the
// answer; it is never sent.
const statusClientGone = 499

func (s *Server) logRequest(r *http.Request, rec *recorder, req *request.Request, took time.Duration) {
	status := rec.status
	if status == 0 {
		status = http.StatusOK
		if errors.Is(r.Context().Err(), context.Canceled) {
			status = statusClientGone
		}
	}
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelWarn
	}
	attrs := []slog.Attr{
		slog.String("id", req.ID()),
		slog.String("method", r.Method),
		slog.String("path", r.URL.Path),
		slog.Int("status", status),
		slog.Duration("duration", took),
		slog.Int64("bytes", rec.bytes),
	}
	if name := req.Operation(); name != "" {
		attrs = append(attrs, slog.String("operation", name))
	}
	if req.Cost() > 0 {
		attrs = append(attrs, slog.Int64("cost", req.Cost()), slog.Int64("statements", req.Statements()))
	}
	if parent := r.Header.Get("Traceparent"); isTraceparent(parent) {
		attrs = append(attrs, slog.String("traceparent", parent))
	}
	s.log.LogAttrs(r.Context(), level, "request", attrs...)
}

// limited charges one point for the request itself, so that refused documents
// cost something too. What the operation costs the engine charges.
func limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := request.Charge(r.Context(), 1); err != nil {
			wait := max(time.Second, request.From(r.Context()).Wait())
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
			writeError(w, err, http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// requestID returns the id that a proxy has given, when it looks like one, or
// a new one.
func requestID(given string) string {
	if len(given) < 8 || len(given) > 64 {
		return rand.Text()
	}
	for i := range len(given) {
		if strings.IndexByte("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.", given[i]) < 0 {
			return rand.Text()
		}
	}
	return given
}

// isTraceparent reports a W3C trace context: version, trace, parent, flags.
func isTraceparent(text string) bool {
	if len(text) != 55 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if i == 2 || i == 35 || i == 52 {
			if c != '-' {
				return false
			}
		} else if strings.IndexByte("0123456789abcdef", c) < 0 {
			return false
		}
	}
	return true
}

// recorder remembers what has been answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader remembers the status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach flushing and deadlines.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
