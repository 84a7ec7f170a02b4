package routing

import (
	"github.com/tidwall/rtree"
)

// index finds things on the globe, the nearest first. It is right everywhere, across the antimeridian and at
// the poles too. The tree of the library keeps rectangles of longitude (in radians) and sine of the latitude:
// over those, the nearest point of a rectangle takes a square root and one cosine to find. Distances in the
// tree are squared chords of the unit sphere, which grow as great circles do.
//
// An index that is in use is never changed: copy it and change the copy.
type index[T any] struct {
	tree rtree.RTreeG[*entry[T]]
}

// entry is a thing in the index.
type entry[T any] struct {
	vector
	thing T
}

// insert puts a thing at a point and returns what remove takes it out by.
func (x *index[T]) insert(at Point, thing T) *entry[T] {
	e := &entry[T]{unit(at), thing}
	corner := e.corner()
	x.tree.Insert(corner, corner, e)
	return e
}

func (x *index[T]) remove(e *entry[T]) {
	corner := e.corner()
	x.tree.Delete(corner, corner, e)
}

// copy is an index of the same things, made in no time. Neither sees later changes of the other.
func (x *index[T]) copy() index[T] { return index[T]{*x.tree.Copy()} }

// nearby calls each with the things around p, the nearest first, until it returns false.
func (x *index[T]) nearby(p Point, each func(thing T, km float64) bool) {
	from := unit(p)
	x.tree.Nearby(func(low, high [2]float64, e *entry[T], isThing bool) float64 {
		if isThing {
			return from.chord2(e.vector)
		}
		return from.chord2Box(low, high)
	}, func(_, _ [2]float64, e *entry[T], chord2 float64) bool {
		return each(e.thing, kilometres(chord2))
	})
}
