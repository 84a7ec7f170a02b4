package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
)

// TestDaysAreTheStations: days begin and end where each request's station is, the page says whose days they are, and its files, its rows,
// its lists and the command go by the same.
func TestDaysAreTheStations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, last := w.ask(1, "我妈妈没人照顾"), w.ask(2, "我爸爸没人照顾")
	elsewhere := w.ask(3, "我奶奶没人照顾")
	w.must(w.intake.SendTo(w.Context(), elsewhere, another, "root"))
	w.must(w.execute(`UPDATE stations SET time_zone = 'Asia/Tokyo' WHERE code = $1`, taiping))
	w.must(w.intake.Router.Reload(w.Context()))
	w.must(w.intake.Fold(w.Context()))
	// the first and the last second of the 4th of March in Tokyo, and its first in China
	for ref, began := range map[string]string{first: "2026-03-03 23:00:00+08", last: "2026-03-04 22:59:59+08", elsewhere: "2026-03-04 00:00:00+08"} {
		w.must(w.execute(`UPDATE cycles c SET began_at = $2, day = CAST(CAST($2 AS timestamptz) AT TIME ZONE s.time_zone AS date) FROM stations s
			WHERE s.code = c.station AND c.request_id = (SELECT id FROM requests WHERE ref = $1)`, ref, began))
	}
	b := w.as("mei", "administrator", "")
	const fourth, third = "from=2026-03-04&to=2026-03-04", "from=2026-03-03&to=2026-03-03"
	for query, want := range map[string]struct{ zone, file, count string }{
		"station=" + taiping: {"Days are those of UTC&#43;9.", "response-times-UTC+9.csv", "2"},
		"station=" + another: {"Days are those of UTC&#43;8.", "response-times-UTC+8.csv", "1"},
		"":                   {"Days are those of each station&#39;s time zone", "response-times-local-days.csv", "3"},
	} {
		page := b.get("/admin/times?by=day&"+fourth+"&"+query).is(http.StatusOK, want.zone)
		leads := regexp.MustCompile(`data-label="Requests"><a href="([^"]*)">([0-9]+)<`).FindAllStringSubmatch(page.body, -1)
		if strings.Count(page.body, want.zone) < 2 || len(leads) != 2 {
			t.Fatalf("%q: on paper the page doesn't say whose days they are, or has %d rows", query, len(leads))
		}
		for _, lead := range leads {
			if n := b.get(strings.ReplaceAll(lead[1], "&amp;", "&")).is(http.StatusOK, "1 to "+want.count+" of "+want.count); lead[2] != want.count {
				t.Errorf("%q: the page has %s, want %s: %v", query, lead[2], want.count, n)
			}
		}
		a := b.get("/admin/times?format=csv&by=day&"+fourth+"&"+query).is(http.StatusOK, "2026-03-04,2026-03-04,"+want.count+",")
		if !strings.Contains(a.Header.Get("Content-Disposition"), `"`+want.file+`"`) {
			t.Errorf("%q is saved as %q", query, a.Header.Get("Content-Disposition"))
		}
		b.get("/admin/times?"+third+"&"+query).is(http.StatusOK, "No request was submitted on these days.", want.zone)
		for _, other := range []string{"/admin/equity?", "/admin/staffing?"} {
			b.get(other+fourth+"&"+query).is(http.StatusOK, want.zone)
		}
	}
	w.as("li", "supervisor", taiping).get("/admin/times?"+fourth).is(http.StatusOK, "UTC&#43;9", `data-label="Requests">`)
	w.must(w.execute(`UPDATE stations SET time_zone = 'Europe/London' WHERE code = $1`, taiping))
	w.must(w.intake.Router.Reload(w.Context()))
	b.get("/admin/times?from=2025-12-01&to=2026-08-01&station="+taiping).is(http.StatusOK, "Days are those of Europe/London.")
}

// TestTodayIsTheStations: today so far is the day that it is at the station, and so is the day up to which the page goes when it isn't told.
func TestTodayIsTheStations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(1, "我妈妈没人照顾")
	w.must(w.execute(`UPDATE stations SET time_zone = 'Pacific/Kiritimati' WHERE code = $1`, taiping)) // six hours before China
	w.must(w.intake.Router.Reload(w.Context()))
	there, err := time.LoadLocation("Pacific/Kiritimati")
	w.must(err)
	noon := time.Now().In(intake.China)
	evening := time.Date(noon.Year(), noon.Month(), noon.Day()+1, 20, 0, 0, 0, intake.China) // when there it is the next day
	w.later(time.Until(evening))
	ref := w.ask(2, "我爸爸没人照顾")
	b := w.as("mei", "administrator", "")
	page := b.get("/admin/times?station="+taiping).is(http.StatusOK, "Requests today so far: 1;", `name="to" value="`+evening.In(there).Format(time.DateOnly)+`"`, "UTC&#43;14")
	found := regexp.MustCompile(`<a href="([^"]*)">Requests today`).FindStringSubmatch(page.body)
	b.get(strings.ReplaceAll(found[1], "&amp;", "&")).is(http.StatusOK, "1 to 1 of 1", ref)
}
