package cli

import (
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
