package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/go-json-experiment/json/jsontext"
)

// errMissingQuery is what a request without a document gets.
var errMissingQuery = errors.New(`"query" is missing: it holds the GraphQL document`)

// decodeBody reads the parameters of a POST. It is strict: duplicate names,
// invalid UTF-8, a byte order mark and trailing data are errors, since two
// readers of such a body may disagree about what it says. Names that the
// protocol does not know are skipped.
func decodeBody(body []byte) (*graphql.RawParams, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(body))
	if kind := d.PeekKind(); kind == '[' {
		return nil, errors.New("batches are not served: send one operation a request")
	} else if kind != '{' && kind != 0 {
		return nil, errors.New("the body must be a JSON object")
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, syntaxError("the body", err)
	}
	var params graphql.RawParams
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, syntaxError("the body", err)
		}
		switch name.String() {
		case "query":
			params.Query, err = readText(d, "query")
		case "operationName":
			params.OperationName, err = readText(d, "operationName")
		case "variables":
			params.Variables, err = readMap(d, "variables")
		case "extensions":
			params.Extensions, err = readMap(d, "extensions")
		default:
			err = d.SkipValue()
		}
		if err != nil {
			return nil, syntaxError("the body", err)
		}
	}
	if err := readEnd(d); err != nil {
		return nil, syntaxError("the body", err)
	}
	if params.Query == "" {
		return nil, errMissingQuery
	}
	return &params, nil
}

// decodeURL reads the parameters of a GET.
func decodeURL(raw string) (*graphql.RawParams, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, errors.New("the query string is not well formed")
	}
	for _, text := range []string{values.Get("query"), values.Get("operationName")} {
		if !utf8.ValidString(text) {
			return nil, errors.New("the query string is not in UTF-8")
		}
	}
	for _, name := range []string{"query", "operationName", "variables", "extensions"} {
		if len(values[name]) > 1 {
			return nil, fmt.Errorf("%q is given %d times", name, len(values[name]))
		}
	}
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}
	if params.Variables, err = decodeMap(values.Get("variables"), "variables"); err != nil {
		return nil, err
	}
	if params.Extensions, err = decodeMap(values.Get("extensions"), "extensions"); err != nil {
		return nil, err
	}
	if params.Query == "" {
		return nil, errMissingQuery
	}
	return params, nil
}

// decodeMap reads one parameter of a GET that holds a JSON object.
func decodeMap(text, name string) (map[string]any, error) {
	if text == "" {
		return nil, nil
	}
	d := jsontext.NewDecoder(bytes.NewBufferString(text))
	values, err := readMap(d, name)
	if err != nil {
		return nil, syntaxError(name, err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%q holds more than one JSON value", name)
	}
	return values, nil
}

// readEnd reads the end of the object and of the body.
func readEnd(d *jsontext.Decoder) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	_, err := d.ReadToken()
	switch {
	case err == nil:
		return errors.New("the body holds more than one JSON value")
	case errors.Is(err, io.EOF):
		return nil
	}
	return err
}

func readText(d *jsontext.Decoder, name string) (string, error) {
	token, err := d.ReadToken()
	if err != nil {
		return "", err
	}
	switch token.Kind() {
	case '"':
		return token.String(), nil
	case 'n':
		return "", nil
	}
	return "", fmt.Errorf("%q must be a string", name)
}

func readMap(d *jsontext.Decoder, name string) (map[string]any, error) {
	switch d.PeekKind() {
	case '{', 'n', 0:
		value, err := readValue(d)
		values, _ := value.(map[string]any)
		return values, err
	}
	return nil, fmt.Errorf("%q must be a JSON object", name)
}

// readValue reads one value, with numbers as they are written: the schema
// decides what they are.
func readValue(d *jsontext.Decoder) (any, error) {
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '{':
		values := map[string]any{}
		for d.PeekKind() != '}' {
			name, err := d.ReadToken()
			if err != nil {
				return nil, err
			}
			key := name.String()
			if values[key], err = readValue(d); err != nil {
				return nil, err
			}
		}
		_, err := d.ReadToken()
		return values, err
	case '[':
		list := []any{}
		for d.PeekKind() != ']' {
			value, err := readValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err := d.ReadToken()
		return list, err
	case '"':
		return token.String(), nil
	case '0':
		return json.Number(token.String()), nil
	case 't', 'f':
		return token.Bool(), nil
	}
	return nil, nil
}

// syntaxError says where the JSON goes wrong without quoting it.
func syntaxError(what string, err error) error {
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Errorf("%s is not valid JSON: a name is given twice in one object", what)
	case errors.As(err, &syntactic):
		return fmt.Errorf("%s is not valid JSON from byte %d on", what, syntactic.ByteOffset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s is not valid JSON: it ends too early", what)
	}
	return err
}
