package projection

import (
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// columns are what is kept of the nodes of a type, by row. Those that a type
// does not have are empty.
type columns struct {
	kind, size  column[uint8]
	country     column[string]
	at          column[Position]
	from, to    column[Day]
	word, class column[string]
	amount      column[Amount]
	least       column[int32]
}

// column holds a value for each row, which is made of one or more properties.
type column[T any] struct {
	props  []*catalog.Property
	none   T
	set    func(into *T, p *catalog.Property, v any)
	values []T
}

type anyColumn interface {
	properties() []*catalog.Property
	// put takes from the values those of its properties, and returns the others.
	// Absent values leave a row as it is.
	put(row int, values []any) []any
	add()
}

func (c *columns) each() []anyColumn {
	return []anyColumn{&c.kind, &c.size, &c.country, &c.at, &c.from, &c.to, &c.word, &c.class, &c.amount, &c.least}
}

// properties returns the properties of all columns, in the order in which put
// takes their values.
func (c *columns) properties() (out []*catalog.Property) {
	for _, col := range c.each() {
		out = append(out, col.properties()...)
	}
	return out
}

// add adds a row of which nothing is known.
func (c *columns) add() {
	for _, col := range c.each() {
		col.add()
	}
}

func (c *columns) put(row int, values []any) {
	for _, col := range c.each() {
		values = col.put(row, values)
	}
}

// gather returns rows in another order, see gather.
func (c *columns) gather(other *columns, order []int32) columns {
	return columns{
		kind: c.kind.gather(&other.kind, order), size: c.size.gather(&other.size, order), country: c.country.gather(&other.country, order),
		at: c.at.gather(&other.at, order), from: c.from.gather(&other.from, order), to: c.to.gather(&other.to, order),
		word: c.word.gather(&other.word, order), class: c.class.gather(&other.class, order),
		amount: c.amount.gather(&other.amount, order), least: c.least.gather(&other.least, order),
	}
}

func (c *column[T]) properties() []*catalog.Property { return c.props }

func (c *column[T]) add() {
	if len(c.props) > 0 {
		c.values = append(c.values, c.none)
	}
}

func (c *column[T]) put(row int, values []any) []any {
	for i, p := range c.props {
		if values[i] != nil {
			c.set(&c.values[row], p, values[i])
		}
	}
	return values[len(c.props):]
}

// gather returns the values of rows: row order[i] where that is not negative,
// and otherwise row ^order[i] of the other column. A nil order is the present one.
func (c *column[T]) gather(other *column[T], order []int32) column[T] {
	out := *c
	if order == nil || len(c.props) == 0 {
		return out
	}
	out.values = make([]T, len(order))
	for i, from := range order {
		if from >= 0 {
			out.values[i] = c.values[from]
		} else {
			out.values[i] = other.values[^from]
		}
	}
	return out
}

// newColumn returns an empty column of some properties, of which nil ones do
// not count. Without any it stays empty.
func newColumn[T any](none T, set func(into *T, p *catalog.Property, v any), props ...*catalog.Property) column[T] {
	return column[T]{props: slices.DeleteFunc(props, func(p *catalog.Property) bool { return p == nil }), none: none, set: set}
}

// enumColumn holds where values stand in the enum of a property, from 1.
func enumColumn(p *catalog.Property) column[uint8] {
	return newColumn(0, func(into *uint8, _ *catalog.Property, v any) {
		text, _ := v.(string)
		*into = uint8(1 + slices.Index(p.Enum, text))
	}, p)
}

// textColumn holds texts, of which equal ones are kept once.
func textColumn(p *catalog.Property) column[string] {
	known := map[string]string{}
	return newColumn("", func(into *string, _ *catalog.Property, v any) {
		text, _ := v.(string)
		if _, there := known[text]; !there {
			known[text] = text
		}
		*into = known[text]
	}, p)
}

var nowhere = Position{float32(math.NaN()), float32(math.NaN())}

func positionColumn(p *catalog.Property) column[Position] {
	return newColumn(nowhere, func(into *Position, _ *catalog.Property, v any) {
		var at struct{ Latitude, Longitude float64 }
		text, _ := v.(kg.JSON)
		if json.Unmarshal([]byte(text), &at) == nil {
			*into = Position{float32(at.Latitude), float32(at.Longitude)}
		}
	}, p)
}

// dayColumns hold the first day of the beginning of a period, and the last of
// its end. An open one is none.
func dayColumns(p *catalog.Period) (from, to column[Day]) {
	if p == nil {
		p = &catalog.Period{}
	}
	return dayColumn(p.From, func(d kg.Date) string { return d.First }, kg.OpenFirst), dayColumn(p.To, func(d kg.Date) string { return d.Last }, kg.OpenLast)
}

// dayColumn holds a day of dates. Many have the same, which is read once.
func dayColumn(p *catalog.Property, of func(kg.Date) string, open string) column[Day] {
	known := map[string]Day{}
	return newColumn(NoDay, func(into *Day, _ *catalog.Property, v any) {
		text, _ := v.(string)
		day, there := known[text]
		if !there {
			day = NoDay
			if d, err := kg.ParseDate(text); err == nil && of(d) != open {
				day = number(of(d))
			}
			known[text] = day
		}
		*into = day
	}, p)
}

func number(day string) Day {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return NoDay
	}
	return Day(t.Unix() / 86400)
}

// amountColumn holds how much of a resource there is.
func amountColumn(quantity, unit, period *catalog.Property) column[Amount] {
	return newColumn(Amount{Quantity: math.NaN()}, func(into *Amount, p *catalog.Property, v any) {
		switch v := v.(type) {
		case float64:
			into.Quantity = v
		case string:
			if p == unit {
				into.Unit = v
			} else {
				into.Period = v
			}
		}
	}, quantity, unit, period)
}

// countColumn holds a number that is not negative.
func countColumn(p *catalog.Property) column[int32] {
	return newColumn(0, func(into *int32, _ *catalog.Property, v any) {
		if n, ok := v.(int64); ok {
			*into = int32(max(0, n))
		}
	}, p)
}
