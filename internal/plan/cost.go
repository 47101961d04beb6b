package plan

// What looks at all items of a connection costs so much, at the root and below
// each node.
const (
	rootScan   = 100
	nestedScan = 10
)

// Cost estimates the work of a plan in points: one for each node looked up,
// and for each connection one plus the limit of its page times the cost of an
// item, and more for groups, figures and orders that look at all items. It
// depends on what is asked, never on what there is.
func (n Normal) Cost() int {
	switch r := n.plan.Root.(type) {
	case *Lookup:
		cost := 0
		for _, b := range r.Branches {
			cost = max(cost, fieldsCost(b.Fields))
		}
		return len(r.IDs) * (1 + cost)
	case *Connection:
		return connectionCost(r)
	case *Computed:
		return computedCost(r)
	case *Search:
		item := 0
		for _, b := range r.Branches {
			item = max(item, fieldsCost(b.Fields))
		}
		return saturate(1 + rootScan + r.Limit*(1+item))
	}
	return 1
}

func connectionCost(c *Connection) int {
	item, scans := 1, 0
	for _, k := range c.Order {
		if !k.Stored() {
			scans++
		}
	}
	if c.Field != nil && c.Field.Derived != nil {
		scans++
	}
	for _, f := range c.Fields {
		switch f := f.(type) {
		case *Facets, *Aggregate:
			scans++
		case *Edges:
			item = saturate(item + fieldsCost(f.Fields))
		case *Nodes:
			item = saturate(item + fieldsCost(f.Fields))
		}
	}
	scan := rootScan
	if c.Field != nil {
		scan = nestedScan
	}
	return saturate(1 + scan*scans + c.Page.Limit*item)
}

func fieldsCost(fields []Field) (cost int) {
	for _, f := range fields {
		switch f := f.(type) {
		case *Connection:
			cost += connectionCost(f)
		case *Facts:
			cost += factsCost(f)
		case *Computed:
			cost += computedCost(f)
		case *EdgeNode:
			cost += fieldsCost(f.Fields)
		case *Embedded:
			for _, e := range f.Fields {
				if len(e.Fields) > 0 {
					cost += 1 + fieldsCost(e.Fields)
				}
			}
		}
		cost = saturate(cost)
	}
	return cost
}

// saturate keeps costs far from overflow: a page multiplies by 100 at most.
func saturate(cost int) int { return min(cost, 1<<40) }
