package projection

import (
	"math"

	"github.com/maillage/maillage/internal/kg"
)

// Exchanges is what actors declare that they need, or that they offer. The
// slices are by exchange.
type Exchanges struct {
	Table
	Kind    []string // a value of the model's enum; Resource is one of them
	Until   []Day    // the last day on which it stands; NoDay when it stands without end
	Class   []string // of resources: the class of material
	Amount  []Amount // of resources
	Actors  Lists    // by exchange: who declares it
	Sectors Lists    // by exchange: what it is about
	ByActor Lists    // by actor: what it declares
}

// Amount is how much of a resource there is, each period or once.
type Amount struct {
	Quantity float64 // NaN when it is not known
	Unit     string  // a UN/CEFACT code, such as TNE
	Period   string  // an ISO 8601 duration, such as P1M; "" when it is there once
}

// Calls are calls for proposals. The slices are by call.
type Calls struct {
	Table
	From, To []Day   // the day on which it opens, and that of its last deadline
	Least    []int32 // partners that an answer needs at least; 0 when it is not known
	Sectors  Lists   // by call: what it is about
}

func (b *Builder) exchanges(d *Declared, g *Graph) Exchanges {
	e := Exchanges{Table: newTable(nil), ByActor: newLists(g.Actors.Len(), nil)}
	if d != nil {
		e.Table = newTable(b.ids(d.Type))
	}
	n := e.Len()
	e.Kind, e.Until, e.Class, e.Amount = make([]string, n), make([]Day, n), make([]string, n), make([]Amount, n)
	if d == nil {
		e.Actors, e.Sectors = newLists(n, nil), newLists(n, nil)
		return e
	}
	for i := range n {
		props := b.nodes[e.ID(int32(i))].Properties
		e.Kind[i] = text(props, exchangeKind)
		e.Class[i] = text(props, classField)
		e.Amount[i] = Amount{math.NaN(), text(props, unitField), text(props, periodField)}
		if q, ok := props[quantityField].(float64); ok {
			e.Amount[i].Quantity = q
		}
		e.Until[i] = NoDay
		if p := d.Type.Period; p != nil {
			e.Until[i] = lastDay(props, p.To)
		}
	}
	e.Actors, e.ByActor = b.along(d.By, &e.Table, &g.Actors)
	e.Sectors, _ = b.along(d.Sectors, &e.Table, &g.Sectors)
	return e
}

func (b *Builder) calls(g *Graph) Calls {
	t := g.Model.Call
	if t == nil {
		return Calls{Table: newTable(nil), Sectors: newLists(0, nil)}
	}
	c := Calls{Table: newTable(b.ids(t))}
	n := c.Len()
	c.From, c.To, c.Least = make([]Day, n), make([]Day, n), make([]int32, n)
	for i := range n {
		props := b.nodes[c.ID(int32(i))].Properties
		c.From[i], c.To[i] = NoDay, NoDay
		if p := t.Period; p != nil {
			c.From[i], c.To[i] = day(props, p.From), lastDay(props, p.To)
		}
		if least, ok := props[leastField].(int64); ok {
			c.Least[i] = int32(max(0, least))
		}
	}
	c.Sectors, _ = b.between(t, &c.Table, &g.Sectors, g.Model.Sector)
	return c
}

func text(props kg.Properties, name string) string {
	s, _ := props[name].(string)
	return s
}
