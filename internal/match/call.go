package match

import (
	"cmp"
	"slices"

	"github.com/maillage/maillage/internal/projection"
)

// calls finds the live calls that fit an actor: those about a sector in which
// it works, or one above. Sectors of calls are families of topics and themes,
// never a whole programme.
//
//	FITS_FIELD, EXPERIENCE, FOCUS  as in field.reasons
//	PARTNERS_FIT                   c/(c+5), by half, for c partners that fit too
//	CLOSES_IN                      a quarter, less within 90 days
func calls(work *projection.Work, g *projection.Graph, actor int32, kind string, o Options) (found []Opportunity, why string, err error) {
	if len(g.ActorSectors.Of(actor)) == 0 {
		return nil, NoField, nil
	}
	why = NoLiveCall
	a := &asker{work: work, g: g, actor: actor, partners: o.Partners}
	for i := range int32(g.Calls.Len()) {
		if !g.Calls.Live(i, o.Today) {
			continue
		}
		why = NoCallFits
		p, err := a.prospect(g.Calls.Sectors.Of(i))
		if err != nil {
			return nil, "", err
		}
		if p.reasons == nil {
			continue
		}
		const soon = 90
		days := int(g.Calls.To[i]-o.Today) + 1
		closes := reason(ClosesIn, .25*min(1, float64(days)/soon))
		closes.Count, closes.Evidence = days, []string{g.Calls.ID(i)}
		reasons := weightiest(append(slices.Clone(p.reasons), closes))
		found = append(found, Opportunity{
			Kind: kind, With: g.Calls.ID(i), Other: -1,
			Score: sum(reasons), Reasons: reasons, Partners: p.partners,
		})
	}
	return found, why, nil
}

// asker is an actor that asks which calls fit it.
type asker struct {
	work      *projection.Work
	g         *projection.Graph
	actor     int32
	partners  int    // how many are named with each call
	known     []tied // whom it knows, the closest first; nil before anybody asked
	prospects []prospect
}

// prospect is what some sectors hold for an actor; calls about the same sectors
// hold the same.
type prospect struct {
	about    []int32
	reasons  []projection.Reason // why they fit it; nil when they do not
	partners []Partner           // with whom it could answer
}

func (a *asker) prospect(about []int32) (prospect, error) {
	for _, p := range a.prospects {
		if slices.Equal(p.about, about) {
			return p, nil
		}
	}
	p := prospect{about: about}
	if err := a.work.Look(len(about) * a.g.Sectors.Len()); err != nil {
		return p, err
	}
	f := newField(a.g, about)
	if p.reasons = f.reasons(a.actor); p.reasons != nil {
		if a.known == nil {
			known, err := ties(a.work, a.g, a.actor)
			if err != nil {
				return p, err
			}
			a.known = known
			slices.SortFunc(a.known, func(a, b tied) int { return cmp.Or(cmp.Compare(b.strength, a.strength), cmp.Compare(a.actor, b.actor)) })
		}
		if err := a.addPartners(&p, f); err != nil {
			return p, err
		}
	}
	a.prospects = append(a.prospects, p)
	return p, nil
}

// closest is how many of those whom an actor knows are compared: those to whom
// it is tied most closely.
const closest = 100

// addPartners adds those whom the actor knows and who fit too: by how close the
// tie is and how they fit.
func (a *asker) addPartners(p *prospect, f *field) error {
	count := 0
	var fit []int32
	for _, t := range a.known {
		if err := a.work.Look(1); err != nil {
			return err
		}
		if f.holds(a.g.ActorSectors.Of(t.actor)) {
			if count++; len(fit) < closest {
				fit = append(fit, t.actor)
			}
		}
	}
	if count == 0 {
		return nil
	}
	r := reason(PartnersFit, .5*float64(count)/float64(count+5))
	r.Count = count
	for _, b := range fit[:min(evidence, len(fit))] {
		r.Evidence = append(r.Evidence, a.g.Actors.ID(b))
	}
	p.reasons = append(p.reasons, r)
	if a.partners == 0 {
		return nil
	}
	for _, b := range fit {
		if err := a.work.Look(a.g.Meetings.Degree(a.actor) + a.g.Meetings.Degree(b)); err != nil {
			return err
		}
		reasons := weightiest(append(together(a.g, a.actor, b), f.reasons(b)...))
		p.partners = append(p.partners, Partner{Actor: b, Score: sum(reasons), Reasons: reasons})
	}
	slices.SortFunc(p.partners, func(a, b Partner) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Actor, b.Actor)) })
	p.partners = p.partners[:min(a.partners, len(p.partners))]
	return nil
}
