package admin_test

import (
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
)

// TestEquity: the page says what the figures say, of few that they are too few, and a station's supervisor sees their own.
func TestEquity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	b.get("/admin/equity").is(http.StatusOK, "Too few to compare: 0 from the country and 0 from town")
	w.fill(6000)
	page := b.get("/admin/equity?from=2020-01-01").is(http.StatusOK, "Time to claim", "Country less town", "points")
	page.lacks("Too few")
	rows := w.sheet(b.get("/admin/equity?from=2020-01-01&format=csv").is(http.StatusOK))
	if len(rows) != 10 || rows[1][0] != "claim" || rows[1][4] == "" {
		t.Errorf("the sheet has %q", rows)
	}
	var rural, urban int
	w.must(w.db.Get(&rural, `SELECT count(claimed_at) FROM cycles WHERE setting = 'rural' AND (claimed_at IS NOT NULL OR coalesce(over_at, now()) > claim_due)`))
	w.must(w.db.Get(&urban, `SELECT count(*) FROM cycles WHERE setting = 'urban' AND (claimed_at IS NOT NULL OR coalesce(over_at, now()) > claim_due)`))
	if rural == 0 || urban == 0 || rows[1][3] != strconv.Itoa(urban) {
		t.Errorf("%d and %d count, the sheet has %q", rural, urban, rows[1])
	}
	for _, row := range rows[1:] { // what is less than nothing is a number all the same, and no formula
		for _, cell := range row[2:] {
			if _, err := strconv.ParseFloat(cell, 64); err != nil && cell != "" {
				t.Errorf("the sheet has %q for a number: %q", cell, row)
			}
		}
	}
	leads := regexp.MustCompile(`<a href="(/admin/times/requests[^"]*setting=rural[^"]*)">`).FindAllStringSubmatch(page.body, -1)
	if len(leads) != 6 {
		t.Fatalf("%d figures of the country lead to their requests", len(leads))
	}
	if n := countOf(b.get(strings.ReplaceAll(leads[0][1], "&amp;", "&")).is(http.StatusOK)); strconv.Itoa(n) != rows[1][2] {
		t.Errorf("behind the country's are %d, the sheet has %s", n, rows[1][2])
	}
	w.as("li", "supervisor", taiping).get("/admin/equity?from=2020-01-01").is(http.StatusOK)
	w.as("wu", "supervisor", another).get("/admin/equity?station=" + taiping).is(http.StatusNotFound)
}

// TestEquitySaysBoth: where all are in time, but the country waits far longer, nothing says that they fare the same; where few are compared,
// what differs may be chance, and the page says so.
func TestEquitySaysBoth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.close(w.ask(1, "我妈妈没人照顾"))
	w.must(w.intake.Fold(w.Context()))
	fill := func(setting string, from, to int, minutes string) {
		t.Helper()
		_, err := w.db.Exec(`INSERT INTO cycles (request_id, n, began_at, day, station, urgency, setting, claim_due, answer_due, resolve_due, claimed_at, answered_at, claim_open, answer_open)
			SELECT request_id, g, began_at, day, station, urgency, $1, began_at + interval '1 day', began_at + interval '2 days', began_at + interval '15 days',
				began_at + `+minutes+` * interval '1 minute', began_at + `+minutes+` * interval '1 minute', 60, 60
			FROM cycles, generate_series($2::int, $3::int) AS g WHERE n = 1`, setting, from, to)
		w.must(err)
	}
	b := w.as("mei", "administrator", "")
	answer := func() string {
		t.Helper()
		_, rest, _ := strings.Cut(b.get("/admin/equity").is(http.StatusOK).text(), "First response time ")
		said, _, _ := strings.Cut(rest, " In the country In town")
		return html.UnescapeString(said)
	}
	fill("rural", 2, 41, "(175 + g % 11)")
	fill("urban", 42, 81, "(15 + g % 11)")
	if said := answer(); !strings.HasPrefix(said, "The country fares worse than town. Half of the villagers were answered within 3 h, in town within 20 min. In the country that takes 2.7 h longer, which is more than chance: the difference lies between +2.6 h and +2.7 h. In time were 100 % in the country and 100 % in town. The difference lies between −8.6 and +8.8 points, so it may be chance.") {
		t.Errorf("of 3 hours and 20 minutes it says %q", said)
	}
	w.must(w.execute(`DELETE FROM cycles WHERE n > 1`))
	fill("rural", 2, 26, "(60 + g * 97 % 240)")
	fill("urban", 27, 51, "(50 + g * 97 % 240)")
	if said := answer(); !strings.HasPrefix(said, "Nothing sure can be said of a difference. Half of the villagers were answered within") || strings.Count(said, "so it may be chance") != 2 {
		t.Errorf("of chance it says %q", said)
	}
	w.must(w.execute(`UPDATE cycles SET answer_due = answered_at - interval '1 second' WHERE n > 1 AND setting = 'urban' AND n % 2 = 0`))
	if said := answer(); !strings.HasPrefix(said, "The country fares better than town.") || !strings.Contains(said, "points more, which is more than chance") {
		t.Errorf("where town is late it says %q", said)
	}
	w.must(w.execute(`UPDATE cycles SET answered_at = answered_at + interval '9 hours' WHERE n > 1 AND setting = 'rural'`))
	if said := answer(); !strings.HasPrefix(said, "The country fares worse than town in one way, and better in another.") {
		t.Errorf("where the country is slower and town is late it says %q", said)
	}
	for lang, words := range map[string]string{"zh-CN": "村民有一半在", "zh-HK": "村民有一半在"} {
		b.Accept = lang
		b.get("/admin/equity?hours=open").is(http.StatusOK, words)
	}
}

// TestReferralsByOrganisation: the table has each organisation that was asked, with what became of it.
func TestReferralsByOrganisation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(3000)
	b := w.as("mei", "administrator", "")
	var name, asked, done string
	w.must(w.db.QueryRow(`SELECT coalesce(nullif(o.name_en, ''), o.name), count(*), count(*) FILTER (WHERE f.outcome = 'done') FROM referrals f JOIN organisations o ON o.code = f.organisation
		GROUP BY o.code ORDER BY 2 DESC, o.code LIMIT 1`).Scan(&name, &asked, &done))
	ended := `data-label="Done">0<`
	if done != "0" {
		ended = `>` + done + `</a></td>`
	}
	b.get("/admin/times?from=2020-01-01").is(http.StatusOK, "Referrals by organisation", name, `>`+asked+`</a></td>`, ended)
	leads := regexp.MustCompile(`data-label="(Referred|Accepted|Declined|Done)"><a href="([^"]*)">([0-9]+)<`).FindAllStringSubmatch(b.get("/admin/times?from=2020-01-01").body, -1)
	if len(leads) < 20 {
		t.Fatalf("%d figures lead to their requests", len(leads))
	}
	for _, lead := range leads[:20] {
		page := b.get(strings.ReplaceAll(lead[2], "&amp;", "&")).is(http.StatusOK, lead[1])
		if rows := strings.Count(page.body, `<th scope="row">`); strconv.Itoa(rows) != lead[3] || countOf(page) != rows {
			t.Errorf("%s of %s: its page lists %d of %d", lead[3], lead[1], rows, countOf(page))
		}
	}
	var elsewhere, station string // an organisation of a station's alone is nothing to others
	w.must(w.db.QueryRow(`SELECT f.organisation, min(w.station) FROM referrals f JOIN workers w ON w.code = f.worker GROUP BY 1 HAVING count(DISTINCT w.station) = 1 AND min(w.station) <> $1 LIMIT 1`, taiping).Scan(&elsewhere, &station))
	behind := "/admin/times/requests?from=2020-01-01&part=asked&organisation=" + elsewhere
	w.as("wu", "supervisor", station).get(behind).is(http.StatusOK, `<th scope="row">`)
	w.as("li", "supervisor", taiping).get(behind).is(http.StatusOK).lacks(`<th scope="row">`)
	b.get("/admin/times/requests?part=x&organisation=" + elsewhere).is(http.StatusNotFound)
	b.get("/admin/times/requests?part=asked&organisation=%00").is(http.StatusNotFound)
	b.get("/admin/times?from=2020-01-01").is(http.StatusOK, `href="/admin/equity?by=station&amp;from=2020-01-01`)
	b.get("/admin/times?from=2020-01-01&urgency=urgent&category=health&setting=rural&station=" + taiping).is(http.StatusOK)
	b.get("/admin/times?from=2010-01-01&to=2010-02-01").is(http.StatusOK).lacks("Referrals by organisation")
	w.must(w.execute(`INSERT INTO organisations (code, name) SELECT 'o-many-' || n, repeat('助', 60) FROM generate_series(1, 1000) n`))
	w.must(w.execute(`INSERT INTO referrals (request_id, kind, organisation, worker, state, why, offered_at, ended_at, expires_at)
		SELECT (SELECT min(id) FROM requests WHERE submitted_at IS NOT NULL AND id NOT IN (SELECT request_id FROM referrals)), 'organisation', 'o-many-' || n, (SELECT min(code) FROM workers), 'ended', 'declined', now(), now(), now() FROM generate_series(1, 1000) n`))
	many := b.get("/admin/times?from=2020-01-01").is(http.StatusOK, "The 25 that were asked most.")
	if len(many.body) > maxWeight {
		t.Errorf("with a thousand organisations the page weighs %d bytes", len(many.body))
	}
}

// TestReferralsOfAService: whoever asks for a service has the referrals of such requests alone, also of one that was referred just now.
func TestReferralsOfAService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(3000)
	w.must(w.execute(`INSERT INTO referrals (request_id, kind, organisation, worker, state, offered_at, expires_at, next_at)
		SELECT c.request_id, 'organisation', (SELECT min(code) FROM organisations), (SELECT min(code) FROM workers), 'offered', c.began_at, now(), now() FROM cycles c
		WHERE c.n = 1 AND c.category = 'health' AND NOT EXISTS (SELECT FROM referrals f WHERE f.request_id = c.request_id) ORDER BY c.request_id LIMIT 7`))
	w.must(w.intake.Fold(w.Context()))
	for _, scope := range []intake.Scope{{Category: "health"}, {Urgency: "urgent"}, {Setting: "rural"}, {Category: "health", Urgency: "normal", Setting: "urban"}} {
		scope.To = time.Now().Add(time.Hour)
		figures, err := w.intake.ReferralReport(w.Context(), scope)
		w.must(err)
		got := 0
		for _, f := range figures {
			got += f.Asked
		}
		var want int
		w.must(w.db.Get(&want, `SELECT count(*) FROM referrals f JOIN cycles c ON c.request_id = f.request_id AND c.n = 1 WHERE f.kind = 'organisation'
			AND $1 IN ('', c.category) AND $2 IN ('', c.urgency) AND $3 IN ('', c.setting)`, scope.Category, scope.Urgency, scope.Setting))
		if got != want || want == 0 {
			t.Errorf("%+v has %d referrals, want %d", scope, got, want)
		}
	}
}
