package neo4jstore

import (
	"strconv"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/plan"
)

// kept is what is the same for many searches: the name of the index, and by shape
// the text and what writes the answer, which take most of the time of compiling one.
type kept struct {
	index  string
	shapes *lru.Cache[string, shaped]
}

// shaped is what a compiled plan has in common with all of its shape.
type shaped struct {
	text  string
	write writer
}

// maxKept bounds how many shapes are kept. Clients ask for few.
const maxKept = 1000

func keep(c *catalog.Catalog) *kept {
	// The only error is a size that is not positive.
	shapes, err := lru.New[string, shaped](maxKept)
	if err != nil {
		panic(err)
	}
	return &kept{index: searchIndexName(searchLabels(c)), shapes: shapes}
}

// shapeOf returns what tells the shape of a search from others; "" where more than
// its own arguments stands in the statement, for a condition or for something that
// is looked up.
func shapeOf(s *plan.Search) string {
	if s.Filtered() {
		return ""
	}
	out := make([]byte, 0, 1024)
	out = strconv.AppendBool(out, s.Counted)
	out = strconv.AppendBool(out, s.After != nil)
	out = strconv.AppendInt(out, int64(s.Limit), 10)
	add := func(names ...string) {
		for _, name := range names {
			out = append(append(out, ' '), name...)
		}
	}
	var fields func(of []plan.Field) bool
	fields = func(of []plan.Field) bool {
		for _, f := range of {
			switch f := f.(type) {
			case *plan.Typename:
				add("typename", f.Key, f.Name)
			case *plan.Value:
				add("value", f.Key, f.Property.Name)
				if f.Fallback != nil {
					add("else", f.Fallback.Name)
				}
			case *plan.EdgeNode:
				add("node", f.Key)
				if !fields(f.Fields) {
					return false
				}
				add("end")
			default:
				return false
			}
		}
		return true
	}
	for _, branch := range s.Branches {
		add("type", branch.Type.Name)
		if !fields(branch.Fields) {
			return ""
		}
	}
	return string(out)
}
