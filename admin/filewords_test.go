package admin_test

import (
	"net/http"
	"testing"
)

// TestPreviewInWords: what a file would change is shown in the reader's words, with the codes by which a line is found.
func TestPreviewInWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	path := b.previewed("stations", []byte(stationHeader+"st-new,新站,440117,23.5,113.5,wgs84,,health;fire_safety,\"Mo-Fr 08:30-12:00,14:00-17:30; PH off\",\n"))
	b.get(path).is(http.StatusOK, "新站 · st-new", "Conghua District, Guangzhou City (440117)", ">Health and sanitation · Fire safety<",
		"Mon to Fri 08:30\u2060–\u206012:00, 14:00\u2060–\u206017:30; days off closed").lacks("fire_safety", "Mo-Fr")
	path = b.previewed("standards", []byte("category,urgency,claim,answer,resolve\nhealth,urgent,30 minutes,4 hours,3 days\n"))
	b.get(path).is(http.StatusOK, "Health and sanitation · Urgent", "Time to claim: ", ">30 minutes<")
	b.Accept = "zh-CN"
	b.get(path).is(http.StatusOK, "医疗卫生 · 较急", "30 分钟").lacks("30 minutes", ">health")
	path = b.previewed("stations", []byte(stationHeader+"st-new,新站,440117,23.5,113.5,,,nonsense,,\n"))
	b.get(path).is(http.StatusOK, "服务 (categories)", "nonsense")
	b.Accept = "en"
	b.get("/admin/directory/places/import").is(http.StatusOK, "<code>township</code> township")
	b.get("/admin/directory/stations/import").is(http.StatusOK, "<code>fire_safety</code> Fire safety")
}
