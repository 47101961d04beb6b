package ranking

import (
	"cmp"
	"slices"
)

// valued is an actor, or what else has a number, with a value.
type valued struct {
	value float32
	of    int32
}

func (v valued) less(w valued) bool {
	return v.value < w.value || v.value == w.value && v.of > w.of
}

// top is a heap of the greatest values seen, ties by number, the least of them
// above.
type top []valued

// wants reports whether a value is among the n greatest so far.
func (t top) wants(v valued, n int) bool { return len(t) < n || n > 0 && t[0].less(v) }

// offer adds a value when it is among the n greatest so far.
func (t *top) offer(v valued, n int) {
	h := *t
	switch {
	case !h.wants(v, n):
		return
	case len(h) < n:
		h = append(h, v)
		for i := len(h) - 1; i > 0 && h[i].less(h[(i-1)/2]); i = (i - 1) / 2 {
			h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
		}
		*t = h
		return
	}
	h[0] = v
	for i := 0; ; {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < n; c++ {
			if h[c].less(h[least]) {
				least = c
			}
		}
		if least == i {
			return
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}

// all returns those with the greatest values, in any order.
func (t top) all() []int32 {
	out := make([]int32, len(t))
	for i, v := range t {
		out[i] = v.of
	}
	return out
}

// sorted returns those with the greatest values, the greatest first.
func (t top) sorted() []int32 {
	slices.SortFunc(t, func(v, w valued) int { return cmp.Or(cmp.Compare(w.value, v.value), cmp.Compare(v.of, w.of)) })
	return t.all()
}
