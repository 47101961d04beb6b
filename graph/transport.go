package graph

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/request"
	"github.com/maillage/maillage/internal/store/observe"
)

// The two media types of an answer. They differ in the status of a request
// that was understood and refused: see statusOf.
const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
)

// postTransport serves operations sent as JSON.
type postTransport struct{ runner }

// Supports reports a POST.
func (postTransport) Supports(r *http.Request) bool {
	return r.Method == http.MethodPost && r.Header.Get("Upgrade") == ""
}

// Do answers a POST.
func (t postTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	media, ok := negotiate(w, r)
	if !ok {
		return
	}
	if refused := checkContentType(r.Header); refused != nil {
		refused.write(w, media)
		return
	}
	body, refused := t.readBody(w, r)
	if refused != nil {
		refused.write(w, media)
		return
	}
	params, err := decodeBody(body)
	if err != nil {
		refusef(http.StatusBadRequest, "%v", err).write(w, media)
		return
	}
	t.run(w, r, exec, params, media)
}

// checkContentType accepts JSON in UTF-8, which is the only JSON there is, and
// not compressed: a small body must not become a large one.
func checkContentType(header http.Header) *refusal {
	value, coding := header.Get("Content-Type"), header.Get("Content-Encoding")
	if value == mediaJSON && coding == "" {
		return nil
	}
	media, params, err := mime.ParseMediaType(value)
	var refused refusal
	switch {
	case coding != "" && !strings.EqualFold(coding, "identity"):
		refused = refusef(http.StatusUnsupportedMediaType, "the body must not be compressed")
	case err != nil || media != mediaJSON:
		refused = refusef(http.StatusUnsupportedMediaType, "the content type must be %s", mediaJSON)
	case params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8"):
		refused = refusef(http.StatusBadRequest, "the charset must be utf-8")
	default:
		return nil
	}
	return &refused
}

// readBody reads the whole body, up to the limit.
func (t runner) readBody(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	var body []byte
	err := error(&http.MaxBytesError{Limit: t.opts.MaxBody})
	if r.ContentLength > t.opts.MaxBody {
		w.Header().Set("Connection", "close") // rather than read what nobody wants
	} else {
		body, err = readAll(http.MaxBytesReader(w, r.Body, t.opts.MaxBody), r.ContentLength)
	}
	if err == nil {
		return body, nil
	}
	refused := refusef(http.StatusBadRequest, "the body could not be read")
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		refused = refusef(http.StatusRequestEntityTooLarge, "the body must be at most %d bytes long", over.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		refused = refusef(http.StatusRequestTimeout, "the body did not come in time")
	}
	return nil, &refused
}

// readAll reads a body into memory of the announced length.
func readAll(body io.Reader, length int64) ([]byte, error) {
	if length <= 0 {
		return io.ReadAll(body)
	}
	data := make([]byte, length)
	n, err := io.ReadFull(body, data)
	return data[:n], err
}

// getTransport serves queries sent in the address.
type getTransport struct{ runner }

// Supports reports a GET.
func (getTransport) Supports(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get("Upgrade") == ""
}

// Do answers a GET.
func (t getTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	media, ok := negotiate(w, r)
	if !ok {
		return
	}
	params, err := decodeURL(r.URL.RawQuery)
	if err != nil {
		refusef(http.StatusBadRequest, "%v", err).write(w, media)
		return
	}
	t.run(w, r, exec, params, media)
}

// negotiate picks the media type of the answer, or refuses. Without a
// preference it is application/json, as clients from before there was a choice
// expect.
func negotiate(w http.ResponseWriter, r *http.Request) (string, bool) {
	accept := r.Header.Values("Accept")
	media := mediaJSON
	if len(accept) > 0 {
		media = acceptable(strings.Join(accept, ","))
	}
	w.Header().Add("Vary", "Accept")
	if media == "" {
		refusef(http.StatusNotAcceptable, "answers are %s or %s", mediaGraphQL, mediaJSON).write(w, mediaJSON)
		return "", false
	}
	return media, true
}

// acceptable returns the media type of ours that an Accept header ranks
// highest, the first named where they rank equal, or nothing.
func acceptable(accept string) string {
	best, rank := "", 0.0
	for part := range strings.SplitSeq(accept, ",") {
		name, quality := strings.TrimSpace(part), 1.0
		if strings.Contains(name, ";") {
			media, params, err := mime.ParseMediaType(part)
			if err != nil {
				continue
			}
			name = media
			if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
				continue
			}
			if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
				quality = q
			}
		}
		if quality <= rank {
			continue
		}
		switch strings.ToLower(name) {
		case mediaGraphQL:
			best, rank = mediaGraphQL, quality
		case mediaJSON, "application/*", "*/*":
			best, rank = mediaJSON, quality
		}
	}
	return best
}

// runner runs one operation and writes its answer.
type runner struct {
	opts    Options
	present presenter
	answers answers
}

// run is the common part of both transports.
func (t runner) run(
	w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, params *graphql.RawParams, media string,
) {
	params.Headers = r.Header
	ctx, runs := r.Context(), (*observe.Runs)(nil)
	if t.opts.Explain {
		ctx, runs = observe.Collect(ctx)
		r = r.WithContext(ctx)
	}
	resp, refused := t.execute(r, exec, params)
	if refused == nil && runs != nil {
		resp.Extensions = map[string]any{"explain": explain(runs.List())}
	}
	switch {
	case refused != nil:
		if refused.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodPost)
		}
		refused.write(w, media)
	case errors.Is(ctx.Err(), context.Canceled):
		// The client has gone.
	case resp.Data == nil:
		t.writeFailure(ctx, w, media, resp)
	default:
		resp.Errors = t.firstErrors(resp.Errors)
		writeAnswer(w, http.StatusOK, media, resp)
	}
}

// execute runs the operation. An answer without data is one to a request of
// which nothing was executed.
func (t runner) execute(
	r *http.Request, exec graphql.GraphExecutor, params *graphql.RawParams,
) (*graphql.Response, *refusal) {
	ctx := r.Context()
	leave, err := t.opts.Admit(ctx)
	if err != nil {
		return t.failed(ctx, gqlerror.List{gqlerror.Wrap(err)}), nil
	}
	defer leave()
	op, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		return t.failed(ctx, errs), nil
	}
	request.SetOperation(ctx, op.Operation.Name)

	timeout := t.opts.ReadTimeout
	switch op.Operation.Operation {
	case ast.Mutation:
		if r.Method != http.MethodPost {
			refused := refusef(http.StatusMethodNotAllowed, "mutations must be sent by POST")
			return nil, &refused
		}
		if err := t.opts.CrossOrigin.Check(r); err != nil {
			return t.failed(ctx, gqlerror.List{gqlerror.Wrap(
				kg.Wrap(kg.Forbidden, err, "mutations are not accepted from pages of other origins"))}), nil
		}
		timeout = t.opts.WriteTimeout
	case ast.Subscription:
		refused := refusef(http.StatusBadRequest, "subscriptions are not served as a single answer")
		return nil, &refused
	}

	some, only := introspects(op)
	if only {
		if data, ok := t.answers.known(op); ok {
			return &graphql.Response{Data: data}, nil
		}
	}
	if some {
		if err := request.Charge(ctx, introspectionCost); err != nil {
			return t.failed(ctx, gqlerror.List{gqlerror.Wrap(err)}), nil
		}
	}

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	responses, ctx := exec.DispatchOperation(ctx, op)
	resp := responses(ctx)
	switch {
	case resp == nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return t.failed(ctx, gqlerror.List{gqlerror.Wrap(
			kg.Errorf(kg.Timeout, "the operation took longer than %s", timeout))}), nil
	case resp == nil:
		return t.failed(ctx, gqlerror.List{gqlerror.Wrap(errors.New("no answer"))}), nil
	case len(resp.Data) > t.opts.MaxAnswer:
		return t.failed(ctx, gqlerror.List{gqlerror.Wrap(kg.Errorf(kg.QueryTooComplex,
			"the answer is %d bytes long, the limit is %d: ask for fewer fields or smaller pages",
			len(resp.Data), t.opts.MaxAnswer))}), nil
	case len(resp.Errors) > 0 && stopsAll(codeOf(resp.Errors[0])) && allNull(resp.Data):
		resp.Data = nil
	case only && len(resp.Errors) == 0:
		t.answers.keep(op, resp.Data)
	}
	return resp, nil
}

// failed returns the answer to a request that was not executed.
func (t runner) failed(ctx context.Context, errs gqlerror.List) *graphql.Response {
	return &graphql.Response{Errors: t.present.presentAll(ctx, t.firstErrors(errs))}
}

func (t runner) firstErrors(errs gqlerror.List) gqlerror.List {
	return errs[:min(len(errs), t.opts.MaxErrors)]
}

// writeFailure answers a request of which nothing was executed, with the
// status of its first error.
func (t runner) writeFailure(ctx context.Context, w http.ResponseWriter, media string, resp *graphql.Response) {
	code := kg.Internal
	if len(resp.Errors) > 0 {
		code = codeOf(resp.Errors[0])
	}
	if wait := retryAfter(ctx, code); wait != "" {
		w.Header().Set("Retry-After", wait)
	}
	resp.Errors = t.firstErrors(resp.Errors)
	writeAnswer(w, statusOf(code, media), media, resp)
}

// allNull reports data in which no root field has a value. It is asked only
// about failed operations, which are small.
func allNull(data json.RawMessage) bool {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return false
	}
	for _, value := range fields {
		if string(value) != "null" {
			return false
		}
	}
	return true
}

// writeAnswer writes an answer in pieces: data is JSON already, and is neither
// checked nor copied.
func writeAnswer(w http.ResponseWriter, status int, media string, resp *graphql.Response) {
	var head []byte
	tail := []byte("}")
	if len(resp.Errors) > 0 {
		head = append(append(head, `{"errors":`...), encodeErrors(resp.Errors)...)
		if resp.Data != nil {
			head = append(head, `,"data":`...)
		}
	} else {
		head = append(head, `{"data":`...)
	}
	if len(resp.Extensions) > 0 {
		if encoded, err := json.Marshal(resp.Extensions); err == nil {
			tail = append(append([]byte(`,"extensions":`), encoded...), '}')
		}
	}
	header := w.Header()
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(head)+len(resp.Data)+len(tail)))
	w.WriteHeader(status)
	for _, piece := range [][]byte{head, resp.Data, tail} {
		if _, err := w.Write(piece); err != nil {
			return // the client has gone
		}
	}
}
