package resolve

import (
	"fmt"
	"math"
	"slices"

	"github.com/maillage/maillage/internal/kg"
)

// Code names a reason for or against two ids naming one organisation.
type Code string

// The codes. What a reason's parameter is stands behind each.
const (
	SameIdentifier      Code = "SAME_IDENTIFIER"      // which identifier, and its value
	InferredIdentifier  Code = "INFERRED_IDENTIFIER"  // the same, where one of them has it by conclusion only
	SameName            Code = "SAME_NAME"            // the name
	NameIsAlias         Code = "NAME_IS_ALIAS"        // the name that is another name of the other
	SimilarName         Code = "SIMILAR_NAME"         // how similar, of 1
	SharedAlias         Code = "SHARED_ALIAS"         // the other name
	SameCountry         Code = "SAME_COUNTRY"         // the country
	SameCity            Code = "SAME_CITY"            // none
	SameKind            Code = "SAME_KIND"            // the kind
	DifferentIdentifier Code = "DIFFERENT_IDENTIFIER" // which identifier
	DifferentCountry    Code = "DIFFERENT_COUNTRY"    // both countries
	DifferentCity       Code = "DIFFERENT_CITY"       // none
	DifferentKind       Code = "DIFFERENT_KIND"       // both kinds
	DifferentForm       Code = "DIFFERENT_FORM"       // both legal forms
	AmbiguousName       Code = "AMBIGUOUS_NAME"       // how many other organisations answer to the name
	Through             Code = "THROUGH"              // the id of a third that both are, by other reasons
	TakenBack           Code = "TAKEN_BACK"           // when somebody has taken back that they are one
)

// weights are what the reasons count for, in hundredths. A name that one writes
// and the other is known by in the same country is just enough to merge; a name
// in common without a country is not, and a contradiction outweighs any name.
// How similar names are counts for up to the weight.
var weights = map[Code]int{
	SameIdentifier: 100, InferredIdentifier: 75,
	SameName: 75, NameIsAlias: 70, SimilarName: 50, SharedAlias: 25,
	SameCountry: 20, SameCity: 10, SameKind: 5,
	DifferentIdentifier: -60, DifferentCountry: -60, DifferentCity: -20, DifferentKind: -20, DifferentForm: -20,
	AmbiguousName: -40,
}

// decisive is the weight of contradictions that keep two organisations apart
// even where a third seems to be both.
const decisive = -30

// similarEnough is the least similarity of names that is a reason.
const similarEnough = 0.5

// Reason is one part of a score.
type Reason struct {
	Code      Code
	Parameter string
	Weight    int // hundredths
}

// String returns the reason as it is recorded, such as "SAME_COUNTRY FR +0.20".
func (r Reason) String() string {
	s := string(r.Code)
	if r.Parameter != "" {
		s += " " + r.Parameter
	}
	switch {
	case r.Weight > 0:
		s += " +" + kg.FormatDecimal(int64(r.Weight))
	case r.Weight < 0:
		s += " " + kg.FormatDecimal(int64(r.Weight))
	}
	return s
}

// scored collects reasons.
type scored struct{ reasons []Reason }

func (s *scored) add(c Code, parameter string) { s.addPart(c, parameter, 1) }

func (s *scored) addPart(c Code, parameter string, part float64) {
	s.reasons = append(s.reasons, Reason{c, parameter, int(math.Round(part * float64(weights[c])))})
}

// sum returns the score in hundredths: the sum of the weights, at most 100.
func (s *scored) sum() (sum int) {
	for _, r := range s.reasons {
		sum += r.Weight
	}
	return min(sum, 100)
}

// contradicts reports whether a reason keeps the two apart whatever else is said.
func (s *scored) contradicts() bool {
	return slices.ContainsFunc(s.reasons, func(r Reason) bool { return r.Weight <= decisive && r.Code != AmbiguousName })
}

// compare scores two organisations. Others tells how many further organisations
// may be meant by a name that the two share.
func compare(a, b *organization, others func(key string) int) *scored {
	s := &scored{}
	identified := s.identifiers(a, b)
	s.names(a, b, identified, others)
	if identified {
		return s // where and what it is follows from the code
	}
	s.circumstance(a.country, b.country, SameCountry, DifferentCountry)
	switch {
	case a.city == "" || b.city == "":
	case a.city == b.city:
		s.add(SameCity, "")
	default:
		s.add(DifferentCity, "")
	}
	s.circumstance(a.kind, b.kind, SameKind, DifferentKind)
	if x, y := legalForms(a.name), legalForms(b.name); x != "" && y != "" && x != y {
		s.add(DifferentForm, x+", "+y)
	}
	return s
}

// identifiers compares the codes, and reports whether one is shared.
func (s *scored) identifiers(a, b *organization) (shared bool) {
	for _, p := range identifiers {
		x, y := a.identifiers[p], b.identifiers[p]
		switch {
		case x.value == "" || y.value == "":
			continue
		case x.value != y.value && (x.inferred || y.inferred):
			s.addPart(DifferentIdentifier, p, 0.5)
		case x.value != y.value:
			s.add(DifferentIdentifier, p)
		case x.inferred || y.inferred:
			s.add(InferredIdentifier, p+" "+x.value)
			shared = true
		default:
			s.add(SameIdentifier, p+" "+x.value)
			shared = true
		}
	}
	return shared
}

// names adds the strongest of what the names have in common.
func (s *scored) names(a, b *organization, identified bool, others func(string) int) {
	key, code := common(a.keys, b.keys)
	if code != "" {
		s.add(code, key.written)
	}
	if code == "" || code == SharedAlias {
		if part := similarity(squeeze(a.name), squeeze(b.name)); part >= similarEnough {
			s.addPart(SimilarName, fmt.Sprintf("%.2f", part), part)
		}
	}
	if code != "" && !identified {
		if n := others(key.key); n > 0 {
			s.add(AmbiguousName, fmt.Sprint(n))
		}
	}
}

// common returns the strongest key that two organisations share, and what that
// is a reason for.
func common(a, b []nameKey) (key nameKey, code Code) {
	for _, x := range a {
		for _, y := range b {
			if x.key != y.key {
				continue
			}
			c := SharedAlias
			switch {
			case !x.alias && !y.alias:
				c = SameName
			case !x.alias || !y.alias:
				c = NameIsAlias
			}
			if code == "" || weights[c] > weights[code] {
				key, code = x, c
			}
		}
	}
	return key, code
}

// circumstance compares what is known of both.
func (s *scored) circumstance(a, b string, same, different Code) {
	switch {
	case a == "" || b == "":
	case a == b:
		s.add(same, a)
	default:
		s.add(different, a+", "+b)
	}
}
