package cli

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/maillage/maillage/internal/wording"
)

// presentation is how an answer is printed.
type presentation struct{ output, lang string }

// outputs are the formats in which lists are printed.
var outputs = []string{"table", "json", "csv", "jsonl"}

// flags adds those by which it is chosen.
func (p *presentation) flags(flags *pflag.FlagSet) {
	flags.StringVar(&p.output, "output", "table", strings.Join(outputs[:len(outputs)-1], ", ")+" or "+outputs[len(outputs)-1])
	flags.StringVar(&p.lang, "lang", "", "the language of tables, fr or en; by default that of LANG, else English")
}

// language checks what was chosen and returns the language.
func (p *presentation) language(getenv func(string) string) (wording.Lang, error) {
	if !slices.Contains(outputs, p.output) {
		return 0, usagef("--output %s: write %s or %s", p.output, strings.Join(outputs[:len(outputs)-1], ", "), outputs[len(outputs)-1])
	}
	if p.lang == "" {
		lang, _ := wording.Of(getenv("LANG"))
		return lang, nil
	}
	lang, ok := wording.Of(p.lang)
	if !ok {
		return 0, usagef("--lang %s: write fr or en", p.lang)
	}
	return lang, nil
}

// printJSON prints items as one list, or each on a line of its own.
func (a *app) printJSON(output string, items []json.RawMessage) error {
	e := json.NewEncoder(a.streams.Out)
	e.SetEscapeHTML(false)
	if output == "json" {
		e.SetIndent("", "  ")
		return e.Encode(append([]json.RawMessage{}, items...))
	}
	for _, item := range items {
		if err := e.Encode(item); err != nil {
			return err
		}
	}
	return nil
}

// printItems prints the items of an answer: as JSON, as rows of CSV below a header,
// of which an item may make several, or as entries of a table, numbered from 1.
func printItems[T any](a *app, output string, items []json.RawMessage, header []string, rows func(number int, item T) [][]string, entry func(number int, item T)) error {
	if output == "json" || output == "jsonl" {
		return a.printJSON(output, items)
	}
	w := csv.NewWriter(a.streams.Out)
	if output == "csv" {
		_ = w.Write(header) // errors come from Error
	}
	for i, raw := range items {
		var item T
		if err := json.Unmarshal(raw, &item); err != nil {
			return err
		}
		if output == "table" {
			entry(i+1, item)
			continue
		}
		for _, row := range rows(i+1, item) {
			_ = w.Write(row)
		}
	}
	w.Flush()
	return w.Error()
}

// enumValues returns the values of an enum that words such as part-of stand for.
func enumValues(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strings.ToUpper(strings.ReplaceAll(w, "-", "_"))
	}
	return out
}
