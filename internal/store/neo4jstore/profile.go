package neo4jstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// Profile runs the statement of a plan under PROFILE. Its hits are exact and
// repeatable, unlike time.
func (s *Store) Profile(ctx context.Context, p plan.Normal) (store.Profile, error) {
	return s.profile(ctx, s.Explain(p))
}

// profile runs a statement under PROFILE and throws its answer away.
func (s *Store) profile(ctx context.Context, st store.Statement) (out store.Profile, err error) {
	params := parameters(st.Args)
	err = s.try(ctx, neo4j.AccessModeRead, func(ctx context.Context, session neo4j.SessionWithContext) error {
		result, err := session.Run(ctx, "PROFILE "+st.Text, params, remaining(ctx))
		if err != nil {
			return err
		}
		summary, err := result.Consume(ctx)
		if err != nil {
			return err
		}
		out = operators(summary.Profile())
		return nil
	})
	return out, err
}

// operators translates what the driver knows of an operator and those below it.
func operators(p neo4j.ProfiledPlan) store.Profile {
	out := store.Profile{Measured: true, Rows: p.Records(), DBHits: p.DbHits()}
	out.Operator, _, _ = strings.Cut(p.Operator(), "@") // the name of the database follows
	if details := p.Arguments()["Details"]; details != nil {
		out.Details = strings.Join(strings.Fields(fmt.Sprint(details)), " ")
	}
	for _, c := range p.Children() {
		out.Children = append(out.Children, operators(c))
	}
	return out
}
