package ranking

import "sync/atomic"

// numbers is what is known of one actor alone.
type numbers struct {
	partners int32   // how many others it meets in groups of at most closeGroup
	groups   int32   // groups with another member
	latest   int32   // those of at most closeGroup members of the recent years
	thisYear int32   // those of the last year
	reachNow float32 // others met, by fresh
	reach    float32 // others met in the latest, each as often as met
	activity float32 // the sum of the fresh of its groups of at most closeGroup
	fields   fields
}

// known holds the numbers of actors that were asked for. Who asks first computes
// them, whoever that is gets the same.
type known []atomic.Pointer[numbers]

// of returns the numbers of an actor. The notes are written to.
func (x *index) of(a int32, n *notes) *numbers {
	if k := x.known[a].Load(); k != nil {
		return k
	}
	missed := x.g.Missed()
	k := x.count(a, n)
	if x.g.Missed() == missed {
		x.known[a].Store(k)
	}
	return k
}

// notes is what numbers are counted on.
type notes struct {
	met     marks
	sectors tally
}

func newNotes(x *index) *notes {
	return &notes{newMarks(x.g.Actors.Len()), newTally(x.g.Sectors.Len())}
}

func (x *index) count(a int32, n *notes) *numbers {
	k := &numbers{activity: x.activity[a]}
	n.met.clear()
	for _, p := range x.g.Meetings.Of(a) {
		degree := x.g.Members.Degree(p)
		if degree < 2 || x.body(p) {
			continue
		}
		k.groups++
		if degree > closeGroup {
			continue
		}
		fresh := x.meetings[p].fresh
		k.reachNow += fresh * float32(degree-1)
		if age, ok := x.age(p); ok && age <= recent {
			k.latest++
			k.reach += float32(degree - 1)
			if age <= year {
				k.thisYear++
			}
		}
		for _, b := range x.g.Members.Of(p) {
			if b != a && n.met.add(b) {
				k.partners++
			}
		}
	}
	k.fields = x.sectors.of(x, a, &n.sectors)
	return k
}
