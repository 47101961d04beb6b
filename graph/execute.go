package graph

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/maillage/maillage/internal/kg"
)

// Execute answers a document without HTTP, through the same gates. The result
// is the JSON of the whole response and whether it is free of errors.
func Execute(ctx context.Context, es graphql.ExecutableSchema, opts Options, document, operation string, variables map[string]any) ([]byte, bool) {
	log := opts.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	present := presenter{log: log}
	gate := newDocumentGate(es, opts, present)
	ctx, cancel := context.WithTimeout(graphql.StartOperationTrace(ctx), opts.ReadTimeout)
	defer cancel()
	var resp *graphql.Response
	oc, errs := gate.CreateOperationContext(ctx, &graphql.RawParams{Query: document, OperationName: operation, Variables: variables})
	if errs != nil {
		resp = &graphql.Response{Errors: present.presentAll(ctx, errs)}
	} else {
		next, opCtx := gate.DispatchOperation(ctx, oc)
		if resp = next(opCtx); resp == nil {
			resp = &graphql.Response{Errors: present.presentAll(ctx, gqlerror.List{gqlerror.Wrap(
				kg.Wrap(kg.Timeout, ctx.Err(), "the question took longer than it may"))})}
		}
	}
	out, err := json.Marshal(resp)
	if err != nil { // data of an answer is always JSON
		return []byte(`{"errors":[{"message":"internal error"}]}`), false
	}
	return out, len(resp.Errors) == 0
}
