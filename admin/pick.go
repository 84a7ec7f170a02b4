package admin

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"onedoor/routing"
)

// The map on which a position is picked, in CSS pixels. Its size is fixed: a browser without JavaScript says where it was
// clicked in pixels, and not how large it drew it.
const (
	mapWidth  = 300
	mapHeight = 220
)

// mapScales are how many km a map is wide; pickedFrom is how many places a name may mean here.
var mapScales = []float64{4, 12, 40, 150}

const pickedFrom = 6

// picking is what the address says of choosing a place. Nothing is set by it.
func (p *requestPage) picking(r *http.Request) pick {
	k := pick{Find: clip(strings.TrimSpace(r.FormValue("find")), maxRef), KM: scaleOf(r)}
	k.Point, k.Known = p.Point()
	if at, ok := position(r); ok {
		k.Point, k.Known, k.Chosen = at, true, r.FormValue("chosen") != ""
	} else if station, ok := p.Intake.Router.Station(deref(p.Request.Station)); ok && !k.Known {
		k.Point, k.Known = station.Point, true
	}
	if x, y, ok := clicked(r); ok && k.Known {
		k.Point, k.Chosen = k.view().at(x, y), true
	}
	gazetteer := p.Intake.Router.Gazetteer()
	if k.Find != "" {
		var near *routing.Point
		if k.Known {
			near = &k.Point
		}
		k.Found = gazetteer.Find(k.Find, near, pickedFrom)
	}
	if near, _, ok := gazetteer.Near(k.Point); ok && k.Chosen {
		k.Near = p.Described(near.Code)
	}
	return k
}

// Settable tells whether a place says well enough where a request is.
func (p *requestPage) Settable(place routing.Place) bool {
	_, ok := p.Intake.At(p.Request, place.Code)
	return ok
}

// PlaceName is a place with what it lies in.
func (p *requestPage) PlaceName(place routing.Place) string {
	return p.Described(place.Code)
}

// scaleOf is the scale that the address asks for.
func scaleOf(r *http.Request) float64 {
	km, err := strconv.ParseFloat(r.FormValue("km"), 64)
	if err != nil || !slices.Contains(mapScales, km) {
		return mapScales[1]
	}
	return km
}

// clicked is where a picture that is a button was pressed, in its pixels.
func clicked(r *http.Request) (x, y float64, ok bool) {
	left, errX := strconv.Atoi(r.FormValue("at.x"))
	top, errY := strconv.Atoi(r.FormValue("at.y"))
	inside := left >= 0 && left <= mapWidth && top >= 0 && top <= mapHeight
	return float64(left), float64(top), errX == nil && errY == nil && inside
}

// Degrees is a coordinate to about a metre.
func (pick) Degrees(d float64) string { return strconv.FormatFloat(d, 'f', 5, 64) }

// Scales are those to choose from.
func (pick) Scales() []float64 { return mapScales }

// Map is the address of the map.
func (k pick) Map() string {
	q := url.Values{"lat": {k.Degrees(k.Point.Lat)}, "lon": {k.Degrees(k.Point.Lon)}, "km": {fmt.Sprint(k.KM)}}
	return "/admin/surroundings.svg?" + q.Encode()
}

func (k pick) view() pickView { return pickView{k.Point, k.KM} }

// pickView is what a map shows: so many km across, around a point. Over such distances the earth is flat.
type pickView struct {
	middle routing.Point
	km     float64
}

// perDegree are the pixels that a degree of latitude and of longitude take.
func (v pickView) perDegree() (lat, lon float64) {
	lat = kmPerDegree * mapWidth / v.km
	return lat, lat * max(math.Cos(v.middle.Lat*math.Pi/180), 0.01)
}

// at is the position of a pixel.
func (v pickView) at(x, y float64) routing.Point {
	lat, lon := v.perDegree()
	return routing.Point{Lat: min(max(v.middle.Lat-(y-mapHeight/2)/lat, -90), 90), Lon: min(max(v.middle.Lon+(x-mapWidth/2)/lon, -180), 180)}
}

// pixel is where a position lies; false where that is outside.
func (v pickView) pixel(p routing.Point) (x, y int, inside bool) {
	lat, lon := v.perDegree()
	x = int(math.Round(mapWidth/2 + (p.Lon-v.middle.Lon)*lon))
	y = int(math.Round(mapHeight/2 - (p.Lat-v.middle.Lat)*lat))
	return x, y, x >= 0 && x <= mapWidth && y >= 0 && y <= mapHeight
}

// mapPlaces and mapLabels are how many places a map shows, and how many of them it names.
const (
	mapPlaces = 300
	mapLabels = 24
)

// surroundings draws what is around a point: places and stations, nothing of anybody's.
func (a *Admin) surroundings(w http.ResponseWriter, r *http.Request) error {
	at, ok := position(r)
	if !ok {
		return badRequest{"error_position"}
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'") // the picture's own, in which nothing runs
	_, _ = w.Write([]byte(a.page(r, "place").drawMap(pickView{at, scaleOf(r)})))      // who no longer waits has left
	return nil
}
