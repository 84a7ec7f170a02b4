package admin

import (
	"math"
	"strconv"

	"onedoor/internal/outline"
	"onedoor/routing"
)

const (
	maxOutline   = 2500 // points of all boundaries that a map draws: some 15 kB
	leastOutline = 24.0 // units of the picture: smaller places have no boundary there
	aroundMap    = 80.0 // units around the picture, where lines are cut off unseen
)

// outlines are the boundaries of the gazetteer that a view shows, as a path of SVG: simplified so far as can't be seen or, where that
// leaves too much, further.
func outlines(v mapView, all []routing.Boundary) string {
	for off := 0.5; ; off *= 1.5 {
		var path []byte
		points := 0
		for _, b := range all {
			for _, ring := range v.ringsOf(b, off) {
				points += len(ring)
				path = appendRing(path, ring)
			}
			if points > maxOutline {
				break
			}
		}
		if points <= maxOutline {
			return string(path)
		}
	}
}

// ringsOf are the rings of a boundary in the picture, off by no more than that; none of a place that is small there.
func (v mapView) ringsOf(b routing.Boundary, off float64) (rings [][]outline.XY) {
	low, high := outline.XY{X: -aroundMap, Y: -aroundMap}, outline.XY{X: mapSize + aroundMap, Y: mapSize + aroundMap}
	west, south := v.place(b.Low)
	east, north := v.place(b.High)
	inside := east >= low.X && west <= high.X && south >= low.Y && north <= high.Y
	if !inside || max(east-west, south-north) < leastOutline*2*off {
		return nil
	}
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
