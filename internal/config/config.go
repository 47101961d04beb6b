// Package config holds the settings that name things outside the program:
// where to listen, which store to use, and the credentials of a Neo4j server.
// A flag wins over the environment, which wins over the default.
package config

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/adrg/xdg"

	"github.com/maillage/maillage/internal/store"
)

// Names of environment variables.
const (
	EnvListen       = "MAILLAGE_LISTEN"
	EnvStore        = "MAILLAGE_STORE"
	EnvExplain      = "MAILLAGE_EXPLAIN"
	EnvMemory       = "MAILLAGE_PROJECTION_MEMORY"
	EnvUsername     = "NEO4J_USERNAME"
	EnvPassword     = "NEO4J_PASSWORD"
	EnvPasswordFile = "NEO4J_PASSWORD_FILE"
)

// DefaultListen is where the service listens when nothing else is said.
const DefaultListen = "127.0.0.1:8080"

// DefaultMemory is how large the projection may be, in MiB, when nothing else is
// said.
const DefaultMemory = 1024

// Secret is a text that prints as asterisks.
type Secret string

// String hides the secret.
func (Secret) String() string { return "***" }

// Reveal returns the secret, for whoever has to send it.
func (s Secret) Reveal() string { return string(s) }

// GoString hides the secret.
func (Secret) GoString() string { return "***" }

// MarshalText hides the secret from logs and JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }

// Config is what the program was told.
type Config struct {
	Listen   string
	Store    string // sqlite:PATH or an address of Neo4j; empty for the default
	Username string
	Password Secret
	Explain  bool // whether the service adds to its answers what it ran
	Memory   int  // how large the projection may be, in MiB
}

// FromEnv returns the defaults overridden by the environment, as getenv
// returns it. A password file is read.
func FromEnv(getenv func(string) string) (Config, error) {
	c := Config{Listen: DefaultListen, Memory: DefaultMemory, Store: getenv(EnvStore), Username: "neo4j", Password: Secret(getenv(EnvPassword))}
	if v := getenv(EnvListen); v != "" {
		c.Listen = v
	}
	if v := getenv(EnvUsername); v != "" {
		c.Username = v
	}
	if v := getenv(EnvExplain); v != "" {
		explain, err := strconv.ParseBool(v)
		if err != nil {
			return c, fmt.Errorf("%s: %q is neither 1 nor 0", EnvExplain, v)
		}
		c.Explain = explain
	}
	if v := getenv(EnvMemory); v != "" {
		memory, err := strconv.Atoi(v)
		if err != nil || memory < 1 {
			return c, fmt.Errorf("%s: %q is no number of MiB, such as %d", EnvMemory, v, DefaultMemory)
		}
		c.Memory = memory
	}
	if path := getenv(EnvPasswordFile); path != "" && c.Password == "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return c, fmt.Errorf("%s: %w", EnvPasswordFile, err)
		}
		c.Password = Secret(strings.TrimRight(string(text), "\r\n"))
	}
	return c, nil
}

// Validate reports the first setting that cannot be meant.
func (c Config) Validate() error {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return fmt.Errorf("listen address %q is not HOST:PORT, such as %s", c.Listen, DefaultListen)
	}
	if c.Store == "" {
		return nil
	}
	if store.Kind(c.Store) == "" || (store.Kind(c.Store) == "sqlite" && c.SQLitePath() == "") {
		return fmt.Errorf("store %q is neither sqlite:PATH nor an address such as neo4j://localhost:7687 or bolt://localhost:7687", redact(c.Store))
	}
	if strings.Contains(c.Store, "@") && store.Kind(c.Store) == "neo4j" {
		return fmt.Errorf("store %q: credentials do not belong into the address; set %s and %s or %s", redact(c.Store), EnvUsername, EnvPassword, EnvPasswordFile)
	}
	return nil
}

// SQLitePath returns the path of a SQLite store, or "".
func (c Config) SQLitePath() string {
	path, ok := strings.CutPrefix(c.Store, "sqlite:")
	if !ok {
		return ""
	}
	return path
}

// DefaultStore returns the path of the store that is used when none is named:
// a file in the user's data directory.
func DefaultStore() string {
	xdg.Reload()
	return filepath.Join(xdg.DataHome, "maillage", "maillage.db")
}

// redact hides what may be a password in an address: all between the scheme
// and the last @, since passwords may hold one, and slashes may be forgotten.
func redact(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	scheme, rest, ok := strings.Cut(address[:at], ":")
	switch {
	case !ok:
		return "***" + address[at:]
	case strings.HasPrefix(rest, "//"):
		scheme += "://"
	default:
		scheme += ":"
	}
	return scheme + "***" + address[at:]
}
