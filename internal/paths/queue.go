package paths

// queue is a binary heap: the least item is taken first.
type queue[T any] struct {
	items []T
	less  func(a, b T) bool
}

func (q *queue[T]) push(x T) {
	q.items = append(q.items, x)
	i := len(q.items) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !q.less(q.items[i], q.items[up]) {
			break
		}
		q.items[i], q.items[up] = q.items[up], q.items[i]
		i = up
	}
}

// pop takes the least item; there must be one.
func (q *queue[T]) pop() T {
	least, last := q.items[0], len(q.items)-1
	q.items[0] = q.items[last]
	q.items = q.items[:last]
	for i := 0; ; {
		down := 2*i + 1
		if down >= last {
			return least
		}
		if down+1 < last && q.less(q.items[down+1], q.items[down]) {
			down++
		}
		if !q.less(q.items[down], q.items[i]) {
			return least
		}
		q.items[i], q.items[down] = q.items[down], q.items[i]
		i = down
	}
}
