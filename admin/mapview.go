package admin

import (
	"math"
	"net/url"
	"strconv"

	"onedoor/routing"
)

// The size of a map in its own units, which are those of its tiles, and how far it can be drawn together and apart.
const (
	mapSize  = 640
	tileSize = 256
	minZoom  = 3
	maxZoom  = 14 // 6 km across in Guangdong: requests are shown to about a kilometre
	fitZoom  = 12 // as near as a map goes by itself
)

// mapView is the part of the world that a map shows. In Web Mercator (EPSG:3857, that of tiles) the world is a square of
// 256·2^zoom units.
type mapView struct {
	Centre routing.Point
	Zoom   float64 // a whole number of halves
}

// world is where a point is in a world that is one unit wide; its corner is in the north-west. What lies beyond 85° of
// latitude is not on such maps.
func world(p routing.Point) (x, y float64) {
	const furthest = 85.05112878
	sin := math.Sin(max(-furthest, min(furthest, p.Lat)) * math.Pi / 180)
	return p.Lon/360 + 0.5, 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
}

// globe is the point at a place of that world.
func globe(x, y float64) routing.Point {
	return routing.Point{Lat: 180 / math.Pi * math.Atan(math.Sinh(math.Pi*(1-2*y))), Lon: (x - 0.5) * 360}
}

// width is how many units the world is wide.
func (v mapView) width() float64 { return tileSize * math.Exp2(v.Zoom) }

// place is where a point is in the picture, whose corner is 0, 0; it may lie outside.
func (v mapView) place(p routing.Point) (x, y float64) {
	cx, cy := world(v.Centre)
	x, y = world(p)
	return (x-cx)*v.width() + mapSize/2, (y-cy)*v.width() + mapSize/2
}

// inPicture tells whether something in the picture would be seen.
func inPicture(x, y float64) bool { return x >= 0 && x < mapSize && y >= 0 && y < mapSize }

// point is what is at a place of the picture.
func (v mapView) point(x, y float64) routing.Point {
	cx, cy := world(v.Centre)
	return globe(cx+(x-mapSize/2)/v.width(), cy+(y-mapSize/2)/v.width())
}

// fit is the nearest view that shows all stations with some room around; of none it is China.
func fit(stations []routing.Station) mapView {
	if len(stations) == 0 {
		return mapView{routing.Point{Lat: 35, Lon: 104}, 4}
	}
	west, north, east, south := 1.0, 1.0, 0.0, 0.0
	for _, s := range stations {
		x, y := world(s.Point)
		west, east, north, south = min(west, x), max(east, x), min(north, y), max(south, y)
	}
	v := mapView{globe((west+east)/2, (north+south)/2), fitZoom}
	for v.Zoom > minZoom && max(east-west, south-north)*v.width() > mapSize*0.92 {
		v.Zoom -= 0.5
	}
	return v
}

// readView is the view that a URL asks for; false where it asks for none.
func readView(q url.Values) (mapView, bool) {
	zoom, err := strconv.ParseFloat(q.Get("z"), 64)
	at, ok := readPoint(q.Get("at"))
	if err != nil || math.IsNaN(zoom) || !ok {
		return mapView{}, false
	}
	return mapView{at, max(minZoom, min(maxZoom, math.Round(zoom*2)/2))}, true
}

// moved is the view so many pictures further to the east and to the south.
func (v mapView) moved(east, south float64) mapView {
	x, y := world(v.Centre)
	step := mapSize / v.width()
	inside := func(at float64) float64 { return max(0, min(1, at)) }
	return mapView{globe(inside(x+east*step), inside(y+south*step)), v.Zoom}
}

// zoomed is the view of a point from so much nearer.
func (v mapView) zoomed(at routing.Point, by float64) mapView {
	return mapView{at, max(minZoom, min(maxZoom, v.Zoom+by))}
}

// Query is the view's part of a URL.
func (v mapView) Query() string {
	return "?z=" + strconv.FormatFloat(v.Zoom, 'f', -1, 64) + "&at=" + writePoint(v.Centre)
}
