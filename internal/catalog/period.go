package catalog

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// Period says when a node or relationship holds: from the first day that From
// may mean to the last that To may mean. Either may be nil, and open.
type Period struct {
	From, To *Property
	// Moment is whether what has no end ends when it begins, as an event does.
	Moment bool
}

// period reads when nodes of a type, or relationships with its properties, hold,
// and gives it to the properties that say whether they do today.
func period(d *ast.Definition, props []*Property, property func(string) *Property) (*Period, error) {
	out, err := bounds(d, property)
	if err != nil {
		return nil, err
	}
	for _, p := range props {
		if p.Kind != Live {
			continue
		}
		if out == nil || out.To == nil {
			return nil, fmt.Errorf("field %s: @live needs a @period with a to", p.Name)
		}
		p.Period = out
	}
	return out, nil
}

func bounds(d *ast.Definition, property func(string) *Property) (*Period, error) {
	dir := d.Directives.ForName("period")
	if dir == nil {
		return nil, nil
	}
	out := &Period{Moment: argument(dir, "moment") == "true"}
	for _, end := range []struct {
		name string
		to   **Property
	}{{"from", &out.From}, {"to", &out.To}} {
		name := argument(dir, end.name)
		if name == "" {
			continue
		}
		p := property(name)
		if p == nil || p.Kind != Date {
			return nil, fmt.Errorf("@period: %q is no date of %s", name, d.Name)
		}
		*end.to = p
	}
	switch {
	case out.From == nil && out.To == nil:
		return nil, fmt.Errorf("@period of %s names neither from nor to", d.Name)
	case out.Moment && out.From == nil:
		return nil, fmt.Errorf("@period of %s: a moment has a from", d.Name)
	}
	return out, nil
}
