package admin_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"onedoor/routing"
)

// picked is the position that a form says.
func (a answer) picked() (lat, lon string) {
	a.w.Helper()
	field := func(name string) string {
		_, rest, _ := strings.Cut(a.body, `name="`+name+`" value="`)
		v, _, _ := strings.Cut(rest, `"`)
		return v
	}
	return field("lat"), field("lon")
}

// TestPickOnTheMap: a click on the map is a position, in both sizes; nothing is written by it, and nothing typed is lost. Enter in
// another field, which a browser sends as a click at 0, 0, sends the form.
func TestPickOnTheMap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	around := []string{"code", "v-new", "name", "新人 & Co", "tasks", "visit", "map_lat", "23.5", "map_lon", "113.5", "map_km", "5"}
	for _, c := range []struct {
		size, x, y string
		lat, lon   string
	}{
		{"wide", "280", "180", "23.5", "113.5"}, {"small", "130", "130", "23.5", "113.5"},
		{"wide", "280", "0", "23.54497", "113.5"}, {"small", "130", "260", "23.45503", "113.5"}, {"wide", "460", "180", "23.5", "113.54903"},
	} {
		a := b.post("/admin/directory/volunteers/new", append(around, "pick_"+c.size+".x", c.x, "pick_"+c.size+".y", c.y)...).is(http.StatusOK, `value="v-new"`, "新人 &amp; Co")
		if lat, lon := a.picked(); lat != c.lat || lon != c.lon {
			t.Errorf("%s %s, %s is %s, %s, want %s, %s", c.size, c.x, c.y, lat, lon, c.lat, c.lon)
		}
	}
	b.post("/admin/directory/volunteers/new", append(around, "zoom", "in")...).is(http.StatusOK, `name="map_km" value="2.5"`)
	b.post("/admin/directory/volunteers/new", append(around, "zoom", "out")...).is(http.StatusOK, `name="map_km" value="10"`)
	if n := value[int](w, `SELECT count(*) FROM partners WHERE code = 'v-new'`); n != 0 {
		t.Error("a click on the map writes")
	}
	for _, outside := range []string{"-1", "561", "NaN", "x"} {
		b.post("/admin/directory/volunteers/new", append(around, "pick_wide.x", outside, "pick_wide.y", "5")...).is(http.StatusBadRequest)
	}
	b.post("/admin/directory/volunteers/new", append(around, "lat", "23.4", "lon", "113.4", "pick_wide.x", "0", "pick_wide.y", "0")...).leadsTo("/admin/volunteers/v-new/edit")
}

// TestPickerIsWellDrawn: the map is XML whatever places are called, light, and shows what is near and nothing else.
func TestPickerIsWellDrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.db.Exec(`INSERT INTO places (code, name, level, lat, lon) VALUES ('evil', '</text><script>&"''', 'village', 23.501, 113.501)`)
	w.must(err)
	w.fresh()
	b := w.as("mei", "supervisor", taiping)
	const path = "/admin/picker.svg?size=wide&lang=en&map_lat=23.45&map_lon=113.49&map_km=10"
	a := b.get(path).is(http.StatusOK, "Taiping", "&lt;script")
	a.lacks("<script", "Shenzhen")
	if a.Header.Get("Content-Type") != "image/svg+xml" || len(a.body) > 20_000 || a.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("%v: %d bytes of %s", a, len(a.body), a.Header.Get("Content-Type"))
	}
	for decoder := xml.NewDecoder(strings.NewReader(a.body)); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the map is no XML: %v", err)
		}
	}
	b.get(path+"&lat=23.46&lon=113.5").is(http.StatusOK, `class="mark"`)
	gcj := routing.FromGCJ02(routing.Point{Lat: 23.46, Lon: 113.5})
	if shifted := b.get(path + "&lat=23.46&lon=113.5&datum=gcj02"); shifted.body == b.get(path+"&lat=23.46&lon=113.5").body || gcj.Lat == 23.46 {
		t.Error("the datum is passed over")
	}
	w.browser().get(path).leadsTo("/admin/login")
}
