package admin_test

import (
	"net/http"
	"testing"

	"onedoor/internal/bulk"
)

// fill gives the world many requests of three years.
func (w *world) fill(requests int) {
	w.Helper()
	w.must(bulk.Fill(w.Context(), w.db, w.intake.Router, w.intake.Taxonomy, bulk.Options{Requests: requests, Seed: 1}))
}

// TestPagesOfManyRequests opens every page on what package bulk makes.
func TestPagesOfManyRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(1000)
	b := w.as("mei", "administrator", "")
	for _, path := range []string{"", "stations/" + taiping, "times?from=2023-01-01", "times/requests?clock=claim&part=all&from=2023-01-01",
		"times/trend.svg?from=2023-01-01", "times/spread.svg?from=2023-01-01", "staffing?from=2023-01-01", "workers", "posters", "troubles"} {
		b.get("/admin/" + path).is(http.StatusOK)
	}
	var refs []string
	w.must(w.db.Select(&refs, `SELECT ref FROM requests WHERE id % 40 = 1`))
	for _, ref := range refs {
		b.get("/admin/requests/" + ref).is(http.StatusOK)
	}
}
