package graph

import (
	"fmt"
	"reflect"

	"github.com/maillage/maillage/internal/store/observe"
)

// explanation is what became of one root field, as extensions.explain shows it.
type explanation struct {
	Field        string   `json:"field"` // its response key
	Plan         string   `json:"plan"`
	Cost         int      `json:"cost"` // in the points of plan.Cost
	Statement    string   `json:"statement"`
	Parameters   []string `json:"parameters"` // see shape
	Rows         *int     `json:"rows"`       // see observe.Run; null when there are none to count
	Bytes        int      `json:"bytes"`
	Milliseconds float64  `json:"milliseconds"`
}

// explain says what has run. It is never null, so that clients see whether the
// service explains.
func explain(runs []observe.Run) []explanation {
	out := make([]explanation, len(runs))
	for i, r := range runs {
		e := explanation{
			Field: r.Field, Plan: r.Plan.String(), Cost: r.Plan.Cost(), Statement: r.Statement.Text,
			Parameters: make([]string, len(r.Statement.Args)), Bytes: len(r.Answer.JSON),
			Milliseconds: float64(r.Duration.Microseconds()) / 1000,
		}
		for j, arg := range r.Statement.Args {
			e.Parameters[j] = shape(arg)
		}
		if n, ok := r.Rows(); ok {
			e.Rows = &n
		}
		out[i] = e
	}
	return out
}

// shape describes a parameter without its value, which need not be the client's
// own: "string", "int", "list of 3 strings".
func shape(arg any) string {
	v := reflect.ValueOf(arg)
	if kindOf(v) != "list" {
		return kindOf(v)
	}
	kind := "value"
	for i := range v.Len() {
		k := kindOf(v.Index(i))
		if i > 0 && k != kind {
			kind = "value"
			break
		}
		kind = k
	}
	if v.Len() != 1 {
		kind += "s"
	}
	return fmt.Sprintf("list of %d %s", v.Len(), kind)
}

// kindOf names the kind of a value.
func kindOf(v reflect.Value) string {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch {
	case !v.IsValid():
		return "null"
	case v.Kind() == reflect.Bool:
		return "boolean"
	case v.CanInt():
		return "int"
	case v.CanFloat():
		return "float"
	case v.Kind() == reflect.Slice:
		return "list"
	}
	return v.Kind().String()
}
