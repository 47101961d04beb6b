// Package wording says in French and English what answers say by codes: the
// reasons of suggestions, opportunities and consortia, for people at a terminal.
package wording

import (
	"math"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/projection"
)

// Lang is a language.
type Lang int

// The languages.
const (
	EN Lang = iota
	FR
)

// String returns the tag of the language.
func (l Lang) String() string { return [...]string{EN: "en", FR: "fr"}[l] }

// Of returns the language of a tag such as "fr" or of a locale such as
// "fr_FR.UTF-8", and whether it is one of ours.
func Of(tag string) (Lang, bool) {
	tag, _, _ = strings.Cut(strings.ToLower(tag), ".")
	tag, _, _ = strings.Cut(strings.ReplaceAll(tag, "-", "_"), "_")
	switch tag {
	case "fr":
		return FR, true
	case "en":
		return EN, true
	}
	return EN, false
}

// colon introduces names.
var colon = [...]string{EN: ": ", FR: " : "}

// unmeasured ends the key of the phrase for a code whose measure is not known.
const unmeasured = " unmeasured"

// Shown is how many of the nodes that support a reason are named.
const Shown = 3

// Reason returns what a reason says. Name returns how a node is called; what it
// does not know is left out. A code without words is shown as it is.
func Reason(lang Lang, r projection.Reason, name func(id string) string) string {
	p, ok := phrases[r.Code]
	if !ok {
		return r.Code
	}
	if q, ok := phrases[r.Code+unmeasured]; ok && math.IsNaN(r.Value) {
		p = q
	}
	form := p[lang]
	text := form.one
	if r.Count > 1 && form.many != "" {
		text = form.many
	}
	var names []string
	for _, id := range r.Evidence {
		if s := name(id); s != "" && len(names) < Shown {
			names = append(names, s)
		}
	}
	return strings.NewReplacer(
		"{count}", strconv.Itoa(r.Count),
		"{value}", number(lang, r.Value),
		"{percent}", number(lang, 100*r.Value),
		"{text}", r.Text,
		"{names}", behind(colon[lang], strings.Join(names, ", ")),
	).Replace(text)
}

// Word returns the word for a code that has no parameters, such as a kind of
// opportunity.
func Word(lang Lang, code string) string {
	return Reason(lang, projection.Reason{Code: code}, func(string) string { return "" })
}

// behind returns a text behind what introduces it, or nothing when there is none.
func behind(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// number writes a measure: whole from 10 on, else with at most one decimal.
func number(lang Lang, v float64) string {
	if math.IsNaN(v) {
		return "?"
	}
	decimals := 1.0
	if math.Abs(v) < 10 {
		decimals = 10
	}
	s := strconv.FormatFloat(math.Round(v*decimals)/decimals, 'f', -1, 64)
	if lang == FR {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
