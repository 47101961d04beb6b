package resolve

import "fmt"

// words say what a reason means; %s is its parameter.
var words = map[Code]string{
	SameIdentifier:      "the same %s",
	InferredIdentifier:  "the same %s, which one of them has by conclusion only",
	SameName:            "the same name, %q, but for marks and legal forms",
	NameIsAlias:         "one has the name %q, the other goes by it too",
	SimilarName:         "similar names (%s of 1)",
	SharedAlias:         "both go by the name %q",
	SameCountry:         "the same country, %s",
	SameCity:            "the same town",
	SameKind:            "the same kind, %s",
	DifferentIdentifier: "different %s",
	DifferentCountry:    "different countries, %s",
	DifferentCity:       "different towns",
	DifferentKind:       "different kinds, %s",
	DifferentForm:       "different legal forms, %s",
	AmbiguousName:       "%s more may be meant by that name",
	Through:             "both are %s",
	TakenBack:           "their merge was taken back on %s",
}

// Words says the reason in words.
func (r Reason) Words() string {
	if r.Parameter == "" {
		return words[r.Code]
	}
	return fmt.Sprintf(words[r.Code], r.Parameter)
}
