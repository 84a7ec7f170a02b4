package admin

import (
	"math"
	"unicode/utf8"

	"onedoor/routing"
)

// mapLabel is the name of a place, written where it is.
type mapLabel struct {
	X, Y int
	Name string
}

// maxLabels is how many names a map has.
const maxLabels = 24

// labels are names of places to find one's way by where no tiles lie under the map, the widest first, near where
// they are and where nothing else is drawn.
func (p *mapPage) labels() (all []mapLabel) {
	g := p.Intake.Router.Gazetteer()
	for _, level := range labelled(p.View.Zoom) {
		for place := range g.Each(level) {
			if place.Lat == nil || place.Lon == nil {
				continue
			}
			x, y := p.View.place(routing.Point{Lat: *place.Lat, Lon: *place.Lon})
			if len(all) == maxLabels || !inPicture(x, y) {
				continue
			}
			for _, off := range [][2]int{{0, 0}, {0, 28}, {0, -28}, {70, 0}, {-70, 0}, {0, 44}, {0, -44}} {
				l := mapLabel{int(x) + off[0], int(y) + off[1], p.texts.Name(p.Lang, g.Name(place.Code, p.Lang))}
				if l.free(all, p.Marks) {
					all = append(all, l)
					break
				}
			}
		}
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

// free tells whether a name covers neither another nor a mark.
func (l mapLabel) free(others []mapLabel, marks []mark) bool {
	for _, o := range others {
		if abs(l.X-o.X) < (l.width()+o.width())/2 && abs(l.Y-o.Y) < 18 {
			return false
		}
	}
	for _, m := range marks {
		if abs(l.X-m.X) < l.width()/2+16 && abs(l.Y-m.Y) < 22 {
			return false
		}
	}
	return true
}

// width is about how wide the name is drawn.
func (l mapLabel) width() int {
	if len(l.Name) == utf8.RuneCountInString(l.Name) {
		return 8 * len(l.Name)
	}
	return 15 * utf8.RuneCountInString(l.Name)
}

func abs(n int) int { return max(n, -n) }

// mapScale is a stretch of the picture with its length on the ground.
type mapScale struct{ Width, KM int }

// Scale is the longest one of a round number of kilometres that is no longer than a quarter of the picture.
func (p *mapPage) Scale() mapScale {
	x, y := world(p.View.Centre)
	most := p.View.Centre.DistanceKM(globe(x+mapSize/4/p.View.width(), y))
	km := math.Pow(10, math.Floor(math.Log10(most)))
	for _, times := range []float64{5, 2} {
		if times*km <= most {
			km *= times
			break
		}
	}
	return mapScale{int(km / most * mapSize / 4), int(max(1, km))}
}
