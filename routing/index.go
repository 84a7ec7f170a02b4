package routing

import (
	"cmp"
	"slices"
)

// index finds things on the globe, the nearest first: a balanced tree of boxes around points of the unit
// sphere. It never changes, so it is safe for concurrent use. The zero value is empty.
type index[T any] struct {
	spots []spot[T] // those of a box stand together: the spots of its first half, then those of its second
	boxes []box     // the halves of box i are 2i+1 and 2i+2
}

// spot is a thing and where it is.
type spot[T any] struct {
	at    vector
	thing T
}

// bucket is how many spots a box has at most without being halved.
const bucket = 8

// newIndex makes an index of spots, which are the index's from then on.
func newIndex[T any](spots []spot[T]) index[T] {
	x := index[T]{spots: spots}
	if len(spots) > 0 {
		x.build(0, spots)
	}
	return x
}

// build makes box i of the spots, and halves it along its longest side.
func (x *index[T]) build(i int, spots []spot[T]) {
	if missing := i + 1 - len(x.boxes); missing > 0 {
		x.boxes = append(x.boxes, make([]box, missing)...)
	}
	x.boxes[i] = boxOf(spots)
	if len(spots) <= bucket {
		return
	}
	axis := x.boxes[i].widest()
	slices.SortFunc(spots, func(a, b spot[T]) int { return cmp.Compare(a.at[axis], b.at[axis]) })
	half := len(spots) / 2
	x.build(2*i+1, spots[:half])
	x.build(2*i+2, spots[half:])
}

// nearby calls each with the things around p, the nearest first, until it returns false.
func (x *index[T]) nearby(p Point, each func(thing T, km float64) bool) {
	if len(x.spots) == 0 {
		return
	}
	from := unit(p)
	var room [64]step
	ahead := queue(room[:0]).push(step{to: len32(x.spots)})
	for len(ahead) > 0 {
		var s step
		s, ahead = ahead.pop()
		switch n := s.to - s.from; {
		case n == 1:
			spot := &x.spots[s.from]
			if !each(spot.thing, kilometres(from.square(spot.at))) {
				return
			}
		case n <= bucket:
			for i := s.from; i < s.to; i++ {
				ahead = ahead.push(step{square: from.square(x.spots[i].at), from: i, to: i + 1})
			}
		default:
			half := s.from + n/2
			first, second := 2*s.box+1, 2*s.box+2
			ahead = ahead.push(step{x.boxes[first].square(from), first, s.from, half})
			ahead = ahead.push(step{x.boxes[second].square(from), second, half, s.to})
		}
	}
}

func len32[T any](list []T) int32 { return int32(len(list)) }

// step is a box still to be opened, or a single spot to be visited.
type step struct {
	square   float64 // of the straight line to it
	box      int32
	from, to int32 // its spots
}

// queue is a binary heap of steps, the nearest on top.
type queue []step

func (q queue) push(s step) queue {
	q = append(q, s)
	i := len(q) - 1
	for i > 0 && s.square < q[(i-1)/2].square {
		q[i] = q[(i-1)/2]
		i = (i - 1) / 2
	}
	q[i] = s
	return q
}

func (q queue) pop() (step, queue) {
	top, last := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	for i := 0; len(q) > 0; {
		child := 2*i + 1
		if child+1 < len(q) && q[child+1].square < q[child].square {
			child++
		}
		if child >= len(q) || last.square <= q[child].square {
			q[i] = last
			break
		}
		q[i] = q[child]
		i = child
	}
	return top, q
}
