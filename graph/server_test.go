package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/maillage/maillage/graph"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/request"
)

const (
	graphqlJSON = "application/graphql-response+json"
	plainJSON   = "application/json"
)

// call is one request to the handler.
type call struct {
	method, target, body string
	contentType, accept  string
	header               map[string]string
}

func (c call) do(h http.Handler) *httptest.ResponseRecorder {
	if c.target == "" {
		c.target = "/graphql"
	}
	r := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
	if c.method == http.MethodPost && c.contentType == "" {
		c.contentType = plainJSON
	}
	if c.contentType != "" && c.contentType != "none" {
		r.Header.Set("Content-Type", c.contentType)
	}
	if c.accept != "" {
		r.Header.Set("Accept", c.accept)
	}
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func postQuery(query, accept string) call {
	body, _ := json.Marshal(map[string]string{"query": query})
	return call{method: "POST", body: string(body), accept: accept}
}

func getQuery(query, accept string) call {
	return call{method: "GET", target: "/graphql?" + url.Values{"query": {query}}.Encode(), accept: accept}
}

// answer is what a client reads.
type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
}

func read(t *testing.T, w *httptest.ResponseRecorder) answer {
	t.Helper()
	var a answer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("answer %q: %v", w.Body, err)
	}
	return a
}

func TestAnswers(t *testing.T) {
	h := graph.NewHandler(newStub(), graph.DefaultOptions())
	for _, c := range []struct {
		name   string
		call   call
		status int
		media  string
		body   string // the whole answer, or a part of it when there are errors
	}{
		{"post", postQuery(`{__typename}`, ""), 200, plainJSON, `{"data":{"__typename":"Query"}}`},
		{"post, new type", postQuery(`{__typename}`, graphqlJSON), 200, graphqlJSON, `{"data":{"__typename":"Query"}}`},
		{"get", getQuery(`{__typename}`, "*/*"), 200, plainJSON, `{"data":{"__typename":"Query"}}`},
		{"browser", getQuery(`{__typename}`, "text/html,application/xhtml+xml,*/*;q=0.8"), 200, plainJSON, `{"data":`},
		{"preference", getQuery(`{__typename}`, "application/json;q=0.5, application/graphql-response+json"), 200, graphqlJSON, `{"data":`},
		{"order", getQuery(`{__typename}`, "application/graphql-response+json, application/json"), 200, graphqlJSON, `{"data":`},
		{"not acceptable", getQuery(`{__typename}`, "text/html"), 406, plainJSON, `answers are`},
		{"alias", postQuery(`{a:__typename b:__typename}`, ""), 200, plainJSON, `{"data":{"a":"Query","b":"Query"}}`},
		{"charset", call{method: "POST", body: `{"query":"{__typename}"}`, contentType: "application/json; charset=UTF-8"}, 200, plainJSON, `{"data":`},
		{"variables", call{method: "POST", body: `{"query":"query Q($id:ID!){organization(id:$id){id}}","variables":{"id":"org:1"},"operationName":"Q","extensions":{}}`}, 200, plainJSON, `{"data":{"organization":null}}`},
		{"nulls", call{method: "POST", body: `{"query":"{__typename}","variables":null,"operationName":null,"extensions":null}`}, 200, plainJSON, `{"data":`},
		{"unknown name", call{method: "POST", body: `{"id":[{}],"query":"{__typename}"}`}, 200, plainJSON, `{"data":`},

		{"other charset", call{method: "POST", body: `{"query":"{__typename}"}`, contentType: "application/json; charset=utf-16"}, 400, plainJSON, "charset must be utf-8"},
		{"no content type", call{method: "POST", body: `{}`, contentType: "none"}, 415, plainJSON, "content type must be"},
		{"form", call{method: "POST", body: `query=x`, contentType: "application/x-www-form-urlencoded"}, 415, plainJSON, "content type must be"},
		{"text", call{method: "POST", body: `{"query":"{__typename}"}`, contentType: "text/plain"}, 415, plainJSON, "content type must be"},
		{"compressed", call{method: "POST", body: `{"query":"{__typename}"}`, header: map[string]string{"Content-Encoding": "gzip"}}, 415, plainJSON, "must not be compressed"},
		{"empty", call{method: "POST", body: ``}, 400, plainJSON, "ends too early"},
		{"cut", call{method: "POST", body: `{"query":"{a`}, 400, plainJSON, "not valid JSON"},
		{"trailing", call{method: "POST", body: `{"query":"{__typename}"} {}`}, 400, plainJSON, "more than one JSON value"},
		{"trailing text", call{method: "POST", body: `{"query":"{__typename}"} x`}, 400, plainJSON, "not valid JSON from byte"},
		{"duplicate", call{method: "POST", body: `{"query":"{__typename}","query":"{big}"}`}, 400, plainJSON, "given twice"},
		{"duplicate within", call{method: "POST", body: `{"query":"{__typename}","variables":{"a":{"b":1,"b":2}}}`}, 400, plainJSON, "given twice"},
		{"byte order mark", call{method: "POST", body: "\ufeff" + `{"query":"{__typename}"}`}, 400, plainJSON, "not valid JSON"},
		{"invalid UTF-8", call{method: "POST", body: "{\"query\":\"{__typename}\",\"operationName\":\"\xff\"}"}, 400, plainJSON, "not valid JSON"},
		{"lone surrogate", call{method: "POST", body: `{"query":"{__typename}","operationName":"\ud800"}`}, 400, plainJSON, "not valid JSON"},
		{"comment", call{method: "POST", body: `{"query":"{__typename}"/**/}`}, 400, plainJSON, "not valid JSON"},
		{"batch", call{method: "POST", body: `[{"query":"{__typename}"}]`}, 400, plainJSON, "batches are not served"},
		{"scalar", call{method: "POST", body: `"x"`}, 400, plainJSON, "must be a JSON object"},
		{"no query", call{method: "POST", body: `{}`}, 400, plainJSON, "is missing"},
		{"null query", call{method: "POST", body: `{"query":null}`}, 400, plainJSON, "is missing"},
		{"number query", call{method: "POST", body: `{"query":7}`}, 400, plainJSON, `\"query\" must be a string`},
		{"list variables", call{method: "POST", body: `{"query":"{__typename}","variables":[1]}`}, 400, plainJSON, `\"variables\" must be a JSON object`},
		{"text extensions", call{method: "POST", body: `{"query":"{__typename}","extensions":"x"}`}, 400, plainJSON, `\"extensions\" must be`},
		{"number operation", call{method: "POST", body: `{"query":"{__typename}","operationName":1}`}, 400, plainJSON, `\"operationName\" must be`},
		{"too large", call{method: "POST", body: `{"query":"` + strings.Repeat(" ", 64<<10) + `"}`}, 413, plainJSON, "at most 65536 bytes"},
		{"get without query", call{method: "GET"}, 400, plainJSON, "is missing"},
		{"get twice", call{method: "GET", target: "/graphql?query=%7B__typename%7D&query=x"}, 400, plainJSON, "given 2 times"},
		{"get bad escape", call{method: "GET", target: "/graphql?query=%7B&x=;"}, 400, plainJSON, "not well formed"},
		{"get bad variables", call{method: "GET", target: "/graphql?query=%7B__typename%7D&variables=%7B"}, 400, plainJSON, "variables is not valid JSON"},
		{"get list variables", call{method: "GET", target: "/graphql?query=%7B__typename%7D&variables=[]"}, 400, plainJSON, "must be a JSON object"},
		{"get trailing variables", call{method: "GET", target: "/graphql?query=%7B__typename%7D&variables=%7B%7D1"}, 400, plainJSON, "more than one"},
		{"get mutation", getQuery(`mutation{rename(id:"a",name:"b"){id}}`, graphqlJSON), 405, graphqlJSON, "by POST"},
		{"put", call{method: "PUT"}, 405, plainJSON, "not served"},
		{"head", call{method: "HEAD"}, 405, plainJSON, "not served"},
		{"subscription", postQuery(`subscription{changes}`, ""), 400, plainJSON, "subscriptions"},

		{"syntax, old type", postQuery(`{`, plainJSON), 200, plainJSON, "GRAPHQL_PARSE_FAILED"},
		{"syntax, new type", postQuery(`{`, graphqlJSON), 400, graphqlJSON, "GRAPHQL_PARSE_FAILED"},
		{"validation, old type", postQuery(`{nope}`, plainJSON), 200, plainJSON, "GRAPHQL_VALIDATION_FAILED"},
		{"validation, new type", postQuery(`{nope}`, graphqlJSON), 400, graphqlJSON, "GRAPHQL_VALIDATION_FAILED"},
		{"complex, new type", postQuery(`{a:big b:big c:big d:big e:big f:big g:big h:big i:big j:big k:big}`, graphqlJSON), 400, graphqlJSON, "QUERY_TOO_COMPLEX"},
		{"no operation", postQuery(`fragment F on Query{big}`, graphqlJSON), 400, graphqlJSON, "has no operation"},
		{"which operation", postQuery(`query A{big} query B{big}`, graphqlJSON), 400, graphqlJSON, "must say which"},
		{"other operation", call{method: "POST", body: `{"query":"query A{big}","operationName":"B"}`, accept: graphqlJSON}, 400, graphqlJSON, `no operation \"B\"`},
		{"missing variable", postQuery(`query($id:ID!){organization(id:$id){id}}`, graphqlJSON), 400, graphqlJSON, "must be defined"},
		{"deep variables", call{method: "POST", accept: graphqlJSON, body: `{"query":"query($f:Filter){organizations(filter:$f){id}}","variables":{"f":` + strings.Repeat(`{"and":`, 40) + "1" + strings.Repeat("}", 40) + `}}`}, 400, graphqlJSON, "QUERY_TOO_COMPLEX"},
		{"huge Int", postQuery(`{organizations(first:99999999999999999999){id}}`, graphqlJSON), 400, graphqlJSON, "out of range"},
		{"33-bit Int", postQuery(`{organizations(first:5000000000){id}}`, graphqlJSON), 400, graphqlJSON, "out of range"},
		{"huge custom scalar", postQuery(`{organization(id:"a",amount:99999999999999999999){id}}`, graphqlJSON), 400, graphqlJSON, "out of range"},
		{"huge Float in a default", postQuery(`query($a:Decimal=1e999){organization(id:"a",amount:$a){id}}`, graphqlJSON), 400, graphqlJSON, "out of range"},
		{"argument", postQuery(`{argument(first:5)}`, graphqlJSON), 200, graphqlJSON, "overflows signed 32-bit"},

		{"internal", postQuery(`{fail(code:"PLAIN")}`, graphqlJSON), 500, graphqlJSON, `"internal error"`},
		{"internal, old type", postQuery(`{fail(code:"PLAIN")}`, ""), 200, plainJSON, `"internal error"`},
		{"panic", postQuery(`{panics}`, graphqlJSON), 500, plainJSON, `"internal error"`},
		{"timeout", postQuery(`{fail(code:"TIMEOUT")}`, plainJSON), 504, plainJSON, `"it failed"`},
		{"unavailable", postQuery(`{fail(code:"UNAVAILABLE")}`, plainJSON), 503, plainJSON, `"it failed"`},
		{"rate", postQuery(`{fail(code:"RATE_LIMITED")}`, graphqlJSON), 429, graphqlJSON, `"it failed"`},
		{"unauthenticated", postQuery(`{fail(code:"UNAUTHENTICATED")}`, graphqlJSON), 401, graphqlJSON, `"it failed"`},
		{"not found is a field's", postQuery(`{fail(code:"NOT_FOUND")}`, graphqlJSON), 200, graphqlJSON, `"data":{"fail":null}`},
		{"unknown outcome is never hidden", postQuery(`{fail(code:"WRITE_OUTCOME_UNKNOWN")}`, graphqlJSON), 200, graphqlJSON, `"data":{"fail":null}`},
		{"partial", postQuery(`{__typename fail(code:"TIMEOUT")}`, graphqlJSON), 200, graphqlJSON, `"data":{"__typename":"Query","fail":null}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.call.do(h)
			got := w.Body.String()
			if w.Code != c.status {
				t.Errorf("status %d, want %d: %.300s", w.Code, c.status, got)
			}
			if media := w.Header().Get("Content-Type"); media != c.media+"; charset=utf-8" {
				t.Errorf("content type %s", media)
			}
			if c.call.method != "HEAD" && !strings.Contains(got, c.body) {
				t.Errorf("answer %.500s\nlacks %s", got, c.body)
			}
			a := read(t, w)
			if w.Code >= 400 && a.Data != nil {
				t.Errorf("data in an answer with status %d", w.Code)
			}
			for _, e := range a.Errors {
				if e.Extensions["code"] == nil {
					t.Errorf("no code: %s", e.Message)
				}
			}
			if strings.Contains(got, "10.0.0.7") || strings.Contains(got, "secret") {
				t.Errorf("leaks: %s", got)
			}
			if (w.Code == 503 || w.Code == 429) != (w.Header().Get("Retry-After") != "") {
				t.Errorf("status %d with Retry-After %q", w.Code, w.Header().Get("Retry-After"))
			}
			if w.Code == 405 && w.Header().Get("Allow") == "" {
				t.Error("405 without Allow")
			}
		})
	}
}

func TestCrossOriginMutation(t *testing.T) {
	h := graph.NewHandler(newStub(), graph.DefaultOptions())
	mutation := postQuery(`mutation{rename(id:"a",name:"b"){id}}`, graphqlJSON)
	if w := mutation.do(h); w.Code != 200 {
		t.Fatalf("no origin: %d %s", w.Code, w.Body)
	}
	mutation.header = map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://example.org"}
	w := mutation.do(h)
	if a := read(t, w); w.Code != 403 || a.Errors[0].Extensions["code"] != "FORBIDDEN" {
		t.Fatalf("other origin: %d %s", w.Code, w.Body)
	}
	query := postQuery(`{__typename}`, "")
	query.header = mutation.header
	if w := query.do(h); w.Code != 200 {
		t.Fatalf("query from another origin: %d", w.Code)
	}
	opts := graph.DefaultOptions()
	opts.CrossOrigin = http.NewCrossOriginProtection()
	if err := opts.CrossOrigin.AddTrustedOrigin("https://example.org"); err != nil {
		t.Fatal(err)
	}
	if w := mutation.do(graph.NewHandler(newStub(), opts)); w.Code != 200 {
		t.Fatalf("trusted origin: %d %s", w.Code, w.Body)
	}
}

func TestDeadline(t *testing.T) {
	opts := graph.DefaultOptions()
	opts.ReadTimeout = 20 * time.Millisecond
	s := newStub()
	w := postQuery(`{slow}`, plainJSON).do(graph.NewHandler(s, opts))
	a := read(t, w)
	if w.Code != 504 || a.Errors[0].Extensions["code"] != "TIMEOUT" || strings.Contains(w.Body.String(), "driver") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
}

func TestClientGone(t *testing.T) {
	s := newStub()
	srv := httptest.NewServer(graph.NewHandler(s, graph.DefaultOptions()))
	defer srv.Close()
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		r, _ := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL, strings.NewReader(`{"query":"{slow}"}`))
		r.Header.Set("Content-Type", plainJSON)
		if resp, err := http.DefaultClient.Do(r); err == nil {
			_ = resp.Body.Close()
		}
	}()
	resolver := <-s.seen
	cancel()
	select {
	case <-resolver.Done():
		if !errors.Is(resolver.Err(), context.Canceled) {
			t.Fatalf("the resolver's context: %v", resolver.Err())
		}
	case <-time.After(2 * time.Second):
		t.Fatal("the resolver was not told")
	}
}

func TestAdmit(t *testing.T) {
	opts := graph.DefaultOptions()
	inside := 0
	opts.Admit = func(context.Context) (func(), error) {
		inside++
		return func() { inside-- }, nil
	}
	h := graph.NewHandler(newStub(), opts)
	for _, query := range []string{`{__typename}`, `{`, `{fail(code:"TIMEOUT")}`, `subscription{changes}`, `{panics}`} {
		postQuery(query, "").do(h)
		if inside != 0 {
			t.Fatalf("%s leaves %d inside", query, inside)
		}
	}
	opts.Admit = func(context.Context) (func(), error) {
		return nil, kg.Errorf(kg.Unavailable, "too many requests at once")
	}
	w := postQuery(`{__typename}`, "").do(graph.NewHandler(newStub(), opts))
	if w.Code != 503 || w.Header().Get("Retry-After") != "1" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
}

func TestManyErrors(t *testing.T) {
	h := graph.NewHandler(newStub(), graph.DefaultOptions())
	long := strings.Repeat("x", 5000)
	w := postQuery(`{`+long+` `+long+`1 a b c d e f g}`, graphqlJSON).do(h)
	if w.Body.Len() > 10<<10 {
		t.Errorf("an answer of %d bytes", w.Body.Len())
	}
	var query strings.Builder
	query.WriteString("{organization(id:1){")
	for i := range 100 {
		query.WriteString("f")
		query.WriteString(strings.Repeat("z", i))
		query.WriteByte(' ')
	}
	query.WriteString("}}")
	w = postQuery(query.String(), graphqlJSON).do(h)
	if a := read(t, w); len(a.Errors) != 10 {
		t.Errorf("%d errors", len(a.Errors))
	}
}

func TestLargeAnswer(t *testing.T) {
	s := newStub()
	s.big = 4 << 20
	w := postQuery(`{big}`, graphqlJSON).do(graph.NewHandler(s, graph.DefaultOptions()))
	if a := read(t, w); w.Code != 400 || a.Errors[0].Extensions["code"] != "QUERY_TOO_COMPLEX" {
		t.Fatalf("%d %.200s", w.Code, w.Body)
	}
	s.big = 1 << 20
	w = postQuery(`{big}`, "").do(graph.NewHandler(s, graph.DefaultOptions()))
	if w.Code != 200 || w.Body.Len() != 1<<20+len(`{"data":{"big":""}}`) {
		t.Fatalf("%d, %d bytes", w.Code, w.Body.Len())
	}
}

func TestInternalErrorIsLogged(t *testing.T) {
	var log bytes.Buffer
	opts := graph.DefaultOptions()
	opts.Log = slog.New(slog.NewTextHandler(&log, nil))
	h := graph.NewHandler(newStub(), opts)
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query":"query Q{fail(code:\"PLAIN\")}"}`))
	r.Header.Set("Content-Type", plainJSON)
	req := request.New("r-42", nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.WithContext(request.With(r.Context(), req)))
	if a := read(t, w); a.Errors[0].Extensions["requestId"] != "r-42" {
		t.Errorf("%s", w.Body)
	}
	if !strings.Contains(log.String(), "id=r-42") || !strings.Contains(log.String(), "10.0.0.7") {
		t.Errorf("log: %s", log.String())
	}
	if req.Operation() != "Q" {
		t.Errorf("operation %q", req.Operation())
	}
}

// purse is a budget of so many points.
type purse int

func (p *purse) Spend(points int) (time.Duration, bool) {
	if points > int(*p) {
		return 7 * time.Second, false
	}
	*p -= purse(points)
	return 0, true
}

func TestIntrospection(t *testing.T) {
	h := graph.NewHandler(newStub(), graph.DefaultOptions())
	for _, c := range []struct {
		query string
		cost  int64
	}{
		{`{__typename}`, 0},
		{`{__schema{types{name}}}`, 1000},
		{`{__schema{types{name}}}`, 0}, // remembered
		{`{...F} fragment F on Query{...{__type(name:"Query"){name}}}`, 1000},
		{`{big __schema{types{name}}}`, 1000},
		{`{big __schema{types{name}}}`, 1000}, // data may change
		{`query($n:String!="Query"){__type(name:$n){name}}`, 1000},
		{`query($n:String!="Query"){__type(name:$n){name}}`, 1000}, // so may variables
	} {
		budget := purse(1000)
		req := request.New("r-1", &budget)
		r := httptest.NewRequest(http.MethodGet, getQuery(c.query, "").target, nil)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(request.With(r.Context(), req)))
		if w.Code != 200 || req.Cost() != c.cost || read(t, w).Data == nil {
			t.Errorf("%s: %d, cost %d, want %d: %s", c.query, w.Code, req.Cost(), c.cost, w.Body)
		}
	}
	budget := purse(999)
	r := httptest.NewRequest(http.MethodGet, getQuery(`{__schema{directives{name}}}`, "").target, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.WithContext(request.With(r.Context(), request.New("r-1", &budget))))
	if w.Code != 429 || w.Header().Get("Retry-After") != "7" {
		t.Errorf("past the budget: %d %v %s", w.Code, w.Header(), w.Body)
	}
}

func FuzzBody(f *testing.F) {
	for _, body := range []string{`{"query":"{__typename}"}`, `{"query":"query($f:Filter){organizations(filter:$f){id}}","variables":{"f":{"and":[{"size":1}]}}}`, `[]`, `{"a":1,"a":2}`, "\ufeff{}"} {
		f.Add([]byte(body))
	}
	h := graph.NewHandler(newStub(), graph.DefaultOptions())
	f.Fuzz(func(t *testing.T, body []byte) {
		if bytes.Contains(body, []byte("slow")) || bytes.Contains(body, []byte("panics")) || bytes.Contains(body, []byte("fail")) || bytes.Contains(body, []byte(`\u`)) {
			return
		}
		w := call{method: "POST", body: string(body)}.do(h)
		if w.Code >= 500 || !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	})
}

// discard is a ResponseWriter that keeps nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

func BenchmarkPost(b *testing.B) {
	h := graph.NewHandler(newStub(), graph.DefaultOptions())
	body := []byte(`{"query":"query Q($id:ID!){organization(id:$id){id name}}","variables":{"id":"org:pic:952966025"},"operationName":"Q"}`)
	reader := bytes.NewReader(body)
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	r.Header.Set("Content-Type", plainJSON)
	r.Header.Set("Accept", graphqlJSON)
	r.ContentLength = int64(len(body))
	b.ReportAllocs()
	for b.Loop() {
		reader.Reset(body)
		r.Body = io.NopCloser(reader)
		h.ServeHTTP(discard{http.Header{}}, r)
	}
}

func BenchmarkGet(b *testing.B) {
	h := graph.NewHandler(newStub(), graph.DefaultOptions())
	r := httptest.NewRequest(http.MethodGet, "/graphql?query=%7B__typename%7D", nil)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(discard{http.Header{}}, r)
	}
}
