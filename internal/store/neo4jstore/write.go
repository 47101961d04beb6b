package neo4jstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// recoveries are the pauses before a write whose outcome is unknown is run
// again, each run for at most recoveryTime.
var recoveries = [...]time.Duration{100 * time.Millisecond, time.Second, 2 * time.Second}

const recoveryTime = 5 * time.Second

// errNoModel says that the database has to be initialised first.
var errNoModel = errors.New("the database does not hold the model")

// Apply makes changes in one transaction. Whoever writes holds the Meta node,
// so that writers of all processes come one after another.
func (s *Store) Apply(ctx context.Context, changes []kg.Change) (kg.Applied, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
	case <-ctx.Done():
		return kg.Applied{}, translate(ctx, ctx.Err())
	}
	w := &operation{store: s, changes: changes, name: rand.Text()}
	err := s.transact(ctx, w.apply)
	if errors.Is(err, errNoModel) {
		if err := s.Init(ctx); err != nil {
			return kg.Applied{}, err
		}
		err = s.transact(ctx, w.apply)
	}
	var unknown *unknownOutcome
	if errors.As(err, &unknown) {
		err = w.recover(ctx, err)
	}
	if err != nil {
		return kg.Applied{}, err
	}
	return w.done, nil
}

// operation is one call of Apply.
type operation struct {
	store   *Store
	changes []kg.Change
	// name stands in the change log, which tells whether the operation has been
	// applied, should the connection be lost while it is committed.
	name     string
	repeated bool
	done     kg.Applied
}

// recover finds out what has become of a transaction, and runs it again when
// it has not been applied. The caller's context may have ended by now.
func (w *operation) recover(ctx context.Context, err error) error {
	w.repeated = true
	for _, pause := range recoveries {
		time.Sleep(pause)
		again := func() error {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recoveryTime)
			defer cancel()
			return w.store.transact(ctx, w.apply)
		}()
		var invalid *store.Invalid
		if again == nil || errors.As(again, &invalid) {
			return again
		}
		err = again
	}
	return kg.Wrap(kg.WriteOutcomeUnknown, err, "the connection to the database was lost while the change was being saved: it may have been saved or not, and sending it again does no harm")
}

// apply is the work of the transaction.
func (w *operation) apply(ctx context.Context, tx neo4j.ExplicitTransaction) (commit bool, err error) {
	// The lock is taken by writing, before anything is read.
	meta, err := one(ctx, tx, fmt.Sprintf("MATCH (m:%s {name: $p1}) SET m.operation = $p2 WITH m RETURN m.catalog, m.revision", metaLabel), metaName, w.name)
	if err != nil {
		return false, err
	}
	if len(meta) == 0 || meta[0] != w.store.catalog.Hash {
		return false, errNoModel
	}
	revision, _ := meta[1].(int64)
	if w.repeated {
		if there, err := w.applied(ctx, tx); there || err != nil {
			return false, err
		}
	}
	b := newBatch(w.store.catalog, w.changes)
	if err := b.read(ctx, tx); err != nil {
		return false, err
	}
	if len(b.invalid.Reasons) > 0 {
		return false, b.invalid
	}
	w.done = b.done
	w.done.Revision = revision
	if b.done.Changes() == 0 {
		return false, nil
	}
	w.done.Revision++
	if err := b.write(ctx, tx); err != nil {
		return false, err
	}
	return true, w.log(ctx, tx, b)
}

// applied reports whether the operation is in the log, and then what it did.
func (w *operation) applied(ctx context.Context, tx neo4j.ExplicitTransaction) (bool, error) {
	values, err := one(ctx, tx, fmt.Sprintf("MATCH (c:%s {operation: $p1}) RETURN c.revision, c.created, c.updated, c.deleted, c.unchanged", changeLabel), w.name)
	if err != nil || len(values) == 0 {
		return false, err
	}
	number := func(v any) int64 { n, _ := v.(int64); return n }
	w.done = kg.Applied{
		Revision: number(values[0]), Created: int(number(values[1])),
		Updated: int(number(values[2])), Deleted: int(number(values[3])), Unchanged: int(number(values[4])),
	}
	return true, nil
}

// log raises the revision and appends what has changed.
func (w *operation) log(ctx context.Context, tx neo4j.ExplicitTransaction, b *batch) error {
	_, err := one(ctx, tx, fmt.Sprintf(`MATCH (m:%s {name: $p1}) SET m.revision = $p2, m.updatedAt = $p3
CREATE (:%s {revision: $p2, at: $p3, operation: $p4, created: $p5, updated: $p6, deleted: $p7, unchanged: $p8, nodes: $p9, relationships: $p10})`, metaLabel, changeLabel),
		metaName, w.done.Revision, w.store.opts.Now().UTC().Format(time.RFC3339), w.name,
		w.done.Created, w.done.Updated, w.done.Deleted, w.done.Unchanged, b.log.nodes, b.log.rels)
	return err
}

// read makes the changes of what the database holds of them.
func (b *batch) read(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	ranks, err := b.readRanks(ctx, tx)
	if err != nil {
		return err
	}
	b.merger.Ranks = ranks
	changed, deleted, all := b.named()
	if err := b.find(ctx, tx, all); err != nil {
		return err
	}
	for t, ids := range changed {
		if err := b.readNodes(ctx, tx, t, ids); err != nil {
			return err
		}
	}
	for t, ids := range deleted {
		if err := b.readRelated(ctx, tx, t, ids); err != nil {
			return err
		}
	}
	b.changeNodes()
	for t, ids := range b.wanted() {
		if err := b.readRelationships(ctx, tx, t, ids); err != nil {
			return err
		}
	}
	b.changeRelationships()
	return b.rank(ctx, tx)
}

// find finds which ids are those of nodes, and which are former ones.
func (b *batch) find(ctx context.Context, tx neo4j.ExplicitTransaction, all map[*catalog.Type][]string) error {
	var absent []string
	for t, ids := range all {
		found, err := list(ctx, tx, fmt.Sprintf("UNWIND $p1 AS id MATCH (n:%s {id: id}) USING INDEX SEEK n:%[1]s(id) RETURN collect(id)", quote(t.Name)), sortables(ids))
		if err != nil {
			return err
		}
		for _, v := range found {
			id, _ := v.(string)
			id = original(id)
			b.ids[id] = id
		}
		for _, id := range ids {
			if b.ids[id] == "" {
				absent = append(absent, id)
			}
		}
	}
	if len(absent) == 0 {
		return nil
	}
	found, err := list(ctx, tx, fmt.Sprintf("UNWIND $p1 AS id MATCH (a:%s {id: id})-[:%s]->(n) USING INDEX SEEK a:%[1]s(id) RETURN collect([id, n.id])", aliasLabel, aliasOf), sortables(absent))
	for _, v := range found {
		if pair, ok := v.([]any); ok && len(pair) == 2 {
			former, _ := pair[0].(string)
			id, _ := pair[1].(string)
			b.ids[original(former)] = original(id)
		}
	}
	return err
}

// readNodes reads the nodes that changes are made of.
func (b *batch) readNodes(ctx context.Context, tx neo4j.ExplicitTransaction, t *catalog.Type, ids []string) error {
	var there []string
	for _, id := range ids {
		if b.ids[id] != "" {
			there = append(there, b.ids[id])
		}
	}
	if len(there) == 0 {
		return nil
	}
	found, err := list(ctx, tx, fmt.Sprintf("UNWIND $p1 AS id MATCH (n:%s {id: id}) USING INDEX SEEK n:%[1]s(id) RETURN collect(properties(n))", quote(t.Name)), sortables(there))
	if err != nil {
		return err
	}
	for _, v := range found {
		stored, _ := v.(map[string]any)
		n, err := decodeNode(t, stored)
		if err != nil {
			return err
		}
		b.nodes[n.ID] = &state[kg.Node]{stored: n, now: n}
		for _, former := range n.FormerIDs {
			b.ids[former] = n.ID
		}
	}
	return nil
}

// readRelationships reads the relationships that changes are made of.
func (b *batch) readRelationships(ctx context.Context, tx neo4j.ExplicitTransaction, t *catalog.Relationship, ids []string) error {
	found, err := list(ctx, tx, fmt.Sprintf("UNWIND $p1 AS id MATCH ()-[e:%s {id: id}]->() USING INDEX SEEK e:%[1]s(id) RETURN collect(properties(e))", quote(t.Name)), sortables(ids))
	if err != nil {
		return err
	}
	stored := make(map[string]map[string]any, len(found))
	for _, v := range found {
		props, _ := v.(map[string]any)
		id, _ := props["id"].(string)
		stored[original(id)] = props
	}
	for _, r := range b.ends {
		if r == nil || r.Type != t.Name {
			continue
		}
		id := t.ID(r)
		props := stored[id]
		if props == nil || b.rels[id] != nil {
			continue
		}
		old, err := decodeRelationship(t, r.From, r.To, props)
		if err != nil {
			return err
		}
		b.found(id, old)
	}
	return nil
}

// readRelated reads all relationships of nodes that are to be deleted.
func (b *batch) readRelated(ctx context.Context, tx neo4j.ExplicitTransaction, t *catalog.Type, ids []string) error {
	found, err := list(ctx, tx, fmt.Sprintf("UNWIND $p1 AS id MATCH (n:%s {id: id}) USING INDEX SEEK n:%[1]s(id) MATCH (n)-[e]-() WHERE type(e) <> $p2 RETURN collect([type(e), startNode(e).id, endNode(e).id, properties(e)])", quote(t.Name)), sortables(ids), aliasOf)
	if err != nil {
		return err
	}
	return b.foundAll(found)
}

// foundAll notes relationships that were read as lists of their type, the ids of
// their ends and their properties.
func (b *batch) foundAll(list []any) error {
	for _, v := range list {
		values, ok := v.([]any)
		if !ok || len(values) != 4 {
			return fmt.Errorf("a relationship is read as %T", v)
		}
		name, _ := values[0].(string)
		from, _ := values[1].(string)
		to, _ := values[2].(string)
		props, _ := values[3].(map[string]any)
		r := b.catalog.Relationship(name)
		if r == nil {
			return fmt.Errorf("relationship type %q is not in the model", name)
		}
		old, err := decodeRelationship(r, original(from), original(to), props)
		if err != nil {
			return err
		}
		if id := r.ID(old); b.rels[id] == nil {
			b.found(id, old)
		}
	}
	return nil
}

// list runs a statement that answers one list.
func list(ctx context.Context, tx neo4j.ExplicitTransaction, text string, args ...any) ([]any, error) {
	values, err := one(ctx, tx, text, args...)
	if err != nil || len(values) == 0 {
		return nil, err
	}
	out, _ := values[0].([]any)
	return out, nil
}

// write writes what has changed: what is gone, nodes, their former ids,
// relationships, the degrees of nodes that were there, and what is searched of
// them.
func (b *batch) write(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	for _, step := range []func(context.Context, neo4j.ExplicitTransaction) error{
		b.deleteRelationships, b.deleteAliases, b.deleteNodes,
		b.writeNodes, b.writeAliases, b.writeRelationships, b.writeDegrees, b.index,
	} {
		if err := step(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) writeNodes(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	created, updated := map[*catalog.Type][]any{}, map[*catalog.Type][]any{}
	for _, id := range b.order.nodes {
		st := b.nodes[id]
		if st.now == nil {
			continue
		}
		t := b.catalog.Type(st.now.Type)
		props, err := nodeProperties(t, st.now)
		if err != nil {
			return err
		}
		relationships := 0
		if st.stored == nil || st.reborn {
			for _, f := range t.Fields {
				if n := b.degrees[f][id]; n != 0 || f.Index || st.reborn {
					relationships += n
					props[f.Degree()] = n
					delete(b.degrees[f], id)
				}
			}
		}
		if st.stored == nil {
			if t.Search != nil {
				maps.Copy(props, searched(t, st.now, int64(relationships)))
			}
			created[t] = append(created[t], props)
			continue
		}
		old, err := nodeProperties(t, st.stored)
		if err != nil {
			return err
		}
		updated[t] = append(updated[t], without(props, old))
	}
	for t, rows := range created {
		if _, err := one(ctx, tx, fmt.Sprintf("UNWIND $p1 AS r CREATE (n:%s) SET n = r", quote(t.Name)), rows); err != nil {
			return err
		}
	}
	for t, rows := range updated {
		if _, err := one(ctx, tx, fmt.Sprintf("UNWIND $p1 AS r MATCH (n:%s {id: r.id}) USING INDEX SEEK n:%[1]s(id) SET n += r", quote(t.Name)), rows); err != nil {
			return err
		}
	}
	return nil
}

// without adds what takes properties away that were there and are not now.
func without(now, old map[string]any) map[string]any {
	for name := range old {
		if _, there := now[name]; !there {
			now[name] = nil
		}
	}
	return now
}

func (b *batch) writeAliases(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	rows := map[*catalog.Type][]any{}
	for _, id := range b.order.nodes {
		st := b.nodes[id]
		for _, former := range newer(st.now, st.stored) {
			t := b.catalog.TypeOfID(id)
			rows[t] = append(rows[t], []any{sortable(former), sortable(id)})
		}
	}
	for t, rows := range rows {
		_, err := one(ctx, tx, fmt.Sprintf("UNWIND $p1 AS r MATCH (n:%s {id: r[1]}) USING INDEX SEEK n:%[1]s(id) CREATE (:%s {id: r[0]})-[:%s]->(n)", quote(t.Name), aliasLabel, aliasOf), rows)
		if err != nil {
			return err
		}
	}
	return nil
}

// newer returns the former ids that a node has and that the other has not.
func newer(n, than *kg.Node) (out []string) {
	if n == nil {
		return nil
	}
	for _, id := range n.FormerIDs {
		// A node may name its own id as a former one, which is no other.
		if id != n.ID && (than == nil || !slices.Contains(than.FormerIDs, id)) {
			out = append(out, id)
		}
	}
	return out
}

func (b *batch) writeRelationships(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	type kind struct {
		*catalog.Relationship
		catalog.Ends
	}
	created, updated := map[kind][]any{}, map[*catalog.Relationship][]any{}
	for _, id := range b.order.rels {
		st := b.rels[id]
		if st.now == nil {
			continue
		}
		t := b.catalog.Relationship(st.now.Type)
		props, err := relationshipProperties(t, st.now)
		if err != nil {
			return err
		}
		if st.stored != nil {
			old, err := relationshipProperties(t, st.stored)
			if err != nil {
				return err
			}
			updated[t] = append(updated[t], without(props, old))
			continue
		}
		k := kind{t, catalog.Ends{From: b.catalog.TypeOfID(st.now.From), To: b.catalog.TypeOfID(st.now.To)}}
		created[k] = append(created[k], []any{sortable(st.now.From), sortable(st.now.To), props})
	}
	for k, rows := range created {
		_, err := one(ctx, tx, fmt.Sprintf(`UNWIND $p1 AS r MATCH (a:%s {id: r[0]}) USING INDEX SEEK a:%[1]s(id) MATCH (b:%s {id: r[1]}) USING INDEX SEEK b:%[2]s(id)
CREATE (a)-[e:%s]->(b) SET e = r[2]`, quote(k.From.Name), quote(k.To.Name), quote(k.Name)), rows)
		if err != nil {
			return err
		}
	}
	for t, rows := range updated {
		if _, err := one(ctx, tx, fmt.Sprintf("UNWIND $p1 AS r MATCH ()-[e:%s {id: r.id}]->() USING INDEX SEEK e:%[1]s(id) SET e += r", quote(t.Name)), rows); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) writeDegrees(ctx context.Context, tx neo4j.ExplicitTransaction) error {
	for f, deltas := range b.degrees {
		var rows []any
		for id, n := range deltas {
			if n != 0 {
				rows = append(rows, []any{sortable(id), n})
			}
		}
		if len(rows) == 0 {
			continue
		}
		_, err := one(ctx, tx, fmt.Sprintf("UNWIND $p1 AS r MATCH (n:%s {id: r[0]}) USING INDEX SEEK n:%[1]s(id) SET n.%s = coalesce(n.%[2]s, 0) + r[1]", quote(f.Owner.Name), quote(f.Degree())), rows)
		if err != nil {
			return err
		}
	}
	return nil
}
