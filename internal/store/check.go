package store

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// MaxID is the greatest length of an id in bytes.
const MaxID = 256

// Check reports the first thing that keeps a change from fitting a model: its
// types, ids, properties and their values. Whether the ends of a relationship
// exist only the store knows.
func Check(c *catalog.Catalog, ch kg.Change) error {
	switch {
	case (ch.Node == nil) == (ch.Relationship == nil):
		return fmt.Errorf("a change holds a node or a relationship")
	case ch.Node != nil && ch.Action == kg.Delete:
		return checkNamed(c, ch.Node.ID)
	case ch.Node != nil:
		return checkNode(c, ch.Node)
	case ch.Action == kg.Delete:
		_, err := checkEnds(c, ch.Relationship)
		return err
	}
	return checkRelationship(c, ch.Relationship)
}

// checkNamed checks an id that says of which type its node is.
func checkNamed(c *catalog.Catalog, id string) error {
	if c.TypeOfID(id) == nil {
		return fmt.Errorf("id %q does not begin with the prefix of a type", id)
	}
	return checkID(id)
}

// Fit checks a change and returns it as it can be stored: records are dropped
// where the model has no place for them.
func Fit(c *catalog.Catalog, ch kg.Change) (kg.Change, error) {
	if err := Check(c, ch); err != nil {
		return ch, err
	}
	if ch.Action == kg.Delete {
		return ch, nil
	}
	if n := ch.Node; n != nil && len(n.Records) > 0 && c.Type(n.Type).Property(catalog.Records) == nil {
		bare := *n
		bare.Records = nil
		ch.Node = &bare
	}
	if r := ch.Relationship; r != nil && len(r.Records) > 0 && c.Relationship(r.Type).Property(catalog.Records) == nil {
		bare := *r
		bare.Records = nil
		ch.Relationship = &bare
	}
	return ch, nil
}

func checkNode(c *catalog.Catalog, n *kg.Node) error {
	t := c.Type(n.Type)
	if t == nil {
		return fmt.Errorf("type %q is not in the model", n.Type)
	}
	for _, id := range append([]string{n.ID}, n.FormerIDs...) {
		if err := checkID(id); err != nil {
			return err
		}
		if c.TypeOfID(id) != t {
			return fmt.Errorf("id %q does not begin with %q", id, t.Prefix+":")
		}
	}
	if err := checkRecords(t.Property, n.Records); err != nil {
		return err
	}
	return checkProperties(t.Name, t.Property, n.Properties)
}

// checkEnds checks what names a relationship, and returns its type.
func checkEnds(c *catalog.Catalog, r *kg.Relationship) (*catalog.Relationship, error) {
	t := c.Relationship(r.Type)
	if t == nil {
		return nil, fmt.Errorf("relationship type %q is not in the model", r.Type)
	}
	for _, id := range []string{r.From, r.To} {
		if err := checkID(id); err != nil {
			return nil, err
		}
	}
	from, to := c.TypeOfID(r.From), c.TypeOfID(r.To)
	if from == nil || to == nil || !t.Joins(from, to) {
		return nil, fmt.Errorf("%s does not lead from %q to %q", r.Type, r.From, r.To)
	}
	for _, k := range t.Key {
		if r.Properties[k.Name] == nil {
			return nil, fmt.Errorf("%s needs %q, which tells its relationships apart", r.Type, k.Name)
		}
	}
	return t, nil
}

func checkRelationship(c *catalog.Catalog, r *kg.Relationship) error {
	t, err := checkEnds(c, r)
	if err != nil {
		return err
	}
	if err := checkRecords(t.Property, r.Records); err != nil {
		return err
	}
	return checkProperties(t.Name, t.Property, r.Properties)
}

func checkRecords(property func(string) *catalog.Property, records []kg.Record) error {
	for _, r := range records {
		for _, o := range r.Overridden {
			p := property(o.Property)
			if p == nil {
				return fmt.Errorf("a record of %q overrides a property %q that there is not", r.Source, o.Property)
			}
			v, err := ParseValue(p, o.Value)
			if err == nil {
				err = checkValue(p, v)
			}
			if err != nil {
				return fmt.Errorf("a record of %q: %s: %w", r.Source, o.Property, err)
			}
		}
		texts := append([]string{r.Source, r.Locator, r.Derivation}, r.Properties...)
		if slices.ContainsFunc(texts, func(s string) bool { return !answer.ValidText(s) }) {
			return fmt.Errorf("a record of %q holds text that cannot be stored", r.Source)
		}
	}
	return nil
}

func checkID(id string) error {
	if len(id) > MaxID || strings.ContainsAny(id, "|%") || !answer.ValidText(id) {
		return fmt.Errorf("id %q is longer than %d bytes or holds | or %%", id, MaxID)
	}
	if strings.HasSuffix(id, ":") {
		return fmt.Errorf("id %q has nothing after its prefix", id)
	}
	return nil
}

func checkProperties(typ string, property func(string) *catalog.Property, props kg.Properties) error {
	for name, v := range props {
		p := property(name)
		if p == nil || p.Computed() || name == "id" || catalog.Provenance(name) {
			return fmt.Errorf("%s has no property %q to set", typ, name)
		}
		if err := checkValue(p, v); err != nil {
			return fmt.Errorf("%s.%s: %w", typ, name, err)
		}
	}
	return nil
}

func checkValue(p *catalog.Property, v any) error {
	switch v := v.(type) {
	case string:
		return checkText(p, v)
	case int64:
		if p.Kind == catalog.Decimal && v >= -kg.MaxHundredths && v <= kg.MaxHundredths || p.Kind == catalog.Int && v >= math.MinInt32 && v <= math.MaxInt32 {
			return nil
		}
	case float64:
		if p.Kind == catalog.Float && !math.IsInf(v, 0) && !math.IsNaN(v) && math.Abs(v) < math.MaxFloat64 {
			return nil
		}
	case bool:
		if p.Kind == catalog.Boolean {
			return nil
		}
	case []string:
		if p.Kind == catalog.StringList && len(v) > 0 && !slices.ContainsFunc(v, func(s string) bool { return !answer.ValidText(s) }) {
			return nil
		}
	case kg.JSON:
		if p.Kind == catalog.Embed && json.Valid([]byte(v)) && answer.ValidText(string(v)) {
			return nil
		}
	}
	return fmt.Errorf("%v is no value of kind %s", v, p.Kind)
}

func checkText(p *catalog.Property, s string) error {
	if !answer.ValidText(s) {
		return fmt.Errorf("the text is not valid UTF-8 or holds a character that cannot be stored")
	}
	switch p.Kind {
	case catalog.String, catalog.ID:
		return nil
	case catalog.Enum:
		if slices.Contains(p.Enum, s) {
			return nil
		}
		return fmt.Errorf("%q is none of %s", s, strings.Join(p.Enum, ", "))
	case catalog.Date:
		_, err := kg.ParseDate(s)
		return err
	case catalog.DateTime:
		t, err := time.Parse(time.RFC3339, s)
		if err != nil || t.UTC().Format(time.RFC3339) != s {
			return fmt.Errorf("%q is no instant in UTC with whole seconds", s)
		}
		return nil
	}
	return fmt.Errorf("%q is no value of kind %s", s, p.Kind)
}

// Complete reports which property that its type requires a new node lacks.
func Complete(t *catalog.Type, n *kg.Node) error {
	return complete(t.Name, t.Properties, n.Properties)
}

// CompleteRelationship reports which property that its type requires a new
// relationship lacks.
func CompleteRelationship(t *catalog.Relationship, r *kg.Relationship) error {
	return complete(t.Name, t.Properties, r.Properties)
}

func complete(typ string, props []*catalog.Property, have kg.Properties) error {
	for _, p := range props {
		if needed(p) && have[p.Name] == nil {
			return fmt.Errorf("%s needs a value for %q", typ, p.Name)
		}
	}
	return nil
}

// needed reports whether nothing can be without a value of the property.
func needed(p *catalog.Property) bool {
	return p.Required && p.Name != "id" && p.Kind != catalog.StringList && p.Kind != catalog.Embed && !p.Computed()
}
