package routing

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"onedoor/internal/outline"
	"onedoor/internal/sheet"
)

const (
	// MaxBoundary is how many points a boundary has at most, when it is simplified.
	MaxBoundary = 1000
	maxRings    = MaxBoundary / 8 // of a boundary, the largest: no map shows more islands
	finest      = 0.0002          // degrees: 20 m, by which a boundary may be off
	grid        = 1e4             // of a degree, to which positions are kept: 11 m
)

// Boundary is where a place ends, simplified: rings that are closed.
type Boundary struct {
	Place     string
	Rings     [][]Point
	Low, High Point // the corners in the south-west and in the north-east
}

// ReadBoundaries reads GeoJSON of Polygons and MultiPolygons in WGS-84 (gcj02: in that of China's maps), each with the code of a place
// that is known. Areas of others are passed over, and named in unknown. What is wrong are BoundaryProblems or a sheet.Fault; then
// nothing is to be used.
func ReadBoundaries(file []byte, gcj02 bool, known func(code string) bool) (found []Boundary, unknown sheet.Problems, err error) {
	var check sheet.Checker
	seen := map[string]int{}
	err = geoJSON(file, func(number int, text json.RawMessage) {
		row := sheet.Row{Line: number}
		if len(check.Problems()) > maxUnfit {
			return
		}
		var f feature
		if len(text) > maxFeature || json.Unmarshal(text, &f) != nil {
			check.Add(row, "it is no feature, or larger than %d MB", maxFeature>>20)
			return
		}
		codes := f.codesOf()
		i := slices.IndexFunc(codes, known)
		switch {
		case len(codes) == 0:
			check.Warn(row, "it has no code")
			return
		case i < 0:
			check.Warn(row, "%s %q is not in the list of places", "code", codes[0])
			return
		case seen[codes[i]] > 0:
			check.Add(row, "code %q is in area %d already", codes[i], seen[codes[i]])
			return
		}
		seen[codes[i]] = number
		if b, ok := f.boundary(&check, row, codes[i], gcj02); ok {
			found = append(found, b)
		}
	})
	switch problems := check.Problems(); {
	case err != nil:
		return nil, nil, err
	case len(problems) > 0:
		return nil, nil, BoundaryProblems{problems}
	case len(found) == 0:
		return nil, check.Warnings(), sheet.NewFault("no area has the code of a place in the list of places")
	}
	return found, check.Warnings(), nil
}

// boundary is where the place of that code ends; false where something is wrong with it, which is noted.
func (f *feature) boundary(c *sheet.Checker, row sheet.Row, code string, gcj02 bool) (Boundary, bool) {
	rings, ok := f.rings(c, row, code)
	if !ok {
		return Boundary{}, false
	}
	slices.SortStableFunc(rings, func(a, b []outline.XY) int { return cmp.Compare(outline.Extent(b), outline.Extent(a)) })
	rings = rings[:min(len(rings), maxRings)]
	weighed := make([]outline.Weighed, len(rings))
	for i, ring := range rings {
		if gcj02 {
			for j, p := range ring {
				ring[j] = xy(FromGCJ02(point(p)))
			}
		}
		weighed[i] = outline.Weigh(ring)
	}
	b := simplest(weighed)
	b.Place = code
	if len(b.Rings) == 0 {
		c.Add(row, "the area of %q is empty", code)
	}
	return b, len(b.Rings) > 0
}

// rings are the closed lines of a feature, checked.
func (f *feature) rings(c *sheet.Checker, row sheet.Row, code string) (all [][]outline.XY, ok bool) {
	var polygons [][][][]float64
	switch {
	case f.Geometry == nil || f.Geometry.Type != "Polygon" && f.Geometry.Type != "MultiPolygon":
		c.Add(row, "%q is neither a Polygon nor a MultiPolygon", code)
		return nil, false
	case f.Geometry.Type == "Polygon":
		polygons = make([][][][]float64, 1)
		ok = json.Unmarshal(f.Geometry.Coordinates, &polygons[0]) == nil
	default:
		ok = json.Unmarshal(f.Geometry.Coordinates, &polygons) == nil
	}
	if !ok {
		c.Add(row, "the coordinates of %q can't be read", code)
		return nil, false
	}
	for _, polygon := range polygons {
		for _, positions := range polygon {
			ring, ok := readRing(c, row, code, positions)
			if !ok {
				return nil, false
			}
			all = append(all, ring)
		}
	}
	return all, true
}

// readRing is a closed line of positions, longitude first; false for what is none, which is noted.
func readRing(c *sheet.Checker, row sheet.Row, code string, positions [][]float64) (ring []outline.XY, ok bool) {
	for _, p := range positions {
		if len(p) < 2 || !(Point{p[1], p[0]}).Valid() {
			c.Add(row, "a line around %q has a position that is not on the globe", code)
			return nil, false
		}
		ring = append(ring, outline.XY{X: p[0], Y: p[1]})
	}
	switch {
	case len(ring) < 4:
		c.Add(row, "a line around %q has fewer than 4 positions", code)
	case ring[0] != ring[len(ring)-1]:
		c.Add(row, "a line around %q isn't closed: its last position must be its first", code)
	default:
		return ring, true
	}
	return nil, false
}

// simplest are rings with as few points as they may have: off by 20 m or, where that leaves too many, by more. Those that are too
// small to be seen then are left away.
func simplest(weighed []outline.Weighed) Boundary {
	for off := finest; ; off *= 1.5 {
		b, points := Boundary{Low: Point{90, 180}, High: Point{-90, -180}}, 0
		for _, w := range weighed {
			ring := rounded(w.Within(off))
			if len(ring) == 0 {
				continue
			}
			b.Rings = append(b.Rings, ring)
			points += len(ring)
			for _, p := range ring {
				b.Low = Point{min(b.Low.Lat, p.Lat), min(b.Low.Lon, p.Lon)}
				b.High = Point{max(b.High.Lat, p.Lat), max(b.High.Lon, p.Lon)}
			}
		}
		if points <= MaxBoundary {
			return b
		}
	}
}

// rounded are points to some metres; none where no area is left.
func rounded(ring []outline.XY) (points []Point) {
	for _, p := range ring {
		at := Point{math.Round(p.Y*grid) / grid, math.Round(p.X*grid) / grid}
		if len(points) == 0 || at != points[len(points)-1] {
			points = append(points, at)
		}
	}
	low, high := outline.Box(ring)
	if len(points) < 4 || points[0] != points[len(points)-1] || high.X-low.X < 2/grid || high.Y-low.Y < 2/grid {
		return nil
	}
	return points
}

func xy(p Point) outline.XY    { return outline.XY{X: p.Lon, Y: p.Lat} }
func point(p outline.XY) Point { return Point{p.Y, p.X} }
