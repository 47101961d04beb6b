package neo4jstore

import (
	"context"
	"fmt"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/catalog"
)

// deleteRelationships deletes the relationships that were there and are not now.
func (b *batch) deleteRelationships(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	gone := map[*catalog.Relationship][]string{}
	for _, id := range b.order.rels {
		if st := b.rels[id]; st.stored != nil && st.now == nil {
			t := b.catalog.Relationship(st.stored.Type)
			gone[t] = append(gone[t], id)
		}
	}
	for t, ids := range gone {
		if _, err := one(ctx, tx, fmt.Sprintf("UNWIND $p1 AS id MATCH ()-[e:%s {id: id}]->() USING INDEX SEEK e:%[1]s(id) DELETE e", quote(t.Name)), sortables(ids)); err != nil {
			return err
		}
	}
	return nil
}

// deleteAliases deletes the former ids of which nodes are deleted or bereft.
func (b *batch) deleteAliases(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	var gone []string
	for _, id := range b.order.nodes {
		st := b.nodes[id]
		gone = append(gone, newer(st.stored, st.now)...)
	}
	if len(gone) == 0 {
		return nil
	}
	_, err := one(ctx, tx, fmt.Sprintf("UNWIND $p1 AS id MATCH (a:%s {id: id}) USING INDEX SEEK a:%[1]s(id) DETACH DELETE a", aliasLabel), sortables(gone))
	return err
}

// deleteNodes deletes the nodes that were there and are not now. By then they
// have no relationships.
func (b *batch) deleteNodes(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	gone := map[*catalog.Type][]string{}
	for _, id := range b.order.nodes {
		if st := b.nodes[id]; st.stored != nil && st.now == nil {
			t := b.catalog.Type(st.stored.Type)
			gone[t] = append(gone[t], id)
		}
	}
	for t, ids := range gone {
		if _, err := one(ctx, tx, fmt.Sprintf("UNWIND $p1 AS id MATCH (n:%s {id: id}) USING INDEX SEEK n:%[1]s(id) DELETE n", quote(t.Name)), sortables(ids)); err != nil {
			return err
		}
	}
	return nil
}
