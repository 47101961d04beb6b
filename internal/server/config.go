// Package server is the HTTP side of the service: listening, routes, limits
// per client and for all, headers, and one log line a request. It knows
// nothing of GraphQL: the handlers are given to it.
package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"time"
)

// Config holds the settings of the server.
type Config struct {
	Addr string // host:port to listen on

	ReadHeaderTimeout time.Duration // until the headers are there
	ReadTimeout       time.Duration // until the body is there
	WriteTimeout      time.Duration // from the headers to the end of the answer
	IdleTimeout       time.Duration // between requests of a connection
	MaxHeaderBytes    int           // of the request line and headers: bounds GET
	DrainTimeout      time.Duration // for requests under way when the server stops
	ReadyTimeout      time.Duration // of one readiness check

	// InFlight is how many operations run at once; more are answered 503.
	InFlight int

	// RatePerMinute is how many cost points a client may spend a minute,
	// and Burst how many at once. Clients is how many are remembered.
	RatePerMinute int
	Burst         int
	Clients       int

	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix

	// Origins are the origins whose pages may read, by CORS: "*" or a list.
	Origins []string

	// WriteOrigins are the other origins whose pages may send mutations.
	WriteOrigins []string
}

// GCPercent is what the garbage collector is set to: little stays alive between
// requests, so that at Go's default of 100 it would run many times a second.
const GCPercent = 400

// Default returns the settings of a public, readable service.
func Default() Config {
	return Config{
		Addr:              "localhost:8080",
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    64 << 10,
		DrainTimeout:      10 * time.Second,
		ReadyTimeout:      2 * time.Second,
		InFlight:          4 * runtime.GOMAXPROCS(0),
		RatePerMinute:     60_000,
		Burst:             60_000,
		Clients:           10_000,
		Origins:           []string{"*"},
	}
}

// Validate reports the first setting that cannot be meant.
func (c Config) Validate() error {
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"read header timeout", c.ReadHeaderTimeout},
		{"read timeout", c.ReadTimeout},
		{"write timeout", c.WriteTimeout},
		{"idle timeout", c.IdleTimeout},
		{"drain timeout", c.DrainTimeout},
		{"ready timeout", c.ReadyTimeout},
	} {
		if d.value <= 0 {
			return fmt.Errorf("%s must be positive, got %s", d.name, d.value)
		}
	}
	for _, n := range []struct {
		name  string
		value int
	}{
		{"header bytes", c.MaxHeaderBytes},
		{"operations in flight", c.InFlight},
		{"rate per minute", c.RatePerMinute},
		{"burst", c.Burst},
		{"remembered clients", c.Clients},
	} {
		if n.value < 1 {
			return fmt.Errorf("%s must be at least 1, got %d", n.name, n.value)
		}
	}
	if c.Addr == "" {
		return errors.New("the address to listen on is empty")
	}
	// To package cors an empty list means every origin.
	if len(c.Origins) == 0 {
		return errors.New(`the list of origins is empty: name the origins that may read, or "*" for all`)
	}
	for _, origin := range c.Origins {
		if origin != "*" && !isOrigin(origin) {
			return fmt.Errorf("%q is not an origin: it must be like https://example.org", origin)
		}
	}
	_, err := c.CrossOrigin()
	return err
}

// CrossOrigin returns the protection against mutations sent by pages of other
// origins.
func (c Config) CrossOrigin() (*http.CrossOriginProtection, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range c.WriteOrigins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("%q is not an origin: it must be like https://example.org", origin)
		}
	}
	return protection, nil
}

func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		u.Path == "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil
}
