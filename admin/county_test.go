package admin_test

import (
	"net/http"
	"testing"

	"onedoor/intake"
)

// TestSupervisorOfACounty: who is limited to a county sees and decides what its stations have, and what no station has there,
// and nothing of any other county.
func TestSupervisorOfACounty(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ours := w.ask(10, "I need a wheelchair")
	w.act(11, intake.Said{Text: "who decides on what I asked"})
	w.act(11, intake.Located{Lat: 23.449, Lon: 113.482})
	var unplaced string
	w.must(w.db.Get(&unplaced, `SELECT ref FROM requests WHERE chat_id = 11`))
	w.press(11, intake.ActService, unplaced, "health")
	w.press(11, intake.ActConfirm, unplaced, "")
	_, err := w.db.Exec(`UPDATE requests SET station = NULL, triage = 'no_station', place_code = '440117111203' WHERE ref = $1`, unplaced)
	w.must(err)

	own, far, wide := w.as("mei", "supervisor", "440117"), w.as("li", "supervisor", "440111"), w.as("wang", "supervisor", "440100")
	for _, b := range []*browser{own, wide} {
		b.get("/admin/").is(http.StatusOK, ours, unplaced)
		b.get("/admin/requests/"+ours).is(http.StatusOK, "wheelchair")
		b.get("/admin/requests/" + unplaced).is(http.StatusOK)
		b.get("/admin/stations/" + taiping).is(http.StatusOK)
		b.get("/admin/workers/w-440117-2-1").is(http.StatusOK)
		b.get("/admin/troubles").is(http.StatusNotFound)
	}
	far.get("/admin/").lacks(ours, unplaced)
	for _, path := range []string{"/admin/requests/" + ours, "/admin/requests/" + unplaced, "/admin/stations/" + taiping,
		"/admin/workers/w-440117-2-1", "/admin/times?station=" + taiping} {
		far.get(path).is(http.StatusNotFound)
	}
	far.post("/admin/requests/"+ours+"/station", "station", another).is(http.StatusNotFound)
	own.post("/admin/requests/"+unplaced+"/station", "station", taiping).leadsTo("/admin/requests/" + unplaced)
	own.get("/admin/workers").is(http.StatusOK, "w-440117-2-1").lacks("w-440111-2-1")
}
