package ranking

// marks is a set of actors, of which those that were added are cleared one by one:
// a bit for each actor of the graph stays in a processor's nearest memory.
type marks struct {
	bits []uint64
	list []int32 // in the order of being added
}

func newMarks(n int) marks { return marks{bits: make([]uint64, (n+63)/64)} }

func (m *marks) clear() {
	for _, i := range m.list {
		m.bits[i>>6] = 0
	}
	m.list = m.list[:0]
}

func (m *marks) has(i int32) bool { return m.bits[i>>6]&(1<<(i&63)) != 0 }

// add adds an actor and reports whether it is new.
func (m *marks) add(i int32) bool {
	if m.has(i) {
		return false
	}
	m.bits[i>>6] |= 1 << (i & 63)
	m.list = append(m.list, i)
	return true
}
