package guard

import (
	"encoding/json"
	"strconv"
)

// CheckVariables reports variables that are too deep or too large, as a
// *kg.Error with code QUERY_TOO_COMPLEX. It takes decoded JSON, so that every
// transport can call it.
func CheckVariables(values map[string]any, limits Limits) error {
	if len(values) == 0 {
		return nil
	}
	m := jsonMeasure{limits: limits}
	for name, value := range values {
		m.size += len(name) + 4
		// The map of all variables is itself a level.
		m.value(value, 2)
		if m.tooDeep {
			return refuse("variable %q nests too deep, the limit is %d levels", short(name), limits.VariablesDepth)
		}
		if m.size > limits.VariablesSize {
			return refuse("the variables are more than %d bytes long", limits.VariablesSize)
		}
	}
	return nil
}

// jsonMeasure adds up the size of values as compact JSON, escapes aside.
type jsonMeasure struct {
	limits  Limits
	size    int
	tooDeep bool
}

func (m *jsonMeasure) value(value any, depth int) {
	if m.tooDeep || m.size > m.limits.VariablesSize {
		return
	}
	switch v := value.(type) {
	case map[string]any:
		m.tooDeep = depth > m.limits.VariablesDepth
		m.size += 2
		for name, child := range v {
			m.size += len(name) + 4
			m.value(child, depth+1)
		}
	case []any:
		m.tooDeep = depth > m.limits.VariablesDepth
		m.size += 2 + len(v)
		for _, child := range v {
			m.value(child, depth+1)
		}
	case string:
		m.size += len(v) + 2
	case json.Number:
		m.size += len(v)
	case float64:
		m.size += len(strconv.FormatFloat(v, 'g', -1, 64))
	default:
		m.size += 4
	}
}
