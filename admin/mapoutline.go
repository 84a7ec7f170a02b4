package admin

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"onedoor/internal/outline"
	"onedoor/routing"
)

const (
	maxOutline   = 2500 // points of all boundaries that a map draws: some 15 kB
	coarsest     = 4.0  // units by which a line may be off, and a little more
	leastOutline = 24.0 // units of the picture: smaller places have no boundary there
	aroundMap    = 80.0 // units around the picture, where lines are cut off unseen
)

// outlines are the boundaries of the gazetteer that a view shows, as a path of SVG: simplified so far as can't be seen or, where that
// leaves too much, further; and then the largest.
func outlines(v mapView, all []routing.Boundary) string {
	seen := v.seen(all)
	for off := 0.5; ; off *= 1.5 {
		if path, whole := v.outline(seen, off); whole || off > coarsest {
			return path
		}
	}
}

// seen are the boundaries that reach into the picture, the largest first.
func (v mapView) seen(all []routing.Boundary) (seen []routing.Boundary) {
	for _, b := range all {
		west, south := v.place(b.Low)
		east, north := v.place(b.High)
		if east >= -aroundMap && west <= mapSize+aroundMap && south >= -aroundMap && north <= mapSize+aroundMap {
			seen = append(seen, b)
		}
	}
	slices.SortStableFunc(seen, func(a, b routing.Boundary) int { return cmp.Compare(v.size(b), v.size(a)) })
	return seen
}

// size is how wide or high a place is in the picture.
func (v mapView) size(b routing.Boundary) float64 {
	west, south := v.place(b.Low)
	east, north := v.place(b.High)
	return max(east-west, south-north)
}

// outline is the path of boundaries, the largest first, and whether it has all of those that aren't too small.
func (v mapView) outline(seen []routing.Boundary, off float64) (string, bool) {
	var path []byte
	points := 0
	for _, b := range seen {
		if v.size(b) < leastOutline {
			break
		}
		for _, ring := range v.ringsOf(b, off) {
			if points += len(ring); points > maxOutline {
				return string(path), false
			}
			path = appendRing(path, ring)
		}
	}
	return string(path), true
}

// ringsOf are the rings of a boundary in the picture, off by no more than that.
func (v mapView) ringsOf(b routing.Boundary, off float64) (rings [][]outline.XY) {
	low, high := outline.XY{X: -aroundMap, Y: -aroundMap}, outline.XY{X: mapSize + aroundMap, Y: mapSize + aroundMap}
	for _, ring := range b.Rings {
		drawn := make([]outline.XY, len(ring))
		for i, p := range ring {
			drawn[i].X, drawn[i].Y = v.place(p)
		}
		if drawn = outline.Weigh(drawn).Within(off); drawn == nil {
			continue
		}
		if drawn = outline.Clip(drawn[1:], low, high); len(drawn) > 0 {
			rings = append(rings, drawn)
		}
	}
	return rings
}

// appendRing appends a closed line to a path, in whole units: where it begins, and then from each point to the next.
func appendRing(path []byte, ring []outline.XY) []byte {
	x, y := int(math.Round(ring[0].X)), int(math.Round(ring[0].Y))
	path = append(path, 'M')
	path = appendPair(path, x, y)
	path = append(path, 'l')
	for _, p := range ring[1:] {
		nextX, nextY := int(math.Round(p.X)), int(math.Round(p.Y))
		if nextX == x && nextY == y {
			continue
		}
		if last := path[len(path)-1]; last != 'l' && nextX >= x {
			path = append(path, ' ')
		}
		path = appendPair(path, nextX-x, nextY-y)
		x, y = nextX, nextY
	}
	if path[len(path)-1] == 'l' {
		path = append(path, "0 0"...)
	}
	return append(path, 'z')
}

func appendPair(path []byte, x, y int) []byte {
	path = strconv.AppendInt(path, int64(x), 10)
	if y >= 0 {
		path = append(path, ' ')
	}
	return strconv.AppendInt(path, int64(y), 10)
}

// Outlines are the boundaries of places, beneath all else.
func (p *mapPage) Outlines() string { return outlines(p.View, p.Intake.Router.Boundaries()) }
