package resolve

import "testing"

func BenchmarkPropose(b *testing.B) {
	g := builtin(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Propose(b.Context(), g); err != nil {
			b.Fatal(err)
		}
	}
}
