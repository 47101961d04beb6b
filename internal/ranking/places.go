package ranking

// places numbers actors, or groups, in the order in which a question meets them,
// so that what is known of them takes memory for those alone and lies together.
type places struct {
	slots []slot // at the hash of the actor or the next that is free; at most half are taken
	shift uint8  // 32 - log2 of their number
	base  uint32 // slots up to it are of earlier questions, and so free
	list  []int32
}

// slot says at which place an actor is, counted on from base and from 1.
type slot struct {
	of int32
	at uint32
}

func newPlaces() places { return places{slots: make([]slot, 1<<10), shift: 22} }

func (p *places) clear() {
	p.base += uint32(len(p.list))
	p.list = p.list[:0]
	if p.base > 1<<31 {
		clear(p.slots)
		p.base = 0
	}
}

// slot returns where an actor stands, or would.
func (p *places) slot(of int32) *slot {
	mask := uint32(len(p.slots) - 1)
	for i := uint32(of) * 2654435769 >> p.shift; ; i++ {
		if s := &p.slots[i&mask]; s.at <= p.base || s.of == of {
			return s
		}
	}
}

// find returns the place of an actor, or -1 when it has not been met.
func (p *places) find(of int32) int32 { return max(-1, int32(int64(p.slot(of).at)-int64(p.base))-1) }

// place returns the place of an actor, a new one when it has not been met.
func (p *places) place(of int32) int32 {
	s := p.slot(of)
	if s.at > p.base {
		return int32(s.at-p.base) - 1
	}
	if 2*len(p.list) >= len(p.slots) {
		p.grow()
		s = p.slot(of)
	}
	p.list = append(p.list, of)
	*s = slot{of, p.base + uint32(len(p.list))}
	return int32(len(p.list)) - 1
}

func (p *places) grow() {
	p.slots = make([]slot, 2*len(p.slots))
	p.shift--
	p.base = 0
	for i, of := range p.list {
		*p.slot(of) = slot{of, uint32(i) + 1}
	}
}
