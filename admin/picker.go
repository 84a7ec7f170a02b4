package admin

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"onedoor/routing"
)

// A picker is a map of the surroundings on which a place is picked by a click. In a form it is an image that sends where it was
// clicked, so that it works without JavaScript:
//
//	{{template "picker" .}}   in the form, on a page with a Picker; pickerOf reads it again
//
// It is drawn in one of two sizes, of which the page shows the one that fits: a browser counts in pixels of the screen.
type picker struct {
	Centre routing.Point
	KM     float64        // from the centre to the upper edge
	At     *routing.Point // what is picked; nil: nothing yet
	Narrow bool           // it is shown where there is room for the small size alone
}

// Bounds of a picker's KM, and what it begins with.
const (
	nearestKM = 0.2
	widestKM  = 400
	startKM   = 5
)

// pickerSize is a size in which a picker is drawn, in pixels.
type pickerSize struct {
	Name          string
	Width, Height float64
}

// pickerSizes are for wide and for narrow screens.
func pickerSizes() []pickerSize { return []pickerSize{{"wide", 560, 360}, {"small", 260, 260}} }

// Sizes are those to be drawn.
func (p picker) Sizes() []pickerSize {
	if p.Narrow {
		return pickerSizes()[1:]
	}
	return pickerSizes()
}

// Values are what the form says of the map, by name.
func (p picker) Values() map[string]string {
	return map[string]string{"map_lat": degrees(p.Centre.Lat), "map_lon": degrees(p.Centre.Lon), "map_km": strconv.FormatFloat(p.KM, 'f', -1, 64)}
}

// Source is where the map is drawn in a size.
func (p picker) Source(size pickerSize, lang string) string {
	source := fmt.Sprintf("/admin/picker.svg?size=%s&lang=%s&map_lat=%s&map_lon=%s&map_km=%g", size.Name, lang, degrees(p.Centre.Lat), degrees(p.Centre.Lon), p.KM)
	if p.At != nil {
		source += "&lat=" + degrees(p.At.Lat) + "&lon=" + degrees(p.At.Lon)
	}
	return source
}

// degrees is a latitude or longitude to the metre or so.
func degrees(d float64) string { return strconv.FormatFloat(math.Round(d*1e5)/1e5, 'f', -1, 64) }

// kmPerDegree is how many kilometres a degree of latitude has.
const kmPerDegree = 111.195

// scale is how many pixels a degree of longitude and one of latitude have.
func (p picker) scale(size pickerSize) (x, y float64) {
	y = size.Height / 2 / p.KM * kmPerDegree
	return y * max(math.Cos(p.Centre.Lat*math.Pi/180), 0.01), y
}

// point is what a pixel shows.
func (p picker) point(size pickerSize, x, y float64) routing.Point {
	perLon, perLat := p.scale(size)
	lon := p.Centre.Lon + (x-size.Width/2)/perLon
	return routing.Point{Lat: min(max(p.Centre.Lat-(y-size.Height/2)/perLat, -90), 90), Lon: lon - 360*math.Round(lon/360)}
}

// pixel is where a point is shown; false where it is off the map.
func (p picker) pixel(size pickerSize, at routing.Point) (x, y float64, ok bool) {
	perLon, perLat := p.scale(size)
	lon := at.Lon - p.Centre.Lon
	x = size.Width/2 + (lon-360*math.Round(lon/360))*perLon
	y = size.Height/2 - (at.Lat-p.Centre.Lat)*perLat
	return x, y, x >= 0 && x <= size.Width && y >= 0 && y <= size.Height
}

// pickerOf is the picker of a form that was sent, and whether it was sent by it: by a click on the map, or to see it nearer or
// wider. Who presses Enter in another field clicks the image at 0, 0, in the mind of a browser: that sends the form.
func pickerOf(r *http.Request) (p picker, moved bool) {
	p = pickerIn(r)
	for _, size := range pickerSizes() {
		x, errX := strconv.ParseFloat(r.FormValue("pick_"+size.Name+".x"), 64)
		y, errY := strconv.ParseFloat(r.FormValue("pick_"+size.Name+".y"), 64)
		if errX == nil && errY == nil && (x != 0 || y != 0) && x >= 0 && x <= size.Width && y >= 0 && y <= size.Height {
			at := p.point(size, x, y)
			p.At, p.Centre = &at, at
			return p, true
		}
	}
	switch r.FormValue("zoom") {
	case "in":
		p.KM = max(p.KM/2, nearestKM)
	case "out":
		p.KM = min(p.KM*2, widestKM)
	default:
		return p, false
	}
	return p, true
}

// pickerIn is the picker of a form or an address, with what is picked in lat and lon.
func pickerIn(r *http.Request) picker {
	number := func(name string) float64 {
		v, err := strconv.ParseFloat(strings.TrimSpace(r.FormValue(name)), 64)
		if err != nil || math.IsInf(v, 0) {
			return math.NaN()
		}
		return v
	}
	p := picker{Centre: routing.Point{Lat: number("map_lat"), Lon: number("map_lon")}, KM: number("map_km")}
	if !p.Centre.Valid() {
		p.Centre = widely
	}
	if !(p.KM >= nearestKM && p.KM <= widestKM) {
		p.KM = startKM
	}
	if at := (routing.Point{Lat: number("lat"), Lon: number("lon")}); at.Valid() {
		if r.FormValue("datum") == "gcj02" {
			at = routing.FromGCJ02(at)
		}
		p.At = &at
	}
	return p
}

// widely is the middle of the map where nothing is known: Guangzhou.
var widely = routing.Point{Lat: 23.13, Lon: 113.27}

// pickerFor is the picker for a record: around where it is, or else around its place, or what the account sees.
func (a *Admin) pickerFor(account *Account, cells routing.Cells) picker {
	p := picker{KM: startKM, Centre: widely}
	lat, errLat := strconv.ParseFloat(cells["lat"], 64)
	lon, errLon := strconv.ParseFloat(cells["lon"], 64)
	if at := (routing.Point{Lat: lat, Lon: lon}); errLat == nil && errLon == nil && at.Valid() {
		if cells["datum"] == "gcj02" {
			at = routing.FromGCJ02(at)
		}
		p.Centre, p.At = at, &at
		return p
	}
	place := cmp.Or(cells["place_code"], cells["parent"], cells["county_code"], a.homeCounty(account))
	if at, _, ok := a.Intake.Router.Gazetteer().Position(place); ok {
		p.Centre = at
	}
	p.KM = 20
	return p
}

// pickerSVG draws the map of a picker: stations and places as dots with names. Everybody who is logged in may see it: it shows
// nothing that doesn't stand on a sign.
func (a *Admin) pickerSVG(w http.ResponseWriter, r *http.Request) error {
	size := pickerSizes()[0]
	for _, s := range pickerSizes() {
		if s.Name == r.FormValue("size") {
			size = s
		}
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'") // the picture's own, in which nothing runs
	_, _ = w.Write([]byte(a.drawPicker(pickerIn(r), size, r.FormValue("lang"))))               // who no longer listens has left
	return nil
}

// Bounds of what a picker draws.
const (
	maxDots    = 80
	labelSize  = 12 // pixels
	labelSpace = 16
	labelGap   = 12
	maxLabel   = 150
)

// pickerStyle has the pages' own colours, by what the reader's screen prefers.
const pickerStyle = `<style>.back{fill:#eef2ef;stroke:#7d8883}.dot{fill:#59635f}text{fill:#1c2321}.station{fill:#1f5fa8}.mark{fill:#b3261e;stroke:#b3261e}.scale{stroke:#1c2321}
@media (prefers-color-scheme:dark){.back{fill:#232b27;stroke:#76827d}.dot{fill:#a3aea9}text{fill:#e6ebe8}.station{fill:#8fbdf5}.mark{fill:#ff8a80;stroke:#ff8a80}.scale{stroke:#e6ebe8}}</style>`

// drawPicker is the map as SVG.
func (a *Admin) drawPicker(p picker, size pickerSize, lang string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g" font-family="sans-serif" font-size="%d">`,
		size.Width, size.Height, size.Width, size.Height, labelSize)
	fmt.Fprintf(&b, `%s<rect class="back" width="%g" height="%g"/>`, pickerStyle, size.Width, size.Height)
	m := pickerDrawing{&b, p, size, nil}
	for _, s := range a.Intake.Router.Stations() {
		m.dot(s.Point, "square", page{Admin: a, Lang: lang}.Named(s.Name, s.NameEN))
	}
	for _, place := range a.Intake.Router.Gazetteer().Around(p.Centre, p.KM*math.Hypot(size.Width, size.Height)/size.Height, maxDots) {
		m.dot(routing.Point{Lat: *place.Lat, Lon: *place.Lon}, "circle", a.texts.Name(lang, a.Intake.Router.Gazetteer().Called(place.Code, lang)))
	}
	m.measure()
	if p.At != nil {
		if x, y, ok := p.pixel(size, *p.At); ok {
			fmt.Fprintf(&b, `<g class="mark"><circle cx="%.1f" cy="%.1f" r="9" fill="none" stroke-width="3"/><circle cx="%.1f" cy="%.1f" r="2"/></g>`, x, y, x, y)
		}
	}
	b.WriteString(`</svg>`)
	return b.String()
}

// pickerDrawing is a map while it is drawn.
type pickerDrawing struct {
	*strings.Builder
	picker
	size   pickerSize
	labels [][4]float64 // where there are labels: from x, y to x, y
}

// dot draws a mark of a shape, "circle" or "square", and its name where that covers no other.
func (m *pickerDrawing) dot(at routing.Point, shape, name string) {
	x, y, ok := m.pixel(m.size, at)
	if !ok {
		return
	}
	if shape == "square" {
		fmt.Fprintf(m, `<rect class="station" x="%.1f" y="%.1f" width="9" height="9"/>`, x-4.5, y-4.5)
	} else {
		fmt.Fprintf(m, `<circle class="dot" cx="%.1f" cy="%.1f" r="3"/>`, x, y)
	}
	name, width := shortened(name)
	left := x + labelGap
	if left+width > m.size.Width {
		left = x - labelGap - width
	}
	box := [4]float64{left, y - labelSpace/2, left + width, y + labelSpace/2}
	covers := func(other [4]float64) bool {
		return box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]
	}
	if left < 0 || slices.ContainsFunc(m.labels, covers) {
		return
	}
	m.labels = append(m.labels, box)
	fmt.Fprintf(m, `<text x="%.1f" y="%.1f">%s</text>`, left, y+labelSize/3.0, template.HTMLEscapeString(name))
}

// shortened is a name as a label has room for it, and how wide it is in pixels, about.
func shortened(name string) (label string, width float64) {
	for i, c := range name {
		wide := labelSize * 0.6
		if c > 0x2E80 { // Chinese
			wide = labelSize
		}
		if width+wide > maxLabel {
			return name[:i] + "…", width + labelSize
		}
		width += wide
	}
	return name, width
}

// measure draws how long a round number of kilometres is.
func (m *pickerDrawing) measure() {
	_, perLat := m.scale(m.size)
	perKM := perLat / kmPerDegree
	length := math.Pow(10, math.Floor(math.Log10(m.size.Width/3/perKM)))
	for _, factor := range []float64{5, 2} {
		if length*factor*perKM <= m.size.Width/3 {
			length *= factor
			break
		}
	}
	fmt.Fprintf(m, `<path class="scale" d="M10 %gh%.1f" stroke-width="2"/><text x="10" y="%g">%g km</text>`,
		m.size.Height-10, length*perKM, m.size.Height-15, length)
}
