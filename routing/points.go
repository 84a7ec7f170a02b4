package routing

import "iter"

// Points finds the nearest of some points. It never changes, so it is safe for concurrent use.
type Points struct{ index index[int] }

// NewPoints makes Points, which are known by their numbers in the list.
func NewPoints(all []Point) *Points {
	spots := make([]spot[int], len(all))
	for i, p := range all {
		spots[i] = spot[int]{unit(p), i}
	}
	return &Points{newIndex(spots)}
}

// Around are the numbers of the points around p, the nearest first, with how many kilometres they are away.
func (s *Points) Around(p Point) iter.Seq2[int, float64] {
	return func(yield func(int, float64) bool) { s.index.nearby(p, yield) }
}

// Each are the places of a level, in no order.
func (g *Gazetteer) Each(level string) iter.Seq[Place] { return copies(g.ofLevel[level]) }

// In are the places that lie in one directly, by code.
func (g *Gazetteer) In(code string) iter.Seq[Place] { return copies(g.inside[code]) }

func copies(list []*Place) iter.Seq[Place] {
	return func(yield func(Place) bool) {
		for _, p := range list {
			if !yield(*p) {
				return
			}
		}
	}
}

// Path are the codes of a place and of what it lies in, the smallest first; none where nothing is known of it.
func (g *Gazetteer) Path(code string) (codes []string) {
	for _, p := range g.path(code) {
		codes = append(codes, p.Code)
	}
	return codes
}
