package storetest

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// derived returns the nodes to which a computed field leads, each with what
// lies between as the properties of its relationship.
func (g *Graph) derived(id string, f *catalog.RelationshipField) (out []item) {
	between := map[string]map[*catalog.Way][]*kg.Node{}
	for _, w := range f.Derived.Ways {
		for _, v := range g.reach(id, w.Out, g.statuses()...) {
			for _, far := range g.reach(v.node.ID, w.Back, g.statuses()...) {
				if far.node.ID == id {
					continue
				}
				if between[far.node.ID] == nil {
					between[far.node.ID] = map[*catalog.Way][]*kg.Node{}
				}
				if !slices.Contains(between[far.node.ID][w], v.node) {
					between[far.node.ID][w] = append(between[far.node.ID][w], v.node)
				}
			}
		}
	}
	for far, ways := range between {
		rel := &kg.Relationship{Type: f.Relationship.Name, From: id, To: far, Properties: kg.Properties{}}
		for _, c := range f.Derived.Counts {
			n := int64(0)
			for _, v := range ways[c.Way] {
				if c.AtMost == 0 || g.degree(v.ID, c.Way.Back) <= int64(c.AtMost) {
					n++
				}
			}
			rel.Properties[c.Property.Name] = n
		}
		for _, span := range f.Derived.Spans {
			for _, nodes := range ways {
				for _, v := range nodes {
					d, has := v.Properties[span.Of].(string)
					best, there := rel.Properties[span.Property.Name].(string)
					if !has {
						continue
					}
					c := 0
					if there {
						c = strings.Compare(date(d).SortKey()+d, date(best).SortKey()+best)
					}
					if !there || (c < 0) != span.Last && c != 0 {
						rel.Properties[span.Property.Name] = d
					}
				}
			}
		}
		out = append(out, item{node: g.nodes[far], rel: rel, id: far})
	}
	slices.SortFunc(out, func(a, b item) int { return strings.Compare(a.node.ID, b.node.ID) })
	return out
}

// measure returns what a key of an order counts or sums over the relationships
// of a node.
func (g *Graph) measure(id string, k by) (n int64) {
	for _, it := range g.reach(id, k.Degree, g.statuses()...) {
		switch {
		case k.Sum != nil:
			v, _ := it.value(k.Sum, true).(int64)
			n += v
		case k.Degree.Derived == nil || it.value(k.Degree.Derived.By, true).(int64) > 0:
			n++
		}
	}
	return n
}

// origin is the place from which the suite measures distances.
const origin = "place:t:herault"

// distance returns the square of the straight line from the origin to a node,
// and the greatest number where it has no location.
func (g *Graph) distance(n *kg.Node) (sum int64) {
	from, to := location(g.nodes[origin]), location(n)
	if from == nil || to == nil {
		return math.MaxInt64
	}
	p, q := from.Geocentric(), to.Geocentric()
	for i := range p {
		sum += (p[i] - q[i]) * (p[i] - q[i])
	}
	return sum
}

func location(n *kg.Node) *kg.Point {
	text, there := n.Properties["location"].(kg.JSON)
	var p kg.Point
	if !there || json.Unmarshal([]byte(text), &p) != nil {
		return nil
	}
	return &p
}
