package admin

import (
	"fmt"
	"html"
	"strings"

	"onedoor/routing"
)

// mapHead begins a map; its colours are the pages' own, by what the reader's screen prefers.
const mapHead = `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" font-family="system-ui, sans-serif" font-size="11">
<style>.back{fill:#eef2ef}.dot{fill:#59635f}.town{fill:#1f5fa8}text{fill:#1c2321;paint-order:stroke;stroke:#eef2ef;stroke-width:3px}.station{fill:#0b6e5a}.mark{fill:none;stroke:#b3261e;stroke-width:2}
@media (prefers-color-scheme:dark){.back{fill:#232b27}.dot{fill:#a3aea9}.town{fill:#8fbdf5}text{fill:#e6ebe8;stroke:#232b27}.station{fill:#5cc9b0}.mark{stroke:#ff8a80}}</style>
<rect class="back" width="%[1]d" height="%[2]d"/>
`

// mapFoot marks the middle.
const mapFoot = `<g class="mark"><circle cx="%[1]d" cy="%[2]d" r="8"/><path d="M%[1]d %[3]dv8M%[1]d %[4]dv-8M%[5]d %[2]dh8M%[6]d %[2]dh-8"/></g></svg>`

// label is a name on a map, of which none may lie on another.
type label struct{ x, y, width int }

const (
	labelHeight = 13
	labelDigit  = 7  // pixels of a Latin letter
	labelHan    = 11 // and of a Chinese one
)

// drawMap draws the places around a point, and the stations.
func (p page) drawMap(v pickView) string {
	var b strings.Builder
	fmt.Fprintf(&b, mapHead, mapWidth, mapHeight)
	labels := []label{}
	for _, s := range p.Intake.Router.Stations() {
		if x, y, inside := v.pixel(s.Point); inside {
			fmt.Fprintf(&b, `<rect class="station" x="%d" y="%d" width="8" height="8"/>`, x-4, y-4)
			labels = drawLabel(&b, labels, x, y, p.StationName(s.Code), len(labels) < mapLabels && v.km <= mapScales[1])
		}
	}
	gazetteer := p.Intake.Router.Gazetteer()
	for _, place := range gazetteer.Around(v.middle, v.km, mapPlaces) {
		x, y, inside := v.pixel(routing.Point{Lat: *place.Lat, Lon: *place.Lon})
		if !inside {
			continue
		}
		class, radius := "dot", 2
		if place.Level != "village" {
			class, radius = "town", 4
		}
		fmt.Fprintf(&b, `<circle class="%s" cx="%d" cy="%d" r="%d"/>`, class, x, y, radius)
		labels = drawLabel(&b, labels, x, y, gazetteer.Name(place.Code, p.Lang), len(labels) < mapLabels)
	}
	middleX, middleY := mapWidth/2, mapHeight/2
	fmt.Fprintf(&b, mapFoot, middleX, middleY, middleY-14, middleY+14, middleX-14, middleX+14)
	return b.String()
}

// drawLabel names what is at a pixel, where there is room beside it.
func drawLabel(b *strings.Builder, labels []label, x, y int, name string, room bool) []label {
	one := label{x + 6, y + 4, 0}
	for _, r := range name {
		one.width += labelDigit
		if r > 0x2e80 {
			one.width += labelHan - labelDigit
		}
	}
	if one.x+one.width > mapWidth {
		one.x = x - 6 - one.width
	}
	room = room && one.x >= 0 && one.y >= labelHeight && one.y <= mapHeight-2
	for _, other := range labels {
		beside := one.x+one.width < other.x || other.x+other.width < one.x
		room = room && (beside || abs(one.y-other.y) >= labelHeight)
	}
	if !room {
		return labels
	}
	fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`, one.x, one.y, html.EscapeString(name))
	return append(labels, one)
}
