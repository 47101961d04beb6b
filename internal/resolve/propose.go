package resolve

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/maillage/maillage/internal/kg"
)

// Worth is the least score, in hundredths, of what is proposed.
const Worth = 50

// Threshold is the score, in hundredths, from which proposals are merged unless
// another is given.
const Threshold = 90

// Proposal says that an organisation may be another.
type Proposal struct {
	// Into is the id that lasts, Former the one that is to become a former id.
	Into, Former         string
	IntoName, FormerName string // as they are written
	Score                int    // hundredths
	Reasons              []Reason
}

// with returns the proposal with a reason more.
func (p Proposal) with(r Reason) Proposal {
	p.Reasons = append(slices.Clone(p.Reasons), r)
	return p
}

// Findings are what a graph holds of organisations that may be one.
type Findings struct {
	Proposals []Proposal // the surest first
	Refused   []Proposal // those that somebody has taken back, in the same order

	orgs   map[string]*organization
	blocks blocks
	around *surroundings
	again  bool // whether what has been taken back is proposed again
}

// Propose reads a graph and finds organisations that may be one, except some. Of
// two whose merge has been taken back it says so, and does not propose it.
func Propose(ctx context.Context, g Graph, except ...string) (*Findings, error) {
	return propose(ctx, g, except, false)
}

func propose(ctx context.Context, g Graph, except []string, again bool) (*Findings, error) {
	orgs, err := collect(ctx, g)
	if err != nil {
		return nil, err
	}
	orgs = slices.DeleteFunc(orgs, func(o *organization) bool { return slices.Contains(except, o.id) })
	f := &Findings{orgs: map[string]*organization{}, blocks: newBlocks(orgs), again: again}
	f.blocks.pairs(func(x, y *organization) {
		if s := compare(x, y, f.blocks.others(x, y)); s.sum() >= Worth {
			f.orgs[x.id], f.orgs[y.id] = x, y
			f.Proposals = append(f.Proposals, Proposal{Into: x.id, Former: y.id, IntoName: x.name, FormerName: y.name, Score: s.sum(), Reasons: s.reasons})
		}
	})
	if len(f.Proposals) == 0 {
		return f, nil
	}
	if f.around, err = look(ctx, g, f.Proposals); err != nil {
		return nil, err
	}
	// None is a member, an owner or a supporter of itself.
	f.Proposals = slices.DeleteFunc(f.Proposals, func(p Proposal) bool { return f.around.join(p.Into, p.Former) })
	slices.SortFunc(f.Proposals, func(a, b Proposal) int {
		return cmp.Or(b.Score-a.Score, strings.Compare(a.Into, b.Into), strings.Compare(a.Former, b.Former))
	})
	all := f.Proposals
	f.Proposals = nil
	for _, p := range all {
		by := f.around.refusals(p.Into, p.Former)
		if len(by) > 0 {
			p = p.with(Reason{Code: TakenBack, Parameter: by[0].decidedOn()})
		}
		if len(by) > 0 && !again {
			f.Refused = append(f.Refused, p)
		} else {
			f.Proposals = append(f.Proposals, p)
		}
	}
	return f, nil
}

// Merges returns what follows from the proposals with at least a score: each
// organisation that is to become part of another, once; and the proposals that
// stay open. Those that are one by way of a third are merged too, unless
// something keeps them apart.
func (f *Findings) Merges(threshold int) (merges, open []Proposal) {
	groups := map[string]*group{}
	of := func(id string) *group {
		if groups[id] == nil {
			groups[id] = &group{members: []string{id}}
		}
		return groups[id]
	}
	for _, p := range f.Proposals {
		a, b := of(p.Into), of(p.Former)
		if p.Score < threshold || a == b || f.apart(a, b) {
			continue
		}
		a.members, a.links = append(a.members, b.members...), append(append(a.links, b.links...), p)
		for _, id := range b.members {
			groups[id] = a
		}
	}
	done := map[*group]bool{}
	for _, p := range f.Proposals {
		g := groups[p.Into]
		if g != groups[p.Former] {
			open = append(open, p)
		} else if !done[g] {
			done[g] = true
			merges = append(merges, f.merges(g)...)
		}
	}
	return merges, open
}

// group is organisations that are one, with the proposals that say so.
type group struct {
	members []string
	links   []Proposal
}

// apart reports whether a member of one group cannot be a member of the other.
func (f *Findings) apart(a, b *group) bool {
	for _, x := range a.members {
		for _, y := range b.members {
			o, p := f.orgs[x], f.orgs[y]
			if compare(o, p, f.blocks.others(o, p)).contradicts() || f.around.join(x, y) || !f.again && len(f.around.refusals(x, y)) > 0 {
				return true
			}
		}
	}
	return false
}

// merges returns for each member of a group but the one that lasts why it is
// part of it: the proposal for the two, or the surest one for it and a third.
func (f *Findings) merges(g *group) (out []Proposal) {
	slices.SortFunc(g.members, compareIDs)
	into := g.members[0]
	for _, id := range g.members[1:] {
		i := slices.IndexFunc(g.links, func(p Proposal) bool { return p.Into == into && p.Former == id })
		if i < 0 {
			i = slices.IndexFunc(g.links, func(p Proposal) bool { return p.Into == id || p.Former == id })
		}
		p := g.links[i]
		if third := p.Into; third != into {
			if third == id {
				third = p.Former
			}
			p = p.with(Reason{Code: Through, Parameter: third})
			p.Into, p.IntoName, p.Former, p.FormerName = into, f.orgs[into].name, id, f.orgs[id].name
		}
		out = append(out, p)
	}
	return out
}

// surroundings are nodes with all their relationships, how many merges have been
// recorded, and which are refused.
type surroundings struct {
	wanted  func(id string) bool
	merges  int64
	refused map[string]*refusal // by the id of its record
	there   map[string]bool     // further ids that name a node
	nodes   map[string]*kg.Node
	rels    map[string][]*kg.Relationship // by either end
	naming  map[string][]*kg.Node         // claims, by what they are about
}

func newSurroundings(wanted func(id string) bool) *surroundings {
	return &surroundings{wanted: wanted, refused: map[string]*refusal{}, nodes: map[string]*kg.Node{}, rels: map[string][]*kg.Relationship{}, naming: map[string][]*kg.Node{}}
}

// add keeps a change of a scan where it is of what is wanted.
func (s *surroundings) add(ch kg.Change) error {
	if n := ch.Node; n != nil {
		if s.wanted(n.ID) {
			s.nodes[n.ID] = copyNode(n)
		}
		for _, id := range namedBy(n) {
			if s.wanted(id) {
				s.naming[id] = append(s.naming[id], copyNode(n))
			}
		}
		switch n.Type {
		case resolutionType:
			s.merges = max(s.merges, sequence(n))
		case refusalType:
			s.refused[n.ID] = &refusal{record: copyNode(n)}
		}
		return nil
	}
	r := ch.Relationship
	if r.Type == keptApart {
		f := s.refused[r.From]
		f.of = append(f.of, r.To)
	}
	from, to := s.wanted(r.From), s.wanted(r.To)
	if !from && !to {
		return nil
	}
	r = copyRelationship(r)
	if from {
		s.rels[r.From] = append(s.rels[r.From], r)
	}
	if to && r.To != r.From {
		s.rels[r.To] = append(s.rels[r.To], r)
	}
	return nil
}

// join reports whether a relationship leads from one of two nodes to the other.
func (s *surroundings) join(a, b string) bool {
	return slices.ContainsFunc(s.rels[a], func(r *kg.Relationship) bool { return r.From == b || r.To == b })
}
