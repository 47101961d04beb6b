package match

import (
	"cmp"
	"math"
	"slices"

	"github.com/maillage/maillage/internal/projection"
)

// field is what something is about: some sectors, each with all that lies
// beneath it. What works in a wider sector does not work in the field.
type field struct {
	g     *projection.Graph
	about []int32   // the sectors
	depth [][]int16 // for each of them by sector: how many levels it lies beneath, or -1
}

// newField returns the field of some sectors.
func newField(g *projection.Graph, about []int32) *field {
	f := &field{g: g, about: about}
	for _, top := range about {
		depth := make([]int16, g.Sectors.Len())
		for s := range depth {
			depth[s] = -1
			if levels, ok := above(g.Broader, int32(s), top); ok {
				depth[s] = int16(levels)
			}
		}
		f.depth = append(f.depth, depth)
	}
	return f
}

// above returns how many levels of a hierarchy one node lies above another, and
// whether it does.
func above(wider projection.Lists, from, to int32) (levels int, ok bool) {
	seen := []int32{from}
	for level := seen; len(level) > 0; levels++ {
		if slices.Contains(level, to) {
			return levels, true
		}
		var next []int32
		for _, s := range level {
			for _, up := range wider.Of(s) {
				if !slices.Contains(seen, up) {
					seen, next = append(seen, up), append(next, up)
				}
			}
		}
		level = next
	}
	return 0, false
}

// holds reports whether one of some sectors lies in the field.
func (f *field) holds(sectors []int32) bool {
	for _, s := range sectors {
		for _, depth := range f.depth {
			if depth[s] >= 0 {
				return true
			}
		}
	}
	return false
}

// reasons returns why an actor fits the field, or none when it does not work in
// it. What it has declared or done there counts, not what it has done beside:
//
//	FITS_FIELD  for each sector of the field, of its own sectors the closest:
//	            rarity/(1+levels), where the rarity of a sector in which m of n
//	            actors work is 1 - ln(1+m)/ln(1+n)
//	EXPERIENCE  p/(p+2) for p projects in the field
//	FOCUS       the share of these among its projects
func (f *field) reasons(actor int32) []projection.Reason {
	g := f.g
	fits := reason(FitsField, 0)
	for i := range f.about {
		own, weight := f.closest(i, g.ActorSectors.Of(actor))
		if own < 0 {
			continue
		}
		fits.Weight += rounded(weight)
		fits.Count++
		if id := g.Sectors.ID(own); len(fits.Evidence) < evidence && !slices.Contains(fits.Evidence, id) {
			fits.Evidence = append(fits.Evidence, id)
		}
	}
	if fits.Count == 0 {
		return nil
	}
	out := []projection.Reason{fits}
	var in []int32
	all := 0
	for _, p := range g.Meetings.Of(actor) {
		if sectors := g.GroupSectors.Of(p); len(sectors) > 0 {
			all++
			if f.holds(sectors) {
				in = append(in, p)
			}
		}
	}
	if len(in) > 0 {
		n := float64(len(in))
		experience := reason(Experience, n/(n+2))
		slices.SortFunc(in, func(p, q int32) int { return cmp.Or(cmp.Compare(g.From[q], g.From[p]), cmp.Compare(p, q)) })
		experience.Count, experience.Evidence = len(in), groups(g, in)
		focus := reason(Focus, n/float64(all))
		focus.Value = n / float64(all)
		focus.Evidence = experience.Evidence
		out = append(out, experience, focus)
	}
	return out
}

// closest returns of some sectors the one that counts most for the i-th sector
// of the field, and how much it counts; -1 when none lies beneath it.
func (f *field) closest(i int, sectors []int32) (best int32, weight float64) {
	best = -1
	for _, s := range sectors {
		if d := f.depth[i][s]; d >= 0 {
			if w := f.rarity(s) / (1 + float64(d)); best < 0 || w > weight {
				best, weight = s, w
			}
		}
	}
	return best, weight
}

// rarity is how much it says of an actor that it works in a sector.
func (f *field) rarity(sector int32) float64 {
	members, all := float64(f.g.SectorActors.Degree(sector)), float64(f.g.Actors.Len())
	return 1 - math.Log1p(members)/math.Log1p(all)
}

// groups returns the ids of the first groups of a list.
func groups(g *projection.Graph, list []int32) (out []string) {
	for _, p := range list[:min(evidence, len(list))] {
		out = append(out, g.Groups.ID(p))
	}
	return out
}
