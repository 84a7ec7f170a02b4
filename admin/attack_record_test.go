package admin_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestOnlyDoneIsOnRecord: a question whether one is sure, or a map that was moved, is nothing that was done.
func TestOnlyDoneIsOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	w.must(w.execute(`UPDATE workers SET active = false WHERE station = $1`, another))
	w.fresh()
	b := w.as("mei", "administrator", "")
	b.post("/admin/requests/"+ref+"/station", "station", another).is(http.StatusOK, "sure")
	b.post("/admin/directory/stations/records/"+taiping, "name", "X", "lat", "23.4", "lon", "113.4", "zoom", "in").is(http.StatusOK)
	if n := value[int](w, `SELECT count(*) FROM audit WHERE account = 'mei' AND object IN ($1, $2)`, ref, taiping); n != 0 {
		t.Errorf("%d things are on record that were not done", n)
	}
	b.post("/admin/requests/"+ref+"/station", "station", another, "sure", "yes").leadsTo("/admin/requests/" + ref)
	if n := value[int](w, `SELECT count(*) FROM audit WHERE account = 'mei' AND object = $1`, ref); n != 1 {
		t.Errorf("what was done is on record %d times", n)
	}
}

// TestViewsNameNobodyOnRecord: whom a saved view is about goes with it, and the record stays.
func TestViewsNameNobodyOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	b.post("/admin/views", "name", "陈美丽", "filters", "q=13800138000").leadsTo("/admin/requests?q=13800138000")
	id := value[string](w, `SELECT CAST(id AS text) FROM saved_views`)
	b.post("/admin/views/"+id, "name", "陈美丽的事").leadsTo("/admin/requests?q=13800138000")
	b.post("/admin/views/" + id + "/delete").leadsTo("/admin/requests")
	if all := value[string](w, `SELECT string_agg(CAST(a AS text), ';') FROM audit a WHERE action LIKE '%views%'`); strings.Contains(all, "陈") || strings.Contains(all, "138") ||
		strings.Count(all, ";") != 2 {
		t.Errorf("on record is %s", all)
	}
}
