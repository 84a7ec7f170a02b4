package admin_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// coast is a GeoJSON area of a place: an uneven ring of n points around a position.
func coast(code string, lat, lon, radius float64, n int) string {
	var ring [][2]float64
	for i := range n {
		turn := 2 * math.Pi * float64(i) / float64(n)
		r := radius * (1 + 0.1*math.Sin(turn*9) + 0.05*math.Sin(turn*31) + 0.02*math.Sin(turn*101))
		ring = append(ring, [2]float64{math.Round((lon+r*math.Cos(turn))*1e5) / 1e5, math.Round((lat+r*math.Sin(turn))*1e5) / 1e5})
	}
	text, _ := json.Marshal(append(ring, ring[0])) // numbers can always be written
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q},"geometry":{"type":"Polygon","coordinates":[%s]}}`, code, text)
}

func features(areas ...string) []byte {
	return []byte(`{"type":"FeatureCollection","features":[` + strings.Join(areas, ",") + `]}`)
}

// outlineOf is the path of boundaries on a map, or empty.
func outlineOf(page string) string {
	found := regexp.MustCompile(`<path class="outline" d="([^"]*)"/>`).FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	return found[1]
}

// TestBoundaries: an administrator imports boundaries, and every map draws them at once; what is wrong is named, and others import none.
func TestBoundaries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	if outlineOf(b.get("/admin/map").is(http.StatusOK).body) != "" {
		t.Error("there is an outline before there are boundaries")
	}
	b.get("/admin/places").is(http.StatusOK, `href="/admin/places/boundaries"`)
	b.get("/admin/places/boundaries").is(http.StatusOK, "None has one yet")
	b.upload("boundaries", "x.geojson", features(coast("440117", 23.55, 113.59, 0.3, 400), coast("<i>", 23, 113, 0.1, 40))).
		is(http.StatusOK, "Done: 1 new, 0 changed", "Passed over: 1", "Area 2", "&lt;i&gt;", "<dt>county</dt><dd>1</dd>").lacks("<i>")
	a := b.get("/admin/map").is(http.StatusOK)
	if d := outlineOf(a.body); len(d) < 50 || !regexp.MustCompile(`^(M-?\d+[ -]-?\d+l(-?\d+[ -]?-?\d+ ?)+z)+$`).MatchString(d) {
		t.Errorf("the outline is %q", d)
	}
	if strings.Index(a.body, `class="outline"`) > strings.Index(a.body, "<use ") {
		t.Error("boundaries lie above what is marked")
	}
	w.wellFormed(a.body)
	for name, limit := range map[string]string{"county": "440117", "station": taiping} {
		reader := w.as(name, "supervisor", limit)
		if outlineOf(reader.get("/admin/map?z=9&at=23.5,113.5").is(http.StatusOK).body) == "" {
			t.Errorf("the map of a %s's supervisor has no outline", name)
		}
		reader.get("/admin/places").is(http.StatusOK).lacks("/admin/places/boundaries")
		reader.get("/admin/places/boundaries").is(http.StatusForbidden)
		reader.upload("boundaries", "x.geojson", features(coast("440117", 23, 113, 1, 40))).is(http.StatusForbidden)
	}
	for want, file := range map[string][]byte{
		"Not GeoJSON":                {},
		"no FeatureCollection":       []byte(`[]`),
		"Nothing is imported while":  features(`{"properties":{"code":"440117"},"geometry":{"type":"Polygon","coordinates":[[[113,23],[114,23],[114,24],[113,24]]]}}`),
		"isn&#39;t closed":           features(`{"properties":{"code":"440117"},"geometry":{"type":"Polygon","coordinates":[[[113,23],[114,23],[114,24],[113,24]]]}}`),
		"longitude comes first":      features(`{"properties":{"code":"440117"},"geometry":{"type":"Polygon","coordinates":[[[23,113],[23,114],[24,114],[23,113]]]}}`),
		"No area has the code":       features(coast("nowhere", 23, 113, 1, 40)),
		"The file is larger than 10": bytes.Repeat([]byte(" "), 11<<20),
	} {
		b.upload("boundaries", "x.geojson", file).is(http.StatusBadRequest, want)
	}
	b.post("/admin/directory/boundaries/import").is(http.StatusBadRequest, "Choose a file first")
	if n := value[int](w, `SELECT count(*) FROM boundaries`); n != 1 {
		t.Errorf("%d boundaries are there", n)
	}
	b.get("/admin/audit").is(http.StatusOK, "imported boundaries")
}

// TestMapOfManyBoundaries: however many boundaries there are, a map with all that it loads weighs at most 100 kB, and nothing of them is
// drawn far outside of it.
func TestMapOfManyBoundaries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.crowd()
	b := w.as("boss", "administrator", "")
	var places []struct {
		Code string  `db:"code"`
		Lat  float64 `db:"lat"`
		Lon  float64 `db:"lon"`
	}
	w.must(w.db.Select(&places, `SELECT code, lat, lon FROM places WHERE lat IS NOT NULL ORDER BY code LIMIT 400`))
	var areas []string
	for i, p := range places {
		areas = append(areas, coast(p.Code, p.Lat, p.Lon, []float64{0.02, 0.3, 3}[i%3], 700))
	}
	b.upload("boundaries", "x.geojson", features(areas...)).is(http.StatusOK, fmt.Sprintf("Done: %d new", len(areas)))
	loaded := 0
	for _, file := range []string{"admin.css", "live.js", "map.css", "map.js", "icon.svg"} {
		content, err := os.ReadFile("static/" + file)
		w.must(err)
		loaded += len(content)
	}
	for _, query := range []string{"", "?z=3&at=23,113", "?z=5&at=23,113", "?z=8&at=23.1,113.3", "?z=10.5&at=23.1,113.3", "?z=14&at=23.449,113.482"} {
		page := b.get("/admin/map" + query).is(http.StatusOK).body
		if weight := len(page) + loaded; weight > 100_000 {
			t.Errorf("%s weighs %d bytes", query, weight)
		}
		if d := outlineOf(page); d == "" || len(d) > 20_000 {
			t.Errorf("%s: the outline has %d bytes", query, len(d))
		}
		for _, begin := range regexp.MustCompile(`M(-?\d+)[ -]`).FindAllStringSubmatch(outlineOf(page), -1) {
			var x int
			_, err := fmt.Sscan(begin[1], &x)
			w.must(err)
			if x < -81 || x > 721 {
				t.Errorf("%s: an outline begins at %d", query, x)
			}
		}
	}
}
