package jsonl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/maillage/maillage/internal/answer"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
)

// readProperties reads the object of properties, whose kinds property names.
func (e *entry) readProperties(p *parser, property func(string) *catalog.Property) (kg.Properties, *Error) {
	if e.properties == 0 {
		return nil, nil
	}
	p.pos = e.properties
	out, at := kg.Properties{}, ""
	err := p.object(func(name string) error {
		at = name
		prop := property(name)
		if prop == nil || !stored(prop) {
			return fmt.Errorf("%s has no such property", e.typ)
		}
		v, err := p.value(prop)
		if l, ok := v.([]string); err != nil || ok && len(l) == 0 {
			return err
		}
		out[name] = v
		return nil
	})
	if err != nil {
		return nil, &Error{Property: at, Reason: err.Error()}
	}
	return out, nil
}

// stored reports whether a property is one that a line may carry: not the id
// and the records, which have keys of their own, and nothing computed.
func stored(p *catalog.Property) bool {
	return p.Name != "id" && !catalog.Provenance(p.Name) && !p.Computed()
}

// value reads a value of the kind of a property.
func (p *parser) value(prop *catalog.Property) (any, error) {
	switch prop.Kind {
	case catalog.Int:
		s, err := p.number()
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return nil, p.errorf("%s is no integer of 32 bits", s)
		}
		return n, nil
	case catalog.Float:
		s, err := p.number()
		if err != nil {
			return nil, err
		}
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, p.errorf("%s is no finite number", s)
		}
		return f, nil
	case catalog.Boolean:
		return p.boolean()
	case catalog.StringList:
		return p.strings()
	case catalog.Embed:
		return p.embedded(prop)
	}
	s, err := p.str()
	if err != nil {
		return nil, err
	}
	switch prop.Kind {
	case catalog.Decimal:
		return kg.ParseDecimal(s)
	case catalog.Date:
		_, err = kg.ParseDate(s)
	case catalog.DateTime:
		if _, e := time.Parse(time.RFC3339, s); e != nil || !strings.HasSuffix(s, "Z") {
			err = fmt.Errorf("%q is no instant in UTC: write it like 2026-01-31T12:00:00Z", s)
		}
	case catalog.Enum:
		if !slices.Contains(prop.Enum, s) {
			err = fmt.Errorf("%q is none of %s", s, strings.Join(prop.Enum, ", "))
		}
	}
	return s, err
}

// embedded reads an embedded object, or a list of them, and returns it as
// canonical JSON.
func (p *parser) embedded(prop *catalog.Property) (kg.JSON, error) {
	var b []byte
	var err error
	if !prop.List {
		b, err = p.embeddedObject(b, prop.Embedded)
		return kg.JSON(b), err
	}
	b = append(b, '[')
	err = p.array(func() error {
		if len(b) > 1 {
			b = append(b, ',')
		}
		b, err = p.embeddedObject(b, prop.Embedded)
		return err
	})
	return kg.JSON(append(b, ']')), err
}

func (p *parser) embeddedObject(b []byte, shape *catalog.Embedded) ([]byte, error) {
	values := map[string]string{}
	err := p.object(func(key string) error {
		i := slices.IndexFunc(shape.Fields, func(f catalog.EmbeddedField) bool { return f.Name == key })
		if i < 0 {
			return p.errorf("%s has no field %q", shape.Name, key)
		}
		v, err := p.fieldValue(shape.Fields[i])
		values[key] = v
		return err
	})
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(values))
	for _, f := range shape.Fields {
		if _, ok := values[f.Name]; ok {
			names = append(names, f.Name)
		} else if strings.HasSuffix(f.SDL, "!") {
			return nil, p.errorf("%s needs a field %q", shape.Name, f.Name)
		}
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, n := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(answer.AppendString(b, n), ':'), values[n]...)
	}
	return append(b, '}'), nil
}

// fieldValue reads the value of a field of an embedded object and returns it
// as canonical JSON.
func (p *parser) fieldValue(f catalog.EmbeddedField) (string, error) {
	kinds := map[string]catalog.Kind{"Int": catalog.Int, "Float": catalog.Float, "Boolean": catalog.Boolean}
	prop := &catalog.Property{Kind: catalog.String}
	if k, ok := kinds[strings.TrimSuffix(f.SDL, "!")]; ok {
		prop.Kind = k
	} else if f.StringList {
		prop.Kind = catalog.StringList
	}
	v, err := p.value(prop)
	if err != nil {
		return "", err
	}
	b, err := appendValue(nil, prop, v)
	return string(b), err
}

// readRecords reads the list of records. The properties that they name must be
// properties of the type.
func (e *entry) readRecords(p *parser, property func(string) *catalog.Property) (out []kg.Record, _ *Error) {
	if e.records == 0 {
		return nil, nil
	}
	p.pos = e.records
	err := p.array(func() error {
		r, err := p.record()
		if err != nil {
			return err
		}
		for _, name := range r.Properties {
			if prop := property(name); prop == nil || !stored(prop) {
				return p.errorf("%s has no property %q", e.typ, name)
			}
		}
		for _, o := range r.Overridden {
			if prop := property(o.Property); prop == nil || !stored(prop) {
				return p.errorf("%s has no property %q", e.typ, o.Property)
			}
		}
		out = append(out, r)
		return nil
	})
	if err != nil {
		return nil, &Error{Property: catalog.Records, Reason: err.Error()}
	}
	kg.SortRecords(out)
	return out, nil
}

// overridden reads an object of properties and their values as text.
func (p *parser) overridden(r *kg.Record, rule kg.Rule) error {
	err := p.object(func(key string) error {
		value, err := p.str()
		r.Overridden = append(r.Overridden, kg.Override{Property: key, Value: value, Rule: rule})
		return err
	})
	slices.SortFunc(r.Overridden, func(a, b kg.Override) int { return strings.Compare(a.Property, b.Property) })
	return err
}

func (p *parser) record() (r kg.Record, err error) {
	err = p.object(func(key string) (err error) {
		switch key {
		case "source":
			r.Source, err = p.str()
		case "locator":
			r.Locator, err = p.str()
		case "properties":
			if r.Properties, err = p.strings(); r.Properties == nil {
				r.Properties = []string{} // none, where an absent list is all
			}
		case "overridden":
			err = p.overridden(&r, "")
		case "edited":
			err = p.overridden(&r, kg.Edited)
		case "derivation":
			if r.Derivation, err = p.str(); err == nil && r.Derivation != inferred && r.Derivation != "EXPLICIT" {
				err = p.errorf("%q is none of EXPLICIT, INFERRED", r.Derivation)
			}
		default:
			err = p.errorf("unknown key %q", key)
		}
		return err
	})
	if err != nil {
		return r, err
	}
	if kg.Prefix(r.Source) != "source" || r.Locator == "" {
		return r, p.errorf("a record needs a source, like source:…, and a locator")
	}
	if r.Derivation != inferred {
		r.Derivation = ""
	}
	return r, nil
}
