package routing_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onedoor/internal/database/databasetest"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

// round is the ring of n points and one more around a position, as GeoJSON has it.
func round(lat, lon, radius float64, n int) string {
	var positions [][2]float64
	for i := range n {
		turn := 2 * math.Pi * float64(i) / float64(n)
		positions = append(positions, [2]float64{lon + radius*math.Cos(turn), lat + radius*math.Sin(turn)})
	}
	text, _ := json.Marshal(append(positions, positions[0])) // numbers can always be written
	return string(text)
}

// area is a feature of GeoJSON.
func area(properties, kind, coordinates string) string {
	return fmt.Sprintf(`{"type": "Feature", "properties": %s, "geometry": {"type": %q, "coordinates": %s}}`, properties, kind, coordinates)
}

func collection(areas ...string) []byte {
	return []byte(`{"type": "FeatureCollection", "features": [` + strings.Join(areas, ",\n") + `]}`)
}

func knownPlace(code string) bool { return code == "440117" || code == "440117102" }

const square = `[[113,23],[114,23],[114,24],[113,24],[113,23]]`

// TestReadBoundaries: an area is known by its code in any of the forms in which files have it, and is simplified.
func TestReadBoundaries(t *testing.T) {
	for _, properties := range []string{`{"code": "440117"}`, `{"adcode": 440117}`, `{"code": "x-1", "ADCODE": "440117"}`, `{"name": "从化", "gb": "156440117"}`, `{"区划码": "440117000000"}`, `{"id": 440117.0}`} {
		got, unknown, err := routing.ReadBoundaries(collection(area(properties, "Polygon", "["+square+"]")), false, knownPlace)
		if err != nil || len(unknown) > 0 || len(got) != 1 || got[0].Place != "440117" || len(got[0].Rings) != 1 || len(got[0].Rings[0]) != 5 || got[0].Low != (routing.Point{Lat: 23, Lon: 113}) || got[0].High != (routing.Point{Lat: 24, Lon: 114}) {
			t.Errorf("%s: %+v, %v, %v", properties, got, unknown, err)
		}
	}
	byID := strings.Replace(area("null", "MultiPolygon", "[["+square+","+round(23.5, 113.5, 0.1, 40)+"],["+round(25, 115, 0.2, 100_000)+"]]"), "{", `{"id": "440117102", `, 1)
	got, unknown, err := routing.ReadBoundaries(collection(byID, area(`{"code": "999999"}`, "Point", "[1]"), area("{}", "Polygon", "[]")), false, knownPlace)
	if err != nil || len(got) != 1 || len(got[0].Rings) != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	points := 0
	for _, ring := range got[0].Rings {
		points += len(ring)
		if ring[0] != ring[len(ring)-1] {
			t.Errorf("it isn't closed: %v", ring)
		}
	}
	if points > routing.MaxBoundary || points < 30 {
		t.Errorf("100,000 points are simplified to %d", points)
	}
	want := []string{`line 2: code "999999" is not in the list of places`, "line 3: it has no code"}
	if diff := cmp.Diff(strings.Join(want, "\n"), unknown.Error()); diff != "" {
		t.Error(diff)
	}
	moved, _, err := routing.ReadBoundaries(collection(area(`{"code": "440117"}`, "Polygon", "["+square+"]")), true, knownPlace)
	if err != nil {
		t.Fatal(err)
	}
	if off := moved[0].Low.DistanceKM(routing.Point{Lat: 23, Lon: 113}); off < 0.3 || off > 1 {
		t.Errorf("of GCJ-02 it is moved by %.2f km", off)
	}
}

// TestBadBoundaries: what is wrong is named, area by area, and then there is nothing; whatever the file says, it is read in bounds.
func TestBadBoundaries(t *testing.T) {
	const code = `{"code": "440117"}`
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"nothing":            {nil, "not GeoJSON"},
		"no JSON":            {[]byte("code,name\n"), "not GeoJSON"},
		"cut off":            {collection(area(code, "Polygon", "["+square+"]"))[:150], "not GeoJSON"},
		"a list":             {[]byte(`[]`), "no FeatureCollection"},
		"one feature":        {[]byte(area(code, "Polygon", "["+square+"]")), "no FeatureCollection"},
		"another collection": {[]byte(strings.Replace(string(collection(area(code, "Polygon", "["+square+"]"))), "FeatureCollection", "Topology", 1)), "no FeatureCollection"},
		"no features":        {collection(), "no FeatureCollection"},
		"features of text":   {[]byte(`{"type": "FeatureCollection", "features": "x"}`), "no FeatureCollection"},
		"another projection": {[]byte(`{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:3857"}}, "features": []}`), "not in WGS-84"},
		"deep":               {[]byte(`{"x": ` + strings.Repeat("[", 1_000_000)), "not GeoJSON"},
		"deep coordinates":   {collection(area(code, "Polygon", strings.Repeat("[", 5000)+strings.Repeat("]", 5000))), `area 1: the coordinates of "440117" can't be read`},
		"many features":      {collection(strings.Split(strings.Repeat("{},", 20_001)+"{}", ",")...), "more than 20000 areas"},
		"none known":         {collection(area(`{"code": "x"}`, "Polygon", "["+square+"]")), "no area has the code of a place"},
		"text":               {collection(`"x"`), "area 1: it is no feature"},
		"no geometry":        {collection(`{"properties": ` + code + `, "geometry": null}`), `area 1: "440117" is neither a Polygon nor a MultiPolygon`},
		"a line":             {collection(area(code, "LineString", square)), "neither a Polygon"},
		"numbers of text":    {collection(area(code, "Polygon", `[[["a","b"]]]`)), "can't be read"},
		"huge numbers":       {collection(area(code, "Polygon", `[[[1e999,1]]]`)), "can't be read"},
		"a wrong order":      {collection(area(code, "Polygon", `[[[23,113],[24,113],[24,114],[23,113]]]`)), "not on the globe"},
		"one coordinate":     {collection(area(code, "Polygon", `[[[113],[113],[113],[113]]]`)), "not on the globe"},
		"few positions":      {collection(area(code, "Polygon", `[[[113,23],[114,23],[113,23]]]`)), "fewer than 4 positions"},
		"an open ring":       {collection(area(code, "Polygon", `[[[113,23],[114,23],[114,24],[113,24]]]`)), "isn't closed"},
		"no rings":           {collection(area(code, "Polygon", `[]`)), `the area of "440117" is empty`},
		"no area":            {collection(area(code, "Polygon", `[[[113,23],[114,23],[114.5,23],[113,23]]]`)), "is empty"},
		"a tiny area":        {collection(area(code, "Polygon", "["+round(23, 113, 0.00005, 8)+"]")), "is empty"},
		"twice":              {collection(area(code, "Polygon", "["+square+"]"), area(`{"adcode": 440117}`, "Polygon", "["+square+"]")), `area 2: code "440117" is in area 1 already`},
	} {
		got, _, err := routing.ReadBoundaries(c.file, false, knownPlace)
		if err == nil || len(got) > 0 || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 2000 {
			t.Errorf("%s: %d boundaries, %.300v; want it to say %q", name, len(got), err, c.want)
		}
	}
	crossing := collection(area(code, "Polygon", `[[[113,23],[114,24],[114,23],[113,24],[113,23]]]`)) // drawn as it is
	if got, _, err := routing.ReadBoundaries(crossing, false, knownPlace); err != nil || len(got[0].Rings) != 1 {
		t.Errorf("a line that crosses itself: %+v, %v", got, err)
	}
	islands := make([]string, 3000)
	for i := range islands {
		islands[i] = "[" + round(20+float64(i%50)/10, 110+float64(i/50)/10, 0.001+float64(i)/1e6, 12) + "]"
	}
	got, _, err := routing.ReadBoundaries(collection(area(code, "MultiPolygon", "["+strings.Join(islands, ",")+"]")), false, knownPlace)
	if err != nil || len(got[0].Rings) < 20 || len(got[0].Rings) > routing.MaxBoundary/4 {
		t.Errorf("of 3000 islands: %v", err)
	}
}

// FuzzReadBoundaries: whatever somebody sends is boundaries within bounds, or a sentence.
func FuzzReadBoundaries(f *testing.F) {
	f.Add(collection(area(`{"code": "440117"}`, "Polygon", "["+square+"]")))
	f.Add(collection(area(`{"adcode": 440117}`, "MultiPolygon", "[["+round(23, 113, 1, 50)+"]]")))
	f.Add([]byte(`{"features": [], "type": "FeatureCollection", "crs": null}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, _, err := routing.ReadBoundaries(file, len(file)%2 == 0, knownPlace)
		var fault sheet.Fault
		var problems routing.BoundaryProblems
		if err != nil && !errors.As(err, &fault) && !errors.As(err, &problems) {
			t.Fatalf("no sentence: %v", err)
		}
		for _, b := range got {
			points := 0
			for _, ring := range b.Rings {
				points += len(ring)
			}
			if points < 4 || points > routing.MaxBoundary || !(b.Low.Lat < b.High.Lat && b.Low.Lon < b.High.Lon) {
				t.Fatalf("%+v", b)
			}
		}
	})
}

// TestImportBoundaries: boundaries are kept, replaced and read again as they are, here and by who follows; the database takes no bad ones.
func TestImportBoundaries(t *testing.T) {
	db := databasetest.New(t)
	importPlaces(t, db, placesCSV)
	router, err := routing.New(t.Context(), db.DB, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	following := make(chan error, 1)
	go func() { following <- router.Follow(t.Context(), db.URL()) }()
	known := func(code string) bool { _, ok := router.Gazetteer().Lookup(code); return ok }
	load := func(file []byte) ([]routing.Boundary, routing.Counts) {
		t.Helper()
		found, _, err := routing.ReadBoundaries(file, false, known)
		if err != nil {
			t.Fatal(err)
		}
		counts, err := routing.ImportBoundaries(t.Context(), db, found)
		if err != nil {
			t.Fatal(err)
		}
		return found, counts
	}
	file := collection(area(`{"code": "440117"}`, "Polygon", "["+square+"]"), area(`{"code": "440117102"}`, "Polygon", "["+round(23.4, 113.4, 0.1, 500)+"]"))
	found, counts := load(file)
	if counts != (routing.Counts{Added: 2}) {
		t.Errorf("at first: %+v", counts)
	}
	for deadline := time.Now().Add(20 * time.Second); len(router.Boundaries()) != 2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("who follows the database doesn't hear of it")
		}
	}
	if diff := cmp.Diff(found, router.Boundaries()); diff != "" {
		t.Error(diff)
	}
	if _, counts := load(file); counts != (routing.Counts{Unchanged: 2}) {
		t.Errorf("again: %+v", counts)
	}
	if _, counts := load(collection(area(`{"code": "440117"}`, "Polygon", "["+round(23.4, 113.4, 0.1, 50)+"]"))); counts != (routing.Counts{Changed: 1}) {
		t.Errorf("changed: %+v", counts)
	}
	for _, bad := range []string{`UPDATE boundaries SET rings = '{}'`, `UPDATE boundaries SET rings = 'x'`, `UPDATE boundaries SET points = 5000`, `UPDATE boundaries SET west = east`,
		`UPDATE boundaries SET north = 91`, `UPDATE boundaries SET rings = '[' || repeat(' ', 50000) || ']'`, `UPDATE boundaries SET place = 'nowhere' WHERE place = '440117'`} {
		if _, err := db.Exec(bad); err == nil {
			t.Errorf("the database takes %s", bad)
		}
	}
}
