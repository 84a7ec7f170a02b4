package admin_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"onedoor/admin"
	"onedoor/internal/sample"
)

// hrefs are where the links of the picture lead.
var hrefs = regexp.MustCompile(`<a href="([^"]+)"><title>`)

// TestMapInSight: who sees a station, a county or all sees what is there on the map, to a kilometre and without words.
func TestMapInSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "my neighbour Zhang has a wheelchair for me")
	here := "/admin/map?z=14&at=23.449,113.482"
	for name, limit := range map[string]string{"all": "", "county": "440117", "own": taiping} {
		role := "supervisor"
		if limit == "" {
			role = "auditor"
		}
		b := w.as(name, role, limit)
		b.get("/admin/map").is(http.StatusOK, "<svg", "Map of stations")
		b.get(here).is(http.StatusOK, `href="/admin/requests/`+ref, "left").lacks("Zhang", "wheelchair")
		b.get(here+"&here=23.449,113.482").is(http.StatusOK, `id="here"`, ref).lacks("Zhang")
	}
	for name, limit := range map[string]string{"far": "440111", "other": another} {
		b := w.as(name, "supervisor", limit)
		for _, path := range []string{"/admin/map", here, here + "&here=23.449,113.482"} {
			b.get(path).is(http.StatusOK).lacks(ref, taiping)
		}
	}
	w.browser().get("/admin/map").leadsTo("/admin/login")
}

// TestMapIsRough: a request is drawn a good way from where its resident is, and at the same place for all in a kilometre.
func TestMapIsRough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(1, "I need a wheelchair")
	b := w.as("mei", "auditor", "")
	places := regexp.MustCompile(`<use href="#later" x="(\d+)" y="(\d+)"`)
	at := func() string {
		t.Helper()
		found := places.FindAllString(b.get("/admin/map?z=14&at=23.449,113.482").body, -1)
		if len(found) != 1 {
			t.Fatalf("the request is drawn as %q", found)
		}
		return found[0]
	}
	first := at()
	for _, lat := range []float64{23.4401, 23.445, 23.4499} {
		_, err := w.db.Exec(`UPDATE requests SET lat = $1, lon = 113.4811`, lat)
		w.must(err)
		if now := at(); now != first {
			t.Errorf("at %v it is drawn as %s, and else as %s", lat, now, first)
		}
	}
	_, err := w.db.Exec(`UPDATE requests SET lat = 23.4501`)
	w.must(err)
	if at() == first {
		t.Error("a kilometre changes nothing")
	}
}

// TestMapIsDiscreet: what is about violence or abuse has no point on the map, and counts at its station.
func TestMapIsDiscreet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "I need a wheelchair")
	b := w.as("mei", "administrator", "")
	here := "/admin/map?z=14&at=23.449,113.482"
	b.get(here).is(http.StatusOK, ref).lacks("Not on the map")
	for _, change := range []string{`crisis = 'violence'`, `crisis = '', understanding = '{"crisis": "child_abuse"}'`, `understanding = '{}', lat = NULL, lon = NULL, place_source = ''`} {
		_, err := w.db.Exec(`UPDATE requests SET ` + change)
		w.must(err)
		b.get(here).is(http.StatusOK, "Not on the map: 1.", "waiting: 1").lacks(ref)
		b.get(here + "&here=23.449,113.482").is(http.StatusOK).lacks(ref)
	}
}

// TestMapSaysHowLong: a request is drawn by the time that its service standard leaves, in shape and words, not in colour alone.
func TestMapSaysHowLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "I need a wheelchair")
	b := w.as("mei", "administrator", "")
	here := "/admin/map?z=14&at=23.449,113.482"
	for due, want := range map[string][]string{"- interval '3 hours'": {`href="#late"`, "overdue by 3 hours"}, "+ interval '30 minutes'": {`href="#soon"`, "left"},
		"+ interval '9 hours'": {`href="#later"`, "left"}} {
		_, err := w.db.Exec(`UPDATE requests SET claim_due = now() ` + due)
		w.must(err)
		b.get(here).is(http.StatusOK, append(want, ref)...)
	}
	w.join(900, "w-440117-2-1")
	w.press(900, "claim", ref, "")
	b.get(here).is(http.StatusOK, ref) // its resident has heard nothing yet
	_, err := w.db.Exec(`UPDATE requests SET answered_at = now()`)
	w.must(err)
	b.get(here).is(http.StatusOK).lacks(ref)
}

// TestMapOfMuch: with 3,000 stations, 10,000 requests that wait and villages far from everything, a page with all that it
// loads weighs at most 100 kB in every zoom, says of each thing once, and its picture is well formed.
func TestMapOfMuch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.crowd()
	b := w.as("mei", "administrator", "")
	loaded := 0
	for _, file := range []string{"admin.css", "live.js", "map.css", "map.js", "icon.svg"} {
		content, err := os.ReadFile("static/" + file)
		w.must(err)
		loaded += len(content)
	}
	for _, lang := range []string{"en", "zh-CN"} {
		b.Accept = lang
		for _, query := range []string{"", "?z=3&at=23,113", "?z=8&at=23.1,113.3", "?z=10.5&at=23.1,113.3", "?z=14&at=23.449,113.482", "?z=8&at=23.1,113.3&here=23.126,113.244"} {
			a := b.get("/admin/map" + query).is(http.StatusOK)
			if weight := len(a.body) + loaded; weight > 100_000 {
				t.Errorf("%s in %s weighs %d bytes", query, lang, weight)
			}
			w.wellFormed(a.body)
			if links := len(hrefs.FindAllString(a.body, -1)); links == 0 && query != "?z=14&at=23.449,113.482" || links > 120 {
				t.Errorf("%s: %d links", query, links)
			}
		}
	}
	b.Accept = "en"
	total, picture := 0, strings.Split(b.get("/admin/map?z=5&at=23,113").body, "</svg>")[0]
	for _, count := range regexp.MustCompile(`(\d+) requests wait`).FindAllStringSubmatch(picture, -1) {
		n, err := strconv.Atoi(count[1])
		w.must(err)
		total += n
	}
	var waiting int
	w.must(w.db.Get(&waiting, `SELECT count(*) FROM requests WHERE state = 'open'`))
	if total != waiting || waiting < 9_900 {
		t.Errorf("the map has %d requests, %d wait", total, waiting)
	}
}

// crowd makes 3,000 stations and 10,000 requests that wait.
func (w *world) crowd() {
	w.Helper()
	_, err := w.db.Exec(`INSERT INTO stations (code, name, name_en, county_code, lat, lon)
		SELECT 'more-' || n, '某某镇社会工作服务站' || n, 'Some Town Social Work Station ' || n, '440117', 20.5 + n % 53 * 0.09, 110 + n % 59 * 0.12 FROM generate_series(1, 2800) n`)
	w.must(err)
	_, err = w.db.Exec(`INSERT INTO workers (code, name, station) SELECT 'w' || code, '社工', code FROM stations WHERE code LIKE 'more-%'`)
	w.must(err)
	w.must(sample.Present(w.Context(), w.db, 4, 0))
	_, err = w.db.Exec(`UPDATE requests SET lat = lat + sin(id) * 0.3, lon = lon + cos(id * 7) * 0.3, claim_due = now() + (id % 9 - 4) * interval '1 hour' WHERE id <= 10000`)
	w.must(err)
	_, err = w.db.Exec(`DELETE FROM offers; DELETE FROM requests WHERE id > 10000`)
	w.must(err)
	w.must(w.intake.Router.Reload(w.Context()))
}

// wellFormed checks that the picture of a page is XML, and that what is in it is on it.
func (w *world) wellFormed(page string) {
	w.Helper()
	from, to := strings.Index(page, `<svg class="map"`), strings.Index(page, "</svg>")
	if from < 0 || to < from {
		w.Fatal("there is no picture")
	}
	decoder := xml.NewDecoder(strings.NewReader(page[from : to+len("</svg>")]))
	decoder.Entity = xml.HTMLEntity
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		w.must(err)
		if element, ok := token.(xml.StartElement); ok && element.Name.Local == "use" {
			for _, a := range element.Attr {
				if n, err := strconv.Atoi(a.Value); err == nil && (n < -24 || n > 664) {
					w.Errorf("something is drawn at %s", fmt.Sprint(element.Attr))
				}
			}
		}
	}
}

// TestHostileMap: names that look like markup stay names, in the picture and beside it, and strange addresses are no fault of ours.
func TestHostileMap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const evil = `</title></svg><script>alert(1)</script>"'&`
	_, err := w.db.Exec(`UPDATE stations SET name = $1, name_en = $1; `, evil)
	w.must(err)
	_, err = w.db.Exec(`UPDATE places SET name = $1 || code, name_en = $1 || code`, evil)
	w.must(err)
	w.must(w.intake.Router.Reload(w.Context()))
	b := w.as("mei", "administrator", "")
	for _, query := range []string{"", "?z=10&at=23.449,113.482", "?z=14&at=23.449,113.482&here=23.452,113.488", "?z=NaN&at=NaN,NaN", "?z=1e99&at=1,1", "?z=-Inf&at=1e300,1", "?z=9&at=90,180",
		"?z=9&at=-90,-180", "?z=9&at=23,113&here=NaN,1", "?z=9&at=%00,%ff", "?z=0x7p2&at=1,2", "?z=9&at=23,113%22%3E%3Cscript%3E"} {
		a := b.get("/admin/map" + query).is(http.StatusOK)
		a.lacks("<script>alert")
		if _, drawn, _ := strings.Cut(a.body, `<main`); strings.Contains(drawn, "NaN") || strings.Contains(drawn, "Inf") {
			t.Errorf("%v; it draws what is no number", a)
		}
		w.wellFormed(a.body)
	}
	for _, query := range []string{"", "?in=440117", "?in=440117111"} {
		b.get("/admin/coverage" + query).is(http.StatusOK).lacks("<script>alert")
	}
}

// TestMapTiles: tiles lie under the map only where their server is configured, and then that page alone may load them.
func TestMapTiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const closed = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	b := w.as("mei", "administrator", "")
	a := b.get("/admin/map").is(http.StatusOK)
	a.lacks("<image")
	if got := a.Header.Get("Content-Security-Policy"); got != closed {
		t.Errorf("without tiles a map may load %q", got)
	}
	tiled, err := admin.New(admin.Options{DB: w.db, Intake: w.intake, Tiles: "https://tiles.example/{z}/{x}/{y}.png", Log: w.intake.Log})
	w.must(err)
	t.Cleanup(tiled.Close)
	w.server.Config.Handler = tiled.Handler()
	a = b.get("/admin/map?z=7.5&at=23,113").is(http.StatusOK, `<image href="https://tiles.example/7/104/55.png"`, "tiles.example</p>")
	if got, want := a.Header.Get("Content-Security-Policy"), strings.Replace(closed, "img-src 'self'", "img-src 'self' https://tiles.example", 1); got != want {
		t.Errorf("a map may load %q, want %q", got, want)
	}
	if got := b.get("/admin/").Header.Get("Content-Security-Policy"); got != closed {
		t.Errorf("a page without a map may load %q", got)
	}
	if _, err := admin.New(admin.Options{DB: w.db, Intake: w.intake, Tiles: "https://tiles.example/", Log: w.intake.Log}); err == nil {
		t.Error("an address that names no tile is taken")
	}
}
