package admin_test

import (
	"net/http"
	"strconv"
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
	w.as("li", "supervisor", taiping).get("/admin/equity?from=2020-01-01").is(http.StatusOK)
	w.as("wu", "supervisor", another).get("/admin/equity?station=" + taiping).is(http.StatusNotFound)
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
	b.get("/admin/times?from=2020-01-01").is(http.StatusOK, "Referrals by organisation", name, `data-label="Referred">`+asked+`<`, `data-label="Done">`+done+`<`)
	b.get("/admin/times?from=2020-01-01").is(http.StatusOK, `href="/admin/equity?by=station&amp;from=2020-01-01`)
	b.get("/admin/times?from=2020-01-01&urgency=urgent&category=health&setting=rural&station=" + taiping).is(http.StatusOK)
	b.get("/admin/times?from=2010-01-01&to=2010-02-01").is(http.StatusOK).lacks("Referrals by organisation")
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
