package api

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/maillage/maillage/internal/catalog"
)

// RangeDirective says between which bounds a number or the length of a list of a
// computed field lies. It is the one directive of a model that its API has too.
const RangeDirective = "range"

// computed writes computed fields as the model declares them.
func (w *writer) computed(fields []*catalog.Computed) {
	if len(fields) == 0 {
		return
	}
	d := &ast.Definition{Kind: ast.Object, Name: "X"}
	for _, f := range fields {
		plain := *f.Definition
		plain.Directives = nil
		d.Fields = append(d.Fields, &plain)
	}
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchemaDocument(&ast.SchemaDocument{Definitions: ast.DefinitionList{d}})
	_, body, _ := strings.Cut(b.String(), "{\n")
	w.b.WriteString(body[:strings.LastIndex(body, "}")])
}
