package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	gql "github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/graph/generated"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/engine"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/planner"
	"github.com/maillage/maillage/internal/server"
	"github.com/maillage/maillage/internal/store"
)

// page is the question that most figures are about: 20 organisations from a
// name on, 10 projects of each, 5 partners in each, with cursors and totals.
const page = `query($from: String!) {
  organizations(first: 20, orderBy: [{field: NAME}], filter: {name: {gte: $from}}) {
    pageInfo { hasNextPage endCursor }
    edges { cursor node { id name
      projects(first: 10, orderBy: [{field: FROM}]) {
        totalCount pageInfo { hasNextPage }
        edges { cursor role node { id label
          organizations(first: 5, orderBy: [{field: NAME}]) {
            totalCount
            edges { cursor node { id name } } } } } } } } } }`

const single = `query($id: ID!) { organization(id: $id) { id name country city kind } }`

// service is the whole service over a store, behind real HTTP on the loopback
// interface, with the limits per client lifted: they are not what is measured.
type service struct {
	handler http.Handler
	url     string
	client  *http.Client
	stop    func()
}

func serve(c *catalog.Catalog, s store.Store) (*service, error) {
	es, err := gql.NewSchema(c, engine.New(s))
	if err != nil {
		return nil, err
	}
	cfg := server.Default()
	cfg.RatePerMinute, cfg.Burst = 1<<40, 1<<40
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	opts := gql.DefaultOptions()
	opts.Log, opts.Admit = log, server.NewGate(cfg.InFlight).Enter
	srv, err := server.New(cfg, server.Parts{GraphQL: gql.NewHandler(es, opts), Log: log})
	if err != nil {
		return nil, err
	}
	ts := httptest.NewServer(srv.Handler())
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	return &service{handler: srv.Handler(), url: ts.URL + "/graphql", client: client, stop: func() {
		client.CloseIdleConnections()
		ts.Close()
	}}, nil
}

// ask sends a question and reads the whole answer.
func (s *service) ask(ctx context.Context, question string, variables map[string]any, into *bytes.Buffer) error {
	req, err := s.request(ctx, question, variables)
	if err != nil {
		return err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	into.Reset()
	if _, err := into.ReadFrom(resp.Body); err != nil {
		return err
	}
	return answered(resp.StatusCode, into)
}

// handle answers a question as ask does, without a network and a client.
func (s *service) handle(ctx context.Context, question string, variables map[string]any, into *bytes.Buffer) error {
	req, err := s.request(ctx, question, variables)
	if err != nil {
		return err
	}
	into.Reset()
	recorder := &httptest.ResponseRecorder{Body: into}
	s.handler.ServeHTTP(recorder, req)
	return answered(recorder.Code, into)
}

func (s *service) request(ctx context.Context, question string, variables map[string]any) (*http.Request, error) {
	body, err := json.Marshal(map[string]any{"query": question, "variables": variables})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	return req, nil
}

func answered(status int, body *bytes.Buffer) error {
	if status != http.StatusOK || bytes.HasPrefix(body.Bytes(), []byte(`{"errors"`)) {
		return fmt.Errorf("status %d: %.300s", status, body.String())
	}
	return nil
}

// questions plans questions like the service does.
type questions struct {
	schema  *ast.Schema
	planner *planner.Planner
}

func newQuestions(c *catalog.Catalog) (questions, error) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "api.graphqls", Input: generated.API})
	return questions{schema, planner.New(c, time.Now)}, err
}

func (q questions) plan(question string, variables map[string]any) (plan.Normal, error) {
	doc, err := gqlparser.LoadQueryWithRules(q.schema, question, nil)
	if err != nil {
		return plan.Normal{}, err
	}
	f := doc.Operations[0].SelectionSet[0].(*ast.Field)
	return q.planner.Plan(planner.Field{Field: f, Selections: f.SelectionSet, Variables: variables})
}
