package plan

import "slices"

// Normal is a plan in normal form. Its zero value is no plan; Normalize makes
// one.
type Normal struct{ plan *Plan }

// Plan returns the plan. It must not be changed.
func (n Normal) Plan() *Plan { return n.plan }

// String prints the plan as an S-expression.
func (n Normal) String() string { return n.plan.String() }

// Normalize returns the normal form of a plan, in which predicates are flat,
// orders end in the ids that break ties, keys after a unique one are gone, and
// pages know whether they need an extra item. It does not change its argument,
// and the normal form of a normal form is the same.
func Normalize(p Plan) Normal {
	out := p
	switch r := p.Root.(type) {
	case *Lookup:
		l := *r
		l.Branches = branches(r.Branches)
		out.Root = &l
	case *Computed:
		out.Root = normalizeComputed(r)
	case *Connection:
		out.Root = connection(r)
	case *Search:
		out.Root = normalizeSearch(r)
	}
	return Normal{&out}
}

func fields(in []Field) []Field {
	out := make([]Field, len(in))
	for i, f := range in {
		switch f := f.(type) {
		case *Connection:
			out[i] = connection(f)
		case *Facts:
			out[i] = normalizeFacts(f)
		case *Computed:
			out[i] = normalizeComputed(f)
		case *EdgeNode:
			out[i] = &EdgeNode{Key: f.Key, Fields: fields(f.Fields)}
		case *Embedded:
			e := *f
			e.Fields = slices.Clone(f.Fields)
			for j := range e.Fields {
				e.Fields[j].Fields = fields(e.Fields[j].Fields)
			}
			out[i] = &e
		default:
			out[i] = f
		}
	}
	return out
}

func connection(c *Connection) *Connection {
	out := *c
	out.Filter = predicate(c.Filter)
	out.Order = order(c)
	out.Fields = make([]ConnectionField, len(c.Fields))
	for i, f := range c.Fields {
		switch f := f.(type) {
		case *Edges:
			out.Fields[i] = &Edges{Key: f.Key, Fields: fields(f.Fields)}
		case *Nodes:
			out.Fields[i] = &Nodes{Key: f.Key, Fields: fields(f.Fields)}
		default:
			out.Fields[i] = f
		}
	}
	more := "hasNextPage"
	if c.Page.Backward {
		more = "hasPreviousPage"
	}
	out.Page.Extra = c.Selects(more)
	return &out
}

// Selects reports whether a field of PageInfo is selected.
func (c *Connection) Selects(pageInfo string) bool {
	return slices.ContainsFunc(c.Fields, func(f ConnectionField) bool {
		i, ok := f.(*PageInfo)
		return ok && slices.ContainsFunc(i.Fields, func(f PageInfoField) bool { return f.Name == pageInfo })
	})
}

// Rows reports whether anything is selected that needs the items of the page.
func (c *Connection) Rows() bool {
	return slices.ContainsFunc(c.Fields, func(f ConnectionField) bool {
		switch f := f.(type) {
		case *Edges, *Nodes:
			return true
		case *PageInfo:
			return c.Page.Extra || slices.ContainsFunc(f.Fields, func(f PageInfoField) bool {
				return f.Name == "startCursor" || f.Name == "endCursor"
			})
		}
		return false
	})
}

// order returns the order with its tie-breaks: the node's id, and between the
// same nodes the relationship's, in the direction of the last key, so that the
// reverse order is the reverse scan.
func order(c *Connection) (out []OrderKey) {
	id := c.Target.Properties[0]
	unique := c.Field == nil || len(c.Field.Relationship.Key) == 0 // whether a node comes only once
	desc := false
	for _, k := range c.Order {
		if slices.ContainsFunc(out, func(o OrderKey) bool {
			return o.Property == k.Property && o.Edge == k.Edge && o.Degree == k.Degree && o.Sum == k.Sum && o.EdgeID == k.EdgeID && o.Distance == nil && k.Distance == nil
		}) {
			continue
		}
		out = append(out, k)
		desc = k.Desc
		if k.EdgeID || (k.Property == id && !k.Edge && unique) {
			return out
		}
	}
	if !slices.ContainsFunc(out, func(o OrderKey) bool { return o.Property == id && !o.Edge }) {
		out = append(out, OrderKey{Property: id, Desc: desc})
	}
	if !unique {
		out = append(out, OrderKey{EdgeID: true, Desc: desc})
	}
	return out
}

// predicate flattens: nested And and Or of one kind become one, single parts
// stand alone, double negation goes, and a condition that always holds is nil.
func predicate(p Predicate) Predicate {
	switch p := p.(type) {
	case And:
		var out And
		for _, part := range p {
			switch part := predicate(part).(type) {
			case nil:
			case And:
				out = append(out, part...)
			default:
				out = append(out, part)
			}
		}
		switch len(out) {
		case 0:
			return nil
		case 1:
			return out[0]
		}
		return out
	case Or:
		out := Or{}
		for _, part := range p {
			switch part := predicate(part).(type) {
			case nil:
				return nil
			case Or:
				out = append(out, part...)
			default:
				out = append(out, part)
			}
		}
		if len(out) == 1 {
			return out[0]
		}
		return out
	case Not:
		switch part := predicate(p.Of).(type) {
		case nil:
			return Or{}
		case Not:
			return part.Of
		case Or:
			if len(part) == 0 {
				return nil
			}
			return Not{part}
		default:
			return Not{part}
		}
	case Exists:
		p.Of = predicate(p.Of)
		return p
	case Tally:
		p.Of = predicate(p.Of)
		return p
	case Distinct:
		p.Of = predicate(p.Of)
		return p
	}
	return p
}
