// Package planner turns a validated GraphQL selection into a plan. It is pure:
// the same field, variables, catalog and day give the same plan, and it asks no
// database. It reads the parsed document itself, so that any model can be
// planned without generated code.
package planner

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/maillage/maillage/internal/api"
	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/plan"
)

// Limits of what one root field may ask.
const (
	MaxPage     = 100  // first, last, and ids of nodes
	DefaultPage = 20   // when neither first nor last is given
	MaxIn       = 1000 // values of one in
	MaxHops     = 10   // relationships from the root down
	// MaxRelations is over how many relationships a condition goes, and MaxGroups
	// how many lists of ids must be met by different nodes.
	MaxRelations = 4
	MaxGroups    = 4
	MaxLevel     = 10 // of a hierarchy in a facet
)

// Planner plans the root fields of one catalog.
type Planner struct {
	catalog *catalog.Catalog
	now     func() time.Time
	roots   map[string]api.RootField
	keys    keys
}

// New returns a planner for a catalog. What is live is so on the day that now
// tells, in the location of its time.
func New(c *catalog.Catalog, now func() time.Time) *Planner {
	p := &Planner{catalog: c, now: now, roots: map[string]api.RootField{}}
	for _, f := range api.RootFields(c) {
		p.roots[f.Name] = f
	}
	return p
}

// Field is a root field with the selections of all fields that share its
// response key.
type Field struct {
	*ast.Field
	Selections ast.SelectionSet
	Variables  map[string]any // coerced
}

// Plan returns the plan of a root field, in normal form. Its errors are
// *kg.Error with code BAD_USER_INPUT or QUERY_TOO_COMPLEX and name the argument
// by its path.
func (p *Planner) Plan(f Field) (plan.Normal, error) {
	s := &selector{catalog: p.catalog, keys: &p.keys, vars: f.Variables, today: p.now().Format(time.DateOnly)}
	out := plan.Plan{Name: f.Name}
	args := f.ArgumentMap(f.Variables)
	var err error
	if s.scope, err = scope(args, f.Alias); err != nil {
		return plan.Normal{}, err
	}
	switch f.Name {
	case "stats":
		r := &plan.Stats{}
		r.Fields, err = s.stats([]ast.SelectionSet{f.Selections}, "Stats", f.Alias)
		out.Root = r
	case "node":
		out.Root, err = p.lookup(s, f, []any{args["id"]}, nil)
	case "search":
		out.Root, err = p.search(s, f)
	case "nodes":
		ids, _ := list(args["ids"])
		out.Root, err = p.lookup(s, f, ids, nil)
	default:
		if p.catalog.Computes(f.Name) != nil {
			out.Root, err = s.computed(collected{f.Alias, f.Field, []ast.SelectionSet{f.Selections}}, f.Alias)
			break
		}
		root, ok := p.roots[f.Name]
		if !ok {
			return plan.Normal{}, kg.Errorf(kg.Internal, "root field %s has no plan", f.Name)
		}
		if root.Lookup {
			out.Root, err = p.lookup(s, f, []any{args["id"]}, root.Type)
			break
		}
		var c *plan.Connection
		c, err = s.connection(f.Field, f.Selections, root.Type, nil, f.Alias)
		if err == nil && root.View != nil {
			c.Filter = plan.And{plan.Compare(root.View.Property, false, plan.OpEq, root.View.Equals), filterOrTrue(c.Filter)}
		}
		if shown := s.scope.Node(root.Type); err == nil && shown != nil {
			c.Filter = plan.And{shown, c.Filter}
		}
		out.Root = c
	}
	if err != nil {
		return plan.Normal{}, err
	}
	return plan.Normalize(out), nil
}

func filterOrTrue(p plan.Predicate) plan.Predicate {
	if p == nil {
		return plan.And{}
	}
	return p
}

// lookup plans node, nodes and the look-ups of one type; typ is nil where any
// type will do.
func (p *Planner) lookup(s *selector, f Field, ids []any, typ *catalog.Type) (*plan.Lookup, error) {
	out := &plan.Lookup{List: f.Name == "nodes"}
	if len(ids) > MaxPage {
		return nil, kg.Errorf(kg.BadUserInput, "%s: ids takes at most %d ids, got %d", f.Alias, MaxPage, len(ids))
	}
	for _, v := range ids {
		id, ok := v.(string)
		if !ok || !validText(id) {
			return nil, kg.Errorf(kg.BadUserInput, "%s: %#v is no id: write it with its prefix, like \"org:pic:952966025\"", f.Alias, v)
		}
		t := p.catalog.TypeOfID(id)
		if t == nil {
			return nil, kg.Errorf(kg.BadUserInput, "%s: id %q begins with none of the prefixes %s", f.Alias, id, p.prefixes())
		}
		if typ != nil && t != typ {
			return nil, kg.Errorf(kg.BadUserInput, "%s: id %q names a node of type %s; ids of type %s begin with %q", f.Alias, id, t.Name, typ.Name, typ.Prefix+":")
		}
		out.IDs = append(out.IDs, id)
		if slices.ContainsFunc(out.Branches, func(b plan.Branch) bool { return b.Type == t }) {
			continue
		}
		fields, err := s.node([]ast.SelectionSet{f.Selections}, t, f.Alias)
		if err != nil {
			return nil, err
		}
		out.Branches = append(out.Branches, plan.Branch{Type: t, Fields: fields})
	}
	slices.SortFunc(out.Branches, func(a, b plan.Branch) int { return strings.Compare(a.Type.Name, b.Type.Name) })
	return out, nil
}

func (p *Planner) prefixes() string {
	var out []string
	for _, t := range p.catalog.Types {
		out = append(out, t.Prefix+":")
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func badInput(path, format string, args ...any) error {
	return kg.Errorf(kg.BadUserInput, "%s: %s", path, fmt.Sprintf(format, args...))
}
