package neo4jstore

import (
	"fmt"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// axes are the parts of a point.
var axes = [3]plan.Part{plan.X, plan.Y, plan.Z}

// origin writes where distances are measured from, along each axis, and the
// pattern that finds the node whose place it is; that is empty for a point.
func (b *compiler) origin(o plan.Origin) (at [3]string, node string) {
	if o.Type == nil {
		for i := range axes {
			at[i] = b.arg(o.At[i])
		}
		return at, ""
	}
	v := "o" + b.number()
	for i, axis := range axes {
		at[i] = v + "." + quote(store.ColumnName(o.Type.Location, axis))
	}
	return at, fmt.Sprintf("(%s:%s {id: %s})", v, quote(o.Type.Name), b.id(o.ID))
}

// squares writes the square of the straight line to a location, null where
// either end is nowhere.
func squares(p *catalog.Property, at [3]string, s *scope) string {
	terms := make([]string, len(axes))
	for i, axis := range axes {
		d := fmt.Sprintf("(%s - %s)", s.property(store.ColumnName(p, axis), false), at[i])
		terms[i] = d + " * " + d
	}
	return strings.Join(terms, " + ")
}

// distance writes the square of the straight line from an origin to a location.
func (b *compiler) distance(p *catalog.Property, o plan.Origin, s *scope) string {
	at, node := b.origin(o)
	if node == "" {
		return squares(p, at, s)
	}
	return fmt.Sprintf("head(COLLECT { MATCH %s RETURN %s AS d })", node, squares(p, at, s))
}

// inBox returns that a location is near: in a box first, which an index finds.
func (b *compiler) inBox(p plan.Near, at [3]string, s *scope) string {
	x, chord := s.property(store.ColumnName(p.Property, plan.X), false), b.arg(p.Chord)
	return fmt.Sprintf("%s >= %s - %s AND %[1]s <= %[2]s + %[3]s AND %[4]s <= %[3]s * %[3]s", x, at[0], chord, squares(p.Property, at, s))
}

// near writes that a location is near.
func (b *compiler) near(p plan.Near, s *scope) string {
	at, node := b.origin(p.From)
	if node == "" {
		return "(" + b.inBox(p, at, s) + ")"
	}
	return fmt.Sprintf("EXISTS { MATCH %s WHERE %s }", node, b.inBox(p, at, s))
}

// around writes the clauses that lead to the nodes near an origin.
func (b *compiler) around(p plan.Near, t *catalog.Type, s *scope) (k block) {
	at, node := b.origin(p.From)
	if node != "" {
		k.line("MATCH %s", node)
	}
	k.line("MATCH (%s:%s)", s.node, quote(t.Name))
	k.line("WHERE %s AND %s IS NOT NULL", b.inBox(p, at, s), s.property("id", false))
	k.line("WITH %s", s.node)
	return k
}
