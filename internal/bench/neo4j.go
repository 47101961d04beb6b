package main

import (
	"encoding/json"
	"strconv"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/neo4jtest"
	"github.com/maillage/maillage/internal/store"
	"github.com/maillage/maillage/internal/store/neo4jstore"
)

// neo4j measures the Neo4j engine against the bare driver.
func (b *bench) neo4j(documents int) error {
	server, err := neo4jtest.Start(b.ctx, neo4jtest.WithHeap(4096), neo4jtest.WithPageCache(3072))
	if err != nil {
		return err
	}
	defer func() { _ = server.Stop() }()
	release, err := server.Lock(b.ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := server.Wipe(b.ctx); err != nil {
		return err
	}
	auth := neo4jstore.Auth{Username: server.Username(), Password: server.Password()}
	s, err := neo4jstore.Open(b.ctx, server.URI(), auth, b.catalog, neo4jstore.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	if err := s.Init(b.ctx); err != nil {
		return err
	}
	if _, err := b.loadGraph("Neo4j", "300 s", s); err != nil {
		return err
	}
	if err := b.projection("Neo4j", "60 s", s); err != nil || b.projected {
		return err
	}
	token := neo4j.NoAuth()
	if auth.Username != "" {
		token = neo4j.BasicAuth(auth.Username, auth.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(server.URI(), token)
	if err != nil {
		return err
	}
	defer func() { _ = driver.Close(b.ctx) }()
	run := func(st store.Statement) error {
		args := make(map[string]any, len(st.Args))
		for i, a := range st.Args {
			args["p"+strconv.Itoa(i+1)] = a
		}
		session := driver.NewSession(b.ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead})
		defer func() { _ = session.Close(b.ctx) }()
		result, err := session.Run(b.ctx, st.Text, args)
		if err != nil {
			return err
		}
		record, err := result.Single(b.ctx)
		if err != nil {
			return err
		}
		_, err = json.Marshal(record.Values)
		return err
	}
	if err := b.pages("Neo4j", "1.3", s, run); err != nil {
		return err
	}
	if err := b.singles("Neo4j", s); err != nil {
		return err
	}
	if err := b.compare("Neo4j", "≤ 1.3", s, run); err != nil || documents == 0 {
		return err
	}
	return b.searchNeo4j(s, documents, run)
}
