package admin_test

import (
	"net/http"
	"strconv"
	"testing"
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
