package ranking

import (
	"math/rand/v2"
	"testing"
)

// TestPlacesAreAsInAMap over many questions of all sizes, also where numbers of
// earlier ones have run out.
func TestPlacesAreAsInAMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	p := newPlaces()
	for question := range 200 {
		p.clear()
		if question == 100 {
			p.base = 1<<31 - 1
		}
		places := map[int32]int32{}
		most := 1 << r.IntN(14)
		for range 2 * most {
			of := r.Int32N(int32(most)) * (1 << r.IntN(8))
			at, there := places[of]
			if !there {
				at = -1
			}
			if got := p.find(of); got != at {
				t.Fatalf("question %d: %d is at %d, want %d", question, of, got, at)
			}
			if !there {
				at = int32(len(places))
				places[of] = at
			}
			if got := p.place(of); got != at || p.list[got] != of {
				t.Fatalf("question %d: %d was put at %d, want %d", question, of, got, at)
			}
		}
	}
}
