package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/config"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/neo4jstore"
	"github.com/maillage/maillage/internal/store/sqlitestore"
)

// open opens the store that was named, or the default one.
func (a *app) open(ctx context.Context, c *catalog.Catalog) (store.Store, error) {
	if store.Kind(a.config.Store) == "neo4j" {
		auth := neo4jstore.Auth{}
		if password := a.config.Password.Reveal(); password != "" {
			auth = neo4jstore.Auth{Username: a.config.Username, Password: password}
		}
		return neo4jstore.Open(ctx, a.config.Store, auth, c, neo4jstore.Options{})
	}
	path := a.config.SQLitePath()
	if path == "" {
		path = config.DefaultStore()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, fmt.Errorf("the data directory cannot be made (name a store with --store sqlite:PATH): %w", err)
		}
	}
	return sqlitestore.Open(ctx, path, c, sqlitestore.Options{})
}

// name says which store is used, without credentials.
func (a *app) name() string {
	if a.config.Store == "" {
		return "sqlite:" + config.DefaultStore()
	}
	return a.config.Store
}

// with opens the store for a command that ends.
func (a *app) with(ctx context.Context, do func(*catalog.Catalog, store.Store) error) error {
	c, err := model()
	if err != nil {
		return err
	}
	s, err := a.open(ctx, c)
	if err != nil {
		return err
	}
	err = do(c, s)
	if closing := s.Close(); err == nil {
		err = closing
	}
	return err
}

func (a *app) init() *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Make the tables, constraints and indexes that a store needs",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.with(cmd.Context(), func(_ *catalog.Catalog, s store.Store) error {
				if err := s.Init(cmd.Context()); err != nil {
					return err
				}
				a.say("%s is ready to be filled: maillage import builtin --store %[1]s", a.name())
				return nil
			})
		},
	}
}
