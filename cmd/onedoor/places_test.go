package main

import (
	"strings"
	"testing"

	"onedoor/internal/database/databasetest"
)

// TestPlacesBoundaries: boundaries are imported for places that there are; what is passed over, or wrong, is named; and an import of
// stations names a county that nobody knows.
func TestPlacesBoundaries(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t).URL()
	command := func(code int, says string, args ...string) {
		t.Helper()
		got, out, errs := try(t, "", append(args, "--database-url", db)...)
		if got != code || out != "" || !strings.Contains(errs, says) {
			t.Errorf("onedoor %s ends with %d, %q, %s; want %d and %q", strings.Join(args, " "), got, out, errs, code, says)
		}
	}
	const ring = `"type":"Polygon","coordinates":[[[113,23],[114,23],[114,24],[113,24],[113,23]]]`
	file := write(t, "counties.geojson", `{"type":"FeatureCollection","features":[{"properties":{"adcode":440117},"geometry":{`+ring+`}},{"properties":{"adcode":1},"geometry":{`+ring+`}}]}`)
	command(exitFailed, "no area has the code of a place", "places", "boundaries", file)
	command(exitDone, "1 added", "import", "places", write(t, "places.csv", "code,name,level,parent,lat,lon,datum\n440117,从化区,county,,,,\n"))
	command(exitDone, "passed over:\narea 2: code \"1\" is not in the list of places\nboundaries: 1 added, 0 changed, 0 unchanged", "places", "boundaries", file)
	command(exitDone, "boundaries: 0 added, 1 changed, 0 unchanged", "places", "boundaries", file, "--datum", "gcj02")
	open := write(t, "open.geojson", `{"type":"FeatureCollection","features":[{"properties":{"code":"440117"},"geometry":{`+strings.Replace(ring, ",[113,23]]]", "]]", 1)+`}}]}`)
	command(exitFailed, "nothing was imported from "+open+":\narea 1: a line around \"440117\" isn't closed", "places", "boundaries", open)
	command(exitUsage, "/nowhere.geojson", "places", "boundaries", "/nowhere.geojson")
	command(exitUsage, "bd09", "places", "boundaries", file, "--datum", "bd09")
	command(exitDone, "imported all the same", "import", "stations", write(t, "stations.csv", "code,name,county_code,lat,lon,datum,phone,categories,hours\na,A,440117,23,113,,,,\nb,B,440118,23,113,,,,\n"))
}
