package plan

import "github.com/maillage/maillage/internal/catalog"

// Facts answers what others say of a node: a fact for each value of what they
// speak of, ordered by what that is and by the value, where nothing comes last.
// Texts that differ only in case and accents are one value, in the spelling of
// the first node that says it.
type Facts struct {
	Key    string
	Facts  *catalog.Facts
	Scope  Scope
	Filter Predicate // of those that count; nil when all do
	Limit  int
	Fields []FactField
}

// FactField is a field of a fact, or __typename. Of the nodes that state it, by
// id, the first Limit are answered, with Fields selected of each.
type FactField struct {
	Key      string
	Name     string // see catalog.Facts; empty for Typename
	Typename string
	Limit    int
	Fields   []Field
}

// ResponseKey returns the key under which the field is answered.
func (f *Facts) ResponseKey() string { return f.Key }

// Stating returns the nodes that say something, where they count.
func (f *Facts) Stating() Related {
	return Related{Field: f.Facts.Of, Scope: f.Scope, Of: f.Filter}
}

// Compared reports whether it is asked if values disagree.
func (f *Facts) Compared() bool {
	for _, field := range f.Fields {
		if field.Name == catalog.FactDisagree {
			return true
		}
	}
	return false
}

func normalizeFacts(f *Facts) *Facts {
	out := *f
	out.Filter = predicate(f.Filter)
	out.Fields = make([]FactField, len(f.Fields))
	for i, field := range f.Fields {
		out.Fields[i] = field
		out.Fields[i].Fields = fields(field.Fields)
	}
	return &out
}

func factsCost(f *Facts) int {
	item := 1
	for _, field := range f.Fields {
		item = saturate(item + field.Limit*(1+fieldsCost(field.Fields)))
	}
	return saturate(1 + nestedScan + f.Limit*item)
}

// facts prints facts.
func (w *printer) facts(f *Facts) {
	w.open("facts %s %s by %s value %s sources %s first %d", f.Key, f.Scope.of(f.Facts.Of, f.Facts.Of.Name), f.Facts.By.Name, f.Facts.Value.Name, f.Facts.Sources.Name, f.Limit)
	if f.Filter != nil {
		w.line("(filter %s)", PredicateString(f.Filter))
	}
	for _, field := range f.Fields {
		switch {
		case field.Name == "":
			w.line("(typename %s %s)", field.Key, field.Typename)
		case field.Limit > 0:
			w.open("%s %s first %d", field.Name, field.Key, field.Limit)
			w.fields(field.Fields)
			w.close()
		default:
			w.line("(%s %s)", field.Name, field.Key)
		}
	}
	w.close()
}
