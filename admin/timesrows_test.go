package admin_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestTimesTurnTheirPages: of many rows a page has some, each row is on one page, and files have them all.
func TestTimesTurnTheirPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	w.must(w.intake.Fold(t.Context()))
	_, err := w.db.Exec(`INSERT INTO cycles (request_id, n, began_at, day, station, urgency, claim_due, answer_due, resolve_due)
		SELECT c.request_id, c.n + d, c.began_at - d * interval '1 day', c.day - d, c.station, c.urgency, c.claim_due, c.answer_due, c.resolve_due
		FROM cycles c, generate_series(1, 59) d`)
	w.must(err)
	b := w.as("mei", "administrator", "")
	path := "/admin/times?by=day&from=2026-01-01"
	rows := func(page string) int {
		return strings.Count(b.get(path+page).is(http.StatusOK).body, `<tr><th scope="row">20`)
	}
	if got := [4]int{rows(""), rows("&page=2"), rows("&page=3"), rows("&page=99")}; got != [4]int{25, 25, 10, 10} {
		t.Errorf("pages of 60 days, and one behind them, have %v rows", got)
	}
	b.get(path+"&page=2").is(http.StatusOK, "Page 2 of 3", "page=1", "page=3")
	if n := strings.Count(b.get(path+"&format=csv").is(http.StatusOK).body, "\n20"); n != 60 {
		t.Errorf("the file has %d days of request %s", n, ref)
	}
}
