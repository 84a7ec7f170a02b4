package admin

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"onedoor/routing"
)

// mapLabel is the name of a place, written where it is or close by.
type mapLabel struct {
	X, Y   int
	Anchor string // what of the name is at X: its start, middle or end
	Name   string
	For    string // the name of the lettering in which it is drawn
}

const (
	// maxLabels is how many names a map has.
	maxLabels = 32
	// mapEdge is how much room there is around the picture.
	mapEdge = 24
)

// lettering is how large names and marks are drawn in a wide picture or a narrow one, in units of the picture (static/map.css).
type lettering struct {
	name         string
	letter, mark float64 // the height of letters; the radius of a mark
}

func letterings() []lettering { return []lettering{{"fine", 13, 16}, {"rough", 22, 24}} }

// labels are names of places to find one's way by where no tiles lie under the map, for each lettering: in the middle of what they name or
// right beside it, the most important first, without those that would cover another or a mark.
func (p *mapPage) labels() (all []mapLabel) {
	var places []namedPlace
	for _, level := range labelled(p.View.Zoom) {
		places = append(places, p.important(level)...)
	}
	for _, size := range letterings() {
		var written []mapLabel
		for _, at := range places {
			if l, free := at.label(size, written, p.Marks); free && len(written) < maxLabels {
				written = append(written, l)
			}
		}
		all = append(all, written...)
	}
	return all
}

// labelled are the levels of places whose names are of use in a zoom.
func labelled(zoom float64) []string {
	switch {
	case zoom < 6:
		return []string{"province"}
	case zoom < 9:
		return []string{"city"}
	case zoom < 11:
		return []string{"city", "county"}
	}
	return []string{"county", "township"}
}

// namedPlace is a place in the picture.
type namedPlace struct {
	x, y  int
	name  string
	holds int // how much lies in it
}

// important are the places of a level in the picture, those first in which the most lies.
func (p *mapPage) important(level string) (seen []namedPlace) {
	g := p.Intake.Router.Gazetteer()
	for place := range g.Each(level) {
		at, known := middle(g, place, deepest)
		x, y := p.View.place(at)
		if !known || place.Off || !inPicture(x, y) {
			continue
		}
		n := namedPlace{x: int(x), y: int(y), name: p.mapName(place)}
		for range g.In(place.Code) {
			n.holds++
		}
		seen = append(seen, n)
	}
	slices.SortStableFunc(seen, func(a, b namedPlace) int { return cmp.Compare(b.holds, a.holds) })
	return seen
}

// deepest is how many levels of places lie in each other at most.
const deepest = 6

// middle is where a place is: its seat, or else the mean of what lies in it; false where nobody knows of any.
func middle(g *routing.Gazetteer, place routing.Place, depth int) (at routing.Point, known bool) {
	if place.Lat != nil && place.Lon != nil {
		return routing.Point{Lat: *place.Lat, Lon: *place.Lon}, true
	}
	n := 0.0
	for part := range g.In(place.Code) {
		if depth == 0 {
			break
		}
		if in, ok := middle(g, part, depth-1); ok {
			at.Lat, at.Lon, n = at.Lat+in.Lat, at.Lon+in.Lon, n+1
		}
	}
	return routing.Point{Lat: at.Lat / max(n, 1), Lon: at.Lon / max(n, 1)}, n > 0
}

// mapName is what a place is called on a map: in the reader's language, or in Chinese where it has no such name. In English it is without
// the word for what kind of place it is.
func (p *mapPage) mapName(place routing.Place) string {
	name := p.texts.Name(p.Lang, p.Intake.Router.Gazetteer().Name(place.Code, p.Lang))
	i := strings.LastIndexByte(name, ' ')
	if p.Lang == "en" && i > 0 && slices.Contains([]string{"Province", "City", "District", "County", "Town", "Township", "Subdistrict"}, name[i+1:]) {
		return name[:i]
	}
	return name
}

// label is the place's name where it is free of others and of marks; false where it is so nowhere near: no further away than a little more
// than two letters are high, which is past the mark of a station there.
func (n namedPlace) label(size lettering, others []mapLabel, marks []mark) (mapLabel, bool) {
	for _, off := range []struct {
		x, y   float64 // in heights of a letter
		anchor string
	}{
		{0, 0, "middle"}, {0.6, 0, "start"}, {-0.6, 0, "end"}, {0, 1.2, "middle"}, {0, -1.2, "middle"},
		{1.5, 1, "start"}, {1.5, -1, "start"}, {-1.5, 1, "end"}, {-1.5, -1, "end"}, {0, 2.3, "middle"}, {0, -2.3, "middle"},
	} {
		l := mapLabel{X: n.x + int(off.x*size.letter), Y: n.y + int(off.y*size.letter), Anchor: off.anchor, Name: n.name, For: size.name}
		if l.free(size, others, marks) {
			return l, true
		}
	}
	return mapLabel{}, false
}

// free tells whether a name that is drawn in a size covers neither another nor a mark, and no edge cuts it.
func (l mapLabel) free(size lettering, others []mapLabel, marks []mark) bool {
	west, east := l.span(size)
	if top := float64(l.Y) - size.letter/2; west < -mapEdge || east > mapSize+mapEdge || top < -mapEdge || top+size.letter > mapSize+mapEdge {
		return false
	}
	for _, o := range others {
		from, to := o.span(size)
		if west < to+size.letter/2 && from < east+size.letter/2 && float64(abs(l.Y-o.Y)) < size.letter*1.2 {
			return false
		}
	}
	for _, m := range marks {
		x := float64(m.X)
		if west < x+size.mark && x-size.mark < east && float64(abs(l.Y-m.Y)) < size.mark*0.7+size.letter/2 {
			return false
		}
	}
	return true
}

// span is from where to where the name is drawn in a size, about.
func (l mapLabel) span(size lettering) (west, east float64) {
	letters := utf8.RuneCountInString(l.Name)
	width := 0.6 * size.letter * float64(letters)
	if len(l.Name) != letters {
		width = 1.1 * size.letter * float64(letters)
	}
	switch x := float64(l.X); l.Anchor {
	case "start":
		return x, x + width
	case "end":
		return x - width, x
	default:
		return x - width/2, x + width/2
	}
}

func abs(n int) int { return max(n, -n) }
