package projection

import "slices"

// Until returns the graph as it was at the end of a day: groups that began
// later, or nobody knows when, have no members, and nobody is active in a sector
// for their sake. Everything keeps its number.
func (g *Graph) Until(day Day) *Graph {
	out := *g
	out.kept = &kept{}
	began := func(group int32) bool { return g.From[group] != NoDay && g.From[group] <= day }
	out.Members = g.Members.keep(func(group, _ int32) bool { return began(group) })
	out.Meetings = g.Meetings.keep(func(_, group int32) bool { return began(group) })
	about := func(actor, sector int32, l Lists) bool {
		return slices.ContainsFunc(l.Of(actor), func(group int32) bool {
			_, ok := slices.BinarySearch(g.GroupSectors.Of(group), sector)
			return ok
		})
	}
	stays := func(actor, sector int32) bool {
		return about(actor, sector, out.Meetings) || !about(actor, sector, g.Meetings)
	}
	out.ActorSectors = g.ActorSectors.keep(stays)
	out.SectorActors = g.SectorActors.keep(func(sector, actor int32) bool { return stays(actor, sector) })
	return &out
}

// keep returns the lists without the items that are not to be kept.
func (l Lists) keep(keep func(i, item int32) bool) Lists {
	out := Lists{start: make([]uint32, len(l.start))}
	for i := range len(l.start) - 1 {
		for _, item := range l.Of(int32(i)) {
			if keep(int32(i), item) {
				out.items = append(out.items, item)
			}
		}
		out.start[i+1] = uint32(len(out.items))
	}
	return out
}
