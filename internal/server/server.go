package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"github.com/rs/cors"

	"github.com/maillage/maillage/internal/kg"
)

// Parts are what the server serves. All but GraphQL may be nil.
type Parts struct {
	GraphQL    http.Handler                    // /graphql
	Playground http.Handler                    // /playground/
	Metrics    http.Handler                    // /metrics
	Ready      func(ctx context.Context) error // whether operations can be served
	Log        *slog.Logger
	Now        func() time.Time
}

// Server is the HTTP server.
type Server struct {
	cfg   Config
	ready func(ctx context.Context) error
	log   *slog.Logger
	now   func() time.Time
	rates *rates
	http  *http.Server
}

// New returns a server that is not listening yet.
func New(cfg Config, parts Parts) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, ready: parts.Ready, log: parts.Log, now: parts.Now}
	if s.ready == nil {
		s.ready = func(context.Context) error { return nil }
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	rates, err := newRates(cfg, s.now)
	if err != nil {
		return nil, err
	}
	s.rates = rates
	s.http = &http.Server{
		Handler:           s.handler(parts),
		ReadHeaderTimeout: cfg.ReadHeaderTimeout,
		ReadTimeout:       cfg.ReadTimeout,
		WriteTimeout:      cfg.WriteTimeout,
		IdleTimeout:       cfg.IdleTimeout,
		MaxHeaderBytes:    cfg.MaxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	return s, nil
}

// handler puts the routes behind the middlewares.
func (s *Server) handler(parts Parts) http.Handler {
	// Reading is public and needs no cookie, so credentials are never allowed.
	public := cors.New(cors.Options{
		AllowedOrigins: s.cfg.Origins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: []string{"Accept", "Authorization", "Content-Type", "Traceparent", "X-Request-Id"},
		ExposedHeaders: []string{"Retry-After", "X-Request-Id"},
		MaxAge:         3600,
	})
	mux := http.NewServeMux()
	if parts.GraphQL != nil {
		mux.Handle("/graphql", public.Handler(limited(parts.GraphQL)))
	}
	if parts.Playground != nil {
		mux.Handle("GET /playground/", parts.Playground)
		mux.Handle("GET /playground", http.RedirectHandler("/playground/", http.StatusMovedPermanently))
		mux.Handle("GET /{$}", http.RedirectHandler("/playground/", http.StatusFound))
	}
	if parts.Metrics != nil {
		mux.Handle("GET /metrics", parts.Metrics)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeState(w, http.StatusOK, "ok", "")
	})
	mux.HandleFunc("GET /readyz", s.serveReady)
	return s.observed(secured(mux))
}

// serveReady says whether operations can be served, and if not, why.
func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.ReadyTimeout)
	defer cancel()
	err := s.ready(ctx)
	if err == nil {
		writeState(w, http.StatusOK, "ready", "")
		return
	}
	reason := "the store does not answer"
	var known *kg.Error
	if errors.As(err, &known) && known.Code != kg.Internal {
		reason = known.Message
	}
	s.log.LogAttrs(r.Context(), slog.LevelWarn, "not ready", slog.Any("error", err))
	w.Header().Set("Retry-After", "1")
	writeState(w, http.StatusServiceUnavailable, "not ready", reason)
}

// writeState answers a check.
func writeState(w http.ResponseWriter, status int, state, reason string) {
	writeJSON(w, status, struct {
		Status string `json:"status"`
		Reason string `json:"reason,omitempty"`
	}{state, reason})
}

// writeError answers with an error in the form that GraphQL clients read.
func writeError(w http.ResponseWriter, err error, status int) {
	message := "internal error"
	var known *kg.Error
	if errors.As(err, &known) {
		message = known.Message
	}
	type extensions struct {
		Code kg.Code `json:"code"`
	}
	type entry struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	writeJSON(w, status, struct {
		Errors []entry `json:"errors"`
	}{[]entry{{message, extensions{kg.CodeOf(err)}}}})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		body = []byte("{}") // a struct of strings always encodes
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// Handler returns the whole server as a handler, for tests.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// Run listens and serves until the context ends, then lets the requests under
// way finish. It returns nil when the server was told to stop.
func (s *Server) Run(ctx context.Context) error {
	listener, err := s.Listen()
	if err != nil {
		return err
	}
	return s.Serve(ctx, listener)
}

// Listen takes the port. The error is one line that says what to do.
func (s *Server) Listen() (net.Listener, error) {
	listener, err := net.Listen("tcp", s.cfg.Addr)
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("cannot listen on %s: another program uses this port; stop it or choose another address", s.cfg.Addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("cannot listen on %s: not permitted; ports below 1024 need a privilege", s.cfg.Addr)
	}
	return nil, fmt.Errorf("cannot listen on %s: %w", s.cfg.Addr, err)
}

// Serve is Run on a listener that is open already.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	s.log.LogAttrs(ctx, slog.LevelInfo, "listening", slog.String("addr", listener.Addr().String()))
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", s.cfg.Addr, err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.DrainTimeout)
	defer cancel()
	err := s.http.Shutdown(drain)
	if err != nil {
		// What is still under way is cut off.
		s.log.LogAttrs(ctx, slog.LevelWarn, "requests were cut off when the server stopped")
		err = s.http.Close()
	}
	<-failed //nolint:errcheck // it says that it was told to stop
	return err
}
