// Package outline makes closed lines in a plane simple: fewer points that look the same, and none outside of a frame. It knows
// no maps and no units.
package outline

import "math"

// XY is a point of the plane.
type XY struct{ X, Y float64 }

// maxRing is how many points of a ring are looked at: Douglas and Peucker's way may compare each with each.
const maxRing = 5000

// Weighed is a closed line, whose last point is its first, with how much each point matters: how far the line would be off without it.
type Weighed struct {
	Points  []XY
	weights []float64
}

// Weigh weighs the points of a ring by the algorithm of Douglas and Peucker (1973). A ring of very many points is thinned out
// first.
func Weigh(ring []XY) Weighed {
	ring = thin(ring)
	w := Weighed{ring, make([]float64, len(ring))}
	if len(ring) < 4 {
		return w
	}
	last, far := len(ring)-1, 0
	for i, p := range ring {
		if apart(p, ring[0]) > apart(ring[far], ring[0]) {
			far = i
		}
	}
	w.weights[0], w.weights[last], w.weights[far] = math.Inf(1), math.Inf(1), math.Inf(1)
	w.split([][2]int{{0, far}, {far, last}})
	return w
}

// split weighs the points inside of stretches whose ends stay. No point weighs more than the one that parted its stretch.
func (w Weighed) split(stretches [][2]int) {
	for len(stretches) > 0 {
		from, to := stretches[len(stretches)-1][0], stretches[len(stretches)-1][1]
		stretches = stretches[:len(stretches)-1]
		most, at := -1.0, 0
		for i := from + 1; i < to; i++ {
			if d := beside(w.Points[i], w.Points[from], w.Points[to]); d > most {
				most, at = d, i
			}
		}
		if at > 0 {
			w.weights[at] = min(most, w.weights[from], w.weights[to])
			stretches = append(stretches, [2]int{from, at}, [2]int{at, to})
		}
	}
}

// Within is the ring with the points alone without which it would be off by more than that; nil where no area is left.
func (w Weighed) Within(off float64) []XY {
	var ring []XY
	for i, p := range w.Points {
		if w.weights[i] > off {
			ring = append(ring, p)
		}
	}
	if len(ring) < 4 {
		return nil
	}
	return ring
}

// thin leaves away points that are next to the one before, so far that no more than maxRing are left.
func thin(ring []XY) []XY {
	kept, near := ring, 0.0
	for first := true; first || len(kept) > maxRing; first = false {
		kept = nil
		for i, p := range ring {
			if i == 0 || i == len(ring)-1 || apart(p, kept[len(kept)-1]) > near {
				kept = append(kept, p)
			}
		}
		near = max(2*near, Extent(ring)/maxRing/16, math.SmallestNonzeroFloat64)
	}
	return kept
}

// Extent is how wide or high a ring is.
func Extent(ring []XY) float64 {
	low, high := Box(ring)
	return max(high.X-low.X, high.Y-low.Y)
}

// Box is the smallest rectangle around points.
func Box(points []XY) (low, high XY) {
	low, high = XY{math.Inf(1), math.Inf(1)}, XY{math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		low, high = XY{min(low.X, p.X), min(low.Y, p.Y)}, XY{max(high.X, p.X), max(high.Y, p.Y)}
	}
	return low, high
}

func apart(a, b XY) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// beside is how far a point is from the stretch between two others.
func beside(p, a, b XY) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	square := dx*dx + dy*dy
	if square == 0 {
		return apart(p, a)
	}
	along := max(0, min(1, ((p.X-a.X)*dx+(p.Y-a.Y)*dy)/square))
	return apart(p, XY{a.X + along*dx, a.Y + along*dy})
}

// Clip is a ring inside of a frame, by the algorithm of Sutherland and Hodgman (1974): what lies outside runs along the frame.
func Clip(ring []XY, low, high XY) []XY {
	ring = cut(ring, func(p XY) float64 { return p.X - low.X })
	ring = cut(ring, func(p XY) float64 { return high.X - p.X })
	ring = cut(ring, func(p XY) float64 { return p.Y - low.Y })
	return cut(ring, func(p XY) float64 { return high.Y - p.Y })
}

// cut leaves what is on the side of a line on which inside is not negative.
func cut(ring []XY, inside func(XY) float64) (kept []XY) {
	for i, b := range ring {
		a := ring[(i+len(ring)-1)%len(ring)]
		from, to := inside(a), inside(b)
		if (from < 0) != (to < 0) {
			t := from / (from - to)
			kept = append(kept, XY{a.X + t*(b.X-a.X), a.Y + t*(b.Y-a.Y)})
		}
		if to >= 0 {
			kept = append(kept, b)
		}
	}
	return kept
}
