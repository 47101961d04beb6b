package catalog

import "strings"

// Missing returns what an old model, as String writes it, has and a new one has
// not, or "". The key of a relationship must be the same: ids are made of it.
func Missing(old, model string) string {
	lines := map[string]map[string]bool{}
	for _, line := range strings.Split(model, "\n") {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		set := map[string]bool{}
		for _, w := range words[2:] {
			set[w] = true
		}
		lines[words[0]+" "+words[1]] = set
	}
	for _, line := range strings.Split(old, "\n") {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] == searchLine { // what is searched is made anew
			continue
		}
		set, ok := lines[words[0]+" "+words[1]]
		if !ok {
			return words[0] + " " + words[1]
		}
		for _, w := range words[2:] {
			if !set[w] {
				return words[1] + " " + w
			}
			delete(set, w)
		}
		for w := range set {
			if strings.HasPrefix(w, "key:") {
				return words[1] + " without " + w
			}
		}
	}
	return ""
}
