package sqlitestore

import (
	"fmt"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/store"
)

// axes are the parts of a point.
var axes = [3]plan.Part{plan.X, plan.Y, plan.Z}

// origin writes where distances are measured from, along each axis.
func (b *compiler) origin(o plan.Origin) (at [3]string) {
	key := ""
	if o.Type != nil {
		key = b.key(o.ID)
	}
	for i, axis := range axes {
		if o.Type == nil {
			at[i] = b.arg(o.At[i])
		} else {
			at[i] = fmt.Sprintf(`(select %s from %s where "key" = %s)`, quote(store.ColumnName(o.Type.Location, axis)), quote(o.Type.Name), key)
		}
	}
	return at
}

// distance writes the square of the straight line from an origin to a location,
// NULL where either is nowhere.
func (b *compiler) distance(p *catalog.Property, o plan.Origin, n names) string {
	return squares(p, b.origin(o), n)
}

func squares(p *catalog.Property, at [3]string, n names) string {
	text := ""
	for i, axis := range axes {
		d := fmt.Sprintf("(%s.%s - %s)", n.node, quote(store.ColumnName(p, axis)), at[i])
		if i > 0 {
			text += " + "
		}
		text += d + " * " + d
	}
	return "(" + text + ")"
}

// near writes that a location is near: in a box first, which an index finds.
func (b *compiler) near(p plan.Near, n names) string {
	at, chord := b.origin(p.From), b.arg(p.Chord)
	x := n.node + "." + quote(store.ColumnName(p.Property, plan.X))
	return fmt.Sprintf("(%s between %s - %s and %[2]s + %[3]s and %[4]s <= %[3]s * %[3]s)", x, at[0], chord, squares(p.Property, at, n))
}
