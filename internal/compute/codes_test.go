package compute_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/graph/generated"
	"github.com/maillage/maillage/internal/wording"
)

// TestCodesAreThoseOfTheAPI compares the codes that the algorithms give with the
// enums of the API: each code is one of its enum, each of the enum is given, and
// all of them have words in both languages.
func TestCodesAreThoseOfTheAPI(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&gql.Source{Name: "api.graphqls", Input: generated.API})
	for _, c := range []struct {
		enum, doc string
		packages  []string
	}{
		{"ReasonCode", "Codes of reasons.", []string{"ranking", "match"}},
		{"MissingCode", "Codes of what there is none of.", []string{"match"}},
		{"OpportunityKind", "Kinds of opportunities.", []string{"match"}},
	} {
		var want []string
		for _, v := range schema.Types[c.enum].EnumValues {
			want = append(want, v.Name)
		}
		slices.Sort(want)
		var got []string
		for _, name := range c.packages {
			got = append(got, constants(t, name, c.doc)...)
		}
		slices.Sort(got)
		got = slices.Compact(got) // several algorithms give some
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-API +algorithms):\n%s", c.enum, d)
		}
		inWords(t, got)
	}
	for _, v := range schema.Types["TieKind"].EnumValues { // of the model, over which paths go
		inWords(t, []string{v.Name})
	}
}

func inWords(t *testing.T, codes []string) {
	t.Helper()
	for _, code := range codes {
		for _, lang := range []wording.Lang{wording.EN, wording.FR} {
			if wording.Word(lang, code) == code {
				t.Errorf("%s has no words in %s", code, lang)
			}
		}
	}
}

// constants returns the texts of the constants of a package that stand below a
// comment.
func constants(t *testing.T, name, doc string) (out []string) {
	t.Helper()
	files, err := filepath.Glob("../" + name + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST || strings.TrimSpace(g.Doc.Text()) != doc {
				continue
			}
			for _, s := range g.Specs {
				text, err := strconv.Unquote(s.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, text)
			}
		}
	}
	return out
}
