package admin

import (
	"strconv"
	"strings"

	"onedoor/routing"
)

// writePoint is a point in a URL, to a hundred metres.
func writePoint(p routing.Point) string {
	return strconv.FormatFloat(p.Lat, 'f', 3, 64) + "," + strconv.FormatFloat(p.Lon, 'f', 3, 64)
}

// readPoint is the point that writePoint wrote; false where it is none on the globe.
func readPoint(text string) (routing.Point, bool) {
	first, second, _ := strings.Cut(text, ",")
	lat, errLat := strconv.ParseFloat(first, 64)
	lon, errLon := strconv.ParseFloat(second, 64)
	inside := lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180
	return routing.Point{Lat: lat, Lon: lon}, errLat == nil && errLon == nil && inside
}
