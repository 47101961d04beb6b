package store

import (
	"encoding/json"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
	"github.com/maillage/maillage/internal/text"
)

// Names of what stores keep beside a property. Names in a schema hold no
// underscore, so that these are free.
const (
	keySuffix  = "_key"
	lastSuffix = "_last"
	xSuffix    = "_x"
	ySuffix    = "_y"
	zSuffix    = "_z"
)

// Column is a part of a property as stores keep it: a column of a table, or a
// property of a node or relationship on Neo4j.
type Column struct {
	Name     string
	Property *catalog.Property
	Part     plan.Part
}

// Columns returns what is kept of a property, its value first. A localized
// text is computed and nothing is kept of it.
func Columns(p *catalog.Property) []Column {
	if p.Computed() {
		return nil
	}
	out := []Column{{p.Name, p, plan.Whole}}
	if plan.HasKey(p) || p.Kind == catalog.StringList {
		out = append(out, Column{p.Name + keySuffix, p, plan.Key})
	}
	if p.Kind == catalog.Date {
		out = append(out, Column{p.Name + lastSuffix, p, plan.Last})
	}
	if p.Point() {
		out = append(out, Column{p.Name + xSuffix, p, plan.X}, Column{p.Name + ySuffix, p, plan.Y}, Column{p.Name + zSuffix, p, plan.Z})
	}
	return out
}

// ColumnName returns the name of the column that holds a part of a property:
// the value itself serves as key where none is kept.
func ColumnName(p *catalog.Property, part plan.Part) string {
	switch {
	case part == plan.Key && (plan.HasKey(p) || p.Kind == catalog.StringList):
		return p.Name + keySuffix
	case part == plan.Last:
		return p.Name + lastSuffix
	case part >= plan.X:
		return p.Name + []string{xSuffix, ySuffix, zSuffix}[part-plan.X]
	}
	return p.Name
}

// Value returns what a column holds for a value of kg.Properties; nil stands
// for an absent value. The key of an indexed property is never absent: in its
// place stands the greatest key of the kind, so that an index has every node.
func (c Column) Value(v any) any {
	if f, ok := v.(float64); ok && f == 0 {
		v = 0.0 // negative zero is not told apart
	}
	switch c.Part {
	case plan.Key:
		if v == nil {
			if c.Property.Index {
				return Greatest(c.Property.Kind)
			}
			return nil
		}
		return key(c.Property, v)
	case plan.Last:
		if v == nil {
			return nil
		}
		return mustDate(v).Last
	case plan.X, plan.Y, plan.Z:
		at, ok := point(v)
		if !ok {
			return nil
		}
		return at[c.Part-plan.X]
	}
	return v
}

// point returns where a stored point is. One that is none on the globe is
// nowhere.
func point(v any) (at [3]int64, ok bool) {
	var p kg.Point
	text, is := v.(kg.JSON)
	if !is || json.Unmarshal([]byte(text), &p) != nil || !p.Valid() {
		return at, false
	}
	return p.Geocentric(), true
}

// Greatest returns the sort key that stands for an absent value.
func Greatest(k catalog.Kind) any {
	switch k {
	case catalog.Int, catalog.Decimal:
		return int64(plan.AbsentInt)
	case catalog.Float:
		return plan.AbsentFloat
	}
	return plan.AbsentText
}

// Begins separates the sort keys of dates that have a beginning from those that
// are open there, which are less.
const Begins = "0001"

func key(p *catalog.Property, v any) any {
	switch p.Kind {
	case catalog.String:
		return text.Fold(v.(string))
	case catalog.Date:
		return mustDate(v).SortKey()
	case catalog.StringList:
		list := v.([]string)
		out := make([]string, len(list))
		for i := range list {
			out[i] = text.Fold(list[i])
		}
		return out
	}
	return v
}

// mustDate parses a date that Check has let through.
func mustDate(v any) kg.Date {
	d, err := kg.ParseDate(v.(string))
	if err != nil {
		panic("store: " + err.Error())
	}
	return d
}
